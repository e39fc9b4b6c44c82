"""Job names and ``wake``: the only door to django-q2.

The queue carries wake-ups only. Which pairs are due, in what order and how
often is in our own tables; a lost wake-up costs time, never work.

This module sits above ``models``, because the row that keeps wake-ups from piling
up is a table like any other.

django-q packs with pickle, and runs whatever function a package or a row of its
schedules names: whoever could write into its tables would run what he likes.
So a package is signed with a key of its own, is opened without making anything
but plain values, and is taken, or made, only where it is a wake-up of one of our
jobs. Results are in the same format and unsigned: none is stored (``cached`` in
the settings), as django-q reads the row of a task that failed before.
"""

import io
import os
import pickle
import signal
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from mmap import mmap
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver
from django.utils.crypto import salted_hmac
from django_q import core_signing
from django_q.brokers.orm import ORM
from django_q.cluster import Cluster
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.signals import post_execute_in_worker, post_spawn, pre_enqueue, pre_execute
from django_q.tasks import async_task

from backbone_app import metrics
from backbone_app.models import WakeUp
from backbone_app.models.prepared import Rows, Update

Conf.SECRET_KEY = salted_hmac("backbone_app.queue", "packages", algorithm="sha256").hexdigest()
"""What signs packages: of Django's key, but not that key; django-q asks for it at each package."""

STALE_AFTER: Final = timedelta(seconds=30)
_ENDING: Final = mmap(-1, 1)
"""One byte that a lane's processes share across their forks, without a lock that a killed one could keep."""

log = structlog.get_logger()


class Lane(StrEnum):
    """A cluster of workers of its own; the names are in ``settings.Q_CLUSTER``."""

    LIVE = "live"
    BULK = "bulk"


class Job(StrEnum):
    """What can be woken: the dotted path of a function in ``jobs``."""

    PAIR_UP = "backbone_app.jobs.pair_up"
    SYNC = "backbone_app.jobs.sync"
    SYNC_BULK = "backbone_app.jobs.sync_bulk"
    RECONCILE = "backbone_app.jobs.reconcile"
    SWEEP = "backbone_app.jobs.sweep"
    TIDY = "backbone_app.jobs.tidy"
    MAINTAIN_SITES = "backbone_app.jobs.maintain_sites"
    REMOVE_PROPERTIES = "backbone_app.jobs.remove_properties"
    FOLLOW_DEPARTURES = "backbone_app.jobs.follow_departures"
    FOLLOW_LICENCES = "backbone_app.jobs.follow_licences"
    FOLLOW_HOOKS = "backbone_app.jobs.follow_hooks"
    FOLLOW_LINKS = "backbone_app.jobs.follow_links"
    REPORT_ACCOUNTS = "backbone_app.jobs.report_accounts"
    SEND_NOTICES = "backbone_app.jobs.send_notices"
    BEAT_LIVE = "backbone_app.jobs.beat_live"
    BEAT_BULK = "backbone_app.jobs.beat_bulk"


LANE_OF: Final[Mapping[Job, Lane]] = {
    Job.PAIR_UP: Lane.LIVE,
    Job.SYNC: Lane.LIVE,
    Job.SYNC_BULK: Lane.BULK,
    Job.RECONCILE: Lane.BULK,
    Job.SWEEP: Lane.LIVE,
    Job.TIDY: Lane.BULK,
    Job.MAINTAIN_SITES: Lane.BULK,
    Job.REMOVE_PROPERTIES: Lane.BULK,
    Job.FOLLOW_DEPARTURES: Lane.BULK,
    Job.FOLLOW_LICENCES: Lane.BULK,
    Job.FOLLOW_HOOKS: Lane.BULK,
    Job.FOLLOW_LINKS: Lane.BULK,
    Job.REPORT_ACCOUNTS: Lane.BULK,
    Job.SEND_NOTICES: Lane.BULK,
    Job.BEAT_LIVE: Lane.LIVE,
    Job.BEAT_BULK: Lane.BULK,
}
"""Where each job is done: what people wait for apart from what takes long."""
BEATS: Final[Mapping[Lane, Job]] = {Lane.LIVE: Job.BEAT_LIVE, Lane.BULK: Job.BEAT_BULK}
"""What goes through a lane to show that it is alive."""


class NoWakeUp(ValueError):
    """Something is to be queued, or was found there, that is no wake-up of one of our jobs."""


class Broker(ORM):  # type: ignore[misc]  # django-q is untyped
    """django-q's queue in the database, which hands out wake-ups and drops everything else with an alarm."""

    @staticmethod
    def get_connection(list_key: str | None = None) -> QuerySet[OrmQ]:
        """Give the packages, oldest first: django-q asks for any of them, and PostgreSQL gives any."""
        packages: QuerySet[OrmQ] = ORM.get_connection(list_key).order_by("pk")
        return packages

    def dequeue(self) -> list[tuple[int, str]]:
        """Take what is next, after django-q's pause where there is nothing."""
        return [taken for taken in super().dequeue() or [] if self._is_ours(*taken)]

    def _is_ours(self, row: int, package: str) -> bool:
        try:
            task = core_signing.loads(package, key=Conf.SECRET_KEY, salt=Conf.PREFIX, serializer=_Plain)
            _only_wake_ups(task)
        except _REFUSED as reason:
            log.critical("package_refused", package=row, reason=type(reason).__name__)
            metrics.PACKAGES_REFUSED.up()
            self.fail(row)
            return False
        return True


