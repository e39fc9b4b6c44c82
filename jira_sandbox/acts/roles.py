"""Project roles and who is in them: by default in every new space, and in each space."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jira_sandbox.acts import spaces
from jira_sandbox.acts.rights import must_administer_jira
from jira_sandbox.state.elements import Worklog
from jira_sandbox.state.furniture import Role
from jira_sandbox.state.rights import Holder
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Comment, Json, Space, User, Visibility
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Actors:
    """Who is put into a role or taken out: account ids, and groups by their ids."""

    users: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def find(site: Site, number: str) -> Role:
    """Find a role by its id; Jira's 404 if there is none, or the name of one is given."""
    role = next((each for each in site.roles if each.id == number), None)
    if role is None:
        raise Refusal(404, f"Can not retrieve a role actor for role with id {number}.")
    return role


def actors(site: Site, *, users: Iterable[str] = (), groups: Iterable[str] = (), status: int = 400) -> Actors:
    """Check account ids and groups (ids or names); Refusal ``status`` for one not there or not active."""
    people, circles = list(users), list(groups)
    for account_id in people:
        user = site.users.get(account_id)
        if user is None or not user.active:
            raise Refusal(status, f"We can't find '{account_id}' in any accessible user directory.")
    found = []
    for name in circles:
        try:
            found.append(site.group(name).id)
        except LookupError:
            raise Refusal(status, f"We can't find '{name}' in any accessible group directory.") from None
    if not people and not found:
        raise Refusal(400, "At least one user or group must be specified.")
    return Actors(users=tuple(people), groups=tuple(found))


def create(world: World, site: Site, actor: User, wanted: dict[str, Json]) -> Role:
    """Make a role that every space has, with nobody in it; Refusal 403, 400, 409 for a name in use."""
    with world.lock:
        must_administer_jira(site, actor)
        name = _name(site, wanted.get("name"))
        text = str(wanted.get("description") or "")
        role = Role(id=str(site.next_id("role")), name=name, description=text)
        site.roles.append(role)
        for space in site.spaces.values():
            space.roles.setdefault(name, set())
        return role


def change(world: World, site: Site, actor: User, role: Role, wanted: dict[str, Json]) -> None:
    """Change name and description; Refusal 403, 400 if either is missing or the name wrong."""
    with world.lock:
        must_administer_jira(site, actor)
        if "name" not in wanted or "description" not in wanted:
            raise Refusal(400, "Both the name and the description must be specified.")
        _rename(site, role, _name(site, wanted["name"], but=role))
        role.description = str(wanted["description"] or "")


def change_partly(world: World, site: Site, actor: User, role: Role, wanted: dict[str, Json]) -> None:
    """Change the name, or only if none is given the description; Refusal 403, 400."""
    with world.lock:
        must_administer_jira(site, actor)
        if wanted.get("name"):
            _rename(site, role, _name(site, wanted["name"], but=role))
        elif wanted.get("description"):
            role.description = str(wanted["description"])
        else:
            raise Refusal(400, "Either the name or the description must be specified.")


def delete(world: World, site: Site, actor: User, role: Role, *, heir: str) -> None:
    """Remove a role; ``heir``, an id or empty, takes over what is restricted and granted to it.

    Refusal 403 without the right, 400 for an heir that is not there, 409 when it is in use and has no heir.
    """
    with world.lock:
        must_administer_jira(site, actor)
        swap = next((each for each in site.roles if each.id == heir and each is not role), None)
        if heir and swap is None:
            raise Refusal(400, f"Can not find the replacement role with id {heir}.")
        if swap is None and _is_used(site, role.name):
            raise Refusal(409, f"The role {role.name} is in use; a replacement must be specified.")
        if swap:
            _hand_over(site, role.name, swap.name)
        for space in site.spaces.values():
            space.roles.pop(role.name, None)
            space.role_groups.pop(role.name, None)
        site.roles.remove(role)


