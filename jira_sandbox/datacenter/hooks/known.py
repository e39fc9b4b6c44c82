"""The events of Data Center, and its webhooks by number."""

from typing import Final

from jira_sandbox.state.hooks import AdminHook
from jira_sandbox.state.site import Site

LOGGED_WORK: Final = "jira:worklog_updated"
"""What happens to a work item when work is logged on it: Data Center does not call it an update."""
_THINGS = tuple(
    f"{thing}_{what}"
    for thing in ("jira:issue", "comment", "worklog", "user", "project")
    for what in ("created", "updated", "deleted")
)
_LINKS = ("issuelink_created", "issuelink_deleted")
_VERSIONS = tuple(
    f"jira:version_{what}"
    for what in ("released", "unreleased", "created", "moved", "updated", "merged", "deleted")
)
_SETTINGS = (
    "voting",
    "watching",
    "unassigned_issues",
    "subtasks",
    "attachments",
    "issuelinks",
    "timetracking",
)
_FEATURES = tuple(f"option_{what}_changed" for what in _SETTINGS)
_SOFTWARE = (
    *(f"sprint_{what}" for what in ("created", "updated", "closed", "deleted", "started")),
    *(f"board_{what}" for what in ("created", "updated", "deleted", "configuration_changed")),
)
EVENTS: Final = frozenset((*_THINGS, LOGGED_WORK, *_LINKS, *_VERSIONS, *_FEATURES, *_SOFTWARE))
"""What a webhook may listen to. Of files, properties and work types there are no events, unlike the Cloud."""


def hook(site: Site, number: int | None) -> AdminHook | None:
    """Find a webhook; None if there is none, or not any more."""
    return next((each for each in site.admin_hooks if each.id == number), None)
