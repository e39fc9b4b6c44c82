"""The app's processes: workers of two lanes on the real queue, web processes, and what starts them again."""

from collections import deque
from collections.abc import Callable, Mapping
from math import inf
from typing import Final

from django.db import connection
from django.db.models import Min
from django.utils.module_loading import import_string
from django_q.brokers import orm
from django_q.conf import Conf
from django_q.signing import SignedPackage

from backbone_app import queue
from backbone_app.jobs import JobFailed
from backbone_app.models import Delivery, Pair, Reconciliation
from backbone_app.models.pair import PairState
from backbone_app.queue import Broker, Job
from backbone_app.services import intake, vigil
from jira_sandbox.wire import OutgoingCall
from tests.simulation import chance
from tests.simulation.baton import Baton, Crash, Worker
from tests.simulation.clock import clock
from tests.simulation.stage import Link, is_for_nobody
from tests.support import app

LANES: Final = ("live", "live", "bulk")
"""Two processes work in the live lane, as on two machines."""
WEB: Final = 2
WAITING: Final = 'SELECT count(*) FROM django_q_ormq WHERE "key" = %s AND "lock" <= %s'
SOON: Final = (0.001, 0.05)
RESTART: Final = (0.5, 8.0)
Task = Callable[[Worker], None]


class Processes:
    """Everything of the app that runs."""

    def __init__(self, baton: Baton, links: Mapping[str, Link], *, seed: int) -> None:
        self.failed: list[str] = []
        self._baton = baton
        self._links = links
        self._seed = seed
        self._tasks: deque[Task] = deque()
        self._is_queued = True
        self.lanes = [
            Worker(baton, f"{lane}-{n}", _closing(self._lane_of(lane))) for n, lane in enumerate(LANES)
        ]
        self.web = [Worker(baton, f"web-{n}", _closing(self._serve)) for n in range(WEB)]
        orm.sleep = self._poll

    @property
    def all(self) -> list[Worker]:
        """Every worker."""
        return [*self.lanes, *self.web]

    def begin(self) -> None:
        """Start them all."""
        for worker in self.all:
            worker.begin()

    def queued(self) -> None:
        """Note that there may be a wake-up."""
        self._is_queued = True

    def wake(self) -> None:
        """Wake idle workers of the lanes that something waits in."""
        if not self._is_queued:
            return
        self._is_queued = False
        for lane in dict.fromkeys(LANES):
            idle = [each for each in self.lanes if each.is_idle and each.name.startswith(lane)]
            for worker in idle[: _waiting(lane)] if idle else ():
                worker.wake(chance.between(*SOON, self._seed, "soon", *worker.key))

    def do(self, task: Task) -> None:
        """Let a web process do something, as soon as one is free."""
        self._tasks.append(task)
        for worker in self.web:
            if worker.is_idle:
                worker.wake(0.001)
                return

    @property
    def is_idle(self) -> bool:
        """Whether nobody does anything."""
        return not self._tasks and all(worker.is_idle for worker in self.all)

    def send(self, worker: Worker) -> Callable[[OutgoingCall], int]:
        """Give the wire from Jira to the app, served by ``worker``.

        No answer comes of one that is killed, unless it had gone out when it was.
        """

        def send(call: OutgoingCall) -> int:
            answers: list[int] = []
            try:
                return self._taken(call, answers.append)
            except Crash:
                self._restart(worker)
                if answers:
                    return answers[0]
                raise ConnectionResetError("the web process is gone") from None

        return send

    def _taken(self, call: OutgoingCall, answered: Callable[[int], None]) -> int:
        """Let a web process take a call; what a linked site tells no page of ours goes in behind them."""
        link = self._links.get(call.site)
        if link is None or not is_for_nobody(call.url):
            return app.send(call, answered)
        identifier = call.headers.get("X-Atlassian-Webhook-Identifier")
        intake.take_in(site_id=link.site, body=call.body, identifier=identifier, now=clock.now())
        answered(200)
        return 200

    def _restart(self, worker: Worker) -> None:
        connection.close()
        worker.rise()

    # --- lanes ---------------------------------------------------------------------------------

    def _lane_of(self, lane: str) -> Callable[[Worker], None]:
        def work(worker: Worker) -> None:
            broker = Broker(list_key=lane)
            begin = True
            while True:
                try:
                    if begin:
                        vigil.started(lane, now=clock.now())
                        begin = False
                    if _waiting(lane):
                        self._take(broker)
                    else:
                        worker.wait()
                except Crash:
                    self._restart(worker)
                    begin = True
                    # What it held is offered again after a while, as django-q does.
                    self._baton.at(Conf.RETRY + 1, self.queued)
                    worker.sleep(chance.between(*RESTART, self._seed, "restart", *worker.key))

        return work

    def _take(self, broker: Broker) -> None:
        """Do one task as django-q does: take it, run it, tick it off."""
        for number, package in broker.dequeue() or ():
            task = SignedPackage.loads(package)
            try:
                import_string(task["func"])()
            except JobFailed as failed:
                self.failed.append(str(failed))
            broker.acknowledge(number)

    def _poll(self, seconds: float) -> None:
        """Wait as django-q does where another worker was faster."""
        worker = self._baton.current
        if worker is not None:
            worker.sleep(seconds)

    # --- web -----------------------------------------------------------------------------------

    def _serve(self, worker: Worker) -> None:
        while True:
            if not self._tasks:
                worker.wait()
                continue
            task = self._tasks.popleft()
            try:
                task(worker)
            except Crash:
                self._restart(worker)


def _closing(work: Callable[[Worker], None]) -> Callable[[Worker], None]:
    """Leave no connection to the database behind."""

    def done(worker: Worker) -> None:
        try:
            work(worker)
        finally:
            connection.close()

    return done


def _waiting(lane: str) -> int:
    """Count what waits in a lane; nobody's step."""
    raw = connection.connection
    if raw is None:
        connection.ensure_connection()
        raw = connection.connection
    marks = "?" if connection.vendor == "sqlite" else "%s"
    now = clock.now()
    moment = now.replace(tzinfo=None).isoformat(" ", "microseconds") if connection.vendor == "sqlite" else now
    query = WAITING.replace("%s", marks)
    (found,) = raw.execute(query, (lane, moment)).fetchone()
    return int(found)


def seconds_to_next_work() -> float:
    """Tell when something comes due by itself; 0 where something is, infinity where nothing ever does."""
    now = clock.now()
    due = Pair.objects.filter(due__gt=0, state=PairState.ACTIVE)
    undecided = Delivery.objects.filter(unpaired=True)
    if due.exclude(not_before__gt=now).exists() or undecided.exclude(not_before__gt=now).exists():
        return 0.0
    next_ones = (
        due.aggregate(first=Min("not_before"))["first"],
        undecided.aggregate(first=Min("not_before"))["first"],
        Reconciliation.objects.aggregate(first=Min("due_at"))["first"],
    )
    return min((max((each - now).total_seconds(), 0.0) for each in next_ones if each), default=inf)


def sweep() -> None:
    """Wake the sweep, as the supervisor does."""
    queue.wake(Job.SWEEP, now=clock.now())
