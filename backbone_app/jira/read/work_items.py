"""Work items: one with its history, the ones we made, and what may be done to one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from backbone_app.core.values import Entry, Item
from backbone_app.errors import RemoteMissing
from backbone_app.jira import items
from backbone_app.jira.client import JiraClient, segment
from backbone_app.jira.fields import CODECS
from backbone_app.jira.items import MARK
from backbone_app.jira.read import searching
from backbone_app.jira.read.paging import paged

SHOWN: Final = (*CODECS, "project", "issuetype", "created", "updated", "creator")
FARTHEST_ZONE: Final = timedelta(hours=15)


@dataclass(frozen=True, slots=True)
class Offered:
    """A transition that is offered right now; ``target`` is a status's name, ``category`` its category's key.

    ``required`` are the ids of fields its screen insists on and has no default for.
    """

    id: str
    name: str
    target: str
    category: str
    required: tuple[str, ...]


def item(client: JiraClient, item_id: str, *, timeout: float = 20.0) -> Item:
    """Read one work item with our fields, our mark and the changelog Jira embeds (the newest 40)."""
    params = [("fields", ",".join(SHOWN)), ("properties", MARK), ("expand", "changelog")]
    issue = client.call(
        "GET", f"/rest/api/{client.api}/issue/{segment(item_id)}", params=params, timeout=timeout
    )
    read = items.with_changelog(items.mapping(issue), account=client.account, dialect=client.dialect)
    return replace(read, mark_known=True)


def entries_since(
    client: JiraClient, item_id: str, entry: int, *, timeout: float = 20.0
) -> tuple[Entry, ...]:
    """Read all changelog entries newer than ``entry`` (its id), oldest first; ``timeout`` is for each page.

    The Cloud's API counts from the oldest and cannot start at an id, so all pages are read; Data Center
    tells all of it with the work item.
    """
    histories = _pages if client.dialect.is_cloud else _embedded
    found = items.entries(histories(client, item_id, timeout), account=client.account)
    return tuple(one for one in found if one.id > entry)


def created_by_us(client: JiraClient, space: str, since: datetime) -> tuple[Item, ...]:
    """Find work items our account created in ``space`` since a minute before ``since``, newest first.

    ``space`` is an id or a key; empty: anywhere. Search lags behind writes: an empty answer proves
    nothing before the lag's bound. The items carry fields and mark, no entries; on Data Center no mark
    (``marked``).
    """
    earliest = since.replace(second=0, microsecond=0) - timedelta(minutes=1)
    found: list[Item] = []
    for read in _searched(client, _created_query(space, earliest)):
        if read.created is not None and read.created < earliest:
            break
        found.append(replace(read, mark_known=client.dialect.is_cloud))
    return tuple(found)


def marked(client: JiraClient, found: Item) -> Item:
    """Ask for the mark of what a search of Data Center's found: it shows no properties.

    No call where the mark is known.
    """
    if found.mark_known:
        return found
    path = f"/rest/api/2/issue/{segment(found.id)}/properties/{MARK}"
    try:
        said = items.mapping(client.call("GET", path)).get("value")
    except RemoteMissing:
        return replace(found, mark_known=True)
    return replace(found, mark=items.mark(said), mark_known=True)


def transitions(client: JiraClient, item_id: str, *, timeout: float = 20.0) -> tuple[Offered, ...]:
    """List what may be done to a work item in its present status, in the site's order."""
    path = f"/rest/api/{client.api}/issue/{segment(item_id)}/transitions"
    answer = client.call("GET", path, params=[("expand", "transitions.fields")], timeout=timeout)
    return tuple(_offered(items.mapping(one)) for one in items.mapping(answer).get("transitions", []))


def _created_query(space: str, earliest: datetime) -> str:
    """Ask from 15 hours before: JQL reads a time in the asking account's time zone, which we do not know.

    Newest first, so that reading stops at the first one that is too old.
    """
    after = (earliest.astimezone(UTC) - FARTHEST_ZONE).strftime("%Y-%m-%d %H:%M")
    there = f"project = {segment(space)} AND " if space else ""
    where = f"{there}creator = currentUser() AND created >= '{after}'"
    return f"{where} ORDER BY created DESC"


def _searched(client: JiraClient, jql: str) -> Iterator[Item]:
    for found in searching.pages(client, jql, fields=SHOWN):
        yield from (items.parse(one, dialect=client.dialect) for one in found)


def _pages(client: JiraClient, item_id: str, timeout: float) -> Iterable[object]:
    path = f"/rest/api/{client.api}/issue/{segment(item_id)}/changelog"
    return paged(client, path, "values", timeout=timeout)


def _embedded(client: JiraClient, item_id: str, timeout: float) -> Iterable[object]:
    params = [("fields", "updated"), ("expand", "changelog")]
    path = f"/rest/api/{client.api}/issue/{segment(item_id)}"
    issue = items.mapping(client.call("GET", path, params=params, timeout=timeout))
    histories = items.mapping(issue.get("changelog")).get("histories")
    return histories if isinstance(histories, list) else ()


def _offered(said: Mapping[str, Any]) -> Offered:
    fields = items.mapping(said.get("fields")).items()
    target = items.mapping(said.get("to"))
    return Offered(
        id=items.identifier(said.get("id")),
        name=items.text(said.get("name")),
        target=items.text(target.get("name")),
        category=items.text(items.mapping(target.get("statusCategory")).get("key")),
        required=tuple(
            sorted(
                name
                for name, field in fields
                if field.get("required") is True and field.get("hasDefaultValue") is not True
            )
        ),
    )
