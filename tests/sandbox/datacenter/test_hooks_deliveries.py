"""What a Data Center's webhooks deliver: when, to which address, signed how, and never twice."""

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from jira_sandbox.acts import accounts
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.world import World
from tests.support.admin_hooks import (
    BEFORE_10,
    EVERY,
    FROM_10,
    LISTENER,
    Colleague,
    bodies,
    colleague,
    data_center,
    delivered,
    number_of,
    path,
    register,
)
from tests.support.sandbox import ListeningApp, VirtualClock, as_person, install, standard_world

API = "/rest/api/2"
ISSUE = f"{API}/issue"
Act = Callable[[Colleague, str], object]


@pytest.fixture(params=EVERY)
def world(request: pytest.FixtureRequest, clock: VirtualClock) -> World:
    return data_center(request.param, clock)


@pytest.fixture
def alice(world: World) -> Colleague:
    """Administers ALPHA and sees nothing else."""
    return colleague(world, "alice")


def told(world: World) -> list[dict[str, Any]]:
    """What the deliveries that are due say."""
    return bodies(delivered(world))


def test_a_creation_is_told_as_data_center_does(world: World, alice: Colleague) -> None:
    register(world, "jira:issue_created")

    issue = alice.create("ALPHA", "one", description="h1. Tea", assignee={"name": "alice"})
    (body,) = told(world)

    assert body.keys() == {"timestamp", "webhookEvent", "issue_event_type_name", "user", "issue"}
    assert (body["webhookEvent"], body["issue_event_type_name"]) == ("jira:issue_created", "issue_created")
    assert body["timestamp"] == 1795309323456
    key = alice.site.user("alice").account_id
    assert (body["user"]["name"], body["user"]["key"]) == ("alice", key)
    assert body["issue"]["self"] == f"{alice.site.base_url}{ISSUE}/{issue}"
    fields = body["issue"]["fields"]
    assert (fields["description"], fields["assignee"]) == ("h1. Tea", body["user"])
    assert (fields["comment"]["comments"], fields["worklog"]["worklogs"]) == ([], [])
    assert "statuscategorychangedate" not in fields
    assert "accountId" not in json.dumps(body)


def test_an_edit_is_told_with_its_changelog(world: World, alice: Colleague) -> None:
    issue = alice.create("ALPHA", "one")
    register(world, "jira:issue_updated")

    alice.edit(issue, summary="two")
    (body,) = told(world)

    assert body["issue_event_type_name"] == "issue_updated"
    assert body["changelog"]["items"] == [
        {
            "field": "summary",
            "fieldtype": "jira",
            "from": None,
            "fromString": "one",
            "to": None,
            "toString": "two",
        }
    ]


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda alice, issue: alice.put(f"{ISSUE}/{issue}/assignee", {"name": "alice"}), "issue_assigned"),
        (lambda alice, issue: alice.edit(issue, assignee={"name": "alice"}), "issue_updated"),
        (lambda alice, issue: alice.move(issue, "Start"), "issue_generic"),
    ],
)
def test_an_update_has_its_finer_name(world: World, alice: Colleague, act: Act, kind: str) -> None:
    issue = alice.create("ALPHA", "one")
    register(world, "jira:issue_updated")

    act(alice, issue)

    assert [each["issue_event_type_name"] for each in told(world)] == [kind]


def test_a_comment_is_told_alone_and_as_an_update_of_its_work_item(world: World, alice: Colleague) -> None:
    issue = alice.create("ALPHA", "one")
    register(world, "comment_created", "comment_updated", "comment_deleted", "jira:issue_updated")

    number = alice.comment(issue, "Hello")
    alice.put(f"{ISSUE}/{issue}/comment/{number}", {"body": "Bye"})
    alice.delete(f"{ISSUE}/{issue}/comment/{number}")
    found = told(world)

    stamp = {"timestamp", "webhookEvent"}
    update = {*stamp, "issue_event_type_name", "user", "issue"}
    assert [(each["webhookEvent"], each.get("issue_event_type_name")) for each in found] == [
        ("comment_created", None),
        ("jira:issue_updated", "issue_commented"),
        ("comment_updated", None),
        ("jira:issue_updated", "issue_comment_edited"),
        ("comment_deleted", None),
        ("jira:issue_updated", "issue_comment_deleted"),
    ]
    assert [set(each) for each in found] == [
        {*stamp, "comment"},
        {*update, "comment"},
        {*stamp, "user", "comment"},
        {*update, "comment"},
        {*stamp, "user", "comment"},
        update,
    ]
    assert [found[at]["comment"]["body"] for at in range(5)] == ["Hello", "Hello", "Bye", "Bye", "Bye"]
    assert found[1]["issue"]["fields"]["comment"]["total"] == 1


