"""Take in a webhook: remember it, mark what it touches, wake the work.

A webhook is an observation, possibly stale or repeated. It is kept, not obeyed:
the worker decides what it is still worth.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import QuerySet

from backbone_app import metrics, queue
from backbone_app.core.handshake import State
from backbone_app.core.values import Item, Side
from backbone_app.jira import webhooks
from backbone_app.ledger import deliveries, failures, journal, observations, points
from backbone_app.models import Delivery, Pair, PairSide, Site, Synchronization
from backbone_app.models.intent import JournalKind
from backbone_app.models.pair import PairState
from backbone_app.models.prepared import Rows, objects
from backbone_app.queue import Job

LOST = "deleted"
"""The reason of a pair that one work item is left of."""
MAY_BE_NEW = webhooks.USED - {webhooks.DELETED, "comment_deleted"}
"""Events that a work item without a pair can show up with: its creation, or something later
when the news of the creation comes after it or never."""

_SEEN: Final = Rows(lambda site, key: Delivery.objects.filter(site_id=site, key=key))

_log = structlog.get_logger()


def take_in(*, site_id: UUID, body: bytes, identifier: str | None, now: datetime) -> int:
    """Record one delivery and return how many pairs it made due.

    Jira delivers at least once: an identifier seen before changes nothing, and one
    that comes with another body is counted in the log. Raises ``MalformedDelivery``
    before anything is written.
    """
    parsed = webhooks.parse(body, identifier=identifier)
    count, result = (0, "without_item") if not parsed.item_id else _taken_in(site_id, parsed, body, now)
    metrics.WEBHOOKS.up(event=parsed.event, result=result)
    return count


@transaction.atomic
def _taken_in(site_id: UUID, parsed: webhooks.Delivery, body: bytes, now: datetime) -> tuple[int, str]:
    """Record a delivery about a work item; returns how many pairs it made due, and what became of it."""
    if not (seen := objects(Delivery, _SEEN(site_id, parsed.key))):
        return _record(site_id, parsed, body, now)
    _compare(seen[0], parsed, body)
    return 0, "repeated"


def _record(site_id: UUID, parsed: webhooks.Delivery, body: bytes, now: datetime) -> tuple[int, str]:
    if parsed.event == webhooks.DELETED:
        _note_what_was_made(site_id, parsed.item_id)
        deliveries.dismiss(site_id, parsed.item_id)
    # One look, not two: between two an item can get its pair, and the news would belong to neither.
    found = _halves(site_id, parsed, now)
    pairs = [half.pair_id for half in found if half.pair.state == PairState.ACTIVE]
    is_twin = any(half.side != half.pair.origin_side for half in found)  # a twin gets no twins itself
    is_gone = parsed.event == webhooks.DELETED
    unpaired = parsed.event in MAY_BE_NEW and not is_twin and _wanted(site_id, parsed, found, now)
    if not is_gone:
        _tell_of_the_lost(site_id, parsed, found, now)
    elif not is_twin and _may_be_told_again(site_id, parsed.space, found):
        deliveries.note_gone(site_id, parsed.item_id, parsed.space, now=now)
    if not pairs and not unpaired:
        return 0, "unwanted"
    delivery, is_new = Delivery.objects.get_or_create(
        site_id=site_id,
        key=parsed.key,
        defaults={
            "event": parsed.event,
            "item": parsed.item_id,
            "space": parsed.space,
            "body_sealed": deliveries.sealed(site_id, body),
            "unpaired": unpaired,
            "received_at": now,
        },
    )
    if not is_new:  # it came twice at once
        _compare(delivery, parsed, body)
        return 0, "repeated"
    count = deliveries.attach(delivery, pairs, now=now)
    if unpaired:
        queue.wake(Job.PAIR_UP, now=now)
    if count:
        queue.wake(Job.SYNC, now=now)
    return count, "taken"


def _note_what_was_made(site_id: UUID, item: str) -> None:
    """Note whether a creation whose answer is still out made a work item that nobody has looked at yet."""
    for delivery in deliveries.undecided_about(site_id, item):
        body = deliveries.body(delivery)
        told = webhooks.parse(body, identifier=delivery.key).item if body is not None else None
        if told is not None:
            observations.note_if_made_and_gone(delivery.site, delivery.space, told)


def _halves(site_id: UUID, parsed: webhooks.Delivery, now: datetime) -> list[PairSide]:
    """Give the item's half of each pair; a twin that nobody has heard of yet is given to its pair first."""
    halves = PairSide.objects.filter(site_id=site_id, item=parsed.item_id).select_related("pair")
    found = list(halves)
    if found or not _settle_creation(site_id, parsed.item, now):
        return found
    if deliveries.may_be_gone(site_id, parsed.item_id):
        halves.update(stale=True)  # these are older news than those of its end: a read tells what holds
    return list(halves.all())


