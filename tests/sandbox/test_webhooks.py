import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from jira_sandbox.connect import installing, tokens
from jira_sandbox.state.site import Site
from jira_sandbox.wire import ConnectionLost
from jira_sandbox.world import World
from tests.support.sandbox import (
    APP,
    ListeningApp,
    Person,
    VirtualClock,
    as_app,
    as_person,
    descriptor,
    install,
    standard_world,
    two_sites,
)


def body(app: ListeningApp, index: int = -1) -> dict[str, Any]:
    return dict(json.loads(app.calls[index].body))


def test_a_created_item_is_told_in_full(
    world: World, site: Site, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    issue = alice.create("ALPHA", "one", labels=["a"])

    assert world.deliver(app) == 1

    told = body(app)
    assert told["timestamp"] == int(clock.now.timestamp() * 1000)
    assert told["webhookEvent"] == "jira:issue_created"
    assert told["issue_event_type_name"] == "issue_created"
    assert told["user"]["displayName"] == "Alice Archer"
    assert (told["issue"]["id"], told["issue"]["key"]) == (issue, "ALPHA-1")
    assert told["issue"]["self"] == f"https://acme.atlassian.net/rest/api/2/issue/{issue}"
    assert (told["issue"]["fields"]["summary"], told["issue"]["fields"]["labels"]) == ("one", ["a"])
    steps = {item["fieldId"]: (item["from"], item["toString"]) for item in told["changelog"]["items"]}
    assert (steps["summary"], steps["labels"], steps["status"]) == (
        (None, "one"),
        (None, "a"),
        (None, "To Do"),
    )
    assert not site.issue(issue).changelog


def test_an_edit_is_told_with_its_changelog_entry(
    world: World, app: ListeningApp, alice: Person, site: Site
) -> None:
    issue = alice.create("ALPHA", "one")
    alice.edit(issue, summary="two")

    world.deliver(app)

    told = body(app)
    assert told["webhookEvent"] == "jira:issue_updated"
    assert told["changelog"]["id"] == str(site.issue(issue).changelog[0].id)
    assert [(item["fieldId"], item["toString"]) for item in told["changelog"]["items"]] == [
        ("summary", "two")
    ]


def test_a_deletion_is_told_with_what_was_there(world: World, app: ListeningApp, alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    alice.delete(f"/rest/api/3/issue/{issue}")

    world.deliver(app)

    told = body(app)
    assert told["webhookEvent"] == "jira:issue_deleted"
    assert told["issue"]["fields"]["summary"] == "one"


def test_the_body_is_of_the_moment_of_the_event(world: World, app: ListeningApp, alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    alice.edit(issue, summary="two")

    world.deliver(app)

    assert body(app, 0)["issue"]["fields"]["summary"] == "one"


def test_asked_properties_come_along_and_others_do_not(
    world: World, app: ListeningApp, alice: Person
) -> None:
    issue = alice.create("ALPHA", "one")
    for key in ("link", "private"):
        alice.put(f"/rest/api/3/issue/{issue}/properties/{key}", {"of": key})
    alice.edit(issue, summary="two")

    world.deliver(app)

    assert body(app)["issue"]["properties"] == {"link": {"of": "link"}}


def test_a_call_is_signed_when_it_is_sent(
    world: World, site: Site, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    alice.create("ALPHA", "one")
    sent = clock.advance(minutes=20)

    world.deliver(app)

    signed = app.calls[0].headers["Authorization"].removeprefix("JWT ")
    claims = tokens.read_hs256(signed, site.app.shared_secret)
    assert claims["iss"] == site.app.client_key
    assert (claims["iat"], claims["exp"]) == (int(sent.timestamp()), int(sent.timestamp()) + 180)
    assert claims["qsh"] == tokens.query_string_hash("POST", "/hook", [])


def test_the_apps_own_acts_are_told_as_well(world: World, site: Site, app: ListeningApp) -> None:
    as_app(world, site).create("ALPHA", "ours")

    world.deliver(app)

    assert body(app)["user"]["accountId"] == site.app.user.account_id


def test_nothing_is_told_of_an_edit_without_change(world: World, app: ListeningApp, alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    world.outbox.clear()

    alice.edit(issue, summary="one")

    assert world.outbox == []


def test_nothing_is_told_of_a_space_the_app_may_not_see(
    world: World, site: Site, app: ListeningApp, alice: Person, bob: Person
) -> None:
    site.revoke(site.app.user, "BROWSE_PROJECTS", space=site.space("ALPHA"))

    alice.create("ALPHA", "hidden")
    bob.create("BETA", "seen")

    world.deliver(app)
    assert [json.loads(call.body)["issue"]["fields"]["summary"] for call in app.calls] == ["seen"]


def test_a_hidden_field_is_absent_from_fields_and_changelog(
    world: World, site: Site, app: ListeningApp, alice: Person
) -> None:
    issue = alice.create("ALPHA", "one")
    site.hide_field("labels", from_account=site.app.user)
    alice.edit(issue, summary="two", labels=["a"])
    alice.edit(issue, labels=["b"])

    world.deliver(app)

    mixed, only_hidden = body(app, -2), body(app, -1)
    assert [item["fieldId"] for item in mixed["changelog"]["items"]] == ["summary"]
    assert "changelog" not in only_hidden
    assert "labels" not in mixed["issue"]["fields"] | only_hidden["issue"]["fields"]


@pytest.mark.parametrize("answer", [408, 409, 425, 429, 500, 503, ConnectionLost("gone")])
def test_what_is_not_taken_comes_again_under_the_same_identifier(
    world: World, app: ListeningApp, alice: Person, clock: VirtualClock, answer: int | OSError
) -> None:
    app.answers = [answer]
    alice.create("ALPHA", "one")

    assert world.deliver(app) == 0
    clock.advance(seconds=299)
    assert world.deliver(app) == 0
    clock.advance(seconds=602)
    assert world.deliver(app) == 1

    first, second = (call.headers for call in app.calls)
    assert first["X-Atlassian-Webhook-Identifier"] == second["X-Atlassian-Webhook-Identifier"]
    assert first["X-Atlassian-Webhook-Flow"] == "Primary"
    assert "X-Atlassian-Webhook-Retry" not in first
    assert second["X-Atlassian-Webhook-Retry"] == "1"
    assert app.calls[0].body == app.calls[1].body
    assert world.outbox == []


@pytest.mark.parametrize("answer", [400, 401, 404, 413])
def test_what_is_refused_for_good_does_not_come_again(
    world: World, app: ListeningApp, alice: Person, answer: int
) -> None:
    app.answers = [answer]
    alice.create("ALPHA", "one")

    assert world.deliver(app) == 0

    assert world.outbox == []
    assert [delivery.answers for delivery in world.failed] == [[answer]]


def test_jira_waits_from_five_to_fifteen_minutes_each_time_anew(
    world: World, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    for number in range(60):
        alice.create("ALPHA", str(number))
    app.answers = [503] * 60

    world.deliver(app)

    waits = sorted((each.due - clock.now).total_seconds() for each in world.outbox)
    assert 300 <= waits[0] < 360
    assert 840 < waits[-1] <= 900
    assert len(set(waits)) == 60


def test_jira_gives_up_after_five_retries(
    world: World, app: ListeningApp, alice: Person, clock: VirtualClock
) -> None:
    app.answers = [500] * 10
    alice.create("ALPHA", "one")

    for _ in range(10):
        world.deliver(app)
        clock.advance(minutes=16)

    assert len(app.calls) == 6
    assert [world.outbox, len(world.failed)] == [[], 1]


def test_deliveries_may_be_taken_in_any_order_and_twice(
    world: World, app: ListeningApp, alice: Person
) -> None:
    first = alice.create("ALPHA", "one")
    second = alice.create("ALPHA", "two")
    world.outbox.reverse()
    twice = world.outbox[0]

    world.deliver(app)
    world.send_one(twice, app)

    assert [json.loads(call.body)["issue"]["id"] for call in app.calls] == [second, first, second]


def test_while_deliveries_are_off_nothing_goes_out(
    world: World, site: Site, app: ListeningApp, alice: Person
) -> None:
    alice.create("ALPHA", "under way")
    site.app.deliveries_off = True
    alice.create("ALPHA", "never told")

    world.deliver(app)
    site.app.deliveries_off = False
    world.deliver(app)

    assert app.calls == []


def test_what_was_under_way_from_other_sites_outlives_an_uninstallation(clock: VirtualClock) -> None:
    world, app = two_sites(clock), ListeningApp()
    acme, initech = world.sites.values()
    for site, name, space in ((acme, "alice", "ALPHA"), (initech, "alice", "GOLD")):
        install(world, site, app)
        as_person(world, site, name).create(space, "one")
    app.calls.clear()

    installing.uninstall(world, acme, send=app)
    world.deliver(app)

    assert [(call.site, urlsplit(call.url).path) for call in app.calls] == [
        ("acme", "/uninstalled"),
        ("initech", "/hook"),
    ]


def test_an_uninstalled_app_gets_nothing_any_more(
    world: World, site: Site, app: ListeningApp, alice: Person
) -> None:
    alice.create("ALPHA", "one")
    site.installation = None

    world.deliver(app)

    assert (app.calls, world.outbox) == ([], [])


def test_a_filter_an_address_with_names_and_a_body_left_out(world: World, site: Site, alice: Person) -> None:
    webhook = {
        "event": "jira:issue_created",
        "url": "/hook/{project.key}?issue=${issue.id}",
        "filter": "labels = wanted",
        "excludeBody": True,
    }
    app = ListeningApp()
    install(world, site, app, wanted=descriptor(modules={"webhooks": [webhook]}))

    alice.create("ALPHA", "unwanted")
    issue = alice.create("ALPHA", "wanted", labels=["wanted"])

    world.deliver(app)
    assert [call.url for call in app.calls[2:]] == [f"{APP}/hook/ALPHA?issue={issue}"]
    assert app.calls[-1].body == b""


def test_the_same_seed_gives_the_same_world() -> None:
    assert _story(1) == _story(1)
    assert _story(1) != _story(2)


def _story(number: int) -> list[tuple[str, bytes]]:
    world = standard_world(VirtualClock(), seed_number=number)
    install(world, world.sites["acme"], ListeningApp())
    as_person(world, world.sites["acme"], "alice").create("ALPHA", "one")
    return [(delivery.identifier, delivery.body) for delivery in world.outbox]