def test_logged_work_is_told_alone_and_by_an_event_of_its_own(world: World, alice: Colleague) -> None:
    issue = alice.create("ALPHA", "one")
    parts = [f"worklog_{what}" for what in ("created", "updated", "deleted")]
    register(world, *parts, "jira:worklog_updated", "jira:issue_updated")

    made = alice.post(f"{ISSUE}/{issue}/worklog", {"timeSpentSeconds": 60, "comment": "Done"})
    place = f"{ISSUE}/{issue}/worklog/{made.json()['id']}"
    alice.put(place, {"timeSpentSeconds": 120})
    alice.delete(place)
    found = told(world)

    assert [(each["webhookEvent"], each.get("issue_event_type_name")) for each in found] == [
        ("worklog_created", None),
        ("jira:worklog_updated", "issue_work_logged"),
        ("worklog_updated", None),
        ("jira:worklog_updated", "issue_worklog_updated"),
        ("worklog_deleted", None),
        ("jira:worklog_updated", "issue_worklog_deleted"),
    ]
    assert found[0].keys() == {"timestamp", "webhookEvent", "worklog"}
    assert (found[0]["worklog"]["issueId"], found[0]["worklog"]["comment"]) == (issue, "Done")
    assert found[1]["changelog"]["items"]


def test_a_deletion_is_told_with_what_was_there_and_what_goes_along_is_not(
    world: World, alice: Colleague
) -> None:
    issue = alice.create("ALPHA", "one")
    alice.comment(issue, "Hello")
    register(world, "jira:issue_deleted", "comment_deleted", "jira:issue_updated")

    alice.delete(f"{ISSUE}/{issue}")
    (body,) = told(world)

    assert body.keys() == {"timestamp", "webhookEvent", "user", "issue"}
    assert body["issue"]["fields"]["comment"]["comments"][0]["body"] == "Hello"


def test_a_link_and_a_version_are_told(world: World, alice: Colleague) -> None:
    one, two = alice.create("ALPHA", "one"), alice.create("ALPHA", "two")
    register(world, "issuelink_created", "jira:version_created")

    link = {"type": {"name": "Blocks"}, "inwardIssue": {"id": one}, "outwardIssue": {"id": two}}
    assert alice.post(f"{API}/issueLink", link).status == 201
    space = alice.site.space("ALPHA")
    assert alice.post(f"{API}/version", {"name": "1", "projectId": int(space.id)}).status == 201
    calls = delivered(world)
    linked, versioned = bodies(calls)

    assert (linked["issueLink"]["sourceIssueId"], linked["issueLink"]["destinationIssueId"]) == (
        int(one),
        int(two),
    )
    assert versioned["version"]["self"].startswith(f"{alice.site.base_url}{API}/version/")
    assert all("user_id=alice" in each.url for each in calls)


def test_a_person_is_told_and_nobody_is_named_who_is_not_known(world: World, alice: Colleague) -> None:
    places = "/".join(alice.site.edition.place(f"modifiedUser.{what}") for what in ("key", "name"))
    register(world, "user_updated", url=f"{LISTENER}/{places}")
    person = alice.site.user("alice")

    accounts.update(world, alice.site, person, display_name="Alice A.")
    (call,) = delivered(world)

    assert json.loads(call.body)["user"]["displayName"] == "Alice A."
    assert call.url == f"{LISTENER}/{person.account_id}/alice"


def test_an_address_has_its_places_filled_and_who_it_was_added(world: World, alice: Colleague) -> None:
    place = alice.site.edition.place
    url = f"{LISTENER}/{place('project.key')}?issue={place('issue.key')}&x={place('nothing')}"
    register(world, "jira:issue_created", url=url)

    alice.create("ALPHA", "one")
    (call,) = delivered(world)

    target = urlsplit(call.url)
    assert target.path == "/hook/ALPHA"
    assert parse_qsl(target.query) == [
        ("issue", "ALPHA-1"),
        ("x", place("nothing")),
        ("user_id", "alice"),
        ("user_key", alice.site.user("alice").account_id),
    ]


def test_before_10_a_place_without_a_dollar_is_none(clock: VirtualClock) -> None:
    world = data_center("dc-9.12", clock)
    register(world, "jira:issue_created", url=f"{LISTENER}/{{issue.key}}")

    colleague(world, "alice").create("ALPHA", "one")

    assert urlsplit(delivered(world)[0].url).path == "/hook/{issue.key}"


