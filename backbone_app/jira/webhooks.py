"""Webhook bodies, as Jira really sends them.

Of 236 real bodies 32 had no issue object, 52 a time as text, a third of the
changelog items no ``fieldId``, 46 users with a key besides or instead of an
account id: whatever is not needed to know *which* item *may* have changed is
optional here. A delivery is an observation of the groups its kind carries in
full; of everything else it is a hint to look. Rich text comes as wiki text only,
a lossy form: that it is empty is observed, anything else has to be read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from backbone_app.core.values import EMPTY, Entry, Item
from backbone_app.errors import MalformedDelivery
from backbone_app.jira import bodies, comments, items
from backbone_app.jira import fields as codecs
from backbone_app.jira.times import moment

EVENT: Final = re.compile(r"[!-~]{1,100}")


class Group(StrEnum):
    """A group of an item's content that is observed as one."""

    PLAIN = "plain"


CREATED: Final = "jira:issue_created"
UPDATED: Final = "jira:issue_updated"
DELETED: Final = "jira:issue_deleted"

CARRIES: Final[Mapping[str, frozenset[Group]]] = {
    CREATED: frozenset({Group.PLAIN}),
    UPDATED: frozenset({Group.PLAIN}),
    DELETED: frozenset(),
}
"""Which kind of event carries which groups in full; a kind that is not here is a hint only.

A deletion shows whose work item it was, and the mark of a twin; what else it held is no matter any more.
"""

COMMENT_EVENTS: Final = frozenset({"comment_created", "comment_updated", "comment_deleted"})

USED: Final = frozenset({*CARRIES, *COMMENT_EVENTS})
"""All events that tell us anything: what the descriptor asks for, no more and no less."""

ELSEWHERE: Final = frozenset(
    {
        "issue_commented",
        "issue_comment_edited",
        "issue_comment_deleted",
        "issue_work_logged",
        "issue_worklog_updated",
        "issue_worklog_deleted",
    }
)
"""``issue_event_type_name`` of updates that changed a comment or work log only: no changelog is due."""

ITEM_IN_ADDRESS: Final = re.compile(r"/issue/([0-9]{1,18})/comment/")


@dataclass(frozen=True, slots=True)
class CommentNews:
    """What a comment event says of its comment; the text is not taken from it.

    ``restricted`` is None where the body does not say whether everybody may read it.
    """

    id: str
    author: str
    updated: datetime | None
    restricted: bool | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook delivery; what a body does not say is the empty string or None.

    ``key`` is Jira's webhook identifier, else ``digest:…`` of the body. ``space`` is the
    space's id. ``item`` is there for issue_created, issue_updated and issue_deleted; it holds
    exactly the groups in ``carries``. An update that nothing in it explains carries nothing:
    read. ``hints`` are the rich fields that changed and have to be read; ``comment`` is there
    for comment events.
    """

    key: str
    event: str
    item_id: str
    space: str
    at: datetime | None
    actor: str
    item: Item | None = field(repr=False)
    carries: frozenset[Group]
    hints: frozenset[str] = frozenset()
    comment: CommentNews | None = None


def parse(body: bytes, *, identifier: str | None) -> Delivery:
    """Read one body; raises MalformedDelivery for what Jira would never send."""
    said = bodies.json_object(body)
    event = said.get("webhookEvent")
    if not isinstance(event, str) or EVENT.fullmatch(event) is None:
        raise MalformedDelivery("it names no event")
    issue = items.mapping(said.get("issue"))
    shown = items.mapping(issue.get("fields"))
    at = moment(said.get("timestamp"))
    item = _item(said, issue, at) if _observes(event, said) else None
    return Delivery(
        key=bodies.key(body, identifier),
        event=event,
        item_id=_item_id(said, issue),
        space=items.identifier(items.mapping(shown.get("project")).get("id")),
        at=at,
        actor=items.account_of(said.get("user")),
        item=item,
        carries=frozenset() if item is None else CARRIES[event],
        hints=_hints(event, said, shown),
        comment=_comment(said) if event in COMMENT_EVENTS else None,
    )


def _item_id(said: Mapping[str, Any], issue: Mapping[str, Any]) -> str:
    """Name the item; work logs name it themselves, a Data Center comment by its address only."""
    worklog, comment = items.mapping(said.get("worklog")), items.mapping(said.get("comment"))
    address = ITEM_IN_ADDRESS.search(items.text(comment.get("self")))
    return (
        items.identifier(issue.get("id"))
        or items.identifier(worklog.get("issueId"))
        or (address[1] if address else "")
    )


def _observes(event: str, said: Mapping[str, Any]) -> bool:
    """Whether the body shows the item; an unexplained update may have changed what no body shows."""
    if event not in CARRIES or not isinstance(items.mapping(said.get("issue")).get("fields"), dict):
        return False
    explained = _changes(said) or items.text(said.get("issue_event_type_name")) in ELSEWHERE
    return (
        event != UPDATED
        or bool(explained)
        or any(said.get(one) for one in ("comment", "worklog", "attachment"))
    )


def _item(said: Mapping[str, Any], issue: Mapping[str, Any], at: datetime | None) -> Item | None:
    """Read the item and the one changelog entry that came along; without an id it is nobody's item."""
    entry = _entry(said, at or moment(items.mapping(issue.get("fields")).get("updated")))
    read = items.parse(issue, entries=() if entry is None else (entry,))
    shown = read.fields if said.get("webhookEvent") != DELETED else {}
    plain = {name: value for name, value in shown.items() if name not in codecs.RICH or value == EMPTY}
    return replace(read, fields=plain) if read.id else None


def _entry(said: Mapping[str, Any], at: datetime | None) -> Entry | None:
    """Read the changelog; it has neither time nor author of its own: the event's are its.

    That of a creation has a number too, but no history ever holds it.
    """
    if said.get("webhookEvent") == CREATED:
        return None
    number = items.number_of(items.mapping(said.get("changelog")).get("id"))
    if number is None or at is None:
        return None
    return Entry(
        id=number, at=at, author=items.account_of(said.get("user")), steps=codecs.steps(_changes(said))
    )


def _changes(said: Mapping[str, Any]) -> list[object]:
    changes = items.mapping(said.get("changelog")).get("items")
    return changes if isinstance(changes, list) else []


def _hints(event: str, said: Mapping[str, Any], shown: Mapping[str, Any]) -> frozenset[str]:
    """Name the rich fields that a changelog or a creation tells of, unless they are seen to be empty.

    A changelog item whose field nobody can tell by its name may be of a rich one.
    """
    changed = {step.field for step in codecs.steps(_changes(said))}
    if any(codecs.is_nameless(one) for one in _changes(said)):
        changed |= codecs.RICH
    if event == CREATED:
        changed |= shown.keys()
    return frozenset(name for name in codecs.RICH & changed if name not in shown or shown[name])


def _comment(said: Mapping[str, Any]) -> CommentNews | None:
    comment = items.mapping(said.get("comment"))
    number = items.identifier(comment.get("id"))
    if not number:
        return None
    return CommentNews(
        id=number,
        author=items.account_of(comment.get("author")),
        updated=moment(comment.get("updated")),
        restricted=comments.restriction(comment),
    )
