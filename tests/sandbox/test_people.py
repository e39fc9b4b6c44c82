"""Accounts: one's own, others', all of them; properties, preferences, addresses."""

from dataclasses import replace
from typing import Any

import pytest

from jira_sandbox.acts import accounts
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import (
    AppCaller,
    ListeningApp,
    Person,
    as_app,
    as_nobody,
    as_person,
    descriptor,
    install,
)

USER, MYSELF, PREFERENCES = "/rest/api/3/user", "/rest/api/3/myself", "/rest/api/3/mypreferences"
EMAIL = f"{USER}/email"


def account(site: Site, name: str) -> str:
    return site.user(name).account_id


@pytest.mark.answers("GET /rest/api/3/myself")
def test_one_sees_ones_own_account(alice: Person, site: Site) -> None:
    shown = alice.get(f"{MYSELF}?expand=groups,applicationRoles").json()

    assert shown["accountId"] == account(site, "alice")
    assert (shown["displayName"], shown["accountType"]) == ("Alice Archer", "atlassian")
    assert (shown["locale"], shown["timeZone"]) == ("en_US", "Etc/UTC")
    assert [each["name"] for each in shown["groups"]["items"]] == ["staff"]
    assert shown["applicationRoles"]["items"][0]["key"] == "jira-software"


def test_groups_are_counted_and_listed_when_expanded(alice: Person) -> None:
    shown = alice.get(MYSELF).json()

    assert shown["groups"] == {"size": 1, "items": []}
    assert shown["applicationRoles"] == {"size": 1, "items": []}


@pytest.mark.answers("GET /rest/api/3/user")
@pytest.mark.refuses("GET /rest/api/3/user", 404)
def test_an_account_is_found_by_id(alice: Person, site: Site) -> None:
    bob = account(site, "bob")

    assert alice.get(f"{USER}?accountId={bob}").json()["displayName"] == "Bob Baker"
    nobody = alice.get(f"{USER}?accountId=nobody")
    assert nobody.status == 404
    assert nobody.json()["errorMessages"] == [
        "Specified user does not exist or you do not have required permissions"
    ]
    assert alice.get(USER).status == 404


@pytest.mark.refuses("GET /rest/api/3/user", 403)
@pytest.mark.refuses("GET /rest/api/3/user/groups", 403)
def test_who_may_not_browse_people_is_shown_nobody(world: World, site: Site, alice: Person) -> None:
    for each in site.grants_globally("USER_PICKER"):
        site.revoke_from(each, "USER_PICKER")

    for path in (USER, f"{USER}/groups"):
        answer = alice.get(f"{path}?accountId={account(site, 'bob')}")
        assert answer.status == 403
        assert "browse users" in answer.json()["errorMessages"][0]
    assert alice.get(f"{USER}/search?query=b").json() == []


@pytest.mark.answers("GET /rest/api/3/user/bulk")
@pytest.mark.refuses("GET /rest/api/3/user/bulk", 400)
def test_several_accounts_are_found_at_once(alice: Person, site: Site) -> None:
    bob, carol = account(site, "bob"), account(site, "carol")
    path = f"{USER}/bulk?accountId={bob}&accountId=nobody&accountId={carol}"

    page = alice.get(path).json()

    assert [each["displayName"] for each in page["values"]] == ["Bob Baker", "Carol Cook"]
    assert (page["total"], page["isLast"], page["maxResults"]) == (2, True, 10)
    second = alice.get(f"{path}&startAt=1&maxResults=1").json()
    assert [each["accountId"] for each in second["values"]] == [carol]
    assert alice.get(f"{USER}/bulk").status == 400


@pytest.mark.answers("GET /rest/api/3/user/groups")
@pytest.mark.refuses("GET /rest/api/3/user/groups", 404)
def test_the_groups_of_somebody(dana: Person, site: Site) -> None:
    shown = dana.get(f"{USER}/groups?accountId={account(site, 'dana')}")

    assert [each["name"] for each in shown.json()] == ["jira-administrators", "staff"]
    assert shown.json()[1]["groupId"] == site.group("staff").id
    assert dana.get(f"{USER}/groups?accountId=nobody").status == 404


def test_a_hidden_address_only_its_owner_sees(world: World, site: Site, alice: Person, bob: Person) -> None:
    site.put_user(replace(site.user("bob"), hides_email=True, time_zone="Europe/Berlin", locale="de_DE"))

    seen = alice.get(f"{USER}?accountId={account(site, 'bob')}").json()

    assert "emailAddress" not in seen
    assert (seen["timeZone"], seen["locale"]) == ("Europe/Berlin", "de_DE")
    assert bob.get(MYSELF).json()["emailAddress"] == "bob@acme.example.com"


def test_who_is_deactivated_cannot_sign_in_and_is_not_found(world: World, site: Site, alice: Person) -> None:
    site.put_user(replace(site.user("bob"), active=False))

    assert as_person(world, site, "bob").get(MYSELF).status == 401
    assert alice.get(f"{USER}/search?query=bob").json() == []
    assert alice.get(f"{USER}?accountId={account(site, 'bob')}").json()["active"] is False


