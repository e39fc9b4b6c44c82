"""What the tests of the rig have a process of the rig do."""

import os
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from django.core.signals import request_finished
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django_q.models import OrmQ

from backbone_app.gateway import clocks
from backbone_app.models import Pair, Site, Synchronization
from backbone_app.models.pair import PairLane
from jira_sandbox.weather.sites import Down
from jira_sandbox.wire import OutgoingCall
from tests.simulation import faults, script, timeline
from tests.simulation.baton import Baton, Crash, Worker
from tests.simulation.clock import MICRO, clock
from tests.simulation.database.fencing import Fence
from tests.simulation.database.watched import watching
from tests.simulation.faults import Rates
from tests.simulation.ground import Grounds
from tests.simulation.life import Options, _Life
from tests.simulation.processes import Processes
from tests.support.app import DESCRIPTOR


@dataclass(slots=True)
class Will:
    """What a worker left: its rows, what it told, the points that it passed."""

    rows: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)


class Reaper:
    """Kills the worker at the first point of that name."""

    def __init__(self, baton: Baton, fatal: str) -> None:
        self.will = Will()
        self.fence = Fence()
        self._baton = baton
        self._fatal = fatal

    def worker(self) -> Worker | None:
        """Who has the baton."""
        return self._baton.current

    def point(self, worker: Worker, label: str, *, may_wait: bool) -> None:
        """Note the point, and kill at the fatal one; nobody waits."""
        self.will.points.append(label if may_wait else f"{label} (goes on)")
        if label == self._fatal:
            worker.die()

    def wrote(self, sql: str) -> None:
        """Nobody wants to know."""


def killed(grounds: Grounds, fatal: str) -> Will:
    """Let a worker write in a transaction, with a hook and a ``finally``, and kill it at a point."""
    grounds.ground(0, seed=0)
    baton = Baton()
    reaper = Reaper(baton, fatal)
    will = reaper.will

    def work(_worker: Worker) -> None:
        try:
            with transaction.atomic():
                OrmQ.objects.create(key="lane", payload="inside", lock=timezone.now())
                transaction.on_commit(lambda: will.told.append("hook"))
        except Crash:
            will.told.append("crash")
            raise
        finally:
            try:
                OrmQ.objects.create(key="lane", payload="finally", lock=timezone.now())
            finally:
                connection.close()

    watching.append(reaper)
    try:
        Worker(baton, "worker", work).begin()
        while baton.turn():
            pass
    finally:
        watching.pop()
        clock.end()
    will.rows = list(OrmQ.objects.filter(key="lane").order_by("pk").values_list("payload", flat=True))
    return will


def read_clocks(grounds: Grounds) -> list[datetime]:
    """Read every clock of a life 90 minutes old: Django's, the machine's, the database's, ``monotonic``."""
    grounds.ground(0, seed=0)
    clock.micros = 5400 * MICRO
    OrmQ.objects.create(key="clock", payload="", lock=timezone.now())
    row = OrmQ.objects.filter(key="clock").annotate(read=Now()).get()
    try:
        return [
            clock.now(),
            timezone.now(),
            datetime.fromtimestamp(time.time(), UTC),
            row.read,
            row.lock,
            clock.now() if time.monotonic() == 5400.0 else datetime.min.replace(tzinfo=UTC),
        ]
    finally:
        clock.end()


def draw_bytes(grounds: Grounds, seed: int) -> bytes:
    """Draw what looks random in a life."""
    grounds.ground(0, seed=seed)
    try:
        return os.urandom(8)
    finally:
        clock.end()


def clock_of_the_machine(_grounds: Grounds) -> datetime:
    """Read the clock outside of any life."""
    return timezone.now()


def first_short(_grounds: Grounds) -> int:
    """Find a seed of one site on which little happens and workers stand still now and then."""
    return next(seed for seed in count() if _is_short(seed))


def first_of_two(_grounds: Grounds) -> int:
    """Find a seed of two sites with one space each, both of which people begin in."""
    return next(seed for seed in count() if _begins_on_both(script.drawn(seed, frozenset())))


def happenings(_grounds: Grounds, seed: int, kind: str) -> list[str]:
    """Tell what is to happen in a life with such a second site."""
    return [str(each) for each in script.drawn(seed, faults.drawn(seed), kind).happenings]


def _begins_on_both(life: script.Script) -> bool:
    return life.layout == 1 and {each.space for each in life.happenings if each.kind == "create"} == {
        "ALPHA",
        "GOLD",
    }


def _is_short(seed: int) -> bool:
    drawn = faults.drawn(seed)
    life = script.drawn(seed, drawn)
    return (
        life.layout == 0
        and len(life.happenings) < 7
        and not drawn & set(script.DISASTERS)
        and Rates.of(seed, drawn).switch >= 0.05
    )


