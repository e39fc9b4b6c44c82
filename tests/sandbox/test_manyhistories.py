from typing import Any

import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person, VirtualClock

BULK = "/rest/api/3/changelog/bulkfetch"
Told = list[tuple[str, list[str]]]


@pytest.fixture
def edited(alice: Person, clock: VirtualClock) -> tuple[str, str]:
    """Two work items that were edited in turn, a minute apart."""
    first, second = alice.create("ALPHA", "0"), alice.create("ALPHA", "0")
    for issue, change in ((second, {"summary": "a"}), (first, {"summary": "b"}), (second, {"labels": ["c"]})):
        clock.advance(minutes=1)
        alice.edit(issue, **change)
    return first, second


def fetched(person: Person, *names: str, **more: object) -> dict[str, Any]:
    answer = person.post(BULK, {"issueIdsOrKeys": names, **more})
    assert answer.status == 200, answer.body
    return dict(answer.json())


def told(page: dict[str, Any]) -> Told:
    return [
        (each["issueId"], [entry["items"][0]["toString"] for entry in each["changeHistories"]])
        for each in page["issueChangeLogs"]
    ]


@pytest.mark.answers(f"POST {BULK}")
def test_histories_of_several_items_come_at_once(alice: Person, edited: tuple[str, str]) -> None:
    first, second = edited

    page = fetched(alice, "ALPHA-2", first, second)

    assert told(page) == [(first, ["b"]), (second, ["a", "c"])]
    assert "nextPageToken" not in page


def test_pages_take_the_oldest_entries_first(alice: Person, edited: tuple[str, str]) -> None:
    first, second = edited

    page = fetched(alice, *edited, maxResults=2)
    rest = fetched(alice, *edited, maxResults=2, nextPageToken=page["nextPageToken"])

    assert told(page) == [(first, ["b"]), (second, ["a"])]
    assert (told(rest), "nextPageToken" in rest) == ([(second, ["c"])], False)


def test_only_entries_that_changed_certain_fields(alice: Person, edited: tuple[str, str]) -> None:
    page = fetched(alice, *edited, fieldIds=["labels"])

    assert told(page) == [(edited[1], ["c"])]


def test_what_one_may_not_see_is_left_out(
    alice: Person, bob: Person, site: Site, edited: tuple[str, str]
) -> None:
    assert told(fetched(alice, edited[0], "999999", "NOPE-1")) == [(edited[0], ["b"])]
    assert told(fetched(bob, *edited)) == []


@pytest.mark.refuses(f"POST {BULK}", 400)
@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"issueIdsOrKeys": []}, "issueIdsOrKeys"),
        ({"issueIdsOrKeys": ["1"] * 1001}, "issueIdsOrKeys"),
        ({"issueIdsOrKeys": [1]}, "issueIdsOrKeys"),
        ({"fieldIds": ["summary"] * 11}, "fieldIds"),
        ({"maxResults": 0}, "maxResults"),
        ({"maxResults": 10_001}, "maxResults"),
        ({"nextPageToken": "?"}, "nextPageToken"),
    ],
)
def test_what_cannot_be_asked(alice: Person, more: dict[str, object], field: str) -> None:
    answer = alice.post(BULK, {"issueIdsOrKeys": ["ALPHA-1"], **more})

    assert (answer.status, list(answer.json()["errors"])) == (400, [field])
