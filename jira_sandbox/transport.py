"""The sandbox inside a test: every request made with ``requests`` reaches a site without a socket."""

import io
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPResponse, HTTPSConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import MaxRetryError, NameResolutionError, ReadTimeoutError, SSLError

from jira_sandbox.front import Front, Request, Response
from jira_sandbox.hosts import KEY_HOSTS
from jira_sandbox.wire import ConnectionLost, NameUnknown, TimedOut, TlsFailed
from jira_sandbox.world import World

__all__ = ["KEY_HOSTS", "mounted"]


@contextmanager
def mounted(world: World) -> Iterator[Front]:
    """While it lasts, addresses of the world's sites and of the key hosts lead here, and all others nowhere.

    A real PreparedRequest goes in and a real Response comes out; a lost connection and an unknown host are
    ``requests.ConnectionError``, and what a misfortune does to a connection is the error that requests makes
    of urllib3's. An adapter that overrides ``send`` must call the original to be caught.
    """
    front = Front(world)
    original = HTTPAdapter.send

    def send(adapter: HTTPAdapter, request: requests.PreparedRequest, **_options: Any) -> requests.Response:
        return adapter.build_response(request, _raw(_routed(front, request)))

    HTTPAdapter.send = send  # type: ignore[method-assign, assignment]
    try:
        yield front
    finally:
        HTTPAdapter.send = original  # type: ignore[method-assign]


def _routed(front: Front, prepared: requests.PreparedRequest) -> Response:
    target = urlsplit(prepared.url or "")
    request = _request(prepared)
    origin = f"{target.scheme}://{target.netloc}"
    try:
        elsewhere = front.handle_elsewhere(target.hostname or "", request)
        if elsewhere:
            return elsewhere
        for site in front.world.sites.values():
            if origin in {_origin(url) for url in (site.base_url, *site.former_urls)}:
                return front.handle(site.name, request)
    except ConnectionLost as lost:
        raise _error(lost, target, prepared) from lost
    raise requests.ConnectionError(f"nobody answers at {origin}", request=prepared)


def _origin(url: str) -> str:
    target = urlsplit(url)
    return f"{target.scheme}://{target.netloc}"


def _error(lost: ConnectionLost, target: SplitResult, prepared: requests.PreparedRequest) -> OSError:
    """Give what requests raises when urllib3 gives up without a second try, as its adapter makes it do."""
    host, words = target.hostname or "", str(lost)
    pool = HTTPSConnectionPool(host) if target.scheme == "https" else HTTPConnectionPool(host)
    match lost:
        case TimedOut():
            return requests.ReadTimeout(ReadTimeoutError(pool, target.path, words), request=prepared)
        case NameUnknown():
            reason = NameResolutionError(host, HTTPConnection(host), socket.gaierror(words))
            return requests.ConnectionError(MaxRetryError(pool, target.path, reason), request=prepared)
        case TlsFailed():
            untrusted = ssl.SSLCertVerificationError(words)
            untrusted.verify_message = words  # OpenSSL's errors have it
            refused = SSLError(untrusted)
            return requests.exceptions.SSLError(MaxRetryError(pool, target.path, refused), request=prepared)
        case _:
            return requests.ConnectionError(words, request=prepared)


def _request(prepared: requests.PreparedRequest) -> Request:
    target = urlsplit(prepared.url or "")
    body = prepared.body or b""
    return Request(
        method=prepared.method or "GET",
        path=target.path or "/",
        query=parse_qsl(target.query, keep_blank_values=True),
        headers={
            "host": target.netloc,
            **{name.lower(): _text(value) for name, value in prepared.headers.items()},
        },
        body=body.encode() if isinstance(body, str) else body,
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


class _Pieces(io.RawIOBase):
    """Reads a file that comes in pieces, none sooner than it is asked for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Say yes, as who gives this to a reader expects."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill what is given as far as the piece at hand goes; 0 at the end."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size


def _raw(response: Response) -> HTTPResponse:
    return HTTPResponse(
        body=_Pieces(response.pieces()) if response.file else io.BytesIO(response.body[: response.cut_at]),
        headers={**response.headers, **_length(response)},
        status=response.status,
        preload_content=False,
    )


def _length(response: Response) -> dict[str, str]:
    """Say how long an answer is where a reader has to know: one that breaks off, and one that is empty."""
    is_plain = response.cut_at is None and (response.size or response.status in {204, 304})
    return {} if is_plain else {"Content-Length": str(response.size)}
