"""Files and logged work as the page of a work item tells them."""

from typing import Any

from jira_sandbox import richtext
from jira_sandbox.acts import attachments, worklogs
from jira_sandbox.pages.visit import Visit
from jira_sandbox.state import durations
from jira_sandbox.state.values import Issue


def files(visit: Visit, issue: Issue) -> list[dict[str, Any]]:
    """Give the files as the page tells them, the oldest first."""
    if not visit.site.attachments_on:
        return []
    return [
        {
            "id": each.id,
            "name": each.filename,
            "size": each.size,
            "author": visit.site.users[each.author],
            "created": each.created,
            "may_delete": attachments.may_delete(visit.site, visit.person, issue, each),
        }
        for each in issue.attachments
    ]


def work(visit: Visit, issue: Issue) -> list[dict[str, Any]]:
    """Give the logged work the person may see as the page tells it, the oldest first."""
    return [
        {
            "spent": durations.shown(each.seconds, visit.site.time_tracking),
            "author": visit.site.users[each.author],
            "started": each.started,
            "html": richtext.to_html(each.body),
        }
        for each in worklogs.seen(visit.site, visit.person, issue)
    ]
