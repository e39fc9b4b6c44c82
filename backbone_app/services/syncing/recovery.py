"""What became of a write whose answer nobody got: look before doing it again."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from backbone_app import logs
from backbone_app.core import marks
from backbone_app.core.values import Item, Side
from backbone_app.errors import RemoteMissing
from backbone_app.jira import read
from backbone_app.ledger import journal, leases, observations
from backbone_app.ledger.observations import LATE_EFFECT
from backbone_app.models import Intent
from backbone_app.models.intent import IntentKind, IntentState
from backbone_app.models.prepared import Rows, objects
from backbone_app.services.syncing import commenting
from backbone_app.services.syncing.look import Look, seen, with_history
from backbone_app.services.syncing.weighing import Overtaken, overtake, weigh
from backbone_app.services.syncing.work import MISSING, Blocked, Half, NotYet, Work
from backbone_app.services.syncing.writing import close, settle

INDEX_LAG: Final = timedelta(seconds=settings.BACKBONE_INDEX_LAG_SECONDS)
"""Search may not show a new work item before this; until then it is not created again.

It counts from the first look that was answered, too: a site that was away until then may be behind with its
index, and with its news of who was made there and deleted since.
"""
CLOCKS_APART: Final = timedelta(minutes=10)
"""How far a site's clock may be behind ours when we search by creation time."""
HOURS_APART: Final = CLOCKS_APART + timedelta(hours=1)
"""How far it may be behind for the last search: clocks are set by a wrong time zone, too."""
_OPEN: Final = Rows(
    lambda pair: Intent.objects.filter(pair_id=pair, state=IntentState.OPEN).order_by("pk")[:1]
)
_CROSSED: Final = Rows(
    lambda pair: Intent.objects.filter(pair_id=pair, state=IntentState.CROSSED).order_by(
        "started_at", "seen_entry"
    )
)


def settle_open_intent(work: Work) -> bool:
    """Find out about the pair's open intent and settle it; returns whether there was one.

    Raises ``NotYet`` while the write may still take effect or cannot be found yet.
    """
    intent = next(iter(objects(Intent, _OPEN(work.pair_id))), None)
    if intent is None:
        return False
    logs.bear(op_id=str(intent.pk))
    if work.clock() < intent.deadline + LATE_EFFECT:
        raise NotYet(intent.deadline + LATE_EFFECT)
    half = work.halves[Side(intent.side)]
    try:
        _settle(work, intent, half)
    except RemoteMissing as missing:
        raise Blocked(MISSING, half.side) from missing
    return True


def _settle(work: Work, intent: Intent, half: Half) -> None:
    match IntentKind(intent.kind):
        case IntentKind.CREATE:
            _settle_creation(work, intent, half)
        case IntentKind.EDIT | IntentKind.TRANSITION:
            _settle_edit(work, intent, half)
        case IntentKind.COMMENT:
            commenting.settle_unanswered(work, intent)
        case IntentKind.UNMARK:
            _settle_unmark(work, intent, half)


def give_up(work: Work, gone: Collection[Side]) -> None:
    """Close the writes to work items that were deleted: what became of them matters to nobody any more."""
    if not gone:
        return
    unsettled = Intent.objects.filter(pair_id=work.pair_id, side__in=gone, state=IntentState.OPEN)
    for intent in unsettled.exclude(kind=IntentKind.CREATE):
        _void(work, intent)


def is_a_clone(item: Item) -> bool:
    """Whether an item bears the mark of a twin that it is not: Jira copies properties along."""
    if item.mark is None:
        return False
    nonce = marks.named(item.mark.nonce)
    if nonce is None:
        return True  # not a nonce of ours: somebody wrote into the property
    return not Intent.objects.filter(
        pk=nonce, kind=IntentKind.CREATE, state=IntentState.DONE, item=item.id
    ).exists()


