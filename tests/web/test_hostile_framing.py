"""Who may put our pages into a frame, keep them, learn of them from elsewhere, or read them on the way."""

from typing import Final

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client

from backbone_app.web.auth import Credential
from tests.support.addresses import ids, opened, paths, static_file, story, targets
from tests.support.app import Jira, call_app
from tests.support.headers import directives
from tests.support.hostile import Attack
from tests.support.pages import parse

__all__ = ["ids", "story"]

EVIL: Final = "https://evil.example"
STATIC: Final = "/static/bridge.js"
METHODS: Final = ("GET", "POST")


def proven(jira: Jira, ids: dict[str, str]) -> dict[str, HttpResponse]:
    """What alice gets from each address that takes her token, pages and refusals alike."""
    return {
        target: opened(jira, "alice", target, credential)
        for target, credential in targets(ids)
        if credential in {Credential.OWN_PAGE, Credential.SIGNED_REQUEST}
    }


def unproven() -> dict[str, HttpResponse]:
    """What anybody gets: public addresses, refusals, addresses that do not exist, wrong methods."""
    return {
        f"{method} {path}": call_app(method, path, headers={"Origin": EVIL, "Accept": "text/html"})
        for path in [*paths(), "/", "/nothing"]
        for method in METHODS
    }


def everything_said(jira: Jira, ids: dict[str, str]) -> dict[str, HttpResponse]:
    return proven(jira, ids) | unproven() | {STATIC: static_file(STATIC)}


def test_case_71_only_the_very_site_may_frame_what_it_may_see(
    jira: Jira, ids: dict[str, str], other_jira: Jira
) -> None:
    by_site = {each.site.base_url: proven(each, ids) for each in (jira, other_jira)}

    assert {each.status_code for answers in by_site.values() for each in answers.values()} >= {200, 404}
    for base_url, answers in by_site.items():
        told = {target: each for target, each in answers.items() if each.status_code != 405}
        pages = {directives(told[each])["frame-ancestors"] for each in told if not each.startswith("/api/")}
        machines = {directives(told[each])["frame-ancestors"] for each in told if each.startswith("/api/")}
        assert (pages, machines) == ({base_url}, {"'none'"})


def test_case_71_what_proves_no_site_is_framed_by_nobody(jira: Jira) -> None:
    answers = unproven()

    assert {answer.status_code for answer in answers.values()} >= {200, 401, 404, 405}
    assert {directives(each)["frame-ancestors"] for each in answers.values()} == {"'none'"}


def test_case_71_no_older_header_contradicts(jira: Jira, ids: dict[str, str]) -> None:
    assert not [target for target, each in everything_said(jira, ids).items() if "X-Frame-Options" in each]


def test_case_72_no_answer_lets_a_browser_tell_where_it_comes_from(jira: Jira, ids: dict[str, str]) -> None:
    answers = everything_said(jira, ids)

    assert {each["Referrer-Policy"] for each in answers.values()} == {"no-referrer"}
    assert {each["X-Content-Type-Options"] for each in answers.values()} == {"nosniff"}


def test_case_72_from_elsewhere_come_atlassians_script_and_theme_only(jira: Jira) -> None:
    page = jira.visitor("alice").open("ALPHA")

    shell, policy = parse(page), directives(page)
    sources = [each.attributes["src"] for each in shell.walk() if "src" in each.attributes]
    assert [each for each in sources if not each.startswith("/static/")] == [
        "https://connect-cdn.atl-paas.net/all.js"
    ]
    assert [each.attributes["href"] for each in shell.all("link")] == ["/static/backbone.css"]
    assert {name for name, said in policy.items() if "https:" in said} == {
        "script-src",
        "style-src",
        "frame-ancestors",
    }
    assert policy["script-src"] == policy["style-src"] == "'self' https://connect-cdn.atl-paas.net"


def test_case_73_nothing_but_static_files_may_be_kept(jira: Jira, ids: dict[str, str]) -> None:
    answers = everything_said(jira, ids)

    kept = answers.pop(STATIC)
    assert {each["Cache-Control"] for each in answers.values()} == {"no-cache, no-store"}
    assert "no-store" not in kept["Cache-Control"]
    assert call_app("GET", "/static/nothing.js")["Cache-Control"] == "no-cache, no-store"


@pytest.fixture
def in_production(settings: LazySettings) -> None:
    """Redirect to https, as production does."""
    settings.SECURE_SSL_REDIRECT = True


@pytest.mark.parametrize(
    "host", ["backbone.example", "evil.example", "backbone.example:80", "a@evil.example"]
)
def test_case_74_plain_http_leads_to_our_own_host_whatever_was_asked_for(
    attack: Attack, jira: Jira, in_production: None, host: str
) -> None:
    token = jira.request_token("GET", "/space-settings?spaceId=10000")
    client = Client(headers={"Host": host, "X-Forwarded-Host": "evil.example"})

    for target in (f"/space-settings?spaceId=10000&jwt={token}", "//evil.example/x", "/installed"):
        with attack.changing_nothing():
            answer = client.generic("POST", target)
        assert answer.status_code == 301
        assert answer["Location"].startswith("https://backbone.example/")
        assert answer["Cache-Control"] == "no-cache, no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer.content == b""


@pytest.mark.parametrize("target", ["/atlassian-connect.json", "/installed", "/nothing"])
def test_case_74_over_https_a_browser_stays_there_for_a_year(in_production: None, target: str) -> None:
    answer = Client().get(target, secure=True, headers={"Host": "backbone.example"})

    assert answer.status_code in {200, 404, 405}
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_case_75_no_other_origin_may_read_or_send_anything(
    attack: Attack, jira: Jira, ids: dict[str, str]
) -> None:
    preflight = {"Origin": EVIL, "Access-Control-Request-Method": "POST"}
    preflight["Access-Control-Request-Headers"] = "authorization"

    with attack.changing_nothing():
        asked = {path: call_app("OPTIONS", path, headers=preflight) for path in paths()}
    answers = everything_said(jira, ids)

    assert {each.status_code for each in asked.values()} == {405}
    for answer in [*asked.values(), *answers.values()]:
        named = [name for name in answer.headers if name.lower().startswith("access-control-")]
        assert (named, EVIL in str(answer.headers)) == ([], False)


def test_cookies_are_neither_given_nor_read(jira: Jira, ids: dict[str, str]) -> None:
    token = jira.page_token("alice")
    cookies = {"Cookie": f"jwt={token}; Authorization=JWT {token}; sessionid=x; csrftoken=x"}

    answers = everything_said(jira, ids)
    by_cookie = call_app("GET", f"/spaces/{ids['space']}/overview", headers=cookies)

    assert not [target for target, each in answers.items() if each.cookies or "Set-Cookie" in each]
    assert by_cookie.status_code == 401
