from typing import Any

import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person
from tests.support.subtasks import subtask_of

PICKER = "/rest/api/3/issue/picker"


def sections(person: Person, query: str = "") -> dict[str, list[str]]:
    shown = person.get(f"{PICKER}{query}").json()["sections"]
    return {each["id"]: [issue["key"] for issue in each["issues"]] for each in shown}


def suggestion(person: Person, query: str) -> dict[str, Any]:
    return dict(person.get(f"{PICKER}{query}").json()["sections"][0]["issues"][0])


@pytest.mark.answers(f"GET {PICKER}")
def test_a_word_is_found_in_the_summary_and_marked(alice: Person) -> None:
    issue = alice.create("ALPHA", "Paint <the> Fence")

    found = suggestion(alice, "?query=fence")

    assert (found["id"], found["key"], found["summaryText"]) == (int(issue), "ALPHA-1", "Paint <the> Fence")
    assert (found["summary"], found["keyHtml"]) == ("Paint &lt;the&gt; <b>Fence</b>", "ALPHA-1")
    assert suggestion(alice, "?query=pha-1")["keyHtml"] == "AL<b>PHA-1</b>"


def test_what_one_made_or_looked_at_is_ones_history(alice: Person, carol: Person) -> None:
    alice.create("ALPHA", "one")
    seen = alice.create("ALPHA", "two")
    carol.get(f"/rest/api/3/issue/{seen}?updateHistory=true")

    assert sections(alice) == {"hs": ["ALPHA-2", "ALPHA-1"]}
    assert sections(carol) == {"hs": ["ALPHA-2"]}


def test_a_query_narrows_the_current_search(alice: Person, carol: Person) -> None:
    alice.create("ALPHA", "one", labels=["a"])
    alice.create("ALPHA", "one more")

    assert sections(carol, "?currentJQL=labels=a&query=one") == {"hs": [], "cs": ["ALPHA-1"]}
    assert sections(carol, "?query=more")["cs"] == ["ALPHA-2"]


def test_what_is_left_out_of_the_suggestions(alice: Person, site: Site) -> None:
    parent = alice.create("ALPHA", "one")
    subtask_of(site, alice, parent)

    assert sections(alice, "?showSubTasks=false") == {"hs": ["ALPHA-1"]}
    assert sections(alice, "?currentIssueKey=ALPHA-1") == {"hs": ["ALPHA-2"]}
    assert sections(alice, f"?currentProjectId={site.space('BETA').id}") == {"hs": []}


def test_nothing_is_suggested_that_one_may_not_see(alice: Person, bob: Person) -> None:
    alice.create("ALPHA", "one")

    shown = bob.get(f"{PICKER}?query=one").json()["sections"]

    assert [(each["issues"], each["msg"]) for each in shown] == [([], "No matching issues found")] * 2


@pytest.mark.refuses(f"GET {PICKER}", 401)
def test_nothing_is_suggested_to_a_stranger(alice: Person) -> None:
    stranger = Person(alice.front, alice.site, "bm9ib2R5Om5vdGhpbmc=")

    assert stranger.get(PICKER).status == 401
