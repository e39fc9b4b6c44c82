"""Bring one claimed pair in step: observe, plan, write one operation, look again, settle."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction

from backbone_app import metrics
from backbone_app.core.failures import Doing, Response, diagnose, rule
from backbone_app.core.values import Side
from backbone_app.errors import RemoteRefused
from backbone_app.ledger import audit, deliveries, failures, leases, links, notices, observations, standing
from backbone_app.models import Delivery
from backbone_app.services.syncing import agreeing, claims, commenting, recovery
from backbone_app.services.syncing.hurdles import Hurdles, block, outcome
from backbone_app.services.syncing.look import Folded, Look, fold, is_deleted
from backbone_app.services.syncing.rounds import bring_in_step, must_be_at_home, read_sides
from backbone_app.services.syncing.work import MISSING, Blocked, Clock, Half, Work, load

CREATED: Final = "jira:issue_created"
OUT_OF_REACH: Final = frozenset({MISSING, "item_archived", "moved_away"})
"""What says that nothing of the work item can be written, its comments included."""

Looks = dict[Side, Look]

log = structlog.get_logger()


def sync_pair(claim: leases.Claim, clock: Clock) -> None:
    """Work on a claimed pair until both sides agree, then give it back.

    Raises ``LeaseLost``, ``PutOff`` and the client's errors: what is committed
    by then stands, the rest is planned anew by whoever comes next.
    """
    work = load(claim, clock)
    try:
        _sync(work)
    except Blocked as blocked:
        _block(work, blocked)
    except RemoteRefused as refused:
        _block(work, Blocked(diagnose(refused, Doing.READ).code))


def _sync(work: Work) -> None:
    claim, clock = work.claim, work.clock
    waiting = deliveries.waiting(work.pair_id)
    gone = [side for side, half in work.halves.items() if is_deleted(half, waiting)]
    recovery.give_up(work, gone)
    recovered = recovery.settle_open_intent(work)
    if gone:
        _set_aside(work)
        return
    if recovered or any(not half.item for half in work.halves.values()):
        # Without an open intent, the news of a creation may have settled it after we had loaded the pair.
        work = load(claim, clock)
    folded = {side: fold(half, waiting) for side, half in work.halves.items()}
    stale = frozenset(side for side, half in work.halves.items() if half.stale)
    unsure = recovered or work.incomplete
    old = recovery.written_since(work, [side for side, one in folded.items() if one.look])
    unclear = [side for side, one in folded.items() if one.unclear or unsure or side in stale | old]
    looks = {side: one.look for side, one in folded.items() if one.look and side not in unclear}
    must_be_at_home(work, {side: one.look.item for side, one in folded.items() if one.look})
    read_sides(work, looks, unclear)
    looks = agreeing.again(work, looks | recovery.crossed_look(work))
    late = _is_late(work, waiting)
    if late or recovered:
        # Comments nobody tells of are copied one by one: whoever goes on after a stop reads the lists again.
        leases.stay_incomplete(claim)
    complete = frozenset(Side) if unsure or late else stale
    try:
        hurdles = bring_in_step(work, looks)
    except Blocked as blocked:
        if rule(blocked.code).response is Response.BLOCK and blocked.code not in OUT_OF_REACH:
            # What holds back the fields holds back no comment: one that must be taken back above all.
            blocked.beside = commenting.bring_in_step(load(claim, clock), waiting, complete=complete)
        raise
    refusals = commenting.bring_in_step(load(claim, clock), waiting, complete=complete)
    _give_back(work, looks, waiting, hurdles, refusals, complete, folded.values())


def _count(folded: Iterable[Folded], waiting: tuple[Delivery, ...], *, now: datetime) -> None:
    metrics.ECHOES.up(sum(one.echoes for one in folded))
    for delivery in waiting:
        metrics.OVERHEAD.took((now - delivery.received_at).total_seconds())


def _set_aside(work: Work) -> None:
    """Leave a pair alone that one work item was deleted of; what stood in its way is no matter any more."""
    with transaction.atomic():
        leases.set_aside(work.claim, reason="deleted")
        claims.forget(work.pair_id)
        deliveries.useless(work.pair_id)
        failures.keep_only(work.pair_id, ())


def _block(work: Work, blocked: Blocked) -> None:
    """Give the pair back as it is, or pause the whole synchronization where its site refuses everything.

    The deliveries stay: the next look, or somebody's Retry, goes on with them.
    """
    log.info("blocked", code=blocked.code, side=str(blocked.side or ""))
    now = work.clock()
    with transaction.atomic():
        if rule(blocked.code).response is Response.PAUSE:
            _pause(work.synchronization_id, blocked.code, blocked.side, now=now)
            leases.postpone(work.claim, until=now, reason=blocked.code)
            return
        leases.settle(work.claim, reason=block(work, blocked), incomplete=True)
        if blocked.code == MISSING and blocked.side is not None:
            _doubt_elsewhere(work.halves[blocked.side], now)


@transaction.atomic
def pause_over_link(claim: leases.Claim, *, now: datetime) -> None:
    """Pause the pair's synchronization, whose link is broken; the pair stays due.

    A link that somebody has mended meanwhile pauses nothing: the pair is taken up again at once.
    """
    for half in links.to_pause().filter(synchronization__pairs=claim.pair_id):
        _pause(half.synchronization_id, links.BROKEN, Side(half.side), now=now)
    leases.postpone(claim, until=now, reason=links.BROKEN)


def _pause(synchronization: UUID, code: str, side: Side | None, *, now: datetime) -> None:
    if halves := standing.pause(synchronization, reason=code, side=side, now=now):
        audit.note_paused(*halves, reason=code, side=side, now=now)
        notices.note_paused(*halves, reason=code, side=side, now=now)


def _doubt_elsewhere(half: Half, now: datetime) -> None:
    """Have it looked whether the work item is there before anybody makes a twin of it by older news.

    In a transaction.
    """
    observations.doubt(half.site_id, half.item)
    deliveries.note_gone(half.site_id, half.item, half.space, now=now)


def _is_late(work: Work, waiting: tuple[Delivery, ...]) -> bool:
    """Whether a twin was due without news of a creation: there may be comments we were not told of."""
    born = any(delivery.event == CREATED for delivery in waiting)
    return not born and any(not half.item for half in work.halves.values())


def _give_back(
    work: Work,
    looks: Looks,
    waiting: tuple[Delivery, ...],
    hurdles: Hurdles,
    refusals: commenting.Refusals,
    complete: frozenset[Side],
    folded: Iterable[Folded],
) -> None:
    """Settle: the looks become what is known, the deliveries are used up, the lease ends.

    A side that was read, and then all its comments, is confirmed as of that read.

    Where something stands in the way the old stamps stay, and the next look
    reads both sides: the edits since then are still to be weighed by their times.
    """
    with transaction.atomic():
        reason = outcome(work, hurdles, refusals)
        leases.settle(work.claim, reason=reason, incomplete=bool(reason))
        for side, look in looks.items() if not reason else ():
            half = work.halves[side]
            observations.remember(half.id, look.item, rich=look.item.stamp if look.whole else half.rich)
        for side in complete & looks.keys() if all(half.item for half in work.halves.values()) else ():
            if looks[side].whole:
                observations.confirm(work.halves[side].id, looks[side].item.stamp)
        deliveries.used(work.pair_id, [delivery.pk for delivery in waiting])
    _count(folded, waiting, now=work.clock())
