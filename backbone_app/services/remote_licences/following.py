"""What follows from a licence, or from its end: synchronizations pause and go on by themselves."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from backbone_app import queue
from backbone_app.ledger import audit, endpoints, notices, points, standing
from backbone_app.queue import Job


def drain(clock: Callable[[], datetime]) -> None:
    """Have every site's synchronizations be as its licence says; one transaction a site."""
    queue.taken(Job.FOLLOW_LICENCES)
    for site_id in endpoints.sites_at_odds(clock()):
        with transaction.atomic():
            endpoints.lock(site_id)
            settle(site_id, now=clock())


def settle(site_id: UUID, *, now: datetime) -> None:
    """Pause what is not covered and resume what is; what that missed is looked for.

    In a transaction that holds the lock of the site's endpoints.
    """
    endpoints.release_idle(site_id)
    for row in list(endpoints.to_pause(site_id, now=now)):
        if both := standing.pause(row.pk, reason=endpoints.UNLICENSED, side=None, now=now):
            audit.note_paused(*both, reason=endpoints.UNLICENSED, side=None, now=now)
            notices.note_paused(*both, reason=endpoints.UNLICENSED, side=None, now=now)
    covered = list(endpoints.to_resume(site_id, now=now))
    for row in covered:
        if both := standing.resume(row.pk, reason=endpoints.UNLICENSED):
            audit.note_resumed(*both, now=now)
            notices.note_resumed(*both, now=now)
            points.want(row.pk, now=now)
    if covered:
        queue.wake(Job.SYNC, now=now)
        queue.wake(Job.RECONCILE, now=now)
