"""One check of one side: what changed lately, and now and then every paired work item."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from django.conf import settings
from django.db import transaction

from backbone_app import gateway, metrics, queue
from backbone_app.core.configuration import from_document
from backbone_app.core.drift import Glimpse
from backbone_app.core.failures import SPACE_MISSING
from backbone_app.core.values import Side
from backbone_app.errors import BackboneError, RemoteRefused
from backbone_app.jira import read
from backbone_app.ledger import audit, notices, points, standing
from backbone_app.models import Pair, Reconciliation, SynchronizationSide
from backbone_app.models.pair import PairLane, PairState
from backbone_app.models.site import Product
from backbone_app.queue import Job
from backbone_app.services.reconciling.adopting import adopt, pause_where_deleted
from backbone_app.services.reconciling.weighing import (
    Place,
    Tally,
    came_back,
    look_for_missing,
    tell_of_missing,
    weigh,
)

Clock = Callable[[], datetime]

BUDGET: Final = timedelta(seconds=100)
"""How long checks go on in one task: with one more call it ends well before its lane's time-out."""
OVERLAP: Final = timedelta(minutes=10)
"""So far behind may search be, and the site's clock have been wrong, on top of its largest known step."""
EVERY_PAIR: Final = timedelta(days=1)
HIDDEN: Final = timedelta(days=1)
"""So long may a new work item have been archived: it comes back with the time of its last change."""
LONGEST: Final = timedelta(hours=1)
BULK: Final = 100
ONE_BY_ONE: Final = 5
"""Of so many work items each is asked about by a call of its own, before it is seen whether time is left."""
MANY: Final = 10
UNKNOWN_SPACE: Final = 400
"""Jira refuses a query for a space that is not there, or not to be seen, rather than finding nothing."""
MANY_MISSING: Final = "many_missing"


class OutOfTime(BackboneError):
    """The check is given back half done; it goes on where it was."""

    code = "out_of_time"
    retryable = True

    def __init__(self) -> None:
        super().__init__("The check goes on in its next turn.")


def run(row: Reconciliation, clock: Clock, end: datetime) -> None:
    """Check the claimed side until ``end``. Raises ``OutOfTime`` and the client's errors.

    What was found up to there stands. Where search does not know the space any
    more, asking for each paired work item tells whether they can still be seen;
    what is new there is looked for from the same point once search answers; where
    that has to be known first, after a restore, the synchronization is paused.
    """
    began = clock()
    point = points.begin(row, now=began)
    place = _place(row, clock)
    whole = row.whole or row.whole_at is None or row.whole_at <= began - EVERY_PAIR
    found = 0
    try:
        found += _changed(row, place, whole=whole, clock=clock, end=end)
    except RemoteRefused as refused:
        if refused.status != UNKNOWN_SPACE:
            raise
        if row.whole_at is None:
            _pause(row, place, SPACE_MISSING, now=clock())
            raise
        whole, point = True, row.point
    if whole:
        found += _all_pairs(row, place, clock=clock, end=end)
    interval = _interval(row, found)
    points.done(row, point=point, began=began, interval=interval, whole=whole, now=clock())


def _place(row: Reconciliation, clock: Clock) -> Place:
    half = row.half
    gateway.known_account(half.site, clock=clock)  # before the client: it tells our own writes by it
    published = half.synchronization.configurations.latest("version")
    return Place(
        half=half,
        side=Side(half.side),
        configuration=from_document(published.document),
        client=gateway.client(half.site, clock=clock, lane=PairLane.BULK),
        account=half.site.app_account,
    )


def _changed(row: Reconciliation, place: Place, *, whole: bool, clock: Clock, end: datetime) -> int:
    """Weigh what changed since the point; returns what was found. One that is cut goes on where it was.

    No search shows what is archived, and what is brought back has not changed: a whole check sees what was
    created of late as well.
    """
    margin = OVERLAP + 2 * timedelta(milliseconds=place.half.site.clock_step_ms)
    spans = [clock() - row.point + margin]
    if whole and row.whole_at is not None:
        spans.append(clock() - row.whole_at + HIDDEN + margin)
    found = 0
    for part in _parts(row, place, *(ceil(span / timedelta(minutes=1)) for span in spans)):
        if row.whole_at is None:
            adopt(place, part, since=row.point, clock=clock)
        found += _counted(row, weigh(place, part, patient=not whole, now=clock()))
        points.reach(row, part[-1].item.id)
        if clock() >= end or queue.must_yield(Job.RECONCILE, since=end - BUDGET):
            raise OutOfTime
    return found


def _parts(row: Reconciliation, place: Place, minutes: int, born: int = 0) -> Iterator[Sequence[Glimpse]]:
    """Give what changed, by key, as much at once as is weighed before the check notes its place."""
    size = ONE_BY_ONE if row.whole_at is None and _asks_for_marks(place) else BULK
    for page in read.changed(place.client, place.half.space, minutes=minutes, born=born, after=row.reached):
        yield from (page[start : start + size] for start in range(0, len(page), size))


def _asks_for_marks(place: Place) -> bool:
    """Whether a search on either side does not show marks: adopting asks for each of them by itself."""
    sides = SynchronizationSide.objects.filter(synchronization=place.half.synchronization_id)
    return sides.filter(site__product=Product.DATA_CENTER).exists()


def _all_pairs(row: Reconciliation, place: Place, *, clock: Clock, end: datetime) -> int:
    """Weigh every paired work item, a hundred a call; returns what was found.

    What cannot be seen is left to the pair's own worker to look at, one by one.
    That many at once may well be a permission that was taken: then nobody looks,
    and a person decides.
    """
    total = Pair.objects.filter(synchronization=row.half.synchronization, state=PairState.ACTIVE).count()
    found, cursor, missing = 0, row.cursor, row.missing
    while halves := list(points.pairs_of(row.half).filter(pk__gt=cursor).order_by("pk")[:BULK]):
        came = read.fetched(place.client, [half.item for half in halves])
        found += _counted(row, weigh(place, came.found, patient=False, now=clock()))
        came_back(place, came.found, now=clock())
        if row.whole_at is None:
            pause_where_deleted(place, came.found, now=clock())
        unseen = points.not_told([half for half in halves if half.item in came.missing])
        missing += sum(half.pair.reason != points.MISSING for half in unseen)
        cursor = halves[-1].pk
        points.pass_by(row, unseen, cursor=cursor, missing=missing)
        if missing > MANY and missing * 10 > total:
            with transaction.atomic():
                _pause(row, place, MANY_MISSING, now=clock())
                tell_of_missing(place, now=clock())
            return found
        if clock() >= end or queue.must_yield(Job.RECONCILE, since=end - BUDGET):
            raise OutOfTime
    look_for_missing(place, now=clock())
    return found


@transaction.atomic
def _pause(row: Reconciliation, place: Place, reason: str, *, now: datetime) -> None:
    if both := standing.pause(row.half.synchronization_id, reason=reason, side=place.side, now=now):
        audit.note_paused(*both, reason=reason, side=place.side, now=now)
        notices.note_paused(*both, reason=reason, side=place.side, now=now)


def _counted(row: Reconciliation, tally: Tally) -> int:
    points.count(row, checked=tally.checked, found=tally.found)
    metrics.DRIFT.up(tally.found)
    return tally.found


def _interval(row: Reconciliation, found: int) -> timedelta:
    """Give the time until the next check: it doubles while nothing is found."""
    shortest = timedelta(minutes=settings.BACKBONE_RECONCILE_MINUTES)
    if found or row.last_at is None:
        return shortest
    return min(max(2 * timedelta(seconds=row.interval_s), shortest), LONGEST)
