"""Drop what is kept too long, a few rows at a time, as long as there is any.

Every table has a bound: an age here, or something that bounds it by itself
(``tests/services/test_bounds.py`` knows each). What somebody still needs stays,
however old: a delivery that a pair has yet to look at, a write whose outcome
is open, whatever a line of the activity feed refers to.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django_q.models import OrmQ, Task

from backbone_app import queue
from backbone_app.ledger import audit, heartbeats, journal, leases, unfinished
from backbone_app.models import (
    ApplicationLink,
    AuditEntry,
    Delivery,
    DeliveryUse,
    DownloadTicket,
    ForgeInstallation,
    Intent,
    LinkAttempt,
    Notice,
    NoticeAddress,
    NoticeMail,
    Pace,
    Pair,
    Pause,
    Spending,
    Unfinished,
    WorkflowStep,
)
from backbone_app.models.intent import IntentState
from backbone_app.queue import Job

BATCH: Final = 1_000
"""So many rows are touched by one statement."""
BUDGET: Final = timedelta(seconds=5)
"""How long one run goes on: the lane's other jobs want their turn."""
BODY_KEPT: Final = timedelta(hours=72)
DELETIONS: Final = ("jira:issue_deleted", "comment_deleted")
"""Events that no later read can stand for."""

Clock = Callable[[], datetime]
Drop = Callable[[datetime, int], int]
"""Drop at most so many rows or contents that are too old at that time; how many there were."""
Old = Callable[[datetime], "QuerySet[Any]"]

OLD: Final[Mapping[str, Old]] = MappingProxyType(
    {
        "Delivery": lambda now: Delivery.objects.filter(
            received_at__lt=now - timedelta(days=7), uses__isnull=True, unpaired=False
        ),
        "Intent": lambda now: Intent.objects.filter(
            started_at__lt=now - timedelta(days=90),
            state__in=(IntentState.DONE, IntentState.VOID),
            journal__isnull=True,
        ),
        "Pause": lambda now: Pause.objects.filter(until__lt=now - timedelta(days=1)),
        "Pace": lambda now: Pace.objects.filter(free_at__lt=now - timedelta(hours=1)),
        "Spending": lambda now: Spending.objects.filter(hour__lt=now - timedelta(hours=48)),
        "WorkflowStep": lambda now: WorkflowStep.objects.filter(seen_at__lt=now - timedelta(days=180)),
        "AuditEntry": lambda now: AuditEntry.objects.filter(at__lt=now - audit.KEPT),
        "ForgeInstallation": lambda now: ForgeInstallation.objects.filter(
            site=None, seen_at__lt=now - timedelta(days=90)
        ),
        "Notice": lambda now: Notice.objects.filter(at__lt=now - timedelta(days=3)),
        "NoticeMail": lambda now: NoticeMail.objects.filter(made_at__lt=now - timedelta(days=30)),
        "NoticeAddress": lambda now: NoticeAddress.objects.filter(
            confirmed_at=None, confirm_until__lt=now - timedelta(days=30)
        ),
        "LinkAttempt": lambda now: LinkAttempt.objects.filter(
            Q(ended_at__lt=now - timedelta(days=30)) | Q(expires_at__lt=now - timedelta(days=30))
        ),
        "ApplicationLink": lambda now: ApplicationLink.objects.filter(
            client_id="", created_at__lt=now - timedelta(days=30)
        ),
        "DownloadTicket": lambda now: DownloadTicket.objects.filter(expires_at__lt=now),
        "Unfinished": lambda now: Unfinished.objects.filter(touched_at__lt=now - unfinished.KEPT),
        "Task": lambda now: Task.objects.filter(stopped__lt=now - timedelta(days=7)),
        "OrmQ": lambda now: OrmQ.objects.filter(lock__lt=now - timedelta(days=1)),
    }
)
"""By table, the rows that go: wake-ups that nobody took for a day among them, the sweep sends new ones."""


def tidy(clock: Clock) -> None:
    """Drop what is too old, for at most ``BUDGET``; what is left then goes in a further run."""
    queue.taken(Job.TIDY)
    heartbeats.end(heartbeats.TIDY, now=clock())
    end = clock() + BUDGET
    for drop in (_uses, _bodies, journal.forget_values, journal.prune, *map(_rows, OLD.values())):
        while drop(clock(), BATCH) == BATCH:
            if clock() >= end or queue.must_yield(Job.TIDY, since=end - BUDGET):
                queue.wake(Job.TIDY, now=clock())
                return


def _uses(now: datetime, limit: int) -> int:
    """Tick off what pairs left waiting for longer than there are bodies: they read both their sides instead.

    A pair that something stands in the way of, or that somebody ignores, would
    keep everything that ever happened to it.
    """
    old = DeliveryUse.objects.filter(delivery__received_at__lt=now - BODY_KEPT)
    chosen = old.exclude(delivery__event__in=DELETIONS).values_list("pk", "pair_id")[:limit]
    by_use = dict(chosen)
    with transaction.atomic():
        pair_ids = leases.at_rest(set(by_use.values()))
        Pair.objects.filter(pk__in=pair_ids).update(incomplete=True)
        ids = [use for use, pair_id in by_use.items() if pair_id in pair_ids]
        DeliveryUse.objects.filter(pk__in=ids).delete()
    return len(ids)


def _bodies(now: datetime, limit: int) -> int:
    """Drop bodies that nobody used in ``BODY_KEPT``; a pair that waits for one reads both its sides."""
    old = Delivery.objects.filter(received_at__lt=now - BODY_KEPT).exclude(body_sealed=b"")
    ids = list(old.values_list("pk", flat=True)[:limit])
    with transaction.atomic():
        Pair.objects.filter(uses__delivery__in=ids).update(incomplete=True)
        Delivery.objects.filter(pk__in=ids).update(body_sealed=b"")
    return len(ids)


def _rows(old: Old) -> Drop:
    def drop(now: datetime, limit: int) -> int:
        ids = list(old(now).order_by().values_list("pk", flat=True)[:limit])
        # Asked again with the ids: what somebody has begun to need meanwhile stays.
        old(now).filter(pk__in=ids).delete()
        return len(ids)

    return drop
