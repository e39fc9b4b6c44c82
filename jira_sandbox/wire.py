"""What travels: requests, answers, calls to an app, and the two ways a call can fail."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from jira_sandbox.files import Stretch


@dataclass(frozen=True, slots=True)
class Request:
    """A request as the front takes it: ``path`` still percent-encoded, header names in lower case."""

    method: str
    path: str
    query: list[tuple[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def parameter(self, name: str, default: str = "") -> str:
        """Read the first value of a query parameter."""
        return next((value for key, value in self.query if key == name), default)

    def parameter_list(self, name: str) -> list[str]:
        """All values of a query parameter, repeated or separated by commas, as Jira takes both."""
        values = [part for key, value in self.query if key == name for part in value.split(",")]
        return [value.strip() for value in values if value.strip()]

    def flag(self, name: str) -> bool:
        """Whether a boolean query parameter says ``true``."""
        return self.parameter(name).lower() == "true"


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. ``objects`` says how many objects it tells about, for counting points; it is not sent.

    A ``file`` is sent in the place of a body. ``cut_at`` is the number of bytes after which the connection
    breaks, None for an unbroken one.
    """

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    objects: int = 0
    cut_at: int | None = None
    file: Stretch | None = None

    @property
    def size(self) -> int:
        """The number of bytes the answer promises."""
        return self.file.size if self.file else len(self.body)

    def pieces(self) -> Iterator[bytes]:
        """Give what is sent, piece by piece, as far as it gets."""
        if self.file:
            return self.file.first(self.cut_at).pieces()
        return iter((self.body[: self.cut_at],))

    def without_body(self) -> "Response":
        """Answer HEAD as GET, with all headers and nothing after them."""
        headers = {"Content-Length": str(self.size), **self.headers}
        return replace(self, headers=headers, body=b"", file=None)

    def json(self) -> Any:
        """Decode the body; ValueError if it is not JSON."""
        return json.loads(self.body)


def compact(content: object) -> str:
    """Write JSON as Jira sends it and counts its characters: no blanks, and each character as it is."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def answer(status: int, content: object = None, *, objects: int = 1) -> Response:
    """Make an answer in JSON; without content one without a body."""
    if content is None:
        return Response(status, {}, b"", objects)
    kind = {"Content-Type": "application/json;charset=UTF-8"}
    return Response(status, kind, compact(content).encode(), objects)


class Refusal(Exception):
    """Jira refuses; ``errors`` names fields, ``messages`` is for what has none."""

    def __init__(self, status: int, *messages: str, errors: dict[str, str] | None = None) -> None:
        super().__init__(f"{status}: {messages} {errors}")
        self.status = status
        self.messages = list(messages)
        self.errors = errors or {}

    def answer(self) -> Response:
        """Word the refusal as Jira words it."""
        return answer(self.status, {"errorMessages": self.messages, "errors": self.errors}, objects=0)


class ConnectionLost(ConnectionError):
    """The connection broke before an answer came; whether the request had its effect is not known."""


class TimedOut(ConnectionLost):
    """No answer came while the caller waited."""


class NameUnknown(ConnectionLost):
    """The site's host name leads nowhere: no connection was made."""


class TlsFailed(ConnectionLost):
    """The site's certificate is not to be trusted: no request was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingCall:
    """A request of a site to an app, ready to be sent; signed moments ago."""

    site: str
    method: str
    url: str
    headers: dict[str, str]
    body: bytes


Send = Callable[[OutgoingCall], int]
"""Sends a call and tells the status answered; an OSError when no answer came."""
Fetch = Callable[[str], bytes]
"""GETs a URL and gives the body; an OSError when there is none."""
