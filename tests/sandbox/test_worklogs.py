"""Logged work: one entry after the other, and what it does to the estimates."""

import json
from typing import Any

import pytest

from jira_sandbox.state.elements import Estimates
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import (
    ListeningApp,
    Person,
    VirtualClock,
    as_app,
    as_person,
    descriptor,
    document,
    install,
)

ISSUE = "/rest/api/3/issue"
LIST, LOG = (f"{method} {ISSUE}/{{issueIdOrKey}}/worklog" for method in ("GET", "POST"))
GET, PUT, DELETE = (
    f"{method} {ISSUE}/{{issueIdOrKey}}/worklog/{{id}}" for method in ("GET", "PUT", "DELETE")
)
HOUR = 3600
GONE = "Issue does not exist or you do not have permission to see it."
DEVELOPERS = {"type": "role", "value": "Developers", "identifier": "Developers"}


@pytest.fixture
def issue(alice: Person) -> str:
    return alice.create("ALPHA", "one")


@pytest.fixture
def frank(world: World, site: Site) -> Person:
    """Works in ALPHA, but is of no role and no group."""
    return as_person(world, site, "frank")


def log(person: Person, issue: str, spent: str = "1h", query: str = "", **more: object) -> str:
    """Log work and give the number of the entry; fails loudly when Jira refuses."""
    answer = person.post(f"{ISSUE}/{issue}/worklog{query}", {"timeSpent": spent, **more})
    assert answer.status == 201, answer.body
    return str(answer.json()["id"])


def estimate(site: Site, issue: str, remaining: int | None, original: int | None = None) -> None:
    site.issue(issue).fields["timetracking"] = Estimates(original=original, remaining=remaining)


def remaining(site: Site, issue: str) -> int | None:
    held = site.issue(issue).fields["timetracking"]
    return held.remaining if held else None


@pytest.mark.answers(LOG)
def test_work_is_logged_and_answered_in_full(alice: Person, issue: str, site: Site) -> None:
    body = {
        "timeSpent": "1h 30m",
        "started": "2021-01-17T12:34:00.000+0100",
        "comment": document("Brewed"),
        "properties": [{"key": "tea", "value": {"hot": True}}],
    }

    answer = alice.post(f"{ISSUE}/{issue}/worklog?expand=properties", body)

    shown = answer.json()
    path = f"{ISSUE}/{issue}/worklog/{shown['id']}"
    assert answer.status == 201
    assert shown["self"] == f"{site.base_url}{path}"
    assert shown["author"]["displayName"] == shown["updateAuthor"]["displayName"] == "Alice Archer"
    assert shown["created"] == shown["updated"] == "2026-11-22T01:02:03.456+0000"
    assert shown["started"] == "2021-01-17T11:34:00.000+0000"
    assert (shown["timeSpent"], shown["timeSpentSeconds"]) == ("1h 30m", 5400)
    assert (shown["issueId"], shown["comment"]) == (issue, document("Brewed"))
    assert shown.pop("properties") == body["properties"]
    assert alice.get(path).json() == shown


def test_work_begins_now_unless_it_is_said_when(alice: Person, issue: str) -> None:
    shown = alice.post(f"{ISSUE}/{issue}/worklog", {"timeSpentSeconds": 12_059}).json()

    assert shown["started"] == "2026-11-22T01:02:03.456+0000"
    assert (shown["timeSpent"], shown["timeSpentSeconds"]) == ("3h 20m", 12_000)
    assert "comment" not in shown


def test_v2_speaks_wiki(alice: Person, issue: str) -> None:
    body = {"timeSpent": "1h", "comment": "*Brewed*"}

    shown = alice.post(f"/rest/api/2/issue/{issue}/worklog", body).json()

    assert shown["comment"] == "*Brewed*"
    assert alice.get(f"/rest/api/2/issue/{issue}/worklog/{shown['id']}").json() == shown
    held = alice.get(f"{ISSUE}/{issue}/worklog/{shown['id']}").json()["comment"]
    assert held["content"][0]["content"] == [
        {"type": "text", "text": "Brewed", "marks": [{"type": "strong"}]}
    ]
    assert alice.post(f"/rest/api/2/issue/{issue}/worklog", {"timeSpent": "1h"}).json()["comment"] == ""


