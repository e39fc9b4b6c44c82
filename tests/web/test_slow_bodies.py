"""Bodies that come slowly or without saying how long they are, sent to gunicorn as `make serve` starts it."""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from jira_sandbox import seed
from jira_sandbox.connect import tokens
from jira_sandbox.server import serve
from jira_sandbox.world import World
from tests.support.processes import serving, settings

HOOK = "/webhooks/jira"
PATIENCE = 1.0
MANY = 1024 * 1024
BODY = b'{"webhookEvent":"jira:issue_updated"}'


@dataclass(frozen=True, slots=True)
class Wire:
    """The app on a socket, and a site that signs what is sent there."""

    app: str
    world: World

    def head(self, *fields: str, signed: bool = True) -> bytes:
        """Say what a webhook begins with."""
        lines = [
            f"POST {HOOK} HTTP/1.1",
            f"Host: {urlsplit(self.app).netloc}",
            "Content-Type: application/json",
        ]
        if signed:
            lines.append(f"Authorization: JWT {self.token()}")
        return "\r\n".join([*lines, *fields, "", ""]).encode()

    def token(self) -> str:
        """Sign a webhook as the site does."""
        app, now = self.world.sites["acme"].app, int(datetime.now(UTC).timestamp())
        qsh = tokens.hash_for_url("POST", self.app + HOOK, self.app)
        claims = {"iss": app.client_key, "iat": now, "exp": now + 180, "qsh": qsh}
        return tokens.sign_hs256(claims, app.shared_secret)

    def answer(self, *parts: bytes, pause: float = 0.0) -> tuple[int, str]:
        """Send the parts with pauses between them; gives status and answer."""
        target = urlsplit(self.app)
        with socket.create_connection((str(target.hostname), target.port), timeout=10 * PATIENCE) as wire:
            for part in parts:
                try:
                    wire.sendall(part)
                except (BrokenPipeError, ConnectionResetError):
                    break  # it has been answered, and nobody listens any more
                time.sleep(pause)
            said = _all_of(wire)
        head, _, body = said.partition("\r\n\r\n")
        return int(head.split()[1]), body


def _all_of(wire: socket.socket) -> str:
    """Read until the other end closes."""
    parts = []
    while part := wire.recv(65_536):
        parts.append(part)
    return b"".join(parts).decode()


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    directory: Path = tmp_path_factory.mktemp("slow")
    world = seed.standard(lambda: datetime.now(UTC), {"acme": "http://127.0.0.1"})
    with serve(world) as running:
        jira = running.addresses["acme"]
        database = f"sqlite:///{directory / 'app.sqlite3'}"
        environment = settings(directory, jira=jira, database=database) | {"BACKBONE_BODY_SECONDS": "1"}
        with serving(environment, directory):
            app = environment["BACKBONE_BASE_URL"]
            body = {"descriptor_url": f"{app}/atlassian-connect.json"}
            assert requests.post(f"{jira}/_sandbox/install", json=body, timeout=10).ok
            yield Wire(app, world)


def test_a_body_in_one_piece_is_taken_in(wire: Wire) -> None:
    status, _ = wire.answer(wire.head(f"Content-Length: {len(BODY)}", "Connection: close"), BODY)

    assert status == 204


def test_a_body_without_a_length_is_taken_in_too(wire: Wire) -> None:
    head = wire.head("Transfer-Encoding: chunked", "Connection: close")

    status, _ = wire.answer(head, *[b"1\r\n%c\r\n" % each for each in BODY], b"0\r\n\r\n")

    assert status == 204


def test_case_45_a_body_that_drips_is_not_waited_for(wire: Wire) -> None:
    began = time.monotonic()

    status, said = wire.answer(wire.head("Content-Length: 1000"), *[b"{"] * 15, pause=PATIENCE / 10)

    assert (status, "unfinished" in said) == (408, True)
    assert time.monotonic() - began < 5 * PATIENCE


def test_case_45_a_body_in_chunks_that_drip_is_not_waited_for(wire: Wire) -> None:
    head = wire.head("Transfer-Encoding: chunked")

    status, said = wire.answer(head, *[b"1\r\n{\r\n"] * 15, pause=PATIENCE / 10)

    assert (status, "unfinished" in said) == (408, True)


def test_case_45_chunks_without_end_are_refused_beyond_their_limit(wire: Wire) -> None:
    chunk = b"%x\r\n%b\r\n" % (MANY // 4, b" " * (MANY // 4))

    status, said = wire.answer(wire.head("Transfer-Encoding: chunked"), *[chunk] * 8)

    assert (status, "too_large" in said) == (413, True)


def test_who_proves_nothing_is_refused_without_waiting_for_the_body(wire: Wire) -> None:
    began = time.monotonic()

    status, _ = wire.answer(wire.head("Content-Length: 1000", "Connection: close", signed=False), b"{")

    assert status == 401
    assert time.monotonic() - began < PATIENCE


def test_a_slow_sender_keeps_nobody_else_waiting(wire: Wire) -> None:
    target = urlsplit(wire.app)
    with socket.create_connection((str(target.hostname), target.port)) as slow:
        slow.sendall(wire.head("Content-Length: 1000") + b"{")
        began = time.monotonic()

        status, _ = wire.answer(wire.head(f"Content-Length: {len(BODY)}", "Connection: close"), BODY)

        assert status == 204
        assert time.monotonic() - began < PATIENCE


def test_a_line_that_is_longer_than_any_of_jiras_is_refused(wire: Wire) -> None:
    answer = requests.get(f"{wire.app}/space-settings", params={"jwt": "x" * 9000}, timeout=5)

    assert answer.status_code == 414


@pytest.mark.parametrize("target", ["/atlassian-connect.json", "/nothing", f"/{'x' * 9000}", "/static/x.js"])
def test_case_80_no_answer_names_what_serves_it(wire: Wire, target: str) -> None:
    answer = requests.get(f"{wire.app}{target}", timeout=5)

    assert not answer.headers.get("Server")
    assert "gunicorn" not in (str(answer.headers) + answer.text).lower()
