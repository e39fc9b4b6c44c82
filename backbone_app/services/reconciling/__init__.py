"""Find the changes that no delivery told of, and hand them to those who bring pairs in step.

Webhooks get lost, and while we or a site were away nobody sent any. So each
side of each running synchronization is checked from time to time for what
changed since it was last known to be complete, more often while that finds
something. Nothing is written here: what is found is made due like news.
"""

import uuid
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.db import transaction

from backbone_app import gateway, logs, queue
from backbone_app.core.failures import Doing, Response, diagnose, rule
from backbone_app.core.handshake import State
from backbone_app.core.values import Side
from backbone_app.errors import BackboneError, LinkBroken, Outdated, RemoteBusy, RemoteRefused
from backbone_app.ledger import access, audit, links, notices, points, standing
from backbone_app.ledger.audit import Act
from backbone_app.models import Reconciliation, Site
from backbone_app.models.callers import Caller
from backbone_app.queue import Job
from backbone_app.services.reconciling.check import BUDGET, Clock, OutOfTime, run

TROUBLE: Final = timedelta(minutes=1)
REFUSED: Final = timedelta(minutes=15)
AFTER_A_BUG: Final = timedelta(minutes=5)

log = structlog.get_logger()


def drain(clock: Clock) -> int:
    """Check every side that is due, for at most ``BUDGET``; returns how many were checked to the end.

    Trouble with one site is its own: its check is put off, the others go on.
    """
    queue.taken(Job.RECONCILE)
    begun = clock()
    waiting, count = points.due(begun), 0
    for pk in waiting:
        if clock() >= begun + BUDGET or queue.must_yield(Job.RECONCILE, since=begun):
            break
        row = points.claim(pk, now=clock())
        if row is not None:
            with logs.about(half_id=row.half_id):
                count += _try(row, clock, begun + BUDGET)
    if points.is_due(clock()):
        queue.wake(Job.RECONCILE, now=clock())
    return count


def check_now(caller: Caller, space: str, synchronization_id: uuid.UUID, *, now: datetime) -> None:
    """Have both sides of a running synchronization checked at once, every paired work item.

    Raises NotFound, NotAllowed, and Outdated where it does not run.
    """
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.ask_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    seen = standing.find(caller.site_id, space, synchronization_id)
    if seen.state is not State.RUNNING:
        raise Outdated("Only a running synchronization can be checked. Start it first.")
    with transaction.atomic():
        if points.want(synchronization_id, now=now):
            audit.note_shared(caller, Act.CHECK_ASKED, seen.own, seen.other, now=now)
        queue.wake(Job.RECONCILE, now=now)


def _try(row: Reconciliation, clock: Clock, end: datetime) -> bool:
    """Check one side; the outermost frame of its work."""
    try:
        run(row, clock, end)
    except OutOfTime:
        points.put_off(row, until=clock())
    except RemoteBusy as busy:
        points.put_off(row, until=clock() + timedelta(seconds=busy.retry_after))
    except RemoteRefused as refused:
        _refused(row, refused, now=clock())
    except LinkBroken:
        _pause_over_link(row, now=clock())
    except BackboneError as trouble:
        log.info("check_put_off", code=trouble.code)
        points.put_off(row, until=clock() + TROUBLE)
    except Exception:  # one site's odd answer must not stop the checks of all others
        log.exception("check_failed")
        points.put_off(row, until=clock() + AFTER_A_BUG)
    else:
        return True
    return False


def _refused(row: Reconciliation, refused: RemoteRefused, *, now: datetime) -> None:
    """Pause the synchronization where its site refuses everything; otherwise the check is done later."""
    code = diagnose(refused, Doing.READ).code
    log.info("check_refused", status=refused.status, code=code)
    if rule(code).response is Response.PAUSE:
        _pause(row, code, now=now)
    points.put_off(row, until=now + REFUSED)


@transaction.atomic
def _pause_over_link(row: Reconciliation, *, now: datetime) -> None:
    """Pause the synchronization whose link is broken, whichever side was checked; then it is done later."""
    for half in links.to_pause().filter(synchronization=row.half.synchronization_id):
        _pause_for(half.synchronization_id, Side(half.side), links.BROKEN, now=now)
    points.put_off(row, until=now + REFUSED)


@transaction.atomic
def _pause(row: Reconciliation, code: str, *, now: datetime) -> None:
    _pause_for(row.half.synchronization_id, Side(row.half.side), code, now=now)


def _pause_for(synchronization: uuid.UUID, side: Side, code: str, *, now: datetime) -> None:
    if halves := standing.pause(synchronization, reason=code, side=side, now=now):
        audit.note_paused(*halves, reason=code, side=side, now=now)
        notices.note_paused(*halves, reason=code, side=side, now=now)
