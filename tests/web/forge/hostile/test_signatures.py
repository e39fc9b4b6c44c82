"""Somebody pretends to be Forge: tokens that it did not sign, or not for us."""

import json

import pytest
from cryptography.hazmat.primitives import serialization
from django.conf import LazySettings

from backbone_app.models import ForgeInstallation
from jira_sandbox.connect import tokens
from tests.support import hostile
from tests.support.app import Jira
from tests.support.environment import APP
from tests.support.forge import JWKS, ROUTES, Deny, app_claims, event_body, fit, fit_claims, post_forge
from tests.support.hostile import Attack, foreign_rs256, hs256, request_hash

OTHER = "ari:cloud:ecosystem::app/00000000-0000-4000-a000-000000000000"


def public_pem() -> bytes:
    key = tokens._private_key("invocations").public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("route", ROUTES)
def test_a_call_that_forge_signed_for_us_is_taken(jira: Jira, route: str) -> None:
    assert post_forge(route, fit(jira), event_body(jira)).status_code == 204

    row = ForgeInstallation.objects.get()
    assert (row.pk, row.cloud_id) == (jira.app.installation_id, jira.site.cloud_id)


def test_a_call_without_a_token_or_with_it_elsewhere(attack: Attack, jira: Jira, route: str) -> None:
    body = json.dumps(event_body(jira)).encode()
    token = fit(jira)

    for headers in (
        {},
        {"Authorization": f"JWT {token}"},
        {"Authorization": f"bearer {token}"},
        {"Authorization": f"Bearer {token}, Bearer {token}"},
        {"Authorization": "Bearer "},
        {"Cookie": f"jwt={token}"},
        {"x-forge-oauth-system": token},
    ):
        attack.refused("POST", route, headers=headers, body=body)
    attack.refused("POST", f"{route}?jwt={token}", headers={"Authorization": f"Bearer {token}"}, body=body)


@pytest.mark.parametrize("audience", [OTHER, [OTHER], [], "", None, {"0": "x"}, APP])
def test_a_token_for_another_app(deny: Deny, jira: Jira, audience: object) -> None:
    deny(fit(jira, fit_claims(jira, aud=audience)))


def test_a_token_whose_own_app_is_its_audience_is_still_not_ours(deny: Deny, jira: Jira) -> None:
    claims = app_claims(jira, id=OTHER)

    deny(fit(jira, {**claims, "aud": OTHER}))


def test_our_app_among_several_audiences_is_not_enough(deny: Deny, jira: Jira) -> None:
    ours = fit_claims(jira)["aud"]

    deny(fit(jira, fit_claims(jira, aud=[ours, OTHER])))
    deny(fit(jira, fit_claims(jira, aud=[OTHER, ours])))
    for alike in (ours.upper(), f"{ours} ", f"{ours}/", ours[:-1], ours.rpartition("/")[2]):
        deny(fit(jira, fit_claims(jira, aud=alike)))


def test_without_an_app_id_of_ours_every_call_is_refused_and_nothing_is_fetched(
    deny: Deny, jira: Jira, settings: LazySettings
) -> None:
    settings.BACKBONE_FORGE_APP_ID = ""

    deny(fit(jira))
    deny(foreign_rs256(fit_claims(jira), kid="invented"))
    for nothing in ("", [""], None):
        deny(fit(jira, fit_claims(jira, aud=nothing)))


@pytest.mark.parametrize(
    "algorithm", ["none", "None", "nOnE", "HS256", "RS384", "PS256", "ES256", "EdDSA", ""]
)
def test_another_algorithm(deny: Deny, jira: Jira, algorithm: str) -> None:
    header: dict[str, object] = {"alg": algorithm, "kid": jira.world.forge_kid}

    deny(hostile.token(header, fit_claims(jira)))


def test_a_public_key_as_a_shared_secret(deny: Deny, jira: Jira) -> None:
    kid = jira.world.forge_kid
    document = json.dumps(tokens.invocation_key(kid)).encode()

    for secret in (public_pem(), document, b"", jira.app.shared_secret.encode()):
        deny(hs256(fit_claims(jira), secret, kid=kid))


def test_a_foreign_key_under_forges_name(deny: Deny, jira: Jira) -> None:
    deny(foreign_rs256(fit_claims(jira), kid=jira.world.forge_kid), fetches=1)


def test_a_key_of_connect_is_none_of_forges(deny: Deny, jira: Jira) -> None:
    deny(tokens.sign_rs256(fit_claims(jira), kid=jira.world.kid), fetches=1)
    deny(tokens.sign_rs256(fit_claims(jira), kid=jira.world.forge_kid))


@pytest.mark.parametrize("name", ["jku", "x5u", "jwk", "x5c", "crit", "b64", "zip"])
def test_a_token_that_brings_its_own_key_or_rules(deny: Deny, jira: Jira, name: str) -> None:
    deny(foreign_rs256(fit_claims(jira), kid=jira.world.forge_kid, **{name: "https://evil.example/k"}))


@pytest.mark.parametrize(
    "kid", ["../x", "//evil", "a?b", "@evil", "x" * 257, "", "ключ", "a\r\nb", "a b", None, 7]
)
def test_a_key_id_that_is_none_is_not_looked_for(deny: Deny, jira: Jira, kid: object) -> None:
    header: dict[str, object] = {"alg": "RS256", "kid": kid}

    deny(hostile.token(header, fit_claims(jira)))


def test_invented_key_ids_cost_two_fetches_a_minute(attack: Attack, jira: Jira) -> None:
    body = json.dumps(event_body(jira)).encode()
    seen = len(attack.outgoing.urls)

    for number in range(20):
        header = {"Authorization": f"Bearer {foreign_rs256(fit_claims(jira), kid=f'invented-{number}')}"}
        attack.refused("POST", "/forge/scheduled", headers=header, body=body, fetches=int(number == 0))

    assert attack.outgoing.urls[seen:] == [JWKS]
    assert post_forge("/forge/scheduled", fit(jira), event_body(jira)).status_code == 204


def test_tokens_of_connect_open_nothing_here(deny: Deny, jira: Jira, route: str) -> None:
    claims = jira.claims(aud=[APP], qsh=request_hash("POST", route))

    deny(tokens.sign_rs256(claims, kid=jira.world.kid))
    deny(jira.page_token("dana"))
    deny(jira.request_token("POST", route))


def test_a_token_of_forges_opens_nothing_of_connects(attack: Attack, jira: Jira) -> None:
    body = json.dumps(hostile.install_body(jira)).encode()

    for target in ("/installed", "/uninstalled", "/enabled", "/disabled", "/webhooks/jira"):
        for kind in ("Bearer", "JWT"):
            headers = {"Authorization": f"{kind} {fit(jira)}"}
            # Under the name of Connect's tokens the id of its key is looked up where Connect's keys are.
            asked = 2 * (kind == "JWT" and target == "/installed")
            attack.refused("POST", target, headers=headers, body=body, fetches=asked)
