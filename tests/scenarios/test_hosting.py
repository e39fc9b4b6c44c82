"""The commands of docs/hosting.md, executed as far as one machine allows, and an edit that arrives over TLS.

Jira is the sandbox, which lives on this machine: production refuses to call that, so the settings that the
walk makes are changed to development and say where Jira's keys are. tests/hosting has production's own start.
"""

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Any

import psycopg
import pytest
import requests

from jira_sandbox.demo.agreements import agree_on_one_site
from jira_sandbox.demo.stage import Stage, wait_for
from jira_sandbox.demo.visitor import Visitor
from jira_sandbox.server import serve
from jira_sandbox.state.site import Site
from tests.support import environment
from tests.support.processes import free_port, group, is_alive, process
from tests.support.tls import Authority
from tests.support.walk import Walk

pytestmark = pytest.mark.waits(1)
PATIENCE = 100.0  # a lane that a lost database stops in mid-job is replaced when that job's time is up: 70 s
LANES = ("live", "bulk")
UNITS = {
    "web": ("backbone-web.service", ""),
    "live": ("backbone-lane@.service", "live"),
    "bulk": ("backbone-lane@.service", "bulk"),
    "metrics": ("backbone-metrics.service", ""),
}


@dataclass(slots=True)
class Hosted:
    """The app as the walk hosts it, a Jira behind TLS that has it installed, and everybody's authority."""

    walk: Walk
    site: Site
    authorities: str
    ends: ExitStack
    running: dict[str, Popen[bytes]] = field(default_factory=dict)
    listening: socket.socket | None = None

    @property
    def app(self) -> str:
        return f"https://{self.walk.values['DOMAIN']}"

    @property
    def everybody(self) -> set[int]:
        """The processes of all units, those of the lanes' own sessions as well."""
        return {pid for each in self.running.values() for pid in descendants(each.pid)}

    def listen(self) -> None:
        """Listen where the web server will be found, as systemd does from the start of its socket unit on."""
        port = int(self.walk.values["DOMAIN"].rpartition(":")[2])
        self.listening = self.ends.enter_context(socket.create_server(("127.0.0.1", port)))

    def start(self) -> None:
        """Start what the units start, and wait until all of it works."""
        before = {lane: self.workers(lane) for lane in LANES}
        for name, (unit, instance) in UNITS.items():
            command, told = self.walk.unit(unit, instance=instance), self.walk.unit_environment(unit)
            listening = self.listening if name == "web" else None
            started = process(command, told, log=self.log(name), cwd=self.walk.folder, listening=listening)
            self.running[name] = self.ends.enter_context(started)
        assert wait_for(self.answers, within=PATIENCE), self.said("web")
        assert wait_for(lambda: all(self.workers(lane) > before[lane] for lane in LANES), within=PATIENCE)

    def stop(self) -> dict[str, int]:
        """Ask all units to end, as systemd does, and give what they ended with."""
        for each in self.running.values():
            each.terminate()
        return {name: each.wait(PATIENCE) for name, each in self.running.items()}

    def answers(self, *, within: float = 2) -> bool:
        """Whether a request is answered well within so many seconds."""
        address = f"{self.app}/atlassian-connect.json"
        try:
            answer = requests.get(address, timeout=within, verify=self.authorities)
        except (requests.ConnectionError, requests.Timeout):
            return False
        return bool(answer.ok)

    def workers(self, name: str) -> int:
        """How many workers of this lane, or of all, have ever been ready."""
        return self.said(name).count('"worker_ready"')

    def log(self, name: str) -> Path:
        return self.walk.folder.parent / f"{name}.log"

    def said(self, name: str) -> str:
        return self.log(name).read_text() if self.log(name).exists() else ""

    def jira(self, method: str, path: str, content: object = None) -> Any:
        """What alice does in Jira."""
        answer = requests.request(
            method,
            f"{self.site.base_url}/rest/api/3/{path}",
            json=content,
            verify=self.authorities,
            auth=("alice", "secret-alice"),
            timeout=PATIENCE,
        )
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def arrives(self, summary: str) -> bool:
        """Whether a work item that alice creates in ALPHA gets its twin in BETA."""
        kind = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}}
        self.jira("POST", "issue", {"fields": {**kind, "summary": summary}})

        def twin() -> bool:
            held = list(self.site.issues.values())
            return [each.fields["summary"] for each in held].count(summary) == 2

        return wait_for(twin, within=PATIENCE)


