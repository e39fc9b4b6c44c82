"""The hold of the whole service after its tables were restored from a backup, and how far the checks are.

Our tables are older than what Jira holds then: work items that are twins look like new ones, values that
were agreed on look edited. So nothing is written to any Jira until every side that can be
checked has been, and a synchronization that could not be checked waits longer than the hold.

A side is *unchecked* while its ``Reconciliation.whole_at`` is empty; only ``begin`` empties it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet

from backbone_app.core import moments
from backbone_app.core.handshake import State
from backbone_app.models import Pair, Pause, Reconciliation, ServiceHold, Site
from backbone_app.models.pair import PairState
from backbone_app.models.prepared import Rows
from backbone_app.models.site import AT_WORK

RESTORE: Final = "restore"
FAR: Final = 1_000_000
"""By so much every pair's epoch rises: beyond whatever ran between the backup and the restore."""
CHECKED_FIRST: Final = (
    "Both spaces are checked first after a restore. Changes wait and are brought over afterwards."
)
"""What people read of a synchronization that waits for its check longer than the hold lasts."""
_HELD: Final = Rows(
    lambda before: ServiceHold.objects.filter(pk=RESTORE, since__lte=before).values_list("pk")[:1]
)


@dataclass(frozen=True, slots=True)
class Hold:
    """Since when nothing is written, up to which moment the tables were true, and how many sides are checked.

    ``waiting`` counts the sides that the hold waits for, ``out_of_reach`` those that cannot be checked now
    (stopped, paused, without the app, on a site that does not answer, put off after trouble): they do not
    prolong it.
    """

    since: datetime
    point: datetime
    checked: int
    waiting: int
    out_of_reach: int

    def sentence(self, now: datetime) -> str:
        """Say it to people; how many others there are is no concern of theirs, so it is a share."""
        return (
            f"Backbone is being checked after a restore since {moments.said(self.since, now)} "
            f"({self.percent} % is done); changes wait and are brought over afterwards."
        )

    @property
    def percent(self) -> int:
        """How much of what the hold waits for is done."""
        return 100 * self.checked // max(1, self.checked + self.waiting)


def lasting(now: datetime) -> Hold | None:
    """Give the hold that stands, None in ordinary days (one query of an empty table)."""
    row = ServiceHold.objects.filter(pk=RESTORE).first()
    return None if row is None else _standing(row, now)


def _standing(row: ServiceHold, now: datetime) -> Hold:
    awaited = awaited_at(now).count()
    unchecked = Reconciliation.objects.filter(whole_at__isnull=True).count()
    checked = Reconciliation.objects.filter(whole_at__gte=row.since).count()
    return Hold(row.since, row.point, checked, awaited, unchecked - awaited)


def awaited_at(now: datetime) -> QuerySet[Reconciliation]:
    """Give the sides that are still to be checked and can be; the others would hold up everybody.

    One whose check came to nothing has been put off: whatever the trouble is, it may last for ever.
    """
    silent = Pause.objects.filter(reason="unreachable", until__gt=now, site__isnull=False).values("site_id")
    off = Site.objects.exclude(status__in=AT_WORK).values("pk")
    beyond = Q(half__synchronization__sides__site__in=silent) | Q(half__synchronization__sides__site__in=off)
    running = unchecked_and_running().filter(due_at__lte=now)
    return running.exclude(pk__in=Reconciliation.objects.filter(beyond).values("pk"))


def unchecked_and_running() -> QuerySet[Reconciliation]:
    """Give the sides that wait for their check, within the hold or after it; nothing is written there."""
    return Reconciliation.objects.filter(whole_at__isnull=True, half__synchronization__state=State.RUNNING)


def begin(point: datetime, *, now: datetime, overlap: timedelta) -> Hold:
    """Hold everything, and have every side checked whole from ``overlap`` before ``point``.

    Whoever still works with a claim from after the backup is fenced off, and the next look at any
    pair reads both its sides: a delivery that waits in the backup may be older than what we wrote since.
    """
    with transaction.atomic():
        row, _ = ServiceHold.objects.update_or_create(name=RESTORE, defaults={"since": now, "point": point})
        Pair.objects.update(epoch=F("epoch") + FAR, lease_until=None)
        Pair.objects.filter(state=PairState.ACTIVE).update(incomplete=True, attempts=0)
        Pair.objects.filter(due__gt=0).update(not_before=now)
        rows = Reconciliation.objects.all()
        rows.filter(point__gt=point - overlap).update(point=point - overlap)
        rows.update(
            whole=True,
            whole_at=None,
            due_at=now,
            busy_until=None,
            begun_at=None,
            reached="",
            cursor=0,
            missing=0,
        )
    return _standing(row, now)


def end() -> bool:
    """Let writes out again; returns whether there was a hold. What is unchecked goes on waiting by itself."""
    return ServiceHold.objects.filter(pk=RESTORE).delete()[0] > 0


def end_when_checked(now: datetime, *, quiet: timedelta) -> bool:
    """End the hold once no side is awaited, but not before ``quiet`` is over; returns whether it ended."""
    if not _HELD.exist(now - quiet) or awaited_at(now).exists():
        return False
    return end()
