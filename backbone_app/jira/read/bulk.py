"""Many work items in one call, with as much as tells whether one of them has changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from backbone_app.core.drift import Glimpse, SeenComment
from backbone_app.jira import comments, items
from backbone_app.jira.client import JiraClient, segment
from backbone_app.jira.items import MARK
from backbone_app.jira.read import searching
from backbone_app.jira.times import moment

SHOWN: Final = ("project", "issuetype", "created", "updated", "creator", "comment")
TIMEOUT: Final = searching.TIMEOUT


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of asking for work items by id.

    ``missing`` are ids that Jira says nothing about: gone, or not visible to
    us. Of what it could not show this time (``issueErrors``) nothing is known.
    """

    found: tuple[Glimpse, ...]
    missing: frozenset[str]


def changed(
    client: JiraClient, space: str, *, minutes: int, born: int = 0, after: str = ""
) -> Iterator[tuple[Glimpse, ...]]:
    """Find the work items of ``space`` (its id) changed within ``minutes`` by key, page by page.

    With them come those that were created within ``born`` minutes, whenever they were changed.
    ``after`` is the id of the one to go on behind, empty from the start. Each page
    asks for what comes after the last one: no change in between moves an item
    across the edge of a page. The time is relative, because JQL reads an absolute
    one in the asking account's time zone. Search lags behind writes: ask for
    somewhat more.
    """
    lately = f'updated >= "-{minutes}m"'
    lately = f'({lately} OR created >= "-{born}m")' if born > minutes else lately
    within = f"project = {segment(space)} AND {lately}"
    while True:
        behind = f" AND key > {segment(after)}" if after else ""
        found, is_last = searching.page(client, f"{within}{behind} ORDER BY key ASC", fields=SHOWN)
        page = _glimpses(client, found)
        yield page
        if is_last or not page:
            return
        after = page[-1].item.id


def fetched(client: JiraClient, ids: Sequence[str]) -> Fetched:
    """Ask for up to a hundred work items by id."""
    return _bulk_fetched(client, ids) if client.dialect.is_cloud else _searched(client, ids)


def _searched(client: JiraClient, ids: Sequence[str]) -> Fetched:
    """Search for them: Data Center has no other way to ask for several.

    How many it shows at once is set there. What was not on a page is asked for again by id, so that nothing
    is passed over because something before it was deleted meanwhile.
    """
    seen: dict[str, Glimpse] = {}
    left, is_last, tells_more = ids, False, True
    while left and not is_last and tells_more:
        named = ", ".join(segment(one) for one in left)
        found, is_last = searching.page(client, f"id in ({named})", fields=SHOWN, lenient=True)
        seen |= {one.item.id: one for one in _glimpses(client, found)}
        rest = [one for one in left if one not in seen]
        left, tells_more = rest, len(rest) < len(left)
    return Fetched(tuple(seen.values()), frozenset(left) if is_last else frozenset())


def _bulk_fetched(client: JiraClient, ids: Sequence[str]) -> Fetched:
    asked = {
        "issueIdsOrKeys": list(ids),
        "fields": list(SHOWN),
        "properties": [MARK],
        "expand": ["changelog"],
    }
    path = f"/rest/api/{client.api}/issue/bulkfetch"
    came = items.mapping(client.call("POST", path, json=asked, timeout=TIMEOUT, reads=True))
    found = _glimpses(client, came.get("issues") or ())
    untold = {items.identifier(items.mapping(one).get("id")) for one in came.get("issueErrors") or ()}
    return Fetched(found, frozenset(ids) - {one.item.id for one in found} - untold)


def _glimpses(client: JiraClient, found: Iterable[object]) -> tuple[Glimpse, ...]:
    return tuple(_glimpse(client, items.mapping(one)) for one in found)


def _glimpse(client: JiraClient, issue: Mapping[str, Any]) -> Glimpse:
    """Read one work item; Jira may embed some of its comments only, and then says how many there are.

    Data Center shows no mark here.
    """
    read = items.with_changelog(issue, account=client.account, dialect=client.dialect)
    item = replace(read, mark_known=client.dialect.is_cloud)
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
