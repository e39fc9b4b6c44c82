"""The OAuth 2.0 provider: a person's consent, the tokens that come of it, and their end."""

import base64
import hashlib
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from jira_sandbox.datacenter.oauth import clients
from jira_sandbox.front import Request
from jira_sandbox.state.provider import Client
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.browsing import Browser
from tests.support.provider import (
    AUTHORIZE,
    CALLBACK,
    MYSELF,
    REVOKE,
    TOKEN,
    WITH_PROVIDER,
    Application,
    agree,
    answered,
    as_bearer,
    data_center,
)
from tests.support.sandbox import VirtualClock, as_nobody, standard_world

VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
"""Of RFC 7636, appendix B; with its challenge."""
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


@pytest.fixture
def world(clock: VirtualClock) -> World:
    return data_center(clock=clock)


@pytest.fixture
def client(site: Site) -> Client:
    return clients.register(site, name="Backbone", redirect_url=CALLBACK, scope="WRITE")


@pytest.fixture
def application(world: World, site: Site, client: Client) -> Application:
    return Application(world, site, client)


@pytest.fixture
def browser(world: World, site: Site) -> Browser:
    """Alice's."""
    return Browser(world, site).as_person("alice")


# Consent


@pytest.mark.parametrize("edition", WITH_PROVIDER)
def test_a_person_signs_in_agrees_and_the_application_acts_as_that_person(edition: str) -> None:
    world = data_center(edition)
    site = world.sites["acme"]
    client = clients.register(site, name="Backbone", redirect_url=CALLBACK)
    application, browser = Application(world, site, client), Browser(world, site)

    asked = browser.get(application.address())
    consent = browser.post("/signin", asked.forms[-1].values | {"account": "alice"})
    came = answered(browser.send("POST", AUTHORIZE, consent.form(AUTHORIZE) | {"decision": "allow"}))
    told = application.exchange(came["code"])

    assert "Who are you?" in asked.text
    assert "Backbone wants access to this Jira" in consent.text
    assert "Alice Archer" in consent.text
    assert "WRITE View, create, change and delete what you can in Jira." in consent.text
    assert came["state"] == "s t+a&t/e"
    assert told.status == 200
    assert told.headers["Cache-Control"] == "no-store"
    shown = as_bearer(world, site, told.json()["access_token"]).get(MYSELF).json()
    assert shown["displayName"] == "Alice Archer"


def test_the_browser_may_follow_the_form_to_the_application(
    browser: Browser, application: Application
) -> None:
    policy = browser.send("GET", application.address()).headers["Content-Security-Policy"]

    assert "form-action 'self' https://app.example;" in policy


def test_a_person_who_denies_sends_no_code(browser: Browser, application: Application) -> None:
    came = answered(agree(browser, application.address(), decision="deny"))

    assert came == {"error": "access_denied", "state": "s t+a&t/e"}
    assert browser.site.provider.codes == {}


def test_without_a_state_none_comes_back(browser: Browser, application: Application) -> None:
    assert answered(agree(browser, application.address(state=None))).keys() == {"code"}


