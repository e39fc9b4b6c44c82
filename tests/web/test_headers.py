"""The headers that Atlassian and browsers want on every answer."""

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client

from backbone_app.models import Site
from tests.support.app import Jira, call_app
from tests.support.headers import directives

DESCRIPTOR = "/atlassian-connect.json"


def answers() -> dict[int, HttpResponse]:
    """One answer of each kind that needs no site."""
    return {
        200: call_app("GET", DESCRIPTOR),
        401: call_app("POST", "/installed"),
        404: call_app("GET", "/nothing-here"),
        405: call_app("GET", "/installed"),
    }


def test_no_answer_may_be_kept_and_none_tells_where_it_came_from() -> None:
    for status, answer in answers().items():
        assert answer.status_code == status
        assert answer["Cache-Control"] == "no-cache, no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "X-Frame-Options" not in answer
        assert "Access-Control-Allow-Origin" not in answer
        assert answer.cookies == {}


def test_nothing_is_allowed_that_is_not_named() -> None:
    policy = directives(call_app("GET", DESCRIPTOR))

    assert policy == {
        "default-src": "'none'",
        "script-src": "'self' https://connect-cdn.atl-paas.net",
        "style-src": "'self' https://connect-cdn.atl-paas.net",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }


def test_the_policy_follows_the_setting_for_all_js(settings: LazySettings) -> None:
    settings.BACKBONE_ALL_JS_URL = "http://127.0.0.1:8101/all.js"

    assert directives(call_app("GET", DESCRIPTOR))["script-src"] == "'self' http://127.0.0.1:8101"


def test_a_page_may_be_framed_by_its_own_site_only(jira: Jira, other_jira: Jira) -> None:
    page, other = jira.visitor("alice").open("ALPHA"), other_jira.visitor("alice").open("ALPHA")

    assert directives(page)["frame-ancestors"] == "https://acme.atlassian.net"
    assert directives(other)["frame-ancestors"] == "https://initech.atlassian.net"


def test_a_page_that_refuses_shows_its_message_in_the_frame(jira: Jira) -> None:
    token = jira.request_token("GET", "/space-settings?spaceId=x")

    answer = call_app("GET", f"/space-settings?spaceId=x&jwt={token}", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert directives(answer)["frame-ancestors"] == "https://acme.atlassian.net"


@pytest.mark.django_db
def test_a_request_without_a_proven_site_is_framed_by_nobody() -> None:
    headers = {"Origin": "https://evil.example", "backbone.framed_by": "https://evil.example"}

    answer = call_app("GET", "/space-settings?spaceId=1", headers=headers)

    assert directives(answer)["frame-ancestors"] == "'none'"


@pytest.mark.parametrize(
    "address",
    [
        "https://*.example",
        "https://a.example; script-src *",
        "https://a.example https://b.example",
        "*",
        "x\ny",
    ],
)
def test_a_page_of_a_site_whose_address_went_bad_is_framed_by_nobody(jira: Jira, address: str) -> None:
    Site.objects.filter(pk=jira.row.pk).update(base_url=address)

    answer = jira.visitor("alice").open("ALPHA")

    assert answer.status_code == 200
    assert directives(answer)["frame-ancestors"] == "'none'"
    assert directives(answer)["script-src"] == "'self' https://connect-cdn.atl-paas.net"


def test_over_https_the_browser_is_told_to_stay_there_for_a_year() -> None:
    answer = Client().get(DESCRIPTOR, secure=True)

    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
