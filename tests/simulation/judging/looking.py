"""I12: after an unknown outcome the app looks before it creates again."""

from collections.abc import Iterator, Sequence
from typing import Final

from tests.simulation.witness import Call

SEARCHES: Final = ("/search/jql", "/search")
Original = tuple[str, ...]


def blind(calls: Sequence[Call]) -> Iterator[str]:
    """Say a sentence for each creation that follows a doubtful one of the same thing without a look."""
    doubtful: dict[Original, Call] = {}
    for call in calls:
        for original in [each for each, doubt in doubtful.items() if _looks(call, doubt)]:
            del doubtful[original]
        if call.method != "POST" or call.kind not in {"create", "comment"}:
            continue
        original = _original(call)
        if original in doubtful:
            yield f"I12: {call} creates {' '.join(original)} anew; nobody looked since {doubtful[original]}"
        doubtful.pop(original, None)
        if not call.is_settled:
            doubtful[original] = call


def _looks(call: Call, doubt: Call) -> bool:
    """Whether a call that was answered shows what became of the other one.

    A new work item is found by a search for what the app created itself; a check searches for something else.
    """
    if call.origin != doubt.origin or call.heard[:1] != "2":
        return False
    if doubt.kind == "create":
        return call.path.endswith(SEARCHES) and "creator = " in str(call.content.get("jql"))
    return call.method == "GET" and call.item == doubt.item and "/comment" in call.path


def _original(call: Call) -> Original:
    marks = call.marks
    return (
        call.kind,
        call.item,
        marks.get("synchronization", ""),
        marks.get("originItem", ""),
        marks.get("originComment", ""),
    )
