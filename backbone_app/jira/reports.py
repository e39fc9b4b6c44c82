"""Atlassian's personal data reporting: we name accounts, Jira says whose data must go or is out of date.

https://developer.atlassian.com/cloud/jira/platform/user-privacy-developer-guide/ : at most 90 accounts a
call, each once in a cycle. A Connect app asks on the site, signed like every other call of its own.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from backbone_app.jira import items
from backbone_app.jira.client import JiraClient

MOST: Final = 90
USUAL_CYCLE: Final = timedelta(days=7)
SHORTEST_CYCLE: Final = timedelta(days=1)
LONGEST_CYCLE: Final = timedelta(days=30)
"""However long a cycle is said to be: whoever closed their account does not wait for longer."""
_DURATION: Final = re.compile(
    r"P(?:(?P<weeks>\d{1,4})W)?(?:(?P<days>\d{1,4})D)?"
    r"(?:T(?:(?P<hours>\d{1,6})H)?(?:(?P<minutes>\d{1,6})M)?(?:(?P<seconds>\d{1,9})S)?)?"
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who of the accounts is closed, whose data changed since we had it, and how long a cycle is."""

    closed: frozenset[str]
    updated: frozenset[str]
    cycle: timedelta


def report(client: JiraClient, known: Mapping[str, datetime]) -> Verdict:
    """Report up to ``MOST`` accounts with the time we last learned something of each; one call.

    Raises the client's errors, and ValueError for more accounts, or none.
    """
    if not 0 < len(known) <= MOST:
        raise ValueError(f"{len(known)} accounts")
    headers: dict[str, str] = {}
    answer = client.call(
        "POST",
        "/rest/atlassian-connect/latest/report-accounts",
        json={"accounts": [_spelt(account, at) for account, at in sorted(known.items())]},
        reads=True,  # asked twice, it says the same twice
        heads=headers.update,
    )
    listed = items.mapping(answer).get("accounts") if answer is not None else ()
    return Verdict(
        closed=_of_status(listed, "closed", known),
        updated=_of_status(listed, "updated", known),
        cycle=cycle(headers.get("cycle-period", "")),
    )


def cycle(text: str) -> timedelta:
    """Read a ``Cycle-Period`` (ISO 8601: ``P7D``), held within a day and thirty; nonsense is a usual one."""
    found = _DURATION.fullmatch(text.strip())
    parts = {name: int(number) for name, number in found.groupdict("0").items()} if found else {}
    length = timedelta(**parts)
    return min(max(length, SHORTEST_CYCLE), LONGEST_CYCLE) if length else USUAL_CYCLE


def _spelt(account: str, at: datetime) -> dict[str, str]:
    return {"accountId": account, "updatedAt": at.isoformat().replace("+00:00", "Z")}


def _of_status(listed: Any, status: str, known: Collection[str]) -> frozenset[str]:
    """Leave of an answer those of a status; an account that we did not ask about is none of ours."""
    entries = [items.mapping(one) for one in listed] if isinstance(listed, list) else []
    told = {items.text(one.get("accountId")) for one in entries if one.get("status") == status}
    return frozenset(told & set(known))
