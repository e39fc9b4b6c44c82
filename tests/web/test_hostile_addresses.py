"""Requests whose address lies: about where to go next, who we are, or which of our paths they mean."""

import json
from itertools import product
from typing import Final
from urllib.parse import quote

import pytest
import structlog
from django.http import HttpResponse

from backbone_app.web.auth import Credential
from tests.support.addresses import ids, opened, paths, story, targets
from tests.support.app import Jira, call_app
from tests.support.environment import APP
from tests.support.hostile import Attack, good_claims, install_body, request_hash, signed
from tests.support.slices import slice_of

__all__ = ["ids", "story"]

ELSEWHERE: Final = (
    "//evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https://evil.example",
    "https://backbone.example@evil.example",
    "https://backbone.example.evil.example",
    "javascript:alert(1)",
    "\t//evil.example",
    "/%09/evil.example",
    "%2F%2Fevil.example",
)
NAMES: Final = ("next", "return_to", "returnTo", "redirect_uri", "url", "xdm_e", "continue", "r")
LEADING_ON: Final = ("Location", "Refresh", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url")
"""Headers by which a browser, or htmx in it, goes somewhere."""
FOREIGN_HOSTS: Final = (
    {"Host": "evil.example"},
    {"Host": "backbone.example.evil.example"},
    {"Host": "evil.example:443"},
    {"Host": "backbone.example@evil.example"},
    {"Host": "backbone.example/evil"},
    {"Host": "backbone.example evil.example"},
    {"Host": ""},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Host": "backbone.example, evil.example"},
    {"Host": "backbone.example", "X-Forwarded-Host": "evil.example:443"},
)
BELIEVED_BY_OTHERS: Final = {
    "Forwarded": "host=evil.example",
    "X-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "X-Original-URL": "/enabled",
    "X-Rewrite-URL": "/enabled",
    "X-Forwarded-Prefix": "//evil.example",
    "X-HTTP-Method-Override": "DELETE",
}
CONFUSING: Final = (
    "//installed",
    "///installed",
    "/./installed",
    "/../installed",
    "/x/../installed",
    "/installed/",
    "/installed/.",
    "/installed/..;/",
    "/..;/installed",
    "/;x=1/installed",
    "/installed;x=1",
    "/installed;jsessionid=1",
    "/installed.",
    "/installed..",
    "/installed.json",
    "/installed%00",
    "/installed%00.json",
    "/installed%0a",
    "/installed%0d%0aX-Evil:%201",
    "/installed%20",
    "/installed%09",
    "/%2e/installed",
    "/%2e%2e/installed",
    "/x/%2E%2E/installed",
    "/%2finstalled",
    "/%2Finstalled",
    "/installed%2f",
    "/installed%3b",
    "/installed%3fx=1",
    "/installed%23",
    "/%5cinstalled",
    "/\\installed",
    "/..%5cinstalled",
    "/%252e%252e/installed",
    "/%252finstalled",
    "/%c0%ae%c0%ae/installed",
    "/%c0%afinstalled",
    "/%e2%81%84installed",
    "/INSTALLED",
    "/Installed",
    "/installe%C4%8F",
    "/webhooks%2Fjira",
    "/webhooks%2fjira",
    "/webhooks/..%2fwebhooks/jira",
    "/webhooks//jira",
    "/webhooks/./jira",
    "/static/../installed",
    "/static/..%2finstalled",
    "/static/%2e%2e/%2e%2e/settings.py",
    "/static/..%5c..%5csettings.py",
    "/static//etc/passwd",
)


def leading_on(answer: HttpResponse) -> dict[str, str]:
    """What in the answer could make a browser go somewhere."""
    return {name: answer[name] for name in LEADING_ON if name in answer}


def rejections(logs: list[structlog.types.EventDict]) -> list[str]:
    return [str(line["case"]) for line in logs if line["event"] == "auth_rejected"]


@pytest.mark.parametrize("elsewhere", slice_of(ELSEWHERE, 4))
def test_case_77_no_answer_leads_anywhere(jira: Jira, ids: dict[str, str], elsewhere: str) -> None:
    asked = "&".join(f"{name}={quote(elsewhere, safe='')}" for name in NAMES)

    for target, credential in targets(ids):
        joined = f"{target}{'&' if '?' in target else '?'}{asked}"
        answers = [opened(jira, "alice", joined, credential), call_app("POST", joined)]
        for answer in answers:
            assert (answer.status_code // 100 == 3, leading_on(answer)) == (False, {}), joined
            assert "evil.example" not in answer.content.decode()


def test_case_77_a_path_that_is_another_host_leads_nowhere() -> None:
    for path in ("//evil.example", "//evil.example/installed", "/\\evil.example", "/%2f%2fevil.example"):
        for ending in ("", "/", "/.."):
            answer = call_app("GET", path + ending)
            assert (answer.status_code, leading_on(answer)) == (404, {})


def test_case_78_who_calls_us_by_another_name_is_refused(attack: Attack, jira: Jira) -> None:
    refusal = {"code": "malformed", "message": "This request cannot be read."}
    tried = list(product(("/installed", "/space-settings?spaceId=10000", "/static/x", "/x"), FOREIGN_HOSTS))

    with structlog.testing.capture_logs() as logs, attack.changing_nothing():
        for path, headers in tried:
            token = jira.request_token("GET", path)
            answer = call_app("GET", path, headers={**headers, "Authorization": f"JWT {token}"})
            assert (answer.status_code, json.loads(answer.content)) == (400, refusal), (path, headers)
            assert "evil" not in str(answer.headers)

    assert rejections(logs) == ["malformed"] * len(tried)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/installed",
        "http://evil.example/space-settings?spaceId=10000",
        f"{APP}/installed",
        "*",
        "evil.example:443",
        "",
    ],
)
def test_case_78_a_request_line_that_names_a_host_is_refused(attack: Attack, jira: Jira, target: str) -> None:
    # The server in front of Django takes the host off; what it received stays visible.
    with attack.changing_nothing():
        answer = call_app("GET", target)

    assert answer.status_code == 400


