"""A made-up failure is cut down to what it needs, within its budget."""

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulation.plan import Action, Key, Plan, Schedule
from tests.simulation.shrinking import Attempt, Budget, kind_of, shrunk

POINTS: tuple[Key, ...] = tuple(("live-0.1", str(step), "still") for step in range(40))
LONG = Schedule(POINTS, tuple(range(20)))


def needing(points: set[Key], happenings: set[int]) -> Attempt:
    def attempt(schedule: Schedule) -> Schedule | None:
        fails = points <= set(schedule.points) and happenings <= set(schedule.happenings)
        return schedule if fails else None

    return attempt


def standing() -> float:
    return 0.0


def budget(lives: int = 1000, clock: Callable[[], float] = standing) -> Budget:
    return Budget(clock, lives=lives)


@given(points=st.sets(st.sampled_from(POINTS), max_size=4), numbers=st.sets(st.integers(0, 19), max_size=3))
def test_what_is_left_is_what_the_failure_needs(points: set[Key], numbers: set[int]) -> None:
    least = shrunk(LONG, needing(points, numbers), budget())

    assert (set(least.points), set(least.happenings)) == (points, numbers)


def test_the_order_of_what_is_left_stays() -> None:
    least = shrunk(LONG, needing({POINTS[30], POINTS[2]}, {7, 3}), budget())

    assert least == Schedule((POINTS[2], POINTS[30]), (3, 7))


def test_two_points_of_forty_are_found_in_few_lives() -> None:
    spent = budget()

    shrunk(LONG, needing({POINTS[30], POINTS[2]}, {3}), spent)

    assert spent.used <= 60


def test_a_point_that_only_mattered_to_what_is_left_out_goes_too() -> None:
    def attempt(schedule: Schedule) -> Schedule | None:
        is_needed = 5 not in schedule.happenings or POINTS[1] in schedule.points
        return schedule if is_needed and POINTS[0] in schedule.points else None

    least = shrunk(LONG, attempt, budget())

    assert least == Schedule((POINTS[0],), ())


def test_what_did_not_come_about_is_not_kept() -> None:
    def attempt(schedule: Schedule) -> Schedule | None:
        came_about = Schedule(schedule.points[:3], schedule.happenings)
        return came_about if 4 in schedule.happenings else None

    least = shrunk(Schedule((), LONG.happenings), attempt, budget())

    assert least == Schedule((), (4,))


def test_no_more_lives_are_lived_than_the_budget_has() -> None:
    spent = budget(lives=5)

    least = shrunk(LONG, needing({POINTS[30]}, {3}), spent)

    assert spent.used == 5
    assert POINTS[30] in least.points


def test_the_search_ends_with_its_time() -> None:
    ticks = count(0.0, 10.0)
    spent = budget(clock=lambda: next(ticks))

    shrunk(LONG, needing({POINTS[30]}, {3}), spent)

    assert spent.used == 5


@pytest.mark.parametrize(
    ("violation", "kind"),
    [
        ("I1: summary: ALPHA-1 holds 'a', GOLD-2 holds 'b'", "I1"),
        ("F10: live-0.1's call 3 (POST /oauth/token → 403) asks for tokens while another does", "F10"),
        ("lost: ALPHA-1 summary='a' at 01:02:03.4", "lost: … summary=… at …:…:….…"),
        ("bug: job_failed Traceback\nKeyError: 'x'", "KeyError: …"),
    ],
)
def test_a_violation_is_known_by_its_kind(violation: str, kind: str) -> None:
    assert kind_of(violation) == kind


@given(st.lists(st.sampled_from(POINTS), unique=True), st.lists(st.integers(0, 2000), unique=True))
def test_a_schedule_is_read_as_it_is_written(points: list[Key], numbers: list[int]) -> None:
    schedule = Schedule(tuple(points), tuple(numbers))

    assert Schedule.read(str(schedule)) == schedule


def test_a_plan_of_some_points_strikes_those_and_says_what_was_taken() -> None:
    plan = Plan(0, frozenset({POINTS[3]}))

    struck = [key for key in POINTS if plan.at(key, 0.5, lambda dice: Action("stands still", dice.random()))]

    assert struck == [POINTS[3]] == list(plan.taken)
