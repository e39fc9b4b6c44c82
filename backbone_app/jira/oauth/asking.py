"""What both kinds of authorization server are asked for: tokens for a code, new ones for old ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import orjson

from backbone_app.errors import OutcomeUnknown, RemoteBusy, RemoteError, RemoteUnreachable
from backbone_app.jira import items, limits
from backbone_app.jira.egress import Door, Reply

FORM: Final = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
SHORTEST: Final = timedelta(seconds=60)
LONGEST: Final = timedelta(days=1)
USUAL: Final = timedelta(hours=1)
"""How long a token may last at least and at most, whatever is said, and how long where nothing is."""
LONGEST_TOKEN: Final = 8192
LONGEST_WORD: Final = 64


@dataclass(frozen=True, slots=True)
class Application:
    """What an authorization server knows us as; ``redirect_uri`` is where it sends people back to."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What lets us call until ``expires``, by our clock, and what gets new ones, empty where nothing does."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires: datetime
    scope: str


class Refused(RemoteError):
    """The server gives no tokens for this; ``reason`` is OAuth's own word (RFC 6749 §5.2).

    ``invalid_grant``: the code or refresh token is used, too old or withdrawn, and asking again is in vain.
    """

    code = "oauth_refused"

    def __init__(self, site: str, reason: str) -> None:
        super().__init__(site, f"gave no access ({reason})")
        self.reason = reason


def tokens(door: Door, url: str, asked: Mapping[str, str], *, timeout: float = 20.0) -> Tokens:
    """Ask for tokens, by a form. Raises Refused, RemoteBusy, RemoteUnreachable, EgressRefused.

    OutcomeUnknown: new tokens may have been made that we shall never see, and the old ones be dead.
    """
    reply = door.send("POST", url, headers=FORM, body=urlencode(asked).encode(), timeout=timeout)
    site = urlsplit(url).hostname or ""
    said = _said(reply)
    if reply.status != 200:
        raise _refusal(site, reply, said)
    access, refresh = (_token(said.get(name)) for name in ("access_token", "refresh_token"))
    if not access:
        raise OutcomeUnknown(site)
    return Tokens(
        access, refresh, reply.received_at + _lasts(said.get("expires_in")), items.text(said.get("scope"))
    )


def _said(reply: Reply) -> Mapping[str, Any]:
    try:
        return items.mapping(orjson.loads(reply.body))
    except orjson.JSONDecodeError:
        return {}


def _refusal(site: str, reply: Reply, said: Mapping[str, Any]) -> RemoteError:
    busy = limits.asked(reply.status, reply.headers, now=reply.received_at)
    if busy is not None:
        return RemoteBusy(site, busy.retry_after or limits.SHORTEST_WAIT, busy.reason)
    if reply.status >= 500:
        return OutcomeUnknown(site)
    if reply.status in {400, 401, 403}:
        return Refused(site, items.text(said.get("error"), longest=LONGEST_WORD) or f"HTTP {reply.status}")
    return RemoteUnreachable(site)


def _token(value: object) -> str:
    told = items.text(value, longest=LONGEST_TOKEN)
    return told if told.isascii() and told.isprintable() and " " not in told else ""


def _lasts(seconds: object) -> timedelta:
    """Read how long a token lasts; Data Centers of one version do not agree on it."""
    told = items.number_of(seconds)
    return USUAL if told is None else min(max(timedelta(seconds=min(told, 10**6)), SHORTEST), LONGEST)
