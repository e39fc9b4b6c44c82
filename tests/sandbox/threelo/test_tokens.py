"""Tokens: what an app gets for a code, how refresh tokens rotate, how requests are refused."""

import json
from typing import Any

import pytest

from jira_sandbox import threelo
from jira_sandbox.acts import accounts
from jira_sandbox.front import Front, Request
from jira_sandbox.state.site import Site
from jira_sandbox.state.threelo import OFFLINE, OAuthApp
from jira_sandbox.threelo import granting
from jira_sandbox.threelo.tokens import HOST
from jira_sandbox.world import World
from tests.support.sandbox import VirtualClock
from tests.support.threelo import (
    CALLBACK,
    WORK,
    an_app,
    ask_for_tokens,
    exchange,
    refresh,
    resources,
)

SCOPES = ("read:jira-work", OFFLINE)


@pytest.fixture
def code(world: World, site: Site, oauth: OAuthApp) -> str:
    return granting.code(world, granting.consent(world, oauth, site, site.user("alice"), SCOPES))


@pytest.fixture
def first(world: World, site: Site, oauth: OAuthApp) -> str:
    """A refresh token nobody has used."""
    return threelo.grant(world, oauth, site, site.user("alice"), SCOPES).refresh_token


def test_a_code_gives_tokens(world: World, oauth: OAuthApp, code: str) -> None:
    answer = exchange(world, oauth, code)

    told = answer.json()
    assert answer.status == 200
    assert told.keys() == {"access_token", "refresh_token", "expires_in", "token_type", "scope"}
    assert (told["expires_in"], told["token_type"]) == (3600, "Bearer")
    assert told["scope"] == "read:jira-work offline_access"
    assert resources(world, told["access_token"]).status == 200


def test_a_form_does_as_well(world: World, oauth: OAuthApp, code: str) -> None:
    form = {
        "grant_type": "authorization_code",
        "client_id": oauth.client_id,
        "client_secret": oauth.client_secret,
        "code": code,
        "redirect_uri": CALLBACK,
    }

    assert ask_for_tokens(world, form, as_form=True).status == 200


def test_without_offline_access_there_is_no_refresh_token(world: World, site: Site, oauth: OAuthApp) -> None:
    code = granting.code(world, granting.consent(world, oauth, site, site.user("alice"), WORK))

    assert "refresh_token" not in exchange(world, oauth, code).json()


def test_a_code_is_good_once(world: World, oauth: OAuthApp, code: str) -> None:
    exchange(world, oauth, code)

    again = exchange(world, oauth, code)

    assert (again.status, again.json()) == (
        403,
        {"error": "invalid_grant", "error_description": "Invalid authorization code"},
    )


def test_a_code_of_another_app_is_none(world: World, oauth: OAuthApp, code: str) -> None:
    assert exchange(world, an_app(world), code).json()["error"] == "invalid_grant"
    assert exchange(world, oauth, code).status == 200


def test_a_code_is_worth_nothing_once_leave_was_taken_back(
    world: World, site: Site, oauth: OAuthApp, code: str
) -> None:
    threelo.revoke(world, oauth, site.user("alice"))

    assert exchange(world, oauth, code).status == 403


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"client_id": "unknown"}, 401, "access_denied"),
        ({"client_secret": "wrong"}, 401, "access_denied"),
        ({"code": "guess"}, 403, "invalid_grant"),
        ({"redirect_uri": f"{CALLBACK}/other"}, 403, "unauthorized_client"),
        ({"grant_type": "client_credentials"}, 403, "unsupported_grant_type"),
        *(
            ({name: None}, 400, "invalid_request")
            for name in ("grant_type", "client_id", "client_secret", "code", "redirect_uri")
        ),
        ({"code": 7}, 400, "invalid_request"),
    ],
)
def test_a_wrong_request_is_refused_as_oauth_refuses(
    world: World, oauth: OAuthApp, code: str, changes: dict[str, Any], status: int, error: str
) -> None:
    answer = exchange(world, oauth, code, **changes)

    assert (answer.status, answer.json()["error"]) == (status, error)
    assert answer.json().keys() == {"error", "error_description"}
    assert exchange(world, oauth, code).status == 200


