"""Seeds are handed out, lived twice by different processes, and what goes wrong is told."""

import argparse
import os
import shlex
import subprocess
import threading
from collections.abc import Callable
from functools import partial
from multiprocessing import Pipe
from typing import Any

import pytest

from tests.simulation.__main__ import arguments
from tests.simulation.hosts import LIVED, ROOT, SHRUNK, Host
from tests.simulation.orders import Order, Result, Story, packed
from tests.simulation.plan import Schedule
from tests.simulation.runner import Runner, command, orders

Answer = Callable[[int, Order], Any]
NEVER = "never"


class StandIn(Host):
    """The other end of a host's wire: answers at once, what it is told to, or never; None breaks the wire."""

    def __init__(self, number: int, lived: Answer, log: list[tuple[int, str, int]]) -> None:
        self.wire, self._theirs = Pipe()
        self._number, self._lived, self._log = number, lived, log
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def kill(self) -> None:
        self._theirs.close()

    def close(self) -> None:
        self.wire.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                name, (order, *_) = self._theirs.recv()
            except EOFError:
                return
            self._log.append((self._number, name, order.seed))
            answer = (
                self._lived(self._number, order) if name == LIVED else Story(order, ("I1",), "its timeline")
            )
            if answer is None:
                self._theirs.close()
            if answer in (None, NEVER):
                return
            self._theirs.send(answer)


class Run:
    """All that came of a run."""

    def __init__(
        self,
        lived: Answer,
        seeds: int,
        *,
        processes: int = 2,
        is_twice: bool = False,
        patience: float = 60.0,
    ) -> None:
        self.log: list[tuple[int, str, int]] = []
        self.said: list[str] = []
        self._numbers = iter(range(100))
        runner = Runner(
            lambda: StandIn(next(self._numbers), lived, self.log),
            processes,
            self.said.append,
            again=partial(command, store="sqlite"),
            patience=patience,
        )
        self.tallies = len(list(runner.run(orders(range(seeds), None, None, are_all_repeated=is_twice))))
        runner.close()
        self.tally = runner.tally

    def hosts_of(self, seed: int) -> set[int]:
        return {number for number, name, lived in self.log if lived == seed and name == LIVED}


def fine(_number: int, order: Order) -> Result:
    return Result(order.seed, f"digest {order.seed}", (), Schedule(), changes=3)


