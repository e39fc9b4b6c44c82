"""Connections to checked addresses only, metered to the byte and the second.

The place is urllib3's own: a connection's ``_new_conn`` opens its socket. The name
is resolved there, once for each connection and never again; what is pooled was
checked when it was opened. The server still has to prove the host's name, not the
address's. What is read passes a meter, the head of an answer too: a time-out for
each read alone would let a site drip one byte at a time for ever.
"""

import http.client
import io
import socket
import time
from collections.abc import Sequence
from typing import Any, Final

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from backbone_app.jira.egress.policy import EgressPolicy, Resolver

PIECE: Final = 16_384
"""Bytes written under one time-out: TLS restarts the clock with every record."""

HOSTS: Final = 16
"""Hosts that a session keeps a connection to; the one that was called longest ago is closed for another."""

SocketOptions = Sequence[tuple[int, int, int | bytes]]


def look_up(host: str) -> tuple[str, ...]:
    """Ask the system's resolver; how long that may take is the system's setting, not ours."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(place[0]) for *_, place in found))


class TooMuch(OSError):
    """An answer is longer than it may be."""


class Line:
    """One way out, and what the call under way may still use of time and bytes.

    ``is_stale`` tells after a failure that an older connection was taken up and gave not one
    byte of an answer: its other end had closed it, as idle ones are.
    """

    def __init__(self, policy: EgressPolicy, resolve: Resolver) -> None:
        self._policy = policy
        self._resolve = resolve
        self._until = 0.0
        self._left = 0
        self._reused = False
        self._heard = False

    @property
    def is_stale(self) -> bool:
        """Answer whether the connection was closed before the call that was made with it."""
        return self._reused and not self._heard

    def begin(self, *, until: float, most: int) -> None:
        """Start a call that ends at ``until`` (monotonic seconds) and reads ``most`` raw bytes."""
        self._until, self._left = until, most
        self._reused = self._heard = False

    def remaining(self) -> float:
        """Tell the seconds that are left; raises TimeoutError where none are."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for this call is over")
        return left

    def writes(self, *, reused: bool) -> None:
        """Note on what kind of connection the request goes out."""
        self._reused = reused

    def take(self, size: int) -> None:
        """Note bytes that came; raises TooMuch where they are more than allowed."""
        self._heard = self._heard or size > 0
        self._left -= size
        if self._left < 0:
            raise TooMuch("the answer is too long")

    def dial(self, host: str, port: int, *, timeout: float, options: SocketOptions) -> socket.socket:
        """Connect to the first of the host's addresses that takes it.

        Raises EgressRefused, before any socket is made, where one address may not be called,
        and OSError of the last one where none can be reached.
        """
        failure = OSError("the name has no address")
        for address in self._policy.resolved(host, self._resolve):
            try:
                return _connected(address, port, min(timeout, self.remaining()), options)
            except OSError as error:
                failure = error
        raise failure


def _connected(address: str, port: int, timeout: float, options: SocketOptions) -> socket.socket:
    opened = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        for option in options:
            opened.setsockopt(*option)
        opened.settimeout(timeout)
        opened.connect((address, port))
    except OSError:
        opened.close()
        raise
    return opened


class _Metered(io.RawIOBase):
    """What comes from a socket, within the time and the bytes that its line has left."""

    def __init__(self, raw: io.RawIOBase, connected: socket.socket, line: Line) -> None:
        super().__init__()
        self._raw = raw
        self._socket = connected
        self._line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._socket.settimeout(self._line.remaining())
        size = self._raw.readinto(buffer)
        self._line.take(size or 0)
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    """An answer that is read through the meter from its first byte."""

    def __init__(self, sock: socket.socket, *, line: Line, **options: Any) -> None:
        super().__init__(sock, **options)
        self.fp = io.BufferedReader(_Metered(self.fp.detach(), sock, line))


class _Connection(HTTPConnection):
    """A connection whose socket its line opens."""

    def __init__(self, *args: Any, line: Line, **options: Any) -> None:
        super().__init__(*args, **options)
        self._line = line
        self._has_served = False
        self.response_class = self._answered  # type: ignore[assignment]  # only ever called, never inherited

    def _answered(self, sock: socket.socket, **options: Any) -> _Answer:
        self._has_served = True
        return _Answer(sock, line=self._line, **options)

    def _new_conn(self) -> socket.socket:
        self._has_served = False
        timeout = float(self.timeout or 0)
        try:
            return self._line.dial(self.host, self.port, timeout=timeout, options=self.socket_options or ())
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, "The connection took too long.") from error
        except OSError as error:
            raise NewConnectionError(self, "There is no connection.") from error

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        self._line.writes(reused=self._has_served)
        view = memoryview(data)
        for start in range(0, len(view), PIECE):
            self.sock.settimeout(self._line.remaining())
            super().send(view[start : start + PIECE])


class _TlsConnection(_Connection, HTTPSConnection):
    """The same, over TLS for the name of the host."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _Pools(PoolManager):
    """Pools whose connections all belong to one line."""

    def __init__(self, line: Line, **options: Any) -> None:
        super().__init__(**options)
        self._line = line
        self.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def _new_pool(
        self, scheme: str, host: str, port: int, request_context: dict[str, Any] | None = None
    ) -> HTTPConnectionPool:
        context = {**(request_context or self.connection_pool_kw), "line": self._line}
        return super()._new_pool(scheme, host, port, context)


class PinnedAdapter(HTTPAdapter):
    """What a session of ``requests`` mounts; it is used by one call at a time, whom the line serves."""

    def __init__(self, line: Line) -> None:
        self._line = line
        super().__init__(pool_connections=HOSTS, pool_maxsize=1)

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,  # noqa: FBT001, FBT002 - the library's signature
        **pool_kwargs: Any,
    ) -> None:
        """Make the pools; ``requests`` calls this while the adapter is made."""
        self.poolmanager = _Pools(
            self._line, num_pools=connections, maxsize=maxsize, block=block, **pool_kwargs
        )
