"""A work item as an answer: the chosen fields, properties and history."""

from jira_sandbox import fields, render
from jira_sandbox.acts import comments, worklogs
from jira_sandbox.rest import expansions
from jira_sandbox.routing import Call
from jira_sandbox.state.rules import MOST_COMMENTS
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Json

EMBEDDED_HISTORIES, EMBEDDED_COMMENTS = 40, 20
"""A list of the Cloud's embeds no more of each; comments are cut there, and in a single work item not."""
EMBEDDED_WORKLOGS = 20
"""No work item embeds more."""
_EXPANDABLE = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations"


def chosen_fields(shown: dict[str, Json], wanted: list[str]) -> dict[str, Json]:
    """Choose what ``fields`` asks for: names, ``*all``, ``*navigable``, ``-name`` to leave out.

    ``*navigable`` is what a table of work items can show as a column, which comments are not.
    """
    dropped = {name[1:] for name in wanted if name.startswith("-")}
    kept = {name for name in wanted if not name.startswith("-")}
    if not kept or "*all" in kept:
        kept |= shown.keys()
    elif "*navigable" in kept:
        kept |= shown.keys() - fields.NOT_NAVIGABLE
    chosen = kept - dropped
    return {name: value for name, value in shown.items() if name in chosen}


def by_keys(site: Site, wanted: list[str]) -> list[str]:
    """Give the ids of fields named by their keys (``fieldsByKeys``); only those of apps have both."""
    ids = {each.key: each.id for each in site.custom_fields.values()}
    return [f"-{ids.get(name[1:], name[1:])}" if name[:1] == "-" else ids.get(name, name) for name in wanted]


def shown_fields(call: Call, issue: Issue, *, most_comments: int) -> dict[str, Json]:
    """Show all fields the caller may see, with the oldest comments and logged work, as answers alone do."""
    shown = fields.shown(call.site, issue, call.actor, api=call.api)
    if not call.site.edition.is_cloud:
        shown = {name: value for name, value in shown.items() if name not in fields.CLOUDS_OWN}
    if not call.site.hides("comment", call.actor):
        shown["comment"] = _comments(call, issue, most_comments)
    if call.site.time_tracking.is_on and not call.site.hides("worklog", call.actor):
        shown["worklog"] = _worklogs(call, issue)
    return shown


def view(
    call: Call,
    issue: Issue,
    *,
    wanted: list[str],
    properties: list[str],
    expand: list[str],
) -> dict[str, Json]:
    """Show the work item; an empty ``wanted`` shows all fields, an empty ``properties`` none."""
    shown = chosen_fields(shown_fields(call, issue, most_comments=MOST_COMMENTS), wanted)
    told = _view(call, issue, shown, properties=properties, expand=expand)
    return told | expansions.headings(call, shown, expand)


def listed(
    call: Call, issue: Issue, *, wanted: list[str], properties: list[str], expand: list[str]
) -> dict[str, Json]:
    """Show the work item as one of many, with fewer of its comments, its headings told elsewhere.

    A ``wanted`` that only leaves out leaves out of what is navigable.
    """
    if all(name.startswith("-") for name in wanted):
        wanted = ["*navigable", *wanted]
    most = EMBEDDED_COMMENTS if call.site.edition.is_cloud else MOST_COMMENTS
    shown = chosen_fields(shown_fields(call, issue, most_comments=most), wanted)
    return _view(call, issue, shown, properties=properties, expand=expand)


def histories(call: Call, issue: Issue) -> list[Json]:
    """Give the changelog entries the caller may see, oldest first."""
    entries = (render.changelog_entry(call.site, entry, call.actor) for entry in issue.changelog)
    return [entry for entry in entries if entry is not None]


def _view(
    call: Call, issue: Issue, shown: dict[str, Json], *, properties: list[str], expand: list[str]
) -> dict[str, Json]:
    told: dict[str, Json] = {
        "expand": _EXPANDABLE,
        "id": issue.id,
        "self": f"{call.site.base_url}/rest/api/3/issue/{issue.id}",
        "key": issue.key,
        "fields": shown,
    }
    if properties:
        told["properties"] = {
            key: value
            for key, value in issue.properties.items()
            if (key in properties or "*all" in properties) and f"-{key}" not in properties
        }
    if "changelog" in expand:
        told["changelog"] = _embedded_changelog(call, issue)
    if expand:
        told |= expansions.expanded(call, issue, shown, expand)
    if "versionedRepresentations" in expand:
        del told["fields"]
    return told


def _comments(call: Call, issue: Issue, most: int) -> Json:
    seen = comments.seen(call.site, call.actor, issue)
    listed = [render.comment(call.site, issue, each, api=call.api) for each in seen[:most]]
    return {
        "comments": listed,
        "self": f"{call.site.base_url}/rest/api/3/issue/{issue.id}/comment",
        "maxResults": len(listed),
        "total": len(seen),
        "startAt": 0,
    }


def _worklogs(call: Call, issue: Issue) -> Json:
    seen = worklogs.seen(call.site, call.actor, issue)
    listed = [render.worklog(call.site, issue, each, api=call.api) for each in seen[:EMBEDDED_WORKLOGS]]
    return {"startAt": 0, "maxResults": EMBEDDED_WORKLOGS, "total": len(seen), "worklogs": listed}


def _embedded_changelog(call: Call, issue: Issue) -> Json:
    """Show the newest entries first, and forty at most: the rest has its own resource.

    Data Center has no such resource: it shows all of them, the oldest first.
    """
    entries = histories(call, issue)
    shown = entries[::-1][:EMBEDDED_HISTORIES] if call.site.edition.is_cloud else entries
    return {"startAt": 0, "maxResults": len(shown), "total": len(entries), "histories": shown}
