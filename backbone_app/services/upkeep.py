"""Find what no wake-up announced, and drop what is kept too long."""

from collections.abc import Callable
from datetime import datetime

from backbone_app import queue
from backbone_app.ledger import deliveries
from backbone_app.models import Delivery, Pair
from backbone_app.models.pair import PairLane
from backbone_app.queue import Job


def sweep(clock: Callable[[], datetime]) -> None:
    """Wake the drains where work waits; runs every minute.

    Wake-ups get lost with a worker, and pairs that were put off come due
    without anybody saying so.
    """
    now = clock()
    deliveries.drop_old(now)
    if Delivery.objects.filter(unpaired=True).exists():
        queue.wake(Job.PAIR_UP, now=now)
    for lane, job in ((PairLane.LIVE, Job.SYNC), (PairLane.BULK, Job.SYNC_BULK)):
        if Pair.objects.filter(due__gt=0, lane=lane).exists():
            queue.wake(job, now=now)
