"""Over TLS: the address is pinned, and the name that has to be proven is still the host's."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from backbone_app.errors import OutcomeUnknown, RemoteUnreachable
from backbone_app.jira.egress import Door, EgressPolicy
from tests.support.network import PUBLIC_4, PUBLIC_6, Network
from tests.support.tls import Authority, secured

HOST = "acme.atlassian.net"
POLICY = EgressPolicy(cloud_hosts=(".atlassian.net",))


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusting(authority: Authority) -> Iterator[Door]:
    """A door that trusts this authority and may call Cloud sites only."""
    door = Door(POLICY, authorities=str(authority.file))
    yield door
    door.close()


@pytest.mark.parametrize(
    ("answers", "taken"),
    [([PUBLIC_4], PUBLIC_4), ([PUBLIC_6], PUBLIC_6), ([PUBLIC_6, PUBLIC_4], PUBLIC_6)],
    ids=["A only", "AAAA only", "both"],
)
def test_the_right_name_passes_at_the_address_that_was_checked(
    authority: Authority, network: Network, trusting: Door, answers: list[str], taken: str
) -> None:
    network.name(HOST, answers)

    with secured(authority.certificate(HOST)) as server:
        network.behind = {PUBLIC_4: server.port, PUBLIC_6: server.port}
        reply = trusting.send("GET", f"https://{HOST}/x", headers={})
        trusting.close()

    assert reply.body == b"ok"
    assert server.names == [HOST]
    assert b"Host: acme.atlassian.net\r\n" in server.heard[0]
    assert network.connects == [(taken, 443)]


def test_a_kept_connection_over_tls_is_used_again(
    authority: Authority, network: Network, trusting: Door
) -> None:
    network.name(HOST, [PUBLIC_4])

    with secured(authority.certificate(HOST)) as server:
        network.behind = {PUBLIC_4: server.port}
        for _ in range(3):
            trusting.send("POST", f"https://{HOST}/x", headers={}, body=b"y" * 40_000)
        trusting.close()

    assert network.asked == [HOST]
    assert len(server.names) == 1
    assert len(b"".join(server.heard)) > 120_000


@pytest.mark.parametrize(
    "kind", ["wrong name", "the address", "parent", "expired", "self-signed", "stranger"]
)
def test_a_server_that_cannot_prove_the_name_is_told_nothing(
    authority: Authority, network: Network, trusting: Door, tmp_path: Path, kind: str
) -> None:
    network.name(HOST, [PUBLIC_4])
    certificate = {
        "wrong name": lambda: authority.certificate("other.atlassian.net"),
        "the address": lambda: authority.certificate(PUBLIC_4),
        "parent": lambda: authority.certificate("atlassian.net", "*.net"),
        "expired": lambda: authority.certificate(HOST, expired=True),
        "self-signed": lambda: authority.certificate(HOST, by_itself=True),
        "stranger": lambda: Authority(tmp_path).certificate(HOST),
    }[kind]()

    with secured(certificate) as server:
        network.behind = {PUBLIC_4: server.port}
        with pytest.raises(RemoteUnreachable):
            trusting.send("POST", f"https://{HOST}/", headers={"Authorization": "JWT t"}, body=b"secret")

    assert server.names == [HOST]
    assert server.heard == []


def test_whom_nobody_knows_is_not_trusted_by_default(authority: Authority, network: Network) -> None:
    network.name(HOST, [PUBLIC_4])
    door = Door(POLICY)

    with secured(authority.certificate(HOST)) as server:
        network.behind = {PUBLIC_4: server.port}
        with pytest.raises(RemoteUnreachable):
            door.send("POST", f"https://{HOST}/", headers={}, body=b"secret")

    assert server.heard == []


def test_a_line_that_is_garbled_after_the_request_leaves_a_change_unknown(
    authority: Authority, network: Network, trusting: Door
) -> None:
    network.name(HOST, [PUBLIC_4])

    def garble(connection: socket.socket) -> None:
        os.write(connection.fileno(), b"\x17\x03\x03\x00\x05no tls")

    with secured(authority.certificate(HOST), script=garble) as server:
        network.behind = {PUBLIC_4: server.port}
        with pytest.raises(OutcomeUnknown):
            trusting.send("POST", f"https://{HOST}/", headers={}, body=b"x")

    assert len(server.heard) == 1


def test_who_never_says_who_he_is_is_given_up_as_one_who_does_not_connect(network: Network) -> None:
    network.name(HOST, [PUBLIC_4])
    door = Door(POLICY, connect_timeout=0.1)

    with socket.create_server(("127.0.0.1", 0)) as mute:
        network.behind = {PUBLIC_4: mute.getsockname()[1]}
        started = time.monotonic()
        with pytest.raises(RemoteUnreachable):
            door.send("GET", f"https://{HOST}/", headers={})
        took = time.monotonic() - started

    assert took < 1
