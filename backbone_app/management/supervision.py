"""Processes that are started, watched and replaced as groups, so that no child is left behind.

Each lane is a process in a session of its own, the leader of the group of
everything it forks. It holds the reading end of a pipe whose writing end only
the supervisor has: when that is gone, however it went, the pipe says so.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

REPLACE_SECONDS: Final = 3.0
"""How long a lane that hangs may take to end by itself."""
STOP_SECONDS: Final = 45.0
"""How long what runs may take to end: a call or two with their time-outs."""
RESPAWN_SECONDS: Final = 5.0
"""No lane is started more often: one that cannot start must not keep the machine busy."""


class Group(Protocol):
    """A lane's processes, as one."""

    def status(self) -> int | None:
        """Tell what the leader ended with; None while it runs."""

    def ask(self) -> None:
        """Ask the leader to end."""

    def end(self, within: float) -> None:
        """Give the leader so many seconds to end, then end everything in the group."""


class Processes:
    """A real process and whatever it forks."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._leader = subprocess.Popen(  # noqa: S603 - our own command
            command, env=environment, stdin=subprocess.PIPE, start_new_session=True
        )

    def status(self) -> int | None:
        """Tell what the leader ended with; None while it runs."""
        return self._leader.poll()

    def ask(self) -> None:
        """Ask the leader to end, and only it: a cluster waits for ever for workers that are asked too."""
        self._leader.terminate()

    def end(self, within: float) -> None:
        """Give the leader so many seconds to end, then end everything in the group."""
        with suppress(subprocess.TimeoutExpired):
            self._leader.wait(within)
        with suppress(ProcessLookupError):
            os.killpg(self._leader.pid, signal.SIGKILL)
        self._leader.wait()
        if self._leader.stdin is not None:
            self._leader.stdin.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """How the supervisor starts a lane, whom it tells that it did and why it had to, its clock in seconds."""

    spawn: Callable[[str], Group]
    started: Callable[[str], None]
    tell: Callable[[str, str], None]
    clock: Callable[[], float]
    replace_seconds: float = REPLACE_SECONDS
    stop_seconds: float = STOP_SECONDS


class Supervisor:
    """Keeps one group of processes running for each lane."""

    def __init__(self, lanes: Iterable[str], ways: Ways) -> None:
        self._ways = ways
        self._groups: dict[str, Group | None] = dict.fromkeys(lanes)
        self._spawned: dict[str, float] = {}

    def look(self, troubles: Mapping[str, str]) -> None:
        """Start what does not run, replace what ended or is in trouble (``troubles`` says why, by lane)."""
        for lane, group in self._groups.items():
            status = group.status() if group else None
            why = troubles.get(lane, "") if status is None else f"it ended with status {status}"
            if group and why:
                self._ways.tell(lane, why)
                group.ask()
                group.end(self._ways.replace_seconds)
                self._groups[lane] = None
            if self._groups[lane] is None and self._may_spawn(lane):
                self._spawn(lane)

    def stop(self) -> None:
        """Ask all lanes to end; after ``stop_seconds`` end those that still run."""
        running = [group for group in self._groups.values() if group]
        for group in running:
            group.ask()
        until = self._ways.clock() + self._ways.stop_seconds
        for group in running:
            group.end(max(0.0, until - self._ways.clock()))

    def _may_spawn(self, lane: str) -> bool:
        return self._ways.clock() - self._spawned.get(lane, -RESPAWN_SECONDS) >= RESPAWN_SECONDS

    def _spawn(self, lane: str) -> None:
        self._spawned[lane] = self._ways.clock()
        self._groups[lane] = self._ways.spawn(lane)
        self._ways.started(lane)


def outlive_nobody(pipe: int, *, within: float = STOP_SECONDS) -> None:
    """Wait until nobody holds the other end of ``pipe``, then end this process's group in so many seconds.

    For a thread. It reads the bare descriptor: a file object's lock would be
    held while the process forks, and while it ends.
    """
    while os.read(pipe, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(within)
    os.killpg(os.getpgrp(), signal.SIGKILL)
