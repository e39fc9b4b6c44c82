"""What a check makes of the work items it saw: known, to be read, or perhaps a new one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from backbone_app import queue
from backbone_app.core.comments import Twin
from backbone_app.core.configuration import Configuration
from backbone_app.core.drift import Glimpse, Known, Verdict, judge
from backbone_app.core.newness import Age
from backbone_app.core.values import Item, Side, Stamp
from backbone_app.jira.client import JiraClient
from backbone_app.jira.fields import RICH
from backbone_app.ledger import ages, comments, deliveries, failures, points
from backbone_app.models import Intent, Pair, PairSide, SynchronizationSide
from backbone_app.models.pair import PairState
from backbone_app.queue import Job

ON_ITS_WAY: Final = timedelta(minutes=1)
"""The news of a change so young may still come; if not, the next check comes upon it again."""


@dataclass(frozen=True, slots=True)
class Place:
    """The side that is checked, and what it is checked with."""

    half: SynchronizationSide
    side: Side
    configuration: Configuration
    client: JiraClient
    account: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How many work items were looked at, and how many changes nobody had told us of."""

    checked: int
    found: int


def weigh(place: Place, seen: Collection[Glimpse], *, patient: bool, now: datetime) -> Tally:
    """Have read what may have changed, and ask for a decision about what has no pair.

    ``patient`` leaves the youngest changes to their deliveries. A change whose
    delivery waits, or may still come, is no finding.
    """
    young = {one.item.id for one in seen if _is_young(place, one.item, now)}
    old_enough = [one for one in seen if not (patient and one.item.id in young)]
    halves = {half.item: half for half in _halves(place, old_enough)}
    verdicts = _verdicts(place, halves, old_enough)
    told = young | points.told(place.half.site_id, [half.item for half, _ in verdicts])
    _keep_known(old_enough, verdicts)
    to_read = [half for half, verdict in verdicts if verdict is not Verdict.KNOWN]
    _have_read(to_read, now=now)
    changed = sum(verdict is Verdict.NEWS and half.item not in told for half, verdict in verdicts)
    strangers = [one.item for one in old_enough if one.item.id not in halves]
    created = sum(item.id not in young for item in _suspected(place, strangers, now=now))
    return Tally(len(old_enough), changed + created)


def came_back(place: Place, seen: Iterable[Glimpse], *, now: datetime) -> None:
    """Have pairs tried again that something stood in the way of: it may be gone by now."""
    ids = [one.item.id for one in seen]
    waiting = points.pairs_of(place.half).filter(item__in=ids, pair__due=0).exclude(pair__reason="")
    _have_read(list(waiting), now=now)


def look_for_missing(place: Place, *, now: datetime) -> None:
    """Have each pair's own worker make sure of the work items that a check did not get to see."""
    unseen = points.pairs_of(place.half).filter(stale=True, pair__reason=points.MISSING)
    _have_read(list(unseen), now=now)


def tell_of_missing(place: Place, *, now: datetime) -> None:
    """List the work items that a check did not get to see: who decides about the pause sees which they are.

    Their next look reads both sides: only who has seen both can tell that nothing
    is in the way any more. In the caller's transaction.
    """
    halves = list(points.pairs_of(place.half).filter(stale=True, pair__reason=points.MISSING))
    Pair.objects.filter(pk__in=[half.pair_id for half in halves]).update(incomplete=True)
    for half in halves:
        spot = (str(place.side), "")
        failures.note(half.synchronization_id, half.pair_id, spot, points.MISSING, now=now)


def _is_young(place: Place, item: Item, now: datetime) -> bool:
    offset = timedelta(milliseconds=place.half.site.clock_offset_ms)
    updated = item.stamp.updated
    return updated is not None and updated - offset > now - ON_ITS_WAY


def _halves(place: Place, seen: Iterable[Glimpse]) -> list[PairSide]:
    """Give the halves of the pairs these work items are in, set aside or not."""
    mine = PairSide.objects.filter(synchronization=place.half.synchronization_id, side=place.side)
    return list(mine.filter(item__in=[one.item.id for one in seen]).select_related("pair"))


