"""From Jira's JSON of a comment to ours, wherever that JSON came from."""

from collections.abc import Mapping
from typing import Any, Final

from backbone_app.core import richtext
from backbone_app.core.comments import Comment
from backbone_app.core.values import EMPTY
from backbone_app.jira import items
from backbone_app.jira.times import moment

COPY: Final = "backbone-copy"
"""Key of the comment property on copies we write; value {nonce, originItem, originComment}."""

INTERNAL: Final = "sd.public.comment"
"""Jira Service Management's property; value {internal: true} keeps a comment from customers."""


def parse(said: Mapping[str, Any], *, account: str, known: Mapping[str, object]) -> Comment | None:
    """Read one comment of REST v3; ``account`` is ours, ``known`` its properties by key.

    None for what is no comment of that form: half a comment must not pass for an empty one.
    Anybody who may edit a comment may set its properties: only on our own does the mark count.
    """
    number, body, updated = items.identifier(said.get("id")), said.get("body"), moment(said.get("updated"))
    created = moment(said.get("created"))
    if not number or created is None or updated is None or not isinstance(body, Mapping | None):
        return None
    author = items.mapping(said.get("author"))
    by_us = items.account_of(author) == account
    copied = items.mapping(known.get(COPY)) if by_us else {}
    return Comment(
        id=number,
        author=items.account_of(author),
        author_name=items.text(author.get("displayName")),
        body=EMPTY if body is None else richtext.canonical(body),
        restricted=bool(restriction(said)) or items.mapping(known.get(INTERNAL)).get("internal") is True,
        created=created,
        updated=updated,
        by_us=by_us,
        mark=items.text(copied.get("nonce")),
        original_item=items.identifier(copied.get("originItem")),
        original=items.identifier(copied.get("originComment")),
    )


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
