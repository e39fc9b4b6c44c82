"""Job names and ``wake``: the only door to django-q2.

The queue carries wake-ups only. Which pairs are due, in what order and how
often is in our own tables; a lost wake-up costs time, never work.

This module sits above ``models`` (the design drew them side by side), because
the row that keeps wake-ups from piling up is a table like any other.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import transaction
from django_q.tasks import async_task

from backbone_app.models import WakeUp

STALE_AFTER: Final = timedelta(seconds=30)


class Lane(StrEnum):
    """A cluster of workers of its own; the names are in ``settings.Q_CLUSTER``."""

    LIVE = "live"
    BULK = "bulk"


class Job(StrEnum):
    """What can be woken: the dotted path of a function in ``jobs``."""

    PAIR_UP = "backbone_app.jobs.pair_up"
    SYNC = "backbone_app.jobs.sync"
    SYNC_BULK = "backbone_app.jobs.sync_bulk"
    SWEEP = "backbone_app.jobs.sweep"


LANE_OF: Final[Mapping[Job, Lane]] = {
    Job.PAIR_UP: Lane.LIVE,
    Job.SYNC: Lane.LIVE,
    Job.SYNC_BULK: Lane.BULK,
    Job.SWEEP: Lane.LIVE,
}
"""Where each job is done: what people wait for apart from what takes long."""


def wake(job: Job, *, now: datetime) -> bool:
    """Send one wake-up for ``job`` unless one is pending; returns whether one was sent.

    Call it last in a transaction: the queue's own row commits or rolls back
    with the work it announces. The row is locked even when a wake-up is
    pending: otherwise a drain could clear the flag and look for work between
    this check and our commit, and what we commit would wait for the sweeper.
    A wake-up that nobody took within ``STALE_AFTER`` counts as lost.
    """
    with transaction.atomic():
        WakeUp.objects.get_or_create(job=job, defaults={"pending": False, "at": now})
        row = WakeUp.objects.select_for_update().get(job=job)
        if row.pending and row.at >= now - STALE_AFTER:
            return False
        WakeUp.objects.filter(job=job).update(pending=True, at=now)
        async_task(str(job), q_options={"cluster": str(LANE_OF[job])})
    return True


def taken(job: Job) -> None:
    """Note that the drain has begun: what becomes due from here on needs a new wake-up.

    Called before the drain looks for work; the other way round, work that
    arrives between the look and the flip would wait for the sweeper.
    """
    WakeUp.objects.filter(job=job).update(pending=False)
