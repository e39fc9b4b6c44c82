"""Which work items are new to a synchronization: only those get a twin by themselves.

New is what was created since the first start, but not while it was stopped:
starting touches nothing that exists.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from backbone_app.core.values import SAME_CLOCK


class Age(StrEnum):
    """When a work item was created, seen from a synchronization."""

    NEW = "new"
    BEFORE_START = "before start"
    WHILE_STOPPED = "while stopped"


@dataclass(frozen=True, slots=True)
class Runs:
    """When a synchronization was first started, and from when to when it was stopped since."""

    started: datetime | None
    stops: tuple[tuple[datetime, datetime], ...]


def age(
    created: datetime | None,
    runs: Runs,
    *,
    ahead: timedelta = SAME_CLOCK,
    ahead_at_start: timedelta | None = None,
) -> Age:
    """Tell how old a work item is; one of unknown age is not new.

    ``created`` is by its site's clock, which is ``ahead`` of ours now and was ``ahead_at_start`` when the
    synchronization was first started (None: unknown); ``runs`` is by ours. Before the start is only what is
    so by both of them: the clock may have been set since, and what is taken for old gets no second look.
    """
    least = ahead if ahead_at_start is None else min(ahead, ahead_at_start)
    if created is None or runs.started is None or created - least < runs.started:
        return Age.BEFORE_START
    if any(stopped <= created - ahead < resumed for stopped, resumed in runs.stops):
        return Age.WHILE_STOPPED
    return Age.NEW
