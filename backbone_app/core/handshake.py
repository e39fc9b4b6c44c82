"""The life of a synchronization, as one table.

Left asked, right was asked. Until the request is accepted the two sides see
and may do different things; from then on both may do the same, and there is
one state for both.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from backbone_app.core.values import Side
from backbone_app.errors import Closed, Outdated

EXPIRY: Final = timedelta(days=30)
"""How long a request waits for an answer."""
REMINDERS: Final = (timedelta(days=7), timedelta(days=23))
"""So long after it was sent those are reminded who have to answer it."""


class State(StrEnum):
    """Where a synchronization is in its life.

    EXPIRED is told by the clock and never stored: what nobody answered in time is still REQUESTED in its row.
    """

    REQUESTED = "requested"
    EXPIRED = "expired"
    DECLINED = "declined"
    STOPPED = "stopped"
    RUNNING = "running"
    PAUSED = "paused"


STORED: Final = tuple(state for state in State if state is not State.EXPIRED)
"""The states that a row can have."""


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
_OVER: Final[_Ways] = {Action.DELETE: None}
_STOPPED: Final[_Ways] = {Action.START: State.RUNNING, Action.DELETE: None}
_RUNNING: Final[_Ways] = {Action.STOP: State.STOPPED, Action.DELETE: None}
# We have paused it, for a reason that a person has to look at.
_PAUSED: Final[_Ways] = {Action.START: State.RUNNING, Action.STOP: State.STOPPED, Action.DELETE: None}

_TABLE: Final[Mapping[tuple[State, Side], _Ways]] = {
    (State.REQUESTED, Side.LEFT): {Action.WITHDRAW: None},
    (State.REQUESTED, Side.RIGHT): {Action.ACCEPT: State.STOPPED, Action.DECLINE: State.DECLINED},
    (State.EXPIRED, Side.LEFT): _OVER,
    (State.EXPIRED, Side.RIGHT): _OVER,
    (State.DECLINED, Side.LEFT): _OVER,
    (State.DECLINED, Side.RIGHT): _OVER,
    (State.STOPPED, Side.LEFT): _STOPPED,
    (State.STOPPED, Side.RIGHT): _STOPPED,
    (State.RUNNING, Side.LEFT): _RUNNING,
    (State.RUNNING, Side.RIGHT): _RUNNING,
    (State.PAUSED, Side.LEFT): _PAUSED,
    (State.PAUSED, Side.RIGHT): _PAUSED,
}


CONNECTED: Final = frozenset({State.STOPPED, State.RUNNING, State.PAUSED})
"""The states after acceptance: both sides know each other."""
_OF_REQUESTS: Final = frozenset({Action.ACCEPT, Action.DECLINE, Action.WITHDRAW})


def current(state: State, *, expires_at: datetime, now: datetime) -> State:
    """Give the state as it is ``now``, by what the row says: a request expires by the clock alone."""
    return State.EXPIRED if state is State.REQUESTED and now >= expires_at else state


def reminders(sent_at: datetime, *, expires_at: datetime, now: datetime) -> tuple[datetime, ...]:
    """Give when reminders of an open request were due until ``now``, oldest first; none once it has expired.

    Whoever reminds people keeps how many they were sent, and sends one where there are more by now.
    """
    if now >= expires_at:
        return ()
    return tuple(sent_at + each for each in REMINDERS if sent_at + each <= now)


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

    Raises ``Outdated`` when the action does not fit: the person's page is old, or somebody else was faster;
    ``Closed`` where it can never fit again, since the request was answered or has expired.
    """
    ways = _TABLE[state, side]
    if action in ways:
        return ways[action]
    if action in _OF_REQUESTS and state is not State.REQUESTED:
        expired = "Nobody answered it in time, so it has expired. Either space can send a new one."
        raise Closed(
            f"You cannot {action} this request any more: it is now {shown(state, side)}."
            f"{f' {expired}' if state is State.EXPIRED else ''}"
        )
    raise Outdated(f"You cannot {action} this synchronization any more: it is now {shown(state, side)}.")
