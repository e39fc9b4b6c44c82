"""In which order wake-ups are taken."""

from datetime import UTC, datetime

import pytest
from django_q.brokers import get_broker
from django_q.models import OrmQ

from backbone_app.queue import Job, wake
from tests.support.rows import NOW

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_wake_up_whose_worker_died_goes_before_those_that_came_after_it() -> None:
    for job in (Job.SYNC, Job.PAIR_UP, Job.SWEEP):
        wake(job, now=NOW)
    broker = get_broker()
    ((first, _),) = broker.dequeue()
    # PostgreSQL finds a row that was written again behind all others.
    OrmQ.objects.filter(pk=first).update(lock=LONG_AGO)

    ((again, _),) = broker.dequeue()

    assert again == first
