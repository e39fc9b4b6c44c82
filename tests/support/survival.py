"""A Jira in this process, the app in processes of its own, and a hand that kills some of them."""

import json
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import requests

from jira_sandbox.demo import record
from jira_sandbox.demo.agreements import agree_on_one_site
from jira_sandbox.demo.checker import judge
from jira_sandbox.demo.history import PRESENT, Change, Report, label_cell
from jira_sandbox.demo.people import Person
from jira_sandbox.demo.stage import Stage, served, wait_for
from jira_sandbox.demo.visitor import Visitor
from jira_sandbox.front import ConnectionLost
from jira_sandbox.outbox import Delivery
from jira_sandbox.wire import Request
from tests.support.databases import WORK_LEFT, Database
from tests.support.processes import (
    UNDER_WAY,
    WORKERS,
    Environment,
    children,
    group,
    process,
    serving,
    settings,
)

PATIENCE: Final = 30.0
QUIET_SECONDS: Final = 2.0
QUIET_WITHIN: Final = 240.0
SOONER: Final = {
    # The sandbox has no gateway that finishes late and no index that lags: this much less has to be waited.
    "BACKBONE_LATE_EFFECT_SECONDS": "1",
    "BACKBONE_INDEX_LAG_SECONDS": "1",
}


class Theatre(Stage):
    """A stage where Jira can be told to say nothing of what the app itself does.

    With such news an app learns of a write whose answer it never got; without, it has to ask.
    """

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.is_silent_about_app = False

    def post(self, delivery: Delivery) -> None:
        """Put a delivery on its way, unless it is about something that is kept quiet."""
        body = json.loads(delivery.body)
        actor = body.get("user") or body["comment"]["updateAuthor"]
        ours = actor["accountId"] == self.sites[delivery.site].app.user.account_id
        if not (ours and self.is_silent_about_app):
            super().post(delivery)


@dataclass(slots=True)
class App:
    """The app's processes; its workers can be started again and again."""

    environment: Environment
    directory: Path
    ends: ExitStack
    supervisor: subprocess.Popen[bytes] = field(init=False)

    @property
    def log(self) -> Path:
        """What the workers say."""
        return self.directory / "workers.log"

    def start_workers(self) -> None:
        """Start the workers, and wait until each lane has one that works."""
        before = self._said()
        self.supervisor = self.ends.enter_context(process(WORKERS, self.environment, log=self.log))
        assert wait_for(lambda: self._ready_since(before), within=PATIENCE), self.log.read_text()

    def leaders(self) -> set[int]:
        """The processes that lead a lane's group."""
        return children(self.supervisor.pid)

    def groups(self) -> set[int]:
        """All processes of all lanes."""
        return {each for leader in self.leaders() for each in group(leader)}

    def worker(self, lane: str = "live") -> int:
        """The process that works in the lane."""
        ready = [one["process"] for one in self._said() if one["lane"] == lane]
        return int(ready[-1])

    def leader(self, lane: str = "live") -> int:
        """The process that leads the lane's group."""
        return os.getpgid(self.worker(lane))

    def _ready_since(self, before: list[dict[str, str]]) -> bool:
        return len(self._said()) - len(before) >= len(self.leaders()) > 0

    def _said(self) -> list[dict[str, str]]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [json.loads(line) for line in lines if '"worker_ready"' in line and line.endswith("}")]


