from collections.abc import Iterator
from typing import Any

import pytest
import requests

from jira_sandbox.acts import accounts
from jira_sandbox.connect import authorization, installing, tokens
from jira_sandbox.state.site import Site
from jira_sandbox.transport import mounted
from jira_sandbox.world import World
from tests.support.sandbox import ACME, ListeningApp, VirtualClock, descriptor, install, two_sites

ASK = f"https://{authorization.HOST}/oauth2/token"
MYSELF = f"{ACME}/rest/api/3/myself"


@pytest.fixture(autouse=True)
def _net(world: World) -> Iterator[None]:
    with mounted(world):
        yield


@pytest.fixture
def acting(world: World, site: Site) -> ListeningApp:
    """An installed app that may act as people."""
    app = ListeningApp()
    install(world, site, app, wanted=descriptor(scopes=["READ", "WRITE", "ACT_AS_USER"]))
    return app


def assertion(world: World, site: Site, **changes: object) -> str:
    issued = int(world.clock().timestamp())
    claims: dict[str, Any] = {
        "iss": f"urn:atlassian:connect:clientid:{site.app.oauth_client_id}",
        "sub": f"urn:atlassian:connect:useraccountid:{site.user('alice').account_id}",
        "tnt": ACME,
        "aud": f"https://{authorization.HOST}",
        "iat": issued,
        "exp": issued + 60,
        **changes,
    }
    return tokens.sign_hs256(claims, site.app.shared_secret)


def ask(signed: str, **more: str) -> requests.Response:
    form = {"grant_type": authorization.GRANT, "assertion": signed, **more}
    return requests.post(ASK, data=form, timeout=5)


def bearer(answer: requests.Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


def test_the_installation_tells_the_client_id_to_an_app_that_may_act_as_people(
    site: Site, acting: ListeningApp
) -> None:
    assert site.app.oauth_client_id
    assert f'"oauthClientId": "{site.app.oauth_client_id}"' in acting.calls[0].body.decode()


def test_an_app_acts_as_a_person_within_its_own_scopes(
    world: World, site: Site, acting: ListeningApp
) -> None:
    answer = ask(assertion(world, site))

    told = answer.json()
    assert (answer.status_code, told["token_type"], told["expires_in"], told["scope"]) == (
        200,
        "Bearer",
        900,
        "READ WRITE",
    )
    made = requests.post(
        f"{ACME}/rest/api/3/issue",
        json={"fields": {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "as alice"}},
        headers=bearer(answer),
        timeout=5,
    ).json()
    assert site.issue(made["id"]).creator == site.user("alice").account_id
    deleted = requests.delete(f"{ACME}/rest/api/3/issue/{made['id']}", headers=bearer(answer), timeout=5)
    assert deleted.status_code == 403


def test_a_token_may_have_fewer_scopes(world: World, site: Site, acting: ListeningApp) -> None:
    answer = ask(assertion(world, site), scope="READ")

    read = requests.get(MYSELF, headers=bearer(answer), timeout=5)
    written = requests.post(f"{ACME}/rest/api/3/issue", json={}, headers=bearer(answer), timeout=5)

    assert (read.json()["displayName"], written.status_code) == ("Alice Archer", 403)


def test_who_may_write_may_read(world: World, site: Site, acting: ListeningApp) -> None:
    answer = ask(assertion(world, site), scope="WRITE")

    assert requests.get(MYSELF, headers=bearer(answer), timeout=5).status_code == 200
    assert answer.json()["scope"] == "READ WRITE"


def test_what_the_app_may_no_longer_do_nobody_does_through_it(
    world: World, site: Site, acting: ListeningApp
) -> None:
    headers = bearer(ask(assertion(world, site)))

    site.take_scopes("WRITE")

    assert requests.post(f"{ACME}/rest/api/3/issue", json={}, headers=headers, timeout=5).status_code == 403
    assert requests.get(MYSELF, headers=headers, timeout=5).status_code == 200


def test_a_token_is_good_on_its_own_site_alone(clock: VirtualClock) -> None:
    world = two_sites(clock)
    acme, initech = world.sites.values()
    for each in (acme, initech):
        install(world, each, ListeningApp(), wanted=descriptor(scopes=["READ", "ACT_AS_USER"]))
    with mounted(world):
        headers = bearer(ask(assertion(world, acme)))

        told = [
            requests.get(f"{each.base_url}/rest/api/3/myself", headers=headers) for each in (acme, initech)
        ]

    assert [each.status_code for each in told] == [200, 401]


def test_a_token_lives_fifteen_minutes(
    world: World, site: Site, acting: ListeningApp, clock: VirtualClock
) -> None:
    headers = bearer(ask(assertion(world, site)))
    clock.advance(minutes=15)
    in_time = requests.get(MYSELF, headers=headers, timeout=5).status_code
    clock.advance(seconds=1)

    assert (in_time, requests.get(MYSELF, headers=headers, timeout=5).status_code) == (200, 401)


def test_a_token_ends_with_the_persons_account(world: World, site: Site, acting: ListeningApp) -> None:
    headers = bearer(ask(assertion(world, site)))

    accounts.close(world, site, site.user("alice"))

    assert requests.get(MYSELF, headers=headers, timeout=5).status_code == 401


def test_a_token_ends_with_the_installation(world: World, site: Site, acting: ListeningApp) -> None:
    headers = bearer(ask(assertion(world, site)))
    installing.disable(world, site, send=acting)
    disabled = requests.get(MYSELF, headers=headers, timeout=5).status_code
    installing.uninstall(world, site, send=acting)

    install(world, site, ListeningApp())

    assert (disabled, requests.get(MYSELF, headers=headers, timeout=5).status_code) == (403, 401)


def test_who_acts_as_a_person_is_not_the_app(world: World, site: Site, acting: ListeningApp) -> None:
    headers = bearer(ask(assertion(world, site)))

    answer = requests.get(f"{ACME}/rest/api/3/webhook", headers=headers, timeout=5)

    assert (answer.status_code, answer.json()["errorMessages"]) == (403, ["The caller is not an app."])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"aud": "https://elsewhere.example"}, "The audience is not this authorization server."),
        ({"tnt": "https://initech.atlassian.net"}, "The tenant is not the site of the client."),
        ({"exp": 4_000_000_000}, "An assertion lives 120 seconds at most."),
        ({"iat": 1, "exp": 61}, "The assertion has expired or is not valid yet."),
        ({"iat": 4_000_000_000, "exp": 4_000_000_060}, "The assertion has expired or is not valid yet."),
        ({"exp": None}, "The assertion must carry iat and exp."),
        ({"sub": "alice"}, "The subject must name a user account."),
        ({"sub": "urn:atlassian:connect:useraccountid:nobody"}, "The subject is not an active user"),
    ],
)
def test_an_assertion_that_is_not_right_is_no_grant(
    world: World, site: Site, acting: ListeningApp, changes: dict[str, object], words: str
) -> None:
    answer = ask(assertion(world, site, **changes))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert answer.json()["error_description"].startswith(words)


