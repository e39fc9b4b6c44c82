"""Tokens of the wrong shape, header or algorithm, and the work of refusing one (cases 35 to 38)."""

import hmac
import json
import string
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from backbone_app.errors import NotAuthenticated
from backbone_app.jira import connect_jwt
from backbone_app.jira.connect_jwt.signed import NOBODYS_SECRET
from tests.support.signing import (
    NOW,
    QSH,
    SECONDS,
    SECRET,
    Keys,
    claims,
    encoded,
    from_jira,
    hand_made,
    install,
    make_keys,
    refused_as,
    shared,
)


@pytest.fixture(scope="module")
def atlassian() -> Keys:
    return make_keys()


def respelled(signature: str) -> str:
    """The same 32 bytes, with a bit set in the two that the last of 43 characters has too many."""
    alphabet = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    return signature[:-1] + alphabet[alphabet.index(signature[-1]) + 1]


def hostile_shapes() -> Iterator[str]:
    header, payload, signature = from_jira().split(".")
    good_header, good_payload = '{"alg":"HS256"}', json.dumps(claims())
    yield hand_made(good_header, good_payload[:-1] + ',"iss":"client-2"}')
    yield hand_made('{"alg":"HS256","alg":"HS256"}', good_payload)
    yield hand_made(good_header, good_payload[:-1] + ',"context":' + "[" * 2000 + "]" * 2000 + "}")
    yield hand_made(good_header, good_payload[:-1] + ',"context":"' + "x" * 1_000_000 + '"}')
    yield hand_made(good_header, "[1]")
    yield hand_made(good_header, "not json")
    yield hand_made(good_header, '"\\ud800"')
    yield f"{header}=.{payload}.{signature}"
    yield f"{header}.{payload}.{signature}="
    yield f"{header}.{payload}.{signature}."
    yield f".{header}.{payload}.{signature}"
    yield f"{header}.{payload}"
    yield ".".join((encoded(b'{"alg":"RSA-OAEP","enc":"A256GCM"}'), *(encoded(b"x" * 16),) * 4))
    yield hand_made(good_header, good_payload.replace(str(SECONDS), "1" * 5000))
    yield hand_made(good_header, '"' * 3)
    yield hand_made(good_header, good_payload.replace("client-1", "\x00"))
    yield f"{header}..{payload}.{signature}"
    yield f"{header}.{payload}.{signature}.{signature}.{signature}"
    yield f"{header}.{payload}.!!!"
    yield f"{header}.{payload}.{signature}A"
    yield f"{header}.{payload}.{signature[:-1]}{'B' if signature[-1] != 'B' else 'C'}"
    yield f"{header}.{payload}.{respelled(signature)}"
    yield f" {header}.{payload}.{signature}"
    yield f"{header}.{payload}.{signature}\n"
    yield f"{header}.{encoded(bytes([0xFF]))}.{signature}"
    yield f"{header}.{payload}.A"
    yield ""


@pytest.mark.parametrize("token", list(hostile_shapes()), ids=lambda token: f"{token[:12]}-{len(token)}")
def test_case_35_a_token_that_is_not_strictly_one_token_is_refused(token: str) -> None:
    with pytest.raises(NotAuthenticated):
        shared(token)


def test_case_35_another_spelling_of_the_same_bytes_is_refused_before_any_key_is_sought() -> None:
    header, payload, signature = from_jira().split(".")

    with refused_as("shape"):
        connect_jwt.peek(f"{header}.{payload}.{respelled(signature)}")


@pytest.mark.parametrize("issuer", [7, "", "x" * 256, "a\x00b", "\ud800", ["client-1"]])
def test_case_35_an_issuer_that_is_no_identifier_is_refused(issuer: object) -> None:
    with refused_as("issuer"):
        connect_jwt.peek(hand_made('{"alg":"HS256"}', json.dumps(claims(iss=issuer))))


@pytest.mark.parametrize(
    "extra", ['"crit":["exp"]', '"b64":false', '"zip":"DEF"', '"kid":7', '"kid":["a"]', '"alg2":1,"crit":[]']
)
def test_case_36_a_header_with_rules_of_its_own_is_refused(extra: str) -> None:
    with refused_as("header"):
        shared(hand_made('{"alg":"HS256",' + extra + "}", json.dumps(claims())))


def test_case_37_other_algorithms_are_refused_with_a_good_key_of_their_own(atlassian: Keys) -> None:
    tokens = [
        jwt.encode(claims(), ec.generate_private_key(ec.SECP256R1()), algorithm="ES256"),
        jwt.encode(claims(), ed25519.Ed25519PrivateKey.generate(), algorithm="EdDSA"),
        jwt.encode(claims(), atlassian.private, algorithm="PS256"),
        jwt.encode(claims(), atlassian.private, algorithm="RS512"),
        jwt.encode(claims(), SECRET * 2, algorithm="HS512"),
    ]

    for token in tokens:
        with refused_as("algorithm"):
            install(token, atlassian)
        with refused_as("algorithm"):
            shared(token)


@pytest.fixture
def macs(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Every HMAC that is computed from here on: the work whose time an attacker could measure."""
    computed: list[object] = []
    compute = hmac.new

    def counted(*given: Any, **options: Any) -> hmac.HMAC:
        computed.append(given)
        return compute(*given, **options)

    monkeypatch.setattr(hmac, "new", counted)
    return computed


def badly_signed() -> Iterator[tuple[str, int]]:
    """Tokens that no site signed, and how many HMACs it takes to find out."""
    header, payload = '{"alg":"HS256"}', json.dumps(claims())
    yield hand_made(header, payload, secret="another secret"), 1
    yield hand_made(header, json.dumps(claims(exp=SECONDS - 1000)), secret="another secret"), 1
    yield hand_made('{"alg":"HS512"}', payload), 0
    yield hand_made('{"alg":"RS256","kid":"key-1"}', payload), 0


@pytest.mark.parametrize(("token", "work"), list(badly_signed()), ids=["secret", "old", "hs512", "rs256"])
def test_case_38_an_unknown_site_costs_the_work_of_a_bad_signature(
    macs: list[object], token: str, work: int
) -> None:
    with pytest.raises(NotAuthenticated):
        shared(token)
    for_known = len(macs)

    with refused_as("unknown_site"):
        connect_jwt.dummy_verify(token)

    assert for_known == len(macs) - for_known == work


def test_case_38_even_what_is_no_token_is_refused_as_of_an_unknown_site() -> None:
    with refused_as("unknown_site"):
        connect_jwt.dummy_verify("not a token")


def test_case_38_even_who_signs_with_the_stand_in_secret_is_nobody() -> None:
    token = jwt.encode(claims(), NOBODYS_SECRET, algorithm="HS256")

    with refused_as("unknown_site"):
        connect_jwt.dummy_verify(token)


def test_case_38_an_empty_place_among_the_secrets_opens_nothing_for_whoever_signs_with_the_stand_in() -> None:
    token = jwt.encode(claims(), NOBODYS_SECRET, algorithm="HS256")

    with refused_as("signature"):
        connect_jwt.verify_shared(token, secrets=[SECRET, None, None], now=NOW, qsh=QSH)


def test_it_is_told_which_of_several_secrets_signed() -> None:
    token = hand_made('{"alg":"HS256"}', json.dumps(claims()))

    found, place = connect_jwt.verify_shared(token, secrets=["another " * 5, None, SECRET], now=NOW, qsh=QSH)

    assert (found.issuer, place) == ("client-1", 2)
