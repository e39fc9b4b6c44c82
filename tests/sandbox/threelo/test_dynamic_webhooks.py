"""Webhooks that an OAuth app registers as a person."""

import json
from datetime import timedelta
from typing import Any

import pytest

from jira_sandbox import threelo
from jira_sandbox.acts import accounts
from jira_sandbox.connect import installing, tokens
from jira_sandbox.state.site import Site
from jira_sandbox.state.threelo import OAuthApp
from jira_sandbox.world import World
from tests.support.sandbox import (
    AppCaller,
    ListeningApp,
    Person,
    VirtualClock,
    as_app,
    as_person,
    descriptor,
    install,
)
from tests.support.threelo import HOOKS, WORK, Bearer, acting, an_app

WEBHOOK = "/rest/api/3/webhook"
URL = "https://oauth.example/hook"


@pytest.fixture
def alices(world: World, site: Site, oauth: OAuthApp) -> Bearer:
    return acting(world, oauth, site, "alice", *HOOKS)


@pytest.fixture
def heard() -> ListeningApp:
    """What goes out, to whatever app."""
    return ListeningApp()


@pytest.fixture
def connect(world: World, site: Site) -> AppCaller:
    """The Connect app of the site, whose descriptor has no webhooks."""
    install(world, site, ListeningApp(), wanted=descriptor(modules={}))
    return as_app(world, site)


def wanted(*events: str, jql: str = "project = ALPHA", **more: object) -> dict[str, Any]:
    return {"events": list(events), "jqlFilter": jql, **more}


def register(caller: Person, *webhooks: dict[str, Any], url: str = URL) -> list[dict[str, Any]]:
    answer = caller.post(WEBHOOK, {"url": url, "webhooks": webhooks})
    assert answer.status == 200, answer.body
    return list(answer.json()["webhookRegistrationResult"])


def made(caller: Person, *webhooks: dict[str, Any], url: str = URL) -> list[int]:
    return [each["createdWebhookId"] for each in register(caller, *webhooks, url=url)]


