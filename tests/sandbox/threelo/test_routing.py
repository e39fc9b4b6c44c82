"""The gateway: which sites a token is good on, and calls to them."""

import pytest
import requests

from jira_sandbox import server, threelo
from jira_sandbox.acts import accounts
from jira_sandbox.front import Front, Request
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.state.site import Site
from jira_sandbox.state.threelo import OAuthApp
from jira_sandbox.threelo import gateway
from jira_sandbox.transport import mounted
from jira_sandbox.wire import ConnectionLost
from jira_sandbox.world import World
from tests.support.sandbox import Person, VirtualClock, as_person
from tests.support.threelo import WORK, Bearer, acting, an_app, resources

MYSELF = "/rest/api/3/myself"


@pytest.fixture
def alices(world: World, site: Site, oauth: OAuthApp) -> Bearer:
    """The app as alice at acme."""
    return acting(world, oauth, site, "alice", *WORK)


def test_the_sites_are_listed_with_what_was_consented_to(
    world: World, site: Site, initech: Site, oauth: OAuthApp
) -> None:
    threelo.grant(world, oauth, initech, initech.user("alice"), ["read:jira-work"])
    token = threelo.grant(world, oauth, site, site.user("alice"), ["read:jira-work", "read:jira-user"])

    listed = resources(world, token.access_token)

    assert listed.status == 200
    assert listed.json() == [
        {
            "id": site.cloud_id,
            "url": "https://acme.atlassian.net",
            "name": "acme",
            "scopes": ["read:jira-user", "read:jira-work"],
            "avatarUrl": gateway.AVATAR,
        },
        {
            "id": initech.cloud_id,
            "url": "https://initech.atlassian.net",
            "name": "initech",
            "scopes": ["read:jira-work"],
            "avatarUrl": gateway.AVATAR,
        },
    ]


def test_a_call_is_the_persons_and_its_links_are_the_sites_own(site: Site, alices: Bearer) -> None:
    issue = alices.create("ALPHA", "by the gateway")

    told = alices.get(f"/rest/api/3/issue/{issue}").json()

    assert site.issue(issue).creator == site.user("alice").account_id
    assert told["self"] == f"https://acme.atlassian.net/rest/api/3/issue/{issue}"
    assert alices.get(MYSELF).json()["displayName"] == "Alice Archer"
    assert (
        alices.get("/rest/api/2/myself").json()["self"].startswith("https://acme.atlassian.net/rest/api/2/")
    )


def test_what_the_person_may_not_the_app_may_not(world: World, site: Site, oauth: OAuthApp) -> None:
    issue = as_person(world, site, "dana").create("GAMMA", "dana's own")
    path = f"/rest/api/3/issue/{issue}"

    seen = [acting(world, oauth, site, name, *WORK).get(path).status for name in ("dana", "frank")]

    assert seen == [200, 404]


def test_the_head_of_an_answer_has_no_body(alices: Bearer) -> None:
    answer = alices.call("HEAD", MYSELF)

    assert (answer.status, answer.body, "Date" in answer.headers) == (200, b"", True)


def test_what_is_no_route_is_404_and_a_wrong_method_405(alices: Bearer) -> None:
    assert [alices.get("/rest/api/3/nothing").status, alices.delete(MYSELF).status] == [404, 405]


def test_what_is_not_rest_is_not_let_through(alices: Bearer) -> None:
    answer = alices.get("/browse/ALPHA-1")

    assert (answer.status, answer.json()) == (404, {"code": 404, "message": "Not Found"})


@pytest.mark.parametrize("token", ["", "guess"])
def test_without_a_token_nobody_gets_through(world: World, site: Site, token: str) -> None:
    listed, called = resources(world, token), Bearer(Front(world), site, token).get(MYSELF)

    assert [each.status for each in (listed, called)] == [401, 401]
    assert called.json() == {"code": 401, "message": "Unauthorized"}


def test_a_password_gets_nobody_through(world: World, site: Site) -> None:
    person = as_person(world, site, "alice")
    path = f"{gateway.PREFIX}{site.cloud_id}{MYSELF}"
    headers = {"authorization": f"Basic {person.credentials}"}

    answer = Front(world).handle_elsewhere(gateway.HOST, Request("GET", path, [], headers))

    assert answer
    assert answer.status == 401


def test_a_token_lives_an_hour(world: World, alices: Bearer, clock: VirtualClock) -> None:
    clock.advance(seconds=3600)
    in_time = alices.get(MYSELF).status
    clock.advance(seconds=1)

    assert (in_time, alices.get(MYSELF).status) == (200, 401)
    assert resources(world, alices.credentials).status == 401


