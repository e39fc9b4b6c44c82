"""Which work items are twins that we created, and which are somebody's own.

A mark on a work item that somebody else created is a clone's: Jira copies properties along. Such an
item is a new one like any other, and so is what whoever lets us act as themself made by hand. Where they
cloned a twin, two work items of one creator bear the same nonce: the older one is the twin.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F

from backbone_app import gateway
from backbone_app.core import marks
from backbone_app.core.values import Item, TwinMark
from backbone_app.errors import BackboneError
from backbone_app.ledger import observations
from backbone_app.models import Delivery, Intent, PairSide, Synchronization
from backbone_app.models.intent import IntentState

Clock = Callable[[], datetime]

CLOCKS_APART: Final = timedelta(minutes=10)
"""How far a site's clock may be behind ours when we search by creation time."""


class Unanswered(BackboneError):
    """The creation that a mark names may still be answered at ``until``: then it is known what it made."""

    code = "unanswered"
    retryable = True

    def __init__(self, until: datetime) -> None:
        super().__init__("Which of the work items that bear one mark is the twin is not known yet.")
        self.until = until


def is_our_twin(delivery: Delivery, item: Item, clock: Clock, *, is_asked: bool) -> bool:
    """Whether the item was created by us; if its creation is still open, this settles it.

    One of ours that was the twin of a synchronization that was deleted gets no twins by itself either, but
    where a workflow asks for one. Raises ``Unanswered``, and the client's errors.
    """
    is_the_apps = bool(delivery.site.apps_account)
    is_by_hand = item.mark is None and not is_the_apps
    if is_by_hand or item.creator != gateway.known_account(delivery.site, clock=clock):
        return False
    intent = observations.creation(delivery.site_id, item.mark.nonce) if item.mark else None
    if item.mark and not is_the_apps and _is_a_clone(delivery, item, item.mark, intent, clock):
        return False
    if intent is not None:
        with transaction.atomic():
            observations.twin_found(intent, item=item.id, key=item.key, now=clock())
        return True
    return not (is_asked and _is_former_twin(item))


def _is_a_clone(delivery: Delivery, item: Item, mark: TwinMark, intent: Intent | None, clock: Clock) -> bool:
    """Whether another work item bears the mark by right; where nobody got to know which, search tells."""
    if intent is None:
        return _is_younger_than_the_twin(delivery, item, mark)
    if intent.state == IntentState.DONE:
        return intent.item != item.id
    if intent.state == IntentState.OPEN and clock() < intent.deadline:
        observations.may_have_made(intent, item.id)
        raise Unanswered(intent.deadline)
    client = gateway.client(delivery.site, clock=clock)
    made = observations.made_by_us(client, delivery.site_id, "", intent.started_at - CLOCKS_APART)
    twin = marks.twin((item, *made), mark.nonce)
    return twin is not None and twin.id != item.id


def _is_younger_than_the_twin(delivery: Delivery, item: Item, mark: TwinMark) -> bool:
    """Whether the pair that a mark names has a twin of before: a restore forgets what a creation made."""
    synchronization, origin = marks.named(mark.synchronization), marks.named(mark.origin_site)
    if synchronization is None or origin is None:
        return False
    halves = PairSide.objects.filter(
        synchronization=synchronization,
        site=delivery.site_id,
        pair__origin_site=origin,
        pair__origin_item=mark.origin_item,
    )
    twins = halves.exclude(side=F("pair__origin_side")).exclude(item="").values_list("item", flat=True)
    return any(marks.age(twin) < marks.age(item.id) for twin in twins)


def _is_former_twin(item: Item) -> bool:
    """Whether the synchronization that an item of ours was the twin of is deleted; its mark goes later."""
    if item.mark is None:
        return True
    named = marks.named(item.mark.synchronization)
    return named is not None and not Synchronization.objects.filter(pk=named).exists()
