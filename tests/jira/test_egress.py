"""The door out, over real sockets: what it refuses, what it bounds, what a failure means."""

import gzip
import socket
import threading
import time
from contextlib import suppress

import pytest

from backbone_app.errors import EgressRefused, OutcomeUnknown, RemoteUnreachable
from backbone_app.jira.egress import Door, EgressPolicy, check_base_url
from tests.support import wire
from tests.support.wire import answer, resets, says, wired

STRICT = EgressPolicy(cloud_hosts=(".atlassian.net", "jira.com"), service_hosts=("keys.example",))
LOOSE = EgressPolicy(cloud_hosts=(".atlassian.net",), allow_loopback_http=True)

REFUSED = [
    "http://acme.atlassian.net",
    "ftp://acme.atlassian.net",
    "https://acme.atlassian.net:443",
    "https://acme.atlassian.net:8443",
    "https://acme.atlassian.net:",
    "https://user@acme.atlassian.net",
    "https://user:word@acme.atlassian.net",
    "https://acme.atlassian.net@evil.example",
    "https://evil.example#@acme.atlassian.net",
    "https://evil.example\\@acme.atlassian.net",
    "https://acme.atlassian.net.evil.example",
    "https://evilatlassian.net",
    "https://atlassian.net",
    "https://.atlassian.net",
    "https://a..atlassian.net",
    "https://-a.atlassian.net",
    "https://acme.atlassian.net.",
    "https://" + "a" * 64 + ".atlassian.net",
    "https://" + "a." * 130 + "atlassian.net",
    "https://\u0430cme.atlassian.net",
    "https://acme。atlassian.net",
    "https://acme.atlassian.net\n",
    " https://acme.atlassian.net",
    "https://acme.atlassian.net /",
    "https://acme.atlassian.net/\x00",
    "https:///acme.atlassian.net",
    "//acme.atlassian.net",
    "acme.atlassian.net",
    "https://",
    "",
    "https://127.0.0.1",
    "https://2130706433",
    "https://0x7f.1",
    "https://[::1]",
    "https://169.254.169.254",
    "https://localhost",
    "http://127.0.0.1:8000",
    "https://keys.example.evil",
    "https://acme.atlassian.net/" + "x" * 10_000,
    "https://acme.atlassian.net/rest/../admin",
    "https://acme.atlassian.net/rest/%2e%2E/admin",
    "https://acme.atlassian.net/rest/./x",
]


@pytest.mark.parametrize("url", REFUSED, ids=lambda url: ascii(url[:60]))
def test_an_address_that_is_not_plainly_a_jira_site_is_refused(url: str) -> None:
    door = Door(STRICT)

    with pytest.raises(EgressRefused):
        door.send("GET", url, headers={})
    with pytest.raises(EgressRefused):
        check_base_url(STRICT, url)


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://acme.atlassian.net", "https://acme.atlassian.net"),
        ("https://acme.atlassian.net/", "https://acme.atlassian.net"),
        ("HTTPS://Acme.Atlassian.NET", "https://acme.atlassian.net"),
        ("https://acme.jira.com", "https://acme.jira.com"),
    ],
)
def test_an_allowed_address_is_normalised(url: str, base: str) -> None:
    assert check_base_url(STRICT, url) == base


def test_a_key_server_may_be_called_and_no_site_lives_there() -> None:
    assert STRICT.allows_host("keys.example")
    with pytest.raises(EgressRefused):
        check_base_url(STRICT, "https://keys.example")


@pytest.mark.parametrize("rest", ["/jira", "?a=b", "//", "/?"])
def test_a_base_address_has_neither_path_nor_query(rest: str) -> None:
    with pytest.raises(EgressRefused):
        check_base_url(STRICT, f"https://acme.atlassian.net{rest}")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8100", "http://localhost:8100", "https://localhost"])
def test_the_demo_may_call_this_machine_and_nothing_else_in_clear(url: str) -> None:
    assert check_base_url(LOOSE, url) == url
    for other in (
        "http://127.0.0.2:8100",
        "http://127.0.0.1:99999999",
        "http://acme.atlassian.net",
        "http://[::1]",
    ):
        with pytest.raises(EgressRefused):
            check_base_url(LOOSE, other)


