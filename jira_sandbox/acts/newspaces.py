"""Making a space: like another one, or team-managed with work types and statuses of its own."""

from typing import Literal

from jira_sandbox.acts import spaces
from jira_sandbox.acts.rights import must_administer_jira
from jira_sandbox.connect import access, webhooks
from jira_sandbox.state.permissions import EVERYDAY, LEADING
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, Space, Status, User, WorkType
from jira_sandbox.state.workflow import Transition, Workflow
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

_TEAM_MANAGED = ("simplified-agility", "gh-simplified-basic", "servicedesk:next-gen")
_KINDS = ("software", "service_desk", "business")
_ADMINISTRATORS = "Administrators"
_OWN_TYPES = (("Epic", 1), ("Task", 0), ("Subtask", -1))
_OWN_STATUSES: tuple[tuple[str, Literal["new", "indeterminate", "done"]], ...] = (
    ("To Do", "new"),
    ("In Progress", "indeterminate"),
    ("Done", "done"),
)


def create(world: World, site: Site, actor: User, wanted: dict[str, Json]) -> Space:
    """Make a space out of ``wanted``, named as the JSON does; its lead and Jira's admins administer it.

    ``issueTypeScheme`` or ``workflowScheme`` say like which space it is to be, by default like the first;
    the template says whether it is team-managed. Refusal 403 for whoever does not administer Jira, 400 naming
    every field at fault.
    """
    with world.lock:
        must_administer_jira(site, actor)
        spaces.refuse(_faults(site, wanted))
        lead = site.users[wanted["leadAccountId"]]
        space = _made(site, wanted, lead)
        spaces.apply_settings(space, wanted)
        space.type_key = wanted.get("projectTypeKey", "software")
        _admit(site, space, lead)
        webhooks.announce_space(world, site, "project_created", space, by=actor)
        return space


def _faults(site: Site, wanted: dict[str, Json]) -> dict[str, str]:
    settings = spaces.setting_faults(site, {"leadAccountId": None} | wanted)
    wrong_kind = str(wanted.get("projectTypeKey", "software")) not in _KINDS
    return {
        "projectKey": spaces.key_fault(site, str(wanted.get("key") or "")),
        "projectName": spaces.name_fault(site, str(wanted.get("name") or "")),
        "projectType": "An invalid project type was specified." if wrong_kind else "",
        **settings,
    }


def _made(site: Site, wanted: dict[str, Json], lead: User) -> Space:
    model = _model(site, str(wanted.get("issueTypeScheme") or wanted.get("workflowScheme") or ""))
    is_team_managed = any(each in str(wanted.get("projectTemplateKey")) for each in _TEAM_MANAGED)
    space = site.add_space(
        key=str(wanted["key"]),
        name=str(wanted["name"]),
        lead=lead,
        type_names=list(model.type_ids),
        screen=set(model.screen),
    )
    space.workflows = dict(model.workflows)
    if is_team_managed:
        space.is_team_managed = True
        settle(site, space)
    return space


def settle(site: Site, space: Space) -> None:
    """Give a team-managed space work types, statuses and a workflow of its own; it has no work items yet."""
    types = [
        WorkType(id=type_id(site), name=name, description="", hierarchy_level=level, space_id=space.id)
        for name, level in _OWN_TYPES
    ]
    states = [
        Status(id=str(site.next_id("status")), name=name, category=category, space_id=space.id)
        for name, category in _OWN_STATUSES
    ]
    steps = [
        Transition(id=str(site.next_id("transition")), name=each.name, to=each.id, sources=None)
        for each in states
    ]
    flow = Workflow(
        name=f"Software workflow for project {space.id}",
        status_ids=tuple(each.id for each in states),
        transitions=tuple(steps),
        space_id=space.id,
    )
    site.work_types |= {each.id: each for each in types}
    site.statuses += states
    space.type_ids = [each.id for each in types]
    space.workflows = dict.fromkeys(space.type_ids, flow)


def type_id(site: Site) -> str:
    """Draw the id of a new work type; those of a standard site were not drawn."""
    number = str(site.next_id("work type"))
    return type_id(site) if number in site.work_types else number


def _admit(site: Site, space: Space, lead: User) -> None:
    """Let in whom Jira lets in: the lead, Jira's admins, the app, whom the roles have by default."""
    admins = [each for each in site.users.values() if site.may(each, "ADMINISTER")]
    for user in (lead, *admins):
        site.grant(user, *EVERYDAY, *LEADING, space=space)
    space.roles = {role.name: set(role.default_users) for role in site.roles}
    space.role_groups = {role.name: set(role.default_groups) for role in site.roles}
    space.roles.setdefault(_ADMINISTRATORS, set()).add(lead.account_id)
    if site.installation:
        access.let_in(site, site.installation, space)


def _model(site: Site, number: str) -> Space:
    classic = [each for each in site.spaces.values() if not each.is_team_managed]
    if not number:
        return classic[0]
    for space in classic:
        if space.id == number:
            return space
    raise Refusal(400, errors={"issueTypeScheme": f"The issue type scheme with id {number} does not exist."})
