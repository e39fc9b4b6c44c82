"""How long to wait before the next try: ever longer, never beyond the bound."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone_app.core.waits import JUST_CHANGED, NO_ANSWER, OUR_TROUBLE, Waits

WAITS = [JUST_CHANGED, NO_ANSWER, OUR_TROUBLE]


@pytest.mark.parametrize("waits", WAITS)
def test_the_first_wait_is_the_shortest_and_each_next_one_twice_as_long(waits: Waits) -> None:
    lengths = [waits.after(attempts) for attempts in range(3)]

    assert lengths == [waits.first, 2 * waits.first, 4 * waits.first]


@given(st.sampled_from(WAITS), st.integers(0, 10_000))
def test_no_wait_is_longer_than_the_longest(waits: Waits, attempts: int) -> None:
    assert waits.first <= waits.after(attempts) <= waits.after(attempts + 1) <= waits.longest


def test_what_jira_is_just_changing_is_looked_at_soonest_and_our_own_trouble_last() -> None:
    assert JUST_CHANGED.first < NO_ANSWER.first < OUR_TROUBLE.first
    assert OUR_TROUBLE.longest <= timedelta(days=1)
