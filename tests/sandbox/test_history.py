import threading

import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person

CHANGELOG = "/rest/api/3/issue/{issueIdOrKey}/changelog"


@pytest.fixture
def issue(alice: Person) -> str:
    """A work item that was edited three times."""
    number = alice.create("ALPHA", "0")
    for text in ("1", "2", "3"):
        alice.edit(number, summary=text)
    return number


@pytest.mark.answers(f"GET {CHANGELOG}")
def test_history_comes_page_by_page(alice: Person, issue: str) -> None:
    first = alice.get(f"/rest/api/3/issue/{issue}/changelog?maxResults=2").json()
    second = alice.get(first["nextPage"].removeprefix("https://acme.atlassian.net")).json()

    told = [entry["items"][0]["toString"] for page in (first, second) for entry in page["values"]]
    assert told == ["1", "2", "3"]
    assert (first["isLast"], first["total"], second["isLast"], "nextPage" in second) == (
        False,
        3,
        True,
        False,
    )


def test_a_page_has_a_hundred_entries_at_most(alice: Person, issue: str) -> None:
    page = alice.get(f"/rest/api/3/issue/{issue}/changelog?maxResults=500").json()

    assert (page["maxResults"], page["total"]) == (100, 3)


@pytest.mark.answers(f"POST {CHANGELOG}/list")
def test_entries_are_shown_by_their_ids(alice: Person, issue: str) -> None:
    listed = [int(each["id"]) for each in alice.get(f"/rest/api/3/issue/{issue}/changelog").json()["values"]]

    answer = alice.post(
        f"/rest/api/3/issue/{issue}/changelog/list", {"changelogIds": [listed[2], listed[0], 5]}
    )

    page = answer.json()
    assert (answer.status, page["total"], page["startAt"]) == (200, 2, 0)
    assert [each["items"][0]["toString"] for each in page["histories"]] == ["1", "3"]


@pytest.mark.refuses(f"POST {CHANGELOG}/list", 400)
@pytest.mark.parametrize("body", [{}, {"changelogIds": 5}, {"changelogIds": ["5"]}])
def test_ids_that_are_none(alice: Person, issue: str, body: dict[str, object]) -> None:
    answer = alice.post(f"/rest/api/3/issue/{issue}/changelog/list", body)

    assert (answer.status, list(answer.json()["errors"])) == (400, ["changelogIds"])


@pytest.mark.refuses(f"GET {CHANGELOG}", 404)
@pytest.mark.refuses(f"POST {CHANGELOG}/list", 404)
def test_history_of_an_item_one_may_not_see(bob: Person, issue: str) -> None:
    path = f"/rest/api/3/issue/{issue}/changelog"

    assert (bob.get(path).status, bob.post(f"{path}/list", {"changelogIds": []}).status) == (404, 404)


def test_edits_at_the_same_time_keep_one_order(alice: Person, carol: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "0")
    start = threading.Barrier(2)

    def edit(person: Person) -> None:
        start.wait(timeout=5)
        for number in range(20):
            person.edit(issue, summary=f"{person.credentials} {number}")

    threads = [threading.Thread(target=edit, args=(person,)) for person in (alice, carol)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)

    entries = site.issues[issue].changelog
    assert len(entries) == 40
    assert [each.id for each in entries] == sorted(each.id for each in entries)
    assert [each.items[0].before_text for each in entries[1:]] == [
        each.items[0].after_text for each in entries[:-1]
    ]
