"""What we change on a Jira site; every change says in its history why."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic
from types import MappingProxyType
from typing import Final

from backbone_app.core.comments import Comment
from backbone_app.core.values import Empty, Item, Rich, TwinMark, Value, Wiki
from backbone_app.errors import OutcomeUnknown, RemoteError, RemoteMissing
from backbone_app.jira import comments, items, read
from backbone_app.jira import fields as codecs
from backbone_app.jira.client import JiraClient, segment
from backbone_app.jira.items import CAUSE_TYPE, EDITED, MARK

GENERATOR: Final = {"id": "backbone", "type": "backbone-app", "displayName": "Backbone Work Sync"}
SHORTEST_READ: Final = 1.0


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a write happens, as Jira's history will tell it.

    ``intent`` is the id of our intent row, ``edited`` the time of the newest person's edit that
    the write carries, ``actor`` who made it (an account id or an opaque id of ours), ``note``
    a sentence for people, ``overwrote`` the changelog entries that gave way to it, ``older`` by field
    id the times of the other edits that it carries.
    """

    intent: str
    edited: datetime | None
    actor: str
    note: str
    overwrote: tuple[int, ...] = ()
    older: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Draft:
    """A twin to be created; ``space`` and ``type_id`` are the target's ids, ``fields`` by its field ids."""

    space: str
    type_id: str
    fields: Mapping[str, Value] = field(repr=False)
    mark: TwinMark


@dataclass(frozen=True, slots=True)
class Created:
    """What Jira answers to a creation."""

    id: str
    key: str


def create(client: JiraClient, draft: Draft, *, cause: Cause, timeout: float) -> Created:
    """Create a work item with its mark in one POST; ``timeout`` is total seconds.

    Empty fields are left to Jira's defaults. Raises the client's errors; OutcomeUnknown
    also for an answer that does not name what it created.
    """
    body = {
        "fields": {
            "project": {"id": draft.space},
            "issuetype": {"id": draft.type_id},
            **{name: codecs.write(name, value) for name, value in draft.fields.items() if value != Empty()},
        },
        "properties": [{"key": MARK, "value": _mark(draft.mark)}],
        "historyMetadata": history(cause),
    }
    answer = items.mapping(client.call("POST", f"/rest/api/{client.api}/issue", json=body, timeout=timeout))
    created = Created(id=items.identifier(answer.get("id")), key=items.text(answer.get("key")))
    if not created.id:
        raise OutcomeUnknown(client.site)
    return created


def edit(
    client: JiraClient,
    item_id: str,
    *,
    sets: Mapping[str, Value],
    labels_add: Collection[str] = (),
    labels_remove: Collection[str] = (),
    cause: Cause,
    timeout: float,
) -> Item:
    """Change a work item in one PUT and return it as it is afterwards, with its newest changelog page.

    Labels travel as additions and removals, so that what others add meanwhile stays.
    Where a site does not return the item, as no Data Center does, one GET follows; both fit into ``timeout``.
    A Wiki value goes through REST v2; to who asks for documents its answer shows no rich text.
    """
    verbs = [{"add": name} for name in sorted(labels_add)] + [
        {"remove": name} for name in sorted(labels_remove)
    ]
    body = {
        "fields": {name: codecs.write(name, value) for name, value in sets.items()},
        "update": {"labels": verbs} if verbs else {},
        "historyMetadata": history(cause),
    }
    params = [("returnIssue", "true"), ("expand", "changelog")] if client.dialect.is_cloud else []
    started = monotonic()
    version = 2 if any(isinstance(value, Wiki) for value in sets.values()) else client.api
    path = f"/rest/api/{version}/issue/{segment(item_id)}"
    issue = items.mapping(client.call("PUT", path, params=params, json=body, timeout=timeout))
    if "changelog" in issue:
        return items.with_changelog(issue, account=client.account, dialect=client.dialect)
    return _read_back(client, item_id, timeout=timeout - (monotonic() - started))


