import json
from datetime import timedelta
from typing import Any

import pytest

from jira_sandbox.connect import installing
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import (
    APP,
    AppCaller,
    ListeningApp,
    Person,
    VirtualClock,
    as_app,
    as_person,
    descriptor,
    install,
    two_sites,
)

WEBHOOK = "/rest/api/3/webhook"
URL = f"{APP}/registered"


@pytest.fixture
def deaf(world: World, site: Site) -> ListeningApp:
    """An installed app whose descriptor has no webhooks."""
    app = ListeningApp()
    install(world, site, app, wanted=descriptor(modules={}))
    app.calls.clear()
    return app


@pytest.fixture
def caller(world: World, site: Site, deaf: ListeningApp) -> AppCaller:
    return as_app(world, site)


def refused(status: int, *calls: tuple[str, str]) -> list[Any]:
    """The calls as parameters, each marked as a refusal that it shows."""
    return [
        pytest.param(method, path, marks=pytest.mark.refuses(f"{method} {path}", status))
        for method, path in calls
    ]


def wanted(*events: str, jql: str = "project = ALPHA", **more: object) -> dict[str, Any]:
    return {"events": list(events), "jqlFilter": jql, **more}


def register(caller: Person, *webhooks: dict[str, Any], url: str = URL) -> list[dict[str, Any]]:
    answer = caller.post(WEBHOOK, {"url": url, "webhooks": webhooks})
    assert answer.status == 200, answer.body
    return list(answer.json()["webhookRegistrationResult"])


@pytest.mark.answers("POST /rest/api/3/webhook")
@pytest.mark.answers("GET /rest/api/3/webhook")
def test_a_registered_webhook_is_listed_and_told_of_what_its_filter_lets_through(
    world: World, caller: AppCaller, deaf: ListeningApp, alice: Person, bob: Person, clock: VirtualClock
) -> None:
    (made,) = register(caller, wanted("jira:issue_created"))

    listed = caller.get(WEBHOOK).json()
    alice.create("ALPHA", "heard")
    bob.create("BETA", "unheard")
    world.deliver(deaf)

    (webhook,) = listed["values"]
    expires = clock.now + timedelta(days=30)
    assert webhook == {
        "id": made["createdWebhookId"],
        "url": URL,
        "jqlFilter": "project = ALPHA",
        "events": ["jira:issue_created"],
        "expirationDate": int(expires.timestamp() * 1000),
    }
    assert (listed["total"], listed["isLast"]) == (1, True)
    (call,) = deaf.calls
    told = json.loads(call.body)
    assert (call.url, told["issue"]["fields"]["summary"]) == (URL, "heard")
    assert told["matchedWebhookIds"] == [made["createdWebhookId"]]


def test_webhooks_with_one_address_get_one_delivery_that_names_them(
    world: World, caller: AppCaller, deaf: ListeningApp, alice: Person
) -> None:
    made = register(caller, wanted("jira:issue_created"), wanted("jira:issue_created", "comment_created"))

    alice.create("ALPHA", "one")
    world.deliver(deaf)

    (call,) = deaf.calls
    assert json.loads(call.body)["matchedWebhookIds"] == [each["createdWebhookId"] for each in made]


def test_a_filter_of_fields_leaves_out_edits_of_others(
    world: World, caller: AppCaller, deaf: ListeningApp, alice: Person
) -> None:
    issue = alice.create("ALPHA", "one")
    register(caller, wanted("jira:issue_updated", fieldIdsFilter=["summary"]))

    alice.edit(issue, labels=["unheard"])
    alice.edit(issue, summary="heard")
    world.deliver(deaf)

    (call,) = deaf.calls
    assert json.loads(call.body)["issue"]["fields"]["summary"] == "heard"


def test_a_filter_of_properties_leaves_out_others(
    world: World, caller: AppCaller, deaf: ListeningApp, alice: Person
) -> None:
    issue = alice.create("ALPHA", "one")
    register(caller, wanted("issue_property_set", issuePropertyKeysFilter=["wanted"]))

    alice.put(f"/rest/api/3/issue/{issue}/properties/other", 1)
    alice.put(f"/rest/api/3/issue/{issue}/properties/wanted", 2)
    world.deliver(deaf)

    (call,) = deaf.calls
    told = json.loads(call.body)["property"]
    assert (told["key"], told["value"]) == ("wanted", 2)


