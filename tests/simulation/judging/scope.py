"""I13: a field that is not mapped is never written."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from tests.simulation.witness import Call

MAPPED: Final = frozenset({"summary", "priority", "duedate", "description", "labels"})
READS: Final = (
    "/search/jql",
    "/search",
    "/bulkfetch",
    "/permissions/check",
    "/comment/list",
    "/report-accounts",
)
"""What is sent with POST and changes nothing about work items."""
CREATED_WITH: Final = MAPPED | {"project", "issuetype"}


def trespasses(calls: Sequence[Call], *, name: Callable[[str], str]) -> Iterator[str]:
    """Say a sentence for each write that names what nobody agreed to share."""
    for call in calls:
        allowed = {"create": CREATED_WITH, "edit": MAPPED}.get(call.kind, frozenset())
        content = call.content if call.kind else {}
        named = set(content.get("fields", {})) | set(content.get("update", {}))
        if named - allowed:
            yield f"I13: {call} writes {', '.join(sorted(named - allowed))} of {name(call.item)}"
        if call.method in {"POST", "PUT", "DELETE"} and not call.kind and not _reads(call):
            yield f"I13: {call} is no write that a synchronization calls for"


def _reads(call: Call) -> bool:
    return call.method == "POST" and call.path.endswith(READS)
