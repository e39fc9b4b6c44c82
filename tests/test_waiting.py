"""The order in which tests begin: what waits for processes comes first, each on its own worker."""

import pytest

from tests.support.waiting import dealt

ONES = [("a", None), ("b", 1), ("c", None), ("d", 0), ("e", None), ("f", 1), ("g", None)]


def test_each_workers_share_begins_with_what_waits_there() -> None:
    ordered = dealt(ONES, 3)

    assert ordered == ["d", "a", "b", "f", "c", "e", "g"]


def test_numbers_are_counted_round_where_there_are_fewer_workers() -> None:
    assert dealt(ONES, 1) == ["b", "d", "f", "a", "c", "e", "g"]


@pytest.mark.parametrize("workers", range(1, 9))
def test_no_test_is_lost_or_runs_twice(workers: int) -> None:
    assert sorted(dealt(ONES, workers)) == ["a", "b", "c", "d", "e", "f", "g"]
