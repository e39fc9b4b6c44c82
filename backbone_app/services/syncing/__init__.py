"""Keep pairs in step: claim what is due, bring each pair in step, give it back.

One wake-up drains many pairs. Trouble with one pair is its own: it is put off
or given a reason, the others go on.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.db import OperationalError, connection

from backbone_app import logs, metrics, queue
from backbone_app.core.waits import JUST_CHANGED, NO_ANSWER
from backbone_app.errors import (
    BackboneError,
    LeaseLost,
    LinkBroken,
    OutcomeUnknown,
    RemoteBusy,
    RemoteUnreachable,
)
from backbone_app.ledger import leases
from backbone_app.models.pair import PairLane
from backbone_app.queue import Job
from backbone_app.services.syncing.crew import Crew
from backbone_app.services.syncing.syncing import pause_over_link, sync_pair
from backbone_app.services.syncing.work import Clock, JustChanged, PutOff

BUDGET: Final = timedelta(seconds=5)
"""How long one drain goes on taking work: the lane's other jobs want their turn."""
JOBS: Final = {PairLane.LIVE: Job.SYNC, PairLane.BULK: Job.SYNC_BULK}

log = structlog.get_logger()


def drain(clock: Clock) -> int:
    """Work on what people just did, for at most ``BUDGET``; returns how many pairs were taken."""
    return _drain(PairLane.LIVE, clock)


def drain_bulk(clock: Clock) -> int:
    """Work on what a check found, for at most ``BUDGET``; returns how many pairs were taken."""
    return _drain(PairLane.BULK, clock)


def _drain(lane: PairLane, clock: Clock) -> int:
    queue.taken(JOBS[lane])
    end = clock() + BUDGET
    threads = settings.BACKBONE_WORKER_THREADS
    crew = Crew(threads, lane, clock)
    with ThreadPoolExecutor(threads, thread_name_prefix="sync") as pool:
        return sum(pool.map(lambda _: _work_until(end, crew, lane, clock), range(threads)))


def _work_until(end: datetime, crew: Crew, lane: PairLane, clock: Clock) -> int:
    """Claim pair after pair in a thread of the pool; a lease begins when the work does."""
    count = 0
    try:
        while True:
            with crew.next() as claim:
                if claim is None:
                    break
                with logs.about(pair_id=claim.pair_id, attempt=claim.attempt):
                    _work(claim, clock)
                _hand_on(claim, lane, clock)
            count += 1
            if clock() >= end or queue.is_ending() or _live_waits_behind(lane):
                queue.wake(JOBS[lane], now=clock())
                break
    finally:
        connection.close()
    return count


def _hand_on(claim: leases.Claim, lane: PairLane, clock: Clock) -> None:
    """Wake the live lane where people went on with a pair that a check had in work.

    Whoever was woken when we heard of it found the pair held, and this lane takes no live work.
    """
    if lane is PairLane.BULK and leases.is_ready(claim.pair_id, now=clock(), lane=PairLane.LIVE):
        queue.wake(Job.SYNC, now=clock())


def _live_waits_behind(lane: PairLane) -> bool:
    """Whether what people just did waits for this bulk drain: where one worker does both, it comes first."""
    one_worker = queue.lane_of(Job.SYNC) is queue.lane_of(Job.SYNC_BULK)
    return lane is PairLane.BULK and one_worker and queue.is_pending(Job.SYNC)


def _work(claim: leases.Claim, clock: Clock) -> None:
    """Work on one pair; the outermost frame of its work."""
    try:
        result = _sync(claim, clock)
    except OperationalError as trouble:  # the database was lost or busy: nothing is wrong with the pair
        log.warning("database_lost", trouble=type(trouble).__name__)
        connection.close()
        leases.back_off(claim, now=clock(), reason="internal_error", waits=JUST_CHANGED)
        result = "database_lost"
    except Exception:  # a bug in one pair must not stop the others
        log.exception("pair_failed")
        leases.back_off(claim, now=clock(), reason="internal_error")
        result = "failed"
    metrics.ROUNDS.up(result=result)


def _sync(claim: leases.Claim, clock: Clock) -> str:
    """Bring the pair in step, or turn the expected trouble into what becomes of it; says how it ended."""
    try:
        sync_pair(claim, clock)
    except BackboneError as trouble:
        _put_off(claim, trouble, clock)
        return trouble.code
    return "settled"


def _put_off(claim: leases.Claim, trouble: BackboneError, clock: Clock) -> None:
    match trouble:
        case LeaseLost():
            log.info("lease_lost")
        case JustChanged():
            leases.back_off(claim, now=clock(), reason=trouble.code, waits=JUST_CHANGED)
        case PutOff():
            leases.postpone(claim, until=trouble.until, reason=trouble.code)
        case RemoteBusy():
            leases.postpone(
                claim, until=clock() + timedelta(seconds=trouble.retry_after), reason=trouble.code
            )
        case OutcomeUnknown():
            # The open intent says when it can be looked up; the next claim puts the pair off until then.
            leases.postpone(claim, until=clock(), reason=trouble.code)
        case RemoteUnreachable():
            leases.back_off(claim, now=clock(), reason=trouble.code, waits=NO_ANSWER)
        case LinkBroken():
            pause_over_link(claim, now=clock())
        case _:
            leases.back_off(claim, now=clock(), reason=trouble.code)
