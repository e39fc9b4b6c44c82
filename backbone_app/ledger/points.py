"""How far each side of a synchronization is known to be complete, and whose check is next."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from backbone_app.core.handshake import State
from backbone_app.models import (
    Delivery,
    Failure,
    Pair,
    PairSide,
    Pause,
    Reconciliation,
    ServiceHold,
    Site,
    SynchronizationSide,
)
from backbone_app.models.pair import PairLane, PairState
from backbone_app.models.prepared import Rows, Update
from backbone_app.models.site import AT_WORK

HELD: Final = timedelta(minutes=6)
"""How long a claim lasts: longer than the lane lets a task run."""
MISSING: Final = "remote_missing"
AT_ONCE: Final = 200
SPELL: Final = timedelta(minutes=5)
"""After a site could not be reached for so long, what it wanted to tell us may be lost."""
EARLIEST: Final = timedelta(days=1)
"""A clock that is more than a day off tells nothing."""
QUIET: Final = timedelta(seconds=settings.BACKBONE_LATE_EFFECT_SECONDS + settings.BACKBONE_INDEX_LAG_SECONDS)
"""So long after a restore no check begins: by then Jira's search shows all that we had written."""


def complete(now: datetime) -> None:
    """Give every running half its row; nothing before its first start is looked for."""
    Reconciliation.objects.bulk_create(
        [
            Reconciliation(half_id=half, point=started or now, due_at=now, whole_at=now)
            for half, started in _WITHOUT_ROW()
        ],
        ignore_conflicts=True,
    )


_WITHOUT_ROW: Final = Rows(
    lambda: SynchronizationSide.objects.filter(
        synchronization__state=State.RUNNING, reconciliation__isnull=True
    ).values_list("pk", "synchronization__started_at")
)


def want(synchronization_id: uuid.UUID, *, now: datetime) -> bool:
    """Ask for a check of both sides at once, of every paired work item.

    Returns False where somebody has asked for that already, and nobody has begun.
    """
    complete(now)
    rows = Reconciliation.objects.filter(half__synchronization=synchronization_id)
    is_new = _want(rows.exclude(whole=True, cursor=0, due_at__lte=now, busy_until__isnull=True), now) > 0
    _want(rows, now)
    return is_new


def want_for_site(site_id: uuid.UUID, *, now: datetime) -> int:
    """Ask for a check of all synchronizations of a site, on their partners' sides too; returns how many."""
    halves = SynchronizationSide.objects.filter(site=site_id)
    return _want(
        Reconciliation.objects.filter(half__synchronization__in=halves.values("synchronization_id")), now
    )


def want_all(*, now: datetime) -> None:
    """Ask for a check of everything: we were away."""
    Reconciliation.objects.filter(due_at__gt=now).update(due_at=now)


def want_after_outages(*, now: datetime) -> None:
    """Ask for a check of the sites that could not be reached for long; it waits until they answer."""
    _WANT_AFTER_OUTAGES(now, now - SPELL)


def _after_outages(
    now: datetime, before: datetime
) -> tuple["QuerySet[Reconciliation]", Mapping[str, datetime]]:
    away = Pause.objects.filter(reason="unreachable", since__lte=before, site__isnull=False)
    late = Reconciliation.objects.filter(half__site__in=away.values("site_id"), due_at__gt=now)
    return late.filter(Q(last_at__isnull=True) | Q(last_at__lte=before)), {"due_at": now}


_WANT_AFTER_OUTAGES: Final = Update(_after_outages)


def reach_back(site_id: uuid.UUID, space: str, told: datetime, *, now: datetime) -> None:
    """Have the check after a pause begin where the site's clock dates what it has just ``told``.

    That clock may have been set back meanwhile, and nobody asked the site, so nobody noticed: a check from
    the point on would not show the work item. News of more than ``EARLIEST`` ago are late ones.
    """
    if told < now - EARLIEST:
        return
    paused = SynchronizationSide.objects.filter(
        site=site_id, space=space, synchronization__state=State.PAUSED
    )
    Reconciliation.objects.filter(half__in=paused, point__gt=told).update(point=told)


def due(now: datetime) -> tuple[int, ...]:
    """List the rows to check, the longest overdue first, each site's next one before anybody's second."""
    turn = Window(RowNumber(), partition_by=F("half__site_id"), order_by=(F("due_at").asc(), F("pk").asc()))
    rows = _due(now).annotate(turn=turn).order_by("turn", "due_at", "pk")
    return tuple(rows.values_list("pk", flat=True)[:AT_ONCE])


def is_due(now: datetime) -> bool:
    """Whether there is anything to check."""
    return _IS_DUE.exist(now, now - QUIET)


def claim(pk: int, *, now: datetime) -> Reconciliation | None:
    """Take a row for ``HELD``; None where somebody else has it or nothing is wanted any more."""
    if not _due(now).filter(pk=pk).update(busy_until=now + HELD):
        return None
    related = Reconciliation.objects.select_related("half__site", "half__synchronization")
    return related.filter(pk=pk).first()