def failing(_number: int, order: Order) -> Result:
    wrong = ("I1: they differ", "lost: it is") if order.seed == 2 else ()
    schedule = Schedule((("live-0.1", "7", "killed"),), (0, 1))
    return Result(order.seed, f"digest {order.seed}", wrong, schedule, lost=len(wrong) // 2)


def forgetful(number: int, order: Order) -> Result:
    trace = packed(["one", "two", f"three on {number}", "four"]) if order.is_kept else b""
    return Result(order.seed, f"digest {order.seed} on {number}", (), Schedule(), trace=trace)


def heard(told: str) -> argparse.Namespace:
    """Give what the program is asked when that is typed."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    making = subprocess.run(
        [*shlex.split(told), "--dry-run"], cwd=ROOT, env=own, stdout=subprocess.PIPE, text=True, check=True
    )
    _, _, asked = making.stdout.replace("\\\n", " ").partition("-m tests.simulation ")
    return arguments(shlex.split(asked))


def test_all_seeds_are_lived_and_counted() -> None:
    run = Run(fine, 50)

    assert run.tally.line() == "seeds=50 violations=0 lost=0 duplicates=0 echoes=0"
    assert (run.tally.changes, run.said) == (150, [])


def test_every_twentieth_seed_is_lived_again_by_another_process() -> None:
    run = Run(fine, 50)

    assert run.tally.repeated == 3
    assert [len(run.hosts_of(seed)) for seed in (0, 20, 40)] == [2, 2, 2]


def test_all_seeds_are_lived_twice_where_that_is_asked() -> None:
    run = Run(fine, 9, is_twice=True)

    assert (run.tally.seeds, run.tally.repeated) == (9, 9)
    assert all(len(run.hosts_of(seed)) == 2 for seed in range(9))


def test_a_second_life_that_differs_is_a_violation_told_with_the_lines_that_differ() -> None:
    run = Run(forgetful, 1)

    assert run.tally.violations == 1
    assert run.said[0].splitlines()[:3] == ["seed 0: its second life went another way", "   one", "   two"]
    assert sorted(line[3:] for line in run.said[0].splitlines()[3:]) == ["three on 0", "three on 1"]


def test_a_second_life_of_which_something_else_is_told_is_a_violation_though_its_trace_is_the_same() -> None:
    def differing(number: int, order: Order) -> Result:
        return Result(order.seed, "digest", (), Schedule(), trace=packed(["one", f"two on {number}"]))

    run = Run(differing, 1)

    assert run.tally.violations == 1
    assert sorted(line[3:] for line in run.said[0].splitlines()[2:]) == ["two on 0", "two on 1"]


@pytest.mark.parametrize(("is_twice", "seeds"), [(False, [0, 20]), (True, [*range(21)])])
def test_what_the_only_process_has_lived_is_lived_again_by_one_that_takes_its_place(
    is_twice: bool, seeds: list[int]
) -> None:
    run = Run(fine, 21, processes=1, is_twice=is_twice)

    assert run.tally.repeated == len(seeds)
    assert [seed for seed in range(21) if run.hosts_of(seed) == {0, 1}] == seeds


def test_a_violation_is_told_made_small_and_given_with_what_lives_it_again() -> None:
    run = Run(failing, 5)

    assert run.tally.line() == "seeds=5 violations=2 lost=1 duplicates=0 echoes=0"
    assert run.said[0].splitlines() == ["seed 2 (all faults):", "   I1: they differ", "   lost: it is"]
    assert "its timeline" in run.said[1]
    assert 'make simulate REPLAY=2 STORE="sqlite" SCHEDULE="live-0.1/7/killed;0,1" ---' in run.said[1]
    assert [seed for _, name, seed in run.log if name == SHRUNK] == [2]


@pytest.mark.parametrize("processes", [1, 2])
def test_a_process_that_dies_is_a_violation_and_another_one_goes_on(processes: int) -> None:
    run = Run(lambda number, order: fine(number, order) if order.seed != 3 else None, 8, processes=processes)

    assert run.tally.line() == "seeds=8 violations=1 lost=0 duplicates=0 echoes=0"
    assert "the life broke off" in run.said[0]


def test_a_life_that_never_ends_is_ended() -> None:
    run = Run(lambda number, order: NEVER if order.seed == 3 else fine(number, order), 8, patience=1.0)

    assert run.tally.line() == "seeds=8 violations=1 lost=0 duplicates=0 echoes=0"
    assert run.said[0] == "seed 3: no answer for 1 s, so it is ended"


@pytest.mark.parametrize(
    ("faults", "options"), [(None, ""), ((), ' FAULTS="none"'), (("F1", "F7"), ' FAULTS="F1,F7"')]
)
def test_the_command_says_which_faults_there_were(faults: tuple[str, ...] | None, options: str) -> None:
    assert command(Order(7, faults), store="sqlite") == f'make simulate REPLAY=7 STORE="sqlite"{options}'


def test_what_the_command_says_comes_back_as_what_it_was_made_of() -> None:
    schedule = Schedule((("live-0.1", "7", "killed"),), (0, 1))
    order = Order(0, ("F1", "late effect"), schedule, kind="dc-9.12")

    asked = heard(command(order, store="postgres", bug="no lease"))

    assert (asked.replay, asked.faults, asked.schedule) == (order.seed, order.faults, order.schedule)
    assert (asked.store, asked.bug, asked.kind) == ("postgres", "no lease", "dc-9.12")


def test_of_very_many_violations_of_one_life_the_first_are_told() -> None:
    wrong = tuple(f"I1: number {number}" for number in range(20))

    run = Run(lambda _number, order: Result(order.seed, "", wrong, Schedule()), 1)

    assert run.tally.violations == 20
    assert run.said[0].splitlines()[-2:] == ["   I1: number 11", "   and 8 more"]
