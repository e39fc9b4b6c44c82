"""Decide what becomes of work items without a pair.

A new work item gets a twin where a running synchronization asks for one. An
item that carries our mark and was created by our own account *is* a twin: its
delivery settles the creation, even if the answer to the call never came.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from backbone_app import gateway, logs, queue
from backbone_app.core.configuration import from_document
from backbone_app.core.failures import Doing, Response, diagnose, rule
from backbone_app.core.handshake import CONNECTED, State
from backbone_app.core.newness import Age
from backbone_app.core.values import Item, Side
from backbone_app.core.waits import NO_ANSWER, OUR_TROUBLE
from backbone_app.errors import BackboneError, LinkBroken, RemoteBusy, RemoteMissing, RemoteRefused
from backbone_app.jira import read, webhooks
from backbone_app.ledger import (
    ages,
    audit,
    deliveries,
    links,
    notices,
    observations,
    standing,
    workflow_calls,
)
from backbone_app.ledger.workflow_calls import Function
from backbone_app.models import (
    Delivery,
    Pair,
    PairSide,
    Reconciliation,
    SynchronizationSide,
)
from backbone_app.models.intent import JournalKind
from backbone_app.models.pair import PairLane, PairState
from backbone_app.queue import Job
from backbone_app.services.pairing.ours import Unanswered, is_our_twin

Clock = Callable[[], datetime]
BUDGET: Final = timedelta(seconds=20)
"""How long one drain goes on deciding: with one more call it ends well before its task's time-out."""

AFTER_NEWS: Final = timedelta(seconds=5)
"""When a call is looked at again that waits for older news of its work item."""
UNCHECKED: Final = timedelta(minutes=1)
"""When a decision is tried again that waits for a check after a restore."""

log = structlog.get_logger()


class Unchecked(BackboneError):
    """After a restore nobody knows yet whether the work item has its twin already."""

    code = "unchecked"
    retryable = True

    def __init__(self) -> None:
        super().__init__("Both spaces are checked first after a restore.")


def drain(clock: Clock) -> int:
    """Decide about every waiting delivery, for at most ``BUDGET``; returns how many were decided.

    A delivery that cannot be decided now (its site is busy, say) is put off and
    holds back no other.
    """
    queue.taken(Job.PAIR_UP)
    end = clock() + BUDGET
    decided = 0
    for delivery in _in_turn(clock):
        if clock() >= end or queue.is_ending():
            queue.wake(Job.PAIR_UP, now=clock())
            break
        site, attempt = str(delivery.site_id), delivery.attempts + 1
        with logs.about(delivery_id=delivery.pk, tenant=site, attempt=attempt):
            decided += _try(delivery, clock)
    return decided


def _in_turn(clock: Clock) -> Iterator[Delivery]:
    """Give what waits round by round, from each site one: a busy site delays no other.

    What people just did goes before what a check suspects, each oldest first.
    """
    last: dict[tuple[UUID, bool], int] = {}
    more = True
    while more:
        more = False
        for site_id in deliveries.sites_in_turn(clock()):
            if delivery := _next_of(site_id, last, clock()):
                more, last[site_id, deliveries.is_suspected(delivery)] = True, delivery.pk
                deliveries.take_turn(delivery)
                yield delivery


def _next_of(site_id: UUID, last: Mapping[tuple[UUID, bool], int], now: datetime) -> Delivery | None:
    mine = deliveries.undecided(now).filter(site_id=site_id)
    told = mine.exclude(event=deliveries.CHECK).filter(pk__gt=last.get((site_id, False), 0))
    suspected = mine.filter(event=deliveries.CHECK, pk__gt=last.get((site_id, True), 0))
    return told.first() or suspected.first()


def _lane(delivery: Delivery) -> PairLane:
    return PairLane.BULK if deliveries.is_suspected(delivery) else PairLane.LIVE