def _settle_creation(site_id: UUID, told: Item | None, now: datetime) -> bool:
    """Settle the creation of ours that made an item; returns whether there was one to settle.

    At once, whether its synchronization runs just now or not: whoever lost the answer to it may find it
    nowhere any more when its turn comes, and would create another one. Where a person lets us act as
    themself it may be their clone of that: whoever decides about it finds out.
    """
    if told is None or told.mark is None:
        return False
    site = Site.objects.only("app_account", "status").get(pk=site_id)
    intent = observations.creation(site_id, told.mark.nonce) if site.is_the_apps(told.creator) else None
    if intent is None:
        return False
    # Whoever works on the pair locks it before its write, too: the other way round both could wait.
    pair = Pair.objects.select_for_update().get(pk=intent.pair_id)
    if observations.twin_found(intent, item=told.id, key=told.key, now=now):
        return True
    if not observations.twin_found_after_all(intent, item=told.id, key=told.key, now=now):
        return False
    place = journal.Place(pair.synchronization_id, pair.pk, site_id, Side(intent.side))
    journal.note(place, JournalKind.CREATED, {}, now=now, intent=intent)
    return True


def _compare(known: Delivery, parsed: webhooks.Delivery, body: bytes) -> None:
    """Count an identifier that comes again with something else: Jira repeats a delivery word for word.

    No signature covers a body, so this is all there is to notice one that was exchanged on its
    way. A body that was used and dropped is compared by what it was about.
    """
    kept = deliveries.body(known)
    about = (known.event, known.item, known.space) == (parsed.event, parsed.item_id, parsed.space)
    if not about or kept not in {None, body}:
        _log.warning("delivery_differs", tenant=str(known.site_id), delivery_id=known.pk)
        metrics.DIFFERING.up()


def _tell_of_the_lost(
    site_id: UUID, parsed: webhooks.Delivery, found: Iterable[PairSide], now: datetime
) -> None:
    """Say that a work item was changed whose twin was deleted: that change went nowhere."""
    alone = [half for half in found if half.pair.state == PairState.SET_ASIDE and half.pair.reason == LOST]
    site = Site.objects.only("app_account", "status").get(pk=site_id) if alone else None
    if site is None or site.is_the_apps(parsed.actor):
        return
    for half in alone:
        gone = (str(Side(half.side).other), "")
        failures.note(half.synchronization_id, half.pair_id, gone, LOST, now=now)


def _wanted(site_id: UUID, parsed: webhooks.Delivery, found: Iterable[PairSide], now: datetime) -> bool:
    """Whether a running synchronization of the space has no pair for the item yet.

    Where a paused one has none, the check that follows the pause has to come upon the item.
    """
    states = set(_without_pair(site_id, parsed.space, found).values_list("state", flat=True))
    if State.PAUSED in states and parsed.at:
        points.reach_back(site_id, parsed.space, parsed.at, now=now)
    return State.RUNNING in states


def _may_be_told_again(site_id: UUID, space: str, found: Iterable[PairSide]) -> bool:
    """Whether late news of a deleted item's creation may be wanted: also when what is paused runs again."""
    states = (State.RUNNING, State.PAUSED)
    return _without_pair(site_id, space, found).filter(state__in=states).exists()


def _without_pair(site_id: UUID, space: str, found: Iterable[PairSide]) -> QuerySet[Synchronization]:
    those = Synchronization.objects.of_space(site_id, space)
    return those.exclude(pk__in=[half.synchronization_id for half in found])
