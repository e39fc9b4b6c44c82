"""Whoever watches us learns yes or no, quickly, however often they ask, and nothing else."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from backbone_app import queue
from backbone_app.ledger import heartbeats
from backbone_app.services import readiness
from backbone_app.services.readiness import Part, Prober
from backbone_app.web import health
from tests.support.app import call_app
from tests.support.rows import NOW
from tests.support.sandbox import VirtualClock

committed = pytest.mark.django_db(transaction=True)
"""A look in a thread of its own sees what was committed."""


@pytest.fixture(autouse=True)
def afresh() -> Iterator[None]:
    """What was told before is told for a second."""
    health.prober.forget()
    yield
    health.prober.forget()


def at_work() -> None:
    for lane in queue.lanes():
        heartbeats.end(str(lane), now=NOW)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_process_that_answers_is_alive_whatever_its_database_does(method: str) -> None:
    answer = call_app(method, "/healthz")  # without the fixture that lets it near a database

    assert answer.status_code == 200
    assert answer.content == (b'{"status": "ok"}' if method == "GET" else b"")
    assert "no-store" in answer["Cache-Control"]


@committed
def test_ready_is_what_is_migrated_and_has_lanes_at_work(clock: VirtualClock) -> None:
    at_work()

    answer = call_app("GET", "/readyz")

    assert (answer.status_code, answer.content) == (200, b'{"status": "ready"}')
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_says_which_part_and_nothing_else(clock: VirtualClock) -> None:
    answer = call_app("GET", "/readyz")

    assert answer.status_code == 503
    assert answer.content == b'{"status": "not ready", "failing": ["lanes"]}'


@pytest.mark.django_db
def test_a_lane_that_is_silent_for_a_minute_is_not_at_work(clock: VirtualClock) -> None:
    at_work()

    assert readiness.look(NOW + timedelta(seconds=60)) == ()
    assert readiness.look(NOW + timedelta(seconds=61)) == (Part.LANES,)


@pytest.mark.django_db
def test_a_lane_may_be_silent_for_as_long_as_it_may_be_busy(clock: VirtualClock) -> None:
    for lane in queue.lanes():
        heartbeats.begin(str(lane), now=NOW, span=timedelta(minutes=5))

    assert readiness.look(NOW + timedelta(minutes=6)) == ()
    assert readiness.look(NOW + timedelta(minutes=7)) == (Part.LANES,)


@pytest.mark.django_db
def test_a_migration_that_was_not_applied_is_not_ready(clock: VirtualClock) -> None:
    at_work()
    MigrationRecorder(connection).migration_qs.filter(app="backbone").latest("name").delete()

    assert readiness.look(NOW) == (Part.MIGRATIONS,)


def test_a_database_that_does_not_answer_is_told_in_time_and_asked_by_one_thread_only() -> None:
    stuck, asked = threading.Event(), []

    def look() -> readiness.Failing:
        asked.append(threading.current_thread().name)
        stuck.wait(10)
        return ()

    now = [0.0]
    prober = Prober(look, patience=0.02, elapsed=lambda: now[0])

    told = []
    for second in range(5):
        now[0] = second * 2.0
        told.append(prober.failing())
    stuck.set()

    assert told == [(Part.DATABASE,)] * 5
    assert len(asked) == 1


def test_whoever_asks_more_than_once_a_second_is_told_the_same_again() -> None:
    asked, now = [], [0.0]

    def look() -> readiness.Failing:
        asked.append(1)
        return ()

    prober = Prober(look, elapsed=lambda: now[0])

    for moment in (0.0, 0.3, 0.9, 1.1):
        now[0] = moment
        prober.failing()

    assert len(asked) == 2


def test_a_prober_is_never_told_to_wait(settings: LazySettings) -> None:
    settings.BACKBONE_ADDRESS_CALLS_PER_MINUTE = 10

    assert {call_app("GET", "/healthz").status_code for _ in range(30)} == {200}


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "127.0.0.1", "evil.example"])
def test_case_78_a_probe_under_another_name_is_refused_as_everything_is(host: str) -> None:
    assert call_app("GET", "/healthz", headers={"Host": host}).status_code == 400
