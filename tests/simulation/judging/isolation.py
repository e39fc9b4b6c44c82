"""I6: every call about a site uses that site's address, its credentials and ids of its own alone."""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from jira_sandbox.connect import tokens
from tests.simulation.witness import Call

ITEMS: Final = re.compile(r"/issue/(\d+)")
SEVERAL: Final = re.compile(r"\bid in \(([^)]*)\)")
"""How a Data Center is asked for several work items."""
NOBODY: Final[Mapping[str, str]] = MappingProxyType({})


def strangers(
    calls: Sequence[Call],
    secrets: Mapping[str, str],
    homes: Mapping[str, str],
    *,
    bearers: Mapping[str, str] = NOBODY,
) -> Iterator[str]:
    """Say a sentence for each call that mixes tenants up.

    ``secrets`` are shared secrets by the addresses of sites, ``bearers`` the tokens of linked ones;
    ``homes`` are the addresses of sites by work item.
    """
    for call in calls:
        if call.origin not in {*secrets, *bearers}:
            yield f"I6: {call} went to {call.origin}, which is no site of anybody's"
            continue
        is_linked = call.origin in bearers
        fault = _misborne(call, bearers[call.origin]) if is_linked else _fault(call, secrets[call.origin])
        if fault:
            yield f"I6: {call} to {call.origin} is not signed for that site: {fault}"
        for item in _items(call):
            if homes.get(item, call.origin) != call.origin:
                yield f"I6: {call} asks {call.origin} for {item}, which is a work item of {homes[item]}"


def _fault(call: Call, secret: str) -> str:
    scheme, _, token = call.authorization.partition(" ")
    if scheme.lower() != "jwt":
        return f"{scheme or 'no'} credentials"
    try:
        tokens.read_hs256(token, secret)
    except tokens.BadToken as bad:
        return str(bad)
    return ""


def _misborne(call: Call, token: str) -> str:
    return "" if call.authorization == f"Bearer {token}" else "it does not bear that site's token"


def _items(call: Call) -> list[str]:
    asked = call.content.get("issueIdsOrKeys", []) if call.path.endswith("/bulkfetch") else []
    sought = SEVERAL.findall(str(call.content.get("jql", "")))
    named = [number for listed in sought for number in re.findall(r"\d+", listed)]
    return [*ITEMS.findall(call.path), *(str(each) for each in asked if str(each).isdigit()), *named]
