"""Lanes of real processes, small ones: what ends or is in trouble is replaced, and nobody is left behind."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from backbone_app.management.supervision import Group, Processes, Supervisor, Ways
from tests.support.processes import is_alive

FORKING = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, {handler})
child = os.fork()
if child:
    with open({file!r} + ".new", "w") as out:
        out.write(f"{{os.getpid()}} {{child}}")
    os.rename({file!r} + ".new", {file!r})
time.sleep(60)
"""
POLITE, STUBBORN = "lambda *_: sys.exit(0)", "signal.SIG_IGN"


def wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


@dataclass
class Stage:
    """What a supervisor works with, and a clock that the test moves."""

    directory: Path
    handler: str = POLITE
    now: float = 0.0
    started: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    spawned: list[Processes] = field(default_factory=list)

    def ways(self) -> Ways:
        return Ways(
            spawn=self.spawn,
            started=self.started.append,
            tell=lambda lane, why: self.told.append(f"{lane}: {why}"),
            clock=lambda: self.now,
            replace_seconds=0.5,
            stop_seconds=0.5,
        )

    def spawn(self, lane: str) -> Group:
        file = str(self.directory / f"{lane}-{len(self.spawned)}")
        code = FORKING.format(handler=self.handler, file=file)
        self.spawned.append(Processes([sys.executable, "-c", code], dict(os.environ)))
        return self.spawned[-1]

    def family(self, number: int, lane: str = "live") -> tuple[int, int]:
        """The leader and its child, once both are there."""
        file = self.directory / f"{lane}-{number}"
        wait_until(file.exists)
        leader, child = file.read_text().split()
        return int(leader), int(child)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A stage whose lanes get half a second to end."""
    made = Stage(tmp_path)
    yield made
    for group in made.spawned:
        group.end(0)


def test_a_lane_that_runs_well_is_left_alone(stage: Stage) -> None:
    supervisor = Supervisor(["live", "bulk"], stage.ways())

    for _ in range(3):
        supervisor.look({})

    assert stage.started == ["live", "bulk"]
    assert stage.told == []


@pytest.mark.parametrize("handler", [POLITE, STUBBORN])
def test_a_lane_in_trouble_is_replaced_with_everything_it_forked(stage: Stage, handler: str) -> None:
    stage.handler = handler
    supervisor = Supervisor(["live"], stage.ways())
    supervisor.look({})
    family = stage.family(0)
    stage.now += 60

    supervisor.look({"live": "no sign of life"})

    wait_until(lambda: not any(map(is_alive, family)))
    assert all(map(is_alive, stage.family(1)))
    assert stage.told == ["live: no sign of life"]


def test_what_a_dead_leader_left_behind_is_ended_before_a_new_one_starts(stage: Stage) -> None:
    supervisor = Supervisor(["live", "bulk"], stage.ways())
    supervisor.look({})
    leader, child = stage.family(0)
    os.kill(leader, 9)
    wait_until(lambda: not is_alive(leader))
    assert is_alive(child)
    stage.now += 60

    supervisor.look({})

    wait_until(lambda: not is_alive(child))
    assert stage.told == ["live: it ended with status -9"]
    assert stage.started == ["live", "bulk", "live"]


def test_a_lane_that_cannot_start_is_not_started_over_and_over(stage: Stage) -> None:
    supervisor = Supervisor(["live"], stage.ways())
    supervisor.look({})
    os.kill(stage.family(0)[0], 9)
    wait_until(lambda: stage.spawned[0].status() is not None)

    for second in range(6):
        stage.now = second
        supervisor.look({})

    assert stage.started == ["live", "live"]
    assert len(stage.told) == 1


@pytest.mark.parametrize("handler", [POLITE, STUBBORN])
def test_stopping_leaves_nobody(stage: Stage, handler: str) -> None:
    stage.handler = handler
    supervisor = Supervisor(["live", "bulk"], stage.ways())
    supervisor.look({})
    everybody = [*stage.family(0), *stage.family(1, "bulk")]

    supervisor.stop()

    wait_until(lambda: not any(map(is_alive, everybody)))


def test_a_lane_whose_supervisor_is_gone_ends_with_its_group(tmp_path: Path) -> None:
    file = str(tmp_path / "lane")
    watch = "import threading; from backbone_app.management.supervision import outlive_nobody as wait\n"
    watch += "threading.Thread(target=wait, args=(0,), kwargs={'within': 0.2}, daemon=True).start()\n"
    code = watch + FORKING.format(handler=STUBBORN, file=file)
    lane = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, start_new_session=True)
    wait_until(Path(file).exists)
    family = [int(pid) for pid in Path(file).read_text().split()]

    assert lane.stdin is not None
    lane.stdin.close()

    assert lane.wait(10) == -9
    wait_until(lambda: not any(map(is_alive, family)))