def test_an_answer_comes_back_whole_and_the_request_went_out_as_given(door: Door) -> None:
    with wired(answer(418, b"short and stout", X_Kind="pot")) as served:
        reply = door.send(
            "POST", f"{served.url}/a?x=%2Fb%20c", headers={"Authorization": "JWT t"}, body=b"tea"
        )

    assert (reply.status, reply.body, reply.headers["x-kind"]) == (418, b"short and stout", "pot")
    assert reply.sent_at <= reply.received_at
    head, _, body = served.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /a?x=%2Fb%20c HTTP/1.1\r\n")
    assert b"Authorization: JWT t" in head
    assert body == b"tea"


def test_a_redirect_is_an_answer_and_is_not_followed(door: Door) -> None:
    with wired(answer(302, Location="/elsewhere")) as served:
        reply = door.send("GET", served.url, headers={})

    assert reply.status == 302
    assert len(served.requests) == 1


def test_proxies_and_cookies_of_the_surroundings_are_not_used(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with wired(answer(200, b"1", Set_Cookie="a=b; Path=/")) as served:
        door.send("GET", served.url, headers={})
        door.send("GET", served.url, headers={})

    assert [b"Cookie" in request for request in served.requests] == [False, False]


def test_where_nobody_listens_nothing_has_happened(door: Door) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with pytest.raises(RemoteUnreachable):
        door.send("POST", f"http://127.0.0.1:{port}", headers={}, body=b"x")


@pytest.mark.parametrize(
    "script",
    [
        resets,
        says(b""),
        says(b"HTTP/1.1 200 OK\r\nContent-Le"),
        says(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"),
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
        says(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope"),
        says(b"certainly not HTTP\r\n\r\n"),
    ],
    ids=["reset", "closed", "cut head", "cut body", "cut chunk", "bad gzip", "no http"],
)
def test_an_answer_that_breaks_off_leaves_a_change_unknown_and_a_read_undone(
    script: wire.Script, door: Door
) -> None:
    with wired(script) as served:
        with pytest.raises(OutcomeUnknown):
            door.send("PUT", served.url, headers={}, body=b"x")
        with pytest.raises(RemoteUnreachable):
            door.send("GET", served.url, headers={})
        with pytest.raises(RemoteUnreachable):
            door.send("POST", served.url, headers={}, body=b"x", reads=True)


def test_a_site_that_never_answers_is_given_up_in_time(door: Door) -> None:
    over = threading.Event()

    def waits(_connection: socket.socket) -> None:
        over.wait(5)

    with wired(waits) as served:
        started = time.monotonic()
        with pytest.raises(OutcomeUnknown):
            door.send("POST", served.url, headers={}, body=b"x", timeout=0.2)
        took = time.monotonic() - started
        over.set()

    assert took < 2


def test_a_site_that_drips_is_given_up_at_the_total_time_out(door: Door) -> None:
    def drips(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        with suppress(OSError):
            for _ in range(100):
                connection.sendall(b"x")
                time.sleep(0.05)

    with wired(drips) as served:
        started = time.monotonic()
        with pytest.raises(RemoteUnreachable):
            door.send("GET", served.url, headers={}, timeout=0.3)
        took = time.monotonic() - started

    assert took < 2


def test_an_answer_may_be_as_long_as_allowed_and_no_longer(door: Door) -> None:
    with wired(answer(200, b"x" * 400_000)) as served:
        assert len(door.send("GET", served.url, headers={}).body) == 400_000
    with wired(quiet(answer(200, b"x" * 400_001))) as served, pytest.raises(RemoteUnreachable):
        door.send("GET", served.url, headers={})


def test_a_small_answer_that_unpacks_to_a_huge_one_is_cut_off(door: Door) -> None:
    with (
        wired(quiet(answer(200, gzip.compress(b"x" * 50_000_000), Content_Encoding="gzip"))) as served,
        pytest.raises(RemoteUnreachable),
    ):
        door.send("GET", served.url, headers={})


def quiet(script: wire.Script) -> wire.Script:
    """The same script where the client may hang up before its end."""

    def act(connection: socket.socket) -> None:
        with suppress(OSError):
            script(connection)

    return act


def test_threads_share_the_door_but_not_a_connection(door: Door) -> None:
    with wired(answer(200, b"1")) as served:
        threads = [
            threading.Thread(target=door.send, args=("GET", served.url), kwargs={"headers": {}})
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(served.requests) == 4