def test_the_registered_address_keeps_its_own_query(browser: Browser, site: Site) -> None:
    client = clients.register(site, name="Backbone", redirect_url=f"{CALLBACK}?tenant=1")
    application = Application(browser.front.world, site, client)

    assert answered(agree(browser, application.address()))["tenant"] == "1"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "unknown"},
        {"client_id": None},
        {"redirect_uri": None},
        {"redirect_uri": f"{CALLBACK}/"},
        {"redirect_uri": f"{CALLBACK}?more=1"},
        {"redirect_uri": "https://evil.example/"},
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_who_asks_wrongly_for_whom_leads_nobody_anywhere(
    browser: Browser, application: Application, method: str, changes: dict[str, str | None]
) -> None:
    address = application.address(**changes)

    response = browser.send(method, address, _parameters(address) | {"decision": "allow"})

    assert response.status == 400
    assert "Location" not in response.headers
    assert browser.site.provider.codes == {}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "EVERYTHING"}, "invalid_scope"),
        ({"scope": "READ EVERYTHING"}, "invalid_scope"),
        ({"scope": "ADMIN"}, "invalid_scope"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "S512"}, "invalid_request"),
        ({"code_challenge_method": "S256"}, "invalid_request"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_asked_wrongly_goes_back_to_the_application_as_an_error(
    browser: Browser, application: Application, method: str, changes: dict[str, str | None], error: str
) -> None:
    address = application.address(**changes)

    response = browser.send(method, address, _parameters(address) | {"decision": "allow"})

    assert answered(response) == {"error": error, "state": "s t+a&t/e"}
    assert browser.site.provider.codes == {}


def test_nobody_agrees_without_signing_in(world: World, site: Site, application: Application) -> None:
    address = application.address()

    response = Browser(world, site).send("POST", AUTHORIZE, _parameters(address) | {"decision": "allow"})

    assert response.headers["Location"].startswith("/signin?")
    assert site.provider.codes == {}


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_version_without_a_provider_has_none_of_its_addresses(method: str) -> None:
    world = data_center("dc-8.21")
    site = world.sites["acme"]
    browser = Browser(world, site).as_person("alice")

    assert browser.send(method, AUTHORIZE).status == 404
    assert [as_nobody(world, site).call("POST", path).status for path in (TOKEN, REVOKE)] == [404, 404]


def test_the_cloud_has_none_of_its_addresses() -> None:
    world = standard_world()
    nobody = as_nobody(world, world.sites["acme"])

    assert [nobody.call("POST", path).status for path in (AUTHORIZE, TOKEN, REVOKE)] == [404, 404, 404]


# Tokens


def test_the_answer_tells_both_tokens_and_how_long_the_first_is_good(
    browser: Browser, application: Application, clock: VirtualClock
) -> None:
    told = application.exchange(application.code(browser)).json()

    assert told == {
        "access_token": told["access_token"],
        "refresh_token": told["refresh_token"],
        "token_type": "bearer",
        "expires_in": 7200,
        "created_at": int(clock.now.timestamp()),
    }
    assert told["access_token"] != told["refresh_token"]


def test_an_access_token_ends_when_it_was_said_to(
    browser: Browser, application: Application, clock: VirtualClock
) -> None:
    browser.site.provider.token_life = timedelta(seconds=60)
    told = application.exchange(application.code(browser)).json()
    caller = as_bearer(browser.front.world, browser.site, told["access_token"])

    clock.advance(seconds=59)
    before = caller.get(MYSELF).status
    clock.advance(seconds=1)

    assert told["expires_in"] == 60
    assert (before, caller.get(MYSELF).status) == (200, 401)


def test_a_code_is_good_for_ten_seconds(
    browser: Browser, application: Application, clock: VirtualClock
) -> None:
    early, late = application.code(browser), application.code(browser)

    clock.advance(seconds=9.9)
    assert application.exchange(early).status == 200
    clock.advance(seconds=0.1)
    refused = application.exchange(late)

    assert (refused.status, refused.json()["error"]) == (400, "invalid_grant")


def test_how_long_codes_are_good_can_be_set(
    browser: Browser, application: Application, clock: VirtualClock
) -> None:
    browser.site.provider.code_life = timedelta(seconds=600)
    code = application.code(browser)

    clock.advance(seconds=599)

    assert application.exchange(code).status == 200


def test_a_code_that_comes_again_takes_back_what_it_gave_even_what_was_refreshed(
    browser: Browser, application: Application
) -> None:
    code = application.code(browser)
    first = application.exchange(code).json()
    second = application.refresh(first["refresh_token"]).json()
    caller = as_bearer(browser.front.world, browser.site, second["access_token"])
    assert caller.get(MYSELF).status == 200

    refused = application.exchange(code)

    assert (refused.status, refused.json()["error"]) == (400, "invalid_grant")
    assert caller.get(MYSELF).status == 401
    assert application.refresh(second["refresh_token"]).status == 400
    assert application.exchange(code).status == 400


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"grant_type": None}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_id": None}, 401, "invalid_client"),
        ({"client_id": "unknown"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_secret": "gueß"}, 401, "invalid_client"),
        ({"code": None}, 400, "invalid_request"),
        ({"code": "guess"}, 400, "invalid_grant"),
        ({"redirect_uri": None}, 400, "invalid_request"),
        ({"redirect_uri": "https://evil.example/"}, 400, "invalid_grant"),
    ],
)
def test_a_wrong_exchange_is_refused_and_leaves_the_code_good(
    browser: Browser, application: Application, changes: dict[str, str | None], status: int, error: str
) -> None:
    code = application.code(browser)

    refused = application.exchange(code, **changes)
    empty = application.send(TOKEN)

    assert (refused.status, refused.json()["error"]) == (status, error)
    assert refused.json()["error_description"]
    assert empty.status == 400
    assert application.exchange(code).status == 200