def _verdicts(
    place: Place, halves: Mapping[str, PairSide], seen: Iterable[Glimpse]
) -> list[tuple[PairSide, Verdict]]:
    """Judge each work item that has an active pair and is not to be read anyway."""
    active = {
        name: half
        for name, half in halves.items()
        if half.pair.state == PairState.ACTIVE and not (half.stale and half.pair.due)
    }
    pairs = [half.pair_id for half in active.values()]
    twins = comments.load_all(pairs)
    own = _own_intents(pairs, seen)
    return [
        (half, judge(one, _known(place, half, twins.get(half.pair_id, ()), own[half.pair_id])))
        for one in seen
        if (half := active.get(one.item.id))
    ]


def _own_intents(pairs: Collection[int], seen: Iterable[Glimpse]) -> dict[int, set[str]]:
    marked = {entry.intent for one in seen for entry in one.item.entries if entry.intent}
    own: dict[int, set[str]] = defaultdict(set)
    rows = Intent.objects.filter(pair__in=pairs, pk__in=marked)
    for pk, pair_id in rows.values_list("pk", "pair_id"):
        own[pair_id].add(str(pk))
    return own


def _known(place: Place, half: PairSide, twins: tuple[Twin, ...], own: set[str]) -> Known:
    return Known(
        side=place.side,
        stamp=Stamp(half.stamp_entry, half.stamp_updated),
        rich=Stamp(half.rich_entry, half.rich_updated),
        confirmed=half.confirmed,
        incomplete=half.pair.incomplete,
        twins=twins,
        own=frozenset(own),
        account=place.account,
        is_shared=not place.half.site.apps_account,
        travels=place.configuration.comments.travel(place.side.other),
        joined=half.joined,
        rich_fields=RICH,
    )


def _keep_known(seen: Iterable[Glimpse], verdicts: Iterable[tuple[PairSide, Verdict]]) -> None:
    """Confirm what is known as of the time it was seen: the next check need not look closer."""
    updated = {one.item.id: one.item.stamp.updated for one in seen}
    known = [half for half, verdict in verdicts if verdict is Verdict.KNOWN]
    moved = [half for half in known if half.confirmed != updated[half.item]]
    for half in moved:
        half.confirmed = updated[half.item]
    points.confirm(moved)


def _have_read(halves: Collection[PairSide], *, now: datetime) -> None:
    if halves:
        with transaction.atomic():
            points.mark_stale(halves, now=now)
            queue.wake(Job.SYNC_BULK, now=now)


def _suspected(place: Place, items: Collection[Item], *, now: datetime) -> list[Item]:
    """Ask for a decision about items without a pair that may deserve a twin; returns those asked for first.

    An item that is a twin gets no twins itself, in whatever synchronization.
    """
    new = [item for item in items if _may_be_new(place, item)]
    if not new:
        return []
    ids = [item.id for item in new]
    halves = PairSide.objects.filter(site=place.half.site_id, item__in=ids).select_related("pair")
    twins = {half.item for half in halves if half.side != half.pair.origin_side}
    site_id, space = place.half.site_id, place.half.space
    originals = [item for item in new if item.id not in twins]
    with transaction.atomic():
        asked = [
            item
            for item in originals
            if deliveries.suspect(site_id, item.id, space, key=_key(place, item), now=now)
        ]
        if originals:
            queue.wake(Job.PAIR_UP, now=now)
    return asked


def _key(place: Place, item: Item) -> str:
    """Name the hint by what was seen: each state of a work item is asked about in one row."""
    updated = item.stamp.updated
    return f"check:{place.half.pk}:{item.id}:{updated.isoformat() if updated else ''}"


def _may_be_new(place: Place, item: Item) -> bool:
    if ages.age_on(place.half, item.created) is not Age.NEW:
        return False
    if place.half.site.is_the_apps(item.creator):
        return False  # a twin, or one whose synchronization was deleted
    mapped = place.configuration.type_row(place.side, item.type_id)
    return mapped is not None and mapped.direction.writes(place.side.other)
