"""The app's processes as a service manager keeps them: what died is started again, with a clean group."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import requests

from jira_sandbox.demo.stage import wait_for
from tests.support.databases import Database
from tests.support.processes import WORKERS, Environment, children, group, is_alive, process

WEB = (
    sys.executable,
    *("-m", "gunicorn", "backbone_app.wsgi", "--workers=2", "--threads=4", "--no-control-socket"),
)
PATIENCE = 60.0
VICTIMS = ("worker", "leader", "supervisor", "web worker", "web server")
"""Any process of a lane but its leader; that leader; what watches over the lanes; gunicorn's two kinds."""


@dataclass(slots=True)
class Unit:
    """A command that is started again and again; whatever is left of its group goes before."""

    command: tuple[str, ...]
    environment: Environment
    log: Path
    main: subprocess.Popen[bytes] = field(init=False)
    running: ExitStack = field(default_factory=ExitStack)

    def start(self) -> None:
        """Start it, after the end of what ran."""
        self.running.close()
        self.main = self.running.enter_context(process(self.command, self.environment, log=self.log))

    def is_up(self) -> bool:
        """Whether its first process runs."""
        return self.main.poll() is None


@dataclass(frozen=True, slots=True)
class Machine:
    """The web server and the workers of one installation."""

    web: Unit
    workers: Unit

    def kill(self, kind: str, chance: Random) -> bool:
        """Kill a process of this kind, start again what nobody else does; False where there is none now."""
        victims = sorted(filter(is_alive, self._victims(kind)))
        if not victims:
            return False
        try:
            os.kill(chance.choice(victims), signal.SIGKILL)
        except ProcessLookupError:
            return False
        for unit in (self.web, self.workers):
            with contextlib.suppress(subprocess.TimeoutExpired):
                unit.main.wait(0.2)
        self.keep_up()
        return True

    def keep_up(self) -> None:
        """Start what has ended."""
        for unit in (self.web, self.workers):
            if not unit.is_up():
                unit.start()

    def wait_until_up(self) -> None:
        """Wait until the web server answers and every lane has its leader."""
        assert wait_for(lambda: self._answers() and bool(children(self.workers.main.pid)), within=PATIENCE)

    def _answers(self) -> bool:
        try:
            return requests.get(
                f"{self.web.environment['BACKBONE_BASE_URL']}/atlassian-connect.json", timeout=2
            ).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def _victims(self, kind: str) -> set[int]:
        leaders = children(self.workers.main.pid)
        match kind:
            case "worker":
                return {pid for leader in leaders for pid in group(leader) - {leader}}
            case "leader":
                return leaders
            case "supervisor":
                return {self.workers.main.pid}
            case "web worker":
                return children(self.web.main.pid)
            case _:
                return {self.web.main.pid}


@contextmanager
def running(environment: Environment, directory: Path) -> Iterator[Machine]:
    """Run the app on a database that has its tables; logs into ``directory``."""
    bind = f"--bind=127.0.0.1:{environment['BACKBONE_BASE_URL'].rpartition(':')[2]}"
    machine = Machine(
        web=Unit((*WEB, bind), environment, directory / "web.log"),
        workers=Unit(WORKERS, environment, directory / "workers.log"),
    )
    with machine.web.running, machine.workers.running:
        machine.web.start()
        machine.workers.start()
        yield machine


def left_behind(database: Database) -> set[int]:
    """The processes, other than this one, that were told to use the database and still run."""
    mark, found = f"DATABASE_URL={database.url}".encode(), set()
    for environment in Path("/proc").glob("[0-9]*/environ"):
        pid = int(environment.parent.name)
        with contextlib.suppress(OSError):
            if mark in environment.read_bytes().split(b"\0") and pid != os.getpid() and is_alive(pid):
                found.add(pid)
    return found
