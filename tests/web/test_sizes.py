"""What is too large is refused by what it says of itself, before anything looks into it."""

import gzip
import json

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from backbone_app.web.auth import Statement
from backbone_app.web.webhooks import LARGEST_BODY
from tests.support.app import Jira
from tests.support.hostile import Attack

HOOK = "/webhooks/jira"
SMALL = 64 * 1024


def post(
    path: str, *, length: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> tuple[int, str]:
    """POST with a length that may have nothing to do with the body; status and code of the answer."""
    answer = Client().generic(
        "POST", path, body, "application/json", headers=headers, CONTENT_LENGTH=length, RAW_URI=path
    )
    return answer.status_code, json.loads(answer.content)["code"]


def signed(jira: Jira) -> dict[str, str]:
    return {"Authorization": f"JWT {jira.request_token('POST', HOOK)}"}


@pytest.mark.parametrize("beyond", [1, 1000, 10**12, 10**30])
def test_case_45_a_body_above_25_mb_is_refused_before_anybody_looks_at_it(
    attack: Attack, jira: Jira, beyond: int
) -> None:
    with attack.changing_nothing():
        answer = post(HOOK, length=str(LARGEST_BODY + beyond), headers=signed(jira))
        unproven = post(HOOK, length=str(LARGEST_BODY + beyond))

    assert answer == unproven == (413, "too_large")


def test_case_45_a_packed_body_is_refused_whatever_it_would_become(attack: Attack, jira: Jira) -> None:
    bomb = gzip.compress(b"0" * 1_000_000)

    with attack.changing_nothing():
        answer = post(
            HOOK, length=str(len(bomb)), headers=signed(jira) | {"Content-Encoding": "gzip"}, body=bomb
        )

    assert answer == (413, "too_large")


def test_a_body_of_a_webhook_may_have_25_mb(jira: Jira) -> None:
    body = b"{".ljust(LARGEST_BODY)

    status, code = post(HOOK, length=str(LARGEST_BODY), headers=signed(jira), body=body)

    assert (status, code) == (400, "malformed")  # it was read, and is no JSON


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "1_000", "\N{ARABIC-INDIC DIGIT FIVE}", "5, 5"])
def test_a_length_that_is_no_number_is_refused(attack: Attack, jira: Jira, length: str) -> None:
    with attack.changing_nothing():
        answer = post(HOOK, length=length, headers=signed(jira))

    assert answer == (400, "malformed")


def views() -> list[tuple[str, Statement]]:
    found = []
    for pattern in get_resolver().url_patterns:
        assert isinstance(pattern, URLPattern)
        found.append((str(pattern.pattern), pattern.callback.statement))  # type: ignore[attr-defined]  # views state it
    return found


def test_what_tells_of_a_whole_work_item_alone_may_be_large() -> None:
    large = {path for path, stated in views() if stated.largest_body > SMALL}

    assert large == {"webhooks/jira", "webhooks/link/<str:token>", "workflow/synchronize", "workflow/stop"}


@pytest.mark.parametrize(
    "path", ["/installed", "/enabled", "/spaces/10000/new/send", "/api/1/spaces/10000/requests"]
)
def test_everything_else_takes_64_kb(path: str) -> None:
    assert post(path, length=str(SMALL + 1)) == (413, "too_large")
    assert post(path, length=str(SMALL))[0] == 401
