"""Bodies of lifecycle calls: every member Jira may send, those it must, and recorded ones of other apps."""

import csv
import json
from typing import Any

import pytest

from backbone_app import gateway
from backbone_app.models import Site
from backbone_app.models.site import SiteStatus
from jira_sandbox.connect import tokens
from tests.support.app import Jira, call_app
from tests.support.environment import APP
from tests.support.hostile import FRESH, Attack, good_claims, install_body, request_hash, signed
from tests.support.sandbox import VirtualClock
from tests.support.shared import SHARED

RECORDED = SHARED / "corpus" / "connect"
PATHS = ("/installed", "/uninstalled", "/enabled", "/disabled")
EVERY_MEMBER = {
    "oauthClientId": "eyJob3N0S2V5Ijoi",
    "publicKey": "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC",
    "serverVersion": "100095",
    "pluginsVersion": "1.223.0",
    "displayUrl": "https://tracker.acme.example",
    "displayUrlServicedeskHelpCenter": "https://help.acme.example",
    "description": "Atlassian Jira at https://acme.atlassian.net",
    "serviceEntitlementNumber": "SEN-1",
    "entitlementId": "6b4ed5ad",
    "entitlementNumber": "E-1",
    "eventType": "installed",
    "installationId": "ari:cloud:ecosystem::installation/3ad7b15e",
    "cloudId": "f2a8d2c4-0b1f-4c36-9d3b-0c7c0d5e8f11",
}
"""What Jira sends besides what we need; some of it only newer sites do."""
KEPT = {
    *("lifecycle_at", "lifecycle_digest"),
    *("previous_secret_sealed", "previous_until"),
    *("cloud_id", "installation", "display_url"),
}


def call(
    jira: Jira,
    path: str,
    body: dict[str, Any],
    *,
    secret: str = "",
    kind: str = "application/json",
    **claims: object,
) -> int:
    """Call a lifecycle address signed as it should be: by Atlassian, or by the site."""
    if path in {"/installed", "/uninstalled"}:
        token = signed(jira, good_claims(jira, path, **claims))
    else:
        said = jira.claims(qsh=request_hash("POST", path), **claims)
        token = tokens.sign_hs256(said, secret or jira.app.shared_secret)
    headers = {"Authorization": f"JWT {token}", "Content-Type": kind}
    return call_app("POST", path, headers=headers, body=json.dumps(body).encode()).status_code


@pytest.mark.parametrize("path", PATHS)
def test_every_member_jira_may_send_and_any_it_may_add_is_taken_in(jira: Jira, path: str) -> None:
    body = install_body(jira, sharedSecret=jira.app.shared_secret)
    added = {"newIn2027": {"deep": [1, None, "\x00"]}, "": "", "status": "uninstalled", "id": "7"}

    assert call(jira, path, body | EVERY_MEMBER | added) == 204

    assert jira.row.base_url == jira.site.base_url
    assert jira.row.client_key == jira.app.client_key


@pytest.mark.parametrize("path", PATHS)
def test_every_member_we_do_not_need_may_have_any_form(jira: Jira, clock: VirtualClock, path: str) -> None:
    body = install_body(jira, sharedSecret=jira.app.shared_secret)
    forms: tuple[object, ...] = (None, 7, [], {"a": 1}, "", "x" * 500)

    for odd in forms:
        clock.advance(seconds=1)
        assert call(jira, path, body | dict.fromkeys(EVERY_MEMBER, odd)) == 204


def test_what_is_kept_of_an_installation_is_named_here_and_nothing_else_changes(jira: Jira) -> None:
    before = {name: value for name, value in vars(jira.row).items() if name != "_state"}

    assert call(jira, "/installed", install_body(jira, **EVERY_MEMBER)) == 204

    after = vars(jira.row)
    changed = {name for name, value in before.items() if after[name] != value}
    assert changed == {"secret_sealed", "installed_at"} | KEPT
    assert gateway.shared_secret(jira.row) == FRESH


MISSING = object()
NO_SECRET = (MISSING, None, "")
"""What is no mistake: an installation that brings none."""
NO_TEXT: tuple[Any, ...] = (
    MISSING,
    None,
    "",
    7,
    7.5,
    True,
    [],
    ["x"],
    {},
    {"x": "y"},
    "a\nb",
    "\x00",
    "\u202e",
)


@pytest.mark.parametrize("name", ["baseUrl", "sharedSecret"])
def test_an_installation_without_a_text_that_is_needed_changes_nothing(
    attack: Attack, jira: Jira, name: str
) -> None:
    odd = [each for each in NO_TEXT if name == "baseUrl" or each not in NO_SECRET]

    with attack.changing_nothing():
        answers = [call(jira, "/installed", without(install_body(jira), name, each)) for each in odd]

    assert answers == [400] * len(odd)
    assert len(odd) >= 10


