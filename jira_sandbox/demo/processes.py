"""The app's own processes: its web server and its workers, each in a process group of its own.

The app is a stranger, known by its commands and its addresses only. Groups keep a Ctrl-C in the terminal from
reaching them before the story has ended, and let a server be ended with all its children.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import requests

from jira_sandbox.demo import environment
from jira_sandbox.demo.stage import wait_for
from jira_sandbox.demo.trouble import NotReady

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 30.0
END_SECONDS = 60.0


def settings(folder: Path, *, jira: str, port: int) -> environment.Settings:
    """Make the app's settings: the kept development values, and where everything is this time."""
    return {
        **environment.kept(folder / "env"),
        "BACKBONE_BASE_URL": f"http://localhost:{port}",
        "BACKBONE_INSTALL_KEY_HOSTS": f"{jira}/_keys",
        "BACKBONE_ALL_JS_URL": f"{jira}/_static/all.js",
        "DATABASE_URL": f"sqlite:///{folder.resolve() / 'backbone.sqlite3'}",
    }


@contextmanager
def running(folder: Path, values: environment.Settings, *, port: int) -> Iterator[str]:
    """Run the app on an empty database until the context ends; gives its address, logs into ``folder``."""
    for left_over in folder.glob("backbone.sqlite3*"):
        left_over.unlink()
    known = _known(values)
    _migrate(folder, known)
    web = ["-m", "gunicorn", "backbone_app.wsgi", "--bind", f"127.0.0.1:{port}", "--threads", "4"]
    with ExitStack() as started:
        server = started.enter_context(_process("web", web, known, folder))
        started.enter_context(_process("workers", ["manage.py", "run_workers"], known, folder))
        address = values["BACKBONE_BASE_URL"]
        _wait_for(server, address, folder / "web.log")
        yield address


def told_by(values: Mapping[str, str], *words: str) -> str:
    """Give what a command of ``manage.py`` prints; raises NotReady where it fails."""
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=ROOT, env=_known(values), capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotReady(f"manage.py {words[0]}: {done.stderr}")
    return done.stdout


def free_port(wanted: int) -> int:
    """Give ``wanted`` if nobody uses it, else any port that is free."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise NotReady("no port is free")


def _known(values: Mapping[str, str]) -> dict[str, str]:
    """Give the environment of a process of the app: nothing of what it reads comes from ours."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("BACKBONE_")}
    return {**outside, **values}


def _migrate(folder: Path, known: Mapping[str, str]) -> None:
    log = folder / "migrate.log"
    with log.open("wb") as output:
        command = [sys.executable, "manage.py", "migrate", "--no-input"]
        done = subprocess.run(
            command, cwd=ROOT, env=known, stdout=output, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        raise NotReady(f"the database could not be made: {_end_of(log)}")


@contextmanager
def _process(
    name: str, arguments: list[str], known: Mapping[str, str], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / f"{name}.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=known,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the process to end; after a while end its whole group, which also takes what it left behind."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(END_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _wait_for(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    def answers() -> bool:
        if server.poll() is not None:
            raise NotReady(f"the web server ended: {_end_of(log)}")
        try:
            return requests.get(f"{address}/atlassian-connect.json", timeout=2).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    if not wait_for(answers, within=READY_SECONDS):
        raise NotReady(f"the web server does not answer at {address}: {_end_of(log)}")


def _end_of(log: Path) -> str:
    return "\n".join(["", *log.read_text(errors="replace").splitlines()[-15:]])
