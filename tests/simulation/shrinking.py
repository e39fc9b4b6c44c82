"""From a long schedule that fails to a short one: what a failure does not need is left out, in halves first.

The search is greedy and has a budget: what it gives always fails, and is seldom the very shortest.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from tests.simulation.plan import Schedule

Part = TypeVar("Part")
Attempt = Callable[[Schedule], Schedule | None]
"""Lives a schedule: what of it came about where the life still fails in the same way, else None."""
NUMBERED: Final = re.compile(r"[IF]\d+")
PARTICULAR: Final = re.compile(r"'[^']*'|\"[^\"]*\"|\b[A-Z]+-\d+\b|\d+")


@dataclass(slots=True)
class Budget:
    """How much may be tried: ``seconds`` by ``clock``, and ``lives``, of which ``used`` are."""

    clock: Callable[[], float]
    seconds: float = 60.0
    lives: int = 60
    used: int = 0
    ends: float = field(init=False)

    def __post_init__(self) -> None:
        self.ends = self.clock() + self.seconds

    def takes_one(self) -> bool:
        """Whether there is still one life left; it is used."""
        if self.used >= self.lives or self.clock() >= self.ends:
            return False
        self.used += 1
        return True


def kind_of(violation: str) -> str:
    """Name what kind of violation a sentence tells: its invariant, its fault, else its words in general."""
    named = NUMBERED.match(violation)
    if named:
        return named.group()
    return PARTICULAR.sub("…", violation.strip().splitlines()[-1])[:60]


def shrunk(schedule: Schedule, attempt: Attempt, budget: Budget) -> Schedule:
    """Give the shortest schedule found that still fails: points first, then happenings, then points again."""
    search = _Search(schedule, attempt, budget)
    search.points()
    search.happenings()
    search.points()
    return search.best


class _Search:
    def __init__(self, schedule: Schedule, attempt: Attempt, budget: Budget) -> None:
        self.best = schedule
        self._attempt = attempt
        self._budget = budget

    def points(self) -> None:
        _reduce(
            lambda: self.best.points, lambda points: self._tried(replace(self.best, points=tuple(points)))
        )

    def happenings(self) -> None:
        _reduce(
            lambda: self.best.happenings,
            lambda numbers: self._tried(replace(self.best, happenings=tuple(numbers))),
        )

    def _tried(self, schedule: Schedule) -> bool:
        came_about = self._attempt(schedule) if self._budget.takes_one() else None
        if came_about is None:
            return False
        self.best = came_about
        return True


def _reduce(current: Callable[[], Sequence[Part]], is_enough: Callable[[Sequence[Part]], bool]) -> None:
    """Leave out all, then halves, quarters and so on, from the end: what comes last matters least."""
    if not current() or is_enough(()):
        return
    size = max(len(current()) // 2, 1)
    while True:
        is_shorter = _leave_out(current, is_enough, size)
        if size == 1 and not is_shorter:
            return
        size = max(size // 2, 1)


def _leave_out(
    current: Callable[[], Sequence[Part]], is_enough: Callable[[Sequence[Part]], bool], size: int
) -> bool:
    before, end = len(current()), len(current())
    while end > 0:
        parts = current()
        start = max(min(end, len(parts)) - size, 0)
        is_enough((*parts[:start], *parts[start + size :]))
        end = start
    return len(current()) < before
