"""Comments of a work item, one or all of them, with what their properties tell."""

from collections.abc import Mapping
from typing import Any, Final

from backbone_app.core.comments import Comment
from backbone_app.errors import RemoteMissing, RemoteUnreachable
from backbone_app.jira import comments as codec
from backbone_app.jira import items
from backbone_app.jira.client import JiraClient, segment
from backbone_app.jira.read.paging import page

TRIES: Final = 3
WITH_PROPERTIES: Final = (("expand", "properties"),)


def comment(client: JiraClient, item_id: str, comment_id: str, *, timeout: float = 20.0) -> Comment:
    """Read one comment; RemoteMissing where it is gone or hidden from us, the item's own absence included."""
    path = f"/rest/api/{client.api}/issue/{segment(item_id)}/comment/{segment(comment_id)}"
    return _comment(
        client, client.call("GET", path, params=WITH_PROPERTIES, timeout=timeout), timeout=timeout
    )


def comments(client: JiraClient, item_id: str, *, timeout: float = 20.0) -> tuple[Comment, ...]:
    """Read all comments we may see, oldest first; ``timeout`` is for each call.

    Complete or not at all, because what is missing counts as deleted: where comments keep
    vanishing while we read, RemoteUnreachable.
    """
    for _ in range(TRIES):
        found = _unshifted(
            client, f"/rest/api/{client.api}/issue/{segment(item_id)}/comment", timeout=timeout
        )
        if found is not None:
            return tuple(_comment(client, one, timeout=timeout) for one in found)
    raise RemoteUnreachable(client.site)


def _unshifted(client: JiraClient, path: str, *, timeout: float) -> list[Mapping[str, Any]] | None:
    """Read all pages of comments, or None where one went away meanwhile.

    Pages are counted from the oldest: a deletion moves the rest up, past the page's edge
    unseen. So each page begins with the last one of the page before.
    """
    params = [*WITH_PROPERTIES, ("orderBy", "created")]
    found: list[Mapping[str, Any]] = []
    while True:
        came = page(client, path, start=max(len(found) - 1, 0), params=params, timeout=timeout)
        values = [items.mapping(one) for one in came.get("comments", [])]
        if found and (not values or values[0].get("id") != found[-1].get("id")):
            return None
        fresh = values[1:] if found else values
        found += fresh
        if not fresh or len(found) >= came.get("total", 0):
            return found


def _comment(client: JiraClient, said: object, *, timeout: float) -> Comment:
    """Read a comment; properties that the site did not show are asked for where something hangs on them."""
    shown = items.mapping(said)
    known = codec.properties(shown)
    if known is None:
        known = _looked_up(client, shown, timeout=timeout) if shown else {}
    found = codec.parse(shown, account=client.account, known=known, dialect=client.dialect)
    if found is None:
        raise RemoteUnreachable(client.site)
    return found


def _looked_up(client: JiraClient, shown: Mapping[str, Any], *, timeout: float) -> dict[str, object]:
    """Ask for our mark on our own comments, and for the internal flag where nothing else tells of it."""
    ours = items.account_of(shown.get("author")) == client.account
    wanted = [codec.COPY] if ours else []
    if codec.restriction(shown) is None:
        wanted.append(codec.INTERNAL)
    found: dict[str, object] = {}
    for key in wanted:
        path = f"/rest/api/{client.api}/comment/{items.identifier(shown.get('id'))}/properties/{key}"
        try:
            found[key] = items.mapping(client.call("GET", path, timeout=timeout)).get("value")
        except RemoteMissing:
            continue
    return found