def test_a_token_is_worth_nothing_at_the_sites_own_address(world: World, site: Site, alices: Bearer) -> None:
    headers = {"authorization": f"Bearer {alices.credentials}"}

    assert Front(world).handle("acme", Request("GET", MYSELF, [], headers)).status == 401


def test_a_token_is_good_where_its_person_consented(
    world: World, initech: Site, oauth: OAuthApp, alices: Bearer
) -> None:
    there = Bearer(alices.front, initech, alices.credentials)
    before = there.get(MYSELF)

    threelo.grant(world, oauth, initech, initech.user("alice"), WORK)

    assert (before.status, before.json()) == (
        403,
        {"code": 403, "message": "The app is not installed on this instance"},
    )
    assert there.get(MYSELF).status == 200


def test_a_site_that_is_none_is_not_found(world: World, alices: Bearer) -> None:
    for cloud_id in ("", "3f8c", "acme"):
        path = f"{gateway.PREFIX}{cloud_id}{MYSELF}"
        headers = {"authorization": f"Bearer {alices.credentials}"}
        answer = alices.front.handle_elsewhere(gateway.HOST, Request("GET", path, [], headers))
        assert answer
        assert answer.status == 404


def test_leave_that_was_taken_back_is_no_leave(
    world: World, site: Site, oauth: OAuthApp, alices: Bearer
) -> None:
    other = acting(world, an_app(world), site, "alice", *WORK)

    threelo.revoke(world, oauth, site.user("alice"))

    assert (alices.get(MYSELF).status, resources(world, alices.credentials).json()) == (403, [])
    assert other.get(MYSELF).status == 200


def test_a_token_ends_with_the_account(world: World, site: Site, oauth: OAuthApp) -> None:
    carols = acting(world, oauth, site, "carol", *WORK)

    accounts.close(world, site, site.user("carol"))

    assert carols.get(MYSELF).status == 403


def test_narrower_consent_later_narrows_older_tokens(
    world: World, site: Site, oauth: OAuthApp, alices: Bearer
) -> None:
    threelo.grant(world, oauth, site, site.user("alice"), ["read:jira-work"])

    assert alices.get(MYSELF).status == 401


def test_the_gateway_finds_a_site_that_was_renamed(world: World, site: Site, alices: Bearer) -> None:
    world.rename(site, "https://renamed.atlassian.net")

    assert alices.get(MYSELF).json()["self"].startswith("https://renamed.atlassian.net/")
    assert resources(world, alices.credentials).json()[0]["url"] == "https://renamed.atlassian.net"


def test_misfortunes_and_outages_meet_these_calls_as_others(world: World, alices: Bearer) -> None:
    world.misfortunes.add(Misfortune(match=("GET", "/myself"), kind="lose_answer_after_effect", caller="app"))

    with pytest.raises(ConnectionLost):
        alices.get(MYSELF)
    assert alices.get(MYSELF).status == 200
    world.take_down("acme")
    with pytest.raises(ConnectionLost):
        alices.get(MYSELF)


def test_calls_are_counted_as_an_apps(world: World, alices: Bearer) -> None:
    alices.get(MYSELF)

    (row,) = [each for each in world.meters.snapshot() if each["route"] == f"GET {MYSELF}"]
    assert (row["site"], row["caller"], row["calls"]) == ("acme", "app", 1)


def test_requests_reach_the_gateway_in_process(world: World, site: Site, alices: Bearer) -> None:
    url = f"https://api.atlassian.com/ex/jira/{site.cloud_id}{MYSELF}"

    with mounted(world):
        answer = requests.get(url, headers={"Authorization": f"Bearer {alices.credentials}"}, timeout=5)

    assert answer.json()["displayName"] == "Alice Archer"


def test_on_sockets_the_gateway_is_a_path_on_each_sites_port(
    world: World, site: Site, alices: Bearer
) -> None:
    headers = {"Authorization": f"Bearer {alices.credentials}"}
    with server.serve(world) as running:
        for address in running.addresses.values():
            listed = requests.get(f"{address}/_api{gateway.RESOURCES}", headers=headers, timeout=5)
            called = requests.get(
                f"{address}/_api/ex/jira/{site.cloud_id}{MYSELF}", headers=headers, timeout=5
            )
            assert [each["id"] for each in listed.json()] == [site.cloud_id]
            assert called.json()["displayName"] == "Alice Archer"


def test_people_call_their_site_as_before(alice: Person) -> None:
    assert alice.get(MYSELF).status == 200
