import pytest

from jira_sandbox.state.site import Site
from tests.support.sandbox import Person, VirtualClock

ISSUE = "/rest/api/3/issue"


def wish(**fields: object) -> dict[str, object]:
    return {
        "fields": {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "one", **fields}
    }


@pytest.mark.answers("POST /rest/api/3/issue")
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


@pytest.mark.refuses("POST /rest/api/3/issue", 400)
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


@pytest.mark.refuses("POST /rest/api/3/issue", 403)
def test_creating_needs_the_permission(alice: Person, site: Site) -> None:
    site.revoke(site.user("alice"), "CREATE_ISSUES", space=site.space("ALPHA"))

    answer = alice.post(ISSUE, wish())

    assert answer.status == 403


def test_a_body_that_is_no_json_is_refused(alice: Person) -> None:
    answer = alice.post(ISSUE, [1])

    assert answer.status == 400
    assert answer.json()["errorMessages"][0].startswith("Invalid request payload")


def test_ids_may_be_numbers(alice: Person, site: Site) -> None:
    fields = {
        "project": {"id": int(site.space("ALPHA").id)},
        "issuetype": {"id": int(site.work_type("Bug").id)},
        "priority": {"id": 1},
        "summary": "one",
    }

    answer = alice.post("/rest/api/3/issue", {"fields": fields})

    assert answer.status == 201
    shown = alice.get(f"/rest/api/3/issue/{answer.json()['id']}").json()["fields"]
    assert (shown["issuetype"]["name"], shown["priority"]["name"]) == ("Bug", "Highest")
