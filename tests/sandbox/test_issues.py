import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person, VirtualClock

ISSUE = "/rest/api/3/issue"
GONE = {
    "errorMessages": ["Issue does not exist or you do not have permission to see it."],
    "errors": {},
}


def wish(**fields: object) -> dict[str, object]:
    return {
        "fields": {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "one", **fields}
    }


def test_a_create_answers_with_id_key_and_address(alice: Person) -> None:
    answer = alice.post(ISSUE, wish())

    assert answer.status == 201
    assert answer.json() == {
        "id": "10000",
        "key": "ALPHA-1",
        "self": "https://acme.atlassian.net/rest/api/3/issue/10000",
    }


def test_space_and_work_type_can_be_named_by_id(alice: Person, site: Site) -> None:
    space = site.space("ALPHA").id

    answer = alice.post(ISSUE, wish(project={"id": space}, issuetype={"id": site.work_type("Epic").id}))

    shown = alice.get(f"{ISSUE}/{answer.json()['id']}").json()["fields"]
    assert shown["project"]["key"] == "ALPHA"
    assert shown["issuetype"]["name"] == "Epic"


def test_what_is_created_is_what_is_read(alice: Person, clock: VirtualClock) -> None:
    issue = alice.create("ALPHA", "one", labels=["b", "a", "b"], priority={"name": "High"})

    shown = alice.get(f"{ISSUE}/{issue}").json()["fields"]

    assert shown["summary"] == "one"
    assert shown["labels"] == ["b", "a"]
    assert (shown["priority"]["id"], shown["priority"]["name"]) == ("2", "High")
    assert shown["created"] == shown["updated"] == "2026-11-22T01:02:03.456+0000"
    assert shown["creator"]["displayName"] == shown["reporter"]["displayName"] == "Alice Archer"
    assert shown["status"]["statusCategory"]["key"] == "new"


