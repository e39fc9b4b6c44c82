"""The fields nobody edits as such: what they are called, and how a work item shows them."""

from typing import Any

from jira_sandbox import render
from jira_sandbox.fields import estimates, people
from jira_sandbox.fields.kinds import Place, once
from jira_sandbox.render.links import linked, links_of
from jira_sandbox.state.values import Api, Issue, Json, User


def _schema(name: str, kind: str, items: str = "") -> Json:
    return {"type": kind, **({"items": items} if items else {}), "system": name}


SYSTEM: dict[str, tuple[str, Json]] = {
    name: (title, _schema(name, *kind))
    for name, title, *kind in (
        ("issuetype", "Work type", "issuetype"),
        ("project", "Space", "project"),
        ("status", "Status", "status"),
        ("statusCategory", "Status Category", "statusCategory"),
        ("creator", "Creator", "user"),
        ("created", "Created", "datetime"),
        ("updated", "Updated", "datetime"),
        ("resolutiondate", "Resolved", "datetime"),
        ("statuscategorychangedate", "Status Category Changed", "datetime"),
        ("lastViewed", "Last Viewed", "datetime"),
        ("attachment", "Attachment", "array", "attachment"),
        ("comment", "Comment", "comments-page"),
        ("worklog", "Log Work", "array", "worklog"),
        ("issuelinks", "Linked work items", "array", "issuelinks"),
        ("subtasks", "Sub-tasks", "array", "issuelinks"),
        ("votes", "Votes", "votes"),
        ("watches", "Watchers", "watches"),
        ("workratio", "Work Ratio", "number"),
        ("progress", "Progress", "progress"),
        ("aggregateprogress", "Σ Progress", "progress"),
        ("timespent", "Time Spent", "number"),
        ("timeestimate", "Remaining Estimate", "number"),
        ("timeoriginalestimate", "Original estimate", "number"),
        ("aggregatetimespent", "Σ Time Spent", "number"),
        ("aggregatetimeestimate", "Σ Remaining Estimate", "number"),
        ("aggregatetimeoriginalestimate", "Σ Original Estimate", "number"),
        ("issuerestriction", "Restrict to", "issuerestriction"),
    )
}
"""Their titles and schemas by id."""
NOT_NAVIGABLE = frozenset({"comment", "worklog", "attachment", "timetracking"})
"""What a table of work items cannot show as a column."""
CLOUDS_OWN = frozenset({"statusCategory", "statuscategorychangedate", "issuerestriction"})
"""Fields that Data Center has not."""
TITLES_OF_DATA_CENTER = {"issuetype": "Issue Type", "project": "Project", "issuelinks": "Linked Issues"}
"""What the Cloud has renamed and Data Center has not."""


def shown(place: Place, issue: Issue, viewer: User, *, api: Api) -> dict[str, Json]:
    """Show them; comments and logged work, which only answers tell, are not among them."""
    site = place.site
    link = f"{site.base_url}/rest/api/3/issue/{issue.key}"
    status = once(site, "status", issue.status_id, site.status(issue.status_id), render.status)
    account = viewer.account_id
    kind = once(site, "type", issue.type_id, site.work_types[issue.type_id], render.work_type)
    children = site.children(issue)
    return {
        "issuetype": kind,
        "project": render.space_of_item(site, place.space),
        "status": status,
        "statusCategory": status["statusCategory"],
        "creator": people.shown(place, issue.creator),
        "created": render.moment(issue.created),
        "updated": render.moment(issue.updated),
        "resolutiondate": render.moment(issue.resolved) if issue.resolved else None,
        "statuscategorychangedate": render.moment(issue.category_changed or issue.created),
        "lastViewed": render.moment(issue.viewed[account]) if account in issue.viewed else None,
        "attachment": [render.attachment(site, each, api=api) for each in issue.attachments],
        "issuelinks": links_of(site, issue, viewer) if site.links else [],
        "subtasks": [linked(site, each) for each in children if _is_sub_task(place, each)],
        "votes": {"self": f"{link}/votes", "votes": len(issue.voters), "hasVoted": account in issue.voters},
        "watches": {
            "self": f"{link}/watchers",
            "watchCount": len(issue.watchers),
            "isWatching": account in issue.watchers,
        },
        "issuerestriction": {"issuerestrictions": {}, "shouldDisplay": place.space.is_team_managed},
        **_times(place, issue, children),
    }


def _is_sub_task(place: Place, issue: Issue) -> bool:
    return place.site.work_types[issue.type_id].hierarchy_level < 0


_UNTRACKED: dict[str, Json] = {
    "timespent": None,
    "timeestimate": None,
    "timeoriginalestimate": None,
    "aggregatetimespent": None,
    "aggregatetimeestimate": None,
    "aggregatetimeoriginalestimate": None,
    "workratio": -1,
    "progress": {"progress": 0, "total": 0},
    "aggregateprogress": {"progress": 0, "total": 0},
}
_Times = tuple[int | None, int | None, int | None]


def _times(place: Place, issue: Issue, children: list[Issue]) -> dict[str, Json]:
    """Show time tracking, alone and together with that of the sub-tasks, in seconds."""
    own = _tracked(issue)
    all_of_them = [own, *(_tracked(each) for each in children if _is_sub_task(place, each))]
    if all(each == (None, None, None) for each in all_of_them):
        return _UNTRACKED
    spent, rest, first = own
    total = [_sum(values) for values in zip(*all_of_them, strict=True)]
    return {
        "timespent": spent,
        "timeestimate": rest,
        "timeoriginalestimate": first,
        "aggregatetimespent": total[0],
        "aggregatetimeestimate": total[1],
        "aggregatetimeoriginalestimate": total[2],
        "workratio": (spent or 0) * 100 // first if first else -1,
        "progress": _progress(spent, rest),
        "aggregateprogress": _progress(total[0], total[1]),
    }


def _tracked(issue: Issue) -> _Times:
    held: Any = issue.fields.get("timetracking")
    return estimates.spent(issue), estimates.remaining(held), estimates.original(held)


def _sum(values: tuple[int | None, ...]) -> int | None:
    known = [each for each in values if each is not None]
    return sum(known) if known else None


def _progress(spent: int | None, rest: int | None) -> Json:
    done, total = spent or 0, (spent or 0) + (rest or 0)
    shown = {"progress": done, "total": total}
    return shown | {"percent": done * 100 // total} if total else shown
