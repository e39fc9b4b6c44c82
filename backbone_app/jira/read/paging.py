"""Lists that come in pages."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from backbone_app.jira import items, limits
from backbone_app.jira.client import JiraClient

PAGE: Final = limits.PAGE


def paged(
    client: JiraClient,
    path: str,
    name: str,
    *,
    params: Sequence[tuple[str, str]] = (),
    timeout: float = 20.0,
) -> Iterator[Mapping[str, Any]]:
    """Read all pages of a list; the server may give less than asked for, so what came is what counts."""
    start = 0
    while True:
        came = page(client, path, start=start, params=params, timeout=timeout)
        values = came.get(name, [])
        yield from map(items.mapping, values)
        start += len(values)
        if not values or start >= came.get("total", 0):
            return


def page(
    client: JiraClient, path: str, *, start: int, params: Sequence[tuple[str, str]], timeout: float
) -> Mapping[str, Any]:
    """Read one page of a list, from the element numbered ``start`` (the first is 0)."""
    asked = [*params, ("startAt", str(start)), ("maxResults", str(PAGE))]
    return items.mapping(client.call("GET", path, params=asked, timeout=timeout))
