"""The table of IP addresses that are not public, held against a register and against its own edges."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone_app.jira.egress.addresses import GLOBAL_UNICAST, NOT_PUBLIC, is_public
from tests.egress.targets import ADDRESSES, DENIED, OPERATORS
from tests.support.network import PUBLIC_4, PUBLIC_6

NETWORKS = [ip_network(text) for text in DENIED.split(",")]
PUBLIC = [
    PUBLIC_4,
    PUBLIC_6,
    "1.0.0.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "168.63.129.15",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2000::1",
    "2001:200::1",
    "2003::1",
    "2606:4700::6810:84e5",
    "2a00:1450:4001:830::200e",
    "3ffe::1",
    "3fff:1000::1",
]


@pytest.mark.parametrize("address", ADDRESSES, ids=ascii)
def test_what_is_not_public_or_denied_is_never_public(address: str) -> None:
    assert not is_public(address, but=NETWORKS)


@pytest.mark.parametrize("address", PUBLIC)
def test_what_lies_just_beside_a_range_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", OPERATORS)
def test_the_operator_narrows_what_is_public(address: str) -> None:
    assert is_public(address)
    assert not is_public(address, but=NETWORKS)


@pytest.mark.parametrize("network", NOT_PUBLIC, ids=str)
def test_a_range_holds_from_its_first_address_to_its_last(network: object) -> None:
    assert not is_public(str(network[0]))  # type: ignore[index]
    assert not is_public(str(network[-1]))  # type: ignore[index]


@given(st.integers(0, 2**32 - 1).map(IPv4Address) | st.integers(0, 2**128 - 1).map(IPv6Address))
def test_whatever_the_library_knows_to_be_private_is_not_public(address: IPv4Address | IPv6Address) -> None:
    known = (
        address.is_private,
        address.is_loopback,
        address.is_link_local,
        address.is_multicast,
        address.is_reserved,
        address.is_unspecified,
    )

    if any(known):
        assert not is_public(str(address))


@given(st.integers(0, 2**32 - 1).map(IPv4Address), st.sampled_from([0, 0xFFFF << 32, 0x64FF9B << 96]))
def test_an_address_within_another_one_is_never_public(inner: IPv4Address, outer: int) -> None:
    assert not is_public(str(IPv6Address(outer | int(inner))))


@given(st.text(max_size=40))
def test_what_is_no_address_is_not_public(text: str) -> None:
    try:
        ip_address(text)
    except ValueError:
        assert not is_public(text)


def test_ipv6_is_public_within_one_range_only() -> None:
    assert str(GLOBAL_UNICAST) == "2000::/3"
