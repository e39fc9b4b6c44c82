"""What ``expand`` adds to a work item in an answer."""

from collections.abc import Callable
from datetime import datetime

from jira_sandbox import fields, richtext
from jira_sandbox.acts import comments, steps, worklogs
from jira_sandbox.rest.createmeta import edit_screen
from jira_sandbox.rest.transitions import shown_transition
from jira_sandbox.routing import Call
from jira_sandbox.state.values import Issue, Json

_MOMENTS = frozenset({"created", "updated", "resolutiondate", "statuscategorychangedate", "lastViewed"})
Shown = dict[str, Json]


def names(call: Call, shown: Shown) -> Json:
    """Give the title of each field that is shown."""
    known = fields.titles(call.site)
    return {name: known[name] for name in shown if name in known}


def schema(call: Call, shown: Shown) -> Json:
    """Give the schema of each field that is shown."""
    known = fields.schemas(call.site)
    return {name: known[name] for name in shown if name in known}


def rendered(call: Call, issue: Issue, shown: Shown) -> Json:
    """Give rich text as HTML and moments as people read them; None for all other fields."""
    told: Shown = dict.fromkeys(shown)
    for name, value in shown.items():
        if value is None:
            continue
        if name in _MOMENTS:
            told[name] = fields.for_people(datetime.fromisoformat(value))
        elif name == "comment":
            told[name] = value | {"comments": _html(value["comments"], "body", _comment_bodies(call, issue))}
        elif name == "worklog":
            told[name] = value | {"worklogs": _html(value["worklogs"], "comment", _log_bodies(call, issue))}
        elif fields.is_rich(call.site, name):
            told[name] = str(richtext.to_html(issue.fields[name]))
    return told


def operations(call: Call, issue: Issue) -> Json:
    """Give the operations of the page of a work item that the caller may take part in."""
    wanted = (
        ("edit-issue", "Edit", "EDIT_ISSUES"),
        ("comment-issue", "Add comment", "ADD_COMMENTS"),
        ("delete-issue", "Delete", "DELETE_ISSUES"),
    )
    links = [
        {"id": name, "label": label, "href": f"/browse/{issue.key}", "weight": 10 * number}
        for number, (name, label, permission) in enumerate(wanted, start=1)
        if call.site.may_around(call.actor, permission, issue)
    ]
    return {"linkGroups": [{"id": "view.issue.opsbar", "links": links, "groups": []}]}


def transitions(call: Call, issue: Issue) -> Json:
    """List the transitions the caller is offered."""
    return [shown_transition(call, issue, each) for each in steps.offered(call.site, call.actor, issue)]


def versions(shown: Shown) -> Json:
    """Give each field in each version of its form: there is but one."""
    return {name: {"1": value} for name, value in shown.items()}


_OF_ISSUE: dict[str, Callable[[Call, Issue], Json]] = {
    "operations": operations,
    "editmeta": lambda call, issue: {"fields": edit_screen(call, issue)},
    "transitions": transitions,
}


def expanded(call: Call, issue: Issue, shown: Shown, expand: list[str]) -> Shown:
    """Give what ``expand`` asks for besides history: names Jira does not know add nothing."""
    told: Shown = {name: make(call, issue) for name, make in _OF_ISSUE.items() if name in expand}
    if "renderedFields" in expand:
        told["renderedFields"] = rendered(call, issue, shown)
    if "versionedRepresentations" in expand:
        told["versionedRepresentations"] = versions(shown)
    return told


def headings(call: Call, shown: Shown, expand: list[str]) -> Shown:
    """Give the titles and schemas ``expand`` asks for: a search tells them once for all it found."""
    told: Shown = {}
    if "names" in expand:
        told["names"] = names(call, shown)
    if "schema" in expand:
        told["schema"] = schema(call, shown)
    return told


def _comment_bodies(call: Call, issue: Issue) -> dict[str, Json]:
    return {each.id: each.body for each in comments.seen(call.site, call.actor, issue)}


def _log_bodies(call: Call, issue: Issue) -> dict[str, Json]:
    return {each.id: each.body for each in worklogs.seen(call.site, call.actor, issue)}


def _html(listed: list[Shown], name: str, bodies: dict[str, Json]) -> list[Shown]:
    return [each | {name: str(richtext.to_html(bodies[each["id"]]))} for each in listed]
