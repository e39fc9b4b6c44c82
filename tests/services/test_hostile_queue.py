"""Somebody writes into the queue's tables (case 93)."""

import base64
import os
import pickle
import queue
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import structlog
from django.conf import LazySettings
from django.core import signing
from django.db import connection
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ, Schedule, Task
from django_q.monitor import monitor
from django_q.pusher import pusher
from django_q.scheduler import scheduler
from django_q.signing import PickleSerializer, SignedPackage

from backbone_app.queue import Job, wake
from backbone_app.services import housekeeping
from tests.support.rows import NOW

pytestmark = pytest.mark.django_db


class Bomb:
    """Whoever unpacks it makes a directory."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[str]]:
        return os.mkdir, (str(self.trace),)


def as_it_is(bomb: Bomb) -> str:
    return base64.urlsafe_b64encode(pickle.dumps(bomb)).decode()


def unsigned(bomb: Bomb) -> str:
    return f"{as_it_is(bomb)}:1tCq5e:"


def signed_with_another_key(bomb: Bomb) -> str:
    return signing.dumps(bomb, key="the attacker's", salt=Conf.PREFIX, serializer=PickleSerializer)


def signed_for_another_purpose(bomb: Bomb) -> str:
    return signing.dumps(bomb, key=Conf.SECRET_KEY, salt="another", serializer=PickleSerializer)


def with_the_signature_of_a_real_one(bomb: Bomb) -> str:
    real = str(SignedPackage.dumps({"func": str(Job.SYNC)}))
    return ":".join([as_it_is(bomb), *real.split(":")[1:]])


def compressed(bomb: Bomb) -> str:
    made = signing.dumps(bomb, key="x", salt=Conf.PREFIX, compress=True, serializer=PickleSerializer)
    return f".{made}"


def empty(_: Bomb) -> str:
    return ""


def no_package_at_all(_: Bomb) -> str:
    return "\N{SNOWMAN}:\N{SNOWMAN}:\N{SNOWMAN}"


def push(rounds: int) -> list[dict[str, Any]]:
    """Let the cluster's own loop take so many rows out of the table; what it hands to the workers."""
    tasks: queue.Queue[dict[str, Any]] = queue.Queue()
    ending = Event()
    ending.set()  # it looks at this after each round
    for _ in range(rounds):
        pusher(tasks, ending, get_broker(Conf.CLUSTER_NAME))
    return list(tasks.queue)


def lay(payload: str) -> None:
    OrmQ.objects.create(key=Conf.CLUSTER_NAME, payload=payload, lock=NOW)


@pytest.mark.parametrize(
    "pack",
    [
        as_it_is,
        unsigned,
        signed_with_another_key,
        signed_for_another_purpose,
        with_the_signature_of_a_real_one,
        compressed,
        empty,
        no_package_at_all,
    ],
    ids=lambda pack: pack.__name__,
)
def test_case_93_a_package_without_our_signature_is_not_unpacked_and_the_lane_goes_on(
    tmp_path: Path, pack: Callable[[Bomb], str]
) -> None:
    trace = tmp_path / "executed"
    lay(pack(Bomb(trace)))
    wake(Job.SYNC, now=NOW)

    with structlog.testing.capture_logs() as alarms:
        handed_on = push(2)

    assert not trace.exists()
    assert [task["func"] for task in handed_on] == [Job.SYNC]
    assert [(line["event"], line["log_level"]) for line in alarms] == [("package_refused", "critical")]
    assert "executed" not in repr(alarms)
    assert OrmQ.objects.count() == 1, "the refused one is gone, the other waits for its acknowledgement"


def test_case_93_a_bomb_goes_off_where_it_is_unpacked_the_usual_way(tmp_path: Path) -> None:
    package = SignedPackage.dumps({"func": str(Job.SYNC), "args": Bomb(tmp_path / "executed")})

    SignedPackage.loads(package)

    assert (tmp_path / "executed").exists(), "else the other cases would show nothing"


def with_our_key(content: object) -> str:
    return str(SignedPackage.dumps(content))


@pytest.mark.parametrize(
    "content",
    [
        {"func": "os.mkdir", "args": ("executed",)},
        {"func": "os.mkdir"},
        {"func": str(Job.SYNC), "args": ("executed",)},
        {"func": str(Job.SYNC), "kwargs": {"a": 1}},
        {"func": str(Job.SYNC), "hook": "os.mkdir"},
        {"func": str(Job.SYNC), "chain": [("os.mkdir", ("executed",))]},
        {"func": str(Job.SYNC), "sync": True},
        {"func": ["a"]},
        {},
        "func",
        None,
    ],
    ids=repr,
)
def test_case_93_not_even_with_our_key_is_anything_run_but_our_jobs(content: object) -> None:
    lay(with_our_key(content))
    wake(Job.SYNC, now=NOW)

    with structlog.testing.capture_logs() as alarms:
        handed_on = push(2)

    assert [(task["func"], task["args"]) for task in handed_on] == [(Job.SYNC, ())]
    assert [line["event"] for line in alarms] == ["package_refused"]


