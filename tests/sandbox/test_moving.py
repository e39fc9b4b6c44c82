import json
from typing import Any

import pytest

from jira_sandbox.acts import moving
from jira_sandbox.state.furniture import Component, SecurityLevel
from jira_sandbox.state.rights import Holder
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, VirtualClock
from tests.support.subtasks import allow_subtasks, subtask_of

MOVE, QUEUE = "/rest/api/3/bulk/issues/move", "/rest/api/3/bulk/queue"
ISSUE = "/rest/api/3/issue"


@pytest.fixture
def issue(carol: Person) -> str:
    """A work item of ALPHA, where carol works as she does in BETA."""
    return carol.create("ALPHA", "one")


def moved(
    world: World, site: Site, issue: str, space: str, *, kind: str = "Task", who: str = "carol"
) -> None:
    target = site.space(space)
    moving.move(world, site, site.user(who), site.issue(issue), target, site.work_type(kind).id)


def plan(site: Site, *names: str, space: str = "BETA", kind: str = "Task", **more: object) -> dict[str, Any]:
    place = f"{space},{site.work_type(kind).id}"
    said = {"issueIdsOrKeys": names, "inferStatusDefaults": True, "inferFieldDefaults": True, **more}
    return {"targetToSourcesMapping": {place: said}}


def test_a_moved_item_has_another_key_and_is_found_by_the_former_one(
    world: World, site: Site, carol: Person, issue: str
) -> None:
    moved(world, site, issue, "BETA")

    shown = carol.get(f"{ISSUE}/alpha-1").json()
    assert (shown["id"], shown["key"], shown["fields"]["project"]["key"]) == (issue, "BETA-1", "BETA")
    assert carol.get(f"{ISSUE}/BETA-1").json()["id"] == issue
    assert carol.get(f"{ISSUE}/{carol.create('ALPHA', 'two')}").json()["key"] == "ALPHA-2"


def test_history_tells_of_space_key_and_status(world: World, site: Site, carol: Person, issue: str) -> None:
    moved(world, site, issue, "BETA")

    (entry,) = carol.get(f"{ISSUE}/{issue}/changelog").json()["values"]
    told = [(each["field"], each["fromString"], each["toString"]) for each in entry["items"]]
    assert told == [
        ("project", "Alpha", "Beta"),
        ("Key", "ALPHA-1", "BETA-1"),
        ("status", "To Do", "Open"),
    ]


def test_a_status_that_both_workflows_have_is_kept(
    world: World, site: Site, carol: Person, issue: str
) -> None:
    carol.move(issue, "Start")

    moved(world, site, issue, "BETA")

    assert carol.get(f"{ISSUE}/{issue}").json()["fields"]["status"]["name"] == "In Progress"


def test_an_app_hears_that_it_was_moved(
    world: World, site: Site, app: ListeningApp, carol: Person, issue: str
) -> None:
    world.outbox.clear()

    moved(world, site, issue, "BETA")

    (delivery,) = world.outbox
    told = json.loads(delivery.body)
    assert (delivery.event, told["issue_event_type_name"]) == ("jira:issue_updated", "issue_moved")
    assert told["issue"]["key"] == "BETA-1"


def test_a_component_is_kept_where_the_new_space_has_one_of_its_name(
    world: World, site: Site, carol: Person, issue: str
) -> None:
    here, there = site.space("ALPHA"), site.space("BETA")
    here.components = [Component(id="1", name="Engine"), Component(id="2", name="Wheels")]
    there.components = [Component(id="3", name="Engine")]
    carol.edit(issue, components=[{"id": "1"}, {"id": "2"}])

    moved(world, site, issue, "BETA")

    shown = carol.get(f"{ISSUE}/{issue}").json()["fields"]["components"]
    assert [(each["id"], each["name"]) for each in shown] == [("3", "Engine")]
    told = [item for item in site.issues[issue].changelog[-1].items if item.field == "Component"]
    assert [(item.before_text, item.after_text) for item in told] == [
        ("Engine", None),
        ("Wheels", None),
        (None, "Engine"),
    ]


def test_sub_tasks_go_along(world: World, site: Site, carol: Person, issue: str) -> None:
    child = subtask_of(site, carol, issue)
    allow_subtasks(site, site.space("BETA"))

    moved(world, site, issue, "BETA")

    shown = carol.get(f"{ISSUE}/{child}").json()
    assert (shown["key"], shown["fields"]["parent"]["key"]) == ("BETA-2", "BETA-1")


def test_nowhere_to_go_for_a_sub_task(world: World, site: Site, carol: Person, issue: str) -> None:
    subtask_of(site, carol, issue)

    with pytest.raises(Refusal, match="no sub-task issue type"):
        moved(world, site, issue, "BETA")

    assert site.issues[issue].key == "ALPHA-1"


