"""Conditions, validators and post functions of transitions."""

from typing import Any

import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.state.workflow import Condition, PostFunction, Validator
from jira_sandbox.world import World
from tests.support.events import listening
from tests.support.sandbox import ListeningApp, Person, as_app

ISSUE = "/rest/api/3/issue"


def change(site: Site, name: str, **changes: Any) -> None:
    """Change a transition of all work types of ALPHA."""
    flows = site.space("ALPHA").workflows
    for type_id, flow in flows.items():
        flows[type_id] = flow.changed(name, **changes)


def offered(person: Person, issue: str, query: str = "") -> list[str]:
    listed = person.get(f"{ISSUE}/{issue}/transitions{query}").json()["transitions"]
    return [each["name"] for each in listed]


def status(person: Person, issue: str) -> str:
    return str(person.get(f"{ISSUE}/{issue}").json()["fields"]["status"]["name"])


@pytest.fixture
def issue(dana: Person, site: Site) -> str:
    """Made by dana, reported by alice and assigned to carol, of priority High."""
    site.grant(site.user("dana"), "MODIFY_REPORTER", "ASSIGN_ISSUES", space=site.space("ALPHA"))
    people: dict[str, Any] = {
        name: {"accountId": site.user(person).account_id}
        for name, person in (("reporter", "alice"), ("assignee", "carol"))
    }
    return dana.create("ALPHA", "one", **people, priority={"name": "High"})


@pytest.mark.parametrize(
    ("condition", "offered_to"),
    [
        (Condition(kind="assignee"), {"carol"}),
        (Condition(kind="reporter"), {"alice"}),
        (Condition(kind="role", names=("Developers", "Guests")), {"alice", "carol"}),
        (Condition(kind="role", names=("Administrators",)), {"alice", "dana"}),
        (Condition(kind="role", names=("10001",)), {"alice", "carol"}),
        (Condition(kind="permission", names=("EDIT_ISSUES", "ADMINISTER_PROJECTS")), {"alice", "dana"}),
        (Condition(kind="value", names=("priority", "High")), {"alice", "carol", "dana"}),
        (Condition(kind="value", names=("priority", "Low")), set()),
        (Condition(kind="hidden"), set()),
    ],
)
def test_a_condition_says_to_whom_a_transition_is_offered(
    alice: Person,
    carol: Person,
    dana: Person,
    site: Site,
    issue: str,
    condition: Condition,
    offered_to: set[str],
) -> None:
    number = alice.transition_id(issue, "Start")
    change(site, "Start", conditions=(condition,))

    people = {"alice": alice, "carol": carol, "dana": dana}
    assert {name for name, person in people.items() if offered(person, issue)} == offered_to
    for name in set(people) - offered_to:
        refused = people[name].post(f"{ISSUE}/{issue}/transitions", {"transition": {"id": number}})
        assert (refused.status, refused.json()["errorMessages"]) == (
            400,
            [f"Transition id '{number}' is not valid for this issue."],
        )


def test_a_condition_on_a_group_knows_its_members(
    alice: Person, dana: Person, site: Site, issue: str
) -> None:
    admins = site.group("jira-administrators").id

    change(site, "Start", conditions=(Condition(kind="group", names=(admins,)),))

    assert (offered(alice, issue), offered(dana, issue)) == ([], ["Start"])


def test_sub_tasks_block_until_they_are_done(alice: Person, dana: Person, site: Site) -> None:
    template = "com.pyxis.greenhopper.jira:gh-simplified-agility-kanban"
    lead = site.user("dana").account_id
    wanted = {"key": "DELTA", "name": "Delta", "leadAccountId": lead, "projectTemplateKey": template}
    dana.post("/rest/api/3/project", wanted)
    space = site.space("DELTA")
    task = next(each for each in space.type_ids if site.work_types[each].name == "Task")
    part = next(each for each in space.type_ids if site.work_types[each].name == "Subtask")
    done = next(each for each in site.statuses if (each.name, each.space_id) == ("Done", space.id))
    blocks = Condition(kind="subtasks", names=(done.id,))
    space.workflows[task] = space.workflows[task].changed("Done", conditions=(blocks,))
    whole = _made(dana, "DELTA", task)
    pieces = [_made(dana, "DELTA", part, parent={"id": whole}) for _ in range(2)]

    told = []
    for piece in pieces:
        told.append(offered(dana, whole))
        dana.move(piece, "Done")

    assert told == [["To Do", "In Progress"]] * 2
    assert offered(dana, whole) == ["To Do", "In Progress", "Done"]


def test_all_conditions_must_hold_and_what_fails_can_be_asked_for(
    alice: Person, carol: Person, site: Site, issue: str
) -> None:
    change(site, "Start", conditions=(Condition(kind="assignee"), Condition(kind="reporter")))

    shown = carol.get(f"{ISSUE}/{issue}/transitions?includeUnavailableTransitions=true").json()

    assert offered(alice, issue) == offered(carol, issue) == []
    ((name, is_available, is_conditional),) = (
        (each["name"], each["isAvailable"], each["isConditional"]) for each in shown["transitions"]
    )
    assert (name, is_available, is_conditional) == ("Start", False, True)


