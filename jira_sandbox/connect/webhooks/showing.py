"""How much of a work item a delivery shows: all of it, a few fields, or all and what hangs on it.

Data Center shows the latter whatever happened, as its recorded deliveries do.
"""

from typing import TypeVar

from jira_sandbox import fields, render
from jira_sandbox.state.elements import Worklog
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Comment, Issue, Json, User

_FEW = ("summary", "issuetype", "project", "assignee", "priority", "status")
"""The fields of the work item that the delivery of a comment or a file tells."""
_WORKLOGS = 20
_Part = TypeVar("_Part", Comment, Worklog)


def whole(site: Site, issue: Issue, viewer: User, property_keys: tuple[str, ...]) -> dict[str, Json]:
    """Show the work item with all fields that ``viewer`` may see."""
    if not site.edition.is_cloud:
        return last(site, issue, viewer, property_keys)
    return _shown(site, issue, fields.shown(site, issue, viewer, api=2), property_keys)


def last(site: Site, issue: Issue, viewer: User, property_keys: tuple[str, ...]) -> dict[str, Json]:
    """Show a work item that goes: only then a delivery of the Cloud shows its comments and logged work."""
    comments = seen_by(site, viewer, issue, issue.comments)
    worklogs = seen_by(site, viewer, issue, issue.worklogs)
    more: dict[str, Json] = {
        "comment": {
            "comments": [render.comment(site, issue, each, api=2) for each in comments],
            "maxResults": len(comments),
            "total": len(comments),
            "startAt": 0,
        },
        "worklog": {
            "startAt": 0,
            "maxResults": _WORKLOGS,
            "total": len(worklogs),
            "worklogs": [render.worklog(site, issue, each, api=2) for each in worklogs[:_WORKLOGS]],
        },
    }
    seen = {name: value for name, value in more.items() if not site.hides(name, viewer)}
    return _shown(site, issue, fields.shown(site, issue, viewer, api=2) | seen, property_keys)


def brief(site: Site, issue: Issue, viewer: User, property_keys: tuple[str, ...]) -> dict[str, Json]:
    """Show the work item with the few fields that Jira tells when the event is about a part of it."""
    if not site.edition.is_cloud:
        return last(site, issue, viewer, property_keys)
    shown = fields.shown(site, issue, viewer, api=2)
    return _shown(site, issue, {name: shown[name] for name in _FEW if name in shown}, property_keys)


def seen_by(site: Site, viewer: User, issue: Issue, listed: list[_Part]) -> list[_Part]:
    """Leave out what is restricted to roles and groups ``viewer`` does not belong to."""
    return [each for each in listed if is_seen_by(site, viewer, issue, each)]


def is_seen_by(site: Site, viewer: User, issue: Issue, part: Comment | Worklog) -> bool:
    """Whether ``viewer`` belongs to the role or group that the part is restricted to, if it is."""
    space = site.space_of(issue)
    return part.visibility is None or site.belongs(viewer, part.visibility, space=space)


def _shown(
    site: Site, issue: Issue, shown: dict[str, Json], property_keys: tuple[str, ...]
) -> dict[str, Json]:
    told: dict[str, Json] = {
        "id": issue.id,
        "self": f"{site.base_url}/rest/api/3/issue/{issue.id}",
        "key": issue.key,
        "fields": shown,
    }
    if not site.edition.is_cloud:
        told["fields"] = {name: value for name, value in shown.items() if name not in fields.CLOUDS_OWN}
    asked = {key: issue.properties[key] for key in property_keys if key in issue.properties}
    return told | {"properties": asked} if property_keys else told
