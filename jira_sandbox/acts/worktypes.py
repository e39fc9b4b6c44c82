"""Work types of a site; only Jira's admins change them."""

from dataclasses import replace

from jira_sandbox.acts import spaces
from jira_sandbox.acts.newspaces import type_id
from jira_sandbox.acts.rights import must_administer_jira
from jira_sandbox.connect import webhooks
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, Space, User, WorkType
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

MOST_NAME = 60
_LEVELS = {"subtask": -1, "standard": 0}


def seen(site: Site, actor: User) -> list[WorkType]:
    """List all work types for Jira's admins, for others those of the spaces they see."""
    if site.may(actor, "ADMINISTER"):
        return list(site.work_types.values())
    used = {number for space in site.spaces_seen_by(actor) for number in space.type_ids}
    return [each for each in site.work_types.values() if each.id in used]


def find(site: Site, actor: User, number: str) -> WorkType:
    """Find a work type ``actor`` sees; Refusal 400 for what is no id, else Jira's 404."""
    if not number.isdigit():
        raise Refusal(400, f"The issue type id '{number}' is not valid.")
    for kind in seen(site, actor):
        if kind.id == number:
            return kind
    raise Refusal(404, f"The issue type with id '{number}' was not found")


def create(world: World, site: Site, actor: User, wanted: dict[str, Json]) -> WorkType:
    """Make a work type, ``type`` or ``hierarchyLevel`` says at which level; no space has it yet.

    Refusal 403 without the right, 400 naming the field at fault, 409 for a name in use.
    """
    with world.lock:
        must_administer_jira(site, actor)
        name = _name(site, wanted.get("name"))
        level = wanted.get("hierarchyLevel", _LEVELS.get(str(wanted.get("type", "standard")), 0))
        if level not in _LEVELS.values():
            raise Refusal(400, errors={"hierarchyLevel": "The hierarchy level must be -1 or 0."})
        kind = WorkType(
            id=type_id(site),
            name=name,
            description=str(wanted.get("description") or ""),
            hierarchy_level=level,
        )
        site.work_types[kind.id] = kind
        webhooks.announce_type(world, site, "issuetype_created", kind)
        return kind


def change(world: World, site: Site, actor: User, kind: WorkType, wanted: dict[str, Json]) -> WorkType:
    """Change name and description; gives the work type as it is now. Refusals as in ``create``."""
    with world.lock:
        must_administer_jira(site, actor)
        if not {"name", "description", "avatarId"} & set(wanted):
            raise Refusal(400, "At least one of name, description and avatarId must be specified.")
        name = _name(site, wanted["name"], but=kind) if "name" in wanted else kind.name
        text = str(wanted.get("description", kind.description) or "")
        changed = replace(kind, name=name, description=text)
        site.work_types[kind.id] = changed
        webhooks.announce_type(world, site, "issuetype_updated", changed)
        return changed


def alternatives(site: Site, kind: WorkType) -> list[WorkType]:
    """List what can take the place of the work type: those that share its workflows everywhere."""
    using = _using(site, kind)
    return [
        each
        for each in site.work_types.values()
        if each.id != kind.id
        and each.space_id == kind.space_id
        and (each.hierarchy_level < 0) == (kind.hierarchy_level < 0)
        and all(space.workflows.get(each.id) == space.workflows[kind.id] for space in using)
    ]


def delete(world: World, site: Site, actor: User, kind: WorkType, *, heir: str) -> None:
    """Delete a work type; ``heir``, an id or empty, becomes the type of the work items that had it.

    Refusal 403 without the right, 404 when it is in use and has no heir or the heir is not there, 409 for an
    heir that is itself or of another kind, 400 for one that goes other ways.
    """
    with world.lock:
        must_administer_jira(site, actor)
        held = [each for each in site.issues.values() if each.type_id == kind.id]
        if held:
            successor = _heir(site, kind, heir)
            for issue in held:
                issue.type_id = successor.id
        for space in _using(site, kind):
            space.type_ids.remove(kind.id)
            del space.workflows[kind.id]
        del site.work_types[kind.id]
        webhooks.announce_type(world, site, "issuetype_deleted", kind)


def of_space(site: Site, actor: User, number: str) -> Space:
    """Find the space with this id whose work types ``actor`` may see; Jira's 404 otherwise."""
    if number not in site.spaces:
        raise Refusal(404, f"No project could be found with id '{number}'.")
    return spaces.find_listed(site, actor, number)


def _heir(site: Site, kind: WorkType, number: str) -> WorkType:
    if number not in site.work_types:
        raise Refusal(404, f"The alternative issue type with id '{number}' was not found")
    heir = site.work_types[number]
    if heir is kind or (heir.hierarchy_level < 0) != (kind.hierarchy_level < 0):
        raise Refusal(409, f"The issue type {heir.name} cannot take the place of {kind.name}.")
    if heir not in alternatives(site, kind):
        raise Refusal(400, f"The issues of the type {kind.name} cannot be given the type {heir.name}.")
    return heir


def _using(site: Site, kind: WorkType) -> list[Space]:
    return [space for space in site.spaces.values() if kind.id in space.type_ids]


def _name(site: Site, raw: Json, *, but: WorkType | None = None) -> str:
    name = str(raw or "").strip()
    if not name:
        raise Refusal(400, errors={"name": "The issue type name must not be empty."})
    if len(name) > MOST_NAME:
        raise Refusal(400, errors={"name": f"The issue type name must not exceed {MOST_NAME} characters."})
    if any(name.lower() == each.name.lower() for each in site.work_types.values() if each is not but):
        raise Refusal(409, errors={"name": "An issue type with this name already exists."})
    return name
