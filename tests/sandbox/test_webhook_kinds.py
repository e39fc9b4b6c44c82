"""Every kind of event that webhooks tell of, and what its delivery says."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from jira_sandbox.acts import issues
from jira_sandbox.acts.wishes import Wish
from jira_sandbox.connect import tokens, webhooks
from jira_sandbox.front import Front, Request
from jira_sandbox.state.elements import IssueLink, LinkType, Worklog
from jira_sandbox.state.furniture import Sprint, Version
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Visibility
from jira_sandbox.world import World
from tests.support.sandbox import (
    APP,
    ListeningApp,
    Person,
    VirtualClock,
    descriptor,
    document,
    install,
)

ISSUE = "/rest/api/3/issue"
TRACE = "X-Atlassian-Webhook-Trace"


def listening(world: World, site: Site, *events: str, path: str = "/hook", **more: object) -> ListeningApp:
    """An app that is told of these events."""
    app = ListeningApp()
    hooks = [{"event": event, "url": path, **more} for event in events]
    install(world, site, app, wanted=descriptor(modules={"webhooks": hooks}))
    app.calls.clear()
    return app


def told(world: World, app: ListeningApp) -> dict[str, Any]:
    """What the only delivery says."""
    world.deliver(app)
    (call,) = app.calls
    return dict(json.loads(call.body))


def version(number: str, **more: Any) -> Version:
    return Version(id=number, name=f"v{number}", **more)


def test_a_link_is_told_in_numbers(world: World, site: Site) -> None:
    app = listening(world, site, "issuelink_created", path="/link/{issueLink.id}")
    site.link_types.append(LinkType(id="77", name="Sees", inward="is seen by", outward="sees"))

    webhooks.announce_link(
        world,
        site,
        "issuelink_created",
        IssueLink(id="5", type_id="77", inward_id="10000", outward_id="10001"),
    )

    event = told(world, app)
    assert app.calls[0].url == f"{APP}/link/5"
    assert event["issueLink"] == {
        "id": 5,
        "sourceIssueId": 10000,
        "destinationIssueId": 10001,
        "issueLinkType": {
            "id": 77,
            "name": "Sees",
            "outwardName": "sees",
            "inwardName": "is seen by",
            "isSubTaskLinkType": False,
            "isSystemLinkType": False,
        },
        "systemLink": False,
    }


def test_a_property_is_told_with_its_value_until_it_is_deleted(
    world: World, site: Site, alice: Person
) -> None:
    app = listening(world, site, "issue_property_set", "issue_property_deleted", path="/p/{property.key}")
    issue = alice.create("ALPHA", "one")
    path = f"{ISSUE}/{issue}/properties/link"

    alice.put(path, {"to": 1})
    alice.delete(path)
    world.deliver(app)

    link = f"https://acme.atlassian.net/rest/api/2/issue/{issue}/properties/link"
    events = [json.loads(call.body) for call in app.calls]
    assert [each["property"] for each in events] == [
        {"self": link, "key": "link", "value": {"to": 1}},
        {"self": link, "key": "link"},
    ]
    assert [call.url for call in app.calls] == [f"{APP}/p/link"] * 2
    assert events[0]["issue"]["key"] == "ALPHA-1"


def test_logged_work_is_told_alone(world: World, site: Site, alice: Person) -> None:
    app = listening(world, site, "worklog_created")
    issue, author = site.issue(alice.create("ALPHA", "one")), site.user("alice").account_id
    at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    work = Worklog(
        id="31",
        author=author,
        update_author=author,
        created=at,
        updated=at,
        started=at,
        seconds=5400,
        body=document("Done"),
    )

    webhooks.announce_worklog(world, site, "worklog_created", issue, work)

    event = told(world, app)
    assert event.keys() == {"timestamp", "webhookEvent", "worklog"}
    shown = event["worklog"]
    assert (shown["id"], shown["issueId"], shown["comment"]) == ("31", issue.id, "Done")
    assert (shown["timeSpent"], shown["timeSpentSeconds"]) == ("1h 30m", 5400)
    assert shown["started"] == "2026-11-20T09:00:00.000+0000"


def test_restricted_work_is_told_to_who_may_see_it(world: World, site: Site, alice: Person) -> None:
    app = listening(world, site, "worklog_created")
    issue, author = site.issue(alice.create("ALPHA", "one")), site.user("alice").account_id
    role = Visibility(kind="role", name="Developers", identifier="Developers")
    work = Worklog(
        id="31",
        author=author,
        update_author=author,
        created=site.now(),
        updated=site.now(),
        started=site.now(),
        seconds=60,
        visibility=role,
    )

    site.expel(site.app.user)
    webhooks.announce_worklog(world, site, "worklog_created", issue, work)

    assert world.deliver(app) == 0


def test_a_merged_version_says_with_which(world: World, site: Site) -> None:
    app = listening(world, site, "jira:version_deleted", path="/v/{version.id}/{mergedVersion.id}")
    space = site.space("ALPHA")
    gone = version("1", release_date=date(2026, 1, 2), start_date=date(2025, 12, 1), description="old")

    webhooks.announce_version(
        world, site, "jira:version_deleted", space, gone, merged_to=version("2", is_released=True)
    )

    event = told(world, app)
    assert app.calls[0].url == f"{APP}/v/1/2"
    assert event["version"] == {
        "self": "https://acme.atlassian.net/rest/api/2/version/1",
        "id": "1",
        "description": "old",
        "name": "v1",
        "archived": False,
        "released": False,
        "startDate": "2025-12-01",
        "userStartDate": "01/Dec/25",
        "releaseDate": "2026-01-02",
        "overdue": True,
        "userReleaseDate": "02/Jan/26",
        "projectId": int(space.id),
    }
    assert event["mergedTo"] == {
        "self": "https://acme.atlassian.net/rest/api/2/version/2",
        "id": "2",
        "description": "",
        "name": "v2",
        "archived": False,
        "released": True,
        "projectId": int(space.id),
    }


def test_a_released_version_is_never_overdue(world: World, site: Site) -> None:
    app = listening(world, site, "jira:version_released")
    released = version("1", release_date=date(2026, 1, 2), is_released=True)

    webhooks.announce_version(world, site, "jira:version_released", site.space("ALPHA"), released)

    assert told(world, app)["version"]["overdue"] is False


def test_a_space_is_told_with_its_lead(world: World, site: Site) -> None:
    app = listening(world, site, "project_updated", path="/s/{project.key}")

    webhooks.announce_space(world, site, "project_updated", site.space("ALPHA"))

    project = told(world, app)["project"]
    assert (project["id"], project["key"]) == (int(site.space("ALPHA").id), "ALPHA")
    assert project["projectLead"]["displayName"] == "Alice Archer"
    assert project["assigneeType"] == "admin.assignee.type.unassigned"
    assert app.calls[0].url == f"{APP}/s/ALPHA"


def test_a_changed_sprint_says_how_it_was(world: World, site: Site, clock: VirtualClock) -> None:
    app = listening(world, site, "sprint_updated")
    before = Sprint(id=7, name="One", board_id=3)
    after = Sprint(id=7, name="One", board_id=3, goal="Go", state="active", start=clock.now, end=clock.now)

    webhooks.announce_sprint(world, site, "sprint_updated", after, before=before)

    event = told(world, app)
    link = "https://acme.atlassian.net/rest/agile/1.0/sprint/7"
    was = {"id": 7, "self": link, "state": "future", "name": "One", "originBoardId": 3}
    assert event["oldValue"] == was
    at = "2026-11-22T01:02:03.456+0000"
    assert event["sprint"] == was | {"state": "active", "goal": "Go", "startDate": at, "endDate": at}


@pytest.mark.parametrize(
    ("event", "announce", "member", "value"),
    [
        (
            "issuetype_updated",
            lambda world, site: webhooks.announce_type(
                world, site, "issuetype_updated", site.work_type("Bug")
            ),
            "issuetype",
            ("name", "Bug"),
        ),
        (
            "user_updated",
            lambda world, site: webhooks.announce_user(world, site, "user_updated", site.user("bob")),
            "user",
            ("displayName", "Bob Baker"),
        ),
        (
            "option_voting_changed",
            lambda world, site: webhooks.announce_feature(
                world, site, "option_voting_changed", "jira.option.voting", value="false"
            ),
            "property",
            ("value", "false"),
        ),
    ],
)
def test_types_people_and_features_are_told(
    world: World,
    site: Site,
    event: str,
    announce: Callable[[World, Site], None],
    member: str,
    value: tuple[str, str],
) -> None:
    app = listening(world, site, event)

    announce(world, site)

    shown = told(world, app)
    assert (shown["webhookEvent"], shown[member][value[0]]) == (event, value[1])


def test_an_edit_of_the_assignee_alone_has_a_name_of_its_own(world: World, site: Site, alice: Person) -> None:
    app = listening(world, site, "jira:issue_updated")
    issue = alice.create("ALPHA", "one")

    assigned = alice.put(f"{ISSUE}/{issue}/assignee", {"accountId": site.user("alice").account_id})

    assert assigned.status == 204, assigned.body
    assert told(world, app)["issue_event_type_name"] == "issue_assigned"


def test_an_edit_of_the_assignee_among_others_is_an_update(world: World, site: Site, alice: Person) -> None:
    app = listening(world, site, "jira:issue_updated")
    issue = alice.create("ALPHA", "one")

    alice.edit(issue, assignee={"accountId": site.user("alice").account_id}, labels=["a"])

    assert told(world, app)["issue_event_type_name"] == "issue_updated"


def test_a_deletion_has_no_finer_name(world: World, site: Site, alice: Person) -> None:
    app = listening(world, site, "jira:issue_deleted")

    alice.delete(f"{ISSUE}/{alice.create('ALPHA', 'one')}")

    assert "issue_event_type_name" not in told(world, app)


def test_a_deletion_tells_the_first_twenty_entries_of_work_and_no_hidden_comment(
    world: World, site: Site, alice: Person
) -> None:
    app = listening(world, site, "jira:issue_deleted")
    issue = alice.create("ALPHA", "one")
    alice.comment(issue, "x")
    for _ in range(21):
        alice.post(f"{ISSUE}/{issue}/worklog", {"timeSpent": "1m"})
    site.hide_field("comment", from_account=site.app.user)

    alice.delete(f"{ISSUE}/{issue}")

    shown = told(world, app)["issue"]["fields"]
    assert "comment" not in shown
    assert (shown["worklog"]["total"], len(shown["worklog"]["worklogs"])) == (21, 20)


def test_a_filter_that_names_what_is_gone_lets_nothing_through(
    world: World, site: Site, alice: Person
) -> None:
    app = listening(world, site, "jira:issue_created", filter="project = GONE")

    alice.create("ALPHA", "one")

    assert world.deliver(app) == 0


def test_what_fills_an_address_is_written_as_addresses_are(world: World, site: Site, alice: Person) -> None:
    app = listening(world, site, "issue_property_set", path="/p/{property.key}?k=${property.key}")
    issue = alice.create("ALPHA", "one")

    alice.put(f"{ISSUE}/{issue}/properties/a%20b", 1)

    world.deliver(app)
    assert [call.url for call in app.calls] == [f"{APP}/p/a%20b?k=a%20b"]


def test_what_a_deletion_brings_about_comes_later(
    world: World, site: Site, alice: Person, clock: VirtualClock
) -> None:
    app = listening(world, site, "jira:issue_deleted", "comment_deleted")
    site.secondary_lag = timedelta(minutes=15)
    issue = alice.create("ALPHA", "one")
    for text in ("first", "second"):
        alice.comment(issue, text)

    alice.delete(f"{ISSUE}/{issue}")
    at_once = world.deliver(app)
    waits = [each.due - clock.now for each in world.outbox]
    clock.advance(minutes=15)
    later = world.deliver(app)

    assert (at_once, later) == (1, 2)
    assert all(timedelta(0) < wait < timedelta(minutes=15) for wait in waits)
    assert len(set(waits)) == 2
    assert [call.headers["X-Atlassian-Webhook-Flow"] for call in app.calls] == [
        "Primary",
        "Secondary",
        "Secondary",
    ]
    assert "eventType" not in json.loads(app.calls[-1].body)


def edit(world: World, site: Site, issue: str, summary: str, trace: str) -> None:
    """Edit a work item as the app, marking the call for the webhooks it causes."""
    path, issued = f"{ISSUE}/{issue}", int(world.clock().timestamp())
    claims = {
        "iss": site.app.key,
        "iat": issued,
        "exp": issued + 180,
        "qsh": tokens.query_string_hash("PUT", path, []),
    }
    headers = {
        "authorization": f"JWT {tokens.sign_hs256(claims, site.app.shared_secret)}",
        TRACE.lower(): trace,
    }
    body = json.dumps({"fields": {"summary": summary}}).encode()
    answer = Front(world).handle(site.name, Request("PUT", path, [], headers, body))
    assert answer.status == 204, answer.body


def falls_over(*_told: object) -> None:
    """A listener that a test gave to the world, with a mistake in it."""
    raise ZeroDivisionError


def test_what_an_app_marks_its_call_with_comes_back_on_the_webhook(
    world: World, site: Site, alice: Person, clock: VirtualClock
) -> None:
    app = listening(world, site, "jira:issue_updated")
    issue = alice.create("ALPHA", "one")

    edit(world, site, issue, "two", "operation 7")
    alice.edit(issue, summary="three")
    app.answers = [503]
    world.deliver(app)
    clock.advance(minutes=15)
    world.deliver(app)

    assert [call.headers.get(TRACE) for call in app.calls] == ["operation 7", None, "operation 7"]


def test_only_an_apps_own_calls_are_marked(world: World, site: Site, alice: Person) -> None:
    app = listening(world, site, "jira:issue_updated")
    issue = site.issue(alice.create("ALPHA", "one"))
    path = f"{ISSUE}/{issue.id}"
    headers = {"authorization": f"Basic {alice.credentials}", TRACE.lower(): "mine"}
    body = json.dumps({"fields": {"summary": "two"}}).encode()

    edit(world, site, issue.id, "three", "operation 7")
    issues.edit(world, site, site.user("alice"), issue, Wish(fields={"summary": "on a page"}))
    Front(world).handle(site.name, Request("PUT", path, [], headers, body))
    world.deliver(app)

    assert [call.headers.get(TRACE) for call in app.calls] == ["operation 7", None, None]


@pytest.mark.parametrize("trace", ["x" * 1025, "naïve", "a\tb"])
def test_a_mark_that_is_none_does_not_come_back(world: World, site: Site, alice: Person, trace: str) -> None:
    app = listening(world, site, "jira:issue_updated")

    edit(world, site, alice.create("ALPHA", "one"), "two", trace)
    world.deliver(app)

    assert TRACE not in app.calls[0].headers


def test_a_call_that_falls_over_leaves_its_mark_to_nobody(world: World, site: Site, alice: Person) -> None:
    app = listening(world, site, "jira:issue_updated")
    issue = site.issue(alice.create("ALPHA", "one"))
    world.listeners.append(falls_over)

    with pytest.raises(ZeroDivisionError):
        edit(world, site, issue.id, "two", "operation 7")
    world.listeners.clear()
    world.outbox.clear()
    issues.edit(world, site, site.user("alice"), issue, Wish(fields={"summary": "on a page"}))
    world.deliver(app)

    assert [call.headers.get(TRACE) for call in app.calls] == [None]


def test_a_site_may_keep_marks_to_itself(world: World, site: Site, alice: Person) -> None:
    app = listening(world, site, "jira:issue_updated")
    site.returns_traces = False

    edit(world, site, alice.create("ALPHA", "one"), "two", "operation 7")
    world.deliver(app)

    assert TRACE not in app.calls[0].headers


def test_a_body_over_the_limit_is_not_delivered(world: World, site: Site, alice: Person) -> None:
    app = listening(world, site, "jira:issue_created")
    alice.create("ALPHA", "small")
    world.largest_delivery = len(world.outbox[0].body) + 1_000

    alice.create("ALPHA", "large", description=document("x" * 2_000))

    assert world.deliver(app) == 1


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 410, 413, 422])
def test_other_refusals_are_for_good(world: World, app: ListeningApp, alice: Person, status: int) -> None:
    alice.create("ALPHA", "one")
    app.answers = [status]

    world.deliver(app)

    assert world.outbox == []
    assert [each.answers for each in world.failed] == [[status]]


@pytest.mark.parametrize("answer", [408, 409, 425, 429, 500, 502, 503, 504, TimeoutError("late")])
def test_what_may_pass_is_tried_again_within_five_to_fifteen_minutes(
    world: World, app: ListeningApp, alice: Person, clock: VirtualClock, answer: int | OSError
) -> None:
    alice.create("ALPHA", "one")
    app.answers = [answer]

    world.deliver(app)

    (waiting,) = world.outbox
    assert timedelta(minutes=5) <= waiting.due - clock.now <= timedelta(minutes=15)