@pytest.fixture
def trusted(world: World, site: Site) -> AppCaller:
    """An app that Atlassian approved for e-mail addresses."""
    scopes = ["READ", "ACCESS_EMAIL_ADDRESSES", "ACT_AS_USER", "WRITE"]
    install(world, site, ListeningApp(), wanted=descriptor(scopes=scopes))
    return as_app(world, site)


@pytest.mark.answers("GET /rest/api/3/user/email")
@pytest.mark.refuses("GET /rest/api/3/user/email", 400)
@pytest.mark.refuses("GET /rest/api/3/user/email", 401)
@pytest.mark.refuses("GET /rest/api/3/user/email", 404)
def test_an_approved_app_is_told_hidden_addresses(site: Site, trusted: AppCaller, alice: Person) -> None:
    site.put_user(replace(site.user("bob"), hides_email=True))
    bob = account(site, "bob")

    assert trusted.get(f"{EMAIL}?accountId={bob}").json() == {
        "accountId": bob,
        "email": "bob@acme.example.com",
    }
    assert trusted.get(f"{EMAIL}?accountId=nobody").status == 404
    assert trusted.get(EMAIL).status == 400
    refused = alice.get(f"{EMAIL}?accountId={bob}")
    assert (refused.status, refused.json()["errorMessages"]) == (401, ["Only apps can access this resource."])


@pytest.mark.answers("GET /rest/api/3/user/email/bulk")
@pytest.mark.refuses("GET /rest/api/3/user/email/bulk", 400)
@pytest.mark.refuses("GET /rest/api/3/user/email/bulk", 401)
def test_addresses_of_several(site: Site, trusted: AppCaller, alice: Person) -> None:
    bob = account(site, "bob")

    assert trusted.get(f"{EMAIL}/bulk?accountId={bob}&accountId=nobody").json() == [
        {"accountId": bob, "email": "bob@acme.example.com"}
    ]
    assert trusted.get(f"{EMAIL}/bulk").status == 400
    assert alice.get(f"{EMAIL}/bulk?accountId={bob}").status == 401


@pytest.mark.answers("GET /rest/api/3/user/bulk/migration")
@pytest.mark.refuses("GET /rest/api/3/user/bulk/migration", 400)
def test_names_of_old_lead_to_account_ids(alice: Person, site: Site) -> None:
    path = f"{USER}/bulk/migration"

    shown = alice.get(f"{path}?username=bob&username=ghost&username=carol").json()

    assert shown == [{"username": name, "accountId": account(site, name)} for name in ("bob", "carol")]
    assert alice.get(f"{path}?key=bob").json() == [{"key": "bob", "accountId": account(site, "bob")}]
    assert alice.get(path).status == 400
    assert alice.get(f"{path}?key=bob&username=bob").status == 400


@pytest.mark.answers("GET /rest/api/3/users")
@pytest.mark.refuses("GET /rest/api/3/users", 400)
@pytest.mark.answers("GET /rest/api/3/users/search")
@pytest.mark.refuses("GET /rest/api/3/users/search", 400)
def test_all_accounts_are_listed_for_people_only(
    world: World, site: Site, alice: Person, app: ListeningApp
) -> None:
    site.put_user(replace(site.user("bob"), active=False))

    for path in ("/rest/api/3/users", "/rest/api/3/users/search"):
        names = [each["displayName"] for each in alice.get(path).json()]
        assert names == ["Alice Archer", "Bob Baker", "Carol Cook", "Dana Draper", "Example", "Frank Fisher"]
        assert [each["displayName"] for each in alice.get(f"{path}?startAt=1&maxResults=1").json()] == [
            "Bob Baker"
        ]
        assert alice.get(f"{path}?maxResults=many").status == 400
        assert as_app(world, site).get(path).status == 403


@pytest.mark.answers("POST /rest/api/3/user")
@pytest.mark.refuses("POST /rest/api/3/user", 400)
@pytest.mark.refuses("POST /rest/api/3/user", 403)
def test_an_administrator_gives_access(dana: Person, alice: Person, site: Site) -> None:
    wanted = {
        "emailAddress": "zoe@acme.example.com",
        "displayName": "Zoe Zander",
        "products": ["jira-software"],
    }

    made = dana.post(USER, wanted)

    assert (made.status, made.json()["displayName"]) == (201, "Zoe Zander")
    assert dana.post(USER, wanted).json()["accountId"] == made.json()["accountId"]
    assert dana.post(USER, {"products": "all"}).json()["errors"].keys() == {"emailAddress", "products"}
    assert alice.post(USER, wanted).status == 403


@pytest.mark.answers("DELETE /rest/api/3/user")
@pytest.mark.refuses("DELETE /rest/api/3/user", 400)
@pytest.mark.refuses("DELETE /rest/api/3/user", 403)
@pytest.mark.refuses("DELETE /rest/api/3/user", 404)
def test_an_administrator_closes_accounts(dana: Person, alice: Person, site: Site) -> None:
    bob = account(site, "bob")

    assert alice.delete(f"{USER}?accountId={bob}").status == 403
    assert dana.delete(f"{USER}?accountId={bob}").status == 204
    assert site.users[bob].display_name == "Former user"
    assert dana.delete(f"{USER}?accountId=nobody").status == 404
    assert dana.delete(f"{USER}?accountId={account(site, 'dana')}").json()["errorMessages"] == [
        "You cannot delete the currently logged in user."
    ]


