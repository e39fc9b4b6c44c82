"""What we ask a Jira site: work items, spaces, rights."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from backbone_app.core.configuration import SpaceShape, WorkType
from backbone_app.core.values import Entry, Item
from backbone_app.jira import items
from backbone_app.jira.client import JiraClient, segment
from backbone_app.jira.fields import CODECS
from backbone_app.jira.items import MARK

SHOWN: Final = (*CODECS, "project", "issuetype", "created", "updated", "creator")
PAGE: Final = 100
CHECKED: Final = 1000
FARTHEST_ZONE: Final = timedelta(hours=15)


@dataclass(frozen=True, slots=True)
class SpaceRef:
    """A space by its id, key and name."""

    id: str
    key: str
    name: str


def item(client: JiraClient, item_id: str, *, timeout: float = 20.0) -> Item:
    """Read one work item with our fields, our mark and the changelog Jira embeds (the newest 40)."""
    params = [("fields", ",".join(SHOWN)), ("properties", MARK), ("expand", "changelog")]
    issue = client.call("GET", f"/rest/api/3/issue/{segment(item_id)}", params=params, timeout=timeout)
    read = items.with_changelog(items.mapping(issue), account=client.account)
    return replace(read, mark_known=True)


def entries_since(
    client: JiraClient, item_id: str, entry: int, *, timeout: float = 20.0
) -> tuple[Entry, ...]:
    """Read all changelog entries newer than ``entry`` (its id), oldest first; ``timeout`` is for each page.

    The API counts from the oldest and cannot start at an id, so all pages are read.
    """
    path = f"/rest/api/3/issue/{segment(item_id)}/changelog"
    histories = _paged(client, path, "values", timeout=timeout)
    return tuple(one for one in items.entries(histories, account=client.account) if one.id > entry)


def created_by_us(client: JiraClient, space: str, since: datetime) -> tuple[Item, ...]:
    """Find work items our account created in ``space`` (id or key) since a minute before ``since``.

    Newest first. Search lags behind writes: an empty answer proves nothing before the lag's bound.
    The items carry fields and mark, no entries.
    """
    earliest = since.replace(second=0, microsecond=0) - timedelta(minutes=1)
    found: list[Item] = []
    for read in _searched(client, _created_query(space, earliest)):
        if read.created is not None and read.created < earliest:
            break
        found.append(replace(read, mark_known=True))
    return tuple(found)


def spaces(client: JiraClient) -> tuple[SpaceRef, ...]:
    """List all spaces the app may browse."""
    return tuple(_space_ref(one) for one in _paged(client, "/rest/api/3/project/search", "values"))


def space(client: JiraClient, key_or_id: str) -> SpaceRef:
    """Read one space; raises RemoteMissing."""
    return _space_ref(items.mapping(client.call("GET", f"/rest/api/3/project/{segment(key_or_id)}")))


def shape(client: JiraClient, space: str) -> SpaceShape:
    """Read a space's work types with the ids of the fields that can be set when creating one.

    One call for the types and one for each type.
    """
    path = f"/rest/api/3/issue/createmeta/{segment(space)}/issuetypes"
    types = list(_paged(client, path, "issueTypes"))
    return SpaceShape(types=tuple(_work_type(client, path, one) for one in types))


def may(client: JiraClient, *, account: str, space: str, permission: str) -> bool:
    """Ask whether ``account`` has a permission (such as ``ADMINISTER_PROJECTS``) in ``space`` (its id)."""
    return space in _granted(client, account, [space], permission)


def may_browse(client: JiraClient, *, account: str, spaces: Sequence[str]) -> frozenset[str]:
    """Give those of the ``spaces`` (ids) that ``account`` may browse: one call for each 1000 of them."""
    parts = (spaces[start : start + CHECKED] for start in range(0, len(spaces), CHECKED))
    return frozenset[str]().union(*(_granted(client, account, part, "BROWSE_PROJECTS") for part in parts))


def is_jira_admin(client: JiraClient, *, account: str) -> bool:
    """Ask whether ``account`` administers Jira."""
    answer = _permissions(client, account, {"projectPermissions": [], "globalPermissions": ["ADMINISTER"]})
    return "ADMINISTER" in answer.get("globalPermissions", [])


def account(client: JiraClient) -> str:
    """Return the account id the site knows us by."""
    return items.account_of(client.call("GET", "/rest/api/3/myself"))


def _granted(client: JiraClient, account: str, spaces: Sequence[str], permission: str) -> frozenset[str]:
    wanted = {"permissions": [permission], "projects": [int(space) for space in spaces], "issues": []}
    answer = _permissions(client, account, {"projectPermissions": [wanted], "globalPermissions": []})
    granted = [one for one in answer.get("projectPermissions", []) if one.get("permission") == permission]
    return frozenset(
        space for space in spaces if any(int(space) in one.get("projects", []) for one in granted)
    )


def _permissions(client: JiraClient, account: str, wanted: Mapping[str, object]) -> Mapping[str, Any]:
    """Ask as the app: only an app may ask for somebody else's rights without being an admin."""
    asked = {"accountId": account, **wanted}
    return items.mapping(client.call("POST", "/rest/api/3/permissions/check", json=asked, reads=True))


def _created_query(space: str, earliest: datetime) -> str:
    """Ask from 15 hours before: JQL reads a time in the asking account's time zone, which we do not know.

    Newest first, so that reading stops at the first one that is too old.
    """
    after = (earliest.astimezone(UTC) - FARTHEST_ZONE).strftime("%Y-%m-%d %H:%M")
    where = f"project = {segment(space)} AND creator = currentUser() AND created >= '{after}'"
    return f"{where} ORDER BY created DESC"


def _searched(client: JiraClient, jql: str) -> Iterator[Item]:
    asked: dict[str, object] = {"jql": jql, "fields": list(SHOWN), "properties": [MARK], "maxResults": PAGE}
    while True:
        page = items.mapping(client.call("POST", "/rest/api/3/search/jql", json=asked, reads=True))
        yield from (items.parse(one) for one in page.get("issues", []))
        token = page.get("nextPageToken")
        if page.get("isLast", True) or token is None:
            return
        asked["nextPageToken"] = token


def _paged(client: JiraClient, path: str, name: str, *, timeout: float = 20.0) -> Iterator[Mapping[str, Any]]:
    """Read all pages of a list; the server may give less than asked for, so what came is what counts."""
    start = 0
    while True:
        params = [("startAt", str(start)), ("maxResults", str(PAGE))]
        page = items.mapping(client.call("GET", path, params=params, timeout=timeout))
        values = page.get(name, [])
        yield from map(items.mapping, values)
        start += len(values)
        if not values or start >= page.get("total", 0):
            return


def _space_ref(project: Mapping[str, Any]) -> SpaceRef:
    return SpaceRef(
        id=items.identifier(project.get("id")),
        key=items.text(project.get("key")),
        name=items.text(project.get("name")),
    )


def _work_type(client: JiraClient, path: str, found: Mapping[str, Any]) -> WorkType:
    type_id = items.identifier(found.get("id"))
    described = _paged(client, f"{path}/{type_id}", "fields")
    return WorkType(
        id=type_id,
        name=items.text(found.get("name")),
        subtask=found.get("subtask") is True,
        fields=tuple(
            items.text(one.get("fieldId")) for one in described if "set" in one.get("operations", [])
        ),
    )