def add_defaults(world: World, site: Site, actor: User, role: Role, added: Actors) -> None:
    """Put into the role whoever is to be in it in spaces made later; Refusal 403 without the right."""
    with world.lock:
        must_administer_jira(site, actor)
        role.default_users = list(dict.fromkeys([*role.default_users, *added.users]))
        role.default_groups = list(dict.fromkeys([*role.default_groups, *added.groups]))


def remove_defaults(world: World, site: Site, actor: User, role: Role, gone: Actors) -> None:
    """Undo ``add_defaults`` for these; who was not in it stays out."""
    with world.lock:
        must_administer_jira(site, actor)
        role.default_users = [each for each in role.default_users if each not in gone.users]
        role.default_groups = [each for each in role.default_groups if each not in gone.groups]


def put(world: World, space: Space, role: Role, wanted: Actors) -> None:
    """Let exactly these be in the role in this space."""
    with world.lock:
        space.roles[role.name] = set(wanted.users)
        space.role_groups[role.name] = set(wanted.groups)


def add(world: World, space: Space, role: Role, added: Actors) -> None:
    """Put these into the role in this space; Refusal 400 for who is in it already."""
    with world.lock:
        users = space.roles.setdefault(role.name, set())
        groups = space.role_groups.setdefault(role.name, set())
        if users & set(added.users) or groups & set(added.groups):
            raise Refusal(400, "The user or group is already a member of the project role.")
        users |= set(added.users)
        groups |= set(added.groups)


def remove(world: World, space: Space, role: Role, gone: Actors) -> None:
    """Take these out of the role in this space; Refusal 404 for who is not in it."""
    with world.lock:
        users = space.roles.setdefault(role.name, set())
        groups = space.role_groups.setdefault(role.name, set())
        if not set(gone.users) <= users or not set(gone.groups) <= groups:
            raise Refusal(404, "The user or group is not a member of the project role.")
        users -= set(gone.users)
        groups -= set(gone.groups)


def administered(site: Site, actor: User, name: str) -> Space:
    """Find the space whose roles ``actor`` administers; Refusal 404 otherwise, whatever the reason."""
    return spaces.find_to_administer(site, actor, name, status=404)


def _name(site: Site, raw: Json, *, but: Role | None = None) -> str:
    if not isinstance(raw, str) or not raw or raw != raw.strip():
        raise Refusal(400, errors={"name": "The name must not be empty or start or end with whitespace."})
    if any(raw == each.name for each in site.roles if each is not but):
        status = 400 if but else 409
        raise Refusal(status, errors={"name": f"A project role with name '{raw}' already exists."})
    return raw


def _rename(site: Site, role: Role, name: str) -> None:
    for space in site.spaces.values():
        space.roles[name] = space.roles.pop(role.name, set())
        space.role_groups[name] = space.role_groups.pop(role.name, set())
    _hand_over(site, role.name, name)
    role.name = name


def _is_used(site: Site, name: str) -> bool:
    """Whether a comment or work log is restricted to the role, or a permission granted to it."""
    restricted = any(_is_role(each.visibility, name) for each in _restrictable(site))
    return restricted or any(_grants(site, space, name) for space in site.spaces.values())


def _hand_over(site: Site, name: str, heir: str) -> None:
    """Let what is restricted and granted to the role ``name`` be so to ``heir``."""
    for each in _restrictable(site):
        if _is_role(each.visibility, name):
            each.visibility = Visibility(kind="role", name=heir, identifier=heir)
    for space in site.spaces.values():
        for permission in _grants(site, space, name):
            site.grant_to(Holder("projectRole", heir), permission, space=space)
            site.revoke_from(Holder("projectRole", name), permission, space=space)


def _restrictable(site: Site) -> Iterator[Comment | Worklog]:
    for issue in site.issues.values():
        yield from issue.comments
        yield from issue.worklogs


def _is_role(restriction: Visibility | None, name: str) -> bool:
    return restriction is not None and (restriction.kind, restriction.identifier) == ("role", name)


def _grants(site: Site, space: Space, name: str) -> list[str]:
    held = Holder("projectRole", name)
    return [each.permission for each in site.grants_in(space) if each.holder == held]