@pytest.mark.refuses(LOG, 400)
@pytest.mark.parametrize(
    ("body", "query", "field", "text"),
    [
        ({}, "", "timeLogged", "You must indicate the time spent working."),
        ({"timeSpent": "soon"}, "", "timeLogged", "Invalid time duration entered."),
        ({"timeSpent": "0m"}, "", "timeLogged", "Invalid time duration entered."),
        ({"timeSpentSeconds": 59}, "", "timeLogged", "Invalid time duration entered."),
        ({"timeSpentSeconds": -60}, "", "timeLogged", "Invalid time duration entered."),
        ({"timeSpentSeconds": [1]}, "", "timeLogged", "Invalid time duration entered."),
        ({"timeSpent": "1h", "started": "today"}, "", "started", "'today' is not a time like"),
        ({"timeSpent": "1h", "comment": "Hello"}, "", "comment", "Operation value must be"),
        (
            {"timeSpent": "1h", "visibility": {"type": "role", "value": "Kings"}},
            "",
            "commentLevel",
            "You are currently not a member of the project role: Kings.",
        ),
        ({"timeSpent": "1h"}, "?adjustEstimate=new", "newEstimate", "You must supply newEstimate"),
        ({"timeSpent": "1h"}, "?adjustEstimate=new&newEstimate=x", "newEstimate", "Invalid time duration"),
        ({"timeSpent": "1h"}, "?adjustEstimate=some", "adjustEstimate", "adjustEstimate must be one of"),
        ({"timeSpent": "1h"}, "?adjustEstimate=manual", "reduceBy", "You must supply reduceBy"),
        ({"timeSpent": "1h"}, "?adjustEstimate=manual&reduceBy=x", "reduceBy", "Invalid time duration"),
    ],
)
def test_work_that_is_none_is_refused(
    alice: Person, issue: str, body: dict[str, object], query: str, field: str, text: str
) -> None:
    answer = alice.post(f"{ISSUE}/{issue}/worklog{query}", body)

    assert answer.status == 400
    assert answer.json()["errors"][field].startswith(text)
    assert alice.get(f"{ISSUE}/{issue}/worklog").json()["total"] == 0


def test_without_the_right_nobody_logs_work(frank: Person, issue: str, site: Site) -> None:
    site.revoke(site.user("frank"), "WORK_ON_ISSUES", space=site.space("ALPHA"))

    answer = frank.post(f"{ISSUE}/{issue}/worklog", {"timeSpent": "1h"})

    assert answer.status == 400
    assert answer.json()["errorMessages"] == [
        "You do not have the permission to associate a worklog to this issue."
    ]


@pytest.mark.refuses(LOG, 404)
@pytest.mark.refuses(LIST, 404)
def test_the_work_of_a_hidden_work_item_is_hidden(alice: Person, bob: Person, issue: str) -> None:
    answers = [
        bob.get(f"{ISSUE}/{issue}/worklog"),
        bob.post(f"{ISSUE}/{issue}/worklog", {"timeSpent": "1h"}),
    ]

    assert [each.status for each in answers] == [404, 404]
    assert {each.json()["errorMessages"][0] for each in answers} == {GONE}


@pytest.mark.refuses(LOG, 413)
def test_a_work_item_holds_only_so_much_work(alice: Person, issue: str, site: Site) -> None:
    site.most_worklogs = 1
    log(alice, issue)

    answer = alice.post(f"{ISSUE}/{issue}/worklog", {"timeSpent": "1h"})

    assert answer.status == 413
    assert answer.json()["errorMessages"] == ["The issue has reached its limit of 1 worklogs."]


@pytest.mark.answers(LIST)
def test_work_is_listed_page_by_page_and_by_when_it_was_started(alice: Person, issue: str) -> None:
    for minute in ("00", "01", "02"):
        log(alice, issue, f"{int(minute) + 1}m", started=f"1970-01-01T00:{minute}:00.000+0000")
    path = f"{ISSUE}/{issue}/worklog"

    answer = alice.get(f"{path}?startAt=1&maxResults=1")

    page = answer.json()
    assert answer.status == 200
    assert (page["startAt"], page["maxResults"], page["total"]) == (1, 1, 3)
    assert [each["timeSpent"] for each in page["worklogs"]] == ["2m"]
    assert alice.get(path).json()["maxResults"] == 5000
    some = alice.get(f"{path}?startedAfter=60000&startedBefore=120000").json()
    assert [each["timeSpent"] for each in some["worklogs"]] == ["2m"]