def test_case_78_a_good_installation_sent_under_another_name_changes_nothing(
    attack: Attack, jira: Jira
) -> None:
    token = signed(jira, good_claims(jira, "/installed"))
    headers = {"Authorization": f"JWT {token}", "Host": "evil.example"}

    with attack.changing_nothing():
        answer = call_app("POST", "/installed", headers=headers, body=json.dumps(install_body(jira)).encode())

    assert answer.status_code == 400


def test_case_78_a_signature_is_for_our_configured_address_whatever_the_request_says(
    attack: Attack, jira: Jira
) -> None:
    claims = jira.claims(aud=["https://testserver"], qsh=request_hash("POST", "/installed"))

    attack.post("/installed", signed(jira, claims), install_body(jira))


def test_case_78_what_others_believe_of_headers_is_not_believed_here(jira: Jira, ids: dict[str, str]) -> None:
    for target, credential in targets(ids):
        plain = opened(jira, "alice", target, credential)
        told = opened(jira, "alice", target, credential, **BELIEVED_BY_OTHERS)
        assert (told.status_code, told.content) == (plain.status_code, plain.content), target


def test_case_78_addresses_in_answers_come_from_the_configuration(jira: Jira) -> None:
    said = json.loads(call_app("GET", "/atlassian-connect.json", headers={"Host": "testserver"}).content)

    assert said["baseUrl"] == APP
    assert "testserver" not in json.dumps(said)


def test_case_79_a_path_that_only_resembles_one_of_ours_is_not_there(attack: Attack, jira: Jira) -> None:
    headers = {"Authorization": f"JWT {signed(jira, good_claims(jira, '/installed'))}"}
    body = json.dumps(install_body(jira)).encode()
    tried = list(product(("GET", "POST"), CONFUSING))

    with structlog.testing.capture_logs() as logs, attack.changing_nothing():
        found = {
            (method, path): call_app(method, path, headers=headers, body=body).status_code
            for method, path in tried
        }

    assert found == dict.fromkeys(tried, 404)
    assert rejections(logs) == ["no_such_address"] * len(tried)


def test_what_stands_in_the_query_masks_nothing(jira: Jira) -> None:
    target = "/space-settings?spaceId=10000&xdm_e=https%3A%2F%2Facme.atlassian.net&x=a//b/../c;d%00%5c"

    assert opened(jira, "alice", target, Credential.SIGNED_REQUEST).status_code == 200


@pytest.mark.parametrize(
    ("before", "after"), slice_of(product(("/.", "//", "/%2e", "/x/..", "/..;", "/%2f"), ("", "/", "%00")), 6)
)
def test_case_79_no_address_has_a_second_spelling(jira: Jira, before: str, after: str) -> None:
    for path in paths():
        assert call_app("GET", before + path + after).status_code == 404


def test_case_79_what_is_signed_or_carried_does_not_open_a_masked_path(
    jira: Jira, ids: dict[str, str]
) -> None:
    pages = [
        (path, kind) for path, kind in targets(ids) if kind is Credential.OWN_PAGE and path.count("/") > 1
    ]

    for target, credential in pages:
        head, _, last = target.rpartition("/")
        masked = [f"{head}%2F{last}", f"{head}/./{last}", f"{head}//{last}", f"{head}/x/..%2f{last}"]
        masked += [
            target + ending for ending in (";x=1", "%3bx=1", "\\x", "%5Cx", "%00", "%0a", "%2e", "%252f")
        ]
        with structlog.testing.capture_logs() as logs:
            found = [opened(jira, "alice", each, credential).status_code for each in masked]
        assert found == [404] * len(masked)
        assert rejections(logs) == ["no_such_address"] * len(masked)
