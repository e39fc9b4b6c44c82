"""Logged work by the many: deleted, moved, listed over the whole site; and properties of entries."""

import json

import pytest

from jira_sandbox.state.elements import Estimates
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, VirtualClock, as_person, descriptor, install

ISSUE, WORKLOG = "/rest/api/3/issue", "/rest/api/3/worklog"
BULK = f"DELETE {ISSUE}/{{issueIdOrKey}}/worklog"
MOVE = f"POST {ISSUE}/{{issueIdOrKey}}/worklog/move"
KEYS = f"GET {ISSUE}/{{issueIdOrKey}}/worklog/{{worklogId}}/properties"
PROPERTY = f"{ISSUE}/{{issueIdOrKey}}/worklog/{{worklogId}}/properties/{{propertyKey}}"
DEVELOPERS = {"type": "role", "value": "Developers"}
HOUR = 3600


@pytest.fixture
def issue(alice: Person) -> str:
    return alice.create("ALPHA", "one")


@pytest.fixture
def other(alice: Person) -> str:
    return alice.create("ALPHA", "two")


@pytest.fixture
def frank(world: World, site: Site) -> Person:
    """Works in ALPHA, but is of no role and no group."""
    return as_person(world, site, "frank")


def log(person: Person, issue: str, **more: object) -> int:
    answer = person.post(f"{ISSUE}/{issue}/worklog", {"timeSpent": "1h", **more})
    assert answer.status == 201, answer.body
    return int(answer.json()["id"])


def numbers(person: Person, issue: str) -> list[int]:
    return [int(each["id"]) for each in person.get(f"{ISSUE}/{issue}/worklog").json()["worklogs"]]


@pytest.mark.answers(BULK)
def test_several_entries_are_deleted_at_once(alice: Person, issue: str, site: Site) -> None:
    first, second, third = (log(alice, issue) for _ in range(3))
    site.issue(issue).fields["timetracking"] = Estimates(remaining=HOUR)

    answer = alice.call("DELETE", f"{ISSUE}/{issue}/worklog", {"ids": [first, third]})

    assert answer.status == 204
    assert numbers(alice, issue) == [second]
    assert site.issue(issue).fields["timetracking"].remaining == 3 * HOUR


def test_what_is_not_seen_is_left_and_the_answer_says_so(
    alice: Person, frank: Person, issue: str, site: Site
) -> None:
    site.grant(site.user("frank"), "DELETE_ALL_WORKLOGS", space=site.space("ALPHA"))
    hidden, seen = log(alice, issue, visibility=DEVELOPERS), log(alice, issue)

    answer = frank.call("DELETE", f"{ISSUE}/{issue}/worklog", {"ids": [hidden, seen]})

    assert answer.status == 200
    assert answer.json() == {"message": "Some worklogs were left as they are."}
    assert numbers(alice, issue) == [hidden]


@pytest.mark.refuses(BULK, 400)
@pytest.mark.parametrize("ids", [[], None, "all", [1.5], list(range(5001))])
def test_what_is_no_list_of_numbers_is_refused(alice: Person, issue: str, ids: object) -> None:
    answer = alice.call("DELETE", f"{ISSUE}/{issue}/worklog", {"ids": ids})

    assert answer.status == 400
    assert set(answer.json()["errors"]) == {"ids"}


def test_deleting_many_takes_the_right_to_delete_all(frank: Person, issue: str) -> None:
    number = log(frank, issue)

    answer = frank.call("DELETE", f"{ISSUE}/{issue}/worklog", {"ids": [number]})

    assert answer.status == 400
    assert answer.json()["errorMessages"] == [
        "You do not have permission to delete all worklogs of this issue."
    ]


@pytest.mark.refuses(BULK, 404)
@pytest.mark.refuses(MOVE, 404)
def test_entries_of_another_work_item_are_not_found(alice: Person, issue: str, other: str) -> None:
    number = log(alice, other)

    deleted = alice.call("DELETE", f"{ISSUE}/{issue}/worklog", {"ids": [number]})
    moved = alice.post(f"{ISSUE}/{issue}/worklog/move", {"ids": [number], "issueIdOrKey": other})

    assert (deleted.status, moved.status) == (404, 404)
    assert deleted.json()["errorMessages"] == [f"Worklogs that are not of the issue ALPHA-1: {number}."]
    assert numbers(alice, other) == [number]


