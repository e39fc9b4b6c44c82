"""Somebody signs lifecycle calls without Atlassian's key (cases 1 to 10)."""

import json
import secrets
from typing import Any

import pytest
from jwt.algorithms import RSAAlgorithm

from jira_sandbox.connect import tokens
from jira_sandbox.transport import KEY_HOSTS
from tests.support.app import Jira, call_app, forget
from tests.support.hostile import (
    Attack,
    foreign_key,
    foreign_rs256,
    good_claims,
    hs256,
    install_body,
    post,
    signed,
    token,
)
from tests.support.slices import slice_of

KID = "00000000-1111-4222-8333-444444444444"


def test_what_the_attacks_vary_is_accepted_as_it_is(
    jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    assert post(path, signed(jira, claims), body) == 204


def test_case_01_no_token(attack: Attack, jira: Jira, path: str, body: dict[str, Any]) -> None:
    attack.post(path, None, body)
    attack.post(path, "", body)
    attack.post(path, None, body, Authorization="Bearer abc.def.ghi")
    attack.post(path, None, body, Authorization="JWT")


@pytest.mark.parametrize("scheme", ["Bearer ", "jwt ", "JWT", "JWT  ", "JWT: ", "Basic "])
def test_case_01_a_good_token_that_is_not_announced_as_one(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any], scheme: str
) -> None:
    attack.post(path, None, body, Authorization=scheme + signed(jira, claims))


def test_case_02_a_token_without_a_signature(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    head: dict[str, object] = {"alg": "none", "typ": "JWT", "kid": jira.world.kid}

    attack.post(path, token(head, claims), body)
    attack.post(path, token(head, claims).rpartition(".")[0] + ".", body)


@pytest.mark.parametrize("algorithm", ["None", "nOnE", "NONE", " none", ""])
def test_case_03_none_in_every_other_spelling(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any], algorithm: str
) -> None:
    head: dict[str, object] = {"alg": algorithm, "typ": "JWT", "kid": jira.world.kid}

    attack.post(path, token(head, claims), body)
    attack.post(path, token(head, claims).rpartition(".")[0] + ".", body)


def test_case_04_the_public_key_used_as_a_shared_secret(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    pem = tokens.public_key_pem()

    attack.post(path, hs256(claims, pem, kid=jira.world.kid), body)
    attack.post(path, hs256(claims, pem.strip(), kid=jira.world.kid), body)


def test_case_05_the_public_key_as_json_used_as_a_shared_secret(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    key = RSAAlgorithm(RSAAlgorithm.SHA256).prepare_key(tokens.public_key_pem())
    jwk = {**RSAAlgorithm.to_jwk(key, as_dict=True), "kid": jira.world.kid}

    for spelling in (json.dumps(jwk), json.dumps(jwk, separators=(",", ":")), json.dumps({"keys": [jwk]})):
        attack.post(path, hs256(claims, spelling.encode(), kid=jira.world.kid), body)


def test_case_06_signed_with_the_secret_that_the_same_body_brings(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    secret = body["sharedSecret"].encode()

    attack.post(path, hs256(claims, secret), body)
    attack.post(path, hs256(claims, secret, kid=jira.world.kid), body)
    attack.post(path, hs256(claims, secret, kid=KID), body)
    attack.post(path, hs256({**claims, "iss": "a-newcomer"}, secret), {**body, "clientKey": "a-newcomer"})


@pytest.mark.parametrize(
    "header",
    [
        {"jku": "https://evil.example/keys.json"},
        {"x5u": "https://evil.example/chain.pem"},
        {"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}},
        {"x5c": ["MIIB"]},
        {"jku": f"https://{min(KEY_HOSTS)}@evil.example/keys.json"},
        {"jku": None},
    ],
    ids=lambda header: next(iter(header)),
)
def test_case_07_a_foreign_key_that_the_token_brings_along(
    attack: Attack,
    jira: Jira,
    path: str,
    claims: dict[str, Any],
    body: dict[str, Any],
    header: dict[str, object],
) -> None:
    attack.post(path, foreign_rs256(claims, kid=jira.world.kid, **header), body)
    attack.post(path, foreign_rs256(claims, **header), body)


def test_case_07_a_foreign_key_under_the_right_name(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    own = RSAAlgorithm.to_jwk(foreign_key().public_key(), as_dict=True)

    attack.post(path, foreign_rs256(claims, kid=jira.world.kid), body)
    attack.post(path, foreign_rs256(claims, kid=jira.world.kid, jwk=own), body)
    attack.post(path, foreign_rs256(claims), body)


@pytest.mark.parametrize(
    "kid",
    [
        "../x",
        "..",
        ".",
        "/x",
        "\\evil.example",
        "https://evil.example/x",
        "a%00",
        "%2e%2e%2fx",
        "a;b",
        "a:b",
        "a&b=c",
        "a b",
        "a\n",
        "\u212bkey",
        "\uff41",
        True,
        {"a": 1},
        "a/../b",
        "//evil.example",
        "a?b",
        "a#b",
        "@evil.example",
        "k" * 129,
        "k" * 10_000,
        "",
        " ",
        "schlüssel",
        "a\r\nHost: evil.example",
        "a%2Fb",
        "a\x00b",
        7,
        ["a"],
        None,
    ],
)
def test_case_08_key_names_that_are_addresses_are_never_fetched(
    attack: Attack, path: str, claims: dict[str, Any], body: dict[str, Any], kid: object
) -> None:
    attack.post(path, foreign_rs256(claims, kid=kid), body)


def test_case_09_an_unknown_key_is_asked_for_once(
    attack: Attack, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    attack.post(path, foreign_rs256(claims, kid=KID), body, fetches=len(KEY_HOSTS))

    attack.post(path, foreign_rs256(claims, kid=KID), body, fetches=0)


def test_case_09_of_a_flood_of_invented_keys_20_a_minute_are_asked_for(attack: Attack, jira: Jira) -> None:
    path, body = "/installed", install_body(jira)
    claims = good_claims(jira, path)
    calls = len(attack.outgoing.urls)

    with attack.changing_nothing():
        answers = {
            post(path, token({"alg": "RS256", "kid": secrets.token_hex(16)}, claims), body)
            for _ in slice_of(range(1000), 200)
        }

    assert {401, 503} <= answers <= {401, 429, 503}
    assert len(attack.outgoing.urls) - calls <= 20
    assert post(path, signed(jira, claims), body) == 204


def test_case_10_without_the_key_server_jira_is_asked_to_come_again(
    attack: Attack, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    attack.outgoing.down |= KEY_HOSTS
    sent = {"Authorization": f"JWT {foreign_rs256(claims, kid=KID)}"}

    with attack.changing_nothing():
        answer = call_app("POST", path, headers=sent, body=json.dumps(body).encode())

    assert answer.status_code == 503
    assert not any(host in answer.content.decode() for host in KEY_HOSTS)


def test_case_10_without_the_key_server_not_even_atlassian_is_believed_until_it_is_back(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    forget()
    attack.outgoing.down |= KEY_HOSTS
    token = signed(jira, claims)

    with attack.changing_nothing():
        assert post(path, token, body) == 503

    attack.outgoing.down.clear()
    assert post(path, token, body) == 204
