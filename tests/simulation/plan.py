"""What is done to a life on purpose: each intervention at a named point, drawn from the seed or replayed.

A point that is not in the plan goes on as if nothing were. So a schedule is a short list, and leaving
something out of it leaves the rest as it was: that is how a failure is made small. What is done at a point is
drawn by the point's own name, so that a schedule need not say it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

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


@dataclass(frozen=True, slots=True)
class Schedule:
    """What of a seed's life is to come about: points that are struck, numbers of things that happen.

    As text ``live-0.1/57/killed,delivery/acme/10001/2;0,3``: points, a semicolon, numbers.
    """

    points: tuple[Key, ...] = ()
    happenings: tuple[int, ...] = ()

    def __str__(self) -> str:
        points = ",".join("/".join(key) for key in self.points)
        return f"{points};{','.join(map(str, self.happenings))}"

    @classmethod
    def read(cls, text: str) -> "Schedule":
        """Read one back; ValueError where it is none."""
        points, _, numbers = text.partition(";")
        return cls(
            tuple(tuple(key.split("/")) for key in points.split(",") if key),
            tuple(int(number) for number in numbers.split(",") if number),
        )


Draw = Callable[[Random], Action | None]


@dataclass(slots=True)
class Plan:
    """The interventions of one life: ``taken`` are those that came about, in their order.

    With ``only`` they come about at those points and at no others.
    """

    seed: int
    only: frozenset[Key] | None = None
    taken: dict[Key, Action] = field(default_factory=dict)

    def at(self, key: Key, share: float, draw: Draw) -> Action | None:
        """Give what is done at the point ``key``: for that share of points something, drawn by ``draw``."""
        if not share or not self._is_struck(key, share):
            return None
        action = draw(chance.stream(self.seed, "what", *key))
        if action is not None:
            self.taken[key] = action
        return action

    def _is_struck(self, key: Key, share: float) -> bool:
        if self.only is not None:
            return key in self.only
        return chance.unit(self.seed, "is", *key) < share
