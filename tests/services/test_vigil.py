"""Beats go through the lanes; one that stays silent is said to be in trouble, a busy or a new one is not."""

from datetime import datetime, timedelta

import pytest
from django_q.models import OrmQ, Schedule

from backbone_app import jobs, queue
from backbone_app.ledger import heartbeats
from backbone_app.models import Heartbeat, WakeUp
from backbone_app.queue import Job, Lane
from backbone_app.services import upkeep, vigil
from tests.support.rows import NOW
from tests.support.workers import is_awake, wake_ups

pytestmark = pytest.mark.django_db


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def troubles(seconds: float) -> dict[str, str]:
    return vigil.look(["live"], now=after(seconds))


def test_a_new_lane_has_time_to_start_and_no_more() -> None:
    vigil.started("live", now=NOW)

    assert troubles(20) == {}
    assert troubles(25) == {"live": "busy 5 s longer than it may be"}


def test_a_lane_that_does_nothing_and_answers_no_beat_is_in_trouble() -> None:
    heartbeats.end("live", now=NOW)

    assert troubles(10) == {}
    assert troubles(12) == {"live": "no sign of life for 12 s"}


def test_a_lane_is_left_alone_while_it_may_be_busy() -> None:
    heartbeats.begin("live", now=NOW, span=timedelta(seconds=70))

    assert troubles(70) == {}
    assert troubles(71) == {"live": "busy 1 s longer than it may be"}


def test_the_end_of_work_is_a_sign_of_life() -> None:
    heartbeats.begin("live", now=NOW, span=timedelta(seconds=70))

    heartbeats.end("live", now=after(60))

    assert troubles(70) == {}


def test_the_next_beat_comes_when_the_last_one_was_taken() -> None:
    vigil.look(["live"], now=NOW)
    vigil.look(["live"], now=after(2))
    assert wake_ups(Job.BEAT_LIVE) == 1

    jobs.beat_live()
    vigil.look(["live"], now=after(4))

    assert wake_ups(Job.BEAT_LIVE) == 2


def test_what_the_former_workers_of_a_lane_held_is_looked_for_again() -> None:
    for job in (Job.SYNC, Job.BEAT_LIVE):
        queue.wake(job, now=NOW)

    vigil.started("live", now=after(1))

    assert not is_awake(Job.SYNC)
    assert not is_awake(Job.BEAT_LIVE)
    assert is_awake(Job.SWEEP)


def test_a_sweep_that_nobody_schedules_any_more_is_woken() -> None:
    Schedule.objects.all().delete()
    upkeep.sweep(lambda: NOW)

    vigil.look(["live"], now=after(9))
    assert not is_awake(Job.SWEEP)
    vigil.look(["live"], now=after(11))

    assert is_awake(Job.SWEEP)


def test_tidying_is_woken_once_an_hour_by_the_sweep() -> None:
    heartbeats.end(heartbeats.TIDY, now=NOW)

    upkeep.sweep(lambda: after(3599))
    assert not is_awake(Job.TIDY)
    upkeep.sweep(lambda: after(3601))

    assert is_awake(Job.TIDY)


def test_on_one_writer_everything_is_done_in_one_lane(settings: object) -> None:
    settings.BACKBONE_LANES = ("live",)  # type: ignore[attr-defined]

    queue.wake(Job.TIDY, now=NOW)
    vigil.look(vigil.lanes(), now=NOW)

    assert set(OrmQ.objects.values_list("key", flat=True)) == {"live"}
    assert WakeUp.objects.filter(job=Job.BEAT_BULK).count() == 0


def test_elsewhere_each_lane_has_its_own(settings: object) -> None:
    settings.BACKBONE_LANES = ("live", "bulk")  # type: ignore[attr-defined]

    queue.wake(Job.TIDY, now=NOW)
    vigil.started("bulk", now=NOW)

    assert OrmQ.objects.order_by("pk")[0].key == "bulk"
    assert not is_awake(Job.TIDY)
    assert Heartbeat.objects.get().lane == "bulk"


def test_a_process_for_one_lane_does_not_serve_another() -> None:
    with pytest.raises(ValueError, match="lane live"):
        queue.serve(Lane.BULK, begin=lambda _: None, end=lambda: None)


@pytest.mark.parametrize(("lanes", "waits"), [(("live",), True), (("live", "bulk"), False)])
def test_where_one_worker_does_everything_what_takes_long_lets_people_pass(
    settings: object, lanes: tuple[str, ...], *, waits: bool
) -> None:
    settings.BACKBONE_LANES = lanes  # type: ignore[attr-defined]
    queue.wake(Job.SYNC, now=NOW)

    assert not queue.must_yield(Job.TIDY, since=NOW)
    assert queue.must_yield(Job.TIDY, since=after(-1)) is waits
    assert not queue.must_yield(Job.PAIR_UP, since=after(-1))
