"""To whom comments and logged work are restricted."""

from typing import Literal

from jira_sandbox import fields
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, Space, User, Visibility
from jira_sandbox.wire import Refusal

KEEP: Literal["keep"] = "keep"
"""A change that says nothing of visibility leaves it as it is."""


def chosen(
    site: Site, space: Space, actor: User, raw: Json, *, before: Visibility | None = None
) -> Visibility | None:
    """Read a restriction, None for no restriction; KEEP leaves the one ``before``.

    One may only restrict to what one belongs to oneself: Refusal 400 names ``commentLevel``, as Jira does.
    """
    if raw == KEEP:
        return before
    if not raw:
        return None
    if not isinstance(raw, dict) or str(raw.get("type")) not in {"role", "group"}:
        raise fields.wrong("visibility", "The visibility type must be role or group.")
    kind, name = raw["type"], str(raw.get("identifier") or raw.get("value") or "")
    found = _role(site, space, name) if kind == "role" else _group(site, name)
    if found is None or not site.belongs(actor, found, space=space):
        called = "project role" if kind == "role" else "group"
        raise _no_member(called, name)
    return found


def _no_member(called: str, name: str) -> Refusal:
    return fields.wrong("commentLevel", f"You are currently not a member of the {called}: {name}.")


def _role(site: Site, space: Space, name: str) -> Visibility | None:
    """Find a role by its name or its id; in the state, and in restrictions shown, its name identifies it."""
    name = next((each.name for each in site.roles if each.id == name), name)
    return Visibility(kind="role", name=name, identifier=name) if name in space.roles else None


def _group(site: Site, name: str) -> Visibility | None:
    try:
        group = site.group(name)
    except LookupError:
        return None
    return Visibility(kind="group", name=group.name, identifier=group.id)
