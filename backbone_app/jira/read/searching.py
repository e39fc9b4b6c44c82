"""Searches with JQL, page by page: the Cloud goes on by a token, Data Center by a number."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from backbone_app.jira import items
from backbone_app.jira.client import JiraClient
from backbone_app.jira.items import MARK
from backbone_app.jira.read.paging import PAGE

TIMEOUT: Final = 30.0


def pages(client: JiraClient, jql: str, *, fields: Collection[str]) -> Iterator[list[Mapping[str, Any]]]:
    """Give the work items that a query finds, a page at a time, with these fields; the Cloud's with our mark.

    Raises the client's errors.
    """
    asked: dict[str, object] = {"jql": jql, "fields": list(fields), "maxResults": PAGE}
    return _by_token(client, asked) if client.dialect.is_cloud else _by_number(client, asked)


def page(
    client: JiraClient, jql: str, *, fields: Collection[str], lenient: bool = False
) -> tuple[list[Mapping[str, Any]], bool]:
    """Give the first page of what a query finds, with the changelogs, and whether that is all of it.

    ``lenient``: names of what is not there are passed over rather than refused (Data Center alone takes it).
    """
    asked: dict[str, object] = {"jql": jql, "fields": list(fields), "maxResults": PAGE}
    if client.dialect.is_cloud:
        came = _cloud(client, {**asked, "expand": "changelog"})
        return _found(came), bool(came.get("isLast", True))
    came = _data_center(client, {**asked, "expand": ["changelog"], "validateQuery": not lenient})
    found = _found(came)
    return found, len(found) >= came.get("total", 0)


def _by_token(client: JiraClient, asked: dict[str, object]) -> Iterator[list[Mapping[str, Any]]]:
    while True:
        came = _cloud(client, asked)
        yield _found(came)
        token = came.get("nextPageToken")
        if came.get("isLast", True) or token is None:
            return
        asked = {**asked, "nextPageToken": token}


def _by_number(client: JiraClient, asked: dict[str, object]) -> Iterator[list[Mapping[str, Any]]]:
    start = 0
    while True:
        came = _data_center(client, {**asked, "startAt": start})
        found = _found(came)
        yield found
        start += len(found)
        if not found or start >= came.get("total", 0):
            return


def _cloud(client: JiraClient, asked: Mapping[str, object]) -> Mapping[str, Any]:
    path, body = f"/rest/api/{client.api}/search/jql", {**asked, "properties": [MARK]}
    return items.mapping(client.call("POST", path, json=body, timeout=TIMEOUT, reads=True))


def _data_center(client: JiraClient, asked: Mapping[str, object]) -> Mapping[str, Any]:
    return items.mapping(client.call("POST", "/rest/api/2/search", json=asked, timeout=TIMEOUT, reads=True))


def _found(came: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [items.mapping(one) for one in came.get("issues") or ()]
