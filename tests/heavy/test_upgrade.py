"""An upgrade while everybody works: the former release on this one's tables, then this one in its place.

The former release is taken from the repository's history. Both web servers are handed the socket that this
test holds, as systemd holds that of ``backbone-web.socket``: who calls while one is replaced waits for the
next. So no request is made again: what is refused, breaks, is answered badly or not at all, failed.

``.ci/run`` leaves the long batteries out, so a shallow clone is enough for it. Where ``make heavy`` finds no
history it skips this story and says why; with CI=true nobody would read that, so there it fails.
"""

import io
import os
import socket
import subprocess
import sys
import tarfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg
import pytest
import requests

from jira_sandbox.demo import record
from jira_sandbox.demo.agreements import agree_on_one_site
from jira_sandbox.demo.checker import judge
from jira_sandbox.demo.history import Change, label_cell
from jira_sandbox.demo.people import Person
from jira_sandbox.demo.stage import Stage, served, wait_for
from jira_sandbox.demo.trouble import Refused
from jira_sandbox.demo.visitor import Visitor
from jira_sandbox.state.site import Site
from jira_sandbox.wire import OutgoingCall, Send
from tests.migrations.test_old_code import FORMER_RELEASE
from tests.support import databases, environment
from tests.support.databases import WORK_LEFT, Database
from tests.support.processes import MANAGE, ROOT, UNDER_WAY, WORKERS, Environment, process, settings
from tests.support.survival import SOONER

pytestmark = pytest.mark.heavy
SECONDS = 8.0
"""How long people work on each of: old code on old tables, old on new, new on new."""
PATIENCE = 60.0
NO_HISTORY = "the repository's history is not here, so there is no former release to run"
WEB = (sys.executable, "-m", "gunicorn", "backbone_app.wsgi", "--no-control-socket")


@dataclass(slots=True)
class Meter:
    """How requests went: answered well, or not."""

    counts: Counter[str] = field(default_factory=Counter)

    def made(self, request: Callable[[], object]) -> object:
        """Make a request, once, and count it; None where it failed."""
        try:
            given = request()
        except (requests.RequestException, Refused) as error:
            self.counts[f"{type(error).__name__}: {error}"] += 1
            return None
        self.counts["well"] += 1
        return given

    @property
    def failed(self) -> dict[str, int]:
        return {how: count for how, count in self.counts.items() if how != "well"}


class Busy(Stage):
    """A stage that counts how the app answers what Jira sends."""

    meter: Meter

    def deliver(self, send: Send) -> int:
        """Deliver what is due."""

        def counted(call: OutgoingCall) -> int:
            status = self.meter.made(lambda: send(call))
            if isinstance(status, int) and status >= 400:
                self.meter.counts[f"webhook answered {status}"] += 1
            return status if isinstance(status, int) else 503

        return super().deliver(counted)


