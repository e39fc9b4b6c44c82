"""Somebody uses a token where it does not belong (cases 22 to 33)."""

import json
from urllib.parse import quote, urlencode

import pytest

from backbone_app.models.site import SiteStatus
from jira_sandbox.connect import tokens
from tests.support.app import INITECH, Headers, Jira, call_app
from tests.support.environment import APP
from tests.support.hostile import Attack, everything, hs256, request_hash

HOOK = "/webhooks/jira"
ENTRY = "/space-settings?spaceId=10000&spaceKey=ALPHA"
OVERVIEW = "/spaces/10000/overview"
EVENT = b'{"webhookEvent":"jira:issue_updated"}'


def jwt(token: str) -> Headers:
    return {"Authorization": f"JWT {token}"}


def signed_for(jira: Jira, target: str, *, method: str = "GET") -> str:
    """A token for a request to ``target``, which need not be the one it is sent with."""
    return tokens.sign_hs256(jira.claims(qsh=request_hash(method, target)), jira.app.shared_secret)


def entry_status(jira: Jira, target: str, token: str) -> int:
    return call_app("GET", f"{target}&jwt={token}").status_code


def test_what_the_attacks_vary_is_accepted_as_it_is(jira: Jira) -> None:
    assert entry_status(jira, ENTRY, signed_for(jira, ENTRY)) == 200
    assert call_app("GET", ENTRY, headers=jwt(signed_for(jira, ENTRY))).status_code == 200
    assert call_app("GET", OVERVIEW, headers=jwt(jira.page_token("alice"))).status_code == 200


def test_case_22_a_page_token_opens_no_door_but_its_own(attack: Attack, jira: Jira) -> None:
    token = jira.page_token("alice")

    for target in ("/installed", "/uninstalled", "/enabled", "/disabled", HOOK):
        attack.refused("POST", target, headers=jwt(token), body=EVENT)
    for entry in (ENTRY, "/global-settings?x=1", "/panel?itemId=10001&itemKey=ALPHA-1"):
        attack.refused("GET", entry, headers=jwt(token))
        attack.refused("GET", f"{entry}&jwt={token}")


@pytest.mark.parametrize(
    "signed", ["/webhooks/other", "/webhooks", "/webhooks/jira/x", "/", "/webhooks%2Fjira", "/webhooks&jira"]
)
def test_case_23_signed_for_another_path(attack: Attack, jira: Jira, signed: str) -> None:
    attack.refused("POST", HOOK, headers=jwt(signed_for(jira, signed, method="POST")), body=EVENT)


@pytest.mark.parametrize("received", ["/%77ebhooks/jira", "/webhooks/jir%61"])
def test_case_23_a_path_that_only_means_the_signed_one(attack: Attack, jira: Jira, received: str) -> None:
    attack.refused("POST", received, headers=jwt(signed_for(jira, HOOK, method="POST")), body=EVENT)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "HEAD"])
def test_case_24_signed_for_another_method(attack: Attack, jira: Jira, method: str) -> None:
    attack.refused("POST", HOOK, headers=jwt(signed_for(jira, HOOK, method=method)), body=EVENT)


@pytest.mark.parametrize(
    "received",
    [
        "spaceKey=ALPHA&spaceId=10000&x=1&x=2&y=a%20b&z=",
        "x=2&spaceId=10000&spaceKey=ALPHA&y=a%20b&z=&x=1",
        "spaceId=10000&spaceKey=%41LPHA&x=1&x=2&y=a%20b&z=",
        "spaceId=10000&spaceKey=ALPHA&x=1&x=2&y=a+b&z=",
        "spaceId=10000&spaceKey=ALPHA&x=1&x=2&y=a%20b&z",
        "spaceId=10000&spaceKey=ALPHA&&x=%31&x=2&y=a%20%62&z=&",
    ],
)
def test_case_25_the_same_query_written_differently_is_accepted(jira: Jira, received: str) -> None:
    signed = signed_for(jira, "/space-settings?spaceId=10000&spaceKey=ALPHA&x=1&x=2&y=a%20b&z=")

    assert entry_status(jira, f"/space-settings?{received}", signed) == 200


@pytest.mark.parametrize("signed", [f"{HOOK}/", f"{HOOK}?", f"{HOOK}?jwt=another.one.here"])
def test_case_25_a_slash_at_the_end_and_the_token_itself_do_not_count(jira: Jira, signed: str) -> None:
    headers = jwt(signed_for(jira, signed, method="POST"))

    assert call_app("POST", HOOK, headers=headers, body=EVENT).status_code == 204


