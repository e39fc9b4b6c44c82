import json
from pathlib import Path
from typing import Any

import pytest

from jira_sandbox import loading, richtext
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, document

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "issues"
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


@pytest.mark.skipif(not FILES, reason="the shared corpus is not here")
def test_real_work_items_are_taken_or_left_out_with_a_reason(site: Site, alice: Person) -> None:
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in FILES]

    loaded = loading.load(site, "ALPHA", documents)

    assert len(loaded.items) > 100
    assert all(reason for _, reason in loaded.skipped)
    for made in loaded.items:
        assert alice.get(f"/rest/api/2/issue/{made.id}").status == 200