def _try(delivery: Delivery, clock: Clock) -> bool:
    """Decide about one delivery; the outermost frame of its work."""
    try:
        _decide(delivery, clock)
    except RemoteBusy as busy:
        deliveries.put_off(delivery, until=clock() + timedelta(seconds=busy.retry_after))
        return False
    except Unchecked:
        deliveries.put_off(delivery, until=clock() + UNCHECKED)
        return False
    except Unanswered as waiting:
        deliveries.put_off(delivery, until=waiting.until)
        return False
    except BackboneError as trouble:
        log.info("pairing_put_off", code=trouble.code)
        if isinstance(trouble, RemoteRefused):
            _pause_where_all_is_refused(delivery, trouble, clock())
        if isinstance(trouble, LinkBroken):
            _pause_over_link(delivery, clock())
        deliveries.back_off(delivery, now=clock(), waits=NO_ANSWER)
        return False
    except Exception:  # one site's odd delivery must not stop the pairing of all others
        log.exception("pairing_failed")
        deliveries.back_off(delivery, now=clock(), waits=OUR_TROUBLE)
        return False
    return True


def _pause_where_all_is_refused(delivery: Delivery, refused: RemoteRefused, now: datetime) -> None:
    """Pause what the space takes part in if its site refuses us whatever we ask; nobody else may notice."""
    code = diagnose(refused, Doing.READ).code
    if rule(code).response is not Response.PAUSE:
        return
    halves = SynchronizationSide.objects.filter(site_id=delivery.site_id, space=delivery.space)
    for half in halves:
        _pause(half, code, now)


def _pause_over_link(delivery: Delivery, now: datetime) -> None:
    """Pause what the space takes part in over a link that is broken, its own site's or the partner's."""
    mine = SynchronizationSide.objects.filter(site_id=delivery.site_id, space=delivery.space)
    for half in links.to_pause().filter(synchronization__in=mine.values("synchronization")):
        _pause(half, links.BROKEN, now)


@transaction.atomic
def _pause(half: SynchronizationSide, code: str, now: datetime) -> None:
    side = Side(half.side)
    if both := standing.pause(half.synchronization_id, reason=code, side=side, now=now):
        audit.note_paused(*both, reason=code, side=side, now=now)
        notices.note_paused(*both, reason=code, side=side, now=now)


def _decide(delivery: Delivery, clock: Clock) -> None:
    function, wanted = workflow_calls.function_of(delivery) or (None, None)
    if function is Function.STOP and wanted:
        _let_go(delivery, wanted, clock())
        return
    item = _observed(delivery, clock)
    is_ours = item is not None and is_our_twin(delivery, item, clock, is_asked=wanted is not None)
    if item is not None and not is_ours and _is_there(delivery, clock):
        for half in _asking_halves(delivery, item, wanted):
            if wanted:
                _pair_up_as_asked(delivery, half, item, clock())
            else:
                _pair_up(half, item, clock())
    with transaction.atomic():
        pairs = PairSide.objects.filter(
            site_id=delivery.site_id, item=delivery.item, pair__state=PairState.ACTIVE
        )
        lane = _lane(delivery)
        count = deliveries.attach(delivery, pairs.values_list("pair_id", flat=True), now=clock(), lane=lane)
        deliveries.decided(delivery)
        if count:
            queue.wake(Job.SYNC_BULK if lane is PairLane.BULK else Job.SYNC, now=clock())


@transaction.atomic
def _let_go(call: Delivery, synchronization_id: UUID, now: datetime) -> None:
    """Set a pair aside that came about after a workflow had let go of its work item."""
    if workflow_calls.comes_after_news(call):
        deliveries.put_off(call, until=now + AFTER_NEWS)
        return
    workflow_calls.let_go(call.site_id, call.item, synchronization_id, now=now)
    deliveries.decided(call)


@transaction.atomic
def _pair_up_as_asked(call: Delivery, half: SynchronizationSide, item: Item, now: datetime) -> None:
    """Insert a pair that a workflow asked for, unless it has let go of the work item meanwhile."""
    if workflow_calls.is_still_asked(call) and (pair := _pair_up(half, item, now)):
        workflow_calls.tell(pair.pk, JournalKind.WORKFLOW_STARTED, now=now)


