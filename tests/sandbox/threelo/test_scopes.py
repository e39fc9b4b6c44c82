"""Scopes: each operation asks for those that the description names."""

import pytest

from jira_sandbox.rest.table import ROUTES
from jira_sandbox.routing import Route
from jira_sandbox.state.site import Site
from jira_sandbox.state.threelo import OAuthApp
from jira_sandbox.threelo import scopes
from jira_sandbox.version2 import V2, V3
from jira_sandbox.world import World
from tests.support.conformance import descriptions
from tests.support.sandbox import Person
from tests.support.threelo import acting, an_app

NAMES = sorted({each.name for each in ROUTES if V2 not in each.template})
described = pytest.mark.skipif(
    not descriptions.are_here(), reason="the descriptions of Jira are not in ../shared/specs"
)
GRANULAR = [
    *("read:issue-meta:jira", "read:issue-security-level:jira", "read:issue.vote:jira"),
    *("read:issue.changelog:jira", "read:avatar:jira", "read:issue:jira", "read:status:jira"),
    *("read:user:jira", "read:field-configuration:jira"),
]
"""What the description asks for to read a work item."""


def of_description(name: str) -> scopes.Sets:
    """What the description asks for: the classic scopes of ``security``, then what it calls beta."""
    operation = descriptions.CLOUD.operations.get(name)
    if operation is None:
        return ()
    classic = [each["OAuth2"] for each in operation.told.get("security", []) if "OAuth2" in each]
    told = operation.told.get("x-atlassian-oauth2-scopes", [])
    granular = [each["scopes"] for each in told if each["state"] == "Beta"]
    return tuple(frozenset(each) for each in (*classic, *granular))


@described
@pytest.mark.parametrize("name", NAMES)
def test_the_table_says_of_each_operation_what_the_description_says(name: str) -> None:
    assert scopes.TABLE.get(name, ()) == of_description(name)


def test_the_table_has_no_operation_that_is_not_answered() -> None:
    assert scopes.TABLE.keys() - set(NAMES) == set()


def test_both_versions_ask_for_the_same() -> None:
    olds = [each for each in ROUTES if V2 in each.template]
    news = {each.name: each for each in ROUTES}

    assert olds
    assert all(scopes.asked(each) == scopes.asked(news[each.name.replace(V2, V3, 1)]) for each in olds)


def named(name: str) -> Route:
    return next(each for each in ROUTES if each.name == name)


def test_reading_and_writing_are_two_things(world: World, site: Site, oauth: OAuthApp, alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    reading = acting(world, oauth, site, "alice", "read:jira-work")
    writing = acting(world, an_app(world), site, "alice", "write:jira-work")
    path = f"/rest/api/3/issue/{issue}"
    changed = {"fields": {"summary": "two"}}

    assert [reading.get(path).status, writing.put(path, changed).status] == [200, 204]
    refused = [reading.put(path, changed), writing.get(path)]
    assert [each.status for each in refused] == [401, 401]
    assert refused[0].json() == {"code": 401, "message": "Unauthorized; scope does not match"}


def test_granular_scopes_do_when_all_of_them_are_there(world: World, site: Site, alice: Person) -> None:
    path = f"/rest/api/3/issue/{alice.create('ALPHA', 'one')}"
    whole = acting(world, an_app(world), site, "alice", *GRANULAR)
    part = acting(world, an_app(world), site, "alice", *GRANULAR[1:])

    assert [whole.get(path).status, part.get(path).status] == [200, 401]
    assert whole.get(path.replace("/3/", "/2/")).status == 200


def test_what_strangers_may_read_still_asks_a_token_for_its_scope(
    world: World, site: Site, oauth: OAuthApp
) -> None:
    caller = acting(world, oauth, site, "alice", "read:jira-user")

    assert caller.get("/rest/api/3/search/jql?jql=project=ALPHA").status == 401
    assert caller.get("/rest/api/3/serverInfo").status == 200


def test_two_scopes_may_be_asked_for_at_once(world: World, site: Site, oauth: OAuthApp) -> None:
    (classic, _) = scopes.asked(named("GET /rest/api/3/webhook"))
    caller = acting(world, oauth, site, "alice", "manage:jira-webhook")

    assert classic == {"read:jira-work", "manage:jira-webhook"}
    assert caller.get("/rest/api/3/webhook").status == 401


@pytest.mark.parametrize(
    "path",
    [
        "/rest/atlassian-connect/1/addons/example.app",
        "/rest/atlassian-connect/1/app/module/dynamic",
    ],
)
def test_what_is_for_other_kinds_of_apps_no_scope_opens(
    world: World, site: Site, oauth: OAuthApp, path: str
) -> None:
    everything = {scope for sets in scopes.TABLE.values() for each in sets for scope in each}

    assert acting(world, oauth, site, "dana", *sorted(everything)).get(path).status == 401


def test_an_administrator_needs_the_scope_too(world: World, site: Site, oauth: OAuthApp) -> None:
    caller = acting(world, oauth, site, "dana", "read:jira-work", "write:jira-work")
    may = acting(world, an_app(world), site, "dana", "manage:jira-configuration")

    assert [each.get("/rest/api/3/role").status for each in (caller, may)] == [401, 200]


def test_a_scope_gives_no_right_the_person_lacks(world: World, site: Site, oauth: OAuthApp) -> None:
    caller = acting(world, oauth, site, "alice", "manage:jira-configuration")

    assert caller.get("/rest/api/3/role").status == 403
