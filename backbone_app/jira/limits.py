"""Jira's limits: what a call costs, how fast an endpoint may be called, what a 429 asks for.

From Atlassian's "Rate limiting" and "Build an app that respects rate limits". Reasons that
the documents do not name have been seen in the field; such a one concerns the whole site.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final

from backbone_app.jira.times import http_date

SHORTEST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 3600.0
LONGEST_REASON: Final = 64

NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][0-9]{1,3})?")
ID: Final = re.compile(
    r"-?[0-9]+|[A-Z][A-Z0-9_]*(-[0-9]+)?|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)
VERSION: Final = re.compile(r"^/rest/api/[23]/")
ITEM: Final = re.compile(r"/rest/api/[23]/issue/([^/]+)")
KEYED: Final = re.compile(r"(?<=/properties/)[^/]+|(?<=/addons/)[^/]+")


class Scope(Enum):
    """The part of Jira that a pause is for."""

    APP = "app"
    SITE = "site"
    ENDPOINT = "endpoint"
    ITEM = "item"


SCOPES: Final[Mapping[str, Scope]] = {
    "jira-quota-global-based": Scope.APP,
    "jira-quota-tenant-based": Scope.SITE,
    "jira-burst-based": Scope.ENDPOINT,
    "jira-per-issue-on-write": Scope.ITEM,
}

USUAL_RATE: Final[Mapping[str, int]] = {"GET": 100, "POST": 100, "PUT": 50, "DELETE": 50}
SLOWEST_RATE: Final = 50
RATES: Final[Mapping[tuple[str, str], int]] = {
    ("GET", "issue/{id}"): 150,
    ("GET", "issue/{id}/changelog"): 200,
    ("GET", "attachment/content/{id}"): 300,
}
"""Calls a second that a site takes on an operation, where they are not the usual ones of the method."""

LISTS: Final = (
    "issues",
    "values",
    "comments",
    "transitions",
    "histories",
    "issueChangeLogs",
    "worklogs",
    "projectPermissions",
    "globalPermissions",
)
"""Where the answers carry the objects that were read."""
IDENTITY: Final = re.compile(r"/rest/api/[23]/(users?|myself|groups?|permissions|mypermissions)\b")
PAGE: Final = 100
"""As many objects as a bulk read asks for at once."""
BULK_READS: Final = frozenset({"search/jql", "issue/bulkfetch"})
BULK_WRITE: Final = "issue/bulk"


@dataclass(frozen=True, slots=True)
class Call:
    """A call as limits see it; ``template`` is its path without ids, ``item`` the work item it is about."""

    method: str
    template: str
    item: str
    write: bool

    @property
    def endpoint(self) -> str:
        """Name the operation as it is counted: method and path, without ids and names of properties."""
        return f"{self.method} {KEYED.sub('{key}', self.template)}"

    @property
    def operation(self) -> str:
        """Name what is called whichever version of the API is asked: a limit is the same in both."""
        return VERSION.sub("", self.template)

    @property
    def rate(self) -> int:
        """How many such calls a second the site takes."""
        usual = USUAL_RATE.get(self.method, SLOWEST_RATE)
        return RATES.get((self.method, self.operation), usual)

    @property
    def reserved(self) -> int:
        """How many points it has to find left: of a bulk read a full page, its answer may be one."""
        if self.write:
            return 1
        return 1 + (PAGE if self.operation in BULK_READS else 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a busy site asked for: ``retry_after`` seconds at least, None where it did not say."""

    scope: Scope
    reason: str
    retry_after: float | None


def describe(method: str, path: str, *, write: bool) -> Call:
    """Tell what the limits of a call depend on; ``path`` is without its query."""
    version = VERSION.match(path)
    begin = version.end() if version else 0
    parts = ["{id}" if ID.fullmatch(part) else part for part in path[begin:].split("/")]
    template = path[:begin] + "/".join(parts)
    found = ITEM.match(path)
    item = found[1] if found and ID.fullmatch(found[1]) else ""
    return Call(method, template, item, write)


def points(call: Call, answer: object) -> int:
    """Count Jira's points of a call that was answered with this JSON.

    One, and one for each object read, two where it is a user, a group or a
    permission. A write is one, a bulk of creations one for each.
    """
    if call.write:
        return max(1, _objects(answer)) if call.operation == BULK_WRITE else 1
    each = 2 if IDENTITY.match(call.template) else 1
    return 1 + each * _objects(answer)


def asked(status: int, headers: Mapping[str, str], *, now: datetime) -> Asked | None:
    """Read a refusal for being too fast; None where the answer is none.

    A 503 is one only with ``Retry-After``. Header names are lower-case. Waits
    are between a second and an hour, whatever was said. A time that was said is
    one of the site's clock: ``now`` is ours, it counts where the answer has no ``Date``.
    """
    wait = headers.get("retry-after")
    if status != 429 and not (status == 503 and wait is not None):
        return None
    reason = headers.get("ratelimit-reason", "").strip().lower()[:LONGEST_REASON]
    said_at = http_date(headers.get("date", "")) or now
    seconds = _seconds(wait or "", said_at)
    if seconds is None and reason.startswith("jira-quota-"):
        seconds = _until_reset(headers.get("x-ratelimit-reset", ""), said_at)
    return Asked(SCOPES.get(reason, Scope.SITE), reason or f"http-{status}", seconds)


def _objects(answer: object) -> int:
    if isinstance(answer, list):
        return len(answer)
    if not isinstance(answer, Mapping):
        return 0
    lists = [answer[name] for name in LISTS if isinstance(answer.get(name), list)]
    return sum(len(found) for found in lists) if lists else 1


def _seconds(text: str, now: datetime) -> float | None:
    """Read Retry-After: seconds, or a date; anything else says nothing."""
    text = text.strip()
    if NUMBER.fullmatch(text):
        return _bounded(float(text))
    date = http_date(text)
    return None if date is None else _bounded((date - now).total_seconds())


def _until_reset(text: str, now: datetime) -> float:
    """Read when a quota is full again; where that is not said, at the top of the hour (in UTC)."""
    try:
        reset = datetime.fromisoformat(text.strip())
    except ValueError:
        reset = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    if reset.tzinfo is None:
        reset = reset.replace(tzinfo=UTC)
    return _bounded((reset - now).total_seconds())


def _bounded(seconds: float) -> float:
    return min(max(seconds, SHORTEST_WAIT), LONGEST_WAIT)
