"""Twins that were deleted before the app could have heard that there was one.

The answer to the creation was lost, and so was Jira's news of it; the news of a deletion bear no mark. To
whoever asks it is as if the creation had not come about, and another one is right.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from tests.simulation.witness import Call, Made

END: Final = datetime.max.replace(tzinfo=UTC)


def unheard(
    made: Sequence[Made],
    calls: Sequence[Call],
    deaths: Mapping[str, datetime],
    named: Mapping[str, datetime],
) -> frozenset[str]:
    """Give the nonces of their creations.

    ``deaths`` are the moments at which work items were deleted, ``named`` those at which the app first took
    news of them that bear their mark. What counts is what was known when the next twin was asked for.
    """
    twins = [one for one in made if not one.comment]
    creations = {call.intent: call for call in calls if call.kind == "create"}
    return frozenset(
        one.marks["nonce"]
        for one in twins
        if one.marks.get("nonce") in creations
        and not _is_known(one, creations[one.marks["nonce"]], calls, named, _next(one, twins, creations))
        and deaths.get(one.item, END) < _next(one, twins, creations)
    )


def _next(one: Made, twins: Iterable[Made], creations: Mapping[str, Call]) -> datetime:
    """Tell when the next twin of the same original was asked for."""
    others = (
        creations[other.marks["nonce"]].asked
        for other in twins
        if other.at > one.at and _original(other) == _original(one) and other.marks.get("nonce") in creations
    )
    return min(others, default=END)


def _original(one: Made) -> tuple[str, str]:
    return one.marks.get("synchronization", ""), one.marks.get("originItem", "")


def _is_known(
    one: Made, creation: Call, calls: Sequence[Call], named: Mapping[str, datetime], until: datetime
) -> bool:
    """Whether somebody heard the answer and went on, came to the work item itself, or took news of it."""
    before = [call for call in calls if call.asked <= until]
    went_on = (call.worker == creation.worker and call.number > creation.number for call in before)
    is_answered = creation.heard[:1] == "2" and any(went_on)
    return is_answered or any(call.item == one.item for call in before) or named.get(one.item, END) < until
