"""What a Jira says of itself to anybody, before somebody lets us in: which product it is, and which version.

https://docs.atlassian.com/software/jira/docs/api/REST/9.12.0/#api/2/serverInfo
"""

from dataclasses import dataclass
from typing import Final

import orjson

from backbone_app.errors import RemoteError
from backbone_app.jira import items
from backbone_app.jira.client import JiraClient
from backbone_app.jira.egress import Door, Reply

LARGEST_PART: Final = 999
TIMEOUT: Final = 10.0
BUSY, BROKEN = 429, 500
"""The status code of a Jira that is asked too often, and the first of those of one that does not work."""


@dataclass(frozen=True, slots=True)
class Instance:
    """A Jira as it tells of itself; ``numbers`` are its version's, ``(9, 12, 3)``, or empty."""

    version: str
    numbers: tuple[int, ...]
    is_cloud: bool


class NotNow(RemoteError):
    """Something answers there that it cannot at present; ``status`` is what it answered with."""

    code = "not_now"
    retryable = True

    def __init__(self, site: str, status: int) -> None:
        super().__init__(site, f"answers {status}: it is not available at present")
        self.status = status


class NotJira(RemoteError):
    """Something answers there, and it is no Jira; ``status`` is what it answered with."""

    code = "not_jira"

    def __init__(self, site: str, status: int) -> None:
        super().__init__(site, "answers, but not as a Jira does")
        self.status = status


def instance(door: Door, base_url: str, *, host: str, authorization: str = "") -> Instance | None:
    """Ask the Jira below ``base_url`` what it is; None where it tells strangers nothing (401, 403).

    With an ``authorization`` nobody is a stranger.

    Raises NotJira, NotNow, RemoteUnreachable, CertificateRefused, EgressRefused.
    """
    headers = {"Accept": "application/json"}
    if authorization:
        headers["Authorization"] = authorization
    reply = door.send("GET", f"{base_url}/rest/api/2/serverInfo", headers=headers, timeout=TIMEOUT)
    if reply.status in {401, 403}:
        return None
    if reply.status == BUSY or reply.status >= BROKEN:
        raise NotNow(host, reply.status)
    return _read(reply, host)


def version(client: JiraClient) -> tuple[int, ...]:
    """Ask a Data Center that has let us in for the numbers of its version; raises the client's errors."""
    said = items.mapping(client.call("GET", "/rest/api/2/serverInfo"))
    return _numbers(said.get("versionNumbers"))


def _read(reply: Reply, host: str) -> Instance:
    try:
        said = items.mapping(orjson.loads(reply.body))
    except (orjson.JSONDecodeError, TypeError):
        raise NotJira(host, reply.status) from None
    numbers = said.get("versionNumbers")
    if reply.status != 200 or not isinstance(numbers, list):
        raise NotJira(host, reply.status)
    return Instance(
        version=items.text(said.get("version"), longest=64),
        numbers=_numbers(numbers),
        is_cloud=said.get("deploymentType") == "Cloud",
    )


def _numbers(told: object) -> tuple[int, ...]:
    parts = told[:4] if isinstance(told, list) else []
    return tuple(one for one in parts if isinstance(one, int) and 0 <= one <= LARGEST_PART)
