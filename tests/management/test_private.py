"""Neighbours are answered over plain http whatever name they use; whatever fails, the listener goes on."""

import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from socket import create_connection, socket

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import connections
from django.urls import get_resolver

from backbone_app import queue
from backbone_app.ledger import heartbeats
from backbone_app.management import private
from backbone_app.management.private import PrivateListener
from tests.support.figures import parsed
from tests.support.rows import NOW

committed = pytest.mark.django_db(transaction=True)
"""What answers is a thread of its own, which sees what was committed."""


@pytest.fixture(scope="module")
def running() -> Iterator[PrivateListener]:
    listener = private.start(("127.0.0.1", 0), lambda: NOW)
    assert listener is not None
    yield listener
    listener.shutdown()
    listener.server_close()


@pytest.fixture
def listener(running: PrivateListener) -> PrivateListener:
    """The one of this file; what it told before is forgotten."""
    running.prober.forget()
    return running


def ask(listener: PrivateListener, path: str, method: str = "GET") -> tuple[HTTPResponse, str]:
    connection = HTTPConnection("127.0.0.1", listener.server_address[1], timeout=5)
    try:
        connection.request(method, path, headers={"Host": "10.1.2.3"})
        answer = connection.getresponse()
        return answer, answer.read().decode()
    finally:
        connection.close()


@committed
def test_prometheus_is_told_what_was_counted_and_what_the_tables_show(listener: PrivateListener) -> None:
    answer, said = ask(listener, "/metrics")

    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    shown = parsed(said)
    assert shown["sync_tables_readable", ()] == 1
    assert shown["jira_points_budget_remaining", ()] == 65_000
    assert ("sync_jobs_total", ("sweep", "done")) in shown or "# TYPE sync_jobs_total counter" in said


@committed
def test_ready_and_not_ready_are_told_as_outside(listener: PrivateListener) -> None:
    first, said = ask(listener, "/readyz")
    for lane in queue.lanes():
        heartbeats.end(str(lane), now=NOW)
    listener.prober.forget()

    second, _ = ask(listener, "/readyz")

    assert (first.status, said) == (503, '{"status":"not ready","failing":["lanes"]}')
    assert second.status == 200


def test_whoever_comes_on_top_of_many_is_hung_up_on_and_the_next_one_is_answered_again() -> None:
    own = private.start(("127.0.0.1", 0), lambda: NOW)
    assert own is not None
    address = ("127.0.0.1", int(own.server_address[1]))
    silent = [create_connection(address, timeout=5) for _ in range(private.MOST)]
    try:
        with create_connection(address, timeout=5) as one_more:
            one_more.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            assert hung_up(one_more)
    finally:
        for each in silent:
            each.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
            while each.recv(1000):
                pass
            each.close()
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(5)

    assert ask(own, "/healthz")[0].status == 200
    own.shutdown()
    own.server_close()


def hung_up(connection: socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


@committed
def test_the_tables_are_looked_at_for_one_at_a_time(
    listener: PrivateListener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private, "PATIENCE", 0.02)

    with listener._reading:
        busy, said = ask(listener, "/metrics")

    assert (busy.status, said) == (503, '{"code":"busy"}')
    assert ask(listener, "/metrics")[0].status == 200


@committed
def test_the_database_may_be_away(listener: PrivateListener) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connections.settings["default"], "NAME", "no-directory/none")
        figures, said = ask(listener, "/metrics")
        ready, failing = ask(listener, "/readyz")
        alive, _ = ask(listener, "/healthz")

    assert (figures.status, parsed(said)["sync_tables_readable", ()]) == (200, 0)
    assert (ready.status, failing) == (503, '{"status":"not ready","failing":["database"]}')
    assert alive.status == 200


def test_a_request_that_fails_fails_alone(listener: PrivateListener) -> None:
    with pytest.raises(ConnectionError):  # nothing lets this thread near a database: that is a bug, to it
        ask(listener, "/metrics")

    assert ask(listener, "/healthz")[0].status == 200


@pytest.mark.parametrize("path", ["/", "/installed", "/metrics/", "/x/metrics", "/../metrics", "/debug"])
def test_there_is_nothing_else(listener: PrivateListener, path: str) -> None:
    answer, said = ask(listener, path)

    assert (answer.status, said) == (404, '{"code":"not_found"}')


def test_other_methods_are_unknown_and_no_version_is_named(listener: PrivateListener) -> None:
    answer, _ = ask(listener, "/healthz", "POST")
    head, nothing = ask(listener, "/healthz", "HEAD")

    assert answer.status == 501
    assert (head.status, nothing) == (200, "")
    assert head.headers["Server"] == "backbone"
    assert head.headers["Cache-Control"] == "no-store"


def test_a_port_that_is_taken_is_no_end_of_the_workers(listener: PrivateListener) -> None:
    taken = listener.server_address[1]

    assert private.start(("127.0.0.1", int(taken)), lambda: NOW) is None


def test_the_command_asks_for_its_setting(settings: LazySettings) -> None:
    settings.BACKBONE_METRICS_LISTEN = None

    with pytest.raises(CommandError, match="BACKBONE_METRICS_LISTEN"):
        call_command("serve_metrics")


def test_case_95_the_public_addresses_show_no_figures() -> None:
    views = [pattern.callback.__module__ for pattern in get_resolver().url_patterns]

    assert not [name for name in views if "private" in name or "metrics" in name or "telemetry" in name]
