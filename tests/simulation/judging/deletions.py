"""I7: what was deleted stays deleted, and a deletion travels only as somebody's own, never from a 404 or 403.

The app deletes no work item at all, and a copy of a comment only once its original is gone or hidden.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from jira_sandbox.demo.history import COMMENT, Change, field_of
from tests.simulation.witness import Call, Made

COPIES: Final = re.compile(r"/issue/\d+/comment/(\d+)$")


def undue(
    calls: Sequence[Call],
    made: Sequence[Made],
    changes: Sequence[Change],
    deaths: Mapping[str, datetime],
    *,
    name: Callable[[str], str],
) -> Iterator[str]:
    """Say a sentence for each deletion nobody asked for, and for each twin of what was known to be deleted.

    ``deaths`` are the moments at which work items were deleted; who works on a
    pair knows of it when its last call was answered 404; another pair's worker may not.
    """
    originals = {one.comment: one.marks.get("originComment", "") for one in made if one.comment}
    emptied = {
        cell.partition(":")[2]: change.at
        for change in changes
        for cell, value in change.values.items()
        if field_of(cell) == COMMENT and not value
    }
    for call in (each for each in calls if each.method == "DELETE"):
        copy = COPIES.search(call.path)
        if call.kind not in {"comment", "unmark"}:
            yield f"I7: {call} deletes a work item"
        elif copy and not _is_before(emptied.get(originals.get(copy[1], "")), call.asked):
            yield f"I7: {call} deletes a copy on {name(call.item)} whose original nobody had deleted"
    last: dict[str, Call] = {}
    for call in calls:
        told = last.get(call.worker)
        original = call.marks.get("originItem", "") if call.kind == "create" else ""
        if told and original == told.item and original in deaths and told.heard == "404":
            yield f"I7: {call} makes a twin of {name(original)}, of which it knew that it is deleted"
        last[call.worker] = call


def _is_before(at: datetime | None, moment: datetime) -> bool:
    return at is not None and at < moment