def test_credentials_in_the_address_are_not_heeded(browser: Browser, application: Application) -> None:
    query = [("grant_type", "authorization_code"), ("code", application.code(browser))]

    response = browser.front.handle("acme", Request("POST", TOKEN, query))

    assert (response.status, response.json()["error"]) == (400, "invalid_request")


def test_a_code_is_for_the_application_that_asked(browser: Browser, application: Application) -> None:
    other = clients.register(browser.site, name="Other", redirect_url=CALLBACK)
    code = application.code(browser)

    refused = Application(browser.front.world, browser.site, other).exchange(code)

    assert (refused.status, refused.json()["error"]) == (400, "invalid_grant")
    assert application.exchange(code).status == 200


# Proof of possession (RFC 7636)


@pytest.mark.parametrize(
    ("challenge", "method"), [(CHALLENGE, "S256"), (VERIFIER, "plain"), (VERIFIER, None)]
)
def test_whoever_gave_a_challenge_must_bring_its_verifier(
    browser: Browser, application: Application, challenge: str, method: str | None
) -> None:
    code = application.code(browser, code_challenge=challenge, code_challenge_method=method)

    guesses = [application.exchange(code, code_verifier=each) for each in (None, "", "guess", CHALLENGE)]
    good = application.exchange(code, code_verifier=VERIFIER)

    assert [each.json()["error"] for each in guesses] == ["invalid_grant"] * 4
    assert good.status == 200


def test_the_example_of_the_standard_is_what_it_says() -> None:
    made = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())

    assert made.rstrip(b"=").decode() == CHALLENGE


# Refreshing


def test_refreshing_gives_new_tokens_and_ends_both_old_ones(
    browser: Browser, application: Application, clock: VirtualClock
) -> None:
    old = application.exchange(application.code(browser)).json()
    clock.advance(hours=3)

    new = application.refresh(old["refresh_token"])

    told = new.json()
    statuses = [
        as_bearer(browser.front.world, browser.site, each["access_token"]).get(MYSELF).status
        for each in (old, told)
    ]
    assert (new.status, told["expires_in"]) == (200, 7200)
    assert told["created_at"] == int(clock.now.timestamp())
    assert statuses == [401, 200]
    assert application.refresh(old["refresh_token"]).json()["error"] == "invalid_grant"
    assert application.refresh(told["refresh_token"]).status == 200


def test_refreshing_early_ends_the_access_token_that_was_still_good(
    browser: Browser, application: Application
) -> None:
    old = application.exchange(application.code(browser)).json()
    caller = as_bearer(browser.front.world, browser.site, old["access_token"])
    assert caller.get(MYSELF).status == 200

    application.refresh(old["refresh_token"])

    assert caller.get(MYSELF).status == 401


@pytest.mark.parametrize(
    ("changes", "status", "error"),
    [
        ({"redirect_uri": None}, 400, "invalid_request"),
        ({"redirect_uri": "https://evil.example/"}, 400, "invalid_grant"),
        ({"refresh_token": None}, 400, "invalid_request"),
        ({"refresh_token": "guess"}, 400, "invalid_grant"),
        ({"client_secret": "guess"}, 401, "invalid_client"),
    ],
)
def test_a_wrong_refresh_is_refused_and_leaves_the_tokens_good(
    browser: Browser, application: Application, changes: dict[str, str | None], status: int, error: str
) -> None:
    token = application.exchange(application.code(browser)).json()["refresh_token"]

    refused = application.refresh(token, **changes)

    assert (refused.status, refused.json()["error"]) == (status, error)
    assert application.refresh(token).status == 200