def descendants(pid: int) -> set[int]:
    """A process and all that it or its children started and that still run."""
    found = {pid} if is_alive(pid) else set()
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found |= descendants(int(child))
    return found


def adapted(walk: Walk, *, jira: str, authorities: str) -> None:
    """Add to the settings what makes one machine both Jira's and ours."""
    told = {
        "BACKBONE_MODE": "development",
        "BACKBONE_ALLOW_LOOPBACK": "yes",
        "BACKBONE_BEHIND_PROXY": "no",
        "BACKBONE_AUTHORITIES": authorities,
        "BACKBONE_METRICS_LISTEN": f"127.0.0.1:{free_port()}",
        "BACKBONE_METRICS_DIR": str(walk.settings.parent),
        "BACKBONE_ERASURE_LOG": str(walk.settings.parent / "erasures"),
        "BACKBONE_INSTALL_KEY_HOSTS": f"{jira}/_keys",
        "BACKBONE_FORGE_KEYS_URL": f"{jira}/_forge/.well-known/jwks.json",
        "BACKBONE_ALL_JS_URL": f"{jira}/_static/all.js",
        "BACKBONE_LATE_EFFECT_SECONDS": "1",
        "BACKBONE_INDEX_LAG_SECONDS": "1",
    }
    with walk.settings.open("a") as settings:
        settings.writelines(f"{name}={value}\n" for name, value in told.items())


@contextmanager
def prepared(directory: Path) -> Iterator[Hosted]:
    """Everything up to the tables: a Jira behind TLS, a database server, the walk's folder and settings."""
    authority, stage, server = Authority(directory), Stage(seed=7), environment.new_postgres()
    authorities, certificate = str(authority.file), authority.certificate("localhost", "127.0.0.1")
    own = free_port()
    values = {
        "DOMAIN": f"localhost:{own}",
        "POSTGRES": "",
        "PGHOST": server.partition("?host=")[2],
        "PGUSER": "postgres",
        "AS": "",
        "DATABASE_PASSWORD": "a-password-of-the-test",
        "DATABASE_URL": server.replace("postgres:@/postgres?", "backbone:a-password-of-the-test@/backbone?"),
        "GUNICORN_CMD_ARGS": f"--bind=127.0.0.1:{own} --certfile={certificate} --keyfile={certificate}",
        "CURL_CA_BUNDLE": authorities,
    }
    walk = Walk(directory / "backbone-1", directory / "etc" / "environment", values)
    with serve(stage, certificate=certificate), ExitStack() as ends:
        site = stage.sites["acme"]
        for name in ("database", "settings"):
            walk.execute(name)
        adapted(walk, jira=site.base_url, authorities=authorities)
        walk.execute("tables")
        yield Hosted(walk, site, authorities, ends)


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosted]:
    """One machine for all of this module, prepared as far as its tables."""
    trusting = pytest.MonkeyPatch()
    with prepared(tmp_path_factory.mktemp("hosting")) as made:
        trusting.setenv("REQUESTS_CA_BUNDLE", made.authorities)  # what Jira trusts when it calls the app
        yield made
        trusting.undo()


