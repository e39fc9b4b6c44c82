import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person, VirtualClock

ISSUE = "/rest/api/3/issue"
GONE = {
    "errorMessages": ["Issue does not exist or you do not have permission to see it."],
    "errors": {},
}


@pytest.mark.answers("GET /rest/api/3/issue/{issueIdOrKey}")
def test_an_item_is_found_by_key_in_any_case(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")

    assert alice.get(f"{ISSUE}/alpha-1").json()["id"] == issue


@pytest.mark.refuses("GET /rest/api/3/issue/{issueIdOrKey}", 404)
def test_an_item_that_is_not_there(alice: Person) -> None:
    answer = alice.get(f"{ISSUE}/ALPHA-1")

    assert (answer.status, answer.json()) == (404, GONE)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_item_one_may_not_see_cannot_be_told_from_none(alice: Person, bob: Person, method: str) -> None:
    issue = alice.create("ALPHA", "one")

    hidden = bob.call(method, f"{ISSUE}/{issue}", {})
    missing = alice.call(method, f"{ISSUE}/99999", {})

    assert (hidden.status, hidden.json()) == (missing.status, missing.json()) == (404, GONE)


def test_chosen_fields_only(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")

    assert set(alice.get(f"{ISSUE}/{issue}?fields=summary,labels").json()["fields"]) == {"summary", "labels"}
    assert "labels" not in alice.get(f"{ISSUE}/{issue}?fields=*all,-labels").json()["fields"]


def test_a_deleted_item_is_gone(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")

    answer = alice.delete(f"{ISSUE}/{issue}")

    assert answer.status == 204
    assert alice.get(f"{ISSUE}/{issue}").status == 404


def test_numbers_of_deleted_items_are_not_used_again(alice: Person) -> None:
    alice.delete(f"{ISSUE}/{alice.create('ALPHA', 'one')}")

    assert alice.get(f"{ISSUE}/{alice.create('ALPHA', 'two')}").json()["key"] == "ALPHA-2"


def test_deleting_needs_the_permission(alice: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")
    site.revoke(site.user("alice"), "DELETE_ISSUES", space=site.space("ALPHA"))

    answer = alice.delete(f"{ISSUE}/{issue}")

    assert answer.status == 403
    assert alice.get(f"{ISSUE}/{issue}").status == 200


def test_a_hidden_field_is_absent_from_values_and_history(alice: Person, carol: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")
    alice.edit(issue, summary="two", labels=["a"])
    alice.edit(issue, labels=["b"])
    site.hide_field("labels", from_account=site.user("carol"))

    hidden = carol.get(f"{ISSUE}/{issue}?expand=changelog").json()
    full = alice.get(f"{ISSUE}/{issue}?expand=changelog").json()

    assert "labels" in full["fields"]
    assert "labels" not in hidden["fields"]
    assert [[item["field"] for item in entry["items"]] for entry in hidden["changelog"]["histories"]] == [
        ["summary"]
    ]
    site.show_field("labels", to_account=site.user("carol"))
    assert carol.get(f"{ISSUE}/{issue}?expand=changelog").json() == full


def test_who_looks_at_an_item_is_remembered_when_asked_to_be(
    alice: Person, clock: VirtualClock, site: Site
) -> None:
    issue = alice.create("ALPHA", "one")
    clock.advance(seconds=1)

    unnoted = alice.get(f"{ISSUE}/{issue}").json()["fields"]["lastViewed"]
    noted = alice.get(f"{ISSUE}/{issue}?updateHistory=true").json()["fields"]["lastViewed"]

    assert (unnoted, noted) == (None, "2026-11-22T01:02:04.456+0000")
    assert site.recent_spaces[site.user("alice").account_id] == [site.space("ALPHA").id]


def test_properties_are_chosen_by_name_all_and_all_but_some(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    for key in ("a", "b"):
        alice.put(f"{ISSUE}/{issue}/properties/{key}", 1)

    assert alice.get(f"{ISSUE}/{issue}?properties=a,x").json()["properties"] == {"a": 1}
    assert alice.get(f"{ISSUE}/{issue}?properties=*all,-a").json()["properties"] == {"b": 1}
    assert alice.get(f"{ISSUE}/{issue}?fieldsByKeys=true&fields=summary").json()["fields"] == {
        "summary": "one"
    }
