"""From Jira's JSON of a comment to ours, wherever that JSON came from."""

from collections.abc import Mapping
from typing import Any, Final

from backbone_app.jira import items

COPY: Final = "backbone-copy"
"""Key of the comment property on copies we write; value {nonce}."""

INTERNAL: Final = "sd.public.comment"
"""Jira Service Management's property; value {internal: true} keeps a comment from customers."""


def properties(said: Mapping[str, Any]) -> dict[str, object] | None:
    """Return a comment's properties by key; None where the site does not show them."""
    shown = said.get("properties")
    if not isinstance(shown, list):
        return None
    return {items.text(one.get("key")): one.get("value") for one in map(items.mapping, shown)}


def restriction(said: Mapping[str, Any]) -> bool | None:
    """Whether a role, a group or the agents alone may read it; None where the body cannot tell."""
    public = said.get("jsdPublic")
    if said.get("visibility") or public is False:
        return True
    return False if public is True else None
