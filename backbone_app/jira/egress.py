"""The one door through which every request leaves.

An address is refused before any socket is opened: it must be plain https to an
allowed host name, without user, port or dot segments. Redirects are not
followed, proxies and cookies not used, answers are bounded in size and time.
Resolving a name once, checking every address and pinning it belongs into the
adapter that ``Door._session`` mounts; until it is there, safety rests on the
allow-list alone.
"""

import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Final
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from backbone_app.errors import EgressRefused, OutcomeUnknown, RemoteUnreachable

AGENT: Final = "backbone-work-sync"
CHUNK: Final = 65_536
MAX_URL: Final = 8192
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost"})

# One pattern for the whole address: whatever two parsers could read differently does not match.
ADDRESS: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]{1,253})(?P<port>:[0-9]{1,5})?(?P<rest>(?:[/?][!-\[\]-~]*)?)",
    re.IGNORECASE,
)
HOST_NAME: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


@dataclass(frozen=True, slots=True)
class EgressPolicy:
    """Where requests may go; ``cloud_hosts`` are suffixes such as ``.atlassian.net``.

    ``service_hosts`` are exact host names (key servers). ``allow_loopback_http``
    is for demo and tests: http, 127.0.0.1 and localhost on any port as well.
    """

    cloud_hosts: tuple[str, ...]
    service_hosts: tuple[str, ...] = ()
    allow_loopback_http: bool = False

    def allows_host(self, host: str) -> bool:
        """Answer whether ``host``, in lower case, may be called over https."""
        if HOST_NAME.fullmatch(host) is None:
            return False
        suffixes = tuple(f".{suffix.lstrip('.')}" for suffix in self.cloud_hosts)
        return host.endswith(suffixes) or host in self.service_hosts


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, whole; header names are lower-case, times are ours."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    sent_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class _Address:
    scheme: str
    host: str
    port: str
    rest: str


class _Cut(Exception):
    """An answer that was too long, took too long or broke off."""


def wall_clock() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


def check_base_url(policy: EgressPolicy, url: str) -> str:
    """Return a site's base address as ``https://host``, or raise EgressRefused.

    A base address has neither path nor query; one trailing slash is taken off.
    """
    address = _allowed(policy, url)
    if address.rest not in {"", "/"}:
        raise EgressRefused
    return f"{address.scheme}://{address.host}{address.port}"


class Door:
    """Sends requests where the policy allows; safe to share between threads."""

    def __init__(
        self,
        policy: EgressPolicy,
        *,
        connect_timeout: float = 3.05,
        read_timeout: float = 20.0,
        max_bytes: int = 25_000_000,
        clock: Callable[[], datetime] = wall_clock,
    ) -> None:
        self._policy = policy
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._max_bytes = max_bytes
        self._clock = clock
        self._own = threading.local()
        self._sessions: list[requests.Session] = []
        self._lock = threading.Lock()

    def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        timeout: float | None = None,
        reads: bool = False,
    ) -> Reply:
        """Send one request and read the whole answer, whatever its status.

        ``timeout`` is total seconds (default: the read time-out). ``reads`` marks a POST
        without effect. Raises EgressRefused before any socket; RemoteUnreachable where
        nothing can have happened; OutcomeUnknown where a change may have been made.
        """
        address = _allowed(self._policy, url)
        effect = method not in SAFE_METHODS and not reads
        limit = self._read_timeout if timeout is None else timeout
        deadline = time.monotonic() + limit
        sent_at = self._clock()
        try:
            with self._session(address.host).request(
                method,
                url,
                headers=dict(headers),
                data=body,
                stream=True,
                allow_redirects=False,
                timeout=(min(self._connect_timeout, limit), min(self._read_timeout, limit)),
            ) as response:
                content = self._body(response, deadline)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, _Cut) as error:
            if effect and not _before_effect(error):
                raise OutcomeUnknown(address.host) from None
            raise RemoteUnreachable(address.host) from None
        named = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, named, content, sent_at, self._clock())

    def close(self) -> None:
        """Close every connection of every thread."""
        with self._lock:
            for session in self._sessions:
                session.close()
            self._sessions.clear()
            self._own = threading.local()

    def _session(self, host: str) -> requests.Session:
        """Return this thread's session for ``host``; sessions are not safe to share."""
        mine: dict[str, requests.Session] | None = getattr(self._own, "sessions", None)
        if mine is None:
            mine = self._own.sessions = {}
        if host not in mine:
            session = mine[host] = requests.Session()
            session.trust_env = False
            session.headers["User-Agent"] = AGENT
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            with self._lock:
                self._sessions.append(session)
        return mine[host]

    def _body(self, response: requests.Response, deadline: float) -> bytes:
        """Read what has arrived piece by piece: a site that drips must not hold the worker."""
        parts: list[bytes] = []
        size = 0
        while part := response.raw.read1(CHUNK, decode_content=True):
            size += len(part)
            if size > self._max_bytes or time.monotonic() > deadline:
                raise _Cut
            parts.append(part)
        if not parts and not _says_it_is_empty(response):
            raise _Cut
        return b"".join(parts)


def _says_it_is_empty(response: requests.Response) -> bool:
    """Tell an empty answer from one that broke off within its head: that parses as a bare 200."""
    framed = response.headers.keys() & {"Content-Length", "Transfer-Encoding"}
    return bool(framed) or response.status_code in {204, 304}


def _allowed(policy: EgressPolicy, url: str) -> _Address:
    parsed = ADDRESS.fullmatch(url) if len(url) <= MAX_URL else None
    if parsed is None:
        raise EgressRefused
    address = _Address(
        scheme=parsed["scheme"].lower(),
        host=parsed["host"].lower(),
        port=parsed["port"] or "",
        rest=parsed["rest"],
    )
    path = urlsplit(url).path
    if any(segment in {".", ".."} for segment in path.lower().replace("%2e", ".").split("/")):
        raise EgressRefused
    if policy.allow_loopback_http and address.host in LOOPBACK:
        return address
    if address.scheme != "https" or address.port or not policy.allows_host(address.host):
        raise EgressRefused
    return address


def _before_effect(error: Exception) -> bool:
    """Answer whether the request surely was not written: no connection, or no trusted one."""
    first = error.args[0] if error.args else None
    reason = getattr(first, "reason", None)
    if isinstance(reason, urllib3.exceptions.SSLError):
        return bool(reason.args) and isinstance(reason.args[0], ssl.SSLCertVerificationError)
    return isinstance(reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError)
