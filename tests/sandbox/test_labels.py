import pytest

from tests.support.sandbox import Person

LABEL = "/rest/api/3/label"


@pytest.mark.answers(f"GET {LABEL}")
def test_all_labels_in_use_come_once_in_the_order_of_the_alphabet(alice: Person, bob: Person) -> None:
    alice.create("ALPHA", "one", labels=["b", "a"])
    bob.create("BETA", "two", labels=["c", "a"])

    answer = alice.get(LABEL)

    page = answer.json()
    assert (answer.status, page["values"]) == (200, ["a", "b", "c"])
    assert (page["total"], page["isLast"], page["maxResults"], "nextPage" in page) == (3, True, 1000, False)


def test_labels_come_page_by_page(alice: Person) -> None:
    alice.create("ALPHA", "one", labels=["a", "b", "c"])

    first = alice.get(f"{LABEL}?maxResults=2").json()
    second = alice.get(first["nextPage"].removeprefix("https://acme.atlassian.net")).json()

    assert (first["values"], first["isLast"]) == (["a", "b"], False)
    assert (second["values"], second["startAt"], second["isLast"]) == (["c"], 2, True)


@pytest.mark.refuses(f"GET {LABEL}", 401)
def test_a_stranger_is_told_no_labels(alice: Person) -> None:
    stranger = Person(alice.front, alice.site, "bm9ib2R5Om5vdGhpbmc=")

    assert stranger.get(LABEL).status == 401
