"""From Jira's JSON of a work item to an observation, wherever that JSON came from."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from backbone_app.core.values import Entry, Item, Stamp, TwinMark
from backbone_app.jira import fields as codecs
from backbone_app.jira.dialects import CLOUD, Dialect
from backbone_app.jira.times import moment

MARK: Final = "backbone-twin"
"""Key of the entity property on work items we create; value {nonce, originSite, originItem, synchronization}.

The descriptor has Jira index all four: JQL finds a twin by what it is the twin of, or by who created it."""

CAUSE_TYPE: Final = "backbone"
"""``historyMetadata.type`` of our own changes."""
EDITED: Final = "edited."
"""Before a field's id: the member of ``extraData`` with the time of that field's own edit."""

NUMBER: Final = re.compile(r"[0-9]{1,18}")
LONGEST_KEY: Final = 255
LONGEST_ACCOUNT: Final = 128
"""What our columns take; Jira's own keys and account ids are shorter. A longer one counts as not said."""


def parse(
    issue: Mapping[str, Any],
    *,
    entries: tuple[Entry, ...] = (),
    complete_from: int | None = None,
    dialect: Dialect = CLOUD,
) -> Item:
    """Read one issue object; ``entries`` are its changelog, oldest first, where it came along.

    What the object does not say is the empty string, None or absent.
    """
    fields = mapping(issue.get("fields"))
    properties = issue.get("properties")
    work_type = mapping(fields.get("issuetype"))
    return Item(
        id=identifier(issue.get("id")),
        key=text(issue.get("key"), longest=LONGEST_KEY),
        space=identifier(mapping(fields.get("project")).get("id")),
        type_id=identifier(work_type.get("id")),
        type_name=text(work_type.get("name")),
        creator=account_of(fields.get("creator")),
        created=moment(fields.get("created")),
        stamp=Stamp(entry=entries[-1].id if entries else None, updated=moment(fields.get("updated"))),
        fields=codecs.read(fields, dialect),
        entries=entries,
        complete_from=complete_from,
        mark=mark(mapping(properties).get(MARK)),
        mark_known=isinstance(properties, dict),
    )


def with_changelog(issue: Mapping[str, Any], *, account: str, dialect: Dialect = CLOUD) -> Item:
    """Read an issue object with the newest page of its changelog embedded; ``account`` is ours.

    Data Center embeds all of it.
    """
    page = mapping(issue.get("changelog"))
    histories = page.get("histories")
    embedded = entries(histories if isinstance(histories, list) else (), account=account)
    total = page.get("total")
    whole = isinstance(total, int) and isinstance(histories, list) and total <= len(histories)
    oldest = embedded[0].id if embedded else None
    return parse(issue, entries=embedded, complete_from=0 if whole else oldest, dialect=dialect)


def entries(histories: Iterable[object], *, account: str) -> tuple[Entry, ...]:
    """Read changelog entries, oldest first; one without id or time tells nothing and is left out.

    ``historyMetadata`` can be sent by anybody who may edit: only on entries of our own
    ``account`` does it name an intent.
    """
    found = (entry(mapping(one), account=account) for one in histories)
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.id))


def entry(history: Mapping[str, Any], *, account: str) -> Entry | None:
    """Read one changelog entry as the REST API shows it."""
    number, at, items = number_of(history.get("id")), moment(history.get("created")), history.get("items")
    if number is None or at is None:
        return None
    author = account_of(history.get("author"))
    cause = mapping(history.get("historyMetadata"))
    told = mapping(cause.get("extraData")) if author == account and cause.get("type") == CAUSE_TYPE else {}
    return Entry(
        id=number,
        at=at,
        author=author,
        steps=codecs.steps(items if isinstance(items, list) else ()),
        intent=text(told.get("intent")) or None,
        edited=moment(told.get("edited")),
        older=_older(told),
    )


def _older(told: Mapping[str, Any]) -> dict[str, datetime]:
    """Read the times of those edits that a write of ours carried besides the newest."""
    times = {name.removeprefix(EDITED): moment(at) for name, at in told.items() if name.startswith(EDITED)}
    return {name: at for name, at in times.items() if at is not None}


def mapping(value: object) -> Mapping[str, Any]:
    """Return an object's members; anything else has none."""
    return value if isinstance(value, dict) else {}


def text(value: object, *, longest: int | None = None) -> str:
    """Return a string; anything else, and one of more characters than ``longest``, is empty."""
    if not isinstance(value, str) or (longest is not None and len(value) > longest):
        return ""
    return value


def number_of(value: object) -> int | None:
    """Read an id that Jira sends as a string or as a number; None for what no column of ours takes."""
    if type(value) is int and 0 <= value < 2**63:
        return value
    return int(value) if isinstance(value, str) and NUMBER.fullmatch(value) else None


def identifier(value: object) -> str:
    """Read a numeric id as text, empty where there is none; it may later become part of a path."""
    number = number_of(value)
    return "" if number is None else str(number)


def account_of(user: object) -> str:
    """Return a user's account id; a Data Center user has a key, an anonymous one nothing."""
    person = mapping(user)
    names = (text(person.get(name), longest=LONGEST_ACCOUNT) for name in ("accountId", "key", "name"))
    return next(filter(None, names), "")


def mark(value: object) -> TwinMark | None:
    """Read the value of our property; None for what is none of ours."""
    said = mapping(value)
    nonce, site, item = (text(said.get(part)) for part in ("nonce", "originSite", "originItem"))
    if not (nonce and site and item):
        return None
    return TwinMark(nonce, site, item, text(said.get("synchronization")))