def test_what_is_hidden_from_people_an_administering_app_sees_if_it_asks(
    world: World, site: Site, app: ListeningApp, alice: Person, issue: str
) -> None:
    caller = as_app(world, site)
    change(site, "Start", conditions=(Condition(kind="hidden"),))
    asked = "?skipRemoteOnlyCondition=true"

    without = offered(caller, issue, asked)
    site.grant(site.app.user, "ADMINISTER")

    assert (without, offered(caller, issue), offered(caller, issue, asked)) == ([], [], ["Start"])
    assert offered(alice, issue, f"{asked}&includeUnavailableTransitions=true") == []


def test_transitions_are_sorted_by_category_on_request(bob: Person, site: Site) -> None:
    flows = site.space("BETA").workflows
    for type_id, flow in flows.items():
        flows[type_id] = flow.changed("Cancel", to=site.status("Open").id)
    issue = bob.create("BETA", "one")
    bob.move(issue, "Select")

    assert offered(bob, issue) == ["Start", "Cancel"]
    assert offered(bob, issue, "?sortByOpsBarAndStatus=true") == ["Cancel", "Start"]


def test_a_looped_transition_leaves_the_status_and_tells_so(
    alice: Person, world: World, site: Site, issue: str
) -> None:
    change(site, "Start", to="", screen=("duedate",))
    ears = listening(world, site, "jira:issue_updated")
    path = f"{ISSUE}/{issue}/transitions"
    (shown,) = alice.get(path).json()["transitions"]

    alice.move(issue, "Start")
    alice.post(path, {"transition": {"id": shown["id"]}, "fields": {"duedate": "2026-12-24"}})

    assert (shown["isLooped"], shown["to"]["name"], status(alice, issue)) == (True, "To Do", "To Do")
    (entry,) = alice.get(f"{ISSUE}/{issue}/changelog").json()["values"]
    assert [each["field"] for each in entry["items"]] == ["duedate"]
    assert ears.names() == ["jira:issue_updated"] * 2


@pytest.mark.parametrize(
    ("validator", "answer"),
    [
        (Validator(kind="required", names=("duedate",)), {"errors": {"duedate": "Due date is required."}}),
        (
            Validator(kind="required", names=("duedate",), words="When, please?"),
            {"errors": {"duedate": "When, please?"}},
        ),
        (
            Validator(kind="changed", names=("priority",)),
            {"errors": {"priority": "Field Priority has not been modified during transition."}},
        ),
        (
            Validator(kind="permission", names=("ADMINISTER_PROJECTS",), words="Leads only."),
            {"errorMessages": ["Leads only."]},
        ),
        (
            Validator(kind="permission", names=("ADMINISTER_PROJECTS",)),
            {
                "errorMessages": [
                    "User does not have the permission ADMINISTER_PROJECTS that this transition requires."
                ]
            },
        ),
    ],
)
def test_a_validator_refuses_with_its_words_and_nothing_moves(
    carol: Person, site: Site, issue: str, validator: Validator, answer: dict[str, object]
) -> None:
    change(site, "Start", validators=(validator,))
    number = carol.transition_id(issue, "Start")

    refused = carol.post(f"{ISSUE}/{issue}/transitions", {"transition": {"id": number}})

    assert (refused.status, refused.json()) == (400, {"errorMessages": [], "errors": {}} | answer)
    assert status(carol, issue) == "To Do"


def test_a_validator_is_content_with_what_the_screen_brings(alice: Person, site: Site, issue: str) -> None:
    validators = (
        Validator(kind="required", names=("duedate",)),
        Validator(kind="changed", names=("priority",)),
        Validator(kind="permission", names=("ADMINISTER_PROJECTS",)),
    )
    change(site, "Start", screen=("duedate", "priority"), validators=validators)
    number = alice.transition_id(issue, "Start")

    taken = alice.post(
        f"{ISSUE}/{issue}/transitions",
        {"transition": {"id": number}, "fields": {"duedate": "2026-12-24", "priority": {"name": "Low"}}},
    )

    assert (taken.status, status(alice, issue)) == (204, "In Progress")


def test_post_functions_act_in_the_same_entry_of_the_history(
    carol: Person, world: World, site: Site, issue: str
) -> None:
    site.issue(issue).fields["resolution"] = next(iter(site.resolutions))
    functions = (
        PostFunction(kind="set", field="labels", value=["started"]),
        PostFunction(kind="clear", field="resolution"),
        PostFunction(kind="assign_reporter"),
        PostFunction(kind="comment", value="Off we *go*."),
    )
    change(site, "Start", functions=functions)
    ears = listening(world, site, "jira:issue_updated", "comment_created")

    carol.move(issue, "Start")

    held = carol.get(f"{ISSUE}/{issue}").json()["fields"]
    assert (held["labels"], held["resolution"]) == (["started"], None)
    assert held["assignee"]["displayName"] == "Alice Archer"
    (entry,) = carol.get(f"{ISSUE}/{issue}/changelog").json()["values"]
    assert {each["field"] for each in entry["items"]} == {"labels", "resolution", "assignee", "status"}
    (comment,) = held["comment"]["comments"]
    assert (comment["author"]["displayName"], comment["body"]["content"][0]["content"][1]["text"]) == (
        "Carol Cook",
        "go",
    )
    assert ears.names() == ["jira:issue_updated", "comment_created"]


def _made(person: Person, space: str, type_id: str, **more: object) -> str:
    wanted = {"project": {"key": space}, "issuetype": {"id": type_id}, "summary": "x", **more}
    answer = person.post(ISSUE, {"fields": wanted})
    assert answer.status == 201, answer.body
    return str(answer.json()["id"])