def test_make_serve_answers_and_leaves_nobody_behind_when_it_is_interrupted(hosted: Hosted) -> None:
    told = hosted.walk.environment | hosted.walk.told()

    shown = hosted.walk.command("serve")
    with process(shown, told, log=hosted.log("serve"), cwd=hosted.walk.folder) as shell:
        assert wait_for(hosted.answers, within=PATIENCE), hosted.said("serve")
        assert wait_for(lambda: hosted.workers("serve") == 2, within=PATIENCE)
        everybody = descendants(shell.pid)
        os.killpg(shell.pid, signal.SIGINT)
        shell.wait(PATIENCE)

    assert len(everybody) > 8
    assert wait_for(lambda: not any(map(is_alive, everybody)), within=5), hosted.said("serve")
    assert group(shell.pid) == set()


def test_the_units_keep_two_spaces_in_step_over_tls_through_a_lost_database_and_new_keys(
    hosted: Hosted,
) -> None:
    hosted.walk.execute("new-key")
    hosted.listen()
    hosted.start()
    agreed(hosted)
    assert hosted.arrives("Over TLS")
    assert "atlassian-connect" not in hosted.said("web")
    look = hosted.walk.execute("look")
    assert ('"backbone-work-sync"' in look, '"ready"' in look) == (True, True)
    assert '"ready"' in hosted.walk.execute("metrics")

    # What multiprocessing itself says of a lane's process that a lost database ends is its own.
    assert not_json(hosted, *UNITS) == []
    cut_off(hosted.walk.told()["DATABASE_URL"])
    assert hosted.arrives("After the database was lost")
    assert {name: each.poll() for name, each in hosted.running.items()} == dict.fromkeys(hosted.running)

    hosted.walk.execute("backup")
    assert (hosted.walk.folder / "backbone.dump").stat().st_mode & 0o077 == 0
    assert stopped_cleanly(hosted)
    assert "Nothing is written to any Jira now." in hosted.walk.execute("restore")

    assert hosted.walk.told()["BACKBONE_ENCRYPTION_KEYS"].startswith("k1:")
    hosted.walk.execute("first-key")
    with ThreadPoolExecutor() as meanwhile:
        waits = meanwhile.submit(hosted.answers, within=PATIENCE)
        hosted.start()
        arrives = meanwhile.submit(hosted.arrives, "After the database was restored")
        assert "unreadable=0" in hosted.walk.execute("reseal")
        assert (waits.result(), arrives.result()) == (True, True)

    assert hosted.walk.told()["BACKBONE_ENCRYPTION_KEYS"].startswith("k2:")
    assert "all are under the key k2" in hosted.walk.execute("doctor")
    assert stopped_cleanly(hosted)
    assert not_json(hosted, "web", "metrics") == []


def not_json(hosted: Hosted, *names: str) -> list[str]:
    """The lines of these units that are not JSON."""
    lines = [line for name in names for line in hosted.said(name).splitlines()]
    return [line for line in lines if not is_json(line)]


def is_json(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def agreed(hosted: Hosted) -> None:
    """Install the app, and have two spaces agree on a synchronization."""
    installed = requests.post(
        f"{hosted.site.base_url}/_sandbox/install",
        verify=hosted.authorities,
        json={"descriptor_url": f"{hosted.app}/atlassian-connect.json"},
        timeout=PATIENCE,
    )
    assert installed.ok, installed.text
    alice = Visitor(hosted.site, "alice", "ALPHA", authorities=hosted.authorities)
    bob = Visitor(hosted.site, "bob", "BETA", authorities=hosted.authorities)
    agree_on_one_site(alice, bob, hosted.site.space("BETA").id)


def stopped_cleanly(hosted: Hosted) -> bool:
    """Whether all units end as they are asked to, at once, and leave nobody behind."""
    everybody, began = hosted.everybody, time.monotonic()
    assert len(everybody) > 8
    assert hosted.stop() == {"web": 0, "live": 0, "bulk": 0, "metrics": -signal.SIGTERM}
    return not any(map(is_alive, everybody)) and time.monotonic() - began < 20


def cut_off(database: str) -> None:
    """End every session of the database, as its restart does."""
    with psycopg.connect(database, autocommit=True) as session:
        ended = session.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid != pg_backend_pid()"
        ).fetchone()
    assert ended is not None
    assert ended[0] >= 4
