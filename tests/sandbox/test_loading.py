import json
from typing import Any

import pytest

from jira_sandbox import loading, richtext
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, document
from tests.support.shared import SHARED

CORPUS = SHARED / "corpus" / "issues"
FILES = sorted(
    path for path in CORPUS.glob("*.json") if "__issue__" in path.name or "__search__" in path.name
)


def item(**fields: Any) -> dict[str, Any]:
    return {"id": "1", "key": "OLD-1", "fields": {"summary": "one", **fields}}


def test_a_work_item_that_fits_is_taken_with_all_that_is_known_here(site: Site, alice: Person) -> None:
    wanted = item(
        issuetype={"name": "Bug"},
        priority={"id": "99", "name": "High"},
        labels=["a", "b"],
        duedate="2026-12-01",
        description="Some *wiki* text",
        environment=document("a document"),
        status={"name": "In Progress"},
        comment={"comments": [{"body": "old"}, {"body": document("new")}]},
    )

    loaded = loading.load(site, "ALPHA", [wanted])

    assert loaded.skipped == []
    shown = alice.get(f"/rest/api/3/issue/{loaded.items[0].key}").json()["fields"]
    assert (shown["issuetype"]["name"], shown["priority"]["name"], shown["labels"]) == (
        "Bug",
        "High",
        ["a", "b"],
    )
    assert (shown["duedate"], shown["status"]["name"]) == ("2026-12-01", "In Progress")
    assert richtext.to_wiki(shown["description"]) == "Some *wiki* text"
    assert shown["environment"] == document("a document")
    assert [richtext.to_wiki(each["body"]) for each in shown["comment"]["comments"]] == ["old", "new"]


def test_what_this_site_does_not_know_is_what_a_new_item_has(site: Site) -> None:
    wanted = item(issuetype={"name": "Saga"}, priority={"name": "P0"}, status={"name": "Pondering"})

    (made,) = loading.load(site, "BETA", [wanted]).items

    assert site.work_types[made.type_id].name == "Task"
    assert site.priority(made.fields["priority"]).name == "Medium"
    assert site.status(made.status_id).name == "Open"


@pytest.mark.parametrize(
    ("given", "name", "reason"),
    [
        ("text", "document 1", "it has no fields"),
        ({"key": "OLD-2"}, "OLD-2", "it has no fields"),
        ({"key": "OLD-3", "fields": {}}, "OLD-3", "summary: You must specify a summary of the issue."),
        (item(labels=["two words"]), "OLD-1", "labels: The label 'two words' contains spaces"),
        (item(duedate="soon"), "OLD-1", "duedate: Error parsing date string: soon"),
        (item(description={"type": "poem"}), "OLD-1", "description: INVALID_INPUT"),
        (item(comment={"comments": [{"body": {"type": "x"}}]}), "OLD-1", "comment: INVALID_INPUT"),
    ],
)
def test_what_does_not_fit_is_left_out_with_the_reason(
    site: Site, given: object, name: str, reason: str
) -> None:
    loaded = loading.load(site, "ALPHA", [given, item()])

    assert len(loaded.items) == len(site.issues) == 1
    ((skipped, why),) = loaded.skipped
    assert skipped == name
    assert why.startswith(reason)


def test_a_page_of_a_search_is_taken_item_by_item_and_nobody_is_told(
    site: Site, world: World, app: ListeningApp
) -> None:
    loaded = loading.load(site, "ALPHA", [{"issues": [item(), item(), "x"]}])

    assert [each.key for each in loaded.items] == ["ALPHA-1", "ALPHA-2"]
    assert loaded.skipped == [("document 3", "it has no fields")]
    assert world.outbox == []


def person(name: str) -> dict[str, str]:
    return {"accountId": f"557058:{name}", "displayName": name}


def history(when: str, name: str, **item: object) -> dict[str, Any]:
    items = [{"fieldtype": "jira", "from": None, "fromString": None, "to": None, "toString": None, **item}]
    return {"id": "1", "author": person(name), "created": when, "items": items}


