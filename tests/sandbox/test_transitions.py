import json
from typing import Any

import pytest

from jira_sandbox.acts import steps as acts
from jira_sandbox.acts.wishes import Wish
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, as_app, document

ISSUE = "/rest/api/3/issue"


def offered(person: Person, issue: str) -> dict[str, str]:
    listed = person.get(f"{ISSUE}/{issue}/transitions").json()["transitions"]
    return {each["name"]: each["to"]["name"] for each in listed}


def status(person: Person, issue: str) -> str:
    return str(person.get(f"{ISSUE}/{issue}?fields=status").json()["fields"]["status"]["name"])


def change(site: Site, name: str, **changes: Any) -> None:
    """Change a transition of all work types of ALPHA."""
    flows = site.space("ALPHA").workflows
    for type_id, flow in flows.items():
        flows[type_id] = flow.changed(name, **changes)


def test_a_new_item_is_in_the_first_status_of_its_spaces_workflow(alice: Person, bob: Person) -> None:
    ours, theirs = alice.create("ALPHA", "one"), bob.create("BETA", "two")

    assert (status(alice, ours), status(bob, theirs)) == ("To Do", "Open")


def test_offered_are_the_steps_from_where_the_item_is_and_the_global_ones(alice: Person, bob: Person) -> None:
    ours, theirs = alice.create("ALPHA", "one"), bob.create("BETA", "two")

    assert offered(alice, ours) == {"Start": "In Progress"}
    assert offered(bob, theirs) == {"Select": "Selected", "Cancel": "Cancelled"}


def test_each_space_is_walked_in_its_own_way(bob: Person) -> None:
    issue = bob.create("BETA", "two")

    for name in ("Select", "Start", "Ask for review", "Approve", "Reopen", "Cancel"):
        bob.move(issue, name)

    assert status(bob, issue) == "Cancelled"
    assert offered(bob, issue) == {"Cancel": "Cancelled"}


def test_a_transition_tells_what_it_is(bob: Person, site: Site) -> None:
    issue = bob.create("BETA", "two")

    select, cancel = bob.get(f"{ISSUE}/{issue}/transitions").json()["transitions"]

    assert (select["isGlobal"], cancel["isGlobal"], select["hasScreen"]) == (False, True, False)
    assert select["to"]["id"] == site.status("Selected").id
    assert select["to"]["statusCategory"]["key"] == "new"
    assert "fields" not in select


@pytest.mark.answers("GET /rest/api/3/issue/{issueIdOrKey}/transitions")
def test_one_transition_can_be_asked_for_with_the_fields_of_its_screen(alice: Person, site: Site) -> None:
    change(site, "Finish", required=("resolution",), screen=("duedate",))
    issue = alice.create("ALPHA", "one")
    alice.move(issue, "Start")
    number = alice.transition_id(issue, "Finish")

    path = f"{ISSUE}/{issue}/transitions?transitionId={number}&expand=transitions.fields"
    (shown,) = alice.get(path).json()["transitions"]

    assert shown["hasScreen"] is True
    assert {name: each["required"] for name, each in shown["fields"].items()} == {
        "duedate": False,
        "resolution": True,
    }
    assert [each["name"] for each in shown["fields"]["resolution"]["allowedValues"]] == [
        "Done",
        "Won't Do",
        "Duplicate",
    ]


@pytest.mark.answers("POST /rest/api/3/issue/{issueIdOrKey}/transitions")
def test_a_step_is_in_the_history_with_ids_names_and_the_writers_words(alice: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")
    words = {"type": "backbone", "extraData": {"intent": "i-1"}}

    answer = alice.post(
        f"{ISSUE}/{issue}/transitions",
        {"transition": {"id": alice.transition_id(issue, "Start")}, "historyMetadata": words},
    )

    assert (answer.status, answer.body) == (204, b"")
    (entry,) = alice.get(f"{ISSUE}/{issue}/changelog").json()["values"]
    assert entry["historyMetadata"] == words
    assert entry["items"] == [
        {
            "field": "status",
            "fieldtype": "jira",
            "fieldId": "status",
            "from": site.status("To Do").id,
            "fromString": "To Do",
            "to": site.status("In Progress").id,
            "toString": "In Progress",
        }
    ]


def test_the_fields_of_the_screen_change_in_the_same_step(alice: Person, site: Site) -> None:
    change(site, "Start", required=("resolution",))
    issue = alice.create("ALPHA", "one")
    number = alice.transition_id(issue, "Start")

    alice.post(
        f"{ISSUE}/{issue}/transitions",
        {"transition": {"id": number}, "fields": {"resolution": {"name": "Duplicate"}}},
    )

    (entry,) = alice.get(f"{ISSUE}/{issue}/changelog").json()["values"]
    assert [(item["field"], item["toString"]) for item in entry["items"]] == [
        ("resolution", "Duplicate"),
        ("status", "In Progress"),
    ]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, {"resolution": "Resolution is required."}),
        ({"resolution": {"name": "Nonsense"}}, {"resolution": "The resolution selected is invalid."}),
        (
            {"resolution": {"name": "Done"}, "summary": "x"},
            {"summary": "Field 'summary' cannot be set. It is not on the appropriate screen, or unknown."},
        ),
    ],
)
def test_a_screen_not_filled_as_it_must_be_is_refused_and_nothing_moves(
    alice: Person, site: Site, fields: dict[str, Any], fault: dict[str, str]
) -> None:
    change(site, "Start", required=("resolution",))
    issue = alice.create("ALPHA", "one")
    number = alice.transition_id(issue, "Start")

    answer = alice.post(f"{ISSUE}/{issue}/transitions", {"transition": {"id": number}, "fields": fields})

    assert (answer.status, answer.json()["errors"]) == (400, fault)
    assert status(alice, issue) == "To Do"
    assert site.issue(issue).changelog == []


