"""Statuses of a site and of its team-managed spaces, kept by their admins."""

from dataclasses import replace
from typing import Literal

from jira_sandbox.acts.rights import administers
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, Space, Status, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

CATEGORIES: dict[str, Literal["new", "indeterminate", "done"]] = {
    "TODO": "new",
    "IN_PROGRESS": "indeterminate",
    "DONE": "done",
}
MOST_AT_ONCE, MOST_NAME = 50, 255
_NOT_ALLOWED = "The user does not have permission to manage statuses."


def in_use(site: Site, actor: User) -> list[Status]:
    """List the statuses of the workflows of the spaces ``actor`` sees, in the site's order."""
    used = {
        number
        for space in site.spaces_seen_by(actor)
        for flow in space.workflows.values()
        for number in flow.status_ids
    }
    return [each for each in site.statuses if each.id in used]


def find_in_use(site: Site, actor: User, name: str) -> Status:
    """Find a status ``actor`` sees by id or name (ids go first); Jira's 404 otherwise."""
    listed = in_use(site, actor)
    for each in listed:
        if each.id == name:
            return each
    for each in listed:
        if each.name == name:
            return each
    raise Refusal(404, f"The status with id or name '{name}' does not exist.")


def must_manage(site: Site, actor: User) -> None:
    """Refusal 401, as Jira has it, for who administers neither Jira nor any space."""
    if not any(administers(site, actor, space) for space in site.spaces.values()):
        raise Refusal(401, _NOT_ALLOWED)


def with_ids(site: Site, ids: list[str]) -> list[Status]:
    """List the statuses with these ids; Refusal 400 for none, too many, or one that is not there."""
    if not 1 <= len(ids) <= MOST_AT_ONCE:
        raise Refusal(400, errors={"id": f"1 to {MOST_AT_ONCE} ids must be specified."})
    known = {each.id: each for each in site.statuses}
    missing = [each for each in ids if each not in known]
    if missing:
        raise Refusal(400, f"Statuses with ids {', '.join(missing)} were not found.")
    return [known[each] for each in ids]


def create(world: World, site: Site, actor: User, scope: Json, wanted: Json) -> list[Status]:
    """Make statuses for the site or (``scope``) for one team-managed space.

    Refusal 401 without the right, 400 naming what is wrong. A refused list makes none of them.
    """
    with world.lock:
        space = _scope(site, scope)
        _must_administer(site, actor, space)
        if not isinstance(wanted, list) or not 1 <= len(wanted) <= MOST_AT_ONCE:
            raise Refusal(400, errors={"statuses": f"1 to {MOST_AT_ONCE} statuses must be specified."})
        space_id = space.id if space else None
        names = [_name(site, each, space_id) for each in wanted]
        made = [
            Status(
                id=str(site.next_id("status")),
                name=name,
                category=_category(each),
                description=str(each.get("description") or ""),
                space_id=space_id,
            )
            for name, each in zip(names, wanted, strict=True)
        ]
        if len({name.lower() for name in names}) < len(names):
            raise Refusal(400, errors={"name": "The names of the statuses must differ."})
        site.statuses += made
        return made


def change(world: World, site: Site, actor: User, wanted: Json) -> None:
    """Change statuses, each named by its ``id``; Refusal 401 without the right, 400. Either all or none."""
    with world.lock:
        must_manage(site, actor)
        if not isinstance(wanted, list) or not all(isinstance(each, dict) for each in wanted):
            raise Refusal(400, errors={"statuses": "The statuses must be a list of objects."})
        held = with_ids(site, [str(each.get("id")) for each in wanted])
        changed = {}
        for status, each in zip(held, wanted, strict=True):
            _must_administer(site, actor, site.spaces[status.space_id] if status.space_id else None)
            changed[status.id] = replace(
                status,
                name=_name(site, each, status.space_id, but=status),
                category=_category(each),
                description=str(each.get("description", status.description) or ""),
            )
        site.statuses = [changed.get(each.id, each) for each in site.statuses]


def delete(world: World, site: Site, actor: User, ids: list[str]) -> None:
    """Delete statuses that no workflow has; Refusal 401 without the right, 400 for one in use."""
    with world.lock:
        must_manage(site, actor)
        gone = with_ids(site, ids)
        for status in gone:
            _must_administer(site, actor, site.spaces[status.space_id] if status.space_id else None)
            if any(
                status.id in flow.status_ids
                for each in site.spaces.values()
                for flow in each.workflows.values()
            ):
                raise Refusal(400, f"The status {status.name} is used by a workflow and cannot be deleted.")
        site.statuses = [each for each in site.statuses if each not in gone]


def _must_administer(site: Site, actor: User, space: Space | None) -> None:
    may = administers(site, actor, space) if space else site.may(actor, "ADMINISTER")
    if not may:
        raise Refusal(401, _NOT_ALLOWED)


def _scope(site: Site, raw: Json) -> Space | None:
    """Read a scope: None for the whole site; Refusal 400 for one that is neither."""
    kind = raw.get("type") if isinstance(raw, dict) else None
    if kind == "GLOBAL":
        return None
    project = raw.get("project") if kind == "PROJECT" else None
    number = str(project.get("id")) if isinstance(project, dict) else ""
    if number not in site.spaces:
        raise Refusal(400, errors={"scope": "The scope must be GLOBAL, or PROJECT with an existing project."})
    return site.spaces[number]


def _name(site: Site, wanted: Json, space_id: str | None, *, but: Status | None = None) -> str:
    name = str(wanted.get("name") or "") if isinstance(wanted, dict) else ""
    if not name.strip() or len(name) > MOST_NAME:
        raise Refusal(400, errors={"name": f"The name must have 1 to {MOST_NAME} characters."})
    taken = any(
        name.lower() == each.name.lower() and each.space_id == space_id
        for each in site.statuses
        if each is not but
    )
    if taken:
        raise Refusal(400, errors={"name": f"The status name '{name}' is already used."})
    return name


def _category(wanted: dict[str, Json]) -> Literal["new", "indeterminate", "done"]:
    if str(wanted.get("statusCategory")) not in CATEGORIES:
        raise Refusal(400, errors={"statusCategory": f"The category must be one of {', '.join(CATEGORIES)}."})
    return CATEGORIES[wanted["statusCategory"]]
