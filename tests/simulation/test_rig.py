"""A killed worker leaves what a killed process leaves; all clocks of a life are one; same seed, same life."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.simulation.hosts import LIVED, Host
from tests.simulation.orders import Order, Result
from tests.simulation.plan import Schedule

KILLED = "tests.simulation.experiments.killed"
SPOILED = "tests.simulation.experiments.spoiled"
CLOCKS = "tests.simulation.experiments.read_clocks"
MACHINE = "tests.simulation.experiments.clock_of_the_machine"
BYTES = "tests.simulation.experiments.draw_bytes"


@pytest.mark.parametrize("fatal", ["write", "commit"])
def test_who_is_killed_before_the_commit_has_written_nothing(host: Host, fatal: str) -> None:
    will = host.ask(KILLED, fatal)

    assert (will.rows, will.told) == ([], ["crash"])


def test_who_is_killed_after_the_commit_has_written_and_no_hook_is_run(host: Host) -> None:
    will = host.ask(KILLED, "committed")

    assert (will.rows, will.told) == (["inside"], ["crash"])


def test_who_is_not_killed_writes_all_and_passes_each_point(host: Host) -> None:
    will = host.ask(KILLED, "nowhere")

    assert (will.rows, will.told) == (["inside", "finally"], ["hook"])
    assert will.points == ["write", "commit (goes on)", "committed", "write", "wrote"]


def test_all_clocks_of_a_life_are_one(host: Host) -> None:
    clocks = host.ask(CLOCKS)

    assert set(clocks) == {datetime(2026, 11, 22, 2, 32, 3, 456_000, tzinfo=UTC)}


def test_outside_a_life_the_clock_is_the_machines(host: Host) -> None:
    host.ask(CLOCKS)

    assert abs(host.ask(MACHINE) - datetime.now(UTC)) < timedelta(minutes=1)


def test_what_looks_random_is_the_seeds(host: Host) -> None:
    drawn = [host.ask(BYTES, seed) for seed in (1, 2, 1)]

    assert drawn[0] == drawn[2] != drawn[1]


def test_the_same_seed_lives_the_same_life_whoever_lived_in_between(host: Host, short: int) -> None:
    first: Result = host.ask(LIVED, Order(short, is_kept=True))
    other: Result = host.ask(LIVED, Order(short + 1, schedule=Schedule()))
    again: Result = host.ask(LIVED, Order(short, is_kept=True))

    assert again.lines == first.lines
    assert again.digest == first.digest != other.digest


def test_a_schedule_of_all_that_came_about_lives_the_same_life(host: Host, short: int) -> None:
    drawn: Result = host.ask(LIVED, Order(short))
    schedule = Schedule.read(str(drawn.schedule))

    replayed: Result = host.ask(LIVED, Order(short, schedule=schedule))

    assert drawn.schedule.points
    assert (replayed.digest, replayed.schedule) == (drawn.digest, drawn.schedule)


def test_a_schedule_of_nothing_lives_a_life_without_interventions(host: Host, short: int) -> None:
    calm: Result = host.ask(LIVED, Order(short, schedule=Schedule()))

    assert (calm.schedule, calm.changes, calm.violations) == (Schedule(), 0, ())


def test_a_wrong_value_is_reported_with_a_timeline_to_read(host: Host, short: int) -> None:
    told = host.ask(SPOILED, short)

    assert "VIOLATION I1" in told
    assert "spoiled behind everybody's back" in told
    assert "POST /rest/api/3/issue → 201" in told
    assert " commit" not in told