@pytest.mark.answers(MOVE)
def test_entries_are_moved_without_a_word(
    world: World, site: Site, alice: Person, issue: str, other: str
) -> None:
    app = ListeningApp()
    hooks = [{"event": f"worklog_{what}", "url": "/hook"} for what in ("created", "updated", "deleted")]
    first, second = log(alice, issue), log(alice, issue)
    site.issue(issue).fields["timetracking"] = Estimates(remaining=3 * HOUR)
    histories = len(alice.get(f"{ISSUE}/{issue}/changelog").json()["values"])
    install(world, site, app, wanted=descriptor(modules={"webhooks": hooks}))
    app.calls.clear()

    answer = alice.post(f"{ISSUE}/{issue}/worklog/move", {"ids": [first], "issueIdOrKey": "ALPHA-2"})

    world.deliver(app)
    assert (answer.status, app.calls) == (204, [])
    assert (numbers(alice, issue), numbers(alice, other)) == ([second], [first])
    assert len(alice.get(f"{ISSUE}/{issue}/changelog").json()["values"]) == histories
    left = [site.issue(each).fields["timetracking"].remaining for each in (issue, other)]
    assert left == [2 * HOUR, HOUR]


def test_estimates_can_be_left_alone(alice: Person, issue: str, other: str, site: Site) -> None:
    numbers_there = [log(alice, issue), log(alice, issue)]
    site.issue(issue).fields["timetracking"] = Estimates(remaining=3 * HOUR)
    path, rest = f"{ISSUE}/{issue}/worklog", "?adjustEstimate=leave"

    alice.post(f"{path}/move{rest}", {"ids": numbers_there[:1], "issueIdOrKey": other})
    alice.call("DELETE", f"{path}{rest}", {"ids": numbers_there[1:]})

    assert site.issue(issue).fields["timetracking"].remaining == 3 * HOUR
    assert alice.post(f"{path}/move?adjustEstimate=new", {"ids": [1], "issueIdOrKey": other}).status == 400


def test_entries_for_a_role_are_not_moved(alice: Person, issue: str, other: str) -> None:
    restricted = log(alice, issue, visibility=DEVELOPERS)

    answer = alice.post(f"{ISSUE}/{issue}/worklog/move", {"ids": [restricted], "issueIdOrKey": other})

    assert answer.status == 200
    assert numbers(alice, issue) == [restricted]


@pytest.mark.refuses(MOVE, 400)
def test_moving_takes_rights_on_both_sides(
    alice: Person, frank: Person, issue: str, other: str, site: Site
) -> None:
    number, body = log(frank, issue), {"issueIdOrKey": other}
    path = f"{ISSUE}/{issue}/worklog/move"

    neither = frank.post(path, {"ids": [number], **body})
    site.revoke(site.user("alice"), "WORK_ON_ISSUES", space=site.space("ALPHA"))
    one = alice.post(path, {"ids": [number], **body})

    assert neither.json()["errorMessages"] == [
        "You do not have permission to delete all worklogs of this issue."
    ]
    assert one.json()["errorMessages"] == [
        "You do not have the permission to associate a worklog to this issue."
    ]
    assert (neither.status, one.status) == (400, 400)
    assert alice.post(path, {"ids": [number], "issueIdOrKey": "BETA-1"}).status == 404


def test_moved_work_is_work_on_the_work_item_it_comes_to(carol: Person, site: Site) -> None:
    here, there = carol.create("ALPHA", "one"), carol.create("BETA", "two")
    path, body = f"{ISSUE}/{here}/worklog/move", {"ids": [log(carol, here)], "issueIdOrKey": there}
    site.grant(site.user("carol"), "DELETE_ALL_WORKLOGS", space=site.space("ALPHA"))
    site.deny(site.user("carol"), "WORK_ON_ISSUES", space=site.space("BETA"))

    refused = carol.post(path, body)
    site.allow(site.user("carol"), "WORK_ON_ISSUES", space=site.space("BETA"))
    site.deny(site.user("carol"), "WORK_ON_ISSUES", space=site.space("ALPHA"))

    assert refused.status == 400
    assert carol.post(path, body).status == 204


def milliseconds(clock: VirtualClock) -> int:
    return int(clock.now.timestamp() * 1000)


