"""An upgrade while everybody works: the former release on this one's tables, then this one in its place.

The former release is taken from the repository's history. While the web server is replaced nobody listens for
a moment, and a connection that waits to be taken may break: the proxy waits for the one, browser and Jira ask
again after the other. So these are made again here too, and counted apart; what is answered badly, or not at
all, failed.
"""

import io
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


@dataclass(slots=True)
class Meter:
    """How requests went: answered well, or not."""

    counts: Counter[str] = field(default_factory=Counter)
    again: int = 0

    def made(self, request: Callable[[], object]) -> object:
        """Make a request, again while there is no connection, and count it; None where it failed."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                given = request()
            except requests.ConnectionError:
                self.again += 1
                if time.monotonic() < end:
                    time.sleep(0.05)
                    continue
                self.counts["nobody listens"] += 1
                return None
            except requests.Timeout:
                self.counts["timed out"] += 1
                return None
            except Refused as error:
                self.counts[f"refused: {error}"] += 1
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
    """The tree as it was before the first migration after ``FORMER_RELEASE``; skips without history."""
    names = sorted(path.name for path in (ROOT / "backbone_app" / "migrations").glob("0*.py"))
    first = next(name for name in names if name > f"{FORMER_RELEASE}.py")
    log = ["git", "log", "--diff-filter=A", "--format=%H", "-1", "--", f"backbone_app/migrations/{first}"]
    found = subprocess.run(log, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    archive = subprocess.run(["git", "archive", f"{found}^"], cwd=ROOT, capture_output=True, check=False)
    if not found or archive.returncode:
        pytest.skip("the repository's history is not here, so there is no former release to run")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tree:
        tree.extractall(folder, filter="data")
    return folder


@dataclass(slots=True)
class Machine:
    """Web server and workers of one tree at a time, on one database."""

    environment: Environment
    directory: Path
    ends: ExitStack = field(default_factory=ExitStack)

    def run(self, tree: Path) -> None:
        """Stop what runs, lanes first, and start what is in ``tree``; returns once it answers."""
        self.ends.close()
        address = self.environment["BACKBONE_BASE_URL"]
        bind = f"--bind=127.0.0.1:{address.rpartition(':')[2]}"
        web = (sys.executable, "-m", "gunicorn", "backbone_app.wsgi", "--no-control-socket", bind)
        for name, command in {"web": web, "workers": WORKERS}.items():
            log = self.directory / f"{tree.name}-{name}.log"
            self.ends.enter_context(process(command, self.environment, log=log, cwd=tree))
        assert wait_for(lambda: is_up(address), within=PATIENCE)

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


def test_nobody_notices_an_upgrade(tmp_path: Path) -> None:
    former, stage = former_release(tmp_path / "former"), Busy(seed=3)
    stage.meter, stage.limits.grace = Meter(), UNDER_WAY
    database, changes = databases.postgres(environment.postgres_url()), list[Change]()
    with served(stage, 0):
        site = stage.sites["acme"]
        machine = Machine(settings(tmp_path, jira=site.base_url, database=database.url) | SOONER, tmp_path)
        assert machine.migrate(former).returncode == 0
        machine.run(former)
        address = {"descriptor_url": f"{machine.environment['BACKBONE_BASE_URL']}/atlassian-connect.json"}
        assert requests.post(f"{site.base_url}/_sandbox/install", json=address, timeout=PATIENCE).ok
        alice, bob = Visitor(site, "alice", "ALPHA"), Visitor(site, "bob", "BETA")
        agree_on_one_site(alice, bob, site.space("BETA").id)

        with people_at_work(stage, alice, bob, changes):
            time.sleep(SECONDS)
            assert refuses_to_wait_for_a_table_in_use(machine, database)
            assert wait_for(lambda: machine.migrate(ROOT).returncode == 0, within=PATIENCE)
            time.sleep(SECONDS)
            assert stage.meter.again == 0
            machine.run(ROOT)
            time.sleep(SECONDS)
        assert rest(database, stage), f"{len(stage.outbox)} deliveries wait; {stage.meter.counts}"
        history = record.everything(stage, changes, [])
        machine.ends.close()
    report = judge(replace(history, terms=replace(history.terms, ties=(("ALPHA", "BETA"),))))

    meter = stage.meter
    requests_made, failed = meter.counts.total(), sum(meter.failed.values())
    print(f"\nupgrade: requests={requests_made} failed={failed} again={meter.again}", end=" ")
    print(f"changes={len(changes)} lost={report.lost} duplicates={report.duplicates}")
    assert meter.failed == {}
    assert (report.lost, report.duplicates) == (0, 0), report.faults
