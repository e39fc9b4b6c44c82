"""I6: every call about a site uses that site's address, its credentials and ids of its own alone."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from jira_sandbox.connect import tokens
from tests.simulation.witness import Call

ITEMS: Final = re.compile(r"/issue/(\d+)")
SEVERAL: Final = re.compile(r"\bid in \(([^)]*)\)")
"""How a Data Center is asked for several work items."""
RESOURCES: Final = ("https://api.atlassian.com", "/oauth/token/accessible-resources")
"""Where Atlassian is asked which sites a token is good for."""
NOBODY: Final[Mapping[str, Collection[str]]] = MappingProxyType({})


def strangers(
    calls: Sequence[Call],
    secrets: Mapping[str, str],
    homes: Mapping[str, str],
    *,
    bearers: Mapping[str, Collection[str]] = NOBODY,
    offices: Mapping[str, Collection[str]] = NOBODY,
) -> Iterator[str]:
    """Say a sentence for each call that mixes tenants up.

    ``secrets`` are shared secrets by the addresses of sites, ``bearers`` all tokens that there were for
    linked ones, ``offices`` the refresh tokens by the address of whoever gave them; ``homes`` are the
    addresses of sites by work item.
    """
    for call in calls:
        if call.is_for_tokens:
            yield from _astray(call, offices)
            continue
        if (call.origin, call.path) == RESOURCES:
            yield from _unknown(call, bearers)
            continue
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


def _misborne(call: Call, tokens: Collection[str]) -> str:
    scheme, _, token = call.authorization.partition(" ")
    return "" if scheme == "Bearer" and token in tokens else "it does not bear that site's token"


def _unknown(call: Call, bearers: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Say where it is asked about a token that was given for no linked site."""
    if all(_misborne(call, tokens) for tokens in bearers.values()):
        yield f"I6: {call} bears what was given for no site"


def _astray(call: Call, offices: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Say where somebody is asked for tokens who did not give what the question bears."""
    borne = call.form.get("refresh_token", call.form.get("token", ""))
    if call.origin not in offices:
        yield f"I6: {call} asks {call.origin} for tokens, which gives none to anybody"
    elif call.authorization or (borne and borne not in offices[call.origin]):
        yield f"I6: {call} to {call.origin} bears what was not given there"


def _items(call: Call) -> list[str]:
    asked = call.content.get("issueIdsOrKeys", []) if call.path.endswith("/bulkfetch") else []
    sought = SEVERAL.findall(str(call.content.get("jql", "")))
    named = [number for listed in sought for number in re.findall(r"\d+", listed)]
    return [*ITEMS.findall(call.path), *(str(each) for each in asked if str(each).isdigit()), *named]
