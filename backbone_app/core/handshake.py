"""The life of a synchronization, as one table.

Left asked, right was asked. Until the request is accepted the two sides see
and may do different things; from then on both may do the same, and there is
one state for both.
"""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from backbone_app.core.values import Side
from backbone_app.errors import Outdated

EXPIRY: Final = timedelta(days=30)
"""How long a request waits for an answer."""


class State(StrEnum):
    """Where a synchronization is in its life."""

    REQUESTED = "requested"
    DECLINED = "declined"
    STOPPED = "stopped"
    RUNNING = "running"
    PAUSED = "paused"


class Action(StrEnum):
    """What a person may do to a synchronization."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    START = "start"
    STOP = "stop"
    DELETE = "delete"


# Per state and side, in the order in which a page lists them: the action and
# the state it leads to. None: the synchronization is gone, for both sides.
_Ways = Mapping[Action, State | None]
_DECLINED: Final[_Ways] = {Action.DELETE: None}
_STOPPED: Final[_Ways] = {Action.START: State.RUNNING, Action.DELETE: None}
_RUNNING: Final[_Ways] = {Action.STOP: State.STOPPED, Action.DELETE: None}
# We have paused it, for a reason that a person has to look at.
_PAUSED: Final[_Ways] = {Action.START: State.RUNNING, Action.STOP: State.STOPPED, Action.DELETE: None}

_TABLE: Final[Mapping[tuple[State, Side], _Ways]] = {
    (State.REQUESTED, Side.LEFT): {Action.WITHDRAW: None},
    (State.REQUESTED, Side.RIGHT): {Action.ACCEPT: State.STOPPED, Action.DECLINE: State.DECLINED},
    (State.DECLINED, Side.LEFT): _DECLINED,
    (State.DECLINED, Side.RIGHT): _DECLINED,
    (State.STOPPED, Side.LEFT): _STOPPED,
    (State.STOPPED, Side.RIGHT): _STOPPED,
    (State.RUNNING, Side.LEFT): _RUNNING,
    (State.RUNNING, Side.RIGHT): _RUNNING,
    (State.PAUSED, Side.LEFT): _PAUSED,
    (State.PAUSED, Side.RIGHT): _PAUSED,
}


CONNECTED: Final = frozenset({State.STOPPED, State.RUNNING, State.PAUSED})
"""The states after acceptance: both sides know each other."""


def shown(state: State, side: Side) -> str:
    """Give the word a page of that side shows for the state."""
    if state is State.REQUESTED:
        return "REQUEST SENT" if side is Side.LEFT else "INCOMING REQUEST"
    return state.name


def actions(state: State, side: Side) -> tuple[Action, ...]:
    """List what a person of that side may do now, in the order a page shows it."""
    return tuple(_TABLE[state, side])


def after(state: State, side: Side, action: Action) -> State | None:
    """Give the state that ``action`` leads to; None when the synchronization is gone.

    Raises ``Outdated`` when the action does not fit: the person's page is old,
    or somebody else was faster.
    """
    ways = _TABLE[state, side]
    if action not in ways:
        raise Outdated(f"You cannot {action} this synchronization any more: it is now {shown(state, side)}.")
    return ways[action]
