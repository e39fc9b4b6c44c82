"""Which path a signature is checked for, when the app does not live at the root of its host."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from jira_sandbox.connect import tokens
from tests.support.app import Jira
from tests.support.environment import APP

HOOK = "/webhooks/jira"
UNREAD = 415  # the token was good: the body, which has no type here, is turned away next


def hook_status(jira: Jira, signed_path: str, *, below: str = "", **server: Any) -> int:
    """Call the webhook on a server that mounts the app ``below`` a path; the token is for ``signed_path``."""
    token = jira.request_token("POST", signed_path)
    headers = {"Authorization": f"JWT {token}"}
    answer = Client().generic("POST", HOOK, headers=headers, SCRIPT_NAME=below, **server)
    return answer.status_code


@pytest.fixture
def below_a_path(jira: Jira, settings: LazySettings) -> Jira:
    """The app is known at a path of its host; a site signs what comes after it."""
    settings.BACKBONE_BASE_URL = f"{APP}/backbone"
    return jira


def test_our_own_base_path_is_not_part_of_what_was_signed(below_a_path: Jira) -> None:
    assert hook_status(below_a_path, HOOK, below="/backbone") == UNREAD
    assert hook_status(below_a_path, HOOK, below="/backbone", RAW_URI=f"/backbone{HOOK}?") == UNREAD


def test_a_proxy_may_have_taken_the_base_path_off_already(below_a_path: Jira) -> None:
    assert hook_status(below_a_path, HOOK) == UNREAD


def test_a_signature_that_counts_the_base_path_is_for_another_path(below_a_path: Jira) -> None:
    assert hook_status(below_a_path, f"/backbone{HOOK}", below="/backbone") == 401


def test_a_path_that_only_begins_like_ours_keeps_its_beginning(jira: Jira, settings: LazySettings) -> None:
    settings.BACKBONE_BASE_URL = f"{APP}/web"

    assert hook_status(jira, HOOK) == UNREAD
    assert hook_status(jira, "/hooks/jira") == 401


def test_a_server_that_tells_no_raw_path_is_served_too(jira: Jira) -> None:
    assert hook_status(jira, HOOK) == UNREAD


def test_a_page_token_without_a_person_sees_nothing(jira: Jira) -> None:
    claims = jira.claims(qsh=tokens.PAGE_HASH)
    token = tokens.sign_hs256(claims, jira.app.shared_secret)

    answer = Client().get("/spaces/10000/overview", headers={"Authorization": f"JWT {token}"})

    assert answer.status_code == 403
