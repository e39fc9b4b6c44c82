from typing import Any

import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import AppCaller, ListeningApp, Person, as_app

BULK = "/rest/api/3/issue/bulkfetch"
SEARCH = "/rest/api/3/search/jql"


@pytest.fixture
def us(world: World, site: Site, app: ListeningApp) -> AppCaller:
    """The installed app as a caller."""
    return as_app(world, site)


def fetched(person: Person, *names: str, **more: object) -> list[dict[str, Any]]:
    answer = person.post(BULK, {"issueIdsOrKeys": names, **more})
    assert answer.status == 200, answer.body
    return list(answer.json()["issues"])


def test_what_is_left_out_is_left_out_of_the_navigable_fields(us: AppCaller) -> None:
    (shown,) = fetched(us, us.create("ALPHA", "one"), fields=["-summary"])

    assert not {"summary", "comment", "attachment"} & shown["fields"].keys()
    assert "status" in shown["fields"]


@pytest.mark.answers("POST /rest/api/3/issue/bulkfetch")
def test_ids_and_keys_give_items_by_rising_id_and_each_once(us: AppCaller) -> None:
    first, second, third = (us.create("ALPHA", name) for name in ("one", "two", "three"))

    found = fetched(us, third, "ALPHA-1", second, first, "alpha-3")

    assert [each["id"] for each in found] == [first, second, third]
    assert [each["key"] for each in found] == ["ALPHA-1", "ALPHA-2", "ALPHA-3"]


def test_what_is_missing_or_hidden_is_left_out_without_a_word(us: AppCaller, site: Site) -> None:
    hidden, seen = us.create("ALPHA", "hidden"), us.create("ALPHA", "seen")
    site.hide_issue(site.issue(hidden), from_account=site.app.user)

    answer = us.post(BULK, {"issueIdsOrKeys": [hidden, "999999", "NOPE-1", seen]}).json()

    assert ([each["id"] for each in answer["issues"]], answer["issueErrors"]) == ([seen], [])


def test_fields_properties_and_history_are_chosen(us: AppCaller) -> None:
    issue = us.create("ALPHA", "one")
    us.edit(issue, summary="two")
    us.put(f"/rest/api/3/issue/{issue}/properties/link", 7)

    (shown,) = fetched(us, issue, fields=["summary"], properties=["link"], expand=["changelog"])

    assert (shown["fields"], shown["properties"]) == ({"summary": "two"}, {"link": 7})
    history = shown["changelog"]
    assert (history["startAt"], history["maxResults"], history["total"]) == (0, 1, 1)
    assert history["histories"][0]["items"][0]["toString"] == "two"


def test_the_fields_are_the_navigable_ones_unless_chosen(us: AppCaller) -> None:
    issue = us.create("ALPHA", "one")

    (shown,) = fetched(us, issue)
    (everything,) = fetched(us, issue, fields=["*all"])
    (fewer,) = fetched(us, issue, fields=["*all", "-comment", "-summary"])

    hidden = {"comment", "worklog", "attachment", "timetracking"}
    assert everything["fields"].keys() - shown["fields"].keys() == hidden
    assert everything["fields"].keys() - fewer["fields"].keys() == {"comment", "summary"}


@pytest.mark.refuses("POST /rest/api/3/issue/bulkfetch", 400)
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"issueIdsOrKeys": []},
        {"issueIdsOrKeys": [str(number) for number in range(101)]},
        {"issueIdsOrKeys": "ALPHA-1"},
        {"issueIdsOrKeys": [10_000]},
        {"issueIdsOrKeys": ["ALPHA-1"], "properties": list("abcdef")},
        {"issueIdsOrKeys": ["ALPHA-1"], "fields": "summary"},
    ],
)
def test_more_than_jira_allows_is_refused(us: AppCaller, body: dict[str, object]) -> None:
    refused = us.post(BULK, body)

    assert (refused.status, len(refused.json()["errorMessages"])) == (400, 1)


def test_it_is_a_read_that_costs_a_point_an_item(world: World, us: AppCaller) -> None:
    items = [us.create("ALPHA", str(number)) for number in range(3)]
    world.meters.reset()

    fetched(us, *items)

    (row,) = world.meters.snapshot()
    assert (row["route"], row["points"]) == (f"POST {BULK}", 4)


def test_version_2_gives_wiki_text_and_its_own_links(us: AppCaller) -> None:
    issue = us.create("ALPHA", "one")
    us.put(f"/rest/api/2/issue/{issue}", {"fields": {"description": "*bold*"}})

    answer = us.post("/rest/api/2/issue/bulkfetch", {"issueIdsOrKeys": [issue]})

    (shown,) = answer.json()["issues"]
    assert shown["fields"]["description"] == "*bold*"
    assert shown["self"] == f"https://acme.atlassian.net/rest/api/2/issue/{issue}"


def test_many_items_at_once_embed_twenty_comments_and_say_how_many_there_are(us: AppCaller) -> None:
    issue = us.create("ALPHA", "one")
    written = [us.comment(issue, str(number)) for number in range(22)]

    (fetched_one,) = fetched(us, issue, fields=["comment"])
    searched = us.post(SEARCH, {"jql": "key = ALPHA-1", "fields": ["comment"]}).json()["issues"][0]
    alone = us.get(f"/rest/api/3/issue/{issue}").json()

    for shown, count in ((fetched_one, 20), (searched, 20), (alone, 22)):
        page = shown["fields"]["comment"]
        assert [each["id"] for each in page["comments"]] == written[:count]
        assert (page["startAt"], page["maxResults"], page["total"]) == (0, count, 22)


def test_many_items_at_once_embed_the_forty_newest_steps_of_history(us: AppCaller) -> None:
    issue = us.create("ALPHA", "0")
    for number in range(1, 43):
        us.edit(issue, summary=str(number))

    (fetched_one,) = fetched(us, issue, expand=["changelog"])
    wanted = {"jql": "key = ALPHA-1", "fields": ["summary"], "expand": "changelog"}
    searched = us.post(SEARCH, wanted).json()["issues"][0]

    assert fetched_one["changelog"] == searched["changelog"]
    assert (searched["changelog"]["total"], len(searched["changelog"]["histories"])) == (42, 40)
    assert searched["changelog"]["histories"][0]["items"][0]["toString"] == "42"