def test_an_access_token_does_not_refresh(browser: Browser, application: Application) -> None:
    told = application.exchange(application.code(browser)).json()

    assert application.refresh(told["access_token"]).json()["error"] == "invalid_grant"


def test_a_refresh_token_is_for_its_application(browser: Browser, application: Application) -> None:
    other = clients.register(browser.site, name="Other", redirect_url=CALLBACK)
    token = application.exchange(application.code(browser)).json()["refresh_token"]

    refused = Application(browser.front.world, browser.site, other).refresh(token)

    assert refused.json()["error"] == "invalid_grant"
    assert application.refresh(token).status == 200


def test_a_refresh_token_ends_too(browser: Browser, application: Application, clock: VirtualClock) -> None:
    token = application.exchange(application.code(browser)).json()["refresh_token"]

    clock.advance(days=90)

    assert application.refresh(token).json()["error"] == "invalid_grant"


def test_who_left_gives_no_more_tokens(browser: Browser, application: Application, site: Site) -> None:
    code = application.code(browser)
    token = application.exchange(application.code(browser)).json()["refresh_token"]
    site.put_user(replace(site.user("alice"), active=False))

    refused = [application.exchange(code), application.refresh(token)]

    assert [each.json()["error"] for each in refused] == ["invalid_grant", "invalid_grant"]


# Revoking


@pytest.mark.parametrize("which", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_both(browser: Browser, application: Application, which: str) -> None:
    told = application.exchange(application.code(browser)).json()
    other = application.exchange(application.code(browser)).json()

    response = application.send(REVOKE, token=told[which])

    callers = [as_bearer(browser.front.world, browser.site, each["access_token"]) for each in (told, other)]
    assert (response.status, response.body) == (200, b"")
    assert [each.get(MYSELF).status for each in callers] == [401, 200]
    assert application.refresh(told["refresh_token"]).json()["error"] == "invalid_grant"


def test_revoking_what_is_no_token_or_anothers_does_nothing(
    browser: Browser, application: Application
) -> None:
    other = clients.register(browser.site, name="Other", redirect_url=CALLBACK)
    token = application.exchange(application.code(browser)).json()["access_token"]

    told = [
        application.send(REVOKE, token="guess"),
        Application(browser.front.world, browser.site, other).send(REVOKE, token=token),
    ]

    assert [each.status for each in told] == [200, 200]
    assert as_bearer(browser.front.world, browser.site, token).get(MYSELF).status == 200


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"token": "guess", "client_secret": "guess"}, 401, "invalid_client"),
        ({"token": "guess", "client_id": "unknown"}, 401, "invalid_client"),
    ],
)
def test_a_wrong_revocation_is_refused(
    application: Application, form: dict[str, str], status: int, error: str
) -> None:
    refused = application.send(REVOKE, **form)

    assert (refused.status, refused.json()["error"]) == (status, error)


# What stays unsaid


def test_no_secret_shows_where_state_is_printed(browser: Browser, application: Application) -> None:
    waiting = application.code(browser)
    used = application.code(browser, code_challenge=CHALLENGE, code_challenge_method="S256")
    told = application.exchange(used, code_verifier=VERIFIER).json()

    printed = repr((browser.site, browser.site.provider, application.client))

    assert application.client.client_id in printed
    secrets = {application.client.client_secret, waiting, used, told["access_token"], told["refresh_token"]}
    assert [each for each in secrets if each in printed] == []


def test_the_same_world_gives_the_same_tokens(clock: VirtualClock) -> None:
    def told() -> str:
        world = data_center(clock=clock)
        site = world.sites["acme"]
        application = Application(world, site, clients.register(site, name="One", redirect_url=CALLBACK))
        return application.exchange(application.code(Browser(world, site).as_person("alice"))).body.decode()

    assert told() == told()


def _parameters(address: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(address).query))
