"""The life of a synchronization: who may do what, and what comes of it."""

import pytest

from backbone_app.core.handshake import Action, State, actions, after, shown
from backbone_app.core.values import Side
from backbone_app.errors import Outdated


@pytest.mark.parametrize(
    ("state", "left", "right"),
    [
        (State.REQUESTED, "REQUEST SENT", "INCOMING REQUEST"),
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
