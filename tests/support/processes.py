"""The app as it runs for real: its web server and its workers as processes, a database, sockets."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import requests

from tests.support.environment import LICENCE_KEY

ROOT = Path(__file__).parent.parent.parent
MANAGE = (sys.executable, "manage.py")
WORKERS = (*MANAGE, "run_workers")
START_SECONDS = 30.0
STOP_SECONDS = 60.0
ACTIVATED = ("bash", "-c", 'exec 3<&"$0"; LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"')
"""Before the number of a descriptor and a command: hands it over as sd_listen_fds(3) says."""
UNDER_WAY = timedelta(seconds=1)
"""So long may a call of another process have been on its way when a site told one to wait."""
Environment = dict[str, str]


@contextmanager
def running_app(directory: Path, *, jira: str, further: Environment | None = None) -> Iterator[str]:
    """Run the app for the sandbox site at ``jira`` on SQLite; gives the app's address once it answers.

    The database and the logs are in ``directory``; ``further`` settings are the test's own.
    """
    environment = settings(directory, jira=jira, database=f"sqlite:///{directory / 'app.sqlite3'}")
    environment |= further or {}
    with ExitStack() as ends:
        ends.enter_context(serving(environment, directory))
        ends.enter_context(process(WORKERS, environment, log=directory / "workers.log"))
        yield environment["BACKBONE_BASE_URL"]


@contextmanager
def serving(environment: Environment, directory: Path) -> Iterator[None]:
    """Make the database, and serve the app's pages from the moment they answer; logs into ``directory``."""
    subprocess.run(
        [*MANAGE, "migrate", "--no-input"], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    base_url, log = environment["BACKBONE_BASE_URL"], directory / "web.log"
    options = ["--threads=4", "--no-control-socket", f"--bind=127.0.0.1:{base_url.rpartition(':')[2]}"]
    with process((sys.executable, "-m", "gunicorn", "backbone_app.wsgi", *options), environment, log=log):
        _wait_for(f"{base_url}/atlassian-connect.json", log=log)
        yield


def settings(directory: Path, *, jira: str, database: str) -> Environment:
    """The app's environment: this process's own, without what it says to the app, and with what it needs.

    The host is called localhost, the sandbox's 127.0.0.1: for a browser these are two sites.
    """
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BACKBONE_", "DJANGO_", "PYTEST_"))
    }
    return inherited | {
        "BACKBONE_MODE": "development",
        "BACKBONE_SECRET_KEY": "development-a-key-that-only-tests-use",
        "BACKBONE_ENCRYPTION_KEYS": f"k1:{b64encode(bytes(range(32))).decode()}",
        "BACKBONE_BASE_URL": f"http://localhost:{free_port()}",
        "BACKBONE_ALLOW_LOOPBACK": "yes",
        "BACKBONE_INSTALL_KEY_HOSTS": f"{jira}/_keys",
        "BACKBONE_ALL_JS_URL": f"{jira}/_static/all.js",
        "BACKBONE_LICENCE_PUBLIC_KEY": LICENCE_KEY,
        "DATABASE_URL": database,
    }


@contextmanager
def process(
    command: tuple[str, ...],
    environment: Environment,
    *,
    log: Path,
    cwd: Path = ROOT,
    listening: socket.socket | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in a process group of its own; in the end it is asked to stop, and the group made to.

    ``listening`` is handed to it the way systemd hands over the socket of a unit.
    """
    handed = [] if listening is None else [listening.fileno()]
    with log.open("ab") as output:
        started = subprocess.Popen(
            (*ACTIVATED, *map(str, handed), *command) if handed else command,
            cwd=cwd,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
            pass_fds=handed,
        )
        try:
            yield started
        finally:
            started.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                started.wait(STOP_SECONDS)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)
            started.wait()


def free_port() -> int:
    """A port of this machine that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children(pid: int) -> set[int]:
    """The processes that this one started and that still run."""
    with contextlib.suppress(FileNotFoundError):
        return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    return set()


def is_alive(pid: int) -> bool:
    """Whether a process still runs: one that only waits to be reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def group(leader: int) -> set[int]:
    """The processes of a group that still run."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            state, _, its_group, *_ = status.read_text().rpartition(")")[2].split()
            if int(its_group) == leader and state != "Z":
                found.add(int(status.parent.name))
    return found


def _wait_for(url: str, *, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            if requests.get(url, timeout=2).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            pass  # not listening yet, or busy with starting
        time.sleep(0.05)
    raise AssertionError(f"the app does not answer at {url}:\n{log.read_text()}")
