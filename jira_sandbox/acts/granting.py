"""Permission schemes: each space has one of its own, whose number is that of the space."""

import contextlib

from jira_sandbox.acts.rights import administers, must_administer_jira, views
from jira_sandbox.state.permissions import CATALOGUE
from jira_sandbox.state.rights import Grant, Holder, HolderKind
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, Space, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

_BARE: dict[str, HolderKind] = {
    "anyone": "anyone",
    "applicationRole": "applicationRole",
    "assignee": "assignee",
    "projectLead": "projectLead",
    "reporter": "reporter",
}
"""The holders that need no parameter."""


def schemes(site: Site, viewer: User) -> list[Space]:
    """List the spaces whose schemes somebody may look at."""
    spaces = sorted(site.spaces.values(), key=lambda each: int(each.id))
    return [each for each in spaces if views(site, viewer, each)]


def find_scheme(site: Site, viewer: User, number: str) -> Space:
    """Find the space of a scheme; Refusal 404 when it is not there or not to be seen."""
    for space in schemes(site, viewer):
        if space.id == number:
            return space
    raise Refusal(404, f"The permission scheme with id '{number}' was not found.")


def scheme_of(site: Site, viewer: User, space: Space) -> Space:
    """Give the space whose scheme holds in ``space``; Refusal 403 for who administers neither it nor Jira."""
    if not administers(site, viewer, space):
        raise Refusal(403, "You do not have permission to view the configuration of this project.")
    return space


def find_grant(site: Site, space: Space, number: str) -> Grant:
    """Find a line of a scheme; Refusal 404 if there is none."""
    for grant in site.grants_in(space):
        if str(grant.id) == number:
            return grant
    raise Refusal(404, f"The permission grant with id '{number}' was not found.")


def grant(world: World, site: Site, actor: User, space: Space, wanted: dict[str, Json]) -> Grant:
    """Add a line to a scheme; Refusal 400 for what is not known, and for a line that is there already."""
    with world.lock:
        must_administer_jira(site, actor)
        permission, holder = wanted.get("permission"), _holder(site, wanted.get("holder"))
        known = CATALOGUE.get(str(permission))
        if known is None or known.kind != "PROJECT":
            raise Refusal(400, errors={"permission": f"The permission '{permission}' does not exist."})
        before = {(each.permission, each.holder) for each in site.grants_in(space)}
        if (known.key, holder) in before:
            raise Refusal(400, "The same permission grant is present already.")
        site.grant_to(holder, known.key, space=space)
        return site.grants_in(space)[-1]


def revoke(world: World, site: Site, actor: User, space: Space, number: str) -> None:
    """Take a line out of a scheme; Refusal 400 if there is none."""
    with world.lock:
        must_administer_jira(site, actor)
        for each in site.grants_in(space):
            if str(each.id) == number:
                site.revoke_from(each.holder, each.permission, space=space)
                return
        raise Refusal(400, f"The permission grant with id '{number}' was not found.")


def _holder(site: Site, raw: Json) -> Holder:
    kind = raw.get("type") if isinstance(raw, dict) else None
    named = str(raw.get("value") or raw.get("parameter") or "") if isinstance(raw, dict) else ""
    if str(kind) in _BARE:
        return Holder(_BARE[str(kind)])
    with contextlib.suppress(LookupError):
        if kind == "user" and named in site.users:
            return Holder("user", named)
        if kind == "group":
            return Holder("group", site.group(named).id)
        if kind == "projectRole":
            return Holder("projectRole", site.role(named).name)
    raise Refusal(400, errors={"holder": f"There is no holder of type '{kind}' called '{named}'."})
