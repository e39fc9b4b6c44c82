"""What follows from a link that broke, and from one that works again: what it carries pauses and goes on."""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import QuerySet

from backbone_app import queue
from backbone_app.core.values import Side
from backbone_app.ledger import audit, links, notices, points, standing
from backbone_app.models import SynchronizationSide
from backbone_app.queue import Job

_log = structlog.get_logger()


def drain(clock: Callable[[], datetime]) -> None:
    """Have what every link carries be as the link is."""
    queue.taken(Job.FOLLOW_LINKS)
    with transaction.atomic():
        pause(links.to_pause(), now=clock())
    with transaction.atomic():
        resume(links.to_resume(), now=clock())


def pause(halves: QuerySet[SynchronizationSide], *, now: datetime) -> None:
    """Pause what these linked halves belong to, with the link as the reason; in a transaction."""
    for half in halves:
        side = Side(half.side)
        if both := standing.pause(half.synchronization_id, reason=links.BROKEN, side=side, now=now):
            audit.note_paused(*both, reason=links.BROKEN, side=side, now=now)
            notices.note_paused(*both, reason=links.BROKEN, side=side, now=now)
            _log.info("paused_over_link", synchronization_id=str(half.synchronization_id))


def resume(halves: QuerySet[SynchronizationSide], *, now: datetime) -> None:
    """Have go on what was paused for the link; what it missed is looked for. In a transaction."""
    for half in halves:
        if both := standing.resume(half.synchronization_id, reason=links.BROKEN):
            audit.note_resumed(*both, now=now)
            notices.note_mended(*both, now=now)
            points.want(half.synchronization_id, now=now)
            queue.wake(Job.SYNC, now=now)
            queue.wake(Job.PAIR_UP, now=now)
            queue.wake(Job.RECONCILE, now=now)
