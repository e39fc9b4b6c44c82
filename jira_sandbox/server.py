"""The world on real sockets: a port of 127.0.0.1 for each site, and a thread that delivers webhooks."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import parse_qsl, urlsplit

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from jira_sandbox import sending
from jira_sandbox.front import ConnectionLost, Front, Request, Response
from jira_sandbox.pages import routes as pages
from jira_sandbox.wire import TimedOut
from jira_sandbox.world import World

HOST = "127.0.0.1"
BETWEEN_DELIVERIES = 0.01
SILENCE = 120.0
"""Seconds after which a call that times out is broken off, if its caller is still there."""
START_SECONDS = 10.0
Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Any]
Reply = Callable[[Message], Any]

_transports: dict[tuple[str, int], asyncio.Transport] = {}


class _Losable(H11Protocol):
    """A connection that a misfortune can break; found by the client's address, as ASGI names it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _transports[transport.get_extra_info("peername")] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _transports.pop(self.transport.get_extra_info("peername"), None)
        super().connection_lost(exc)


class Running:
    """A world that is being served; leave the context, or ``stop``, to end it."""

    def __init__(self, world: World, servers: list[uvicorn.Server], threads: list[threading.Thread]) -> None:
        self.world = world
        self._servers = servers
        self._threads = threads
        self._ended = threading.Event()
        self._courier = threading.Thread(target=self._deliver, name="webhooks", daemon=True)
        self._courier.start()

    @property
    def addresses(self) -> dict[str, str]:
        """Where each site is, by name."""
        return {name: site.base_url for name, site in self.world.sites.items()}

    def stop(self) -> None:
        """End the servers and the deliveries; what was not delivered stays in the outbox."""
        self._ended.set()
        for server in self._servers:
            server.should_exit = True
        for thread in [*self._threads, self._courier]:
            thread.join()

    def _deliver(self) -> None:
        while not self._ended.wait(BETWEEN_DELIVERIES):
            self.world.deliver(sending.send)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve(world: World, port: int = 0, *, certificate: Path | None = None) -> Running:
    """Serve each site on a port of its own, from ``port`` upwards (0: any free ones), and set its base URL.

    A site keeps its context path. With a ``certificate`` for 127.0.0.1, a PEM file with its key, over TLS.
    Returns when every site answers. OSError if a port is taken.
    """
    front = Front(world, pages.handle)
    world.courier = world.courier or sending.send
    servers, threads = [], []
    for offset, site in enumerate(world.sites.values()):
        listener = _listener(port + offset if port else 0)
        origin = f"{'https' if certificate else 'http'}://{HOST}:{listener.getsockname()[1]}"
        site.base_url = origin + urlsplit(site.base_url).path
        server = uvicorn.Server(_config(front, site.name, certificate))
        thread = threading.Thread(target=server.run, args=([listener],), name=site.name, daemon=True)
        thread.start()
        servers.append(server)
        threads.append(thread)
    _wait_for(servers)
    return Running(world, servers, threads)


def _listener(port: int) -> socket.socket:
    # named in full: asyncio sends small answers at once only where it knows that this is TCP
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    return listener


def _config(front: Front, site: str, certificate: Path | None) -> uvicorn.Config:
    async def application(scope: Scope, receive: Receive, reply: Reply) -> None:
        request = await _request(scope, receive)
        try:
            response = await asyncio.to_thread(front.handle, site, request)
        except TimedOut:
            await _stay_silent(scope, receive)
        except ConnectionLost:
            await _hang_up(scope, receive)
        else:
            await _respond(response, reply)
            if response.cut_at is not None:
                await _hang_up(scope, receive)

    return uvicorn.Config(
        cast("Any", application),
        http=_Losable,
        lifespan="off",
        log_level="error",
        access_log=False,
        date_header=False,  # the front gives the world's own time
        server_header=False,
        timeout_keep_alive=75,  # a shorter one ends just as a busy client takes it up: a reset out of nowhere
        timeout_graceful_shutdown=1,
        ssl_certfile=certificate,
    )


async def _request(scope: Scope, receive: Receive) -> Request:
    pieces: list[bytes] = []
    more = True
    while more:
        message = await receive()
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
    return Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True),
        headers={name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]},
        body=b"".join(pieces),
    )


async def _respond(response: Response, reply: Reply) -> None:
    headers = {"Content-Length": str(response.size), **response.headers}
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await reply({"type": "http.response.start", "status": response.status, "headers": encoded})
    is_cut = response.cut_at is not None
    for piece in response.pieces():
        await reply({"type": "http.response.body", "body": piece, "more_body": True})
    if not is_cut:
        await reply({"type": "http.response.body", "body": b""})


async def _stay_silent(scope: Scope, receive: Receive) -> None:
    """Let the caller wait until it gives up, or for as long as anybody would."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(SILENCE):
            await receive()  # nothing comes but the end of the connection
    await _hang_up(scope, receive)


async def _hang_up(scope: Scope, receive: Receive) -> None:
    """Break the connection and wait until uvicorn knows, or it would send an error page for us."""
    transport = _transports.get(tuple(scope["client"]))
    if transport is not None:  # a client that was killed has hung up already
        transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass


def _wait_for(servers: list[uvicorn.Server]) -> None:
    end = time.monotonic() + START_SECONDS
    while not all(server.started for server in servers):
        if time.monotonic() > end:
            raise TimeoutError("a site did not start")
        time.sleep(0.005)