def transition(client: JiraClient, item_id: str, transition_id: str, *, cause: Cause, timeout: float) -> Item:
    """Take one transition and return the work item as it is afterwards, read in a second call.

    Both calls fit into ``timeout``. RemoteRefused: the transition is not offered, or wants a
    field; OutcomeUnknown also where it was taken and the item could not be read back.
    """
    body = {"transition": {"id": transition_id}, "historyMetadata": history(cause)}
    started = monotonic()
    path = f"/rest/api/{client.api}/issue/{segment(item_id)}/transitions"
    client.call("POST", path, json=body, timeout=timeout)
    return _read_back(client, item_id, timeout=timeout - (monotonic() - started))


def add_comment(
    client: JiraClient,
    item_id: str,
    body: Rich | Wiki,
    *,
    nonce: str,
    original: tuple[str, str],
    timeout: float,
) -> Comment:
    """Write a comment with our mark in one POST, so that a lost answer can be looked up by ``nonce``.

    ``original`` is the work item and the comment that it is a copy of, by their ids over there.
    """
    path = f"/rest/api/{client.api}/issue/{segment(item_id)}/comment"
    mark = {"nonce": nonce, "originItem": original[0], "originComment": original[1]}
    said = {
        "body": comments.written(body),
        "properties": [{"key": comments.COPY, "value": mark}],
    }
    answer = client.call("POST", path, params=read.WITH_PROPERTIES, json=said, timeout=timeout)
    return replace(_written(client, answer), mark=nonce)


def change_comment(
    client: JiraClient, item_id: str, comment_id: str, body: Rich | Wiki, *, timeout: float
) -> Comment:
    """Replace a comment's text; ``mark`` is known only where the site's answer shows properties."""
    path = f"/rest/api/{client.api}/issue/{segment(item_id)}/comment/{segment(comment_id)}"
    said = {"body": comments.written(body)}
    answer = client.call("PUT", path, params=read.WITH_PROPERTIES, json=said, timeout=timeout)
    return _written(client, answer)


def remove_comment(client: JiraClient, item_id: str, comment_id: str, *, timeout: float) -> None:
    """Delete a comment; raises RemoteMissing where it is gone already, or the whole work item is."""
    path = f"/rest/api/{client.api}/issue/{segment(item_id)}/comment/{segment(comment_id)}"
    client.call("DELETE", path, timeout=timeout)


def remove_mark(client: JiraClient, item_id: str, *, timeout: float) -> None:
    """Take our property off a work item (a clone carries its original's); gone already is fine."""
    try:
        path = f"/rest/api/{client.api}/issue/{segment(item_id)}/properties/{MARK}"
        client.call("DELETE", path, timeout=timeout)
    except RemoteMissing:
        return


def history(cause: Cause) -> dict[str, object]:
    """Return ``historyMetadata`` as Jira's API describes it; members of ``extraData`` are strings."""
    extra = {"intent": cause.intent}
    if cause.edited is not None:
        extra["edited"] = _time(cause.edited)
    extra |= {f"{EDITED}{name}": _time(at) for name, at in sorted(cause.older.items())}
    if cause.overwrote:
        extra["overwrote"] = ",".join(str(entry) for entry in cause.overwrote)
    return {
        "type": CAUSE_TYPE,
        "description": cause.note,
        "generator": GENERATOR,
        "actor": {"id": cause.actor, "type": "backbone-actor"},
        "cause": {"id": cause.intent, "type": "backbone-intent"},
        "extraData": extra,
    }


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _mark(mark: TwinMark) -> dict[str, str]:
    return {
        "nonce": mark.nonce,
        "originSite": mark.origin_site,
        "originItem": mark.origin_item,
        "synchronization": mark.synchronization,
    }


def _read_back(client: JiraClient, item_id: str, *, timeout: float) -> Item:
    """Read after a write that was made: a failure here must not look like a write that was not."""
    try:
        return read.item(client, item_id, timeout=max(SHORTEST_READ, timeout))
    except RemoteError:
        raise OutcomeUnknown(client.site) from None


def _written(client: JiraClient, answer: object) -> Comment:
    """Read the answer to a comment we wrote; an answer that shows none settles nothing."""
    said = items.mapping(answer)
    known = comments.properties(said) or {}
    comment = comments.parse(said, account=client.account, known=known, dialect=client.dialect)
    if comment is None:
        raise OutcomeUnknown(client.site)
    return comment