_REFUSED: Final = (
    *(core_signing.BadSignature, NoWakeUp, pickle.UnpicklingError, zlib.error),
    *(AttributeError, EOFError, LookupError, TypeError, ValueError),  # what else pickle raises at nonsense
)
_PLAIN: Final = {("datetime", "datetime"), ("datetime", "timezone"), ("datetime", "timedelta")}
_OF_A_WAKE_UP: Final = frozenset(
    {"id", "name", "func", "args", "kwargs", "started", "cluster", "group", "ack_failure", "cached"}
)
"""What django-q puts into a package of ours; not ``hook``, ``chain`` or ``sync``: they run something else."""


class _Plain:
    """Opens a package as django-q's own serializer does, for plain values only."""

    @staticmethod
    def loads(data: bytes) -> Any:
        return _Values(io.BytesIO(data)).load()


class _Values(pickle.Unpickler):
    """Calls nothing but what makes a moment."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _PLAIN:
            raise NoWakeUp("Something else than plain values is packed.")
        return super().find_class(module, name)


@receiver(pre_enqueue)
def _only_wake_ups(task: Any, **_: object) -> None:
    """Refuse what does not wake one of our jobs; django-q asks before it signs, for its schedules too."""
    is_one = isinstance(task, dict) and task.keys() <= _OF_A_WAKE_UP
    if not is_one or task.get("func") not in set(Job) or task.get("args") or task.get("kwargs"):
        raise NoWakeUp("The queue carries wake-ups of jobs only.")


def lanes() -> tuple[Lane, ...]:
    """Name the lanes there are: on SQLite, which has one writer, everything is done in one."""
    return tuple(Lane(name) for name in settings.BACKBONE_LANES)


def lane_of(job: Job) -> Lane:
    """Where ``job`` is done here."""
    return LANE_OF[job] if LANE_OF[job] in lanes() else lanes()[0]


_LOCKED: Final = Rows(
    lambda job: WakeUp.objects.select_for_update().filter(job=job).values_list("pending", "at")
)
_SEND: Final = Update(lambda job, now: (WakeUp.objects.filter(job=job), {"pending": True, "at": now}))
_TAKE: Final = Update(lambda job: (WakeUp.objects.filter(job=job), {"pending": False}))


def wake(job: Job, *, now: datetime) -> bool:
    """Send one wake-up for ``job`` unless one is pending; returns whether one was sent.

    Call it last in a transaction: the queue's own row commits or rolls back
    with the work it announces. The row is locked even when a wake-up is
    pending: otherwise a drain could clear the flag and look for work between
    this check and our commit, and what we commit would wait for the sweeper.
    A wake-up that nobody took within ``STALE_AFTER`` counts as lost.
    """
    with transaction.atomic():
        if not (row := _LOCKED(job)):
            WakeUp.objects.get_or_create(job=job, defaults={"pending": False, "at": now})
            row = _LOCKED(job)
        ((is_pending, at),) = row
        if is_pending and at >= now - STALE_AFTER:
            return False
        _SEND(job, now)
        async_task(str(job), q_options={"cluster": str(lane_of(job))})
    return True


def taken(job: Job) -> None:
    """Note that the drain has begun: what becomes due from here on needs a new wake-up.

    Called before the drain looks for work; the other way round, work that
    arrives between the look and the flip would wait for the sweeper.
    """
    _TAKE(job)


def is_pending(job: Job) -> bool:
    """Whether a wake-up for ``job`` is on its way."""
    return WakeUp.objects.filter(job=job, pending=True).exists()


def forget_pending(lane: Lane) -> None:
    """Count the lane's pending wake-ups as lost: who held them is gone."""
    jobs = [job for job in Job if lane_of(job) is lane]
    WakeUp.objects.filter(job__in=jobs).update(pending=False)


def serve(lane: Lane, *, begin: Callable[[timedelta], None], end: Callable[[], None]) -> None:
    """Be the cluster of ``lane`` until SIGTERM or SIGINT; what runs then ends first.

    ``begin`` is called in the worker before each job, with the longest it may
    take, ``end`` after it. ValueError in the process of another lane: django-q
    reads ``Q_CLUSTER_NAME`` when it is imported.
    """
    if lane != Conf.CLUSTER_NAME:
        raise ValueError(f"This process was started for the lane {Conf.CLUSTER_NAME}.")
    longest = timedelta(seconds=Conf.TIMEOUT)
    post_spawn.connect(lambda **_: log.info("worker_ready", lane=str(lane), process=os.getpid()), weak=False)
    pre_execute.connect(lambda **_: begin(longest), weak=False)
    post_execute_in_worker.connect(lambda **_: end(), weak=False)
    cluster = Cluster()

    def wind_down(_number: int, _frame: object) -> None:
        _ENDING[0] = 1
        if cluster.sentinel is None:
            raise SystemExit(0)
        cluster.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, wind_down)
    cluster.start()
    cluster.sentinel.join()


def is_ending() -> bool:
    """Whether this lane was asked to end: no drain takes further work."""
    return bool(_ENDING[0])


def must_yield(job: Job, *, since: datetime) -> bool:
    """Whether ``job``, at work ``since`` then, is to take no further work: its lane ends, or people wait.

    Where one worker does both, what people just did comes before what takes long.
    """
    if is_ending() or lane_of(job) is LANE_OF[job]:
        return is_ending()
    return WakeUp.objects.filter(job=Job.SYNC, pending=True, at__gt=since).exists()
