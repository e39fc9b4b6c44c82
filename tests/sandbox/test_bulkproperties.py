from urllib.parse import urlsplit

import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, VirtualClock, descriptor, install

ALL = "/rest/api/3/issue/properties"
MULTI, ONE = f"{ALL}/multi", f"{ALL}/{{propertyKey}}"


@pytest.fixture
def pair(alice: Person) -> tuple[str, str]:
    return alice.create("ALPHA", "one"), alice.create("ALPHA", "two")


def held(site: Site, pair: tuple[str, str]) -> list[dict[str, object]]:
    return [site.issues[each].properties for each in pair]


@pytest.mark.answers(f"POST {ALL}")
def test_the_same_properties_on_all_by_a_task(alice: Person, pair: tuple[str, str], site: Site) -> None:
    wanted = {"entitiesIds": [int(each) for each in pair], "properties": {"a": 1, "b": [2]}}

    answer = alice.post(ALL, wanted)

    assert (answer.status, held(site, pair)) == (303, [{"a": 1, "b": [2]}] * 2)
    task = alice.get(answer.headers["Location"].removeprefix(site.base_url)).json()
    assert (task["status"], task["result"]) == ("COMPLETE", {"updated": 2})


def test_what_is_archived_is_left_alone(alice: Person, pair: tuple[str, str], site: Site) -> None:
    site.archive(site.issues[pair[0]])

    answer = alice.put(f"{ALL}/a", {"value": 1})

    task = alice.get(urlsplit(answer.headers["Location"]).path).json()
    assert (task["result"], held(site, pair)) == ({"updated": 1}, [{}, {"a": 1}])


def test_a_task_is_remembered_for_fourteen_days(
    alice: Person, pair: tuple[str, str], clock: VirtualClock
) -> None:
    wanted = {"entitiesIds": [int(each) for each in pair], "properties": {"a": 1}}
    task = urlsplit(alice.post(ALL, wanted).headers["Location"]).path
    clock.advance(days=14)
    in_time = alice.get(task).status
    clock.advance(seconds=1)

    assert (in_time, alice.get(task).status) == (200, 404)


@pytest.mark.refuses(f"POST {ALL}", 400)
@pytest.mark.parametrize(
    "change",
    [
        {"entitiesIds": []},
        {"entitiesIds": ["10000"]},
        {"properties": {}},
        {"properties": {str(number): 1 for number in range(11)}},
        {"properties": {"a": "x" * 32_767}},
        {"entitiesIds": [10_000, 99_999]},
    ],
)
def test_all_or_none(alice: Person, pair: tuple[str, str], site: Site, change: dict[str, object]) -> None:
    answer = alice.post(ALL, {"entitiesIds": [int(pair[0])], "properties": {"a": 1}, **change})

    assert (answer.status, held(site, pair)) == (400, [{}, {}])


def test_none_without_the_right_to_edit(alice: Person, pair: tuple[str, str], site: Site) -> None:
    site.deny(site.user("alice"), "EDIT_ISSUES", space=site.space("ALPHA"))

    answer = alice.post(ALL, {"entitiesIds": [int(pair[0])], "properties": {"a": 1}})

    assert answer.json()["errorMessages"] == ["You do not have permission to edit this issue."]


@pytest.mark.answers(f"POST {MULTI}")
def test_each_its_own_as_far_as_it_goes(alice: Person, pair: tuple[str, str], site: Site) -> None:
    wanted = [
        {"issueID": int(pair[0]), "properties": {"a": 1}},
        {"issueID": int(pair[1]), "properties": {"b": 2}},
        {"issueID": 99_999, "properties": {"c": 3}},
    ]

    answer = alice.post(MULTI, {"issues": wanted})

    task = alice.get(answer.headers["Location"].removeprefix(site.base_url)).json()
    assert (answer.status, held(site, pair)) == (303, [{"a": 1}, {"b": 2}])
    assert task["result"] == {
        "updated": 2,
        "errors": {"99999": ["Issue with id 99999 does not exist or you cannot see it."]},
    }