@pytest.mark.parametrize("signed", [f"{HOOK}//", f"/{HOOK}", f"{HOOK}&x=1", f"{HOOK}%3Fx=1", f"{HOOK};x"])
def test_case_25_a_path_that_differs(attack: Attack, jira: Jira, signed: str) -> None:
    attack.refused("POST", HOOK, headers=jwt(signed_for(jira, signed, method="POST")), body=EVENT)


@pytest.mark.parametrize(
    ("signed", "received"),
    [
        ("spaceId=10000&x=1", "spaceId=10001&x=1"),
        ("spaceId=10000&x=1", "spaceId=10000&X=1"),
        ("spaceId=10000&x=1", "spaceId=10000"),
        ("spaceId=10000", "spaceId=10000&x=1"),
        ("spaceId=10000&x=1", "spaceId=10000;x=1"),
        ("spaceId=10000&x=", "spaceId=10000"),
        ("spaceId=10000&x=1&x=1", "spaceId=10000&x=1"),
        ("spaceId=10000&x=1&x=2", "spaceId=10000&x=1,2"),
        ("spaceId=10000&x=1,2", "spaceId=10000&x=1&x=2"),
        ("spaceId=10000&x=a%2Fb", "spaceId=10000&x=a%252Fb"),
        ("spaceId=10000&x=a%2Bb", "spaceId=10000&x=a+b"),
        ("spaceId=10000&x=1%26y=2", "spaceId=10000&x=1&y=2"),
        ("spaceId=10000&x=%FF", "spaceId=10000&x=%FE"),
        ("spaceId=10000", "spaceId=10000&JWT=x"),
    ],
)
def test_case_25_a_query_that_differs(attack: Attack, jira: Jira, signed: str, received: str) -> None:
    token = signed_for(jira, f"/space-settings?{signed}")

    attack.refused("GET", f"/space-settings?{received}&jwt={token}")


@pytest.mark.parametrize("target", [HOOK, "/enabled", "/disabled"])
def test_case_26_a_page_hash_between_servers(attack: Attack, jira: Jira, target: str) -> None:
    body = json.dumps({"key": "backbone-work-sync", "clientKey": jira.app.client_key}).encode()
    claims = jira.claims(qsh=tokens.PAGE_HASH)

    attack.refused("POST", target, headers=jwt(tokens.sign_hs256(claims, jira.app.shared_secret)), body=body)


@pytest.mark.parametrize("target", [ENTRY, OVERVIEW])
def test_case_27_a_token_for_one_request_on_our_own_pages(attack: Attack, jira: Jira, target: str) -> None:
    token = jira.request_token("GET", target, person="alice")

    attack.refused("GET", OVERVIEW, headers=jwt(token))


def test_case_28_two_tokens_in_one_request(attack: Attack, jira: Jira) -> None:
    token, page = signed_for(jira, ENTRY), jira.page_token("alice")

    attack.refused("GET", f"{ENTRY}&jwt={token}", headers=jwt(token))
    attack.refused("GET", f"{ENTRY}&jwt={token}&jwt={token}")
    attack.refused("GET", ENTRY, headers={"Authorization": f"JWT {token},JWT {token}"})
    attack.refused("GET", f"{OVERVIEW}?jwt={page}", headers=jwt(page))
    attack.refused("GET", f"{OVERVIEW}?jwt={page}")
    hook = signed_for(jira, HOOK, method="POST")
    attack.refused("POST", f"{HOOK}?jwt={hook}", headers=jwt(hook), body=EVENT)
    attack.refused("POST", f"{HOOK}?jwt={hook}", body=EVENT)


def test_case_28_tokens_of_two_sites_in_query_header_and_body(
    attack: Attack, jira: Jira, other_jira: Jira
) -> None:
    ours, theirs = signed_for(jira, ENTRY), signed_for(other_jira, ENTRY)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    hook, other_hook = (signed_for(each, HOOK, method="POST") for each in (jira, other_jira))

    attack.refused("GET", f"{ENTRY}&jwt={ours}", headers=jwt(theirs), body=f"jwt={ours}".encode())
    attack.refused("GET", f"{ENTRY}&jwt={ours}&jwt={theirs}")
    attack.refused("POST", f"{HOOK}?jwt={hook}", headers=jwt(other_hook) | form, body=f"jwt={hook}".encode())
    attack.refused("POST", f"{HOOK}?jwt={hook}", headers=form, body=f"jwt={other_hook}".encode())


def test_case_29_a_token_in_a_cookie_or_a_form(attack: Attack, jira: Jira) -> None:
    page, hook = jira.page_token("alice"), signed_for(jira, HOOK, method="POST")

    attack.refused("GET", OVERVIEW, headers={"Cookie": f"jwt={page}; Authorization=JWT {page}"})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    attack.refused("POST", HOOK, headers=form, body=f"jwt={quote(hook)}".encode())