def test_from_10_on_a_dollar_before_a_place_stays(clock: VirtualClock) -> None:
    world = data_center("dc-10.3", clock)
    register(world, "jira:issue_created", url=f"{LISTENER}/${{issue.key}}")

    colleague(world, "alice").create("ALPHA", "one")

    assert urlsplit(delivered(world)[0].url).path == "/hook/$ALPHA-1"


def test_a_delivery_is_marked_and_carries_no_token(world: World, alice: Colleague) -> None:
    register(world, "jira:issue_created")

    alice.create("ALPHA", "one")
    alice.create("ALPHA", "two")
    one, two = (each.headers for each in delivered(world))

    assert one.keys() == {"Content-Type", "User-Agent", "X-Atlassian-Webhook-Identifier"}
    assert one["X-Atlassian-Webhook-Identifier"] != two["X-Atlassian-Webhook-Identifier"]


@pytest.mark.parametrize("edition", FROM_10)
def test_from_10_on_a_secret_signs_the_body(edition: str, clock: VirtualClock) -> None:
    world = data_center(edition, clock)
    register(world, "jira:issue_created", SECRET="hush")

    colleague(world, "alice").create("ALPHA", "Tee für zwei")
    (call,) = delivered(world)

    expected = hmac.new(b"hush", call.body, hashlib.sha256).hexdigest()
    assert call.headers["X-Hub-Signature"] == f"sha256={expected}"


@pytest.mark.parametrize("edition", BEFORE_10)
def test_before_10_nothing_is_signed_whatever_is_registered(edition: str, clock: VirtualClock) -> None:
    world = data_center(edition, clock)
    register(world, "jira:issue_created", secret="hush", configuration={"SECRET": "hush"})

    colleague(world, "alice").create("ALPHA", "one")

    assert "X-Hub-Signature" not in delivered(world)[0].headers


def test_a_body_may_be_left_out(world: World, alice: Colleague) -> None:
    is_newer = alice.site.edition.registration == "configuration"
    register(world, "jira:issue_created", **({"EXCLUDE_BODY": "true"} if is_newer else {"excludeBody": True}))

    alice.create("ALPHA", "one")

    assert [each.body for each in delivered(world)] == [b""]


def test_a_filter_lets_through_what_it_finds(world: World, alice: Colleague) -> None:
    register(world, "jira:issue_created", "comment_created", "user_updated", jql="labels = wanted")

    alice.comment(alice.create("ALPHA", "unheard"), "unheard")
    alice.comment(alice.create("ALPHA", "heard", labels=["wanted"]), "heard")
    accounts.update(world, alice.site, alice.site.user("alice"), display_name="Alice A.")
    found = told(world)

    assert [each["webhookEvent"] for each in found] == [
        "jira:issue_created",
        "comment_created",
        "user_updated",
    ]
    assert found[0]["issue"]["fields"]["summary"] == found[1]["comment"]["body"] == "heard"


def test_a_filter_that_names_what_is_gone_lets_nothing_through(world: World, alice: Colleague) -> None:
    register(world, "jira:issue_created", jql="priority = Lowest")
    alice.site.remove_priority("Lowest", instead="Low")

    alice.create("ALPHA", "one")

    assert world.outbox == []


def test_administrators_are_told_of_what_nobody_else_sees(world: World, alice: Colleague) -> None:
    register(world, "jira:issue_created", "comment_created")
    bob = colleague(world, "bob")

    issue = bob.create("BETA", "hidden from alice")
    bob.comment(issue, "For us", visibility={"type": "role", "value": "Administrators"})

    assert len(told(world)) == 2


def test_each_webhook_that_wants_an_event_is_told_of_it(world: World, alice: Colleague) -> None:
    register(world, "jira:issue_created", url=f"{LISTENER}/1")
    register(world, "comment_created", url=f"{LISTENER}/2")
    register(world, "jira:issue_created", "comment_created", url=f"{LISTENER}/3")

    alice.create("ALPHA", "one")

    assert [urlsplit(each.url).path for each in delivered(world)] == ["/hook/1", "/hook/3"]


@pytest.mark.parametrize("when", ["before the event", "on the way"])
def test_a_webhook_that_is_off_or_gone_hears_nothing(world: World, alice: Colleague, when: str) -> None:
    dana = colleague(world, "dana")
    hooks = [register(world, "jira:issue_created") for _ in range(2)]
    off, gone = (f"{path(dana.site)}/{number_of(each)}" for each in hooks)

    def switch() -> None:
        assert dana.put(off, {"active": False, "enabled": False}).status == 200
        assert dana.delete(gone).status == 204

    for act in (switch, create(alice)) if when == "before the event" else (create(alice), switch):
        act()

    assert (delivered(world), world.outbox, world.failed) == ([], [], [])