def begin(row: Reconciliation, *, now: datetime) -> datetime:
    """Tell when the check under way began; a cut one goes on, so only its first turn begins it."""
    if row.begun_at is None:
        row.begun_at, row.reached = now, ""
        Reconciliation.objects.filter(pk=row.pk).update(begun_at=now, reached="")
    return row.begun_at


def reach(row: Reconciliation, item: str) -> None:
    """Note up to which work item the search has come: one that is cut or killed goes on from here."""
    Reconciliation.objects.filter(pk=row.pk).update(reached=item)


def count(row: Reconciliation, *, checked: int, found: int) -> None:
    """Add to what the row tells of all its checks."""
    if checked or found:
        mine = Reconciliation.objects.filter(pk=row.pk)
        mine.update(checked=F("checked") + checked, found=F("found") + found)


def not_told(unseen: Collection[PairSide]) -> list[PairSide]:
    """Leave out those of which people have been told already that they cannot be seen, ignored or not."""
    rows = Failure.objects.filter(pair__in=[half.pair_id for half in unseen], code=MISSING)
    told = set(rows.values_list("pair_id", "side"))
    return [half for half in unseen if (half.pair_id, half.side) not in told]


def pass_by(row: Reconciliation, unseen: Collection[PairSide], *, cursor: int, missing: int) -> None:
    """Note up to which half a whole check has come, what it did not see, and how many that were so far.

    Whoever looks at such a pair for another reason reads that side too.
    """
    with transaction.atomic():
        PairSide.objects.filter(pk__in=[half.pk for half in unseen]).update(stale=True)
        Pair.objects.filter(pk__in=[half.pair_id for half in unseen]).update(reason=MISSING)
        Reconciliation.objects.filter(pk=row.pk).update(cursor=cursor, missing=missing)


def put_off(row: Reconciliation, *, until: datetime) -> None:
    """Give a row back whose check could not be done to its end."""
    mine = Reconciliation.objects.filter(pk=row.pk)
    mine.filter(due_at=row.due_at).update(due_at=until)
    mine.update(busy_until=None)


def done(
    row: Reconciliation, *, point: datetime, began: datetime, interval: timedelta, whole: bool, now: datetime
) -> None:
    """Give a row back after its check; what somebody asked for since it ``began`` stays due.

    ``point`` is how far the side is known to be complete now.
    """
    mine = Reconciliation.objects.filter(pk=row.pk)
    mine.filter(due_at=row.due_at).update(due_at=now + interval, whole=False)
    mine.filter(point=row.point).update(point=point)  # unless a pause reached back meanwhile
    after = {"whole_at": began, "cursor": 0, "missing": 0} if whole else {}
    mine.update(
        busy_until=None,
        begun_at=None,
        reached="",
        last_at=now,
        interval_s=int(interval.total_seconds()),
        **after,
    )


def mark_stale(halves: Collection[PairSide], *, now: datetime) -> None:
    """Have these halves read by the bulk lane. Inside a transaction."""
    PairSide.objects.filter(pk__in=[half.pk for half in halves]).update(stale=True)
    Pair.objects.filter(pk__in=[half.pair_id for half in halves]).make_due(now=now, lane=PairLane.BULK)


def confirm(halves: Iterable[PairSide]) -> None:
    """Keep the ``confirmed`` of each of these halves."""
    PairSide.objects.bulk_update(halves, ["confirmed"])


def told(site_id: uuid.UUID, items: Collection[str]) -> frozenset[str]:
    """Tell of which work items some news still wait to be used."""
    waiting = Delivery.objects.filter(Q(unpaired=True) | Q(uses__isnull=False), site=site_id, item__in=items)
    return frozenset(waiting.values_list("item", flat=True))


def pairs_of(half: SynchronizationSide) -> QuerySet[PairSide]:
    """Give this side of all pairs that are kept in step, as far as its work items exist."""
    mine = PairSide.objects.filter(synchronization=half.synchronization_id, side=half.side)
    return mine.filter(pair__state=PairState.ACTIVE).exclude(item="").select_related("pair")


def _want(rows: QuerySet[Reconciliation], now: datetime) -> int:
    return rows.update(due_at=now, whole=True, cursor=0, missing=0, reached="")


def _due(now: datetime) -> QuerySet[Reconciliation]:
    return _due_since(now, now - QUIET)


def _due_since(now: datetime, restored: datetime) -> QuerySet[Reconciliation]:
    """Give what is due, nothing where the service was restored after ``restored``."""
    on = Site.objects.filter(status__in=AT_WORK)
    free = Q(busy_until__isnull=True) | Q(busy_until__lte=now)
    quiet = Exists(ServiceHold.objects.filter(since__gt=restored))
    return Reconciliation.objects.filter(
        free, ~quiet, due_at__lte=now, half__synchronization__state=State.RUNNING, half__site__in=on
    )


_IS_DUE: Final = Rows(lambda now, restored: _due_since(now, restored).values_list("pk")[:1])
