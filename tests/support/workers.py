"""Workers that are killed, that work at the same moment, and what reaches them altered."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import connection
from django_q.models import OrmQ

from backbone_app.models import PublishedConfiguration, WakeUp
from backbone_app.queue import Job
from jira_sandbox.outbox import Delivery
from jira_sandbox.wire import Request

ISSUE = r"/issue/[0-9]+$"
READ = ("GET", ISSUE)
EDIT = ("PUT", ISSUE)
CREATE = ("POST", r"/rest/api/3/issue$")

Act = Callable[[], object]


class Killed(BaseException):
    """A worker that is killed: no handler of ours catches this."""


def kill(_: Request) -> None:
    """Let the worker die at this call."""
    raise Killed


def elsewhere(act: Act) -> None:
    """Act to the end as another process would: in a thread with a connection of its own."""
    assert together(act) == []


def together(*acts: Act) -> list[BaseException]:
    """Act all at the same moment, each on a connection of its own, and give what was raised."""
    raised: list[BaseException] = []

    def run(act: Act) -> None:
        try:
            act()
        except BaseException as error:  # a thread has nobody else to tell
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def altered(delivery: Delivery, change: Callable[[dict[str, Any]], object], *, name: str = "") -> Delivery:
    """The delivery with another body, and under another identifier where ``name`` gives one."""
    body = json.loads(delivery.body)
    change(body)
    return replace(delivery, body=json.dumps(body).encode(), identifier=name or delivery.identifier)


def publish(synchronization_id: UUID, change: Callable[[dict[str, Any]], object]) -> None:
    """Publish the next version of the configuration: the newest one, changed."""
    newest = PublishedConfiguration.objects.filter(synchronization_id=synchronization_id).latest("version")
    change(newest.document)
    newest.pk, newest.version = None, newest.version + 1
    newest.save(force_insert=True)


def is_awake(job: Job) -> bool:
    """Whether a wake-up for the job is on its way."""
    return WakeUp.objects.filter(job=job, pending=True).exists()


def wake_ups(job: Job) -> int:
    """How many wake-ups for the job were ever sent: nobody takes them out of the queue here."""
    return sum(row.task["func"] == job for row in OrmQ.objects.all())
