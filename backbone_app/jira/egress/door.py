"""The door: sends a request where the policy allows, and brings the whole answer back or one of three errors.

A redirect is an answer like any other; where it points to is not even read.
"""

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final

import requests
import urllib3.exceptions

from backbone_app.errors import CertificateRefused, OutcomeUnknown, RemoteUnreachable
from backbone_app.jira.egress.pinned import Line, PinnedAdapter, look_up
from backbone_app.jira.egress.policy import Case, EgressPolicy, Resolver, allowed

AGENT: Final = "backbone-work-sync"
CHUNK: Final = 65_536
FRAME: Final = 1_000_000
"""Bytes that the head of an answer and the marks between its pieces may take beyond the body."""
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, whole; header names are lower-case, times are ours."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    sent_at: datetime
    received_at: datetime


class _Cut(Exception):
    """An answer that was too long, took too long or broke off."""


class _Session(requests.Session):
    """A session that takes nothing from its surroundings, keeps no cookies and follows nothing.

    It is used by one call at a time, which its line meters.
    """

    def __init__(self, line: Line, *, authorities: str | None) -> None:
        super().__init__()
        self.line = line
        self.trust_env = False
        self.verify = authorities or True
        self.headers["User-Agent"] = AGENT
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        adapter = PinnedAdapter(line)
        for scheme in ("https://", "http://"):
            self.mount(scheme, adapter)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Find none: where there is one, ``requests`` unpacks the whole body, whatever its size."""


class Door:
    """Sends requests where the policy allows; safe to share between threads.

    There are as many sessions as there were ever calls at once: threads come and go with each
    drain, the connections stay. Times are seconds. ``max_bytes`` bounds an answer unpacked;
    ``authorities`` is a file of the certificates to trust (default: the usual ones).
    """

    def __init__(
        self,
        policy: EgressPolicy,
        *,
        connect_timeout: float = 3.05,
        read_timeout: float = 20.0,
        max_bytes: int = 25_000_000,
        clock: Callable[[], datetime] | None = None,
        resolve: Resolver = look_up,
        authorities: str | None = None,
    ) -> None:
        self._policy = policy
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._max_bytes = max_bytes
        self._clock = clock or wall_clock
        self._resolve = resolve
        self._authorities = authorities
        self._idle: list[_Session] = []
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
        nothing can have happened (CertificateRefused where that is why); OutcomeUnknown where a change
        may have been made.
        """
        host = allowed(self._policy, url, case=Case.CALL).host
        effect = method not in SAFE_METHODS and not reads
        limit = self._read_timeout if timeout is None else timeout
        asked = {
            "method": method,
            "url": url,
            "headers": dict(headers),
            "data": body,
            "timeout": (min(self._connect_timeout, limit), limit),
        }
        sent_at = self._clock()
        try:
            with self._session() as session:
                session.line.begin(until=time.monotonic() + limit, most=2 * self._max_bytes + FRAME)
                response, content = self._answered(session, asked, effect=effect)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, _Cut) as error:
            if (fault := _fault_of_certificate(error)) is not None:
                raise CertificateRefused(host, fault) from None
            if effect and not _before_effect(error):
                raise OutcomeUnknown(host) from None
            raise RemoteUnreachable(host) from None
        named = {name.lower(): value for name, value in response.headers.items()}
        return Reply(response.status_code, named, content, sent_at, self._clock())

    def close(self) -> None:
        """Close every connection that no call is using."""
        with self._lock:
            for session in self._idle:
                session.close()
            self._idle.clear()

    @contextmanager
    def _session(self) -> Iterator[_Session]:
        """Lend the session that was given back last: its connections are the freshest."""
        with self._lock:
            session = self._idle.pop() if self._idle else None
        if session is None:
            session = _Session(Line(self._policy, self._resolve), authorities=self._authorities)
        try:
            yield session
        finally:
            with self._lock:
                self._idle.append(session)

    def _answered(
        self, session: _Session, asked: Mapping[str, Any], *, effect: bool
    ) -> tuple[requests.Response, bytes]:
        """Ask, and once more where the other end had closed an idle connection; a change never twice."""
        try:
            return self._exchange(session, asked)
        except requests.ConnectionError:
            if effect or not session.line.is_stale:
                raise
        return self._exchange(session, asked)

    def _exchange(self, session: _Session, asked: Mapping[str, Any]) -> tuple[requests.Response, bytes]:
        with session.request(stream=True, allow_redirects=False, **asked) as response:
            return response, self._body(response)

    def _body(self, response: requests.Response) -> bytes:
        """Unpack what has arrived piece by piece, and no further than allowed."""
        parts: list[bytes] = []
        size = 0
        while part := response.raw.read1(CHUNK, decode_content=True):
            size += len(part)
            if size > self._max_bytes:
                raise _Cut
            parts.append(part)
        if not parts and not _says_it_is_empty(response):
            raise _Cut
        return b"".join(parts)


def wall_clock() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


def _says_it_is_empty(response: requests.Response) -> bool:
    """Tell an empty answer from one that broke off within its head: that parses as a bare 200."""
    framed = response.headers.keys() & {"Content-Length", "Transfer-Encoding"}
    return bool(framed) or response.status_code in {204, 304}


def _before_effect(error: Exception) -> bool:
    """Answer whether the request surely was not written: there was no connection."""
    return isinstance(
        _reason(error), urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError
    )


def _fault_of_certificate(error: Exception) -> str | None:
    """Tell what is wrong with the other end's certificate, in OpenSSL's words; None where nothing is."""
    reason = _reason(error)
    if not isinstance(reason, urllib3.exceptions.SSLError):
        return None
    fault = reason.args[0] if reason.args else None
    if not isinstance(fault, ssl.SSLCertVerificationError):
        return None
    # OpenSSL's errors say what is wrong; those that Python raises by itself have no such attribute.
    said = str(getattr(fault, "verify_message", "it cannot be verified"))
    return said[:200].removesuffix(".")


def _reason(error: Exception) -> object:
    first = error.args[0] if error.args else None
    return getattr(first, "reason", None)