@pytest.mark.answers(f"GET {WORKLOG}/updated")
def test_what_changed_is_told_after_a_minute(
    alice: Person, issue: str, clock: VirtualClock, site: Site
) -> None:
    first, start = log(alice, issue), milliseconds(clock)
    clock.advance(seconds=30)
    second = log(alice, issue, properties=[{"key": "tea", "value": 1}])

    early = alice.get(f"{WORKLOG}/updated").json()
    clock.advance(seconds=60)
    alice.put(f"{ISSUE}/{issue}/worklog/{first}", {"timeSpent": "2h"})
    answer = alice.get(f"{WORKLOG}/updated?since={start + 1}&expand=properties")

    assert early == {
        "values": [],
        "since": 0,
        "until": 0,
        "self": f"{site.base_url}{WORKLOG}/updated?since=0",
        "lastPage": True,
    }
    changed = {
        "worklogId": second,
        "updatedTime": start + 30_000,
        "properties": [{"key": "tea", "value": 1}],
    }
    shown = answer.json()
    assert answer.status == 200
    assert (shown["values"], shown["until"], shown["lastPage"]) == ([changed], start + 30_000, True)


@pytest.mark.answers(f"GET {WORKLOG}/deleted")
def test_what_was_deleted_is_told_after_a_minute(alice: Person, issue: str, clock: VirtualClock) -> None:
    number = log(alice, issue)
    alice.delete(f"{ISSUE}/{issue}/worklog/{number}")

    clock.advance(seconds=59.9)
    early = alice.get(f"{WORKLOG}/deleted").json()["values"]
    clock.advance(seconds=0.1)
    answer = alice.get(f"{WORKLOG}/deleted")

    assert early == []
    assert answer.status == 200
    assert answer.json()["values"] == [
        {"worklogId": number, "updatedTime": milliseconds(clock) - 60_000, "properties": []}
    ]
    assert alice.get(f"{WORKLOG}/updated").json()["values"] == []


def test_the_work_of_a_deleted_work_item_is_among_what_was_deleted(
    alice: Person, issue: str, clock: VirtualClock
) -> None:
    number = log(alice, issue)

    alice.delete(f"{ISSUE}/{issue}")

    clock.advance(seconds=60)
    listed = alice.get(f"{WORKLOG}/deleted").json()["values"]
    assert [each["worklogId"] for each in listed] == [number]


def test_changes_come_in_pages_that_lead_on(alice: Person, issue: str, clock: VirtualClock) -> None:
    first = log(alice, issue)
    clock.advance(seconds=1)
    held = alice.site.issue(issue).worklogs
    for _ in range(1000):
        log(alice, issue)
        held[-1].updated = clock.advance(milliseconds=1)
    clock.advance(seconds=60)

    page = alice.get(f"{WORKLOG}/updated").json()
    rest = alice.get(page["nextPage"].removeprefix(alice.site.base_url)).json()

    assert (len(page["values"]), page["lastPage"]) == (1000, False)
    assert page["values"][0]["worklogId"] == first
    assert page["until"] == page["values"][-1]["updatedTime"] == rest["since"]
    assert [each["worklogId"] for each in rest["values"]] == [first + 999, first + 1000]
    assert rest["lastPage"] is True


def test_restricted_work_is_not_told_to_others(
    alice: Person, frank: Person, issue: str, clock: VirtualClock
) -> None:
    hidden, seen = log(alice, issue, visibility=DEVELOPERS), log(alice, issue)
    clock.advance(seconds=60)

    listed = frank.get(f"{WORKLOG}/updated").json()["values"]
    shown = frank.post(f"{WORKLOG}/list", {"ids": [hidden, seen]}).json()

    assert [each["worklogId"] for each in listed] == [seen]
    assert [each["id"] for each in shown] == [str(seen)]


@pytest.mark.refuses(f"GET {WORKLOG}/updated", 400)
@pytest.mark.refuses(f"GET {WORKLOG}/deleted", 400)
def test_a_moment_must_be_a_number(alice: Person) -> None:
    answers = [alice.get(f"{WORKLOG}/{which}?since=x") for which in ("updated", "deleted")]

    assert [each.status for each in answers] == [400, 400]
    assert answers[0].json()["errorMessages"] == ["Parameter 'since' must be a non-negative number."]


