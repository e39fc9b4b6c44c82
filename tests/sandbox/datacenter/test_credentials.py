"""Who calls a Data Center, how far tokens go, and what is told to whom is nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest

from jira_sandbox.datacenter import personaltokens
from jira_sandbox.datacenter.oauth import clients, granting
from jira_sandbox.front import Front, Request, Response
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.quotas import Figures
from jira_sandbox.state.editions import DATA_CENTER, Edition
from jira_sandbox.state.provider import Scope
from jira_sandbox.state.ratelimits import RateLimit
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.provider import CALLBACK, JIRA, Bearer, as_bearer, data_center
from tests.support.sandbox import Person, VirtualClock, as_nobody, as_person

INFO, RIGHTS = "/rest/api/2/serverInfo", "/rest/api/2/mypermissions"
TOKENS = "/rest/pat/latest/tokens"
REALM = 'OAuth realm="https%3A%2F%2Fjira.acme.example"'
SWITCHED_OFF = {"message": "Basic Authentication has been disabled on this instance."}
WITH_PASSWORDS = [name for name, edition in DATA_CENTER.items() if edition.takes_passwords]


@pytest.fixture
def world(clock: VirtualClock) -> World:
    return data_center(clock=clock)


def ask(world: World, authorization: str, path: str = RIGHTS) -> Response:
    return Front(world).handle("acme", Request("GET", path, [], {"authorization": authorization}))


def application(world: World, name: str, scope: Scope) -> Bearer:
    """An application to which the person of that name gave this scope."""
    site = world.sites["acme"]
    client = clients.register(site, name="Backbone", redirect_url=CALLBACK, scope="SYSTEM_ADMIN")
    return as_bearer(world, site, granting.give(site, client, site.user(name), scope).access_token)


# Passwords


@pytest.mark.parametrize("edition", DATA_CENTER)
def test_passwords_are_taken_up_to_10_and_not_from_11_on(edition: str) -> None:
    world = data_center(edition)

    response = as_person(world, world.sites["acme"], "alice").get(RIGHTS)

    assert response.status == (200 if edition in WITH_PASSWORDS else 403)
    assert (response.json() == SWITCHED_OFF) == (edition not in WITH_PASSWORDS)


def test_a_site_may_switch_passwords_on_and_off() -> None:
    for edition, is_on in (("dc-11", True), ("dc-9.12", False)):
        world = data_center(edition)
        world.sites["acme"].takes_passwords = is_on

        response = as_person(world, world.sites["acme"], "alice").get(RIGHTS)

        assert response.status == (200 if is_on else 403)


def test_with_passwords_off_even_public_addresses_refuse_them() -> None:
    world = data_center("dc-11")
    site = world.sites["acme"]

    assert as_person(world, site, "alice").get(INFO).status == 403
    assert as_nobody(world, site).get(INFO).status == 200


@pytest.mark.parametrize("edition", DATA_CENTER)
@pytest.mark.parametrize("authorization", ["Bearer guess", "Bearer ", "Digest x", "JWT x", "OAuth x"])
def test_wrong_credentials_are_refused_and_told_so(edition: str, authorization: str) -> None:
    response = ask(data_center(edition), authorization)

    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == REALM
    assert response.headers["X-Seraph-LoginReason"] == "AUTHENTICATED_FAILED"
    assert response.json()["errorMessages"] == ["Client must be authenticated to access this resource."]


@pytest.mark.parametrize("edition", WITH_PASSWORDS)
@pytest.mark.parametrize("authorization", ["Basic !!!", "Basic YWxpY2U6Z3Vlc3M=", "Basic YWxpY2U="])
def test_wrong_passwords_are_refused(edition: str, authorization: str) -> None:
    response = ask(data_center(edition), authorization)

    assert (response.status, response.headers["WWW-Authenticate"]) == (401, REALM)


@pytest.mark.parametrize("edition", DATA_CENTER)
def test_strangers_are_asked_who_they_are(edition: str) -> None:
    world = data_center(edition)

    response = as_nobody(world, world.sites["acme"]).get(TOKENS)

    assert (response.status, response.headers["WWW-Authenticate"]) == (401, REALM)
    assert "X-Seraph-LoginReason" not in response.headers


def test_the_realm_is_the_whole_address_of_the_site() -> None:
    world = data_center(url=f"{JIRA}/jira")

    response = ask(world, "Bearer guess", f"/jira{RIGHTS}")

    assert response.headers["WWW-Authenticate"] == 'OAuth realm="https%3A%2F%2Fjira.acme.example%2Fjira"'


# Personal access tokens


@pytest.mark.parametrize("edition", WITH_PASSWORDS)
def test_a_person_makes_a_token_uses_it_and_takes_it_back(edition: str) -> None:
    world = data_center(edition)
    site = world.sites["acme"]
    alice = as_person(world, site, "alice")

    made = alice.post(TOKENS, {"name": "script", "expirationDuration": 90})
    caller = as_bearer(world, site, made.json()["rawToken"])
    listed = caller.get(TOKENS).json()
    gone = alice.delete(f"{TOKENS}/{made.json()['id']}")

    told = made.json()
    assert made.status == 201
    assert (told["name"], told["createdAt"]) == ("script", "2026-11-22T01:02:03.456Z")
    assert told["expiringAt"] == "2027-02-20T01:02:03.456Z"
    assert listed == [
        {name: text for name, text in told.items() if name != "rawToken"}
        | {"lastAccessedAt": "2026-11-22T01:02:03.456Z"}
    ]
    assert (gone.status, gone.body) == (204, b"")
    assert caller.get(TOKENS).status == 401
    assert alice.get(TOKENS).json() == []


def test_whoever_has_a_token_is_that_person(world: World, site: Site) -> None:
    token = personaltokens.make(site, site.user("dana"), name="script")

    shown = ask(world, f"Bearer {token.secret}").json()["permissions"]["ADMINISTER"]

    assert shown["havePermission"] is True
    assert world.meters.calls(caller="person") == 1


@pytest.mark.parametrize("edition", DATA_CENTER)
def test_a_token_is_taken_where_passwords_are_not(edition: str) -> None:
    world = data_center(edition)
    site = world.sites["acme"]
    token = personaltokens.make(site, site.user("alice"), name="script")

    assert ask(world, f"bearer {token.secret}").status == 200


def test_a_token_ends_when_it_was_said_to_and_one_without_an_end_does_not(
    world: World, site: Site, clock: VirtualClock
) -> None:
    ending = personaltokens.make(site, site.user("alice"), name="ending", days=1)
    lasting = personaltokens.make(site, site.user("alice"), name="lasting")

    clock.advance(days=1)

    assert [ask(world, f"Bearer {each.secret}").status for each in (ending, lasting)] == [401, 200]


def test_a_token_of_who_left_is_good_no_more(world: World, site: Site) -> None:
    token = personaltokens.make(site, site.user("alice"), name="script")
    site.put_user(replace(site.user("alice"), active=False))

    assert ask(world, f"Bearer {token.secret}").status == 401


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": 7}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"name": "script", "expirationDuration": 0}, "expirationDuration"),
        ({"name": "script", "expirationDuration": 366}, "expirationDuration"),
        ({"name": "script", "expirationDuration": "90"}, "expirationDuration"),
        ({"name": "script", "expirationDuration": True}, "expirationDuration"),
    ],
)
def test_a_wrong_token_is_not_made(alice: Person, site: Site, body: dict[str, object], field: str) -> None:
    refused = alice.post(TOKENS, body)

    assert (refused.status, list(refused.json()["errors"])) == (400, [field])
    assert site.personal_tokens == {}


def test_nobody_sees_or_takes_the_tokens_of_others(alice: Person, bob: Person, site: Site) -> None:
    number = alice.post(TOKENS, {"name": "script"}).json()["id"]

    assert bob.get(TOKENS).json() == []
    assert [bob.delete(f"{TOKENS}/{each}").status for each in (number, 1, "x")] == [404, 404, 404]
    assert list(site.personal_tokens) == [number]


def test_no_application_makes_lists_or_takes_tokens(world: World, site: Site) -> None:
    token = personaltokens.make(site, site.user("dana"), name="script")
    caller = application(world, "dana", "SYSTEM_ADMIN")

    statuses = [
        caller.get(TOKENS).status,
        caller.post(TOKENS, {"name": "more"}).status,
        caller.delete(f"{TOKENS}/{token.id}").status,
    ]

    assert statuses == [403, 403, 403]
    assert list(site.personal_tokens.values()) == [token]


def test_a_version_before_them_has_no_tokens(alice: Person, site: Site) -> None:
    site.edition = Edition(name="dc-8.13", version=(8, 13, 0), build=813_000)

    statuses = [alice.get(TOKENS).status, alice.post(TOKENS, {"name": "script"}).status]

    assert [*statuses, alice.delete(f"{TOKENS}/1").status] == [404, 404, 404]


def test_no_personal_token_shows_where_state_is_printed(site: Site) -> None:
    token = personaltokens.make(site, site.user("alice"), name="script")

    assert "script" in repr(site)
    assert token.secret not in repr((site, token))


# Applications that act for people


@pytest.mark.parametrize(
    ("scope", "statuses"), [("READ", [200, 403, 403]), ("WRITE", [200, 201, 204]), ("ADMIN", [200, 201, 204])]
)
def test_a_scope_lets_an_application_do_so_much(world: World, scope: Scope, statuses: list[int]) -> None:
    alice = as_person(world, world.sites["acme"], "alice")
    fields = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "One"}
    issue = alice.post("/rest/api/2/issue", {"fields": fields}).json()["id"]
    caller = application(world, "alice", scope)

    answers = [
        caller.get(f"/rest/api/2/issue/{issue}"),
        caller.post(f"/rest/api/2/issue/{issue}/comment", {"body": "Two"}),
        caller.delete(f"/rest/api/2/issue/{issue}"),
    ]

    assert [each.status for each in answers] == statuses


@pytest.mark.parametrize(
    ("name", "scope", "status"),
    [
        ("dana", "WRITE", 403),
        ("dana", "ADMIN", 201),
        ("dana", "SYSTEM_ADMIN", 201),
        ("alice", "ADMIN", 403),
        ("alice", "SYSTEM_ADMIN", 403),
    ],
)
def test_administering_takes_the_scope_and_a_jira_admin(
    world: World, name: str, scope: Scope, status: int
) -> None:
    caller = application(world, name, scope)

    made = caller.post("/rest/api/2/version", {"name": "1.0", "project": "ALPHA"})

    assert made.status == status


def test_a_jira_admin_who_is_none_of_the_system_gives_no_more_than_that(world: World, site: Site) -> None:
    site.revoke(site.user("dana"), "SYSTEM_ADMIN")
    caller = application(world, "dana", "SYSTEM_ADMIN")

    assert caller.post("/rest/api/2/version", {"name": "1.0", "project": "ALPHA"}).status == 201


def test_an_application_sees_and_does_no_more_than_its_person(world: World) -> None:
    dana = as_person(world, world.sites["acme"], "dana")
    fields = {"project": {"key": "GAMMA"}, "issuetype": {"name": "Task"}, "summary": "Hidden from Carol"}
    issue = dana.post("/rest/api/2/issue", {"fields": fields}).json()["id"]

    assert application(world, "dana", "READ").get(f"/rest/api/2/issue/{issue}").status == 200
    assert application(world, "carol", "READ").get(f"/rest/api/2/issue/{issue}").status == 403


def test_an_application_whose_person_left_is_refused(world: World, site: Site) -> None:
    caller = application(world, "alice", "READ")
    assert caller.get(RIGHTS).status == 200

    site.put_user(replace(site.user("alice"), active=False))

    assert caller.get(RIGHTS).status == 401


# Limits


def test_the_limits_of_the_cloud_neither_bind_nor_show_on_a_data_center(world: World) -> None:
    world.limits.enforce(Figures(points_per_hour=1, bursts={"GET": 1}))
    caller = application(world, "alice", "READ")

    answers = [caller.get(RIGHTS) for _ in range(3)]

    assert [each.status for each in answers] == [200, 200, 200]
    assert not [name for each in answers for name in each.headers if "ratelimit" in name.lower()]


def test_an_application_that_does_not_wait_where_it_was_told_to_is_noted(
    world: World, clock: VirtualClock
) -> None:
    caller = application(world, "alice", "READ")
    world.misfortunes.add(Misfortune(match=("", ""), kind="busy", headers={"Retry-After": "10"}))

    told = caller.get(RIGHTS)
    clock.advance(seconds=5)
    caller.get(RIGHTS)
    clock.advance(seconds=5)
    caller.get(RIGHTS)

    assert (told.status, told.headers["Retry-After"]) == (429, "10")
    assert len(world.limits.violations) == 1


def test_rate_limiting_fills_a_bucket_for_each_person_in_batches(
    world: World, site: Site, clock: VirtualClock
) -> None:
    site.rate_limit = RateLimit(allowed=2, interval=timedelta(seconds=10), most=3)
    caller, alice = application(world, "alice", "READ"), as_person(world, site, "alice")
    bob = as_person(world, site, "bob")

    spent = [each.get(RIGHTS) for each in (caller, alice, caller)]
    clock.advance(seconds=4)
    refused, others = caller.get(RIGHTS), bob.get(RIGHTS)
    clock.advance(seconds=6)
    again = [caller.get(RIGHTS).status for _ in range(3)]

    assert [each.headers["X-RateLimit-Remaining"] for each in spent] == ["2", "1", "0"]
    assert [each.headers["Retry-After"] for each in spent] == ["0", "0", "10"]
    assert (refused.status, refused.json()) == (429, {"message": "Rate limit exceeded."})
    assert {name: text for name, text in refused.headers.items() if name[:2] in {"X-", "Re"}} == {
        "X-RateLimit-Limit": "3",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Interval-Seconds": "10",
        "X-RateLimit-FillRate": "2",
        "Retry-After": "6",
    }
    assert others.status == 200
    assert again == [200, 200, 429]
    assert world.limits.violations == []


def test_a_bucket_never_holds_more_than_its_most(world: World, site: Site, clock: VirtualClock) -> None:
    site.rate_limit = RateLimit(allowed=2, interval=timedelta(seconds=10), most=3)
    alice = as_person(world, site, "alice")
    alice.get(RIGHTS)

    clock.advance(hours=1)

    assert alice.get(RIGHTS).headers["X-RateLimit-Remaining"] == "2"


def test_rate_limiting_lets_strangers_pass_and_tells_them_nothing(world: World, site: Site) -> None:
    site.rate_limit = RateLimit(allowed=1, interval=timedelta(seconds=10), most=1)

    answers = [as_nobody(world, site).get(INFO) for _ in range(3)]

    assert [each.status for each in answers] == [200, 200, 200]
    assert not [name for each in answers for name in each.headers if name.startswith("X-RateLimit")]


def test_who_calls_before_the_bucket_fills_is_noted(world: World, site: Site, clock: VirtualClock) -> None:
    site.rate_limit = RateLimit(allowed=1, interval=timedelta(seconds=10), most=1)
    caller = application(world, "alice", "READ")

    statuses = [caller.get(RIGHTS).status for _ in range(2)]
    clock.advance(seconds=1)
    caller.get(RIGHTS)

    assert statuses == [200, 429]
    assert len(world.limits.violations) == 1
