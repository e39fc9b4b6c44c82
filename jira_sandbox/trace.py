"""What went over the wire of a world, in canonical text: two runs with the same seed give the same bytes.

Secrets and tokens are part of it, for they are drawn from the seed. What is not are the signatures of tokens
signed with RS256, and the public key: that key belongs to the process, since making one takes longer than
most tests; they stand there as ``(RS256)`` and ``(public key)``.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from jira_sandbox.wire import OutgoingCall, Request, Response

LONGEST = 100_000
"""Bytes; of a longer body the hash is kept."""
_TOKEN = re.compile(rb"\b(eyJ[\w-]+\.[\w-]+)\.([\w-]+)")
_RS256 = b'"alg":"RS256"'
_PUBLIC_KEY = re.compile(rb"-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----", re.DOTALL)


class Trace:
    """Keeps what it is told once it is started; ``text`` gives it all."""

    def __init__(self) -> None:
        self.is_on = False
        self._parts: list[bytes] = []

    def start(self) -> None:
        """Keep what comes from now on, and nothing of what came before."""
        self._parts.clear()
        self.is_on = True

    def text(self) -> bytes:
        """Give what was kept: for each message a line that says what it is, its headers and its body."""
        return b"".join(self._parts)

    def asked(self, site: str, now: datetime, request: Request) -> None:
        """Keep a request that came."""
        if not self.is_on:
            return
        query = f"?{urlencode(request.query)}" if request.query else ""
        first = f"{now.isoformat()} {site} < {request.method} {request.path}{query}"
        self._keep(first, request.headers, request.body)

    def answered(self, site: str, now: datetime, response: Response) -> None:
        """Keep an answer."""
        file = f" and a file of {response.size} bytes" if response.file else ""
        self._keep(f"{now.isoformat()} {site} > {response.status}{file}", response.headers, response.body)

    def lost(self, site: str, now: datetime, reason: str) -> None:
        """Keep that no answer went out."""
        self._keep(f"{now.isoformat()} {site} > nothing: {reason}", {}, b"")

    def told(self, now: datetime, call: OutgoingCall, status: int | None) -> None:
        """Keep a call to an app and the status of its answer, None if none came."""
        first = f"{now.isoformat()} {call.site} -> {call.method} {call.url} {status}"
        self._keep(first, call.headers, call.body)

    def _keep(self, first: str, headers: Mapping[str, str], body: bytes) -> None:
        if not self.is_on:
            return
        lines = [first, *(f"{name.lower()}: {headers[name]}" for name in sorted(headers, key=str.lower)), ""]
        head = _TOKEN.sub(_unsigned, "\n".join(lines).encode())
        self._parts.append(head + _PUBLIC_KEY.sub(b"(public key)", _readable(body)) + b"\n")


def _unsigned(found: re.Match[bytes]) -> bytes:
    header = found[1].partition(b".")[0]
    is_ours = _RS256 in base64.urlsafe_b64decode(header + b"=" * (-len(header) % 4)).replace(b" ", b"")
    return found[1] + b".(RS256)" if is_ours else found[0]


def _readable(body: bytes) -> bytes:
    if len(body) > LONGEST:
        return f"{len(body)} bytes {hashlib.sha256(body).hexdigest()}\n".encode()
    try:
        body.decode()
    except UnicodeDecodeError:
        return base64.b64encode(body) + b"\n"
    return body + b"\n" if body else b""