@pytest.mark.refuses(f"POST {MULTI}", 400)
@pytest.mark.parametrize("issues", ["x", [], [{"issueID": 10_000, "properties": {}}]])
def test_each_must_have_something(alice: Person, pair: tuple[str, str], issues: object) -> None:
    assert alice.post(MULTI, {"issues": issues}).status == 400


@pytest.mark.answers(f"PUT {ONE}")
def test_one_where_a_filter_says(alice: Person, pair: tuple[str, str], site: Site) -> None:
    everywhere = alice.put(f"{ALL}/a", {"value": 1})
    first = [dict(each) for each in held(site, pair)]
    alice.put(f"{ALL}/a", {"value": 2, "filter": {"entityIds": [int(pair[0])], "currentValue": 1}})
    alice.put(f"{ALL}/a", {"value": 3, "filter": {"currentValue": 1}})
    alice.put(f"{ALL}/b", {"value": 4, "filter": {"hasProperty": True}})

    alice.put(f"{ALL}/b", {"value": 5, "filter": {"hasProperty": False, "entityIds": [int(pair[1])]}})

    assert (everywhere.status, first) == (303, [{"a": 1}, {"a": 1}])
    assert held(site, pair) == [{"a": 2}, {"a": 3, "b": 5}]


@pytest.mark.refuses(f"PUT {ONE}", 400)
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"expression": "issue.id"},
        {"value": 1, "filter": {"hasProperty": False, "currentValue": 1}},
        {"value": 1, "filter": {"hasProperty": "no"}},
        {"value": 1, "filter": {"entityIds": "all"}},
    ],
)
def test_filters_and_values_that_cannot_be(
    alice: Person, pair: tuple[str, str], site: Site, body: dict[str, object]
) -> None:
    answer = alice.put(f"{ALL}/a", body)

    assert (answer.status, held(site, pair)) == (400, [{}, {}])


@pytest.mark.answers(f"DELETE {ONE}")
def test_one_is_removed_where_it_is(alice: Person, pair: tuple[str, str], site: Site) -> None:
    alice.put(f"/rest/api/3/issue/{pair[0]}/properties/a", 1)
    alice.put(f"/rest/api/3/issue/{pair[1]}/properties/a", 2)

    kept = alice.call("DELETE", f"{ALL}/a", {"currentValue": 1})
    after = [dict(each) for each in held(site, pair)]
    alice.delete(f"{ALL}/a")

    assert (kept.status, after, held(site, pair)) == (303, [{}, {"a": 2}], [{}, {}])


@pytest.mark.refuses(f"DELETE {ONE}", 400)
def test_a_filter_of_what_is_no_id(alice: Person) -> None:
    answer = alice.call("DELETE", f"{ALL}/a", {"entityIds": ["x"]})

    assert (answer.status, answer.json()["errors"]) == (
        400,
        {"entityIds": "data was not an array of numbers"},
    )


def test_what_others_may_not_see_is_left_alone(
    alice: Person, bob: Person, pair: tuple[str, str], site: Site
) -> None:
    bob.put(f"{ALL}/a", {"value": 1})

    assert held(site, pair) == [{}, {}]


def test_an_app_that_listens_hears_of_each(world: World, site: Site, alice: Person) -> None:
    events = ["issue_property_set", "issue_property_deleted"]
    hooks = {"webhooks": [{"event": event, "url": "/hook"} for event in events]}
    install(world, site, ListeningApp(), wanted=descriptor(modules=hooks))
    issue = alice.create("ALPHA", "one")

    alice.put(f"{ALL}/a", {"value": 1})
    alice.put(f"/rest/api/3/issue/{issue}", {"properties": [{"key": "b", "value": 2}]})
    alice.delete(f"/rest/api/3/issue/{issue}/properties/b")
    alice.delete(f"{ALL}/a")

    told = [delivery.event for delivery in world.outbox]
    assert told == [events[0], events[0], events[1], events[1]]
