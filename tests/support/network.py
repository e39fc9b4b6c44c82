"""The network as a test wants it: which addresses names have, who is behind them, and what was tried.

Replaced at the wire: the system's resolver and a socket's ``connect``. What is between is real.
"""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

Place = tuple[str, int]
PUBLIC_4 = "93.184.216.34"
PUBLIC_6 = "2606:2800:220:1::1"


@dataclass(slots=True)
class Network:
    """``names`` hold each name's answers, one list for each time it is asked for; the last one stays.

    ``behind`` says which port of this machine is at an address; nobody listens at all others,
    and nobody even says so at ``silent`` ones.
    ``patience`` is how many seconds each attempt would have taken at most;
    ``prompt`` whether what is written then leaves at once, without waiting for more.
    """

    names: dict[str, list[list[str]]] = field(default_factory=dict)
    behind: dict[str, int] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    aliases: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    connects: list[Place] = field(default_factory=list)
    patience: list[float | None] = field(default_factory=list)
    prompt: list[bool] = field(default_factory=list)

    def name(self, host: str, *answers: list[str]) -> None:
        """Give a name its answers, the first time, the second time, and so on."""
        self.names[host] = list(answers)

    def look_up(self, host: str, *_: object, **__: object) -> list[tuple[Any, ...]]:
        """Answer as ``socket.getaddrinfo`` does."""
        self.asked.append(host)
        answers = self.names.get(self.aliases.get(host, host), [[]])
        now = answers.pop(0) if len(answers) > 1 else answers[0]
        if not now:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, 0, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0))
            for address in now
        ]

    def connecting(self) -> Callable[[socket.socket, Place], None]:
        """Give what stands in for a socket's own method."""

        def connect(connecting: socket.socket, place: Place) -> None:
            self.connect(connecting, place)

        return connect

    def connect(self, connecting: socket.socket, place: Place) -> None:
        """Note the attempt, and lead it to whoever stands for that address on this machine."""
        self.connects.append(place[:2])
        self.patience.append(connecting.gettimeout())
        self.prompt.append(bool(connecting.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
        if place[0] in self.silent:
            raise TimeoutError("nobody answers there")
        port = self.behind.get(place[0])
        if port is None:
            raise ConnectionRefusedError("nobody listens there")
        here = "::ffff:127.0.0.1" if connecting.family == socket.AF_INET6 else "127.0.0.1"
        _CONNECT(connecting, (here, port))


_CONNECT = socket.socket.connect


@contextmanager
def networked() -> Iterator[Network]:
    """While it lasts, whoever uses a socket of Python's uses this network."""
    network = Network()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", network.look_up)
        patch.setattr(socket.socket, "connect", network.connecting())
        yield network
