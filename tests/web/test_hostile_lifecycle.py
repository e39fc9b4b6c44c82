"""Somebody has a token signed for something else and tries it on the lifecycle (cases 11 to 34)."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from backbone_app import gateway
from backbone_app.models.site import SiteStatus
from jira_sandbox.connect import tokens
from jira_sandbox.transport import KEY_HOSTS
from tests.support.app import Jira
from tests.support.environment import APP
from tests.support.hostile import (
    LIFECYCLE,
    Attack,
    everything,
    foreign_rs256,
    good_claims,
    install_body,
    post,
    request_hash,
    signed,
)
from tests.support.sandbox import VirtualClock


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

    attack.post(path, signed(jira, {**claims, "exp": now - 31}), body)

    assert post(path, signed(jira, {**claims, "exp": now - 29}), body) == 204


def test_case_15_from_the_future_or_for_ever(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], body: dict[str, Any]
) -> None:
    now = int(jira.world.clock().timestamp())

    attack.post(path, signed(jira, {**claims, "exp": now + 10 * 365 * 86_400}), body)
    attack.post(path, signed(jira, {**claims, "iat": now + 3600, "exp": now + 7200}), body)
    attack.post(path, signed(jira, {**claims, "iat": now + 31}), body)


@pytest.mark.parametrize(
    "expiry", ['"9999999999"', "1795312000.5", "NaN", "Infinity", "true", "-1", "null", "[1]", "1e400", "{}"]
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


@pytest.mark.parametrize("host", ["acme.jira-dev.com", "acme.atlassian.net.jira-dev.com", "evil.example"])
def test_case_21_the_address_in_the_body_chooses_no_key_server(
    attack: Attack, jira: Jira, path: str, claims: dict[str, Any], host: str
) -> None:
    staging = {"baseUrl": f"https://{host}", "displayUrl": f"https://{host}", "publicKey": "mine"}
    seen = len(attack.outgoing.urls)

    attack.post(
        path, foreign_rs256(claims, kid="a-key"), install_body(jira, **staging), fetches=len(KEY_HOSTS)
    )

    assert {urlsplit(url).netloc for url in attack.outgoing.urls[seen:]} == KEY_HOSTS


def test_case_22_a_token_of_the_site_is_no_lifecycle_token(
    attack: Attack, jira: Jira, path: str, body: dict[str, Any]
) -> None:
    attack.post(path, jira.page_token("alice"), body)
    attack.post(path, jira.request_token("POST", path), body)


def test_case_23_signed_for_another_path(attack: Attack, jira: Jira, path: str, body: dict[str, Any]) -> None:
    other = next(each for each in LIFECYCLE if each != path)

    for target in (other, "/enabled", "/", f"{path}?x=1", f"{path}/x", path.upper()):
        claims = good_claims(jira, path, qsh=request_hash("POST", target))
        attack.post(path, signed(jira, claims), body)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_case_24_signed_for_another_method(
    attack: Attack, jira: Jira, path: str, body: dict[str, Any], method: str
) -> None:
    claims = good_claims(jira, path, qsh=request_hash(method, path))

    attack.post(path, signed(jira, claims), body)


def test_case_26_a_page_hash_under_atlassians_signature(
    attack: Attack, jira: Jira, path: str, body: dict[str, Any]
) -> None:
    attack.post(path, signed(jira, good_claims(jira, path, qsh=tokens.PAGE_HASH)), body)


def test_case_33_an_uninstallation_signed_for_one_site_that_names_another(
    attack: Attack, jira: Jira, other_jira: Jira
) -> None:
    claims = good_claims(jira, "/uninstalled")
    named = install_body(other_jira)

    attack.post("/uninstalled", signed(jira, claims), named)
    attack.post("/uninstalled", jira.request_token("POST", "/uninstalled"), named)


def test_case_34_an_uninstallation_replayed_after_a_new_installation(
    attack: Attack, jira: Jira, clock: VirtualClock
) -> None:
    kept, body = signed(jira, good_claims(jira, "/uninstalled")), install_body(jira)
    jira.uninstall()
    clock.advance(seconds=1)
    jira.install()

    attack.post("/uninstalled", kept, body)

    assert jira.row.status == SiteStatus.ENABLED
    jira.uninstall()
    assert jira.row.status == SiteStatus.UNINSTALLED


def test_case_34_an_installation_replayed_after_a_newer_one(
    attack: Attack, jira: Jira, clock: VirtualClock
) -> None:
    kept, body = (
        signed(jira, good_claims(jira, "/installed")),
        install_body(jira, sharedSecret="chosen-by-them, and as long as it has to be"),
    )
    clock.advance(seconds=1)
    jira.install()

    attack.post("/installed", kept, body)

    assert gateway.shared_secret(jira.row) == jira.app.shared_secret


def test_case_34_within_the_second_of_the_installation_an_uninstallation_counts(jira: Jira) -> None:
    assert post("/uninstalled", signed(jira, good_claims(jira, "/uninstalled")), install_body(jira)) == 204

    assert jira.row.status == SiteStatus.UNINSTALLED


def test_a_refused_body_leaves_the_site_as_it_was(jira: Jira) -> None:
    claims = good_claims(jira, "/installed")
    before = everything()

    for changes in (
        {"sharedSecret": "s" * 31},
        {"sharedSecret": "s" * 256},
        {"baseUrl": 7},
        {"key": "another-app"},
    ):
        assert post("/installed", signed(jira, claims), install_body(jira, **changes)) == 400

    assert everything() == before
