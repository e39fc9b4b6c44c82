"""Somebody tries to install, or remove, a site that is not theirs (reliability.md §3, cases 1 to 18)."""

import json
import secrets
from typing import Any

import pytest

from jira_sandbox.connect import tokens
from jira_sandbox.transport import KEY_HOSTS
from tests.support.app import Jira, call_app
from tests.support.environment import APP
from tests.support.hostile import (
    Attack,
    encoded,
    everything,
    foreign_key,
    foreign_rs256,
    hs256,
    request_hash,
    token,
)

LIFECYCLE = ("/installed", "/uninstalled")
KID = "00000000-1111-4222-8333-444444444444"


@pytest.fixture(params=LIFECYCLE)
def path(request: pytest.FixtureRequest) -> str:
    """Both callbacks that are Atlassian's to sign."""
    return str(request.param)


@pytest.fixture
def claims(jira: Jira, path: str) -> dict[str, Any]:
    """What a good token would say here."""
    return good_claims(jira, path)


@pytest.fixture
def body(jira: Jira) -> dict[str, Any]:
    """An installation that would hand the site over to the attacker."""
    return install_body(jira, sharedSecret="the-attackers-own-secret")


def good_claims(jira: Jira, path: str, **changes: object) -> dict[str, Any]:
    return jira.claims(**{"aud": [APP], "qsh": request_hash("POST", path), **changes})


def install_body(jira: Jira, **changes: object) -> dict[str, Any]:
    return {
        "key": "backbone-work-sync",
        "clientKey": jira.app.client_key,
        "sharedSecret": "a-fresh-secret-from-jira",
        "baseUrl": jira.site.base_url,
        "productType": "jira",
        **changes,
    }


def signed(jira: Jira, claims: dict[str, Any]) -> str:
    """Sign as Atlassian does."""
    return tokens.sign_rs256(claims, kid=jira.world.kid)


def post(path: str, token: str, body: dict[str, Any]) -> int:
    headers = {"Authorization": f"JWT {token}"}
    return call_app("POST", path, headers=headers, body=json.dumps(body).encode()).status_code


