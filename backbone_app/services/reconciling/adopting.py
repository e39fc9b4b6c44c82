"""After a restore: twins that we created later than the backup become pairs again, nothing is created twice.

The tables have forgotten such a twin. Jira has not: it bears our mark, which names the
synchronization, and the work item that it is the twin of. People can write into a property of a work
item, so the mark alone makes no pair: the twin has to be our account's work, and its
original one that would get a twin by itself, so that nothing travels that would not have travelled anyway.
"""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction
from django.db.models import Q

from backbone_app import gateway
from backbone_app.core import marks
from backbone_app.core.drift import Glimpse
from backbone_app.core.newness import Age
from backbone_app.core.values import Item
from backbone_app.errors import Outdated
from backbone_app.jira import read
from backbone_app.ledger import ages, audit, notices, pairings, points, standing
from backbone_app.models import Intent, Pair, PairSide, ServiceHold, SynchronizationSide
from backbone_app.models.intent import IntentState
from backbone_app.models.pair import PairLane, PairState
from backbone_app.services.reconciling.weighing import Place

Clock = Callable[[], datetime]

WITHOUT_MARKS: Final = "deleted_after_backup"
ID: Final = re.compile(r"[0-9]{1,20}")
"""Jira's id of a work item; what else somebody wrote there is asked of nobody."""

log = structlog.get_logger()


def adopt(place: Place, seen: Collection[Glimpse], *, since: datetime, clock: Clock) -> int:
    """Pair the twins among ``seen`` that were created after ``since`` and that no row tells of; how many.

    No call where there is no such twin, but on a Data Center, which shows marks only one by one: ``seen``
    are few there. Else one reads the originals that have no pair, and one tells whether a work item that
    the backup knows was deleted and made anew.
    Raises the client's errors: the check then comes upon the same ones again.
    """
    lost = _lost(place, [one.item for one in seen], since)
    if not lost:
        return 0
    known = _pairs_by_origin(place, lost)
    in_pairs = {twin.id: known[key] for twin in lost if (key := _origin(twin)) in known}
    gone = _gone(place, in_pairs.values())
    count = sum(
        _complete(place, one, in_pairs[one.id], gone, now=clock()) for one in lost if one.id in in_pairs
    )
    count += _pair_with_originals(place, [twin for twin in lost if twin.id not in in_pairs], clock)
    log.info("twins_adopted", count=count)
    return count


def pause_where_deleted(place: Place, seen: Iterable[Glimpse], *, now: datetime) -> None:
    """Pause the synchronization where twins of ours bear no mark any more: it was deleted after the backup.

    Deleting one takes our properties off its work items. Whoever wants it back after all starts it.
    On a linked site they stay on: there the other side alone can tell.
    """
    bare = [
        one.item.id
        for one in seen
        if one.item.mark_known and one.item.mark is None and place.half.site.is_the_apps(one.item.creator)
    ]
    twins = points.pairs_of(place.half).filter(item__in=bare, joined__isnull=True)
    if not ServiceHold.objects.exists() or not twins.exclude(pair__origin_side=place.side).exists():
        return
    with transaction.atomic():
        paused = place.half.synchronization_id
        if both := standing.pause(paused, reason=WITHOUT_MARKS, side=None, now=now):
            audit.note_paused(*both, reason=WITHOUT_MARKS, side=None, now=now)
            notices.note_paused(*both, reason=WITHOUT_MARKS, side=None, now=now)


def _lost(place: Place, items: Iterable[Item], since: datetime) -> list[Item]:
    """List our own twins of this synchronization from after ``since``, by our clock, that have no row."""
    ahead = timedelta(milliseconds=place.half.site.clock_offset_ms)
    made = [
        item
        for item in items
        if item.creator == place.account and item.created and item.created - ahead >= since
    ]
    names = [item.id for item in made]
    known = PairSide.objects.filter(site=place.half.site_id, item__in=names).values_list("item", flat=True)
    have_rows = set(known)
    ours = [
        item
        for item in (read.marked(place.client, one) for one in made if one.id not in have_rows)
        if item.mark
        and ID.fullmatch(item.mark.origin_item)
        and item.mark.synchronization in {"", str(place.half.synchronization_id)}
    ]
    spoken_for = _spoken_for(ours)
    lost = [item for item in ours if item.mark and item.mark.nonce not in spoken_for]
    return sorted(lost, key=lambda item: marks.age(item.id))  # of a twin and its clone the twin comes first