def test_case_29_a_cookie_beside_a_token_is_not_read(jira: Jira, other_jira: Jira) -> None:
    headers = jwt(jira.page_token("alice")) | {"Cookie": f"jwt={other_jira.page_token('alice')}"}

    answer = call_app("GET", OVERVIEW, headers=headers)

    assert answer.status_code == 200
    assert f"frame-ancestors {jira.site.base_url}" in answer["Content-Security-Policy"]


def test_case_30_naming_another_site_beside_the_token_changes_nothing(jira: Jira, other_jira: Jira) -> None:
    theirs = other_jira.app.client_key
    headers = jwt(jira.page_token("alice")) | {"X-Client-Key": theirs}

    answer = call_app("GET", f"{OVERVIEW}?clientKey={theirs}&iss={theirs}&xdm_e={INITECH}", headers=headers)

    assert answer.status_code == 200
    assert f"frame-ancestors {jira.site.base_url};" in f"{answer['Content-Security-Policy']};"


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
def test_case_30_naming_another_site_in_the_body_changes_nothing(
    attack: Attack, jira: Jira, other_jira: Jira, kind: str
) -> None:
    named = {"clientKey": other_jira.app.client_key, "baseUrl": INITECH, "site": str(other_jira.row.id)}
    body = json.dumps(named) if kind == "application/json" else urlencode(named)
    headers = jwt(jira.page_token("alice")) | {"Content-Type": kind}
    before, seen = everything()["Site"], len(attack.outgoing.urls)

    page = call_app("POST", "/spaces/10000/new/overview", headers=headers, body=body.encode())
    api = call_app("POST", "/api/1/spaces/10000/requests", headers=headers, body=body.encode())

    assert page.status_code == 200
    assert f"frame-ancestors {jira.site.base_url};" in f"{page['Content-Security-Policy']};"
    assert 400 <= api.status_code < 500
    assert INITECH not in (page.content + api.content).decode()
    assert {"/".join(url.split("/")[:3]) for url in attack.outgoing.urls[seen:]} == {jira.site.base_url}
    assert everything()["Site"] == before


def test_case_31_a_token_of_a_site_that_has_removed_us(attack: Attack, jira: Jira) -> None:
    page, entry = jira.page_token("alice"), signed_for(jira, ENTRY)
    hook = signed_for(jira, HOOK, method="POST")
    jira.uninstall()

    attack.refused("GET", OVERVIEW, headers=jwt(page))
    attack.refused("GET", f"{ENTRY}&jwt={entry}")
    attack.refused("POST", HOOK, headers=jwt(hook), body=EVENT)


def test_case_32_a_site_that_has_switched_us_off(attack: Attack, jira: Jira) -> None:
    jira.disable()
    hook = jwt(signed_for(jira, HOOK, method="POST"))
    called = len(attack.outgoing.urls)

    with attack.changing_nothing():
        assert jira.row.status == SiteStatus.DISABLED
        assert call_app("GET", OVERVIEW, headers=jwt(jira.page_token("alice"))).status_code == 403
        assert entry_status(jira, ENTRY, signed_for(jira, ENTRY)) == 403
        assert call_app("POST", HOOK, headers=hook, body=EVENT).status_code == 403

    assert len(attack.outgoing.urls) == called


@pytest.mark.parametrize("target", ["/enabled", "/disabled"])
def test_case_33_a_notice_of_one_site_that_names_another(
    attack: Attack, jira: Jira, other_jira: Jira, target: str
) -> None:
    body = json.dumps({"key": "backbone-work-sync", "clientKey": other_jira.app.client_key}).encode()

    attack.refused("POST", target, headers=jwt(signed_for(jira, target, method="POST")), body=body)


def test_a_token_of_a_site_we_never_met(attack: Attack, jira: Jira) -> None:
    claims = jira.claims(iss="a-site-we-never-met", qsh=request_hash("POST", HOOK))

    attack.refused("POST", HOOK, headers=jwt(tokens.sign_hs256(claims, jira.app.shared_secret)), body=EVENT)


def test_a_token_signed_with_another_secret(attack: Attack, jira: Jira, other_jira: Jira) -> None:
    claims = jira.claims(qsh=request_hash("POST", HOOK))

    for secret in (other_jira.app.shared_secret, "", jira.app.shared_secret + "x", APP):
        attack.refused("POST", HOOK, headers=jwt(hs256(claims, secret.encode())), body=EVENT)


def test_an_expired_token(attack: Attack, jira: Jira) -> None:
    token = jira.page_token("alice")
    jira.world.clock.advance(seconds=180 + 31)  # type: ignore[attr-defined]  # the tests' clock can be moved

    attack.refused("GET", OVERVIEW, headers=jwt(token))
