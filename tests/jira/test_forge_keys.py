"""Forge's key set: what is fetched, how often, and what in it counts as a key."""

import json
import socket
import threading
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from backbone_app.errors import NotAuthenticated, RemoteUnreachable
from backbone_app.jira.egress import Door
from backbone_app.jira.forge_jwt import ForgeKeys
from backbone_app.jira.forge_jwt.keys import AGAIN_AFTER, KNOWN_FOR, LONGEST_DOCUMENT, MOST_KEYS, read
from jira_sandbox.connect import tokens
from tests.support.wire import Script, Wire, answer, wired

MINE = tokens.invocation_key("mine")


class Clock:
    """Seconds that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def document(*entries: object) -> bytes:
    return json.dumps({"keys": entries}).encode()


def keys_of(served: Wire, door: Door, clock: Callable[[], float]) -> ForgeKeys:
    return ForgeKeys(f"{served.url}/.well-known/jwks.json", door, clock)


def in_turn(*scripts: Script) -> Script:
    """One answer after another."""
    left = iter(scripts)

    def act(connection: socket.socket) -> None:
        next(left)(connection)

    return act


def number(value: int) -> str:
    return urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()


def test_the_set_is_fetched_once_and_then_known(door: Door, clock: Clock) -> None:
    with wired(answer(200, document(MINE, {**MINE, "kid": "other"}))) as served:
        keys = keys_of(served, door, clock)
        found = {keys.key(kid).key_size for kid in ("mine", "other", "mine")}

    assert found == {2048}
    assert [line.split(b" ")[1] for line in served.requests] == [b"/.well-known/jwks.json"]


@pytest.mark.parametrize("kid", ["", "../x", "a b", "a\r\nb", "a?b", "x" * 257, "schlüssel", "-a", "a\x00b"])
def test_a_key_id_that_is_none_is_refused_and_nothing_is_fetched(kid: str, door: Door, clock: Clock) -> None:
    with wired(answer(200, document(MINE))) as served, pytest.raises(NotAuthenticated):
        keys_of(served, door, clock).key(kid)

    assert served.requests == []


def test_unknown_ids_are_looked_for_in_a_newer_set_only(door: Door, clock: Clock) -> None:
    with wired(answer(200, document(MINE))) as served:
        keys = keys_of(served, door, clock)
        for _ in range(4):
            for attempt in range(250):
                with pytest.raises(NotAuthenticated):
                    keys.key(f"invented-{attempt}")
            clock.now += AGAIN_AFTER / 2

    assert len(served.requests) == 2


def test_a_new_key_is_found_as_soon_as_it_is_looked_for_again(door: Door, clock: Clock) -> None:
    with wired(in_turn(answer(200, document(MINE)), answer(200, document({**MINE, "kid": "new"})))) as served:
        keys = keys_of(served, door, clock)
        keys.key("mine")
        clock.now += AGAIN_AFTER

        assert keys.key("new").key_size == 2048
        with pytest.raises(NotAuthenticated):
            keys.key("mine")  # it was taken back


def test_a_set_is_fetched_anew_after_its_time(door: Door, clock: Clock) -> None:
    with wired(in_turn(answer(200, document(MINE)), answer(200, document()))) as served:
        keys = keys_of(served, door, clock)
        keys.key("mine")
        clock.now += KNOWN_FOR

        with pytest.raises(NotAuthenticated):
            keys.key("mine")


@pytest.mark.parametrize(
    "broken",
    [
        answer(500),
        answer(404),
        answer(302, Location="https://evil.example/keys"),
        answer(200, b"no json"),
        answer(200, b"[]"),
        answer(200, b'{"keys": 7}'),
        answer(200, b'{"keys": []}' + b" " * LONGEST_DOCUMENT),
    ],
)
def test_while_the_host_answers_nonsense_known_keys_count_and_others_have_to_wait(
    door: Door, clock: Clock, broken: Script
) -> None:
    good = answer(200, document(MINE))
    with wired(in_turn(good, broken, broken, good)) as served:
        keys = keys_of(served, door, clock)
        keys.key("mine")
        clock.now += KNOWN_FOR

        assert keys.key("mine").key_size == 2048
        for _ in range(10):
            with pytest.raises(RemoteUnreachable):
                keys.key("unknown")
        assert len(served.requests) == 2
        clock.now += AGAIN_AFTER
        with pytest.raises(RemoteUnreachable):
            keys.key("unknown")
        clock.now += AGAIN_AFTER
        with pytest.raises(NotAuthenticated):
            keys.key("unknown")


def test_a_host_that_is_away_is_nobodys_proof(door: Door, clock: Clock) -> None:
    keys = ForgeKeys("http://127.0.0.1:1/jwks.json", door, clock)

    with pytest.raises(RemoteUnreachable) as told:
        keys.key("mine")

    assert "127.0.0.1" not in str(told.value)


def test_of_many_who_ask_at_once_one_fetches(door: Door, clock: Clock) -> None:
    found: list[int] = []
    with wired(answer(200, document(MINE))) as served:
        keys = keys_of(served, door, clock)
        threads = [threading.Thread(target=lambda: found.append(keys.key("mine").key_size)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert found == [2048] * 8
    assert len(served.requests) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": None},
        {"alg": "RS512"},
        {"alg": "HS256"},
        {"use": "enc"},
        {"kid": 7},
        {"n": "!"},
        {"n": 7},
        {"n": ""},
        {"e": "AA"},
        {"e": None},
        {"n": number((1 << 1023) + 1)},
    ],
)
def test_what_is_no_long_rsa_key_for_signatures_is_passed_over(changes: dict[str, Any]) -> None:
    found = read(document({**MINE, "kid": "theirs", **changes}, 7, None, {}, MINE))

    assert list(found) == ["mine"]


def test_the_names_of_use_and_algorithm_may_be_missing() -> None:
    bare = {name: MINE[name] for name in ("kty", "n", "e", "kid")}

    assert list(read(document(bare))) == ["mine"]


def test_a_private_key_that_somebody_published_counts_for_its_public_half() -> None:
    found = read(document({**MINE, "d": MINE["n"]}))

    assert isinstance(found["mine"], rsa.RSAPublicKey)


def test_a_set_is_read_up_to_a_number_of_keys() -> None:
    found = read(document(*({**MINE, "kid": str(each)} for each in range(MOST_KEYS + 1))))

    assert len(found) == MOST_KEYS
