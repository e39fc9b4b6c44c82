"""Find what no wake-up announced, and drop what is kept too long."""

from collections.abc import Callable
from datetime import datetime

from backbone_app import queue
from backbone_app.ledger import deliveries
from backbone_app.models import Delivery, Pair
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
    if Pair.objects.filter(due__gt=0).exists():
        queue.wake(Job.SYNC, now=now)
