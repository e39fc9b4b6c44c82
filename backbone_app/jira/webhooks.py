"""Webhook bodies, as Jira really sends them.

Of 236 real bodies 32 had no issue object, 52 a time as text, a third of the
changelog items no ``fieldId``, 46 users with a key besides or instead of an
account id: whatever is not needed to know *which* item *may* have changed is
optional here. A delivery is an observation of the groups its kind carries in
full; of everything else it is a hint to look.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import orjson

from backbone_app.core.values import Entry, Item
from backbone_app.errors import MalformedDelivery
from backbone_app.jira import fields as codecs
from backbone_app.jira import items
from backbone_app.jira.times import moment

IDENTIFIER: Final = re.compile(r"[!-~]{1,200}")
EVENT: Final = re.compile(r"[!-~]{1,100}")
ESCAPED_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class Group(StrEnum):
    """A group of an item's content that is observed as one."""

    PLAIN = "plain"


CARRIES: Final[Mapping[str, frozenset[Group]]] = {
    "jira:issue_created": frozenset({Group.PLAIN}),
    "jira:issue_updated": frozenset({Group.PLAIN}),
}
"""Which kind of event carries which groups in full; a kind that is not here is a hint only."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook delivery; what a body does not say is the empty string or None.

    ``key`` is Jira's webhook identifier, else ``digest:…`` of the body. ``space`` is the
    space's id. ``item`` is there for issue_created and issue_updated; it holds exactly the
    groups in ``carries``.
    """

    key: str
    event: str
    item_id: str
    space: str
    at: datetime | None
    actor: str
    item: Item | None = field(repr=False)
    carries: frozenset[Group]


def parse(body: bytes, *, identifier: str | None) -> Delivery:
    """Read one body; raises MalformedDelivery for what Jira would never send."""
    said = _json_object(body)
    event = said.get("webhookEvent")
    if not isinstance(event, str) or EVENT.fullmatch(event) is None:
        raise MalformedDelivery("it names no event")
    issue = items.mapping(said.get("issue"))
    at = moment(said.get("timestamp"))
    item = _item(said, issue, at) if event in CARRIES and isinstance(issue.get("fields"), dict) else None
    return Delivery(
        key=_key(body, identifier),
        event=event,
        item_id=_item_id(said, issue),
        space=items.identifier(items.mapping(items.mapping(issue.get("fields")).get("project")).get("id")),
        at=at,
        actor=items.account_of(said.get("user")),
        item=item,
        carries=frozenset() if item is None else CARRIES[event],
    )


def _json_object(body: bytes) -> Mapping[str, Any]:
    """Parse strictly: NaN, lone surrogates and invalid UTF-8 are refused by the parser, NUL here.

    NUL is legal JSON, but no text column takes it.
    """
    if ESCAPED_NUL.search(body):
        raise MalformedDelivery("it contains a NUL character")
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise MalformedDelivery("it is not JSON") from None
    if not isinstance(said, dict):
        raise MalformedDelivery("it is not a JSON object")
    return said


def _key(body: bytes, identifier: str | None) -> str:
    if identifier is None:
        return f"digest:{hashlib.sha256(body).hexdigest()}"
    if IDENTIFIER.fullmatch(identifier) is None:
        raise MalformedDelivery("its identifier is none")
    return identifier


def _item_id(said: Mapping[str, Any], issue: Mapping[str, Any]) -> str:
    """Work log events name their item in the work log only."""
    worklog = items.mapping(said.get("worklog"))
    return items.identifier(issue.get("id")) or items.identifier(worklog.get("issueId"))


def _item(said: Mapping[str, Any], issue: Mapping[str, Any], at: datetime | None) -> Item | None:
    """Read the item and the one changelog entry that came along; without an id it is nobody's item."""
    entry = _entry(said, at or moment(items.mapping(issue.get("fields")).get("updated")))
    read = items.parse(issue, entries=() if entry is None else (entry,))
    return read if read.id else None


def _entry(said: Mapping[str, Any], at: datetime | None) -> Entry | None:
    """Read the changelog; it has neither time nor author of its own: the event's are its."""
    changelog = items.mapping(said.get("changelog"))
    number, changes = items.number_of(changelog.get("id")), changelog.get("items")
    if number is None or at is None:
        return None
    steps = codecs.steps(changes if isinstance(changes, list) else ())
    return Entry(id=number, at=at, author=items.account_of(said.get("user")), steps=steps)