def test_times_people_comments_work_and_history_are_those_of_the_document(site: Site, alice: Person) -> None:
    said = {
        "author": person("Ann"),
        "body": document("said"),
        "created": "2020-02-02T10:00:00.000+0100",
        "updated": "2020-02-03T10:00:00.000+0100",
    }
    work = {"author": person("Ben"), "timeSpentSeconds": 3600, "started": "2020-02-02T08:00:00.000+0000"}
    given = item(
        creator=person("Ann"),
        assignee=person("Ben"),
        created="2020-01-01T00:00:00.000+0000",
        updated="2020-03-01T00:00:00.000+0000",
        comment={"comments": [said]},
        worklog={"worklogs": [work]},
        timetracking={"originalEstimateSeconds": 7200, "remainingEstimateSeconds": 3600},
    )
    given["changelog"] = {
        "histories": [
            history("2020-02-01T00:00:00.000+0000", "Ben", field="summary", toString="one"),
            history("2020-01-15T00:00:00.000+0000", "Ann", field="status", fieldId="status", to="3"),
        ]
    }

    (made,) = loading.load(site, "ALPHA", [given]).items

    shown = alice.get(f"/rest/api/3/issue/{made.id}?expand=changelog").json()
    fields = shown["fields"]
    assert (fields["created"], fields["updated"]) == (
        "2020-01-01T00:00:00.000+0000",
        "2020-03-01T00:00:00.000+0000",
    )
    assert (fields["creator"]["displayName"], fields["assignee"]["displayName"]) == ("Writer 1", "Writer 2")
    (comment,) = fields["comment"]["comments"]
    assert (comment["author"]["displayName"], comment["created"]) == (
        "Writer 1",
        "2020-02-02T09:00:00.000+0000",
    )
    (worklog,) = fields["worklog"]["worklogs"]
    assert (worklog["author"]["displayName"], worklog["timeSpent"]) == ("Writer 2", "1h")
    assert (fields["timespent"], fields["timeoriginalestimate"], fields["timeestimate"]) == (3600, 7200, 3600)
    newest, oldest = shown["changelog"]["histories"]
    assert [newest["items"][0]["field"], oldest["items"][0]["field"]] == ["summary", "status"]
    assert int(newest["id"]) > int(oldest["id"])
    assert newest["author"]["displayName"] == "Writer 2"


def test_parents_and_links_hold_among_those_loaded_together(site: Site, alice: Person) -> None:
    link = {"type": {"name": "Blocks"}, "outwardIssue": {"key": "OLD-3"}}
    seen_from_there = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "OLD-2"}}
    odd = {"type": {"name": "Amuses"}, "outwardIssue": {"key": "OLD-3"}}
    documents = [
        {
            "key": "OLD-2",
            "fields": {"summary": "task", "parent": {"key": "OLD-1"}, "issuelinks": [link, odd]},
        },
        {"key": "OLD-3", "fields": {"summary": "other", "issuelinks": [seen_from_there]}},
        {"key": "OLD-1", "fields": {"summary": "epic", "issuetype": {"name": "Epic"}}},
        {"key": "OLD-4", "fields": {"summary": "lonely", "parent": {"key": "OLD-9"}}},
    ]

    loaded = loading.load(site, "ALPHA", documents)

    task, other, epic, _ = loaded.items
    shown = alice.get(f"/rest/api/3/issue/{task.id}").json()["fields"]
    assert shown["parent"]["id"] == epic.id
    (found,) = shown["issuelinks"]
    assert (found["type"]["outward"], found["outwardIssue"]["id"]) == ("blocks", other.id)
    assert loaded.left == [
        ("OLD-4", "parent", "The parent was not loaded."),
        ("OLD-2", "issuelinks", "There is no link type 'Amuses'."),
    ]


def test_custom_fields_are_taken_by_their_titles(site: Site, alice: Person) -> None:
    titles = {each.name: each.id for each in site.custom_fields.values()}
    names = {"customfield_1": "Colour", "customfield_2": "Effort", "customfield_3": "Place"}
    given = item(
        customfield_1={"id": "5", "value": "Green"},
        customfield_2=3,
        customfield_3={"value": "Mars"},
        customfield_9="of no title",
    )

    loaded = loading.load(site, "ALPHA", [given | {"names": names}])

    shown = alice.get(f"/rest/api/3/issue/{loaded.items[0].id}").json()["fields"]
    assert (shown[titles["Colour"]]["value"], shown[titles["Effort"]]) == ("Green", 3.0)
    assert loaded.left == [("OLD-1", titles["Place"], "Option value 'Mars' is not valid")]


