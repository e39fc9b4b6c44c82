"""A server on a real socket that answers exactly the bytes a test wants, or breaks off as it wants."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Script = Callable[[socket.socket], None]


@dataclass(slots=True)
class Wire:
    """A listening server; ``requests`` are what came in, whole; ``script`` acts after each of them."""

    port: int
    script: Script
    requests: list[bytes] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def answer(status: int, body: bytes = b"", **headers: str) -> Script:
    """One complete answer; header names are given with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named |= {"Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in named.items())]
    return says("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def says(raw: bytes) -> Script:
    """Exactly these bytes, then the end of the connection."""
    return lambda connection: connection.sendall(raw)


def keeps(*answers: bytes) -> Script:
    """One answer for each request on the same connection, then its end."""

    def act(connection: socket.socket) -> None:
        connection.sendall(answers[0])
        for each in answers[1:]:
            if read_request(connection):
                connection.sendall(each)

    return act


def resets(connection: socket.socket) -> None:
    """Break the connection so that the client sees a reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@contextmanager
def wired(script: Script, *, read: Callable[[socket.socket], bytes] | None = None) -> Iterator[Wire]:
    """Serve ``script`` on a free port of this machine until the test is over.

    ``read`` takes a request off the connection before the script acts (default: a whole one).
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.05)
        wire = Wire(port=listening.getsockname()[1], script=script)
        serving = threading.Thread(target=_serve, args=(wire, listening, read or read_request))
        serving.start()
        try:
            yield wire
        finally:
            wire.stopping.set()
            serving.join()


def _serve(wire: Wire, listening: socket.socket, read: Callable[[socket.socket], bytes]) -> None:
    while not wire.stopping.is_set():
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            continue
        with connection:
            connection.settimeout(5)
            request = read(connection)
            if request:
                wire.requests.append(request)
                wire.script(connection)


def read_request(connection: socket.socket) -> bytes:
    """Read one request with its body."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        part = connection.recv(65_536)
        if not part:
            return b""
        raw += part
    head, _, body = raw.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length")
        ),
        0,
    )
    while len(body) < length:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body