def test_a_work_item_becomes_a_sub_task_only_of_a_parent(
    world: World, site: Site, carol: Person, issue: str
) -> None:
    allow_subtasks(site, site.space("ALPHA"))
    parent = carol.create("ALPHA", "two")
    alpha, kind = site.space("ALPHA"), site.work_type("Sub-task").id

    with pytest.raises(Refusal, match="needs a parent"):
        moved(world, site, issue, "ALPHA", kind="Sub-task")
    moving.move(world, site, site.user("carol"), site.issues[issue], alpha, kind, parent=site.issues[parent])

    shown = carol.get(f"{ISSUE}/{parent}").json()["fields"]["subtasks"]
    assert [(each["key"], each["fields"]["issuetype"]["name"]) for each in shown] == [("ALPHA-1", "Sub-task")]


def test_nothing_is_moved_into_an_archived_space(world: World, site: Site, carol: Person, issue: str) -> None:
    site.space("BETA").is_archived = True

    with pytest.raises(Refusal, match="archived"):
        moved(world, site, issue, "BETA")

    assert site.issues[issue].key == "ALPHA-1"


def test_a_sub_task_that_becomes_a_task_has_no_parent_any_more(
    world: World, site: Site, carol: Person, issue: str
) -> None:
    child = subtask_of(site, carol, issue)

    moved(world, site, child, "ALPHA")

    shown = carol.get(f"{ISSUE}/{child}").json()
    assert (shown["key"], "parent" in shown["fields"]) == ("ALPHA-2", False)
    assert carol.get(f"{ISSUE}/{issue}").json()["fields"]["subtasks"] == []


def test_the_epic_of_a_moved_item_stays_its_own(world: World, site: Site, carol: Person) -> None:
    epic = carol.create("ALPHA", "all of it", kind="Epic")
    child = carol.create("ALPHA", "a part", parent={"id": epic})

    moved(world, site, child, "BETA")
    across = carol.get(f"{ISSUE}/{child}").json()["fields"]["parent"]["key"]
    site.space("ALPHA").is_team_managed = True
    moved(world, site, child, "ALPHA")

    assert across == "ALPHA-1"
    assert "parent" not in carol.get(f"{ISSUE}/{child}").json()["fields"]


def test_a_move_into_another_category_dates_it_anew(
    world: World, site: Site, bob: Person, carol: Person, clock: VirtualClock
) -> None:
    issue = bob.create("BETA", "one")
    site.issues[issue].status_id = site.status("In Review").id
    clock.advance(hours=1)

    moved(world, site, issue, "ALPHA")

    shown = carol.get(f"{ISSUE}/{issue}").json()["fields"]
    assert (shown["status"]["name"], shown["statuscategorychangedate"]) == ("To Do", shown["updated"])
    assert shown["updated"] != shown["created"]


def test_a_security_level_stays_in_its_space(world: World, site: Site, carol: Person, issue: str) -> None:
    member = site.user("carol").account_id
    site.space("ALPHA").security_levels = [SecurityLevel(id="1", name="Few", members={member})]
    site.issues[issue].fields["security"] = "1"

    moved(world, site, issue, "BETA")

    assert site.issues[issue].fields["security"] is None
    (told,) = [item for item in site.issues[issue].changelog[-1].items if item.field_id == "security"]
    assert (told.before_text, told.after_text) == ("Few", None)


@pytest.mark.answers(f"POST {MOVE}")
@pytest.mark.answers(f"GET {QUEUE}/{{taskId}}")
def test_people_move_many_at_once(carol: Person, issue: str, site: Site) -> None:
    other = carol.create("ALPHA", "two", kind="Bug")

    answer = carol.post(MOVE, plan(site, issue, "ALPHA-2", "ALPHA-99", kind="Story"))

    outcome = carol.get(f"{QUEUE}/{answer.json()['taskId']}").json()
    assert (answer.status, outcome["status"], outcome["progressPercent"]) == (201, "COMPLETE", 100)
    assert outcome["processedAccessibleIssues"] == [int(issue), int(other)]
    assert (outcome["totalIssueCount"], outcome["invalidOrInaccessibleIssueCount"]) == (3, 1)
    shown = carol.get(f"{ISSUE}/ALPHA-2").json()
    assert (shown["key"], shown["fields"]["issuetype"]["name"]) == ("BETA-2", "Story")


def test_whoever_is_named_twice_moves_once_and_what_is_hidden_not_at_all(
    carol: Person, issue: str, site: Site
) -> None:
    hidden = carol.create("ALPHA", "two")
    site.hide_issue(site.issues[hidden], from_account=site.user("carol"))

    number = carol.post(MOVE, plan(site, issue, "ALPHA-1", hidden)).json()["taskId"]

    outcome = carol.get(f"{QUEUE}/{number}").json()
    assert outcome["processedAccessibleIssues"] == [int(issue)]
    assert outcome["invalidOrInaccessibleIssueCount"] == 1
    assert [site.issues[each].key for each in (issue, hidden)] == ["BETA-1", "ALPHA-2"]
    assert len(site.issues[issue].changelog) == 1


