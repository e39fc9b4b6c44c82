"""Components of a space; its admins change them."""

from jira_sandbox.acts import spaces
from jira_sandbox.acts.rights import administers, must_be_live
from jira_sandbox.acts.swapping import holding, swap
from jira_sandbox.state.furniture import Component
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, Space, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

FIELD = "components"
MOST_NAME = 255
_KINDS = ("PROJECT_DEFAULT", "COMPONENT_LEAD", "PROJECT_LEAD", "UNASSIGNED")
_NOT_ALLOWED = "You do not have permission to manage the components of this project."


def find(site: Site, actor: User, number: str) -> tuple[Space, Component]:
    """Find a component and its space if ``actor`` may browse it; otherwise Jira's 404."""
    for space in site.spaces_seen_by(actor):
        for component in space.components:
            if component.id == number:
                return space, component
    raise Refusal(404, f"The component with id {number} does not exist.")


def create(world: World, site: Site, actor: User, wanted: dict[str, Json]) -> tuple[Space, Component]:
    """Make a component in the space ``project`` (a key) or ``projectId``; gives both.

    Refusal 404 for a space not seen, 403 without the right, 400 naming the field at fault.
    """
    with world.lock:
        name = str(wanted.get("project") or wanted.get("projectId") or "")
        if not name:
            raise Refusal(400, errors={"project": "No project was specified."})
        space = spaces.find(site, actor, name)
        _must_administer(site, actor, space)
        must_be_live(space)
        component = Component(id="", name="")
        _take_over(site, space, component, {"name": ""} | wanted)
        component.id = str(site.next_id("component"))
        space.components.append(component)
        return space, component


def change(world: World, site: Site, actor: User, number: str, wanted: dict[str, Json]) -> None:
    """Change what ``wanted`` names; Refusals as in ``create``."""
    with world.lock:
        space, component = find(site, actor, number)
        _must_administer(site, actor, space)
        must_be_live(space)
        _take_over(site, space, component, wanted)


def delete(world: World, site: Site, actor: User, number: str, *, heir: str) -> None:
    """Delete a component; ``heir``, an id or empty, takes its place in work items, which tell of it."""
    with world.lock:
        space, component = find(site, actor, number)
        _must_administer(site, actor, space)
        must_be_live(space, status=403)
        if heir and all(each.id != heir or each is component for each in space.components):
            raise Refusal(404, f"The component with id {heir} does not exist.")
        found = holding(site, space, number, FIELD)
        swap(world, site, actor, found, gone=number, heirs={FIELD: heir or None})
        space.components.remove(component)


def _must_administer(site: Site, actor: User, space: Space) -> None:
    if not administers(site, actor, space):
        raise Refusal(403, _NOT_ALLOWED)


def _take_over(site: Site, space: Space, component: Component, wanted: dict[str, Json]) -> None:
    name = str(wanted.get("name", component.name) or "")
    lead = wanted.get("leadAccountId", component.lead) or None
    kind = wanted.get("assigneeType", component.assignee_type)
    taken = any(each.name.lower() == name.lower() for each in space.components if each is not component)
    spaces.refuse(
        {
            "name": "The component name specified is invalid - cannot be an empty string."
            if not name.strip()
            else f"The component name cannot be longer than {MOST_NAME} characters."
            if len(name) > MOST_NAME
            else f"A component with the name {name} already exists in this project."
            if taken
            else "",
            "leadAccountId": f"The user {lead} does not exist."
            if lead and str(lead) not in site.users
            else "",
            "assigneeType": "The assigneeType is invalid." if str(kind) not in _KINDS else "",
        }
    )
    component.name, component.lead, component.assignee_type = name, lead, kind
    component.description = str(wanted.get("description", component.description) or "")