def test_what_the_attacks_vary_is_accepted_as_it_is(
    jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    assert post(path, signed(jira, claims), body) == 204


def test_case_01_no_token(attack: Attack, jira: Jira, path: str, body: dict[str, Any]) -> None:
    attack.post(path, None, body)
    attack.post(path, "", body)
    attack.post(path, None, body, Authorization="Bearer abc.def.ghi")


@pytest.mark.parametrize("algorithm", ["none", "None", "nOnE", "NONE", ""])
def test_case_02_and_03_algorithm_none_in_every_spelling(
    attack: Attack, path: str, claims: dict[str, Any], body: dict[str, Any], algorithm: str
) -> None:
    head: dict[str, object] = {"alg": algorithm, "typ": "JWT", "kid": KID}

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
    key = foreign_key().public_key().public_numbers()
    modulus = encoded(key.n.to_bytes(256, "big"))
    jwk = json.dumps({"kty": "RSA", "n": modulus, "e": "AQAB", "kid": jira.world.kid}).encode()

    attack.post(path, hs256(claims, jwk, kid=jira.world.kid), body)


def test_case_06_signed_with_the_secret_that_the_same_body_brings(
    attack: Attack, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    attack.post(path, hs256(claims, body["sharedSecret"].encode()), body)


@pytest.mark.parametrize(
    "header",
    [
        {"jku": "https://evil.example/keys.json"},
        {"x5u": "https://evil.example/chain.pem"},
        {"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}},
        {"x5c": ["MIIB"]},
        {"crit": ["exp"]},
    ],
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
    attack.post(path, foreign_rs256(claims, kid=jira.world.kid), body)
    attack.post(path, foreign_rs256(claims), body)


@pytest.mark.parametrize(
    "kid",
    [
        "../x",
        "..",
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


def test_case_09_a_flood_of_invented_keys_stays_here(attack: Attack, jira: Jira) -> None:
    path, body = "/installed", install_body(jira)
    claims = good_claims(jira, path)
    calls = len(attack.outgoing.urls)

    with attack.changing_nothing():
        answers = {
            post(path, token({"alg": "RS256", "kid": secrets.token_hex(16)}, claims), body)
            for _ in range(1000)
        }

    assert answers == {401, 503}
    assert len(attack.outgoing.urls) - calls <= 20
    assert post(path, signed(jira, claims), body) == 204


def test_case_10_without_the_key_server_jira_is_asked_to_come_again(
    attack: Attack, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    attack.outgoing.down |= KEY_HOSTS

    with attack.changing_nothing():
        assert post(path, foreign_rs256(claims, kid=KID), body) == 503


def test_case_11_made_for_another_app(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    attack.post(path, signed(jira, {**claims, "aud": ["https://other.example"]}), body)


@pytest.mark.parametrize(
    "audience",
    [
        ["https://other.example", APP],
        [],
        "",
        [[APP]],
        {"0": APP},
        [None, APP],
        APP + ".",
        APP + ".evil.example",
        APP[:-1],
        APP + "/x",
        APP + "//",
        APP + "?",
        APP + ":443",
        APP.upper(),
        APP.replace("https", "http"),
        APP.replace("https://", ""),
        f"{APP}@evil.example",
        APP.replace("https://", "https://evil.example@"),
        f" {APP}",
        f"{APP},https://other.example",
    ],
)
def test_case_12_audiences_that_look_like_ours(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any], audience: object
) -> None:
    attack.post(path, signed(jira, {**claims, "aud": audience}), body)


@pytest.mark.parametrize("audience", [APP, f"{APP}/", [APP], [f"{APP}/"]])
def test_case_12_a_trailing_slash_or_a_bare_word_is_still_us(
    jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any], audience: object
) -> None:
    assert post(path, signed(jira, {**claims, "aud": audience}), body) == 204


@pytest.mark.parametrize("missing", ["aud", "exp", "iss", "qsh", "iat"])
def test_case_13_a_claim_is_missing(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any], missing: str
) -> None:
    del claims[missing]

    attack.post(path, signed(jira, claims), body)


def test_case_14_expired_beyond_the_leeway(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    now = int(jira.world.clock().timestamp())

    attack.post(path, signed(jira, {**claims, "iat": now - 300, "exp": now - 31}), body)

    assert post(path, signed(jira, {**claims, "iat": now - 300, "exp": now - 29}), body) == 204


def test_case_15_from_the_future_or_for_ever(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    now = int(jira.world.clock().timestamp())

    attack.post(path, signed(jira, {**claims, "exp": now + 10 * 365 * 86_400}), body)
    attack.post(path, signed(jira, {**claims, "iat": now + 3600, "exp": now + 7200}), body)


@pytest.mark.parametrize(
    "expiry", ['"9999999999"', "1795312000.5", "NaN", "Infinity", "true", "-1", "null", "[1]"]
)
def test_case_16_an_expiry_that_is_no_whole_number(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any], expiry: str
) -> None:
    value = json.loads(expiry)

    attack.post(path, signed(jira, {**claims, "exp": value}), body)


def test_case_17_signed_for_one_site_and_speaking_of_another(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    for client_key in ("somebody-else", "", None, [jira.app.client_key], jira.app.client_key.upper()):
        attack.post(path, signed(jira, claims), {**body, "clientKey": client_key})
    del body["clientKey"]

    attack.post(path, signed(jira, claims), body)


def test_case_18_a_signed_installation_replayed_with_the_body_of_another_site(
    attack: Attack, jira: Jira, other_jira: Jira, path: str, body: dict[str, Any]
) -> None:
    fetched_before = len(attack.outgoing.urls)

    attack.post(path, signed(other_jira, good_claims(other_jira, path)), body)

    assert len(attack.outgoing.urls) == fetched_before


def test_case_22_a_token_of_the_site_is_no_lifecycle_token(
    attack: Attack, jira: Jira, path: str, body: dict[str, Any]
) -> None:
    attack.post(path, jira.page_token("alice"), body)
    attack.post(path, jira.request_token("POST", path), body)


def test_case_23_and_24_signed_for_another_path_or_method(
    attack: Attack, jira: Jira, path: str, body: dict[str, Any]
) -> None:
    other = next(each for each in LIFECYCLE if each != path)
    for qsh in (
        request_hash("POST", other),
        request_hash("GET", path),
        request_hash("POST", f"{path}?x=1"),
        request_hash("POST", f"{path}/x"),
    ):
        attack.post(path, signed(jira, good_claims(jira, path, qsh=qsh)), body)


def test_case_26_a_page_hash_under_atlassians_signature(
    attack: Attack, jira: Jira, path: str, body: dict[str, Any]
) -> None:
    attack.post(path, signed(jira, good_claims(jira, path, qsh=tokens.PAGE_HASH)), body)


def test_a_refused_body_leaves_the_site_as_it_was(jira: Jira) -> None:
    claims = good_claims(jira, "/installed")
    before = everything()

    for changes in ({"sharedSecret": None}, {"sharedSecret": ""}, {"baseUrl": 7}, {"key": "another-app"}):
        assert post("/installed", signed(jira, claims), install_body(jira, **changes)) == 400

    assert everything() == before
