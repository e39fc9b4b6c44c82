"""Signs of life: a row for each lane of workers, and one each for what has to run now and then."""

from datetime import datetime, timedelta
from typing import Final

from backbone_app.models import Heartbeat
from backbone_app.models.prepared import Rows, Update, objects

SWEEP: Final = "sweep"
TIDY: Final = "tidy"
NOTICES: Final = "notices"
_LAST: Final = Rows(lambda name: Heartbeat.objects.filter(lane=name))
_ENDED: Final = Update(
    lambda name, now: (Heartbeat.objects.filter(lane=name), {"at": now, "busy_until": None})
)


def begin(name: str, *, now: datetime, span: timedelta) -> None:
    """Note that ``name`` is busy from now on, for up to ``span``."""
    Heartbeat.objects.update_or_create(lane=name, defaults={"at": now, "busy_until": now + span})


def end(name: str, *, now: datetime) -> None:
    """Note that ``name`` has done what it was busy with."""
    if not _ENDED(name, now):
        Heartbeat.objects.update_or_create(lane=name, defaults={"at": now, "busy_until": None})


def last(name: str) -> Heartbeat | None:
    """Give the newest sign of life; None where there was none yet."""
    return next(iter(objects(Heartbeat, _LAST(name))), None)


def last_at(name: str) -> datetime | None:
    """Tell when ``name`` was done last."""
    row = last(name)
    return row.at if row else None


def is_due(name: str, *, every: timedelta, now: datetime) -> bool:
    """Whether ``name`` has not been done for longer than ``every``."""
    row = last(name)
    return row is None or row.at < now - every


def overdue(name: str, *, now: datetime) -> timedelta | None:
    """Tell for how long ``name`` is silent, not counting what it may be busy; None where it never spoke."""
    row = last(name)
    if row is None:
        return None
    return max(now - (row.busy_until or row.at), timedelta(0))
