import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person

BULK = "/rest/api/3/issue/bulk"


def wish(summary: str, *, space: str = "ALPHA", description: str = "", **more: object) -> dict[str, object]:
    told = {"description": description} if description else {}
    named = {"project": {"key": space}, "issuetype": {"name": "Task"}, "summary": summary}
    return {"fields": {**named, **told}, **more}


@pytest.mark.answers(f"POST {BULK}")
def test_several_work_items_are_made_in_order(alice: Person) -> None:
    answer = alice.post(BULK, {"issueUpdates": [wish("one"), wish("two")]})

    shown = answer.json()
    assert (answer.status, shown["errors"]) == (201, [])
    assert [each["key"] for each in shown["issues"]] == ["ALPHA-1", "ALPHA-2"]
    assert alice.get("/rest/api/3/issue/ALPHA-2").json()["fields"]["summary"] == "two"


def test_what_is_wrong_with_some_does_not_keep_the_others(alice: Person, site: Site) -> None:
    body = {"issueUpdates": [wish(""), wish("two"), wish("three", space="NONE")]}

    answer = alice.post(BULK, body)

    shown = answer.json()
    assert (answer.status, [each["key"] for each in shown["issues"]]) == (201, ["ALPHA-1"])
    assert shown["errors"] == [
        {
            "status": 400,
            "failedElementNumber": 0,
            "elementErrors": {
                "errorMessages": [],
                "errors": {"summary": "You must specify a summary of the issue."},
            },
        },
        {
            "status": 400,
            "failedElementNumber": 2,
            "elementErrors": {
                "errorMessages": [],
                "errors": {"project": "Specify a valid project ID or key"},
            },
        },
    ]
    assert len(site.issues) == 1


@pytest.mark.refuses(f"POST {BULK}", 400)
def test_none_made_is_a_refusal_that_names_every_fault(alice: Person, bob: Person, site: Site) -> None:
    answer = alice.post(BULK, {"issueUpdates": [wish(""), "no object"]})

    shown = answer.json()
    assert (answer.status, shown["issues"]) == (400, [])
    assert [each["failedElementNumber"] for each in shown["errors"]] == [0, 1]
    assert bob.post(BULK, {"issueUpdates": [wish("one")]}).status == 400
    assert site.issues == {}


@pytest.mark.parametrize("wishes", [[], "one", [wish("x")] * 51])
def test_one_to_fifty_and_no_more(alice: Person, site: Site, wishes: object) -> None:
    answer = alice.post(BULK, {"issueUpdates": wishes})

    (error,) = answer.json()["errors"]
    assert (answer.status, site.issues) == (400, {})
    assert error["elementErrors"]["errorMessages"] == ["The number of issues to create must be from 1 to 50."]


def test_properties_and_transitions_come_along(alice: Person) -> None:
    start = alice.transition_id(alice.create("ALPHA", "zero"), "Start")
    told = [{"key": "link", "value": 1}]
    wishes = [wish("one", properties=told, transition={"id": start}), wish("two", transition={"id": "0"})]

    first, second = alice.post(BULK, {"issueUpdates": wishes}).json()["issues"]

    shown = alice.get(f"/rest/api/3/issue/{first['id']}?properties=link").json()
    assert (shown["fields"]["status"]["name"], shown["properties"]) == ("In Progress", {"link": 1})
    assert first["transition"] == {"status": 200, "errorCollection": {"errorMessages": [], "errors": {}}}
    assert second["transition"]["status"] == 400
    assert second["transition"]["errorCollection"]["errorMessages"] == [
        "Transition id '0' is not valid for this issue."
    ]


def test_each_is_told_of(world: World, app: ListeningApp, alice: Person) -> None:
    alice.post(BULK, {"issueUpdates": [wish("one"), wish("two")]})

    assert [delivery.event for delivery in world.outbox] == ["jira:issue_created"] * 2


def test_a_single_create_can_take_a_transition_too(alice: Person) -> None:
    start = alice.transition_id(alice.create("ALPHA", "zero"), "Start")

    answer = alice.post("/rest/api/3/issue?updateHistory=true", wish("one", transition={"id": start}))

    assert answer.json()["transition"]["status"] == 200
    shown = alice.get(f"/rest/api/3/issue/{answer.json()['id']}?expand=changelog").json()
    assert shown["fields"]["status"]["name"] == "In Progress"
    assert len(shown["changelog"]["histories"]) == 1


def test_version_2_takes_wiki_text(alice: Person) -> None:
    answer = alice.post("/rest/api/2/issue/bulk", {"issueUpdates": [wish("one", description="*bold*")]})

    (made,) = answer.json()["issues"]
    assert made["self"].startswith("https://acme.atlassian.net/rest/api/2/issue/")
    assert alice.get(f"/rest/api/2/issue/{made['id']}").json()["fields"]["description"] == "*bold*"
