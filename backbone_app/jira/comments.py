"""From Jira's JSON of a comment to ours, wherever that JSON came from."""

from collections.abc import Mapping
from typing import Any, Final

from backbone_app.core import richtext
from backbone_app.core.comments import Comment
from backbone_app.core.values import EMPTY, Empty, Rich, Wiki
from backbone_app.jira import items
from backbone_app.jira.dialects import CLOUD, Dialect
from backbone_app.jira.times import moment

COPY: Final = "backbone-copy"
"""Key of the comment property on copies we write; value {nonce, originItem, originComment}."""

INTERNAL: Final = "sd.public.comment"
"""Jira Service Management's property; value {internal: true} keeps a comment from customers."""


def parse(
    said: Mapping[str, Any], *, account: str, known: Mapping[str, object], dialect: Dialect = CLOUD
) -> Comment | None:
    """Read one comment; ``account`` is ours, ``known`` its properties by key.

    None for what is no comment of that form: half a comment must not pass for an empty one.
    Anybody who may edit a comment may set its properties: only on our own does the mark count.
    """
    number, created, updated = (
        items.identifier(said.get("id")),
        moment(said.get("created")),
        moment(said.get("updated")),
    )
    body = (_wiki if dialect.is_wiki else _document)(said.get("body"))
    if not number or created is None or updated is None or body is None:
        return None
    author = items.mapping(said.get("author"))
    by_us = items.account_of(author) == account
    copied = items.mapping(known.get(COPY)) if by_us else {}
    return Comment(
        id=number,
        author=items.account_of(author),
        author_name=items.text(author.get("displayName")),
        body=body,
        restricted=bool(restriction(said)) or items.mapping(known.get(INTERNAL)).get("internal") is True,
        created=created,
        updated=updated,
        by_us=by_us,
        mark=items.text(copied.get("nonce")),
        original_item=items.identifier(copied.get("originItem")),
        original=items.identifier(copied.get("originComment")),
    )


def written(body: Rich | Wiki) -> object:
    """Give a body as Jira takes it: a document to version 3, a text to version 2."""
    return body.text if isinstance(body, Wiki) else richtext.document(body)


def _document(body: object) -> Rich | Empty | None:
    if body is None:
        return EMPTY
    return richtext.canonical(body) if isinstance(body, Mapping) else None


def _wiki(body: object) -> Wiki | None:
    return Wiki(body or "") if isinstance(body, str | None) else None


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
