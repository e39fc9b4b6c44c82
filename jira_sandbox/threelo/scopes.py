"""Which scopes an operation asks of an OAuth app, as the description of Jira's REST API says of each.

``scopes.txt`` has a line for each operation: its method and the sets of scopes, any of which suffices, first
the classic one, then the granular one. Nothing follows from the path: what a granular set holds has grown
with what the answers show. ``none`` is a set that asks for nothing; an operation that is not there is for
other kinds of apps.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from jira_sandbox.routing import Route
from jira_sandbox.state.threelo import Acting
from jira_sandbox.threelo.refusals import GatewayRefusal
from jira_sandbox.version2 import V2, V3

Sets = tuple[frozenset[str], ...]
NOTHING: Final = "none"
UNMATCHED: Final = "Unauthorized; scope does not match"


def must_suffice(acting: Acting, route: Route) -> None:
    """Refuse with 401 an operation that none of the app's scopes cover."""
    if not any(needed <= acting.scopes for needed in asked(route)):
        raise GatewayRefusal(401, UNMATCHED)


def asked(route: Route) -> Sets:
    """Give the sets of scopes any of which suffices; both versions of the API ask for the same."""
    return TABLE.get(route.name.replace(V2, V3, 1), ())


def _read(lines: list[str]) -> Iterator[tuple[str, Sets]]:
    path = ""
    for line in lines:
        if line.startswith("/"):
            path = line
        else:
            method, _, sets = line.strip().partition(" ")
            yield f"{method} {path}", tuple(_set(each) for each in sets.split("|"))


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split()) - {NOTHING}


TABLE: Final[Mapping[str, Sets]] = MappingProxyType(
    dict(_read(Path(__file__).with_suffix(".txt").read_text().splitlines()))
)
"""By the operation's name in v3: ``GET /rest/api/3/issue/{issueIdOrKey}``."""