def written_since(work: Work, sides: Collection[Side]) -> frozenset[Side]:
    """Give those of ``sides`` that we wrote to and did not settle with: whoever wrote was stopped in between.

    Their bases are those of the write, so a delivery from before it would look like somebody's undoing it.
    """
    return frozenset(side for side in sides if _written_since(work.pair_id, work.halves[side]))


def _written_since(pair_id: int, half: Half) -> bool:
    written = Intent.objects.filter(
        pair_id=pair_id,
        side=half.side,
        kind__in=(IntentKind.EDIT, IntentKind.TRANSITION),
        state__in=(IntentState.DONE, IntentState.CROSSED),
    )
    newest = written.order_by("-started_at").first()
    return newest is not None and (newest.seen_entry or 0) >= (half.stamp.entry or 0)


def crossed_look(work: Work) -> dict[Side, Look]:
    """Read again what an earlier worker had overwritten unseen and not weighed yet."""
    looks: dict[Side, Look] = {}
    for intent in objects(Intent, _CROSSED(work.pair_id)):
        half = work.halves[Side(intent.side)]
        item = _read(half, intent)
        found = weigh(intent, half, item, has_happened=True)
        followed = {name: one for name, one in found.followed.items() if name in intent.crossed}
        if followed:
            _overtake(work, half, (intent, followed))
        earlier = looks[half.side].crossed if half.side in looks else {}
        crossed = {**earlier, **{name: one for name, one in found.crossed.items() if name in intent.crossed}}
        looks[half.side] = seen(item, half, work.pair_id, crossed)
    return looks


def _overtake(work: Work, half: Half, overtaken: Overtaken) -> None:
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        overtake(work, half, overtaken)


def _settle_creation(work: Work, intent: Intent, half: Half) -> None:
    now = work.clock()
    is_over = intent.sought_at is not None and now >= _given_up_at(intent, intent.sought_at)
    # Before it is given up it is sought everywhere: somebody may have moved it to another space meanwhile.
    space, apart = ("", HOURS_APART) if is_over else (half.space, CLOCKS_APART)
    made = observations.made_by_us(half.client, half.site_id, space, intent.started_at - apart)
    twin = marks.twin(made, str(intent.pk))
    if twin is not None:
        _twin_found(work, intent, twin.id, twin.key)
    elif is_over and intent.item:
        # It was heard of and is found no more: who deleted it wants no other one. Its key is gone with it.
        _twin_found(work, intent, intent.item, intent.item)
    elif is_over:
        _void(work, intent)
    else:
        raise NotYet(_given_up_at(intent, _sought(work, intent, now)))


def _given_up_at(intent: Intent, sought_at: datetime) -> datetime:
    return max(intent.deadline, sought_at) + INDEX_LAG


def _sought(work: Work, intent: Intent, now: datetime) -> datetime:
    """Note that it was looked for in vain; returns when that was first."""
    if intent.sought_at is not None:
        return intent.sought_at
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        Intent.objects.filter(pk=intent.pk).update(sought_at=now)
    return now


def _twin_found(work: Work, intent: Intent, item: str, key: str) -> None:
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        observations.twin_found(intent, item=item, key=key, now=work.clock())


def _settle_edit(work: Work, intent: Intent, half: Half) -> None:
    item = _read(half, intent)
    verdict = weigh(intent, half, item, has_happened=False)
    if verdict.applied:
        settle(work, intent, half, item, verdict)
    else:
        _void(work, intent)


def _settle_unmark(work: Work, intent: Intent, half: Half) -> None:
    if read.item(half.client, half.item).mark is not None:
        _void(work, intent)
        return
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        close(intent, IntentState.DONE)


def _read(half: Half, intent: Intent) -> Item:
    """Read the written side with the history that the judgement needs."""
    return with_history(half, read.item(half.client, half.item), intent.seen_entry)


def _void(work: Work, intent: Intent) -> None:
    with transaction.atomic():
        leases.renew(work.claim, span=leases.LEASE)
        close(intent, IntentState.VOID)
        journal.withdraw(intent)
