"""What others are known to have got wrong in the verifier of a Connect app, each tried on ours.

From advisories and from the published sources of apps.
"""

import json
import logging
from urllib.parse import urlencode

import pytest

from backbone_app.jira.egress import Door, EgressPolicy
from jira_sandbox.connect import tokens
from jira_sandbox.transport import KEY_HOSTS
from tests.support import wire
from tests.support.app import Jira, call_app, forget
from tests.support.hostile import (
    Attack,
    foreign_rs256,
    good_claims,
    hs256,
    install_body,
    post,
    request_hash,
    signed,
)

HOOK = "/webhooks/jira"
OVERVIEW = "/spaces/10000/overview"
CHOSEN = "chosen-by-them, and as long as it has to be"
NOTICES = ("/installed", "/uninstalled", "/enabled", "/disabled")
SECRET_WORDS = "a-word-that-nobody-may-read-in-a-log"


def test_sentry_and_an_odoo_addon_let_the_token_choose_its_algorithm(attack: Attack, jira: Jira) -> None:
    """``jwt.decode(token, key, algorithms=[header["alg"]])``; PyJWT's CVE-2022-29217 is of the same kind."""
    for path in ("/installed", "/uninstalled"):
        claims = good_claims(jira, path)
        attack.post(path, hs256(claims, tokens.public_key_pem(), kid=jira.world.kid), install_body(jira))
        attack.post(path, hs256(claims, b"", alg="none", kid=jira.world.kid), install_body(jira))


@pytest.mark.parametrize("algorithm", ["HS384", "HS512", "RS256", "none"])
def test_several_apps_let_the_token_choose_between_secrets_and_keys(
    attack: Attack, jira: Jira, algorithm: str
) -> None:
    """``getAlgorithm(token)`` on the symmetric path too."""
    claims = jira.claims(qsh=request_hash("POST", HOOK))

    attack.post(HOOK, hs256(claims, jira.app.shared_secret.encode(), alg=algorithm), {})
    attack.post(HOOK, hs256(claims, tokens.public_key_pem(), alg=algorithm, kid=jira.world.kid), {})
    attack.post(HOOK, signed(jira, claims), {})


@pytest.mark.parametrize(
    "kid", ["../../evil", "x@evil.example", "//evil.example/x", "x?a=b", "x#y", "x/../y"]
)
def test_sentry_and_an_odoo_addon_put_the_key_name_into_an_address_as_it_came(
    attack: Attack, jira: Jira, kid: str
) -> None:
    attack.post("/installed", foreign_rs256(good_claims(jira, "/installed"), kid=kid), install_body(jira))


def test_the_same_two_asked_the_key_server_without_a_time_limit(attack: Attack, jira: Jira) -> None:
    forget()

    assert post("/installed", signed(jira, good_claims(jira, "/installed")), install_body(jira)) == 204

    assert attack.outgoing.limits
    assert all(0 < limit <= 30 for limit in attack.outgoing.limits)


def test_github_for_jira_chose_the_key_server_by_the_address_in_the_body(attack: Attack, jira: Jira) -> None:
    """An address of ``.jira-dev.com`` there led to the staging server, whose keys are easier to come by."""
    seen = len(attack.outgoing.urls)
    body = install_body(jira, baseUrl="https://acme.jira-dev.com", displayUrl="https://acme.jira-dev.com")

    attack.post("/installed", foreign_rs256(good_claims(jira, "/installed"), kid="a-key"), body, fetches=2)

    assert {url.split("/")[2] for url in attack.outgoing.urls[seen:]} == KEY_HOSTS


def test_github_for_jira_did_not_compare_the_signed_site_with_the_one_in_the_body(
    attack: Attack, jira: Jira, other_jira: Jira
) -> None:
    for path in ("/installed", "/uninstalled"):
        attack.post(path, signed(jira, good_claims(jira, path)), install_body(other_jira))


def test_github_for_jira_took_a_token_from_query_body_header_and_cookie(attack: Attack, jira: Jira) -> None:
    hook, page = jira.request_token("POST", HOOK), jira.page_token("alice")
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    attack.refused("POST", f"{HOOK}?jwt={hook}")
    attack.refused("POST", HOOK, headers=form, body=urlencode({"jwt": hook}).encode())
    attack.refused("POST", HOOK, body=json.dumps({"jwt": hook}).encode())
    attack.refused("POST", HOOK, headers={"Cookie": f"jwt={hook}"})
    attack.refused("GET", f"{OVERVIEW}?jwt={page}")
    attack.refused("GET", OVERVIEW, headers={"Cookie": f"jwt={page}"})


