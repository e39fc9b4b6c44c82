"""The app as it runs for real: its web server and its worker as processes, an SQLite file, sockets."""

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
from pathlib import Path

import requests

ROOT = Path(__file__).parent.parent.parent
START_SECONDS = 30.0
STOP_SECONDS = 10.0
Environment = dict[str, str]


@contextmanager
def running_app(directory: Path, *, jira: str) -> Iterator[str]:
    """Run the app for the sandbox site at ``jira``; gives the app's address once it answers.

    The host is called localhost, the sandbox's 127.0.0.1: for a browser these are two sites. The database and
    the logs are in ``directory``.
    """
    port = free_port()
    base_url = f"http://localhost:{port}"
    environment = settings(directory, base_url=base_url, jira=jira)
    manage = [sys.executable, "manage.py"]
    options = ["--threads=4", "--no-control-socket", f"--bind=127.0.0.1:{port}"]
    serve = [sys.executable, "-m", "gunicorn", "backbone_app.wsgi", *options]
    subprocess.run(
        [*manage, "migrate", "--no-input"], cwd=ROOT, env=environment, check=True, capture_output=True
    )
    with ExitStack() as ends:
        ends.enter_context(process(serve, environment, log=directory / "web.log"))
        worker = environment | {"Q_CLUSTER_NAME": "live"}
        ends.enter_context(process([*manage, "qcluster"], worker, log=directory / "worker.log"))
        _wait_for(f"{base_url}/atlassian-connect.json", log=directory / "web.log")
        yield base_url


def settings(directory: Path, *, base_url: str, jira: str) -> Environment:
    """The app's environment: this process's own, without what it says to the app, and with what it needs."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("BACKBONE_", "DJANGO_", "PYTEST_"))
    }
    return inherited | {
        "BACKBONE_MODE": "development",
        "BACKBONE_SECRET_KEY": "development-a-key-that-only-tests-use",
        "BACKBONE_ENCRYPTION_KEYS": f"k1:{b64encode(bytes(range(32))).decode()}",
        "BACKBONE_BASE_URL": base_url,
        "BACKBONE_ALLOW_LOOPBACK": "yes",
        "BACKBONE_INSTALL_KEY_HOSTS": f"{jira}/_keys",
        "BACKBONE_ALL_JS_URL": f"{jira}/_static/all.js",
        "DATABASE_URL": f"sqlite:///{directory / 'app.sqlite3'}",
    }


@contextmanager
def process(command: list[str], environment: Environment, *, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command in a process group of its own; in the end it is asked to stop, and the group made to."""
    with log.open("wb") as output:
        started = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            yield started
        finally:
            # Only the parent is asked: a cluster whose children get the signal too waits for them for ever.
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
