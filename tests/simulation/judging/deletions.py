"""I7: what was deleted stays deleted, and a deletion travels only as somebody's own, never from a 404 or 403.

The app deletes no work item at all, and a copy of a comment only once its original is gone.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from jira_sandbox.demo.history import COMMENT, Change, field_of
from tests.simulation.judging.scope import WEBHOOKS
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

    ``deaths`` are the moments at which work items were deleted; a worker knows of it when its last call about
    the work item was answered 404; another worker may not.
    """
    originals = {one.comment: one.marks.get("originComment", "") for one in made if one.comment}
    emptied = {
        cell.partition(":")[2]: change.at
        for change in changes
        for cell, value in change.values.items()
        if field_of(cell) == COMMENT and not value
    }
    for call in (each for each in calls if each.method == "DELETE" and not WEBHOOKS.fullmatch(each.path)):
        copy = COPIES.search(call.path)
        if call.kind not in {"comment", "unmark"}:
            yield f"I7: {call} deletes a work item"
        elif copy and not _is_before(emptied.get(originals.get(copy[1], "")), call.asked):
            yield f"I7: {call} deletes a copy on {name(call.item)} whose original nobody had deleted"
    last: dict[tuple[str, str], Call] = {}
    for call in calls:
        original = call.marks.get("originItem", "") if call.kind == "create" else ""
        told = last.get((call.worker, original))
        if told and told.heard == "404" and _is_before(deaths.get(original), told.answered):
            yield f"I7: {call} makes a twin of {name(original)}, of which it knew that it is deleted"
        last[call.worker, call.item] = call


def twins_of_twins(
    made: Sequence[Made], moved: Collection[str], *, name: Callable[[str], str]
) -> Iterator[str]:
    """Say a sentence for each twin of a twin: so comes back what was deleted while its twin still stood.

    What was ``moved`` is as good as new where it has come to, and gets a twin there like anything else.
    """
    origins = {one.item: one.marks.get("originItem", "") for one in made if not one.comment}
    for item, origin in origins.items():
        if origin in origins and origin not in moved:
            yield (
                f"I7: {name(item)} was made as a twin of {name(origin)}, which is itself the twin of "
                f"{name(origins[origin])}"
            )


def _is_before(at: datetime | None, moment: datetime) -> bool:
    return at is not None and at < moment
