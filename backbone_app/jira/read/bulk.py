"""Many work items in one call, with as much as tells whether one of them has changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from backbone_app.core.drift import Glimpse, SeenComment
from backbone_app.jira import comments, items
from backbone_app.jira.client import JiraClient, segment
from backbone_app.jira.items import MARK
from backbone_app.jira.read.paging import PAGE
from backbone_app.jira.times import moment

SHOWN: Final = ("project", "issuetype", "created", "updated", "creator", "comment")
TIMEOUT: Final = 30.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of asking for work items by id.

    ``missing`` are ids that Jira says nothing about: gone, or not visible to
    us. Of what it could not show this time (``issueErrors``) nothing is known.
    """

    found: tuple[Glimpse, ...]
    missing: frozenset[str]


def changed(
    client: JiraClient, space: str, *, minutes: int, after: str = ""
) -> Iterator[tuple[Glimpse, ...]]:
    """Find the work items of ``space`` (its id) changed within ``minutes`` by key, page by page.

    ``after`` is the id of the one to go on behind, empty from the start. Each page
    asks for what comes after the last one: no change in between moves an item
    across the edge of a page. The time is relative, because JQL reads an absolute
    one in the asking account's time zone. Search lags behind writes: ask for
    somewhat more.
    """
    asked: dict[str, object] = {
        "fields": list(SHOWN),
        "properties": [MARK],
        "expand": "changelog",
        "maxResults": PAGE,
    }
    within = f'project = {segment(space)} AND updated >= "-{minutes}m"'
    while True:
        behind = f" AND key > {segment(after)}" if after else ""
        asked["jql"] = f"{within}{behind} ORDER BY key ASC"
        came = items.mapping(
            client.call("POST", "/rest/api/3/search/jql", json=asked, timeout=TIMEOUT, reads=True)
        )
        page = _glimpses(client, came)
        yield page
        if came.get("isLast", True) or not page:
            return
        after = page[-1].item.id


def fetched(client: JiraClient, ids: Sequence[str]) -> Fetched:
    """Ask for up to a hundred work items by id."""
    asked = {
        "issueIdsOrKeys": list(ids),
        "fields": list(SHOWN),
        "properties": [MARK],
        "expand": ["changelog"],
    }
    path = "/rest/api/3/issue/bulkfetch"
    came = items.mapping(client.call("POST", path, json=asked, timeout=TIMEOUT, reads=True))
    found = _glimpses(client, came)
    untold = {items.identifier(items.mapping(one).get("id")) for one in came.get("issueErrors") or ()}
    return Fetched(found, frozenset(ids) - {one.item.id for one in found} - untold)


def _glimpses(client: JiraClient, came: Mapping[str, Any]) -> tuple[Glimpse, ...]:
    return tuple(_glimpse(items.mapping(one), client.account) for one in came.get("issues") or ())


def _glimpse(issue: Mapping[str, Any], account: str) -> Glimpse:
    """Read one work item; Jira may embed some of its comments only, and then says how many there are."""
    item = replace(items.with_changelog(issue, account=account), mark_known=True)
    page = items.mapping(items.mapping(issue.get("fields")).get("comment"))
    listed = page.get("comments")
    shown = [items.mapping(one) for one in listed] if isinstance(listed, list) else []
    total = page.get("total")
    return Glimpse(item, tuple(map(_comment, shown)), isinstance(total, int) and total <= len(shown))


def _comment(said: Mapping[str, Any]) -> SeenComment:
    return SeenComment(
        id=items.identifier(said.get("id")),
        author=items.account_of(said.get("author")),
        created=moment(said.get("created")),
        updated=moment(said.get("updated")),
        restricted=comments.restriction(said),
    )
