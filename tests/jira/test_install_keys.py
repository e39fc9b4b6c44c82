"""Keys by id: what is fetched, what is never fetched, and how often."""

import itertools
import socket

import pytest

from backbone_app.errors import NotAuthenticated, RemoteUnreachable
from backbone_app.jira.egress import Door
from backbone_app.jira.install_keys import KNOWN_FOR, LONGEST_KEY, MISSING_FOR, REMEMBERED, InstallKeys
from tests.support.wire import Script, Wire, answer, wired

PEM = b"-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----\n"


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def paths(served: Wire) -> list[str]:
    return [request.split(b" ")[1].decode() for request in served.requests]


@pytest.mark.parametrize(
    "kid",
    [
        "../x",
        "//evil",
        "a?b",
        "@evil",
        "x" * 10_240,
        "x" * 129,
        "",
        "schlüssel",
        "a\r\nb",
        "a\n",
        "a..b",
        ".a",
        "a/b",
        "%2e",
        "a%2fb",
        "a\\b",
        "a#b",
        "a;b",
        "a:b",
        "a b",
        "a\x00b",
        "a\u2215b",
        "-a",
        "_a",
        "a/../b",
        "https://evil.example/x",
    ],
    ids=lambda kid: ascii(kid[:12]),
)
def test_case_08_a_key_id_that_is_none_is_refused_and_nothing_is_fetched(
    kid: str, door: Door, clock: Clock
) -> None:
    with wired(answer(200, PEM)) as served, pytest.raises(NotAuthenticated):
        InstallKeys((served.url,), door, clock).pem(kid)

    assert served.requests == []


def test_a_key_is_fetched_once_and_then_known(door: Door, clock: Clock) -> None:
    with wired(answer(200, PEM)) as served:
        keys = InstallKeys((f"{served.url}/_keys",), door, clock)
        found = {keys.pem("key-1") for _ in range(3)}

    assert found == {PEM.decode()}
    assert paths(served) == ["/_keys/key-1"]


def test_a_key_the_first_host_does_not_have_is_asked_of_the_second(door: Door, clock: Clock) -> None:
    with wired(answer(404)) as first, wired(answer(200, PEM)) as second:
        found = InstallKeys((first.url, second.url), door, clock).pem("key-1")

    assert found == PEM.decode()
    assert paths(first) == paths(second) == ["/key-1"]


@pytest.mark.parametrize("silence", [answer(500), answer(302), answer(200, b"<html>")])
def test_case_21_a_host_that_is_down_does_not_keep_the_other_from_being_asked(
    silence: Script, door: Door, clock: Clock
) -> None:
    with wired(silence) as first, wired(answer(200, PEM)) as second:
        found = InstallKeys((first.url, second.url), door, clock).pem("key-1")

    assert found == PEM.decode()
    assert paths(first) == paths(second) == ["/key-1"]


@pytest.mark.parametrize("down", [0, 1])
def test_case_21_what_one_host_lacks_while_the_other_is_down_is_not_known_to_be_missing(
    door: Door, clock: Clock, down: int
) -> None:
    with wired(answer(404)) as first, wired(answer(404)) as second:
        hosts = (first, second)
        hosts[down].script = answer(503)
        keys = InstallKeys((first.url, second.url), door, clock)
        with pytest.raises(RemoteUnreachable):
            keys.pem("key-1")
        hosts[down].script = answer(200, PEM)
        found = keys.pem("key-1")

    assert found == PEM.decode()


def test_case_21_a_known_key_stays_while_only_one_host_says_that_it_is_gone(door: Door, clock: Clock) -> None:
    with wired(answer(200, PEM)) as first, wired(answer(404)) as second:
        keys = InstallKeys((first.url, second.url), door, clock)
        keys.pem("key-1")
        first.script = answer(500)
        clock.now += KNOWN_FOR

        assert keys.pem("key-1") == PEM.decode()


def test_case_09_an_unknown_key_is_refused_and_not_asked_for_again_for_ten_minutes(
    door: Door, clock: Clock
) -> None:
    with wired(answer(404)) as served:
        keys = InstallKeys((served.url,), door, clock)
        for _ in range(3):
            with pytest.raises(NotAuthenticated):
                keys.pem("key-1")
        asked_at_first = len(served.requests)
        clock.now += 600
        with pytest.raises(NotAuthenticated):
            keys.pem("key-1")

    assert asked_at_first == 1
    assert len(served.requests) == 2


def test_case_09_a_flood_of_invented_keys_fetches_twenty_times_a_minute(door: Door, clock: Clock) -> None:
    numbers = itertools.count()
    with wired(answer(404)) as served:
        keys = InstallKeys((served.url,), door, clock)

        def flood() -> int:
            for _ in range(1000):
                with pytest.raises((NotAuthenticated, RemoteUnreachable)):
                    keys.pem(f"key-{next(numbers)}")
            return len(served.requests)

        first = flood()
        clock.now += 60
        second = flood()

    assert (first, second) == (20, 40)


