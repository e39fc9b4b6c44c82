"""Which observation is newer."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backbone_app.core.stamps import Order, order
from backbone_app.core.values import Stamp

T0 = datetime(2026, 11, 1, tzinfo=UTC)
STAMPS = st.builds(
    Stamp,
    entry=st.none() | st.integers(1, 5),
    updated=st.none() | st.integers(0, 5).map(lambda s: T0 + timedelta(seconds=s)),
)
MIRROR = {
    Order.NEWER: Order.OLDER,
    Order.OLDER: Order.NEWER,
    Order.SAME: Order.SAME,
    Order.UNCLEAR: Order.UNCLEAR,
}


@given(STAMPS.filter(lambda s: s != Stamp()), STAMPS.filter(lambda s: s != Stamp()))
def test_swapping_the_two_swaps_the_verdict_where_both_or_neither_came_with_history(
    one: Stamp, other: Stamp
) -> None:
    assume((one.entry is None) is (other.entry is None))

    assert order(one, other) is MIRROR[order(other, one)]


@given(STAMPS)
def test_anything_is_newer_than_nothing(stamp: Stamp) -> None:
    assert order(stamp, Stamp()) is Order.NEWER


@pytest.mark.parametrize(
    ("new", "known", "verdict"),
    [
        (Stamp(7, T0), Stamp(6, T0), Order.NEWER),
        (Stamp(6, T0), Stamp(7, T0), Order.OLDER),
        (Stamp(7, T0), Stamp(7, T0 + timedelta(hours=1)), Order.SAME),
        (Stamp(7, T0), Stamp(6, T0 + timedelta(minutes=10)), Order.UNCLEAR),
        (Stamp(7, None), Stamp(6, T0), Order.NEWER),
        (Stamp(None, T0), Stamp(6, T0 + timedelta(seconds=1)), Order.OLDER),
        (Stamp(6, T0 + timedelta(seconds=1)), Stamp(None, T0), Order.NEWER),
        (Stamp(6, T0), Stamp(None, T0 + timedelta(minutes=10)), Order.UNCLEAR),
        (Stamp(None, T0 + timedelta(seconds=1)), Stamp(6, T0), Order.UNCLEAR),
        (Stamp(None, T0), Stamp(None, T0), Order.SAME),
        (Stamp(None, T0), Stamp(6, T0), Order.UNCLEAR),
        (Stamp(None, None), Stamp(6, T0), Order.UNCLEAR),
    ],
)
def test_the_id_decides_then_the_time_and_a_contradiction_is_read(
    new: Stamp, known: Stamp, verdict: Order
) -> None:
    assert order(new, known) is verdict
