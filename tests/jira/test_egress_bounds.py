"""How long and how much an answer may be, from its first byte; and what is asked a second time."""

import gzip
import itertools
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

import pytest

from backbone_app.errors import OutcomeUnknown, RemoteUnreachable
from backbone_app.jira.egress import Door
from backbone_app.jira.egress.pinned import PIECE
from tests.support import wire
from tests.support.wire import answer, keeps, wired

HEAD = b"HTTP/1.1 200 OK\r\n"
KEPT = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def pours(pieces: Iterable[bytes], *, pause: float = 0.0) -> wire.Script:
    """Say piece after piece until the client hangs up."""

    def act(connection: socket.socket) -> None:
        with suppress(OSError):
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)

    return act


def endless(first: bytes, piece: bytes) -> Iterator[bytes]:
    return itertools.chain([first], itertools.repeat(piece, 4000))


DRIPS = {
    "the status line": pours([bytes([each]) for each in HEAD * 10], pause=0.04),
    "the head": pours(endless(HEAD + b"X-Slow: ", b"x"), pause=0.04),
    "the lines of the head": pours(endless(HEAD, b"X-Slow: x\r\n"), pause=0.04),
    "notes before the answer": pours(itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n", 4000), pause=0.04),
    "the body": pours(endless(HEAD + b"Content-Length: 4000\r\n\r\n", b"x"), pause=0.04),
    "the sizes of chunks": pours(endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0"), pause=0.04),
    "a packed body": pours(endless(HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"")), pause=0.04),
}


@pytest.mark.parametrize("script", DRIPS.values(), ids=DRIPS)
def test_whatever_drips_is_given_up_at_the_total_time_out(script: wire.Script, door: Door) -> None:
    with wired(script) as served:
        started = time.monotonic()
        with pytest.raises(RemoteUnreachable):
            door.send("GET", served.url, headers={}, timeout=0.15)
        took = time.monotonic() - started

    assert took < 1


LONG = b"x" * 100_000
POURS = {
    "head": pours(endless(HEAD, b"X-Long: " + b"x" * 60_000 + b"\r\n")),
    "notes before the answer": pours(itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, 4000)),
    "body": pours(endless(HEAD + b"Content-Length: 10000000000\r\n\r\n", LONG)),
    "body without a length": pours(endless(HEAD + b"\r\n", LONG)),
    "chunks": pours(endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"186a0\r\n" + LONG + b"\r\n")),
    "packed nothing": pours(endless(HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 5000)),
    "redirect": pours(
        endless(b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 99999999\r\n\r\n", LONG)
    ),
}


@pytest.mark.parametrize("script", POURS.values(), ids=POURS)
def test_whatever_never_ends_is_cut_off_long_before_the_time_out(script: wire.Script, door: Door) -> None:
    with wired(script) as served:
        started = time.monotonic()
        with pytest.raises(RemoteUnreachable):
            door.send("GET", served.url, headers={}, timeout=15)
        took = time.monotonic() - started

    assert took < 5


@pytest.mark.parametrize("status", [200, 302])
def test_what_unpacks_to_more_than_allowed_is_cut_off_whatever_the_status(status: int, door: Door) -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 50_000_000))
    script = answer(status, bomb, Content_Encoding="gzip, gzip", Location="/elsewhere")

    with wired(script) as served, pytest.raises(RemoteUnreachable):
        door.send("GET", served.url, headers={})

    assert len(served.requests) == 1


def test_who_takes_what_we_send_too_slowly_is_given_up(door: Door) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1) as deaf:
        started = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            door.send(
                "POST",
                f"http://127.0.0.1:{deaf.getsockname()[1]}",
                headers={},
                body=b"x" * 30_000_000,
                timeout=0.2,
            )
        took = time.monotonic() - started

    assert took < 2


def test_who_takes_a_little_now_and_then_is_given_up_at_the_total_time_out(door: Door) -> None:
    over = threading.Event()

    def sips(connection: socket.socket) -> None:
        with suppress(OSError):
            while not over.wait(0.03):
                connection.recv(PIECE)

    with wired(sips, read=lambda _connection: b"left on the line") as served:
        started = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            door.send("POST", served.url, headers={}, body=b"x" * 30_000_000, timeout=0.3)
        took = time.monotonic() - started
        over.set()

    assert took < 2


@pytest.mark.parametrize(("method", "reads"), [("GET", False), ("HEAD", False), ("POST", True)])
def test_a_read_that_met_a_connection_just_closed_is_asked_again_once(
    method: str, reads: bool, door: Door
) -> None:
    with wired(keeps(KEPT, b"")) as served:
        door.send("GET", served.url, headers={})
        served.script = answer(200)
        reply = door.send(method, served.url, headers={}, body=b"q" if reads else None, reads=reads)

    assert reply.status == 200
    assert [request.split(b" ")[0] for request in served.requests] == [b"GET", method.encode()]


def test_a_change_that_met_a_connection_just_closed_is_never_asked_again(door: Door) -> None:
    with wired(keeps(KEPT, b"")) as served:
        door.send("GET", served.url, headers={})
        with pytest.raises(OutcomeUnknown):
            door.send("POST", served.url, headers={}, body=b"x")

    assert len(served.requests) == 1


def test_a_read_on_a_new_connection_is_asked_once(door: Door) -> None:
    with wired(wire.resets) as served, pytest.raises(RemoteUnreachable):
        door.send("GET", served.url, headers={})

    assert len(served.requests) == 1


def test_a_read_on_a_connection_that_was_opened_anew_in_place_of_a_closed_one_is_asked_once(
    door: Door,
) -> None:
    over = threading.Event()

    def ends(connection: socket.socket) -> None:
        connection.sendall(KEPT)
        connection.shutdown(socket.SHUT_RDWR)
        over.set()

    with wired(ends) as served:
        door.send("GET", served.url, headers={})
        over.wait(5)
        served.script = wire.resets
        with pytest.raises(RemoteUnreachable):
            door.send("GET", served.url, headers={})

    assert len(served.requests) == 2


def test_a_read_whose_answer_has_begun_is_asked_once(door: Door) -> None:
    with wired(keeps(KEPT, b"HTTP/1.1 200 OK\r\nContent-Le")) as served:
        door.send("GET", served.url, headers={})
        with pytest.raises(RemoteUnreachable):
            door.send("GET", served.url, headers={})

    assert len(served.requests) == 1


def test_a_read_that_never_meets_an_open_connection_ends_all_the_same(door: Door) -> None:
    with wired(keeps(KEPT, b"")) as served:
        door.send("GET", served.url, headers={})
        served.script = wire.resets
        with pytest.raises(RemoteUnreachable):
            door.send("GET", served.url, headers={})

    assert len(served.requests) == 2


def test_proxies_of_the_surroundings_and_credentials_of_files_are_not_used(
    door: Door, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password word\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    with wired(answer(200, b"ok")) as served:
        door.send("GET", served.url, headers={})

    assert b"Authorization" not in served.requests[0]