def test_what_its_filter_lets_through_is_told_signed_with_the_client_secret(
    world: World, oauth: OAuthApp, alices: Bearer, heard: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    (number,) = made(alices, wanted("jira:issue_created"))
    alice.create("ALPHA", "heard")

    assert world.deliver(heard) == 1

    (call,) = heard.calls
    told = json.loads(call.body)
    scheme, _, token = call.headers["Authorization"].partition(" ")
    issued = int(clock.now.timestamp())
    assert (call.url, scheme) == (URL, "Bearer")
    assert tokens.read_hs256(token, oauth.client_secret) == {
        "iss": oauth.client_id,
        "iat": issued,
        "exp": issued + 180,
    }
    assert (told["issue"]["fields"]["summary"], told["matchedWebhookIds"]) == ("heard", [number])
    assert call.headers["X-Atlassian-Webhook-Identifier"]


def test_nothing_comes_of_what_the_filter_or_the_events_leave_out(
    world: World, alices: Bearer, heard: ListeningApp, alice: Person
) -> None:
    made(alices, wanted("jira:issue_created", jql="project = ALPHA AND issuetype = Bug"))

    issue = alice.create("ALPHA", "a task")
    alice.edit(issue, summary="edited")

    assert world.deliver(heard) == 0


def test_what_the_person_may_not_see_the_app_is_not_told(
    world: World, site: Site, oauth: OAuthApp, alices: Bearer, heard: ListeningApp
) -> None:
    made(acting(world, oauth, site, "frank", *HOOKS), wanted("jira:issue_created", jql=""))
    (ours,) = made(alices, wanted("jira:issue_created", jql=""))

    as_person(world, site, "dana").create("GAMMA", "hidden from frank")
    world.deliver(heard)

    assert [json.loads(call.body)["matchedWebhookIds"] for call in heard.calls] == [[ours]]


def test_a_comment_for_others_is_not_told(
    world: World, site: Site, oauth: OAuthApp, heard: ListeningApp, alice: Person
) -> None:
    made(acting(world, oauth, site, "carol", *HOOKS), wanted("comment_created"))
    issue = alice.create("ALPHA", "one")

    alice.comment(issue, "secret", visibility={"type": "role", "value": "Administrators"})
    alice.comment(issue, "open")
    world.deliver(heard)

    (call,) = heard.calls
    assert "open" in json.loads(call.body)["comment"]["body"]


def test_those_of_the_connect_app_and_of_oauth_apps_are_apart(
    world: World, site: Site, oauth: OAuthApp, alices: Bearer, connect: AppCaller, alice: Person
) -> None:
    heard = ListeningApp()
    (connects,) = made(connect, wanted("jira:issue_created"), url="https://app.example/registered")
    (ours,) = made(alices, wanted("jira:issue_created"))
    dana = acting(world, oauth, site, "dana", *HOOKS)
    other = acting(world, an_app(world), site, "alice", *HOOKS)

    listed = [[each["id"] for each in one.get(WEBHOOK).json()["values"]] for one in (connect, alices)]
    empty = [one.get(WEBHOOK).json()["values"] for one in (dana, other)]
    dana.call("DELETE", WEBHOOK, {"webhookIds": [connects, ours]})
    alice.create("ALPHA", "heard twice")
    world.deliver(heard)

    assert (listed, empty) == ([[connects], [ours]], [[], []])
    assert sorted(call.headers["Authorization"].partition(" ")[0] for call in heard.calls) == [
        "Bearer",
        "JWT",
    ]


def test_an_app_has_five_for_each_person_and_site(
    world: World, site: Site, initech: Site, oauth: OAuthApp, alices: Bearer, connect: AppCaller
) -> None:
    made(alices, *[wanted("comment_created")] * 5)

    (sixth,) = register(alices, wanted("comment_created"))

    assert sixth["errors"] == ["An app can register at most 5 webhooks."]
    made(acting(world, oauth, site, "dana", *HOOKS), wanted("comment_created"))
    made(acting(world, oauth, initech, "alice", *HOOKS), wanted("comment_created", jql="project = GOLD"))
    made(connect, *[wanted("comment_created")] * 6, url="https://app.example/registered")


@pytest.mark.parametrize(
    ("webhook", "words"),
    [
        (wanted("worklog_created"), "Unsupported webhook event: worklog_created."),
        (wanted("jira:issue_created", "issuelink_created"), "Unsupported webhook event: issuelink_created."),
        (wanted(), "At least one event must be specified."),
        (
            wanted("comment_created", jql="labels = a"),
            "The field 'labels' is not supported in webhook filters.",
        ),
    ],
)
def test_what_cannot_be_registered_is_said_beside_what_can(
    alices: Bearer, webhook: dict[str, Any], words: str
) -> None:
    bad, good = register(alices, webhook, wanted("comment_created"))

    assert words in bad["errors"]
    assert good.keys() == {"createdWebhookId"}


def test_a_filter_must_be_given(alices: Bearer) -> None:
    answer = alices.post(WEBHOOK, {"url": URL, "webhooks": [{"events": ["comment_created"]}]})

    assert (answer.status, "jqlFilter" in answer.json()["errors"]) == (400, True)


@pytest.mark.parametrize("url", ["oauth.example/hook", "/hook", "ftp://oauth.example/hook"])
def test_an_address_must_be_whole(alices: Bearer, url: str) -> None:
    answer = alices.post(WEBHOOK, {"url": url, "webhooks": [wanted("comment_created")]})

    assert answer.status == 400
    assert answer.json()["errorMessages"] == ["The webhook URL must be a whole address."]


def test_an_app_has_one_address(alices: Bearer) -> None:
    register(alices, wanted("comment_created"))

    (foreign,) = register(alices, wanted("comment_created"), url=f"{URL}/other")

    assert foreign["errors"] == ["Only a single URL per app is allowed to be registered."]


def test_a_webhook_lives_thirty_days_unless_it_is_refreshed(
    world: World, site: Site, oauth: OAuthApp, alices: Bearer, heard: ListeningApp, clock: VirtualClock
) -> None:
    kept, forgotten = made(alices, wanted("comment_created"), wanted("jira:issue_created"))
    clock.advance(days=20)
    later = acting(world, oauth, site, "alice", *HOOKS)

    refreshed = later.put(f"{WEBHOOK}/refresh", {"webhookIds": [kept, 77]}).json()

    assert refreshed == {"expirationDate": int((clock.now + timedelta(days=30)).timestamp() * 1000)}
    clock.advance(days=11)
    listed = acting(world, oauth, site, "alice", *HOOKS).get(WEBHOOK).json()["values"]
    assert ([each["id"] for each in listed], forgotten) == ([kept], kept + 1)
    as_person(world, site, "alice").create("ALPHA", "unheard")
    assert world.deliver(heard) == 0


def test_removed_webhooks_hear_nothing(
    world: World, alices: Bearer, heard: ListeningApp, alice: Person
) -> None:
    (number,) = made(alices, wanted("jira:issue_created"))

    removed = alices.call("DELETE", WEBHOOK, {"webhookIds": [number]})

    assert (removed.status, alices.get(WEBHOOK).json()["values"]) == (202, [])
    alice.create("ALPHA", "unheard")
    assert world.deliver(heard) == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", WEBHOOK), ("POST", WEBHOOK), ("DELETE", WEBHOOK), ("PUT", f"{WEBHOOK}/refresh")],
)
def test_without_the_scope_there_are_no_webhooks(
    world: World, site: Site, oauth: OAuthApp, method: str, path: str
) -> None:
    answer = acting(world, oauth, site, "alice", *WORK).call(method, path, {})

    assert (answer.status, answer.json()["message"]) == (401, "Unauthorized; scope does not match")