def test_a_new_item_has_the_middle_priority_and_no_history(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")

    shown = alice.get(f"{ISSUE}/{issue}?expand=changelog").json()

    assert shown["fields"]["priority"]["name"] == "Medium"
    assert shown["changelog"] == {"startAt": 0, "maxResults": 0, "total": 0, "histories": []}


def test_properties_come_with_the_create_and_are_shown_only_when_asked(alice: Person) -> None:
    body = {**wish(), "properties": [{"key": "link", "value": {"nonce": "n"}}, {"key": "x", "value": 1}]}

    issue = alice.post(ISSUE, body).json()["id"]

    assert "properties" not in alice.get(f"{ISSUE}/{issue}").json()
    assert alice.get(f"{ISSUE}/{issue}?properties=link,none").json()["properties"] == {"link": {"nonce": "n"}}
    assert alice.get(f"{ISSUE}/{issue}?properties=*all").json()["properties"] == {
        "link": {"nonce": "n"},
        "x": 1,
    }


@pytest.mark.parametrize(
    ("fields", "name", "text"),
    [
        ({"summary": None}, "summary", "You must specify a summary of the issue."),
        ({"summary": "  "}, "summary", "You must specify a summary of the issue."),
        ({"summary": "x" * 256}, "summary", "Summary can't exceed 255 characters."),
        ({"summary": 5}, "summary", "Operation value must be a string"),
        (
            {"summary": "a\nb"},
            "summary",
            "The summary is invalid because it contains newline characters.",
        ),
        ({"labels": ["two words"]}, "labels", "The label 'two words' contains spaces which is invalid."),
        ({"labels": "one"}, "labels", "data was not an array"),
        ({"priority": {"id": "99"}}, "priority", "The priority selected is invalid."),
        ({"priority": "High"}, "priority", "Could not find valid 'id' or 'name' in priority object."),
        (
            {"customfield_1": 1},
            "customfield_1",
            "Field 'customfield_1' cannot be set. It is not on the appropriate screen, or unknown.",
        ),
        ({"project": {"key": "NONE"}}, "project", "Specify a valid project ID or key"),
        ({"issuetype": {"name": "Wish"}}, "issuetype", "Specify a valid issue type"),
        ({"issuetype": None}, "issuetype", "Specify an issue type"),
    ],
)
def test_a_wrong_field_is_named(alice: Person, fields: dict[str, object], name: str, text: str) -> None:
    answer = alice.post(ISSUE, wish(**fields))

    assert answer.status == 400
    assert answer.json() == {"errorMessages": [], "errors": {name: text}}


def test_all_wrong_fields_are_named_at_once_and_nothing_is_created(alice: Person, site: Site) -> None:
    answer = alice.post(ISSUE, wish(summary="", labels=["a b"]))

    assert set(answer.json()["errors"]) == {"summary", "labels"}
    assert site.issues == {}


def test_a_field_off_the_screen_of_the_space_cannot_be_set(alice: Person, site: Site) -> None:
    site.space("ALPHA").screen.remove("priority")

    answer = alice.post(ISSUE, wish(priority={"name": "High"}))

    assert set(answer.json()["errors"]) == {"priority"}


def test_an_epic_cannot_be_created_where_the_space_has_none(bob: Person) -> None:
    answer = bob.post(ISSUE, wish(project={"key": "BETA"}, issuetype={"name": "Epic"}))

    assert answer.json()["errors"] == {"issuetype": "Specify a valid issue type"}


def test_a_space_one_may_not_see_cannot_be_told_from_none(bob: Person) -> None:
    answer = bob.post(ISSUE, wish())

    assert answer.status == 400
    assert answer.json()["errors"] == {"project": "Specify a valid project ID or key"}


def test_creating_needs_the_permission(alice: Person, site: Site) -> None:
    site.revoke(site.user("alice"), "CREATE_ISSUES", space=site.space("ALPHA"))

    answer = alice.post(ISSUE, wish())

    assert answer.status == 403


def test_a_body_that_is_no_json_is_refused(alice: Person) -> None:
    answer = alice.post(ISSUE, [1])

    assert answer.status == 400
    assert answer.json()["errorMessages"][0].startswith("Invalid request payload")


def test_an_item_is_found_by_key_in_any_case(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")

    assert alice.get(f"{ISSUE}/alpha-1").json()["id"] == issue


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


def test_an_edit_answers_with_nothing_unless_the_item_is_asked_for(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")

    bare = alice.put(f"{ISSUE}/{issue}", {"fields": {"summary": "two"}})
    full = alice.put(f"{ISSUE}/{issue}?returnIssue=true&expand=changelog", {"fields": {"summary": "three"}})

    assert (bare.status, bare.body) == (204, b"")
    assert full.status == 200
    assert full.json()["fields"]["summary"] == "three"
    assert [entry["id"] for entry in full.json()["changelog"]["histories"]] == ["10001", "10000"]


def test_history_has_jiras_two_forms_of_each_value_and_the_writers_own_words(
    alice: Person, clock: VirtualClock
) -> None:
    issue = alice.create("ALPHA", "one", labels=["a", "b"])
    clock.advance(seconds=1)
    words = {"type": "backbone", "extraData": {"intent": "i-1"}}

    alice.put(
        f"{ISSUE}/{issue}",
        {
            "fields": {"summary": "two", "priority": {"id": "1"}, "labels": ["b", "c"]},
            "historyMetadata": words,
        },
    )

    entry = alice.get(f"{ISSUE}/{issue}/changelog").json()["values"][0]
    assert entry["created"] == "2026-11-22T01:02:04.456+0000"
    assert entry["author"]["displayName"] == "Alice Archer"
    assert entry["historyMetadata"] == words
    assert entry["items"] == [
        {
            "field": "summary",
            "fieldtype": "jira",
            "fieldId": "summary",
            "from": None,
            "fromString": "one",
            "to": None,
            "toString": "two",
        },
        {
            "field": "priority",
            "fieldtype": "jira",
            "fieldId": "priority",
            "from": "3",
            "fromString": "Medium",
            "to": "1",
            "toString": "Highest",
        },
        {
            "field": "labels",
            "fieldtype": "jira",
            "fieldId": "labels",
            "from": "",
            "fromString": "a b",
            "to": "",
            "toString": "b c",
        },
    ]


def test_an_edit_that_changes_nothing_leaves_no_trace(alice: Person, clock: VirtualClock) -> None:
    issue = alice.create("ALPHA", "one", labels=["a"])
    before = alice.get(f"{ISSUE}/{issue}?expand=changelog").json()
    clock.advance(seconds=1)

    alice.edit(issue, summary="one", labels=["a"])

    assert alice.get(f"{ISSUE}/{issue}?expand=changelog").json() == before


def test_verbs_add_remove_and_set(alice: Person) -> None:
    issue = alice.create("ALPHA", "one", labels=["a", "b"])

    alice.put(
        f"{ISSUE}/{issue}",
        {"update": {"labels": [{"add": "c"}, {"remove": "a"}], "summary": [{"set": "two"}]}},
    )

    shown = alice.get(f"{ISSUE}/{issue}").json()["fields"]
    assert (shown["labels"], shown["summary"]) == (["b", "c"], "two")


@pytest.mark.parametrize(
    "body",
    [
        {"update": {"summary": [{"add": "x"}]}},
        {"update": {"labels": [{"add": "a", "remove": "b"}]}},
        {"update": {"labels": {"add": "a"}}},
        {"fields": {"labels": ["a"]}, "update": {"labels": [{"add": "b"}]}},
        {"update": {"labels": [{"add": "two words"}]}},
    ],
)
def test_verbs_that_make_no_sense_are_refused_by_field(alice: Person, body: dict[str, object]) -> None:
    issue = alice.create("ALPHA", "one")

    answer = alice.put(f"{ISSUE}/{issue}", body)

    assert answer.status == 400
    assert len(answer.json()["errors"]) == 1


def test_priority_and_labels_can_be_cleared(alice: Person) -> None:
    issue = alice.create("ALPHA", "one", labels=["a"])

    alice.edit(issue, priority=None, labels=None)

    shown = alice.get(f"{ISSUE}/{issue}?expand=changelog").json()
    assert (shown["fields"]["priority"], shown["fields"]["labels"]) == (None, [])
    assert shown["changelog"]["histories"][0]["items"][0]["to"] is None


def test_without_the_right_to_edit_every_field_is_unknown(alice: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")
    site.revoke(site.user("alice"), "EDIT_ISSUES", space=site.space("ALPHA"))

    answer = alice.put(f"{ISSUE}/{issue}", {"fields": {"summary": "two"}})

    assert answer.status == 400
    assert answer.json()["errors"] == {
        "summary": "Field 'summary' cannot be set. It is not on the appropriate screen, or unknown."
    }


def test_only_admins_edit_without_notifying(carol: Person, alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    path = f"{ISSUE}/{issue}?notifyUsers=false"

    assert carol.put(path, {"fields": {"summary": "two"}}).status == 403
    assert alice.put(path, {"fields": {"summary": "three"}}).status == 204
    assert alice.get(f"{ISSUE}/{issue}").json()["fields"]["summary"] == "three"


def test_history_is_embedded_newest_first_and_forty_at_most(alice: Person) -> None:
    issue = alice.create("ALPHA", "0")
    for number in range(1, 43):
        alice.edit(issue, summary=str(number))

    history = alice.get(f"{ISSUE}/{issue}?expand=changelog").json()["changelog"]

    assert (history["total"], history["maxResults"], len(history["histories"])) == (42, 40, 40)
    assert history["histories"][0]["items"][0]["toString"] == "42"


def test_the_changelog_resource_pages_through_the_history_oldest_first(alice: Person) -> None:
    issue = alice.create("ALPHA", "0")
    for number in range(1, 4):
        alice.edit(issue, summary=str(number))

    first = alice.get(f"{ISSUE}/{issue}/changelog?maxResults=2").json()
    second = alice.get(f"{ISSUE}/{issue}/changelog?maxResults=2&startAt=2").json()

    assert [entry["items"][0]["toString"] for entry in first["values"]] == ["1", "2"]
    assert first["nextPage"].endswith("maxResults=2&startAt=2")
    assert (first["isLast"], first["total"]) == (False, 3)
    assert [entry["items"][0]["toString"] for entry in second["values"]] == ["3"]
    assert (second["isLast"], "nextPage" in second) == (True, False)


def test_changelog_ids_rise_over_all_items_of_the_site(alice: Person, bob: Person, site: Site) -> None:
    ours, theirs = alice.create("ALPHA", "a"), bob.create("BETA", "b")

    alice.edit(ours, summary="a2")
    bob.edit(theirs, summary="b2")
    alice.edit(ours, summary="a3")

    assert [entry.id for entry in site.issue(ours).changelog] == [10000, 10002]
    assert [entry.id for entry in site.issue(theirs).changelog] == [10001]


def test_a_deleted_item_is_gone(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")

    answer = alice.delete(f"{ISSUE}/{issue}")

    assert answer.status == 204
    assert alice.get(f"{ISSUE}/{issue}").status == 404


def test_numbers_of_deleted_items_are_not_used_again(alice: Person) -> None:
    alice.delete(f"{ISSUE}/{alice.create('ALPHA', 'one')}")

    assert alice.post(ISSUE, wish()).json()["key"] == "ALPHA-2"


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
