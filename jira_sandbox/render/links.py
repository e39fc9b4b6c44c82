"""Links between work items and to things elsewhere, in Jira's JSON."""

from jira_sandbox.render import basics
from jira_sandbox.state.elements import IssueLink, LinkType, RemoteLink
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Json, User


def link_type(site: Site, value: LinkType) -> dict[str, Json]:
    """Show a link type."""
    return {
        "id": value.id,
        "name": value.name,
        "inward": value.inward,
        "outward": value.outward,
        "self": f"{site.base_url}/rest/api/3/issueLinkType/{value.id}",
    }


def linked(site: Site, issue: Issue) -> dict[str, Json]:
    """Show a work item in short, as those it is linked to show it."""
    held = issue.fields.get("priority")
    return {
        "id": issue.id,
        "key": issue.key,
        "self": f"{site.base_url}/rest/api/3/issue/{issue.id}",
        "fields": {
            "summary": issue.fields["summary"],
            "status": basics.status(site, site.status(issue.status_id)),
            **({"priority": basics.priority(site, site.priority(held))} if held else {}),
            "issuetype": basics.work_type(site, site.work_types[issue.type_id]),
        },
    }


def link(site: Site, value: IssueLink) -> dict[str, Json]:
    """Show a link with both ends, as its own address shows it."""
    return {
        **_in_short(site, value),
        "inwardIssue": linked(site, site.issues[value.inward_id]),
        "outwardIssue": linked(site, site.issues[value.outward_id]),
    }


def links_of(site: Site, issue: Issue, viewer: User) -> list[Json]:
    """Show the field ``issuelinks``: each link with its other end, unless ``viewer`` may not see that.

    The work item that a link was made with as ``inwardIssue`` shows the other one as ``outwardIssue``.
    """
    shown: list[Json] = []
    for value in site.links:
        if issue.id not in {value.inward_id, value.outward_id}:
            continue
        is_inward = issue.id == value.inward_id
        other = site.issues.get(value.outward_id if is_inward else value.inward_id)
        if other and site.sees(viewer, other):
            end = "outwardIssue" if is_inward else "inwardIssue"
            shown.append({**_in_short(site, value), end: linked(site, other)})
    return shown


def remote_link(site: Site, issue: Issue, value: RemoteLink) -> dict[str, Json]:
    """Show a link to something outside Jira."""
    return {
        "id": int(value.id),
        "self": remote_address(site, issue, value),
        **({"globalId": value.global_id} if value.global_id else {}),
        **value.content,
    }


def remote_address(site: Site, issue: Issue, value: RemoteLink) -> str:
    """Give the address of a link to something outside Jira."""
    return f"{site.base_url}/rest/api/3/issue/{issue.id}/remotelink/{value.id}"


def _in_short(site: Site, value: IssueLink) -> dict[str, Json]:
    kind = next(each for each in site.link_types if each.id == value.type_id)
    return {
        "id": value.id,
        "self": f"{site.base_url}/rest/api/3/issueLink/{value.id}",
        "type": link_type(site, kind),
    }
