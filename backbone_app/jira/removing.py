"""Taking our properties off work items and comments, one by one or many in one call."""

from collections.abc import Collection
from enum import Enum
from typing import Final

from backbone_app.errors import RemoteMissing
from backbone_app.jira import items
from backbone_app.jira.client import JiraClient, segment
from backbone_app.jira.comments import COPY
from backbone_app.jira.items import MARK

MOST: Final = 1_000
"""So many work items in one call. Jira takes ten thousand, but does all of them or none."""


class Progress(Enum):
    """What became of a task; FAILED: nothing of it was done, or nobody knows any more."""

    UNDER_WAY = "under way"
    DONE = "done"
    FAILED = "failed"


_PROGRESS: Final = {
    "COMPLETE": Progress.DONE,
    "ENQUEUED": Progress.UNDER_WAY,
    "RUNNING": Progress.UNDER_WAY,
    "CANCEL_REQUESTED": Progress.UNDER_WAY,
}
"""Jira's words for it (``TaskProgressBean.status``); every other one is a failure."""


def remove_marks(client: JiraClient, item_ids: Collection[str], *, timeout: float) -> str:
    """Have Jira take our property off these work items (at most ``MOST``); returns the id of its task.

    Those that are gone, or that the app may not edit, are passed over by Jira without a word.
    """
    asked = {"entityIds": sorted(int(segment(one)) for one in item_ids)}
    return client.begin(
        "DELETE", f"/rest/api/{client.api}/issue/properties/{MARK}", json=asked, timeout=timeout
    )


def progress(client: JiraClient, task: str) -> Progress:
    """Ask what became of a task; Jira forgets one after two weeks."""
    try:
        said = items.mapping(client.call("GET", f"/rest/api/{client.api}/task/{segment(task)}"))
    except RemoteMissing:
        return Progress.FAILED
    return _PROGRESS.get(items.text(said.get("status")), Progress.FAILED)


def remove_copy_mark(client: JiraClient, comment_id: str, *, timeout: float) -> None:
    """Take our property off a comment; gone already is fine."""
    try:
        path = f"/rest/api/{client.api}/comment/{segment(comment_id)}/properties/{COPY}"
        client.call("DELETE", path, timeout=timeout)
    except RemoteMissing:
        return