@pytest.mark.answers(f"POST {WORKLOG}/list")
def test_entries_are_shown_by_their_numbers(alice: Person, bob: Person, issue: str, other: str) -> None:
    first = log(alice, issue, properties=[{"key": "tea", "value": 1}])
    second = log(alice, other)

    answer = alice.post(f"{WORKLOG}/list?expand=properties", {"ids": [second, first, 99]})

    shown = [(int(each["id"]), each["issueId"], each["properties"]) for each in answer.json()]
    assert answer.status == 200
    assert shown == [(first, issue, [{"key": "tea", "value": 1}]), (second, other, [])]
    assert bob.post(f"{WORKLOG}/list", {"ids": [first]}).json() == []


@pytest.mark.refuses(f"POST {WORKLOG}/list", 400)
@pytest.mark.parametrize("ids", [[], None, list(range(1001))])
def test_a_list_of_entries_is_neither_empty_nor_too_long(alice: Person, ids: object) -> None:
    answer = alice.post(f"{WORKLOG}/list", {"ids": ids})

    assert answer.status == 400
    assert set(answer.json()["errors"]) == {"ids"}


@pytest.mark.answers(KEYS)
@pytest.mark.answers(f"GET {PROPERTY}")
@pytest.mark.answers(f"PUT {PROPERTY}")
@pytest.mark.answers(f"DELETE {PROPERTY}")
def test_properties_of_an_entry(alice: Person, issue: str, site: Site) -> None:
    path = f"{ISSUE}/{issue}/worklog/{log(alice, issue)}/properties"

    assert alice.put(f"{path}/tea", {"hot": True}).status == 201
    assert alice.put(f"{path}/tea", 1).status == 200
    assert alice.get(f"{path}/tea").json() == {"key": "tea", "value": 1}
    assert alice.get(path).json() == {"keys": [{"self": f"{site.base_url}{path}/tea", "key": "tea"}]}
    assert alice.delete(f"{path}/tea").status == 204
    assert alice.get(path).json() == {"keys": []}


@pytest.mark.refuses(KEYS, 404)
@pytest.mark.refuses(f"GET {PROPERTY}", 404)
@pytest.mark.refuses(f"PUT {PROPERTY}", 404)
@pytest.mark.refuses(f"DELETE {PROPERTY}", 404)
def test_properties_that_are_not_there(alice: Person, issue: str) -> None:
    path = f"{ISSUE}/{issue}/worklog/{log(alice, issue)}/properties"
    nowhere = f"{ISSUE}/{issue}/worklog/99/properties"

    absent = [alice.get(f"{path}/tea"), alice.delete(f"{path}/tea")]
    nothing = [alice.get(nowhere), alice.put(f"{nowhere}/tea", 1)]

    assert [each.status for each in absent + nothing] == [404] * 4
    assert {each.json()["errorMessages"][0] for each in absent} == {
        "The property with key 'tea' does not exist."
    }
    assert {each.json()["errorMessages"][0] for each in nothing} == {"Cannot find worklog with id: '99'."}


@pytest.mark.refuses(f"PUT {PROPERTY}", 403)
@pytest.mark.refuses(f"DELETE {PROPERTY}", 403)
@pytest.mark.refuses(KEYS, 400)
def test_properties_are_set_by_who_may_change_the_entry(alice: Person, frank: Person, issue: str) -> None:
    path = f"{ISSUE}/{issue}/worklog/{log(alice, issue)}/properties"
    alice.put(f"{path}/tea", 1)

    answers = [frank.put(f"{path}/tea", 2), frank.delete(f"{path}/tea")]

    assert [each.status for each in answers] == [403, 403]
    assert answers[0].json()["errorMessages"] == ["You do not have permission to edit this worklog."]
    assert frank.get(f"{path}/tea").json()["value"] == 1
    assert alice.get(f"{ISSUE}/{issue}/worklog/x/properties").json()["errorMessages"] == [
        "The worklog id 'x' is invalid."
    ]


def test_deleting_many_is_told_and_kept_in_history(
    world: World, site: Site, alice: Person, issue: str
) -> None:
    app = ListeningApp()
    hooks = [{"event": each, "url": "/hook"} for each in ("worklog_deleted", "jira:issue_updated")]
    ids = [log(alice, issue), log(alice, issue)]
    install(world, site, app, wanted=descriptor(modules={"webhooks": hooks}))
    app.calls.clear()

    alice.call("DELETE", f"{ISSUE}/{issue}/worklog", {"ids": ids})

    world.deliver(app)
    assert [json.loads(call.body)["webhookEvent"] for call in app.calls] == [
        "worklog_deleted",
        "worklog_deleted",
        "jira:issue_updated",
    ]
