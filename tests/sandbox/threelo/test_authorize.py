"""The page on which a person lets an app act."""

from datetime import timedelta

import pytest
import requests

from jira_sandbox import server
from jira_sandbox.acts import accounts
from jira_sandbox.state.site import Site
from jira_sandbox.state.threelo import OAuthApp
from jira_sandbox.world import World
from tests.support.sandbox import VirtualClock
from tests.support.threelo import CALLBACK, WORK, Consenting, an_app, exchange, resources, told

ALICE = ("alice@acme.example.com", "secret-alice")


def test_a_person_signs_in_chooses_a_site_and_lets_the_app_act(
    world: World, initech: Site, oauth: OAuthApp
) -> None:
    browser = Consenting(world, oauth)
    first = browser.open()

    asked = browser.sign_in(*ALICE)
    answer = told(browser.decide(asked, "accept", site=initech.cloud_id))

    assert "Log in to continue" in first.text
    assert "Tea & Co is requesting access" in asked.text
    assert all(scope in asked.text for scope in (*WORK, "offline_access"))
    assert all(each.base_url in asked.text for each in world.sites.values())
    assert answer.keys() == {"code", "state"}
    assert answer["state"] == "s & t"
    token = exchange(world, oauth, answer["code"]).json()["access_token"]
    assert [each["name"] for each in resources(world, token).json()] == ["initech"]


def test_only_sites_the_person_is_on_are_offered(world: World, site: Site, initech: Site) -> None:
    browser = Consenting(world, an_app(world))
    page = browser.sign_in("carol@acme.example.com", "secret-carol")

    chosen = browser.decide(page, "accept", site=initech.cloud_id)

    assert site.base_url in page.text
    assert initech.base_url not in page.text
    assert (chosen.status, b"You are not on this site." in chosen.body) == (400, True)


def test_who_cancels_sends_the_app_away_empty(world: World, oauth: OAuthApp) -> None:
    browser = Consenting(world, oauth)

    answer = told(browser.decide(browser.sign_in(*ALICE), "cancel"))

    assert answer == {
        "error": "access_denied",
        "error_description": "User did not authorize the request",
        "state": "s & t",
    }
    assert not world.accounts.consents


def test_without_a_state_none_comes_back(world: World, oauth: OAuthApp) -> None:
    browser = Consenting(world, oauth, state=None)

    assert told(browser.decide(browser.sign_in(*ALICE), "accept")).keys() == {"code"}


def test_a_callback_url_keeps_its_own_query(world: World) -> None:
    browser = Consenting(world, an_app(world, callback_url=f"{CALLBACK}?tenant=1"))

    answer = told(browser.decide(browser.sign_in(*ALICE), "accept"))

    assert answer.keys() == {"tenant", "code", "state"}


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("alice@acme.example.com", "wrong"),
        ("alice@acme.example.com", ""),
        ("nobody@acme.example.com", "secret-alice"),
        ("", ""),
    ],
)
def test_who_cannot_sign_in_is_asked_again(world: World, oauth: OAuthApp, email: str, password: str) -> None:
    page = Consenting(world, oauth).sign_in(email, password)

    assert "Incorrect email address and / or password." in page.text
    assert page.forms[0].values["email"] == email
    assert not world.accounts.tickets


def test_a_closed_account_cannot_sign_in(world: World, site: Site, oauth: OAuthApp) -> None:
    email = site.user("carol").email

    accounts.close(world, site, site.user("carol"))

    assert "Incorrect email" in Consenting(world, oauth).sign_in(email, "secret-carol").text


def test_nobody_decides_without_having_signed_in(world: World, site: Site, oauth: OAuthApp) -> None:
    browser = Consenting(world, oauth)
    page = browser.sign_in(*ALICE)
    told(browser.decide(page, "accept"))

    again = browser.decide(page, "accept")
    forged = browser.send("POST", {"decision": "accept", "site": site.cloud_id, "ticket": "guess"})

    assert [each.status for each in (again, forged)] == [200, 200]
    assert all(b"Sign in first." in each.body for each in (again, forged))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": "unknown"}, "There is no app with this client_id."),
        ({"client_id": None}, "There is no app with this client_id."),
        ({"redirect_uri": f"{CALLBACK}/other"}, "The redirect_uri is not that of the app."),
        ({"redirect_uri": None}, "The redirect_uri is not that of the app."),
        ({"audience": "api.elsewhere.example"}, "The audience must be api.atlassian.com."),
        ({"audience": None}, "The audience must be api.atlassian.com."),
        ({"response_type": "token"}, "The response_type must be code."),
        ({"scope": None}, "The scope must name at least one scope."),
        (
            {"scope": "read:jira-work manage:jira-configuration"},
            "The app may not ask for manage:jira-configuration.",
        ),
    ],
)
def test_a_wrong_request_ends_on_an_error_page_and_is_never_sent_on(
    world: World, oauth: OAuthApp, changes: dict[str, str | None], words: str
) -> None:
    browser = Consenting(world, oauth, **changes)

    shown, forced = browser.open(), browser.send("POST", {"decision": "accept"})

    assert (shown.status, words in shown.text) == (400, True)
    assert (forced.status, "Location" in forced.headers) == (400, False)


def test_forms_may_lead_to_the_app_and_nowhere_else(world: World, oauth: OAuthApp) -> None:
    policy = Consenting(world, oauth).send("GET").headers["Content-Security-Policy"]

    assert policy.endswith("form-action 'self' https://oauth.example")


def test_other_methods_and_paths_are_none(world: World, oauth: OAuthApp) -> None:
    assert Consenting(world, oauth).send("DELETE").status == 405


def test_a_code_is_good_for_five_minutes(world: World, oauth: OAuthApp, clock: VirtualClock) -> None:
    browser = Consenting(world, oauth)
    code = told(browser.decide(browser.sign_in(*ALICE), "accept"))["code"]

    clock.now += timedelta(minutes=5, seconds=1)

    assert exchange(world, oauth, code).status == 403


def test_on_sockets_the_page_is_a_path_on_each_sites_port(world: World, oauth: OAuthApp) -> None:
    with server.serve(world) as running:
        query = Consenting(world, oauth).query
        for address in running.addresses.values():
            page = requests.get(f"{address}/_login/authorize", params=query, timeout=5)
            assert (page.status_code, "Log in to continue" in page.text) == (200, True)