@pytest.mark.parametrize("url", ["https://elsewhere.example/hook", f"{APP}.evil.example/hook", APP])
def test_only_addresses_of_the_app_itself_are_registered(caller: AppCaller, url: str) -> None:
    answer = caller.post(WEBHOOK, {"url": url, "webhooks": [wanted("comment_created")]})

    assert answer.status == 400
    assert answer.json()["errorMessages"] == ["The webhook URL must use the same base URL as the app."]


@pytest.mark.parametrize(
    ("webhook", "words"),
    [
        (wanted("jira:issue_moved"), "Unsupported webhook event: jira:issue_moved."),
        (wanted(), "At least one event must be specified."),
        (
            wanted("comment_created", jql="labels = a"),
            "The field 'labels' is not supported in webhook filters.",
        ),
        (
            wanted("comment_created", jql="project ~ A"),
            "The operator '~' is not supported in webhook filters.",
        ),
        (
            wanted("comment_created", jql="project = A ORDER BY key"),
            "ORDER BY is not supported in webhook filters.",
        ),
    ],
)
def test_what_cannot_be_registered_is_said_beside_what_can(
    caller: AppCaller, webhook: dict[str, Any], words: str
) -> None:
    bad, good = register(caller, webhook, wanted("comment_created"))

    assert words in bad["errors"]
    assert good.keys() == {"createdWebhookId"}


def test_an_app_has_one_address_and_at_most_a_hundred_webhooks(caller: AppCaller) -> None:
    register(caller, *[wanted("comment_created")] * 100)

    (full,) = register(caller, wanted("comment_created"))
    (foreign,) = register(caller, wanted("comment_created"), url=f"{APP}/other")

    assert full["errors"] == ["An app can register at most 100 webhooks."]
    assert "Only a single URL per app is allowed to be registered." in foreign["errors"]


@pytest.mark.refuses("POST /rest/api/3/webhook", 400)
@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"url": "https://elsewhere.example/x", "webhooks": [wanted("comment_created")]}, "same base URL"),
        ({"webhooks": [wanted("comment_created")]}, "url"),
        ({"url": URL, "webhooks": []}, "webhooks"),
        ({"url": URL, "webhooks": [{"events": ["comment_created"]}]}, "jqlFilter"),
        ({"url": URL, "webhooks": [wanted("comment_created", fieldIdsFilter="x")]}, "fieldIdsFilter"),
    ],
)
def test_a_registration_that_is_none_is_refused(
    caller: AppCaller, body: dict[str, object], words: str
) -> None:
    answer = caller.post(WEBHOOK, body)

    assert answer.status == 400
    assert words in str(answer.json())


