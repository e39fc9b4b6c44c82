"""Given back by a write of ours, or chosen anew."""

from datetime import UTC, datetime, timedelta

import pytest

from backbone_app.core.returning import is_given_back, is_told
from backbone_app.core.values import Entry, FieldStep, Text

T0 = datetime(2026, 1, 1, tzinfo=UTC)
AHEAD = timedelta(seconds=30)
THERE, AWAY = Text("there"), Text("away")


def ours(number: int, carried: float | None, before: Text, after: Text) -> Entry:
    edited = None if carried is None else T0 + timedelta(seconds=carried)
    step = FieldStep("summary", before, after)
    return Entry(number, T0 + timedelta(hours=1), "us", (step,), f"i-{number}", edited)


def back(first: float | None, last: float | None) -> tuple[Entry, Entry]:
    return ours(2, first, THERE, AWAY), ours(3, last, AWAY, THERE)


@pytest.mark.parametrize(
    ("first", "last", "is_back"),
    [(20, 10, True), (20, 20, True), (20, 21, False), (20, 5.9, True), (4, 6, True), (4, 6.1, False)],
)
def test_what_carries_no_newer_edit_than_stood_there_is_given_back(
    first: float, last: float, is_back: bool
) -> None:
    before = Entry(1, T0 + AHEAD + timedelta(seconds=5), "bob", (FieldStep("summary", AWAY, THERE),))

    assert is_given_back("summary", back(first, last), before, AHEAD) is is_back
    assert is_told("summary", back(first, last))


@pytest.mark.parametrize("times", [(None, 10), (20, None), (None, None)])
def test_of_what_says_no_time_nothing_is_known(times: tuple[float | None, float | None]) -> None:
    assert not is_told("summary", back(*times))
    assert not is_given_back("summary", back(*times), None, AHEAD)


@pytest.mark.parametrize(("last", "is_back"), [(19, True), (21, False)])
def test_where_nobody_knows_what_stood_there_the_two_writes_decide(last: float, is_back: bool) -> None:
    assert is_given_back("summary", back(20, last), None, AHEAD) is is_back