@pytest.mark.parametrize("length", [1, 16, 31])
def test_a_secret_that_is_shorter_than_256_bits_is_refused(attack: Attack, jira: Jira, length: int) -> None:
    """RFC 7518 §3.2: a shorter one could be guessed from any token that it signed."""
    with attack.changing_nothing():
        assert call(jira, "/installed", install_body(jira, sharedSecret="s" * length)) == 400

    assert call(jira, "/installed", install_body(jira, sharedSecret="s" * 32)) == 204


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jose", ""])
@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_says_it_is_no_json_is_not_read(attack: Attack, jira: Jira, path: str, kind: str) -> None:
    body = install_body(jira, sharedSecret=jira.app.shared_secret)

    with attack.changing_nothing():
        assert call(jira, path, body, kind=kind) == 415

    assert call(jira, path, body, kind="application/json; charset=UTF-8") == 204


def test_an_installation_whose_secret_or_address_is_endless_changes_nothing(
    attack: Attack, jira: Jira
) -> None:
    longest = f"https://{'a' * 300}.atlassian.net"

    with attack.changing_nothing():
        answers = [call(jira, "/installed", install_body(jira, sharedSecret="s" * 256))]
        answers.append(call(jira, "/installed", install_body(jira, baseUrl=longest)))

    assert answers == [400, 400]
    assert call(jira, "/installed", install_body(jira, sharedSecret="s" * 255)) == 204


@pytest.mark.parametrize("path", PATHS)
def test_a_call_about_no_app_or_another_one_changes_nothing(attack: Attack, jira: Jira, path: str) -> None:
    others = (*NO_TEXT, "another-app", "backbone-work-sync ", "BACKBONE-WORK-SYNC")

    with attack.changing_nothing():
        answers = [call(jira, path, without(install_body(jira), "key", odd)) for odd in others]

    assert answers == [400] * len(others)


@pytest.mark.parametrize("path", PATHS)
def test_a_call_that_does_not_name_the_site_it_is_signed_for_changes_nothing(
    attack: Attack, jira: Jira, path: str
) -> None:
    body = install_body(jira, sharedSecret=jira.app.shared_secret)

    with attack.changing_nothing():
        answers = [call(jira, path, without(body, "clientKey", odd)) for odd in NO_TEXT]

    assert answers == [401] * len(NO_TEXT)


def without(body: dict[str, Any], name: str, odd: object) -> dict[str, Any]:
    """The body with something odd in a member's place, or without it."""
    rest = {key: value for key, value in body.items() if key != name}
    return rest if odd is MISSING else rest | {name: odd}


def recorded(kind: str) -> list[dict[str, Any]]:
    """The recorded bodies whose kind begins so, by the corpus's own index."""
    with (RECORDED / "INDEX.tsv").open() as index:
        names = [row[0] for row in csv.reader(index, delimiter="\t") if row[1].startswith(kind)]
    return [json.loads((RECORDED / name).read_text()) for name in names]


needs_corpus = pytest.mark.skipif(
    not RECORDED.exists(), reason="the recorded lifecycle bodies are not in SHARED_DIR: our own remain"
)


@needs_corpus
@pytest.mark.parametrize("path", PATHS)
def test_a_recorded_body_about_another_app_is_refused(attack: Attack, jira: Jira, path: str) -> None:
    bodies = recorded("descriptor") + recorded("lifecycle:")

    with attack.changing_nothing():
        answers = [call(jira, path, body) for body in bodies]

    assert answers == [400] * len(bodies)
    assert len(bodies) > 20


@needs_corpus
def test_a_recorded_installation_is_taken_in_where_its_address_is_a_sites_in_the_cloud(jira: Jira) -> None:
    fates = {
        "https://example.atlassian.net": 400,  # an example of the documentation: its secret has 26 letters
        "https://awesome-client.atlassian.net": 204,
        "http://jira.atlassian.com:2990/jira": 400,  # neither https nor the root of a site
    }
    bodies = [body | {"key": "backbone-work-sync"} for body in recorded("lifecycle:installed")]

    answers = {body["baseUrl"]: call(jira, "/installed", body, iss=body["clientKey"]) for body in bodies}

    assert answers == fates
    new = Site.objects.exclude(pk=jira.row.pk)
    assert {site.base_url for site in new} == {url for url, status in fates.items() if status == 204}
    assert {gateway.shared_secret(site) for site in new} == {
        body["sharedSecret"] for body in bodies if fates[body["baseUrl"]] == 204
    }


@needs_corpus
def test_a_recorded_life_ends_where_it_says(jira: Jira) -> None:
    key = recorded("lifecycle:uninstalled")[0]["clientKey"]
    events = {
        event: next(body for body in recorded(f"lifecycle:{event}") if body["clientKey"] == key)
        for event in ("installed", "enabled", "disabled", "uninstalled")
    }
    secret = events["installed"]["sharedSecret"]
    seen = []

    for event, body in events.items():
        about_us = {**body, "key": "backbone-work-sync"}
        assert call(jira, f"/{event}", about_us, secret=secret, iss=key, aud=[APP]) == 204
        seen.append(Site.objects.get(client_key=key).status)

    assert seen == [SiteStatus.ENABLED, SiteStatus.ENABLED, SiteStatus.DISABLED, SiteStatus.UNINSTALLED]