@pytest.mark.answers("PUT /rest/api/3/webhook/refresh")
def test_a_webhook_lives_thirty_days_unless_it_is_refreshed(
    world: World, caller: AppCaller, deaf: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    kept, forgotten = (
        each["createdWebhookId"]
        for each in register(caller, wanted("comment_created"), wanted("jira:issue_created"))
    )
    clock.advance(days=20)

    refreshed = caller.put(f"{WEBHOOK}/refresh", {"webhookIds": [kept, 77]}).json()

    assert refreshed == {"expirationDate": int((clock.now + timedelta(days=30)).timestamp() * 1000)}
    clock.advance(days=11)
    assert [each["id"] for each in caller.get(WEBHOOK).json()["values"]] == [kept]
    alice.create("ALPHA", "unheard")
    assert (world.deliver(deaf), forgotten > kept) == (0, True)


@pytest.mark.answers("DELETE /rest/api/3/webhook")
def test_removed_webhooks_hear_nothing(
    world: World, caller: AppCaller, deaf: ListeningApp, alice: Person
) -> None:
    (made,) = register(caller, wanted("jira:issue_created"))

    removed = caller.call("DELETE", WEBHOOK, {"webhookIds": [made["createdWebhookId"]]})

    assert (removed.status, removed.body) == (202, b"")
    assert caller.get(WEBHOOK).json()["values"] == []
    alice.create("ALPHA", "unheard")
    assert world.deliver(deaf) == 0


@pytest.mark.parametrize(("method", "path"), refused(400, ("DELETE", WEBHOOK), ("PUT", f"{WEBHOOK}/refresh")))
def test_ids_must_be_given(caller: AppCaller, method: str, path: str) -> None:
    answer = caller.call(method, path, {})

    assert answer.status == 400
    assert answer.json()["errors"] == {"webhookIds": "The list of webhook IDs must not be empty."}


@pytest.mark.parametrize(
    ("method", "path"),
    refused(
        403,
        ("GET", WEBHOOK),
        ("POST", WEBHOOK),
        ("DELETE", WEBHOOK),
        ("PUT", f"{WEBHOOK}/refresh"),
        ("GET", f"{WEBHOOK}/failed"),
    ),
)
def test_people_have_no_webhooks(dana: Person, method: str, path: str) -> None:
    answer = dana.call(method, path, {})

    assert (answer.status, answer.json()["errorMessages"]) == (403, ["The caller is not an app."])


def test_webhooks_are_listed_in_pages(caller: AppCaller) -> None:
    register(caller, *[wanted("comment_created")] * 3)

    first = caller.get(f"{WEBHOOK}?maxResults=2").json()
    last = caller.get(f"{WEBHOOK}?maxResults=2&startAt=2").json()

    assert (len(first["values"]), first["isLast"]) == (2, False)
    assert first["nextPage"] == f"https://acme.atlassian.net{WEBHOOK}?startAt=2&maxResults=2"
    assert (len(last["values"]), last["isLast"]) == (1, True)
    assert "nextPage" not in last


def test_what_an_app_registered_outlives_a_second_installation_but_no_uninstall(
    world: World, site: Site, caller: AppCaller
) -> None:
    register(caller, wanted("comment_created"))

    install(world, site, ListeningApp(), wanted=descriptor(modules={}))
    kept = caller.get(WEBHOOK).json()["total"]
    installing.uninstall(world, site, send=ListeningApp())
    install(world, site, ListeningApp(), wanted=descriptor(modules={}))

    assert (kept, caller.get(WEBHOOK).json()["total"]) == (1, 0)


@pytest.mark.answers("GET /rest/api/3/webhook/failed")
def test_failures_are_listed_for_three_days_from_the_oldest_on(
    world: World, site: Site, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    caller = as_app(world, site)
    for summary in ("one", "two"):
        alice.create("ALPHA", summary)
        app.answers = [503] * 6
        for _ in range(6):
            world.deliver(app)
            clock.advance(minutes=15)
        app.answers.clear()

    first = caller.get(f"{WEBHOOK}/failed?maxResults=1").json()
    second = caller.get(first["next"].removeprefix("https://acme.atlassian.net")).json()
    third = caller.get(second["next"].removeprefix("https://acme.atlassian.net")).json()

    (failure,) = first["values"]
    assert json.loads(failure["body"])["issue"]["fields"]["summary"] == "one"
    assert (failure["url"], failure["id"]) == (f"{APP}/hook", world.failed[0].identifier)
    assert failure["failureTime"] < second["values"][0]["failureTime"]
    assert third == {"values": [], "maxResults": 1}
    clock.advance(hours=72)
    assert caller.get(f"{WEBHOOK}/failed").json()["values"] == []


def test_no_failure_is_listed_twice_although_an_address_tells_milliseconds_only(
    world: World, site: Site, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    clock.advance(microseconds=789)
    alice.create("ALPHA", "one")
    app.answers = [503] * 6
    for _ in range(6):
        world.deliver(app)
        clock.advance(minutes=15)

    first = as_app(world, site).get(f"{WEBHOOK}/failed").json()
    second = as_app(world, site).get(first["next"].removeprefix("https://acme.atlassian.net")).json()

    assert (len(first["values"]), second["values"]) == (1, [])


def test_failures_of_other_sites_are_not_listed(clock: VirtualClock) -> None:
    world, app = two_sites(clock), ListeningApp()
    acme, initech = world.sites.values()
    for each in (acme, initech):
        install(world, each, app)
    as_person(world, initech, "alice").create("GOLD", "one")
    app.answers = [503] * 6
    for _ in range(6):
        world.deliver(app)
        clock.advance(minutes=15)

    listed = [as_app(world, each).get(f"{WEBHOOK}/failed").json()["values"] for each in (acme, initech)]

    assert [len(each) for each in listed] == [0, 1]


def test_a_delivery_refused_at_once_is_no_failure_of_retries(
    world: World, site: Site, app: ListeningApp, alice: Person
) -> None:
    alice.create("ALPHA", "one")
    app.answers = [404]
    world.deliver(app)

    assert as_app(world, site).get(f"{WEBHOOK}/failed").json()["values"] == []


@pytest.mark.parametrize(("method", "path"), refused(400, ("GET", f"{WEBHOOK}/failed"), ("GET", WEBHOOK)))
def test_a_page_must_be_given_by_a_number(caller: AppCaller, method: str, path: str) -> None:
    answer = caller.call(method, f"{path}?maxResults=some")

    assert (answer.status, "'maxResults'" in str(answer.json())) == (400, True)