def test_apps_hear_of_new_accounts(world: World, site: Site, dana: Person) -> None:
    listening = ListeningApp()
    hooks = {"webhooks": [{"event": "user_created", "url": "/hook"}]}
    install(world, site, listening, wanted=descriptor(modules=hooks))
    listening.calls.clear()

    accounts.open_for(world, site, email="zoe@acme.example.com", display_name="Zoe")
    accounts.open_for(world, site, email="bob@acme.example.com", display_name="Another Bob")

    assert world.deliver(listening) == 1


PROPERTY = f"{USER}/properties/town"


@pytest.mark.answers("PUT /rest/api/3/user/properties/{propertyKey}")
@pytest.mark.answers("GET /rest/api/3/user/properties/{propertyKey}")
@pytest.mark.answers("GET /rest/api/3/user/properties")
@pytest.mark.answers("DELETE /rest/api/3/user/properties/{propertyKey}")
def test_properties_of_an_account(alice: Person, site: Site) -> None:
    mine = f"?accountId={account(site, 'alice')}"

    assert alice.put(PROPERTY + mine, {"city": "Oslo"}).status == 201
    assert alice.put(PROPERTY + mine, {"city": "Rome"}).status == 200
    assert alice.get(PROPERTY + mine).json() == {"key": "town", "value": {"city": "Rome"}}
    assert [each["key"] for each in alice.get(f"{USER}/properties{mine}").json()["keys"]] == ["town"]
    assert alice.delete(PROPERTY + mine).status == 204
    assert alice.get(f"{USER}/properties{mine}").json() == {"keys": []}


@pytest.mark.refuses("GET /rest/api/3/user/properties", 400)
@pytest.mark.refuses("GET /rest/api/3/user/properties", 403)
@pytest.mark.refuses("GET /rest/api/3/user/properties/{propertyKey}", 404)
@pytest.mark.refuses("PUT /rest/api/3/user/properties/{propertyKey}", 400)
@pytest.mark.refuses("DELETE /rest/api/3/user/properties/{propertyKey}", 404)
def test_properties_of_others_are_for_administrators(alice: Person, dana: Person, site: Site) -> None:
    mine, other = f"?accountId={account(site, 'alice')}", f"?accountId={account(site, 'bob')}"

    assert alice.get(f"{USER}/properties{other}").status == 403
    assert dana.put(PROPERTY + other, 1).status == 201
    assert alice.get(f"{USER}/properties").status == 400
    assert alice.put(PROPERTY, 1).status == 400
    assert alice.put(f"{USER}/properties/{'x' * 256}{mine}", 1).status == 400
    assert alice.get(PROPERTY + mine).status == 404
    assert alice.delete(PROPERTY + mine).status == 404
    assert dana.get(f"{PROPERTY}?accountId=nobody").status == 404


@pytest.mark.answers("PUT /rest/api/3/mypreferences")
@pytest.mark.answers("GET /rest/api/3/mypreferences")
@pytest.mark.answers("DELETE /rest/api/3/mypreferences")
@pytest.mark.refuses("PUT /rest/api/3/mypreferences", 404)
@pytest.mark.refuses("GET /rest/api/3/mypreferences", 404)
@pytest.mark.refuses("DELETE /rest/api/3/mypreferences", 404)
def test_preferences_are_kept_and_fall_back_on_defaults(alice: Person, bob: Person) -> None:
    one = f"{PREFERENCES}?key=user.notifications.mimetype"

    assert alice.get(one).json() == "html"
    assert alice.put(one, "text").status == 204
    assert (alice.get(one).json(), bob.get(one).json()) == ("text", "html")
    assert alice.delete(one).status == 204
    assert alice.get(one).json() == "html"
    assert alice.delete(one).status == 404
    assert alice.get(f"{PREFERENCES}?key=unheard.of").status == 404
    assert alice.get(PREFERENCES).status == 404
    assert alice.put(f"{PREFERENCES}?key=long", "x" * 256).status == 404
    assert alice.get(f"{PREFERENCES}?key=jira.user.timezone").json() == "Etc/UTC"


@pytest.mark.answers("GET /rest/api/3/mypreferences/locale")
def test_the_locale_is_ones_own(world: World, site: Site, alice: Person) -> None:
    site.put_user(replace(site.user("alice"), locale="de_DE"))

    assert alice.get(f"{PREFERENCES}/locale").json() == {"locale": "de_DE"}
    assert as_nobody(world, site).get(f"{PREFERENCES}/locale").json() == {"locale": "en_US"}


def test_an_app_may_not_read_preferences_without_its_scope(
    world: World, site: Site, app: ListeningApp
) -> None:
    answer: Any = as_app(world, site).get(f"{PREFERENCES}?key=a")

    assert answer.status == 403