def test_a_thousand_may_move_and_their_sub_tasks_count(carol: Person, issue: str, site: Site) -> None:
    subtask_of(site, carol, issue)
    others = [f"NONE-{number}" for number in range(999)]

    too_many = carol.post(MOVE, plan(site, issue, *others))
    enough = carol.post(MOVE, plan(site, issue, *others[1:]))

    assert (too_many.status, enough.status) == (400, 201)


def test_what_came_of_a_move_is_told_for_fourteen_days(
    carol: Person, issue: str, site: Site, clock: VirtualClock
) -> None:
    number = carol.post(MOVE, plan(site, issue)).json()["taskId"]
    clock.advance(days=14)
    in_time = carol.get(f"{QUEUE}/{number}").status
    clock.advance(seconds=1)

    assert (in_time, carol.get(f"{QUEUE}/{number}").status) == (200, 400)


def test_statuses_are_mapped_or_the_item_stays(carol: Person, issue: str, site: Site) -> None:
    to_do, review = site.status("To Do").id, site.status("In Review").id
    mapped = plan(site, issue, inferStatusDefaults=False, targetStatus=[{"statuses": {review: [to_do]}}])
    unmapped = plan(site, issue, inferStatusDefaults=False, targetStatus=None)

    first = carol.post(MOVE, unmapped).json()["taskId"]
    stayed = carol.get(f"{QUEUE}/{first}").json()["failedAccessibleIssues"]
    carol.post(MOVE, mapped)

    assert stayed == {issue: ["No target status for the status 'To Do'."]}
    assert carol.get(f"{ISSUE}/{issue}").json()["fields"]["status"]["name"] == "In Review"


def test_leaving_a_space_takes_a_right_too(carol: Person, issue: str, site: Site) -> None:
    site.deny(site.user("carol"), "MOVE_ISSUES", space=site.space("ALPHA"))

    number = carol.post(MOVE, plan(site, issue)).json()["taskId"]

    outcome = carol.get(f"{QUEUE}/{number}").json()
    assert outcome["failedAccessibleIssues"] == {
        issue: ["You do not have permission to move issues in this project."]
    }


def test_what_one_may_not_move_stays(alice: Person, issue: str, site: Site) -> None:
    number = alice.post(MOVE, plan(site, issue)).json()["taskId"]

    outcome = alice.get(f"{QUEUE}/{number}").json()

    assert outcome["failedAccessibleIssues"] == {
        issue: ["You do not have permission to create issues in this project."]
    }
    assert site.issues[issue].key == "ALPHA-1"


@pytest.mark.refuses(f"POST {MOVE}", 400)
def test_moves_that_make_no_sense(carol: Person, issue: str, site: Site) -> None:
    epic = site.work_type("Epic").id
    bodies: list[tuple[object, str]] = [
        ({}, "targetToSourcesMapping must be an object that is not empty."),
        (plan(site, issue, space="NONE"), "The project 'NONE' is not valid."),
        (plan(site, issue, kind="Epic"), f"The issue type '{epic}' is not valid for the project 'BETA'."),
        (plan(site, issue, issueIdsOrKeys=issue), "issueIdsOrKeys must be an array."),
        (plan(site, "ALPHA-99"), "Some of the issues in the issueIdsOrKeys are not valid"),
        (plan(site), "The number of issues to move must be from 1 to 1000."),
        (
            plan(site, issue, inferStatusDefaults=False, targetStatus=[5]),
            "targetStatus must be a list of status mappings.",
        ),
    ]

    refused = [(carol.post(MOVE, body), text) for body, text in bodies]

    for answer, text in refused:
        assert (answer.status, answer.json()) == (400, {"errors": [{"message": text}]})


def test_moving_many_takes_a_right_all_over_the_site(carol: Person, issue: str, site: Site) -> None:
    site.revoke_from(Holder("applicationRole"), "BULK_CHANGE")

    refused = carol.post(MOVE, plan(site, issue)), carol.get(f"{QUEUE}/99")

    for answer in refused:
        words = [{"message": "You do not have the Bulk Change permission."}]
        assert (answer.status, answer.json()) == (400, {"errors": words})


@pytest.mark.refuses(f"GET {QUEUE}/{{taskId}}", 400)
def test_a_task_that_is_no_move(carol: Person) -> None:
    answer = carol.get(f"{QUEUE}/99")

    assert answer.status == 400
    assert answer.json()["errors"][0]["message"].endswith("is not a bulk operation task")