def test_failures_are_listed_for_connect_apps_alone(
    world: World,
    site: Site,
    oauth: OAuthApp,
    alices: Bearer,
    connect: AppCaller,
    alice: Person,
    clock: VirtualClock,
) -> None:
    made(alices, wanted("jira:issue_created"))
    alice.create("ALPHA", "unheard")
    deaf = ListeningApp()
    deaf.answers = [503] * 6
    for _ in range(6):
        world.deliver(deaf)
        clock.advance(minutes=15)

    refused = acting(world, oauth, site, "alice", *HOOKS).get(f"{WEBHOOK}/failed")

    assert (len(deaf.calls), refused.status) == (6, 403)
    assert connect.get(f"{WEBHOOK}/failed").json()["values"] == []


def test_a_delivery_that_failed_comes_again_signed_anew(
    world: World, oauth: OAuthApp, alices: Bearer, heard: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    made(alices, wanted("jira:issue_created"))
    alice.create("ALPHA", "heard at last")
    heard.answers = [503]
    world.deliver(heard)
    clock.advance(minutes=15)

    assert world.deliver(heard) == 1

    first, second = (
        tokens.read_hs256(call.headers["Authorization"].partition(" ")[2], oauth.client_secret)
        for call in heard.calls
    )
    assert second["iat"] - first["iat"] == 900
    assert heard.calls[1].headers["X-Atlassian-Webhook-Retry"] == "1"


def test_an_app_that_is_not_shared_is_told_only_as_its_owner(
    world: World, site: Site, heard: ListeningApp, alice: Person
) -> None:
    private = an_app(world, owner=site.user("dana"))
    alices = acting(world, private, site, "alice", *HOOKS)
    danas = acting(world, private, site, "dana", *HOOKS)
    made(alices, wanted("jira:issue_created"))
    (number,) = made(danas, wanted("jira:issue_created"))

    alice.create("ALPHA", "heard once")
    world.deliver(heard)

    assert [json.loads(call.body)["matchedWebhookIds"] for call in heard.calls] == [[number]]


@pytest.mark.parametrize("way", ["revoke", "close"])
def test_without_leave_nothing_is_told(
    world: World, site: Site, oauth: OAuthApp, heard: ListeningApp, alice: Person, way: str
) -> None:
    made(acting(world, oauth, site, "carol", *HOOKS), wanted("jira:issue_created"))
    carol = site.user("carol")

    threelo.revoke(world, oauth, carol) if way == "revoke" else accounts.close(world, site, carol)

    alice.create("ALPHA", "unheard")
    assert world.deliver(heard) == 0


def test_an_uninstalled_connect_app_takes_none_of_an_oauth_apps_deliveries_away(
    world: World, site: Site, alices: Bearer, connect: AppCaller, heard: ListeningApp, alice: Person
) -> None:
    made(alices, wanted("jira:issue_created"))
    alice.create("ALPHA", "heard")

    installing.uninstall(world, site, send=ListeningApp())

    assert world.deliver(heard) == 1