def test_what_comes_with_a_transition_is_done_as_a_whole_or_not_at_all(alice: Person, site: Site) -> None:
    other, issue = alice.create("ALPHA", "other"), alice.create("ALPHA", "one")
    path = f"{ISSUE}/{issue}/transitions"
    step = {"id": alice.transition_id(issue, "Start")}
    link = {"add": {"type": {"name": "Blocks"}, "outwardIssue": {"id": other}}}
    update = {
        "comment": [{"add": {"body": document("said")}}],
        "worklog": [{"add": {"timeSpent": "30m"}}],
        "issuelinks": [link],
    }

    refused = alice.post(path, {"transition": step, "update": {**update, "worklog": [{"add": {}}]}})
    untouched = alice.get(f"{ISSUE}/{issue}?expand=changelog").json()
    taken = alice.post(path, {"transition": step, "update": update})

    assert (refused.status, list(refused.json()["errors"])) == (400, ["timeLogged"])
    assert (untouched["fields"]["status"]["name"], untouched["fields"]["comment"]["total"]) == ("To Do", 0)
    assert (untouched["fields"]["issuelinks"], untouched["changelog"]["total"]) == ([], 0)
    shown = alice.get(f"{ISSUE}/{issue}").json()["fields"]
    assert (taken.status, shown["status"]["name"]) == (204, "In Progress")
    assert [each["body"] for each in shown["comment"]["comments"]] == [document("said")]
    assert (shown["timespent"], len(shown["issuelinks"])) == (1800, 1)


@pytest.mark.refuses("GET /rest/api/3/issue/{issueIdOrKey}/transitions", 404)
@pytest.mark.refuses("POST /rest/api/3/issue/{issueIdOrKey}/transitions", 400)
@pytest.mark.refuses("POST /rest/api/3/issue/{issueIdOrKey}/transitions", 404)
def test_a_transition_that_is_not_offered_here_is_refused(alice: Person, bob: Person) -> None:
    issue, other = alice.create("ALPHA", "one"), bob.create("BETA", "two")
    foreign = bob.transition_id(other, "Select")
    path = f"{ISSUE}/{issue}/transitions"

    refused = alice.post(path, {"transition": {"id": foreign}})

    assert refused.status == 400
    assert refused.json()["errorMessages"] == [f"Transition id '{foreign}' is not valid for this issue."]
    assert alice.post(path, {}).json()["errorMessages"] == ["Missing 'transition' identifier"]
    assert alice.get(f"{ISSUE}/{other}/transitions").status == 404
    assert alice.post(f"{ISSUE}/{other}/transitions", {"transition": {"id": foreign}}).status == 404


def test_without_the_right_nothing_is_offered(alice: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")
    number = alice.transition_id(issue, "Start")
    site.revoke(site.user("alice"), "TRANSITION_ISSUES", space=site.space("ALPHA"))

    assert offered(alice, issue) == {}
    assert alice.post(f"{ISSUE}/{issue}/transitions", {"transition": {"id": number}}).status == 400


def test_a_post_function_acts_after_the_step(alice: Person, world: World, site: Site) -> None:
    carol = site.user("carol")

    def move_on(issue: Issue) -> None:
        number = next(each.id for each in acts.offered(site, carol, issue) if each.name == "Finish")
        acts.take(world, site, carol, issue, number, Wish())

    change(site, "Start", then=move_on)
    issue = alice.create("ALPHA", "one")

    alice.move(issue, "Start")

    assert status(alice, issue) == "Done"
    assert [entry.author for entry in site.issue(issue).changelog] == [
        site.user("alice").account_id,
        carol.account_id,
    ]


def test_a_step_is_told_to_the_app(world: World, app: ListeningApp, alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    alice.move(issue, "Start")

    world.deliver(app)

    told = json.loads(app.calls[-1].body)
    assert (told["webhookEvent"], told["issue_event_type_name"]) == ("jira:issue_updated", "issue_generic")
    assert told["issue"]["fields"]["status"]["name"] == "In Progress"
    assert [item["field"] for item in told["changelog"]["items"]] == ["status"]


def test_the_workflow_graph_is_for_administrators_and_for_no_app(
    world: World, site: Site, app: ListeningApp, alice: Person, dana: Person
) -> None:
    shown = dana.post("/rest/api/3/workflows", {"workflowNames": ["Reviewed of acme"]})

    assert as_app(world, site).post("/rest/api/3/workflows", {}).status == 403
    assert alice.post("/rest/api/3/workflows", {}).status == 401
    (flow,) = shown.json()["workflows"]
    assert len(flow["statuses"]) == 6
    assert [each["type"] for each in flow["transitions"]].count("GLOBAL") == 1


def test_properties_come_with_a_transition(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    wanted = {"transition": {"id": alice.transition_id(issue, "Start")}}

    taken = alice.post(
        f"{ISSUE}/{issue}/transitions", {**wanted, "properties": [{"key": "by", "value": {"rule": 1}}]}
    )

    assert taken.status == 204
    assert alice.get(f"{ISSUE}/{issue}/properties/by").json()["value"] == {"rule": 1}