def former_release(folder: Path) -> Path:
    """The tree as it was before the first migration after ``FORMER_RELEASE``."""
    names = sorted(path.name for path in (ROOT / "backbone_app" / "migrations").glob("0*.py"))
    first = next(name for name in names if name > f"{FORMER_RELEASE}.py")
    log = ["git", "log", "--diff-filter=A", "--format=%H", "-1", "--", f"backbone_app/migrations/{first}"]
    found = subprocess.run(log, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    archive = subprocess.run(["git", "archive", f"{found}^"], cwd=ROOT, capture_output=True, check=False)
    if not found or archive.returncode:
        assert os.environ.get("CI") != "true", NO_HISTORY
        pytest.skip(NO_HISTORY)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tree:
        tree.extractall(folder, filter="data")
    return folder


@dataclass(slots=True)
class Machine:
    """Web server and workers of one tree at a time, on one database."""

    environment: Environment
    directory: Path
    listening: socket.socket
    running: ExitStack = field(default_factory=ExitStack)

    def run(self, tree: Path) -> None:
        """Stop what runs, lanes first, and start what is in ``tree``; returns once it answers."""
        self.running.close()
        for name, (command, listening) in {"web": (WEB, self.listening), "workers": (WORKERS, None)}.items():
            log = self.directory / f"{tree.name}-{name}.log"
            started = process(command, self.environment, log=log, cwd=tree, listening=listening)
            self.running.enter_context(started)
        assert wait_for(lambda: is_up(self.environment["BACKBONE_BASE_URL"]), within=PATIENCE)

    def migrate(self, tree: Path) -> subprocess.CompletedProcess[str]:
        """Bring the database to the tree's version."""
        command = [*MANAGE, "migrate", "--no-input"]
        return subprocess.run(
            command, cwd=tree, env=self.environment, capture_output=True, text=True, check=False
        )


def is_up(address: str) -> bool:
    try:
        return bool(requests.get(f"{address}/atlassian-connect.json", timeout=2).ok)
    except (requests.ConnectionError, requests.Timeout):
        return False


@contextmanager
def people_at_work(stage: Busy, alice: Visitor, bob: Visitor, changes: list[Change]) -> Iterator[None]:
    """Alice and bob change work items and look at the app's pages until the end."""
    over = threading.Event()

    def work(name: str, space: str) -> None:
        person, number = Person(stage, name, space, changes=changes, secrets=[]), 0
        while not over.wait(1.0):
            number += 1
            item = person.create({"summary": f"{space} {number}"}).item
            person.edit(item, {label_cell(f"label-{number}"): "present", "priority": "High"})

    def look(visitor: Visitor) -> None:
        while not over.wait(0.5):
            stage.meter.made(visitor.look_again)

    workers = [threading.Thread(target=work, args=who) for who in (("alice", "ALPHA"), ("bob", "BETA"))]
    threads = [*workers, *(threading.Thread(target=look, args=(visitor,)) for visitor in (alice, bob))]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def refuses_to_wait_for_a_table_in_use(machine: Machine, database: Database) -> bool:
    """Whether a migration gives up, and changes nothing, while somebody reads a table it has to change."""
    with psycopg.connect(database.url) as reader:
        reader.execute("LOCK TABLE backbone_site IN ACCESS SHARE MODE")
        done = machine.migrate(ROOT)
    return done.returncode == 1 and "this migration has changed nothing" in done.stderr


def rest(database: Database, stage: Busy) -> bool:
    """Whether nothing is left to do, for two seconds on end."""
    since = time.monotonic()

    def quiet() -> bool:
        nonlocal since
        if stage.outbox or database.number(WORK_LEFT):
            since = time.monotonic()
        return time.monotonic() - since > 2

    return wait_for(quiet, within=90)


def installed(told: Environment, site: Site) -> tuple[Visitor, Visitor]:
    """Alice and bob on a site that has the app installed, and a synchronization that both agreed on."""
    address = {"descriptor_url": f"{told['BACKBONE_BASE_URL']}/atlassian-connect.json"}
    assert requests.post(f"{site.base_url}/_sandbox/install", json=address, timeout=PATIENCE).ok
    alice, bob = Visitor(site, "alice", "ALPHA"), Visitor(site, "bob", "BETA")
    agree_on_one_site(alice, bob, site.space("BETA").id)
    return alice, bob


def test_nobody_notices_an_upgrade(tmp_path: Path) -> None:
    former, stage = former_release(tmp_path / "former"), Busy(seed=3)
    meter = stage.meter = Meter()
    stage.limits.grace = UNDER_WAY
    database, changes = databases.postgres(environment.postgres_url()), list[Change]()
    with served(stage, 0), ExitStack() as ends:
        site = stage.sites["acme"]
        told = settings(tmp_path, jira=site.base_url, database=database.url) | SOONER
        port = int(told["BACKBONE_BASE_URL"].rpartition(":")[2])
        listening = ends.enter_context(socket.create_server(("127.0.0.1", port)))
        machine = Machine(told, tmp_path, listening)
        ends.callback(machine.running.close)
        assert machine.migrate(former).returncode == 0
        machine.run(former)

        with people_at_work(stage, *installed(told, site), changes):
            time.sleep(SECONDS)
            assert refuses_to_wait_for_a_table_in_use(machine, database)
            assert wait_for(lambda: machine.migrate(ROOT).returncode == 0, within=PATIENCE)
            time.sleep(SECONDS)
            machine.run(ROOT)
            time.sleep(SECONDS)
        assert rest(database, stage), f"{len(stage.outbox)} deliveries wait; {meter.counts}"
        history = record.everything(stage, changes, [])
    report = judge(replace(history, terms=replace(history.terms, ties=(("ALPHA", "BETA"),))))

    print(f"\nupgrade: requests={meter.counts.total()} failed={sum(meter.failed.values())}", end=" ")
    print(f"changes={len(changes)} lost={report.lost} duplicates={report.duplicates}")
    assert meter.failed == {}
    assert (report.lost, report.duplicates) == (0, 0), report.faults
