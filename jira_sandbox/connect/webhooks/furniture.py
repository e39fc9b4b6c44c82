"""What webhooks say of spaces, versions, sprints, work types, people and the site's own features."""

from jira_sandbox import render
from jira_sandbox.connect.webhooks.listening import queue
from jira_sandbox.events import Event
from jira_sandbox.state.furniture import Sprint, Version
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, Space, User, WorkType
from jira_sandbox.world import World

_ASSIGNEES = {
    "PROJECT_LEAD": "admin.assignee.type.project.lead",
    "UNASSIGNED": "admin.assignee.type.unassigned",
}


def announce_space(world: World, site: Site, event: str, space: Space, *, by: User | None = None) -> None:
    """Queue ``project_created``, ``_updated``, ``_deleted``, ``_archived`` or ``_restored_…``."""
    told = {
        "self": f"{site.base_url}/rest/api/3/project/{space.id}",
        "id": int(space.id),
        "key": space.key,
        "name": space.name,
        "avatarUrls": render.space(site, space)["avatarUrls"],
        "projectLead": render.user(site, site.users[space.lead]),
        "assigneeType": _ASSIGNEES[space.assignee_type],
    }
    names = {"project.id": space.id, "project.key": space.key}
    _tell(world, site, Event(name=event, names=names, actor=by), {"project": told})


def announce_version(
    world: World,
    site: Site,
    event: str,
    space: Space,
    version: Version,
    *,
    merged_to: Version | None = None,
    by: User | None = None,
) -> None:
    """Queue an event of a version; a merge is ``jira:version_deleted`` that says with which other one."""
    told = {"version": _version(site, space, version)}
    names = {"project.id": space.id, "project.key": space.key, "version.id": version.id}
    if merged_to:
        told["mergedTo"] = _version(site, space, merged_to)
        names["mergedVersion.id"] = merged_to.id
    _tell(world, site, Event(name=event, names=names, actor=by), told)


def announce_sprint(
    world: World, site: Site, event: str, sprint: Sprint, *, before: Sprint | None = None
) -> None:
    """Queue an event of a sprint; ``sprint_updated`` also tells how it was before."""
    told = {"sprint": _sprint(site, sprint)}
    if before:
        told["oldValue"] = _sprint(site, before)
    _tell(world, site, Event(name=event, names={"sprint.id": str(sprint.id)}), told)


def announce_type(world: World, site: Site, event: str, work_type: WorkType) -> None:
    """Queue ``issuetype_created``, ``_updated`` or ``_deleted``."""
    _tell(world, site, Event(name=event), {"issuetype": render.work_type(site, work_type)})


def announce_user(world: World, site: Site, event: str, user: User) -> None:
    """Queue ``user_created``, ``_updated`` or ``_deleted``."""
    names = {"modifiedUser.accountId": user.account_id}
    _tell(world, site, Event(name=event, names=names), {"user": render.user(site, user)})


def announce_feature(
    world: World, site: Site, event: str, name: str, *, value: str = "true", by: User | None = None
) -> None:
    """Queue ``option_voting_changed`` and the like; ``name`` is the setting's, as ``jira.option.voting``."""
    told = {
        "self": f"{site.base_url}/rest/api/3/application-properties?key={name}",
        "key": name,
        "value": value,
    }
    _tell(world, site, Event(name=event, actor=by), {"property": told})


def _tell(world: World, site: Site, event: Event, told: dict[str, Json]) -> None:
    def content(_viewer: User, _property_keys: tuple[str, ...]) -> dict[str, Json]:
        return told

    queue(world, site, event, content)


def _version(site: Site, space: Space, value: Version) -> Json:
    told: dict[str, Json] = {
        "self": f"{site.base_url}/rest/api/3/version/{value.id}",
        "id": value.id,
        "description": value.description,
        "name": value.name,
        "archived": value.is_archived,
        "released": value.is_released,
    }
    if value.start_date:
        told |= {
            "startDate": value.start_date.isoformat(),
            "userStartDate": f"{value.start_date:%d/%b/%y}",
        }
    if value.release_date:
        told |= {
            "releaseDate": value.release_date.isoformat(),
            "overdue": not value.is_released and value.release_date < site.now().date(),
            "userReleaseDate": f"{value.release_date:%d/%b/%y}",
        }
    return told | {"projectId": int(space.id)}


def _sprint(site: Site, value: Sprint) -> Json:
    told: dict[str, Json] = {
        "id": value.id,
        "self": f"{site.base_url}/rest/agile/1.0/sprint/{value.id}",
        "state": value.state,
        "name": value.name,
        "originBoardId": value.board_id,
    }
    dates = {"startDate": value.start, "endDate": value.end}
    told |= {name: render.moment(when) for name, when in dates.items() if when}
    return told | ({"goal": value.goal} if value.goal else {})
