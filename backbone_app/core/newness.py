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


def age(created: datetime | None, runs: Runs, *, ahead: timedelta = SAME_CLOCK) -> Age:
    """Tell how old a work item is; one of unknown age is not new.

    ``created`` is by its site's clock, which is ``ahead`` of ours; ``runs`` is by ours.
    """
    if created is None or runs.started is None or created - ahead < runs.started:
        return Age.BEFORE_START
    if any(stopped <= created - ahead < resumed for stopped, resumed in runs.stops):
        return Age.WHILE_STOPPED
    return Age.NEW