def _spoken_for(ours: Collection[Item]) -> set[str]:
    """Name the nonces of creations that the backup knows and that made, or may have made, another work item.

    One that is open in the backup finds its twin by itself, and knows what it had written.
    """
    nonces = [marks.named(item.mark.nonce) for item in ours if item.mark]
    settled = Q(state=IntentState.DONE) & ~Q(item__in=[item.id for item in ours])
    creations = Intent.objects.filter(pk__in=[nonce for nonce in nonces if nonce])
    found = creations.filter(settled | Q(state=IntentState.OPEN))
    return {str(pk) for pk in found.values_list("pk", flat=True)}


def _origin(twin: Item) -> tuple[str, str]:
    """Name the work item that a pair began with, by site and id: a twin that was made anew keeps it."""
    return (twin.mark.origin_site, twin.mark.origin_item) if twin.mark else ("", "")


def _pairs_by_origin(place: Place, twins: Iterable[Item]) -> dict[tuple[str, str], int]:
    pairs = Pair.objects.filter(
        synchronization=place.half.synchronization_id, origin_item__in=[_origin(twin)[1] for twin in twins]
    )
    rows = pairs.values_list("origin_site", "origin_item", "pk")
    return {(str(site), item): pk for site, item, pk in rows}


def _gone(place: Place, pair_ids: Collection[int]) -> frozenset[str]:
    """Name the work items of these pairs that the backup knows on this side and Jira shows no more."""
    halves = PairSide.objects.filter(pair__in=pair_ids, side=place.side).exclude(item="")
    names = sorted(halves.values_list("item", flat=True))
    return read.fetched(place.client, names).missing if names else frozenset()


@transaction.atomic
def _complete(place: Place, twin: Item, pair_id: int, gone: Collection[str], *, now: datetime) -> bool:
    """Give the pair its twin where it has none yet, or had a work item there that was made anew."""
    half = PairSide.objects.get(pair=pair_id, side=place.side)
    if half.item in gone:
        try:
            pairings.renew(pair_id, gone=place.side, now=now)
        except Outdated:
            return False  # a write to what is left is not settled: it comes first, people decide then
    empty = PairSide.objects.filter(pk=half.pk, item="", pair__state=PairState.ACTIVE)
    if not empty.update(item=twin.id, item_key=twin.key[:255]):
        return False  # it has another twin, as far as the backup knows
    _have_read(pair_id, now=now)
    return True


def _pair_with_originals(place: Place, twins: Collection[Item], clock: Clock) -> int:
    if not twins:
        return 0
    halves = SynchronizationSide.objects.filter(synchronization=place.half.synchronization_id)
    other = halves.select_related("site", "synchronization").get(side=place.side.other)
    client = gateway.client(other.site, clock=clock, lane=PairLane.BULK)
    came = read.fetched(client, sorted({_origin(twin)[1] for twin in twins}))
    ours = other.site.app_account  # nobody else's mark counts, and asking for it may be a call
    originals = {
        one.item.id: read.marked(client, one.item) if one.item.creator == ours else one.item
        for one in came.found
    }
    count = 0
    for twin in twins:
        original = originals.get(_origin(twin)[1])
        if original is not None and _gets_a_twin(place, other, original, twin):
            count += _pair(place, other, original, twin, now=clock())
    return count


def _gets_a_twin(place: Place, other: SynchronizationSide, original: Item, twin: Item) -> bool:
    """Whether ``original``, in the space of ``other``, is one that a twin of this type is created for."""
    mark, types = twin.mark, place.configuration.type_row(place.side.other, original.type_id)
    if mark is None or mark.origin_site != str(other.site_id) or original.space != other.space:
        return False
    is_marked = original.mark is not None and original.creator == other.site.app_account
    if is_marked or other.site.is_the_apps(original.creator):
        return False  # a twin itself: what it shows comes from a third space, perhaps
    if types is None or types.on(place.side) != twin.type_id or not types.direction.writes(place.side):
        return False
    return ages.age_on(other, original.created) is Age.NEW


@transaction.atomic
def _pair(place: Place, other: SynchronizationSide, original: Item, twin: Item, *, now: datetime) -> bool:
    """Make the pair, unless the original is in one already, as far as the backup knows."""
    mine = PairSide.objects.filter(synchronization=place.half.synchronization_id, side=other.side)
    if mine.filter(item=original.id).exists():
        return False
    ids = (original.id, original.key)
    made = pairings.adopt(place.half, (twin.id, twin.key), other=other, original=ids, now=now)
    _have_read(made, now=now)
    return True


def _have_read(pair_id: int, *, now: datetime) -> None:
    pairings.reconsider(pair_id)
    points.mark_stale(list(PairSide.objects.filter(pair=pair_id)), now=now)