@dataclass(slots=True)
class Stand:
    """Everything a test of survival needs: the Jira, the app, its database, and alice and bob at work."""

    stage: Theatre
    app: App
    database: Database
    changes: list[Change] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let both come in."""
        for name, space in (("alice", "ALPHA"), ("bob", "BETA")):
            self.people[space] = Person(self.stage, name, space, changes=self.changes, secrets=[])

    def twin_of(self, item: str) -> str:
        """Wait for the twin of an item and give its id."""
        found: list[str] = []

        def look() -> bool:
            with self.stage.lock:
                found[:] = [each.id for each in record.family_of(self.stage, item) if each.id != item]
            return bool(found)

        assert wait_for(look, within=PATIENCE), self.app.log.read_text()[-3000:]
        return found[0]

    def copies_on(self, item: str) -> int:
        """How many comments the app has written on the item."""
        with self.stage.lock:
            account = self.stage.home_of(item).app.user.account_id
            return sum(each.author == account for each in self.stage.issue(item).comments)

    def wait_until_quiet(self) -> None:
        """Wait until nothing is due, under way or waiting to be delivered any more."""
        since = time.monotonic()

        def quiet() -> bool:
            nonlocal since
            if self.stage.outbox or self.database.number(WORK_LEFT):
                since = time.monotonic()
            return time.monotonic() - since >= QUIET_SECONDS

        assert wait_for(quiet, within=QUIET_WITHIN), self.app.log.read_text()[-5000:]

    def report(self) -> Report:
        """Follow every change that anybody made."""
        with self.stage.lock:
            history = record.everything(self.stage, self.changes, [])
        return judge(replace(history, terms=replace(history.terms, ties=(("ALPHA", "BETA"),))))


@contextmanager
def stand(directory: Path, database: Database, *, seed: int) -> Iterator[Stand]:
    """ALPHA and BETA in step, by an app whose web server and workers are processes."""
    stage = Theatre(seed)
    stage.limits.grace = UNDER_WAY
    with served(stage, 0), ExitStack() as ends:
        site = stage.sites["acme"]
        environment = settings(directory, jira=site.base_url, database=database.url) | SOONER
        ends.enter_context(serving(environment, directory))
        app = App(environment, directory, ends)
        app.start_workers()
        descriptor = f"{environment['BACKBONE_BASE_URL']}/atlassian-connect.json"
        installed = requests.post(
            f"{site.base_url}/_sandbox/install", json={"descriptor_url": descriptor}, timeout=PATIENCE
        )
        assert installed.ok, installed.text
        alice, bob = Visitor(site, "alice", "ALPHA"), Visitor(site, "bob", "BETA")
        agree_on_one_site(alice, bob, site.space("BETA").id)
        yield Stand(stage, app, database)
    assert stage.limits.violations == []


# --- kills -------------------------------------------------------------------------------------

CALLS: Final = {
    "create": ("POST", r"/issue$"),
    "edit": ("PUT", r"/issue/{twin}$"),
    "transition": ("POST", r"/issue/{twin}/transitions$"),
    "comment": ("POST", r"/issue/{twin}/comment$"),
    "comment changed": ("PUT", r"/issue/{twin}/comment/[0-9]+$"),
    "comment deleted": ("DELETE", r"/issue/{twin}/comment/[0-9]+$"),
}
MOMENTS: Final = ("before", "after", "answered")
"""Before the call has its effect; after it, before the answer is read; up to 30 ms after the answer."""
VICTIMS: Final = ("worker", "lane", "everything")


@dataclass(frozen=True, slots=True)
class Killing:
    """Whom to kill at which moment of which call, and whether Jira says nothing of what the app does then."""

    kind: str
    moment: str
    victim: str
    delay: float
    is_silent: bool


def killings(seed: int, runs: int) -> list[Killing]:
    """Draw ``runs`` killings: every kind of call in turn, moment, victim and delay by chance."""
    chance = random.Random(seed)
    kinds = list(CALLS) * (runs // len(CALLS) + 1)
    chance.shuffle(kinds)
    return [
        Killing(
            kind,
            chance.choice(MOMENTS),
            chance.choice(VICTIMS),
            chance.uniform(0, 0.03),
            chance.random() < 0.5,
        )
        for kind in kinds[:runs]
    ]


class Killer:
    """Kills once, when the call comes."""

    def __init__(self, app: App, killing: Killing) -> None:
        self.struck = threading.Event()
        self._app = app
        self._killing = killing

    def wait_for_call(self, stage: Theatre, *, twin: str, summary: str) -> None:
        """Let it strike at the next such call; a creation is known by its summary."""
        method, path = CALLS[self._killing.kind]
        stage.is_silent_about_app = self._killing.is_silent
        when = stage.hooks.before if self._killing.moment == "before" else stage.hooks.after

        def act(request: Request) -> None:
            if self._killing.kind == "create" and summary.encode() not in request.body:
                when(method, path, act)  # somebody else's: wait on
            else:
                self._strike()

        when(method, path.format(twin=twin), act)

    def _strike(self) -> None:
        if self._killing.moment == "answered":
            threading.Timer(self._killing.delay, self._kill).start()
            return
        self._kill()
        if self._killing.moment == "before":
            raise ConnectionLost("whoever asked is dead")

    def _kill(self) -> None:
        app = self._app
        match self._killing.victim:
            case "worker":
                os.kill(app.worker(), signal.SIGKILL)
            case "lane":
                os.killpg(app.leader(), signal.SIGKILL)
            case "everything":
                leaders = app.leaders()
                app.supervisor.kill()
                for leader in leaders:
                    os.killpg(leader, signal.SIGKILL)
        self.struck.set()


def survive(stand: Stand, killing: Killing, number: int) -> None:
    """Let people work on one pair of their own, kill at the chosen call, and see that all starts again."""
    here = "ALPHA" if killing.kind == "transition" or number % 2 else "BETA"
    there = "BETA" if here == "ALPHA" else "ALPHA"
    mine, others = stand.people[here], stand.people[there]
    killer, summary = Killer(stand.app, killing), f"Lamp {number} in {here}"
    if killing.kind == "create":
        killer.wait_for_call(stand.stage, twin="", summary=summary)
    item = mine.create({"summary": summary, "priority": "High", label_cell("hall"): PRESENT}).item
    if killing.kind != "create":
        twin = stand.twin_of(item)
        said = mine.comment(item, f"Before {number}")
        assert wait_for(lambda: stand.copies_on(twin) == 1, within=PATIENCE)
        killer.wait_for_call(stand.stage, twin=twin, summary=summary)
        _act(killing.kind, mine, item, said, number)
        others.edit(twin, {label_cell("there"): PRESENT})
        others.comment(twin, f"Seen {number}")
    mine.edit(item, {"priority": "Low"})
    assert killer.struck.wait(PATIENCE), f"{killing}: {stand.app.log.read_text()[-3000:]}"
    stand.stage.is_silent_about_app = False
    if killing.victim == "everything":
        stand.app.supervisor.wait()
        stand.app.start_workers()


def _act(kind: str, person: Person, item: str, said: Change, number: int) -> None:
    acts: dict[str, Callable[[], object]] = {
        "edit": lambda: person.edit(item, {"summary": f"Mended {number}", "duedate": "2027-01-01"}),
        "transition": lambda: person.move(item, "In Progress"),
        "comment": lambda: person.comment(item, f"Once only {number}"),
        "comment changed": lambda: person.rewrite(said, f"Changed {number}"),
        "comment deleted": lambda: person.erase(said),
    }
    acts[kind]()