class _Spoiled(_Life):
    """Somebody gives a work item another summary, and no one learns of it."""

    def _live_through(self) -> None:
        super()._live_through()
        site = next(iter(self.jira.sites.values()))
        next(iter(site.issues.values())).fields["summary"] = "spoiled behind everybody's back"


class _Lingering(_Life):
    """Somebody goes on long after the script has ended; notes whether faults are over by then."""

    def _begin(self) -> None:
        super()._begin()
        self.calm: list[bool] = []
        self.crowd.later(self.script.end + 300, lambda: self.calm.append(self.director.is_calm))


class _Becalmed(_Life):
    """A site goes down for an hour and a half when all begins; notes in which of its minutes faults come."""

    def _begin(self) -> None:
        super()._begin()
        self.began = clock.now()
        self.faulty: set[int] = set()
        self.jira.weather.script(Down("acme"), lasting=timedelta(minutes=90), name="F11")

    def turn(self) -> None:
        if not self.director.is_calm:
            self.faulty.add((clock.now() - self.began) // timedelta(minutes=1))
        super().turn()


class _Misled(_Life):
    """All clocks were wrong up to now, and the news of the newest work item are lost."""

    def _live_through(self) -> None:
        super()._live_through()
        self.jira.sent_by = lambda _delivery: []
        self.crowd.act(replace(self.script.happenings[0], kind="create", number=9_999))
        self.jira.sent_by = self.sent
        for site in Site.objects.all():
            for _ in range(clocks.SAMPLES):
                clocks.measured(site, timedelta(minutes=10))


class _Deaf(_Life):
    """Somebody else answers in the app's stead when all is done, and says yes to whatever Jira tells."""

    def _live_through(self) -> None:
        super()._live_through()
        self.processes.send = lambda _worker: lambda _call: 204  # type: ignore[assignment,method-assign]
        self.crowd.act(replace(self.script.happenings[0], kind="edit", number=9_999))


class _Unwoken(_Life):
    """Pairs become due when all is done, and nobody is woken for them."""

    def _live_through(self) -> None:
        super()._live_through()
        Pair.objects.make_due(now=clock.now(), lane=PairLane.LIVE)
        self.rest()


class _Paused(_Life):
    """Every synchronization is paused when all is done, until an admin comes."""

    def _live_through(self) -> None:
        super()._live_through()
        Synchronization.objects.update(state="paused")


def lingered(grounds: Grounds, seed: int) -> list[bool]:
    """Tell whether the faults of a life were over when the last person acted."""
    life = _Lingering(grounds, Options(seed, ()))
    try:
        life.lived()
    finally:
        clock.end()
    return life.calm


def becalmed(grounds: Grounds, seed: int) -> set[int]:
    """Give the minutes of a life with an outage of an hour and a half in which there were faults."""
    life = _Becalmed(grounds, Options(seed, ()))
    try:
        life.lived()
    finally:
        clock.end()
    return life.faulty


def misled(grounds: Grounds, seed: int) -> tuple[str, ...]:
    """Tell what is wrong with a life at whose end the app takes clocks for wrong that are right."""
    try:
        return _Misled(grounds, Options(seed, ())).lived().violations
    finally:
        clock.end()


def deaf(grounds: Grounds, seed: int) -> tuple[str, ...]:
    """Tell what is wrong with a life at whose end the app is told of an edit and keeps nothing of it."""
    try:
        return _Deaf(grounds, Options(seed, ())).lived().violations
    finally:
        clock.end()


def unwoken(grounds: Grounds, seed: int) -> tuple[str, ...]:
    """Tell what is wrong with a life at whose end pairs wait for the sweep to find them."""
    try:
        return _Unwoken(grounds, Options(seed, ())).lived().violations
    finally:
        clock.end()


def paused(grounds: Grounds, seed: int) -> tuple[str, ...]:
    """Tell what is wrong with a life at whose end all synchronizations stand still."""
    try:
        return _Paused(grounds, Options(seed, ())).lived().violations
    finally:
        clock.end()


def killed_when_closing(grounds: Grounds) -> int:
    """Ask a web process that is killed once its answer has gone out; tell what the answer was."""
    grounds.ground(0, seed=0)
    processes = Processes(Baton(), {}, seed=0)
    worker = processes.web[0]

    def die(**_: object) -> None:
        worker.die()

    request_finished.connect(die)
    try:
        return processes.send(worker)(
            OutgoingCall(site="", method="GET", url=DESCRIPTOR, headers={}, body=b"")
        )
    finally:
        request_finished.disconnect(die)
        clock.end()


def spoiled(grounds: Grounds, seed: int) -> str:
    """Tell a life without faults at whose end a wrong value was planted."""
    try:
        return "\n".join(timeline.readable(_Spoiled(grounds, Options(seed, (), is_kept=True)).lived()))
    finally:
        clock.end()