def test_case_09_in_a_flood_whoever_was_known_is_still_known(door: Door, clock: Clock) -> None:
    with wired(answer(200, PEM)) as served:
        keys = InstallKeys((served.url,), door, clock)
        keys.pem("key-1")
        served.script = answer(404)
        for number in range(1000):
            with pytest.raises((NotAuthenticated, RemoteUnreachable)):
                keys.pem(f"invented-{number}")
        found = keys.pem("key-1")

    assert found == PEM.decode()


def test_case_09_in_a_flood_a_known_key_is_renewed_beyond_the_count(door: Door, clock: Clock) -> None:
    with wired(answer(200, PEM)) as served:
        keys = InstallKeys((served.url,), door, clock)
        keys.pem("key-1")
        clock.now += KNOWN_FOR
        served.script = answer(404)
        for number in range(30):
            with pytest.raises((NotAuthenticated, RemoteUnreachable)):
                keys.pem(f"invented-{number}")
        served.script = answer(200, PEM)
        keys.pem("key-1")

    assert paths(served)[-1] == "/key-1"
    assert len(served.requests) == 1 + 20 + 1


def test_a_key_that_was_taken_back_is_forgotten_after_a_day(door: Door, clock: Clock) -> None:
    with wired(answer(200, PEM)) as served:
        keys = InstallKeys((served.url,), door, clock)
        keys.pem("key-1")
        served.script = answer(404)
        clock.now += KNOWN_FOR - 1
        still = keys.pem("key-1")
        clock.now += 1
        with pytest.raises(NotAuthenticated):
            keys.pem("key-1")
        with pytest.raises(NotAuthenticated):
            keys.pem("key-1")

    assert still == PEM.decode()
    assert len(served.requests) == 2


def test_a_key_that_was_taken_back_does_not_come_back_while_its_host_is_down(
    door: Door, clock: Clock
) -> None:
    with wired(answer(200, PEM)) as served:
        keys = InstallKeys((served.url,), door, clock)
        keys.pem("key-1")
        served.script = answer(404)
        clock.now += KNOWN_FOR
        with pytest.raises(NotAuthenticated):
            keys.pem("key-1")
        served.script = answer(500)
        clock.now += MISSING_FOR
        with pytest.raises(RemoteUnreachable):
            keys.pem("key-1")

    assert len(served.requests) == 3


def test_a_known_key_stays_while_its_host_does_not_answer_and_is_asked_for_once_a_minute(
    door: Door, clock: Clock
) -> None:
    with wired(answer(200, PEM)) as served:
        keys = InstallKeys((served.url,), door, clock)
        keys.pem("key-1")
        served.script = answer(500)
        clock.now += KNOWN_FOR
        found = {keys.pem("key-1") for _ in range(5)}
        clock.now += 60
        found |= {keys.pem("key-1") for _ in range(5)}

    assert found == {PEM.decode()}
    assert len(served.requests) == 3


def test_only_so_many_keys_are_remembered_and_the_longest_unseen_is_fetched_again(
    door: Door, clock: Clock
) -> None:
    with wired(answer(200, PEM)) as served:
        keys = InstallKeys((served.url,), door, clock)
        for number in range(REMEMBERED + 1):
            clock.now += 3
            keys.pem(f"key-{number}")
        clock.now += 60
        keys.pem(f"key-{REMEMBERED}")
        keys.pem("key-0")

    assert len(served.requests) == REMEMBERED + 2


def test_a_key_that_was_just_renewed_is_the_last_to_be_dropped(door: Door, clock: Clock) -> None:
    with wired(answer(200, PEM)) as served:
        keys = InstallKeys((served.url,), door, clock)
        for number in range(REMEMBERED):
            clock.now += 3
            keys.pem(f"key-{number}")
        clock.now += KNOWN_FOR
        keys.pem("key-0")
        keys.pem("one-more")
        before = len(served.requests)
        keys.pem("key-0")

    assert len(served.requests) == before


def test_case_10_a_key_host_that_is_down_makes_nobody_known(door: Door, clock: Clock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        down = f"http://127.0.0.1:{free.getsockname()[1]}"

    with pytest.raises(RemoteUnreachable):
        InstallKeys((down,), door, clock).pem("key-1")


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, PEM),
        (302, PEM),
        (200, b"<html>"),
        (200, b"<html>" + PEM),
        (200, b""),
        (200, b"\xff\xfe"),
        (403, b""),
        (200, PEM + b"x" * LONGEST_KEY),
    ],
)
def test_case_10_an_answer_that_is_no_key_is_no_key(
    status: int, body: bytes, door: Door, clock: Clock
) -> None:
    with wired(answer(status, body)) as served, pytest.raises(RemoteUnreachable):
        InstallKeys((served.url,), door, clock).pem("key-1")


def test_a_host_of_the_operators_that_may_not_be_called_is_neither_the_callers_fault_nor_named(
    door: Door, clock: Clock
) -> None:
    with pytest.raises(RemoteUnreachable) as refused:
        InstallKeys(("https://169.254.169.254",), door, clock).pem("key-1")

    assert "169.254" not in str(refused.value)