@pytest.mark.parametrize("name", ["startAt", "maxResults", "startedAfter"])
def test_a_page_that_is_no_number_is_not_found(alice: Person, issue: str, name: str) -> None:
    answer = alice.get(f"{ISSUE}/{issue}/worklog?{name}=x")

    assert answer.status == 404
    assert answer.json()["errorMessages"] == [f"The value of {name} is not a number: x"]


@pytest.mark.answers(GET)
@pytest.mark.refuses(GET, 404)
def test_restricted_work_is_for_the_role_alone(alice: Person, frank: Person, issue: str) -> None:
    number = log(alice, issue, visibility={"type": "role", "value": "Developers"})
    log(alice, issue, "2h")
    path = f"{ISSUE}/{issue}/worklog"
    alice.put(f"{path}/{number}", {"timeSpent": "3h"})

    answer = frank.get(f"{path}/{number}")

    assert alice.get(f"{path}/{number}").json()["visibility"] == DEVELOPERS
    assert answer.status == 404
    assert answer.json()["errorMessages"] == [f"Cannot find worklog with id: '{number}'."]
    assert [each["timeSpent"] for each in frank.get(path).json()["worklogs"]] == ["2h"]
    assert alice.get(path).json()["total"] == 2


@pytest.mark.answers(PUT)
def test_work_is_changed_as_far_as_the_change_says(
    alice: Person, dana: Person, issue: str, clock: VirtualClock
) -> None:
    number = log(alice, issue, comment=document("Brewed"))
    path = f"{ISSUE}/{issue}/worklog/{number}"
    clock.advance(seconds=5)

    answer = alice.put(path, {"timeSpentSeconds": 7200})
    dana.put(path, {"comment": document("Drunk"), "started": "2021-01-17T12:34:00.000+0000"})

    shown, last = answer.json(), alice.get(path).json()
    assert (answer.status, shown["timeSpent"], shown["comment"]) == (200, "2h", document("Brewed"))
    assert shown["updated"] == "2026-11-22T01:02:08.456+0000"
    assert (last["timeSpent"], last["comment"]) == ("2h", document("Drunk"))
    assert (last["author"]["displayName"], last["updateAuthor"]["displayName"]) == (
        "Alice Archer",
        "Dana Draper",
    )
    assert last["started"] == "2021-01-17T12:34:00.000+0000"


@pytest.mark.refuses(PUT, 400)
def test_others_work_is_changed_by_who_may_change_all(alice: Person, frank: Person, issue: str) -> None:
    number, franks = log(alice, issue), log(frank, issue)
    path = f"{ISSUE}/{issue}/worklog"

    answer = frank.put(f"{path}/{number}", {"timeSpent": "2h"})

    assert answer.status == 400
    assert answer.json()["errorMessages"] == [
        f"You do not have permission to update worklog with id: {number}"
    ]
    assert alice.put(f"{path}/{franks}", {"timeSpent": "2h"}).status == 200


@pytest.mark.refuses(PUT, 404)
@pytest.mark.refuses(DELETE, 404)
def test_what_is_not_there_is_neither_changed_nor_deleted(alice: Person, issue: str) -> None:
    answers = [
        alice.put(f"{ISSUE}/{issue}/worklog/99", {"timeSpent": "2h"}),
        alice.delete(f"{ISSUE}/{issue}/worklog/99"),
    ]

    assert [each.status for each in answers] == [404, 404]
    assert {each.json()["errorMessages"][0] for each in answers} == {"Cannot find worklog with id: '99'."}


