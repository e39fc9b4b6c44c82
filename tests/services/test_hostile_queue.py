"""Somebody writes into the queue's tables (reliability.md §3, case 93)."""

import base64
import logging
import os
import pickle
import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django_q.brokers import get_broker
from django_q.conf import Conf
from django_q.models import OrmQ, Task
from django_q.pusher import pusher
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


@contextmanager
def errors_of_the_queue() -> Iterator[list[str]]:
    """What django-q logs as an error."""
    lines: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("django-q")
    logger.addHandler(handler)
    try:
        yield lines
    finally:
        logger.removeHandler(handler)


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

    with errors_of_the_queue() as errors:
        handed_on = push(2)

    assert not trace.exists()
    assert [task["func"] for task in handed_on] == [Job.SYNC]
    assert errors == ["Failed to push task to queue"]
    assert OrmQ.objects.count() == 1, "the refused one is gone, the other waits for its acknowledgement"


def test_case_93_a_bomb_goes_off_where_somebody_has_our_key(tmp_path: Path) -> None:
    lay(str(SignedPackage.dumps({"func": "f", "args": Bomb(tmp_path / "executed")})))

    push(1)

    assert (tmp_path / "executed").exists(), "else the other cases would show nothing"


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
