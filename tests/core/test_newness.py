"""Only what was created while the synchronization ran gets a twin by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from backbone_app.core.newness import Age, Runs, age

T0 = datetime(2026, 11, 1, tzinfo=UTC)
HOURS = [T0 + timedelta(hours=number) for number in range(6)]
RUNS = Runs(T0, ((HOURS[2], HOURS[3]), (HOURS[4], HOURS[5])))


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (-1, Age.BEFORE_START),
        (0, Age.NEW),
        (1, Age.NEW),
        (2, Age.WHILE_STOPPED),
        (2.9, Age.WHILE_STOPPED),
        (3, Age.NEW),
        (4.5, Age.WHILE_STOPPED),
        (5, Age.NEW),
    ],
)
def test_a_work_item_is_as_old_as_the_runs_say(hours: float, expected: Age) -> None:
    assert age(T0 + timedelta(hours=hours), RUNS) is expected


def test_without_a_start_or_a_time_nothing_is_new() -> None:
    assert age(T0, Runs(None, ())) is Age.BEFORE_START
    assert age(None, RUNS) is Age.BEFORE_START


def test_a_synchronization_that_was_never_stopped_takes_everything_since_its_start() -> None:
    assert age(T0 + timedelta(days=9), Runs(T0, ())) is Age.NEW


@pytest.mark.parametrize(
    ("hours", "ahead", "at_start", "expected"),
    [
        (0.5, 1, None, Age.BEFORE_START),
        (0.5, 1, 0, Age.NEW),
        (0.5, 0, 1, Age.NEW),
        (0.5, 1, 1, Age.BEFORE_START),
        (2.5, 0, 1, Age.WHILE_STOPPED),
        (3.5, 1, 0, Age.WHILE_STOPPED),
    ],
)
def test_only_what_is_so_by_the_clock_of_now_and_by_that_of_the_start_was_there_before(
    hours: float, ahead: int, at_start: int | None, expected: Age
) -> None:
    offset = None if at_start is None else timedelta(hours=at_start)

    found = age(T0 + timedelta(hours=hours), RUNS, ahead=timedelta(hours=ahead), ahead_at_start=offset)

    assert found is expected