@pytest.mark.parametrize("body", [b"no json", b"[]", b"", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(world: World, body: bytes) -> None:
    request = Request("POST", "/oauth/token", [], {"content-type": "application/json"}, body)

    answer = Front(world).handle_elsewhere(HOST, request)

    assert answer
    assert (answer.status, answer.json()["error"]) == (400, "invalid_request")


def test_a_refresh_token_is_exchanged_for_another(world: World, oauth: OAuthApp, first: str) -> None:
    told = refresh(world, oauth, first).json()

    assert told["refresh_token"] != first
    assert told["scope"] == "read:jira-work offline_access"
    assert resources(world, told["access_token"]).status == 200
    assert refresh(world, oauth, told["refresh_token"]).status == 200


def test_the_former_one_works_for_ten_minutes_more(
    world: World, oauth: OAuthApp, first: str, clock: VirtualClock
) -> None:
    second = refresh(world, oauth, first).json()["refresh_token"]
    clock.advance(minutes=10)

    raced = refresh(world, oauth, first)

    assert raced.status == 200
    clock.advance(days=1)
    assert [refresh(world, oauth, each).status for each in (second, raced.json()["refresh_token"])] == [
        200,
        200,
    ]


def test_the_leeway_is_counted_from_the_first_exchange(
    world: World, oauth: OAuthApp, first: str, clock: VirtualClock
) -> None:
    refresh(world, oauth, first)
    clock.advance(minutes=9)
    within = refresh(world, oauth, first).status
    clock.advance(minutes=2)

    assert (within, refresh(world, oauth, first).status) == (200, 403)


def test_one_used_again_later_kills_all_that_came_of_its_consent(
    world: World, site: Site, oauth: OAuthApp, first: str, clock: VirtualClock
) -> None:
    other = threelo.grant(world, oauth, site, site.user("alice"), SCOPES).refresh_token
    newest = refresh(world, oauth, first).json()["refresh_token"]
    clock.advance(minutes=10, seconds=1)

    stolen = refresh(world, oauth, first)

    assert (stolen.status, stolen.json()) == (
        403,
        {"error": "invalid_grant", "error_description": "Unknown or invalid refresh token."},
    )
    assert refresh(world, oauth, newest).status == 403
    assert refresh(world, oauth, other).status == 200


def test_one_that_nobody_used_for_ninety_days_is_dead(
    world: World, oauth: OAuthApp, first: str, clock: VirtualClock
) -> None:
    clock.advance(days=90)
    second = refresh(world, oauth, first).json()["refresh_token"]
    clock.advance(days=90, seconds=1)

    assert refresh(world, oauth, second).status == 403


@pytest.mark.parametrize("token", ["guess", "", None])
def test_one_that_is_none_is_refused(world: World, oauth: OAuthApp, token: Any) -> None:
    assert refresh(world, oauth, token).status in {400, 403}


def test_one_of_another_app_is_none(world: World, oauth: OAuthApp, first: str) -> None:
    assert refresh(world, an_app(world), first).status == 403
    assert refresh(world, oauth, first).status == 200


def test_one_dies_with_the_account(world: World, site: Site, initech: Site, oauth: OAuthApp) -> None:
    token = threelo.grant(world, oauth, site, site.user("carol"), SCOPES).refresh_token

    accounts.close(world, site, site.user("carol"))

    assert refresh(world, oauth, token).status == 403


def test_one_dies_when_leave_is_taken_back_and_others_live(
    world: World, site: Site, oauth: OAuthApp, first: str
) -> None:
    bobs = threelo.grant(world, oauth, site, site.user("bob"), SCOPES).refresh_token

    threelo.revoke(world, oauth, site.user("alice"))

    assert [refresh(world, oauth, each).status for each in (first, bobs)] == [403, 200]


def test_secrets_are_not_shown(world: World, site: Site, oauth: OAuthApp) -> None:
    tokens = threelo.grant(world, oauth, site, site.user("alice"), SCOPES)
    shown = f"{tokens!r} {oauth!r} {world.accounts!r}"

    assert oauth.client_id in shown
    assert not any(
        secret in shown for secret in (tokens.access_token, tokens.refresh_token, oauth.client_secret)
    )


def test_the_same_seed_gives_the_same_tokens_and_other_draws_stay_as_they_are(world: World) -> None:
    before = json.dumps([site.cloud_id for site in world.sites.values()])
    state = world.chance("deliveries").getstate()

    site = world.sites["acme"]
    threelo.grant(world, an_app(world), site, site.user("alice"), SCOPES)

    assert json.dumps([each.cloud_id for each in world.sites.values()]) == before
    assert world.chance("deliveries").getstate() == state