def _observed(delivery: Delivery, clock: Clock) -> Item | None:
    """Give the delivered work item; it is read where the delivery does not say whether it bears our mark."""
    body = deliveries.body(delivery)
    item = webhooks.parse(body, identifier=delivery.key).item if body is not None else None
    if item is not None and item.mark_known and item.created is not None:
        return item
    found = _read(delivery, clock)
    if found is None and item is not None:
        observations.note_if_made_and_gone(delivery.site, delivery.space, item)
    return found


def _read(delivery: Delivery, clock: Clock) -> Item | None:
    """Read the work item; None, and a note of it, where it is not there."""
    try:
        return read.item(gateway.client(delivery.site, clock=clock, lane=_lane(delivery)), delivery.item)
    except RemoteMissing:
        with transaction.atomic():
            deliveries.note_gone(delivery.site_id, delivery.item, delivery.space, now=clock())
            observations.doubt(delivery.site_id, delivery.item)
        return None


def _is_there(delivery: Delivery, clock: Clock) -> bool:
    """Whether the work item still is: where we heard of its end, older news may come after that."""
    if not deliveries.may_be_gone(delivery.site_id, delivery.item):
        return True
    return _read(delivery, clock) is not None


def _asking_halves(delivery: Delivery, item: Item, wanted: UUID | None) -> list[SynchronizationSide]:
    """Find the halves whose synchronization wants a twin for a new item of this space.

    In the one synchronization that a workflow ``wanted`` it in, it may be old, and gets its twin after
    the start. Raises ``Unchecked`` where one has not been checked on both sides since a restore.
    """
    here = SynchronizationSide.objects.filter(site_id=delivery.site_id, space=item.space)
    named = here.filter(synchronization=wanted, synchronization__state__in=CONNECTED)
    halves = named if wanted else here.filter(synchronization__state=State.RUNNING)
    paired = PairSide.objects.filter(site_id=delivery.site_id, item=item.id).values("synchronization_id")
    sides = Reconciliation.objects.filter(half__synchronization=OuterRef("synchronization"))
    asking = halves.exclude(synchronization_id__in=paired).select_related("synchronization", "site")
    waits = asking.annotate(is_unchecked=Exists(sides.filter(whole_at__isnull=True)))
    found = [(half, half.is_unchecked) for half in waits if _fits(half, item, wanted)]
    if any(is_unchecked for _, is_unchecked in found):
        raise Unchecked
    return [half for half, _ in found]


def _fits(half: SynchronizationSide, item: Item, wanted: UUID | None) -> bool:
    return (bool(wanted) or ages.age_on(half, item.created) is Age.NEW) and _maps(half, item)


def _maps(half: SynchronizationSide, item: Item) -> bool:
    side = Side(half.side)
    published = half.synchronization.configurations.latest("version")
    row = from_document(published.document).type_row(side, item.type_id)
    return row is not None and row.direction.writes(side.other)


def _pair_up(half: SynchronizationSide, item: Item, now: datetime) -> Pair | None:
    """Insert the pair: the row is the claim, a second one for the same item is refused by the database."""
    sides = SynchronizationSide.objects.filter(synchronization=half.synchronization)
    try:
        with transaction.atomic():
            pair = Pair.objects.create(
                synchronization=half.synchronization,
                origin_side=half.side,
                origin_site=half.site_id,
                origin_item=item.id,
                created_at=now,
            )
            PairSide.objects.bulk_create(
                PairSide(
                    pair=pair,
                    side=one.side,
                    synchronization=half.synchronization,
                    site_id=one.site_id,
                    item=item.id if one.side == half.side else "",
                    item_key=item.key[:255] if one.side == half.side else "",
                )
                for one in sides
            )
    except IntegrityError:
        log.info("paired_already", synchronization_id=str(half.synchronization_id))
        return None
    return pair
