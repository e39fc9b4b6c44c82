"""Where connections go: every answer is checked, one of them is taken, and the name is asked once."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from backbone_app.errors import EgressRefused, RemoteUnreachable
from backbone_app.jira.egress import Door, EgressPolicy
from backbone_app.jira.egress.pinned import HOSTS
from tests.support.network import PUBLIC_4, PUBLIC_6, Network
from tests.support.wire import Wire, answer, keeps, wired

HOST = "localhost"
LOOSE = EgressPolicy(cloud_hosts=(".atlassian.net",), allow_loopback_http=True)
KEPT = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def loose() -> Iterator[Door]:
    door = Door(LOOSE)
    yield door
    door.close()


def serve(network: Network, served: Wire, *addresses: str) -> None:
    """Put the server behind these addresses of this machine."""
    network.behind.update(dict.fromkeys(addresses, served.port))


@pytest.mark.parametrize(
    ("answers", "taken"),
    [
        (["127.0.0.1"], "127.0.0.1"),
        (["::1"], "::1"),
        (["::1", "127.0.0.1"], "::1"),
        (["127.0.0.1", "::1"], "127.0.0.1"),
    ],
    ids=["A only", "AAAA only", "both", "both, A first"],
)
def test_the_first_answer_is_taken_whatever_its_kind(
    network: Network, loose: Door, answers: list[str], taken: str
) -> None:
    network.name(HOST, answers)

    with wired(answer(200, b"ok")) as served:
        serve(network, served, "127.0.0.1", "::1")
        reply = loose.send("GET", f"http://{HOST}:{served.port}/", headers={})

    assert reply.body == b"ok"
    assert network.connects == [(taken, served.port)]
    assert b"Host: localhost:" in served.requests[0]


@pytest.mark.parametrize("answers", [["::1", "127.0.0.1"], ["127.0.0.1", "::1"]])
@pytest.mark.parametrize("is_silent", [False, True], ids=["refuses", "is silent"])
def test_where_one_address_does_not_answer_the_next_one_is_taken(
    network: Network, loose: Door, answers: list[str], is_silent: bool
) -> None:
    network.name(HOST, answers)
    network.silent = set(answers[:1]) if is_silent else set()

    with wired(answer(200, b"ok")) as served:
        serve(network, served, answers[1])
        loose.send("POST", f"http://{HOST}:{served.port}/", headers={}, body=b"x")

    assert [address for address, _ in network.connects] == answers
    assert len(served.requests) == 1


def test_a_kept_connection_is_used_again_and_the_name_is_asked_once(network: Network, loose: Door) -> None:
    network.name(HOST, ["127.0.0.1"], ["10.0.0.1"])

    with wired(keeps(KEPT, KEPT, KEPT)) as served:
        serve(network, served, "127.0.0.1")
        for _ in range(3):
            loose.send("GET", f"http://{HOST}:{served.port}/", headers={})

    assert network.asked == [HOST]
    assert len(network.connects) == 1


def test_a_connection_outlives_the_thread_that_made_it(network: Network, loose: Door) -> None:
    with wired(keeps(KEPT, KEPT, KEPT)) as served:
        serve(network, served, "127.0.0.1")
        for _ in range(3):
            with ThreadPoolExecutor(1) as pool:
                pool.submit(loose.send, "GET", served.url, headers={}).result()

    assert len(served.requests) == 1
    assert len(network.connects) == 1


def test_connections_to_only_so_many_hosts_are_kept_and_the_oldest_is_closed_first(
    network: Network, loose: Door
) -> None:
    kept: list[socket.socket] = []

    def keep(connection: socket.socket) -> None:
        kept.append(connection.dup())
        connection.sendall(KEPT)

    with wired(keep) as served, ExitStack() as at_the_end:
        serve(network, served, "127.0.0.1")
        for port in range(1, HOSTS + 4):
            loose.send("GET", f"http://127.0.0.1:{port}/", headers={})
            at_the_end.enter_context(kept[-1])
        closed = [is_closed(connection) for connection in kept]

    assert closed == [True] * 3 + [False] * HOSTS


def is_closed(connection: socket.socket) -> bool:
    """Whether the other end has said its last."""
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False


def test_a_door_that_is_closed_keeps_no_connection(network: Network, loose: Door) -> None:
    kept: list[socket.socket] = []

    def keep(connection: socket.socket) -> None:
        kept.append(connection.dup())
        connection.sendall(KEPT)

    with wired(keep) as served:
        serve(network, served, "127.0.0.1")
        loose.send("GET", served.url, headers={})
        with kept[0] as connection:
            was_closed = is_closed(connection)
            loose.close()
            assert (was_closed, is_closed(connection)) == (False, True)


def test_connecting_takes_a_little_while_for_each_address_and_no_longer_than_the_call_may(
    network: Network, loose: Door
) -> None:
    network.name(HOST, ["::1", "127.0.0.1"])

    for timeout in (20.0, 2.0):
        with pytest.raises(RemoteUnreachable):
            loose.send("GET", f"http://{HOST}:8000/", headers={}, timeout=timeout)

    first, second, shorter, shortest = (each or 0 for each in network.patience)
    assert first == second == 3.05
    assert 2 > shorter > shortest
    assert network.prompt == [True] * 4


def test_a_second_connection_asks_again_and_is_refused_where_the_name_has_turned(
    network: Network, loose: Door
) -> None:
    network.name(HOST, ["127.0.0.1"], ["10.0.0.1"])

    with wired(answer(200, b"ok")) as served:
        serve(network, served, "127.0.0.1", "10.0.0.1")
        loose.send("GET", f"http://{HOST}:{served.port}/", headers={})
        with pytest.raises(EgressRefused):
            loose.send("GET", f"http://{HOST}:{served.port}/", headers={})

    assert network.asked == [HOST, HOST]
    assert len(network.connects) == 1


def test_a_name_that_has_no_address_is_out_of_reach(network: Network) -> None:
    door = Door(LOOSE)

    for method in ("GET", "POST"):
        with pytest.raises(RemoteUnreachable):
            door.send(method, "https://nobody.atlassian.net/", headers={})

    assert network.connects == []


def test_an_empty_answer_of_the_resolver_is_out_of_reach(network: Network) -> None:
    door = Door(LOOSE, resolve=lambda _host: [])

    with pytest.raises(RemoteUnreachable):
        door.send("POST", "https://acme.atlassian.net/", headers={})

    assert network.asked == []


@pytest.mark.parametrize("address", [PUBLIC_4, PUBLIC_6, "10.0.0.1", "127.0.0.2", "::ffff:127.0.0.1"])
def test_this_machine_is_this_machine_only(network: Network, loose: Door, address: str) -> None:
    network.name(HOST, ["127.0.0.1", address])

    with pytest.raises(EgressRefused):
        loose.send("GET", f"http://{HOST}:8000/", headers={})

    assert network.connects == []


def test_a_site_that_leads_to_this_machine_is_refused_in_development_too(
    network: Network, loose: Door
) -> None:
    network.name("acme.atlassian.net", ["127.0.0.1"])

    with pytest.raises(EgressRefused):
        loose.send("GET", "https://acme.atlassian.net/", headers={})

    assert network.connects == []