def test_case_93_not_even_with_our_key_does_a_package_call_anything_when_it_is_opened(tmp_path: Path) -> None:
    trace = tmp_path / "executed"
    lay(with_our_key({"func": str(Job.SYNC), "args": Bomb(trace)}))
    lay(with_our_key(Bomb(trace)))

    assert push(2) == []

    assert not trace.exists()
    assert not OrmQ.objects.exists()


@pytest.mark.parametrize(
    "packed", [b"", b"\x80", b"garbage", b"cos\n", pickle.dumps("text")[:-1], b"\x80\x05\x8a\xff."]
)
def test_case_93_signed_rubbish_does_not_stop_the_lane(packed: bytes) -> None:
    signer = signing.TimestampSigner(key=Conf.SECRET_KEY, salt=Conf.PREFIX)
    lay(signer.sign(base64.urlsafe_b64encode(packed).decode().rstrip("=")))
    wake(Job.SYNC, now=NOW)

    assert [task["func"] for task in push(2)] == [Job.SYNC]


def test_case_93_what_djangos_key_signed_for_another_purpose_is_no_package(
    tmp_path: Path, settings: LazySettings
) -> None:
    made = signing.dumps(
        Bomb(tmp_path / "executed"), key=settings.SECRET_KEY, salt=Conf.PREFIX, serializer=PickleSerializer
    )
    lay(made)

    assert push(1) == []

    assert not (tmp_path / "executed").exists()
    assert Conf.SECRET_KEY != settings.SECRET_KEY


@pytest.mark.django_db(transaction=True)  # the scheduler begins by closing a connection with one open
@pytest.mark.parametrize(
    "row",
    [
        {"func": "os.mkdir", "args": "'{trace}',"},
        {"func": "os.mkdir", "args": "'{trace}',", "kwargs": "{{'q_options': {{'sync': True}}}}"},
        {"func": "backbone_app.jobs.sync", "hook": "os.mkdir"},
    ],
    ids=["queued", "at once", "afterwards"],
)
def test_case_93_a_row_of_the_schedules_runs_nothing_but_our_jobs(
    tmp_path: Path, row: dict[str, str]
) -> None:
    trace = tmp_path / "executed"
    Schedule.objects.all().delete()
    Schedule.objects.create(next_run=NOW, **{name: text.format(trace=trace) for name, text in row.items()})

    scheduler(get_broker(Conf.CLUSTER_NAME))

    assert not trace.exists()
    assert not OrmQ.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_case_93_our_own_schedule_still_wakes_its_job() -> None:
    Schedule.objects.all().delete()
    Schedule.objects.create(name="sweep", func=Job.SWEEP, schedule_type="I", minutes=1, next_run=NOW)

    scheduler(get_broker(Conf.CLUSTER_NAME))

    assert [task["func"] for task in push(1)] == [Job.SWEEP]


@pytest.mark.parametrize("is_well", [True, False])
def test_case_93_a_result_that_was_put_in_place_of_a_jobs_is_not_unpacked(
    tmp_path: Path, is_well: bool
) -> None:
    wake(Job.SYNC, now=NOW)
    (task,) = push(1)
    trace = tmp_path / "executed"
    Task.objects.create(id=task["id"], name=task["name"], func="f", started=NOW, stopped=NOW)
    packed = base64.b64encode(pickle.dumps(Bomb(trace))).decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_q_task SET result = %s, args = %s, kwargs = %s", [packed] * 3)

    done: queue.Queue[Any] = queue.Queue()
    done.put({**task, "success": is_well, "result": "how it went", "stopped": NOW})
    done.put("STOP")
    monitor(done, get_broker(Conf.CLUSTER_NAME))

    assert not trace.exists()
    assert not OrmQ.objects.exists(), "it was acknowledged"


def test_case_93_what_lies_in_the_table_of_results_is_dropped_unopened(tmp_path: Path) -> None:
    trace = tmp_path / "executed"
    old = NOW - timedelta(days=30)
    Task.objects.create(id="t", name="t", func="f", started=old, stopped=old)
    packed = base64.b64encode(pickle.dumps(Bomb(trace))).decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE django_q_task SET result = %s, args = %s, kwargs = %s", [packed] * 3)

    housekeeping.tidy(lambda: NOW)

    assert not Task.objects.exists()
    assert not trace.exists()