def test_a_furnished_site_takes_what_it_did_not_know(site: Site, alice: Person) -> None:
    given = item(
        issuetype={"name": "Saga", "subtask": False},
        status={"name": "Pondering", "statusCategory": {"key": "new"}},
        priority={"name": "P0"},
        resolution={"name": "Forgotten"},
        components=[{"name": "Engine"}],
        fixVersions=[{"name": "1.0", "released": True, "releaseDate": "2020-05-05"}],
        issuelinks=[{"type": {"name": "Amuses", "inward": "is amused by", "outward": "amuses"}}],
    )

    loading.furnish(site, "ALPHA", [given])
    loading.furnish(site, "ALPHA", [given])

    loaded = loading.load(site, "ALPHA", [given])
    shown = alice.get(f"/rest/api/3/issue/{loaded.items[0].id}").json()["fields"]
    assert (shown["issuetype"]["name"], shown["status"]["name"]) == ("Saga", "Pondering")
    assert (shown["priority"]["name"], shown["resolution"]["name"]) == ("P0", "Forgotten")
    assert [each["name"] for each in shown["components"]] == ["Engine"]
    assert shown["fixVersions"][0]["releaseDate"] == "2020-05-05"
    assert loaded.left == [("OLD-1", "issuelinks", "The other end was not loaded.")]
    alice.move(loaded.items[0].id, "Pondering")
    assert [each.name for each in site.link_types].count("Amuses") == 1


def test_options_are_furnished_too(site: Site, alice: Person) -> None:
    names = {"customfield_1": "Place", "customfield_2": "Platforms"}
    given = item(
        customfield_1={"value": "Mars", "child": {"value": "Crater"}},
        customfield_2=[{"value": "Web"}, {"value": "Watch"}],
    )

    loading.furnish(site, "ALPHA", [given | {"names": names}])

    loaded = loading.load(site, "ALPHA", [given | {"names": names}])
    shown = alice.get(f"/rest/api/3/issue/{loaded.items[0].id}").json()["fields"]
    titles = {each.name: each.id for each in site.custom_fields.values()}
    assert shown[titles["Place"]]["child"]["value"] == "Crater"
    assert [each["value"] for each in shown[titles["Platforms"]]] == ["Web", "Watch"]
    assert loaded.left == []


def test_what_is_unknown_here_is_named(site: Site) -> None:
    wanted = item(issuetype={"name": "Saga"}, status={"name": "Pondering"}, priority={"name": "P0"})

    loaded = loading.load(site, "ALPHA", [wanted])

    assert loaded.left == [
        ("OLD-1", "issuetype", "The space has no type 'Saga'."),
        ("OLD-1", "priority", "The priority selected is invalid."),
        ("OLD-1", "status", "The workflow has no status 'Pondering'."),
    ]


@pytest.mark.skipif(not FILES, reason="the shared corpus is not here")
def test_real_work_items_are_taken_or_left_out_with_a_reason(site: Site, alice: Person) -> None:
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in FILES]

    loaded = loading.load(site, "ALPHA", documents)

    assert len(loaded.items) > 100
    assert all(reason for _, reason in loaded.skipped)
    for made in loaded.items:
        assert alice.get(f"/rest/api/2/issue/{made.id}").status == 200


@pytest.mark.skipif(not FILES, reason="the shared corpus is not here")
def test_a_furnished_site_takes_more_of_real_work_items(site: Site, alice: Person) -> None:
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in FILES]
    before = loading.load(site, "ALPHA", documents)

    loading.furnish(site, "BETA", documents)
    after = loading.load(site, "BETA", documents)

    unknown = {"issuetype", "status", "priority", "resolution", "components", "versions", "fixVersions"}
    assert {field for _, field, _ in before.left} & unknown >= {"issuetype", "status", "priority"}
    assert not {field for _, field, _ in after.left} & unknown
    assert [each.fields["summary"] for each in after.items] == [
        each.fields["summary"] for each in before.items
    ]
    assert any(each.changelog for each in after.items)
