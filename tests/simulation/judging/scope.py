"""I13: a field that is not mapped is never written."""

import re
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
WEBHOOKS: Final = re.compile(
    r"/rest/(webhooks/1\.0/webhook|jira-webhook/1\.0/webhooks)(/\d+)?$|/rest/api/3/webhook(/refresh)?$"
)
"""What the app keeps of its own on a linked site."""
CREATED_WITH: Final = MAPPED | {"project", "issuetype"}


def trespasses(calls: Sequence[Call], *, name: Callable[[str], str]) -> Iterator[str]:
    """Say a sentence for each write that names what nobody agreed to share."""
    for call in calls:
        allowed = {"create": CREATED_WITH, "edit": MAPPED}.get(call.kind, frozenset())
        content = call.content if call.kind else {}
        named = set(content.get("fields", {})) | set(content.get("update", {}))
        if named - allowed:
            yield f"I13: {call} writes {', '.join(sorted(named - allowed))} of {name(call.item)}"
        is_about_items = not (call.is_for_tokens or WEBHOOKS.fullmatch(call.path) or _reads(call))
        if call.method in {"POST", "PUT", "DELETE"} and not call.kind and is_about_items:
            yield f"I13: {call} is no write that a synchronization calls for"


def _reads(call: Call) -> bool:
    return call.method == "POST" and call.path.endswith(READS)
