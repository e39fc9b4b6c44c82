"""What the operator says about where we may call is checked before anything starts."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from backbone_app.env import Mode, Reader


def reader(mode: Mode, value: str) -> Reader:
    return Reader({"BACKBONE_MODE": mode, "BACKBONE_X": value})


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("", []),
        ("198.51.100.0/24", ["198.51.100.0/24"]),
        (" 10.0.0.7 , 2001:db8::/32,", ["10.0.0.7/32", "2001:db8::/32"]),
    ],
)
def test_denied_networks_are_read(value: str, read: list[str]) -> None:
    assert [str(network) for network in reader(Mode.PRODUCTION, value).networks("X")] == read


@pytest.mark.parametrize(
    "value", ["db.example", "198.51.100.1/24", "198.51.100.0/33", "10.0.0.0-10.0.0.9", "::/129"]
)
def test_what_is_no_network_stops_the_start_and_is_named(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"BACKBONE_X names {value!r}; it must hold networks"):
        reader(Mode.PRODUCTION, f"10.0.0.0/8,{value}").networks("X")


@pytest.mark.parametrize("value", ["https://keys.example.com", "https://a.b.example.com/keys/v1"])
def test_a_host_of_keys_is_an_https_address(value: str) -> None:
    assert reader(Mode.PRODUCTION, value).services("X", "") == (value,)


@pytest.mark.parametrize(
    "value",
    [
        "http://keys.example.com",
        "keys.example.com",
        "https://keys.example.com/",
        "https://keys.example.com:8443",
        "https://user@keys.example.com",
        "https://keys.example.com?x",
        "https://keys.example.com#x",
        "https://keys.example.com/../x",
        "https://keys.example.com//x",
        "https://KEYS.example.com",
        "https://keys",
        "https://127.0.0.1",
        "https://[::1]",
        "https://localhost",
        "http://127.0.0.1:8000/_keys",
    ],
)
def test_what_is_no_host_of_keys_stops_the_start_and_is_named(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"BACKBONE_X names .*; it must hold addresses such as"):
        reader(Mode.PRODUCTION, value).services("X", "")


def test_hosts_of_keys_cannot_be_left_out() -> None:
    with pytest.raises(ImproperlyConfigured, match="BACKBONE_X names no address"):
        reader(Mode.PRODUCTION, " , ").services("X", "https://default.example.com")


@pytest.mark.parametrize(
    "value", ["http://127.0.0.1:8100/_keys", "http://localhost:1/_keys", "https://localhost"]
)
def test_development_may_ask_this_machine(value: str) -> None:
    assert reader(Mode.DEVELOPMENT, value).services("X", "") == (value,)


def test_development_may_ask_no_other_machine_in_clear() -> None:
    with pytest.raises(ImproperlyConfigured):
        reader(Mode.DEVELOPMENT, "http://127.0.0.2:8100/_keys").services("X", "")


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("", None),
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("10.1.2.3:80", ("10.1.2.3", 80)),
        ("all:9464", ("0.0.0.0", 9464)),  # noqa: S104 - what is read
    ],
)
def test_where_neighbours_are_answered_is_read(value: str, read: tuple[str, int] | None) -> None:
    assert reader(Mode.PRODUCTION, value).private_listener("X") == read


@pytest.mark.parametrize(
    "value",
    [
        *("0.0.0.0:9464", "8.8.8.8:9464", "localhost:9464", "127.0.0.1", "127.0.0.1:http", ":9464", "9464"),
        *("127.0.0.1:0", "127.0.0.1:65536", "127.0.0.1:٩", f"127.0.0.1:{'9' * 5000}"),
    ],
    ids=lambda value: value[:16],
)
def test_figures_are_served_to_no_wider_circle_by_accident(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="loopback or private"):
        reader(Mode.PRODUCTION, value).private_listener("X")
