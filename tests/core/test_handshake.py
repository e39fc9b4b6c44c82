"""The life of a synchronization: who may do what, and what comes of it."""

from datetime import UTC, datetime, timedelta

import pytest

from backbone_app.core.handshake import EXPIRY, Action, State, actions, after, current, reminders, shown
from backbone_app.core.values import Side
from backbone_app.errors import Closed, Outdated

SENT = datetime(2026, 11, 1, 8, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("state", "left", "right"),
    [
        (State.REQUESTED, "REQUEST SENT", "INCOMING REQUEST"),
        (State.EXPIRED, "EXPIRED", "EXPIRED"),
        (State.DECLINED, "DECLINED", "DECLINED"),
        (State.STOPPED, "STOPPED", "STOPPED"),
        (State.RUNNING, "RUNNING", "RUNNING"),
        (State.PAUSED, "PAUSED", "PAUSED"),
    ],
)
def test_pages_say_where_it_stands(state: State, left: str, right: str) -> None:
    assert (shown(state, Side.LEFT), shown(state, Side.RIGHT)) == (left, right)


def test_only_the_side_that_was_asked_answers_and_only_the_side_that_asked_withdraws() -> None:
    assert actions(State.REQUESTED, Side.RIGHT) == (Action.ACCEPT, Action.DECLINE)
    assert actions(State.REQUESTED, Side.LEFT) == (Action.WITHDRAW,)


@pytest.mark.parametrize("side", Side)
def test_once_accepted_both_sides_may_do_the_same(side: Side) -> None:
    assert actions(State.STOPPED, side) == (Action.START, Action.DELETE)
    assert actions(State.RUNNING, side) == (Action.STOP, Action.DELETE)
    assert actions(State.PAUSED, side) == (Action.START, Action.STOP, Action.DELETE)
    assert actions(State.DECLINED, side) == (Action.DELETE,)


def test_a_request_that_is_accepted_waits_to_be_started() -> None:
    accepted = after(State.REQUESTED, Side.RIGHT, Action.ACCEPT)

    assert accepted is State.STOPPED
    assert after(accepted, Side.LEFT, Action.START) is State.RUNNING
    assert after(State.RUNNING, Side.RIGHT, Action.STOP) is State.STOPPED


def test_a_declined_request_stays_listed_until_either_side_deletes_it() -> None:
    declined = after(State.REQUESTED, Side.RIGHT, Action.DECLINE)

    assert declined is State.DECLINED
    assert [after(declined, side, Action.DELETE) for side in Side] == [None, None]


def test_a_withdrawn_request_is_gone() -> None:
    assert after(State.REQUESTED, Side.LEFT, Action.WITHDRAW) is None


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("action", Action)
def test_what_a_page_lists_works_and_everything_else_is_outdated(
    state: State, side: Side, action: Action
) -> None:
    if action in actions(state, side):
        assert after(state, side, action) is not state
    else:
        with pytest.raises(Outdated, match=shown(state, side)):
            after(state, side, action)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("action", [Action.ACCEPT, Action.DECLINE, Action.WITHDRAW])
@pytest.mark.parametrize("state", [each for each in State if each is not State.REQUESTED])
def test_a_request_that_was_answered_or_has_expired_is_closed_for_ever(
    state: State, action: Action, side: Side
) -> None:
    with pytest.raises(Closed, match=f"cannot {action} this request any more"):
        after(state, side, action)


def test_a_request_expires_by_the_clock_and_nothing_else_does() -> None:
    end = SENT + EXPIRY

    assert current(State.REQUESTED, expires_at=end, now=end - A_MOMENT) is State.REQUESTED
    assert current(State.REQUESTED, expires_at=end, now=end) is State.EXPIRED
    for state in set(State) - {State.REQUESTED}:
        assert current(state, expires_at=end, now=end) is state


@pytest.mark.parametrize(
    ("age", "days"),
    [
        (timedelta(0), []),
        (timedelta(days=7) - A_MOMENT, []),
        (timedelta(days=7), [7]),
        (timedelta(days=23) - A_MOMENT, [7]),
        (timedelta(days=23), [7, 23]),
        (timedelta(days=30) - A_MOMENT, [7, 23]),
        (timedelta(days=30), []),
    ],
)
def test_reminders_are_due_on_days_7_and_23_until_it_expires(age: timedelta, days: list[int]) -> None:
    due = reminders(SENT, expires_at=SENT + EXPIRY, now=SENT + age)

    assert due == tuple(SENT + timedelta(days=each) for each in days)