@pytest.mark.parametrize("expiry", [None, 0, "", False])
def test_github_for_jira_checked_the_expiry_only_where_there_was_one(
    attack: Attack, jira: Jira, expiry: object
) -> None:
    hook = {**jira.claims(qsh=request_hash("POST", HOOK)), "exp": expiry}
    installation = {**good_claims(jira, "/installed"), "exp": expiry}

    attack.post(HOOK, hs256(hook, jira.app.shared_secret.encode()), {})
    attack.post("/installed", signed(jira, installation), install_body(jira))
    del hook["exp"], installation["exp"]
    attack.post(HOOK, hs256(hook, jira.app.shared_secret.encode()), {})
    attack.post("/installed", signed(jira, installation), install_body(jira))


def test_github_for_jira_and_pycontribs_logged_whole_requests_and_answers(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The request's configuration with its Authorization there, headers and bodies of answers here."""
    door = Door(EgressPolicy(cloud_hosts=(), service_hosts=(), allow_loopback_http=True))
    said = wire.answer(200, json.dumps({"displayName": SECRET_WORDS}).encode(), X_Answer=SECRET_WORDS)

    with wire.wired(said) as served, caplog.at_level(logging.DEBUG):
        headers = {"Authorization": f"JWT {SECRET_WORDS}"}
        reply = door.send("POST", f"{served.url}/rest", headers=headers, body=SECRET_WORDS.encode())
    door.close()

    assert SECRET_WORDS.encode() in reply.body
    assert SECRET_WORDS.encode() in served.requests[0]
    assert [record for record in caplog.records if record.levelno == logging.DEBUG]
    assert SECRET_WORDS not in caplog.text


def test_our_own_lines_at_debug_level_have_neither_tokens_nor_secrets(
    jira: Jira, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    token = signed(jira, good_claims(jira, "/installed"))
    page = jira.page_token("alice")

    with caplog.at_level(logging.DEBUG):
        assert post("/installed", token, install_body(jira, sharedSecret=jira.app.shared_secret)) == 204
        call_app("GET", OVERVIEW, headers={"Authorization": f"JWT {page}"})
        call_app("GET", f"/space-settings?spaceId=10000&jwt={page}")

    written = caplog.text + "".join(capfd.readouterr())
    assert "auth_rejected" in written
    for kept in (token, page, token.split(".")[2], page.split(".")[2], jira.app.shared_secret):
        assert kept not in written


@pytest.mark.parametrize("path", NOTICES)
def test_connect_express_and_spring_boot_took_a_page_token_at_the_lifecycle(
    attack: Attack, jira: Jira, path: str
) -> None:
    """CVE-2021-26073, 26074, 26077: whoever saw a page could install the app anew, with an own secret."""
    for token in (jira.page_token("alice"), jira.page_token("alice", aud=["https://backbone.example"])):
        attack.post(path, token, install_body(jira, sharedSecret=CHOSEN))
        attack.refused("POST", f"{path}?jwt={token}", body=json.dumps(install_body(jira)).encode())


def test_before_signed_install_the_secret_in_the_body_proved_the_body(attack: Attack, jira: Jira) -> None:
    for client_key in (jira.app.client_key, "a-newcomer"):
        claims = good_claims(jira, "/installed", iss=client_key)
        body = install_body(jira, clientKey=client_key, sharedSecret=CHOSEN)
        attack.post("/installed", hs256(claims, CHOSEN.encode()), body)


def test_a_reinstallation_signed_with_the_sites_old_secret_is_no_longer_one(
    attack: Attack, jira: Jira
) -> None:
    """What the vendors were told to do in 2016; a leaked secret would be worth the site for ever."""
    claims = good_claims(jira, "/installed")

    attack.post("/installed", hs256(claims, jira.app.shared_secret.encode()), install_body(jira))


def test_many_apps_took_an_installation_that_nobody_had_signed(attack: Attack, jira: Jira) -> None:
    """The vendors' mail of 2016, github-for-jira #132, mattermost-plugin-jira #1302."""
    for body in (install_body(jira), install_body(jira, clientKey="a-newcomer")):
        attack.post("/installed", None, body)
        attack.post("/uninstalled", None, body)
