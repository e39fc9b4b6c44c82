"""I5: no echo. An edit that changes nothing answers nobody; one that a fault made happen twice is excused.

That the app does not write more often than people's edits and conflicts call for is the second opinion's
(``jira_sandbox.demo.checker``).
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime

from jira_sandbox.demo.history import Item
from tests.simulation.witness import Call


def idle(
    calls: Sequence[Call],
    items: Sequence[Item],
    *,
    effective: Collection[int],
    name: Callable[[str], str],
) -> Iterator[str]:
    """Say a sentence for each edit that changed nothing though nothing excuses it.

    ``effective`` are the numbers of the calls that had an effect. Excused is what repeats a call whose
    outcome was not known, and what somebody else had done between the writer's last look and its write.
    """
    by_id = {item.id: item for item in items}
    for call in calls:
        if call.kind != "edit" or call.heard[:1] != "2" or call.number in effective or call.item not in by_id:
            continue
        seen = _last_look(calls, call)
        if not _was_in_doubt(calls, call, seen) and not _is_overtaken(by_id[call.item], call, seen):
            yield f"I5: {call} to {name(call.item)} changed nothing, and nobody had been there before it"


def _last_look(calls: Sequence[Call], call: Call) -> datetime | None:
    """Give the moment at which whoever calls had last asked what the work item holds, or written there."""
    looks = [
        each
        for each in calls[: call.number]
        if each.item == call.item and _is_by_the_same(each, call) and each.heard[:1] == "2" and _shows(each)
    ]
    return looks[-1].asked if looks else None


def _is_by_the_same(one: Call, other: Call) -> bool:
    """Whether one worker made both for the same pair: what it saw for another one it does not remember."""
    return (one.worker, one.pair) == (other.worker, other.pair)


def _shows(call: Call) -> bool:
    """Whether its answer shows the fields; what is said or offered there does not."""
    return call.kind in {"create", "edit"} or call.path.endswith(f"/issue/{call.item}")


def _was_in_doubt(calls: Sequence[Call], call: Call, seen: datetime | None) -> bool:
    """Whether since that look an edit of it was under way that was another's, or of unknown outcome."""
    return any(
        each.item == call.item
        and each.kind == "edit"
        and (not each.is_settled or each.worker != call.worker)
        and (seen is None or seen < each.answered)
        for each in calls[: call.number]
    )


def _is_overtaken(item: Item, call: Call, seen: datetime | None) -> bool:
    cells = set(call.content.get("fields", {})) | set(call.content.get("update", {}))
    return any(
        entry.at < call.answered
        and (seen is None or seen < entry.at)
        and any(cell.partition(":")[0] in cells for cell in entry.values)
        for entry in item.entries
    )
