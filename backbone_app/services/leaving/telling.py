"""Synchronizations of a site that left: paused, with the partner told why, and resumed when it is back."""

from datetime import datetime

from django.db import transaction

from backbone_app import queue
from backbone_app.core.values import Side
from backbone_app.ledger import audit, departures, notices, points, standing
from backbone_app.queue import Job


def tell(now: datetime) -> None:
    """Pause what runs with a site that removed the app; both logs say so, and until when it can come back."""
    for half in departures.halves_left():
        side, until = Side(half.side), departures.erased_on(half.site)
        with transaction.atomic():
            both = standing.pause(half.synchronization_id, reason=departures.LEFT, side=side, now=now)
            if both:
                detail = {"erased_on": until}
                audit.note_paused(*both, reason=departures.LEFT, side=side, detail=detail, now=now)
                notices.note_paused(*both, reason=departures.LEFT, side=side, now=now)


def resume(now: datetime) -> None:
    """Have what was paused for it go on, now that both sites are here; what they missed is looked for."""
    for row in departures.back():
        with transaction.atomic():
            if both := standing.resume(row.pk, reason=departures.LEFT):
                audit.note_resumed(*both, now=now)
                notices.note_resumed(*both, now=now)
                points.want(row.pk, now=now)
                queue.wake(Job.SYNC, now=now)
                queue.wake(Job.RECONCILE, now=now)