def create(alice: Colleague) -> Callable[[], object]:
    return lambda: alice.create("ALPHA", "one")


@pytest.mark.parametrize("answer", [301, 404, 429, 500, 503, OSError("gone")])
def test_what_is_not_taken_is_gone(
    world: World, alice: Colleague, clock: VirtualClock, answer: int | OSError
) -> None:
    register(world, "jira:issue_created")
    app = ListeningApp()
    app.answers = [answer]
    alice.create("ALPHA", "one")

    assert world.deliver(app) == 0
    clock.advance(hours=2)
    assert world.deliver(app) == 0

    assert (len(app.calls), world.outbox, len(world.failed)) == (1, [], 1)


def test_what_comes_due_while_the_site_is_down_is_gone(
    world: World, alice: Colleague, clock: VirtualClock
) -> None:
    register(world, "jira:issue_created")
    app = ListeningApp()
    alice.create("ALPHA", "one")
    world.take_down("acme")

    assert world.deliver(app) == 0
    world.bring_up("acme")
    clock.advance(hours=2)
    assert world.deliver(app) == 0

    assert (app.calls, world.outbox, [one.answers for one in world.failed]) == ([], [], [[None]])


def test_what_comes_due_after_the_site_was_down_is_told(world: World, alice: Colleague) -> None:
    register(world, "jira:issue_created")
    alice.create("ALPHA", "one")

    world.take_down("acme")
    world.bring_up("acme")

    assert len(delivered(world)) == 1


def summaries(world: World, clock: VirtualClock) -> list[str]:
    """The order in which ten creations are told, with somebody looking at the outbox all the time."""
    register(world, "jira:issue_created")
    alice = colleague(world, "alice")
    for number in range(10):
        alice.create("ALPHA", str(number))
    found = []
    for _ in range(120):
        found += [each["issue"]["fields"]["summary"] for each in told(world)]
        clock.advance(seconds=0.1)
    return found


@pytest.mark.parametrize("edition", EVERY)
def test_deliveries_overtake_each_other_from_10_on_where_they_may(edition: str, clock: VirtualClock) -> None:
    world = data_center(edition, clock)
    world.sites["acme"].hooks_unordered = True

    found = summaries(world, clock)

    assert sorted(found) == sorted(map(str, range(10)))
    assert (found == sorted(found)) is not DATA_CENTER[edition].sends_webhooks_later


def test_deliveries_come_in_their_order_unless_they_may_overtake(world: World, clock: VirtualClock) -> None:
    found = summaries(world, clock)

    assert found == sorted(found)
    assert len(found) == 10


def test_the_same_seed_gives_the_same_deliveries() -> None:
    def story(number: int) -> list[tuple[str, bytes]]:
        world = data_center("dc-10.3", number=number)
        world.sites["acme"].hooks_unordered = True
        register(world, "jira:issue_created")
        colleague(world, "alice").create("ALPHA", "one")
        return [(f"{each.identifier} {each.due}", each.body) for each in world.outbox]

    assert story(1) == story(1)
    assert story(1) != story(2)


def test_an_event_that_data_center_has_not_is_told_to_nobody(world: World, alice: Colleague) -> None:
    issue = alice.create("ALPHA", "one")
    register(world, *("jira:issue_updated", "comment_created"))

    assert alice.put(f"{ISSUE}/{issue}/properties/link", {"to": 1}).status == 201

    assert world.outbox == []


def test_a_cloud_site_has_no_webhooks_of_administrators(clock: VirtualClock) -> None:
    world = standard_world(clock)
    site = world.sites["acme"]
    alice = as_person(world, site, "alice")
    before = world.chance("deliveries to administrators' webhooks").getstate()

    install(world, site, ListeningApp())
    alice.create("ALPHA", "one")

    assert [each.hook_id for each in world.outbox] == [None]
    assert world.chance("deliveries to administrators' webhooks").getstate() == before


def test_filters_named_by_another_section_are_none(clock: VirtualClock) -> None:
    world = data_center("dc-9.12", clock)
    register(world, "jira:issue_created", filters={"project-related-events-section": "project = BETA"})

    colleague(world, "alice").create("ALPHA", "one")

    assert len(delivered(world)) == 1
    assert world.sites["acme"].admin_hooks[0].settings.filter == ""
