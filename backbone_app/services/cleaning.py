"""Take our properties off work items and comments whose synchronization is gone.

Nobody waits for it: it is done in the lane of what takes long, through the gate at the lowest priority. It
can be cut and done again at any place: what is gone already answers 404, and that is what was wanted.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction

from backbone_app import gateway, logs, queue
from backbone_app.core.waits import NO_ANSWER, OUR_TROUBLE
from backbone_app.errors import (
    BackboneError,
    OutcomeUnknown,
    RemoteBusy,
    RemoteMissing,
    RemoteMoved,
    RemoteRefused,
    RemoteUnreachable,
)
from backbone_app.jira import read, removing, write
from backbone_app.jira.client import JiraClient
from backbone_app.jira.removing import Progress
from backbone_app.ledger import leftovers
from backbone_app.models import LateWrite, Leftover, Site
from backbone_app.models.pair import PairLane
from backbone_app.queue import Job

BUDGET: Final = timedelta(seconds=5)
"""How long one run goes on: the lane's other jobs want their turn."""
AT_ONCE: Final = 100
"""So many rows are looked up at once."""
FEWEST_TOGETHER: Final = 3
"""The call for many is two: it asks what became of the task."""
TASK_TAKES: Final = timedelta(seconds=30)
CLOCKS_APART: Final = timedelta(minutes=10)
"""How far a site's clock may be behind ours when we search by creation time."""
CALL_SECONDS: Final = 15.0

Clock = Callable[[], datetime]

log = structlog.get_logger()


class _NoTime(Exception):
    """The run is over; the rest waits for the next one."""


def drain(clock: Clock) -> None:
    """Remove what may be removed now, for at most ``BUDGET``; one site's trouble is its own."""
    queue.taken(Job.REMOVE_PROPERTIES)
    began = clock()

    def go_on() -> None:
        if clock() >= began + BUDGET or queue.must_yield(Job.REMOVE_PROPERTIES, since=began):
            raise _NoTime

    try:
        for site_id in leftovers.sites_due(began):
            with logs.about(tenant=str(site_id)):
                _clean(site_id, clock, go_on)
    except _NoTime:
        queue.wake(Job.REMOVE_PROPERTIES, now=clock())


def _clean(site_id: UUID, clock: Clock, go_on: Callable[[], None]) -> None:
    """Work for one site; turns trouble with it into the time until it is tried again."""
    try:
        client = gateway.client(Site.objects.get(pk=site_id), clock=clock, lane=PairLane.BULK)
        _ask_for_tasks(client, site_id, clock, go_on)
        _remove_together(client, site_id, clock, go_on)
        _remove_singly(client, site_id, clock, go_on)
        _seek(client, site_id, clock, go_on)
    except RemoteBusy as busy:
        wait = timedelta(seconds=busy.retry_after)
    except (RemoteUnreachable, OutcomeUnknown):
        wait = NO_ANSWER.first
    except BackboneError as trouble:
        log.info("cleaning_put_off", code=trouble.code)
        wait = OUR_TROUBLE.first
    else:
        return
    leftovers.put_off(site_id, now=clock(), until=clock() + wait)


def _ask_for_tasks(client: JiraClient, site_id: UUID, clock: Clock, go_on: Callable[[], None]) -> None:
    waiting = leftovers.due(site_id, clock()).exclude(task="").order_by()
    for task in list(waiting.values_list("task", flat=True).distinct()):
        go_on()
        rows = Leftover.objects.filter(site=site_id, task=task)
        match removing.progress(client, task):
            case Progress.DONE:
                rows.delete()
            case Progress.FAILED:
                leftovers.one_by_one(rows, now=clock())
            case Progress.UNDER_WAY:
                rows.update(not_before=clock() + TASK_TAKES)


def _remove_together(client: JiraClient, site_id: UUID, clock: Clock, go_on: Callable[[], None]) -> None:
    """Give the work items of which nothing was refused yet to a task of Jira's."""
    while True:
        fresh = leftovers.due(site_id, clock()).filter(comment="", task="", attempts=0)
        items = dict(fresh.values_list("pk", "item")[: removing.MOST])
        if len(items) < FEWEST_TOGETHER:
            return
        go_on()
        rows = Leftover.objects.filter(pk__in=items)
        try:
            task = removing.remove_marks(client, items.values(), timeout=CALL_SECONDS)
        except RemoteRefused as refused:
            _raise_if_about_the_site(refused)
            leftovers.one_by_one(rows, now=clock())
        else:
            leftovers.begun(items.keys(), task=task, until=clock() + TASK_TAKES)


def _remove_singly(client: JiraClient, site_id: UUID, clock: Clock, go_on: Callable[[], None]) -> None:
    while rows := list(leftovers.due(site_id, clock()).filter(task="")[:AT_ONCE]):
        for row in rows:
            go_on()
            _remove(client, row, clock)


def _remove(client: JiraClient, row: Leftover, clock: Clock) -> None:
    try:
        if row.comment:
            removing.remove_copy_mark(client, row.comment, timeout=CALL_SECONDS)
        else:
            write.remove_mark(client, row.item, timeout=CALL_SECONDS)
    except RemoteRefused as refused:
        _raise_if_about_the_site(refused)
        leftovers.refused(row, now=clock())
    else:
        leftovers.done([row.pk])


def _raise_if_about_the_site(refused: RemoteRefused) -> None:
    """Let pass what says nothing about a single work item: the site is elsewhere, or takes no signature."""
    if isinstance(refused, RemoteMoved) or refused.status == 401:
        raise refused


def _seek(client: JiraClient, site_id: UUID, clock: Clock, go_on: Callable[[], None]) -> None:
    """Look for what came of writes that were under way when their synchronization was deleted."""
    for late in leftovers.late_writes_due(site_id, clock()):
        go_on()
        made = list(_made(client, late))
        with transaction.atomic():
            for item, comment in made:
                leftovers.found(late, item=item, comment=comment, now=clock())
            leftovers.settled(late)
            if made:
                queue.wake(Job.REMOVE_PROPERTIES, now=clock())


def _made(client: JiraClient, late: LateWrite) -> Iterable[tuple[str, str]]:
    """Give the work item or comment that bears the write's nonce; there is none where it did not happen."""
    nonce = str(late.nonce)
    try:
        if late.item:
            copies = read.comments(client, late.item)
            return [(late.item, one.id) for one in copies if one.by_us and one.mark == nonce]
        created = read.created_by_us(client, late.space, late.since - CLOCKS_APART)
        return [(one.id, "") for one in created if one.mark is not None and one.mark.nonce == nonce]
    except RemoteRefused as refused:
        if not isinstance(refused, RemoteMissing):
            _raise_if_about_the_site(refused)
        return []  # the work item or its space is gone, or is not shown to us any more
