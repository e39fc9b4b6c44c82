"""What is done to a life on purpose: each intervention at a named point, drawn from the seed or replayed.

A point that is not in the plan goes on as if nothing were. So a schedule is a short list, and leaving
something out of it leaves the rest as it was: that is how a failure is made small.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final

from tests.simulation import chance

Key = tuple[str, ...]
"""A point: a worker's incarnation and the number of its step, say, or a delivery's number."""


@dataclass(frozen=True, slots=True)
class Action:
    """One intervention; what ``kind`` does stands where it is drawn."""

    kind: str
    seconds: float = 0.0
    detail: str = ""

    def __str__(self) -> str:
        span = f" for {self.seconds:.3f} s" if self.seconds else ""
        return f"{self.kind}{span}{f' ({self.detail})' if self.detail else ''}"


Draw = Callable[[Random], Action | None]


@dataclass(slots=True)
class Plan:
    """The interventions of one life: ``taken`` are those that came about.

    With ``replayed`` nothing is drawn: exactly those come about, and no others.
    """

    seed: int
    replayed: Mapping[Key, Action] | None = None
    taken: dict[Key, Action] = field(default_factory=dict)

    def at(self, key: Key, share: float, draw: Draw) -> Action | None:
        """Give what is done at the point ``key``: for that share of points something, drawn by ``draw``."""
        if self.replayed is not None:
            action = self.replayed.get(key)
        elif share and chance.unit(self.seed, "is", *key) < share:
            action = draw(chance.stream(self.seed, "what", *key))
        else:
            action = None
        if action is not None:
            self.taken[key] = action
        return action


NOTHING: Final[Mapping[Key, Action]] = {}
