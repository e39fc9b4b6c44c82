"""What the search index knows: while it lags, work items as they were some time ago.

Jira writes at once and finds later. The past is read back from the changelog, so what it does not tell (a
property, the text of a comment that was changed) is found as it is now.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from jira_sandbox.state.values import ChangelogEntry, Issue


def known(issues: Iterable[Issue], now: datetime, lag: timedelta, fresh: set[str]) -> Iterator[Issue]:
    """Give the work items as they were ``lag`` before ``now``; those whose ids are ``fresh`` as they are.

    So is what the site dates later than now: its clock was set back since, and the index waits for no clock.
    """
    until = now - lag
    for issue in issues:
        if not until < issue.updated <= now or issue.id in fresh:
            yield issue
        elif issue.created <= until:
            yield as_it_was(issue, until)


def as_it_was(issue: Issue, until: datetime) -> Issue:
    """Copy a work item as it was; the copy shares what has not changed."""
    kept = [entry for entry in issue.changelog if entry.created <= until]
    before = replace(
        issue,
        fields=dict(issue.fields),
        changelog=kept,
        comments=[each for each in issue.comments if each.created <= until],
        worklogs=[each for each in issue.worklogs if each.created <= until],
        attachments=[each for each in issue.attachments if each.created <= until],
    )
    for entry in reversed(issue.changelog[len(kept) :]):
        _take_back(before, entry)
    times = [entry.created for entry in kept] + [each.updated for each in before.comments]
    before.updated = max((each for each in times if each <= until), default=issue.created)
    if before.fields.get("resolution") is None:
        before.resolved = None
    return before


def _take_back(issue: Issue, entry: ChangelogEntry) -> None:
    for item in reversed(entry.items):
        match item.field_id:
            case "status":
                issue.status_id = item.before or issue.status_id
            case "issuetype":
                issue.type_id = item.before or issue.type_id
            case "project":
                issue.space_id = item.before or issue.space_id
            case _ if item.field == "Key":
                issue.key = item.before_text or issue.key
        if item.stored:
            name, value = item.stored
            issue.fields[name] = value