@pytest.mark.answers(DELETE)
@pytest.mark.refuses(DELETE, 400)
def test_deleted_work_is_gone(alice: Person, frank: Person, issue: str) -> None:
    number = log(alice, issue)

    refused = frank.delete(f"{ISSUE}/{issue}/worklog/{number}")
    answer = alice.delete(f"{ISSUE}/{issue}/worklog/{number}")

    assert refused.json()["errorMessages"] == [
        f"You do not have permission to delete worklog with id: {number}"
    ]
    assert answer.status == 204
    assert alice.get(f"{ISSUE}/{issue}/worklog/{number}").status == 404


def test_an_archived_work_item_keeps_its_work_as_it_is(alice: Person, issue: str, site: Site) -> None:
    path = f"{ISSUE}/{issue}/worklog/{log(alice, issue)}"
    site.archive(site.issue(issue))

    changed, deleted = alice.put(path, {"timeSpent": "9h"}), alice.delete(path)

    assert (changed.status, deleted.status) == (400, 400)
    assert alice.get(path).json()["timeSpent"] == "1h"


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", 3 * HOUR),
        ("?adjustEstimate=auto", 3 * HOUR),
        ("?adjustEstimate=leave", 4 * HOUR),
        ("?adjustEstimate=new&newEstimate=2d", 16 * HOUR),
        ("?adjustEstimate=manual&reduceBy=30m", 3.5 * HOUR),
        ("?adjustEstimate=manual&reduceBy=1w", 0),
    ],
)
def test_the_estimate_follows_what_is_logged(
    alice: Person, issue: str, site: Site, query: str, left: int
) -> None:
    estimate(site, issue, 4 * HOUR, original=5 * HOUR)

    log(alice, issue, "1h", query)

    assert site.issue(issue).fields["timetracking"] == Estimates(original=5 * HOUR, remaining=int(left))
    shown = alice.get(f"{ISSUE}/{issue}").json()["fields"]
    assert (shown["timespent"], shown["timeestimate"]) == (HOUR, left)


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", 2 * HOUR),
        ("?adjustEstimate=leave", 3 * HOUR),
        ("?adjustEstimate=manual", 3 * HOUR),
        ("?adjustEstimate=new&newEstimate=90", 1.5 * HOUR),
    ],
)
def test_the_estimate_follows_the_difference_of_a_change(
    alice: Person, issue: str, site: Site, query: str, left: int
) -> None:
    estimate(site, issue, 4 * HOUR)
    number = log(alice, issue, "1h")

    alice.put(f"{ISSUE}/{issue}/worklog/{number}{query}", {"timeSpent": "2h"})

    assert remaining(site, issue) == left


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("", 4 * HOUR),
        ("?adjustEstimate=leave", 3 * HOUR),
        ("?adjustEstimate=manual&increaseBy=30m", 3.5 * HOUR),
        ("?adjustEstimate=new&newEstimate=1h", HOUR),
    ],
)
def test_the_estimate_gets_back_what_is_deleted(
    alice: Person, issue: str, site: Site, query: str, left: int
) -> None:
    estimate(site, issue, 4 * HOUR)
    number = log(alice, issue, "1h")

    alice.delete(f"{ISSUE}/{issue}/worklog/{number}{query}")

    assert remaining(site, issue) == left


def test_deleting_by_hand_needs_an_amount(alice: Person, issue: str) -> None:
    number = log(alice, issue)
    path = f"{ISSUE}/{issue}/worklog/{number}"

    assert "increaseBy" in alice.delete(f"{path}?adjustEstimate=manual").json()["errors"]
    assert "newEstimate" in alice.delete(f"{path}?adjustEstimate=new").json()["errors"]
    assert alice.get(path).status == 200


def test_an_estimate_that_was_not_there_is_nothing_then(alice: Person, issue: str, site: Site) -> None:
    log(alice, issue)

    assert remaining(site, issue) == 0


def items(person: Person, issue: str) -> list[dict[str, tuple[str | None, str | None]]]:
    """What each entry of the history says, by field: its two sides as texts."""
    entries = person.get(f"{ISSUE}/{issue}/changelog").json()["values"]
    return [
        {each["field"]: (each["fromString"], each["toString"]) for each in entry["items"]}
        for entry in entries
    ]


