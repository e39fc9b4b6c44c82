"""What spaces, their components, versions and security levels look like in Jira's JSON."""

from collections.abc import Callable, Iterable
from datetime import date

from jira_sandbox.render.basics import moment, space, user, work_type
from jira_sandbox.state.furniture import Component, SecurityLevel, Version
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, Space, User

EXPAND = "description,lead,issueTypes,url,projectKeys,permissions,insight"
_Part = Callable[[Site, Space, User], dict[str, Json]]


def space_details(site: Site, value: Space, viewer: User) -> dict[str, Json]:
    """Show one space as it is shown when asked for alone."""
    shown = space(site, value) | {"expand": EXPAND}
    for name in ("description", "lead", "issueTypes", "url"):
        shown |= PARTS[name](site, value, viewer)
    return (
        shown
        | {
            "assigneeType": value.assignee_type,
            "components": [component(site, value, each) for each in value.components],
            "versions": [version(site, value, each) for each in value.versions],
            "roles": {
                role.name: f"{site.base_url}/rest/api/3/project/{value.id}/role/{role.id}"
                for role in site.roles
            },
            "properties": {},
        }
        | ({"email": value.sender_email} if value.sender_email else {})
    )


def space_parts(site: Site, value: Space, viewer: User, names: Iterable[str]) -> dict[str, Json]:
    """Show what ``expand`` asks for by name; a name Jira does not know adds nothing."""
    shown: dict[str, Json] = {}
    for name in names:
        if name in PARTS:
            shown |= PARTS[name](site, value, viewer)
    return shown


def component(site: Site, space: Space, value: Component) -> Json:
    """Show a component; ``realAssignee`` is whom its new work items go to in the end."""
    real = _real_assignee(space, value)
    shown: dict[str, Json] = {
        "self": f"{site.base_url}/rest/api/3/component/{value.id}",
        "id": value.id,
        "name": value.name,
        "assigneeType": value.assignee_type,
        "realAssigneeType": _real_type(value),
        "isAssigneeTypeValid": value.assignee_type != "COMPONENT_LEAD" or value.lead is not None,
        "project": space.key,
        "projectId": int(space.id),
    }
    if value.description:
        shown["description"] = value.description
    if value.lead:
        shown["lead"] = user(site, site.users[value.lead])
    if real:
        shown["realAssignee"] = user(site, site.users[real])
        if value.assignee_type != "PROJECT_DEFAULT":
            shown["assignee"] = shown["realAssignee"]
    return shown


def version(site: Site, space: Space, value: Version) -> dict[str, Json]:
    """Show a version; one that is late says ``overdue``."""
    shown: dict[str, Json] = {
        "self": f"{site.base_url}/rest/api/3/version/{value.id}",
        "id": value.id,
        "name": value.name,
        "archived": value.is_archived,
        "released": value.is_released,
        "projectId": int(space.id),
    }
    if value.description:
        shown["description"] = value.description
    if value.start_date:
        shown |= {"startDate": value.start_date.isoformat(), "userStartDate": _for_people(value.start_date)}
    if value.release_date:
        shown |= {
            "releaseDate": value.release_date.isoformat(),
            "userReleaseDate": _for_people(value.release_date),
            "overdue": not value.is_released and value.release_date < site.now().date(),
        }
    return shown


def security_level(site: Site, space: Space, value: SecurityLevel) -> Json:
    """Show a security level; its scheme has the id of the space, for each space has a scheme of its own."""
    return {
        "self": f"{site.base_url}/rest/api/3/securitylevel/{value.id}",
        "id": value.id,
        "name": value.name,
        "description": value.description,
        "isDefault": value.is_default,
        "issueSecuritySchemeId": space.id,
    }


def _for_people(day: date) -> str:
    return f"{day:%d/%b/%Y}".lstrip("0")


def _real_type(value: Component) -> str:
    if value.assignee_type == "COMPONENT_LEAD" and value.lead is None:
        return "PROJECT_DEFAULT"
    return value.assignee_type


def _real_assignee(space: Space, value: Component) -> str | None:
    kind = _real_type(value)
    if kind == "PROJECT_DEFAULT":
        kind = space.assignee_type
    return {"COMPONENT_LEAD": value.lead, "PROJECT_LEAD": space.lead}.get(kind)


def _insight(site: Site, value: Space, _viewer: User) -> dict[str, Json]:
    held = [each.updated for each in site.issues.values() if each.space_id == value.id]
    shown: dict[str, Json] = {"totalIssueCount": len(held)}
    return {"insight": shown | ({"lastIssueUpdateTime": moment(max(held))} if held else {})}


PARTS: dict[str, _Part] = {
    "description": lambda _site, value, _viewer: {"description": value.description},
    "lead": lambda site, value, _viewer: {"lead": user(site, site.users[value.lead])},
    "issueTypes": lambda site, value, _viewer: {
        "issueTypes": [work_type(site, site.work_types[each]) for each in value.type_ids]
    },
    "url": lambda _site, value, _viewer: {"url": value.url} if value.url else {},
    "projectKeys": lambda _site, value, _viewer: {"projectKeys": [value.key, *value.former_keys]},
    "permissions": lambda site, value, viewer: {
        "permissions": {"canEdit": site.may(viewer, "ADMINISTER_PROJECTS", space=value)}
    },
    "insight": _insight,
}
"""What ``expand`` adds to a space, by name."""