def test_a_stranger_is_no_client(world: World, site: Site, acting: ListeningApp) -> None:
    foreign = tokens.sign_hs256({"iss": "urn:atlassian:connect:clientid:other"}, "other secret")
    unnamed = assertion(world, site, iss="urn:atlassian:connect:clientid:other")

    told = [ask(signed).json()["error"] for signed in (foreign, unnamed)]

    assert told == ["invalid_client"] * 2


def test_other_grants_scopes_and_apps_are_refused(world: World, site: Site, acting: ListeningApp) -> None:
    signed = assertion(world, site)
    wrong_grant = requests.post(ASK, data={"grant_type": "client_credentials"}, timeout=5)
    wrong_scope = ask(signed, scope="READ ADMIN")
    site.take_scopes("ACT_AS_USER")
    wrong_app = ask(signed)

    told = [each.json()["error"] for each in (wrong_grant, wrong_scope, wrong_app)]

    assert told == ["unsupported_grant_type", "invalid_scope", "unauthorized_client"]


def test_the_server_has_one_address_and_one_method(acting: ListeningApp) -> None:
    other = requests.post(ASK + "/other", timeout=5).status_code
    read = requests.get(ASK, timeout=5).status_code

    assert (other, read) == (404, 405)


def test_served_on_a_port_it_is_a_path_of_the_site(world: World, site: Site, acting: ListeningApp) -> None:
    form = {"grant_type": authorization.GRANT, "assertion": assertion(world, site)}

    answer = requests.post(f"{ACME}/_auth/oauth2/token", data=form, timeout=5)

    assert (answer.status_code, answer.json()["token_type"]) == (200, "Bearer")
