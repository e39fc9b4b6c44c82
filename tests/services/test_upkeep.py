"""The sweep finds what no wake-up announced."""

from datetime import timedelta

import pytest
from django_q.models import OrmQ, Schedule

from backbone_app import jobs, queue
from backbone_app.ledger import heartbeats
from backbone_app.models import Pair
from backbone_app.queue import Job
from backbone_app.services import upkeep
from tests.support.rows import NOW, make_pair, make_site, make_synchronization
from tests.support.workers import is_awake, wake_ups


@pytest.fixture(autouse=True)
def tidied(db: None) -> None:
    """What is too old has just been dropped."""
    heartbeats.end(heartbeats.TIDY, now=NOW)


def test_nothing_waits_nobody_is_woken(db: None) -> None:
    upkeep.sweep(lambda: NOW)

    assert not OrmQ.objects.exists()


def test_a_due_pair_without_a_wake_up_is_found(db: None) -> None:
    site = make_site("acme")
    make_pair(make_synchronization(site), site, "1", "2")
    Pair.objects.update(due=1)

    upkeep.sweep(lambda: NOW)

    assert is_awake(Job.SYNC)
    assert wake_ups(Job.SYNC) == 1


def test_a_wake_up_is_sent_once_until_it_is_taken_or_counts_as_lost(db: None) -> None:
    assert queue.wake(Job.SYNC, now=NOW)
    assert not queue.wake(Job.SYNC, now=NOW + timedelta(seconds=30))
    assert queue.wake(Job.SYNC, now=NOW + timedelta(seconds=31))
    queue.taken(Job.SYNC)

    assert queue.wake(Job.SYNC, now=NOW + timedelta(seconds=32))
    assert OrmQ.objects.count() == 3


def test_every_job_name_is_a_function_of_jobs_and_the_sweep_is_scheduled(db: None) -> None:
    names = {f"backbone_app.jobs.{name}" for name in vars(jobs) if callable(getattr(jobs, name))}

    assert {str(job) for job in Job} <= names
    assert Schedule.objects.get(name="sweep").func == Job.SWEEP