def test_history_tells_times_and_the_number_of_the_entry(alice: Person, issue: str, site: Site) -> None:
    estimate(site, issue, 4 * HOUR)

    number = log(alice, issue)
    alice.put(f"{ISSUE}/{issue}/worklog/{number}?adjustEstimate=leave", {"timeSpent": "2h"})
    alice.delete(f"{ISSUE}/{issue}/worklog/{number}")

    assert items(alice, issue) == [
        {"timeestimate": ("14400", "10800"), "timespent": (None, "3600"), "WorklogId": (number, None)},
        {"timespent": ("3600", "7200"), "WorklogId": (number, None)},
        {
            "timeestimate": ("10800", "18000"),
            "timespent": ("7200", None),
            "WorklogId": (number, None),
            "WorklogTimeSpent": ("2 hours", None),
        },
    ]


@pytest.fixture
def hearing(world: World, site: Site) -> ListeningApp:
    """An app that hears of logged work and of updates."""
    listening = ListeningApp()
    events = [f"worklog_{what}" for what in ("created", "updated", "deleted")] + ["jira:issue_updated"]
    hooks = [{"event": event, "url": "/hook"} for event in events]
    install(world, site, listening, wanted=descriptor(modules={"webhooks": hooks}))
    listening.calls.clear()
    return listening


def told(world: World, app: ListeningApp) -> list[dict[str, Any]]:
    world.deliver(app)
    return [json.loads(call.body) for call in app.calls]


def test_webhooks_tell_of_work_and_of_the_update(
    world: World, hearing: ListeningApp, alice: Person, issue: str
) -> None:
    hearing.calls.clear()
    number = log(alice, issue, comment=document("Brewed"))
    alice.put(f"{ISSUE}/{issue}/worklog/{number}", {"timeSpent": "2h"})
    alice.delete(f"{ISSUE}/{issue}/worklog/{number}")

    heard = told(world, hearing)

    names = [(each["webhookEvent"], each.get("issue_event_type_name")) for each in heard]
    assert names == [
        ("worklog_created", None),
        ("jira:issue_updated", "issue_work_logged"),
        ("worklog_updated", None),
        ("jira:issue_updated", "issue_worklog_updated"),
        ("worklog_deleted", None),
        ("jira:issue_updated", "issue_worklog_deleted"),
    ]
    assert set(heard[0]) == {"timestamp", "webhookEvent", "worklog"}
    assert (heard[0]["worklog"]["comment"], heard[0]["worklog"]["issueId"]) == ("Brewed", issue)
    assert [each["field"] for each in heard[1]["changelog"]["items"]] == [
        "timeestimate",
        "timespent",
        "WorklogId",
    ]


def test_who_may_not_see_the_work_is_told_of_the_update_alone(
    world: World, site: Site, hearing: ListeningApp, alice: Person, issue: str
) -> None:
    hearing.calls.clear()
    site.expel(site.app.user)

    log(alice, issue, visibility=DEVELOPERS)

    assert [each["webhookEvent"] for each in told(world, hearing)] == ["jira:issue_updated"]


def test_a_site_can_do_without_time_tracking(alice: Person, dana: Person, issue: str, site: Site) -> None:
    number = log(alice, issue)
    site.time_tracking = type(site.time_tracking)(is_on=False)
    path = f"{ISSUE}/{issue}/worklog"

    answers = [
        alice.get(path),
        alice.post(path, {"timeSpent": "1h"}),
        alice.get(f"{path}/{number}"),
        alice.delete(f"{path}/{number}"),
    ]

    assert [each.status for each in answers] == [404] * 4
    assert answers[0].json()["errorMessages"] == ["Time Tracking is not enabled."]


def test_only_an_app_that_administers_writes_what_is_read_only(
    world: World, site: Site, app: ListeningApp, alice: Person, dana: Person, issue: str
) -> None:
    site.archive(site.issue(issue))
    path, robot = f"{ISSUE}/{issue}/worklog?overrideEditableFlag=true", as_app(world, site)

    before = [each.post(path, {"timeSpent": "1h"}).status for each in (alice, dana, robot)]
    site.grant(site.app.user, "ADMINISTER")

    assert before == [400, 400, 400]
    assert robot.post(path, {"timeSpent": "1h"}).status == 201
    assert robot.post(path.partition("?")[0], {"timeSpent": "1h"}).status == 400
