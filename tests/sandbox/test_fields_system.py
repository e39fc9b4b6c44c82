import json
from dataclasses import replace
from typing import Any

import pytest

from jira_sandbox.state.furniture import Component, Version
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import WorkType
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, VirtualClock, document

ISSUE = "/rest/api/3/issue"


@pytest.fixture
def furnished(site: Site) -> Site:
    """ALPHA has two components, two versions (the older is archived) and a type for sub-tasks."""
    space = site.space("ALPHA")
    space.components += [Component(id="51", name="Engine"), Component(id="52", name="Interface")]
    space.versions += [Version(id="61", name="1.0", is_archived=True), Version(id="62", name="2.0")]
    site.work_types["71"] = WorkType(id="71", name="Sub-task", description="", hierarchy_level=-1)
    space.type_ids.append("71")
    space.workflows["71"] = next(iter(space.workflows.values()))
    return site


def shown(person: Person, issue: str) -> dict[str, Any]:
    fields: dict[str, Any] = person.get(f"{ISSUE}/{issue}").json()["fields"]
    return fields


def steps(person: Person, issue: str) -> list[tuple[str, str | None, str | None, str | None, str | None]]:
    """The newest entry of the history: field, from and to, each with its text."""
    histories = person.get(f"{ISSUE}/{issue}?expand=changelog").json()["changelog"]["histories"]
    return [
        (each["field"], each["from"], each["fromString"], each["to"], each["toString"])
        for each in histories[0]["items"]
    ]


def faults(person: Person, issue: str, **fields: object) -> dict[str, str]:
    answer = person.put(f"{ISSUE}/{issue}", {"fields": fields})
    assert answer.status == 400, answer.body
    errors: dict[str, str] = answer.json()["errors"]
    return errors


def test_a_new_work_item_shows_all_of_jiras_fields(alice: Person) -> None:
    fields = shown(alice, alice.create("ALPHA", "one"))

    empty = {name for name, value in fields.items() if value is None and not name.startswith("customfield_")}
    assert empty == {
        "aggregatetimeestimate",
        "aggregatetimeoriginalestimate",
        "aggregatetimespent",
        "assignee",
        "description",
        "duedate",
        "environment",
        "lastViewed",
        "resolution",
        "resolutiondate",
        "security",
        "timeestimate",
        "timeoriginalestimate",
        "timespent",
    }
    lists = {name for name, value in fields.items() if value == []}
    assert lists == {
        "attachment",
        "components",
        "fixVersions",
        "issuelinks",
        "labels",
        "subtasks",
        "versions",
    }
    assert fields["progress"] == fields["aggregateprogress"] == {"progress": 0, "total": 0}
    assert (fields["workratio"], fields["timetracking"]) == (-1, {})
    assert (fields["votes"]["votes"], fields["watches"]["watchCount"]) == (0, 0)
    assert fields["statusCategory"] == fields["status"]["statusCategory"]
    assert fields["statuscategorychangedate"] == fields["created"]
    assert fields["reporter"] == fields["creator"]
    assert "parent" not in fields


def test_an_assignee_is_named_by_account_in_either_way_and_taken_away(alice: Person, site: Site) -> None:
    carol = site.user("carol").account_id
    issue = alice.create("ALPHA", "one", assignee={"accountId": carol})
    assert shown(alice, issue)["assignee"]["displayName"] == "Carol Cook"

    alice.edit(issue, assignee=None)

    assert shown(alice, issue)["assignee"] is None
    assert steps(alice, issue) == [("assignee", carol, "Carol Cook", None, None)]
    alice.edit(issue, assignee={"id": carol})
    assert shown(alice, issue)["assignee"]["accountId"] == carol


def test_an_automatic_assignee_is_the_one_the_space_names(alice: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")
    site.space("ALPHA").assignee_type = "PROJECT_LEAD"

    alice.edit(issue, assignee={"accountId": "-1"})

    assert shown(alice, issue)["assignee"]["displayName"] == "Alice Archer"
    assert shown(alice, alice.create("ALPHA", "two"))["assignee"]["displayName"] == "Alice Archer"


def test_work_is_assigned_to_people_of_the_space_by_those_who_may(
    alice: Person, carol: Person, site: Site
) -> None:
    issue = carol.create("ALPHA", "one")

    for name in ("bob", "frank"):
        site.put_user(replace(site.user("frank"), active=False))
        number = site.user(name).account_id
        words = {"assignee": f"User '{site.user(name).display_name}' cannot be assigned issues."}
        assert faults(carol, issue, assignee={"accountId": number}) == words
        alone = carol.put(f"{ISSUE}/{issue}/assignee", {"accountId": number})
        assert (alone.status, alone.json()["errors"]) == (400, words)
    assert "does not exist" in faults(carol, issue, assignee={"accountId": "x"})["assignee"]
    site.revoke(site.user("carol"), "ASSIGN_ISSUES", space=site.space("ALPHA"))
    assert "cannot be set" in faults(carol, issue, assignee=None)["assignee"]


def test_only_who_may_names_another_reporter(alice: Person, carol: Person, site: Site) -> None:
    frank = site.user("frank").account_id
    issue = carol.create("ALPHA", "one")

    assert "cannot be set" in faults(carol, issue, reporter={"id": frank})["reporter"]
    assert faults(alice, issue, reporter=None) == {"reporter": "Reporter is required."}
    alice.edit(issue, reporter={"id": frank})

    assert shown(alice, issue)["reporter"]["displayName"] == "Frank Fisher"
    assert shown(alice, issue)["creator"]["displayName"] == "Carol Cook"
    carols = site.user("carol").account_id
    assert steps(alice, issue) == [("reporter", carols, "Carol Cook", frank, "Frank Fisher")]


def test_components_come_and_go_each_with_a_step_of_its_own(alice: Person, furnished: Site) -> None:
    issue = alice.create("ALPHA", "one", components=[{"name": "Engine"}])

    alice.edit(issue, components=[{"id": "52"}])

    assert [each["name"] for each in shown(alice, issue)["components"]] == ["Interface"]
    assert steps(alice, issue) == [
        ("Component", "51", "Engine", None, None),
        ("Component", None, None, "52", "Interface"),
    ]
    update = {"components": [{"add": {"name": "Engine"}}, {"remove": {"name": "Interface"}}]}
    assert alice.put(f"{ISSUE}/{issue}", {"update": update}).status == 204
    assert [each["id"] for each in shown(alice, issue)["components"]] == ["51"]


@pytest.mark.parametrize(("name", "history"), [("versions", "Version"), ("fixVersions", "Fix Version")])
def test_versions_are_those_of_the_space_that_are_not_archived(
    alice: Person, furnished: Site, name: str, history: str
) -> None:
    issue = alice.create("ALPHA", "one")

    assert faults(alice, issue, **{name: [{"name": "1.0"}]}) == {name: "Version name '1.0' is not valid"}
    assert faults(alice, issue, **{name: [{"id": "99"}]}) == {name: "Version id '99' is not valid"}
    assert faults(alice, issue, **{name: {"id": "62"}}) == {name: "data was not an array"}
    assert faults(alice, issue, **{name: [5]}) == {name: "expected 'id' or 'name' property in version object"}
    alice.edit(issue, **{name: [{"name": "2.0"}]})

    assert [each["name"] for each in shown(alice, issue)[name]] == ["2.0"]
    assert steps(alice, issue) == [(history, None, None, "62", "2.0")]


def test_an_archived_version_stays_where_it_is(alice: Person, furnished: Site) -> None:
    issue = alice.create("ALPHA", "one", fixVersions=[{"id": "62"}])
    newest = furnished.space("ALPHA").versions[1]
    newest.is_archived = True

    alice.edit(issue, fixVersions=[{"id": "62"}], labels=["a"])

    assert [each["archived"] for each in shown(alice, issue)["fixVersions"]] == [True]


def test_a_sub_task_has_a_parent_that_shows_it(alice: Person, furnished: Site) -> None:
    above = alice.create("ALPHA", "above")

    below = alice.create("ALPHA", "below", kind="Sub-task", parent={"key": "ALPHA-1"})

    parent = shown(alice, below)["parent"]
    assert (parent["id"], parent["key"], parent["fields"]["summary"]) == (above, "ALPHA-1", "above")
    (child,) = shown(alice, above)["subtasks"]
    assert (child["key"], child["fields"]["issuetype"]["subtask"]) == ("ALPHA-2", True)


def test_a_sub_task_without_a_parent_is_refused(alice: Person, furnished: Site) -> None:
    wanted = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Sub-task"}, "summary": "below"}

    answer = alice.post(ISSUE, {"fields": wanted})

    words = "Issue type is a sub-task but parent issue key or id not specified."
    assert (answer.status, answer.json()["errors"]) == (400, {"issuetype": words})


def test_a_parent_is_one_level_above_and_changing_it_is_told(alice: Person, site: Site) -> None:
    epic, other = (alice.create("ALPHA", "big", kind="Epic") for _ in range(2))
    task, bug = alice.create("ALPHA", "one"), alice.create("ALPHA", "two", kind="Bug")

    alice.edit(task, parent={"id": epic})
    alice.edit(task, parent={"key": "ALPHA-2"})

    assert shown(alice, task)["parent"]["id"] == other
    assert steps(alice, task) == [("IssueParentAssociation", epic, "ALPHA-1", other, "ALPHA-2")]
    assert shown(alice, other)["subtasks"] == []
    assert faults(alice, task, parent={"id": bug}) == {
        "parentId": "Given parent work item does not belong to appropriate hierarchy."
    }
    assert faults(alice, task, parent={"key": "ALPHA-99"}) == {"parent": "Could not find issue by id or key."}
    alice.edit(task, parent=None)
    assert "parent" not in shown(alice, task)


def test_estimates_are_durations_shown_with_their_seconds(alice: Person) -> None:
    issue = alice.create("ALPHA", "one", timetracking={"originalEstimate": "2d 4h"})

    fields = shown(alice, issue)

    assert fields["timetracking"] == {
        "originalEstimate": "2d 4h",
        "remainingEstimate": "2d 4h",
        "originalEstimateSeconds": 72000,
        "remainingEstimateSeconds": 72000,
    }
    assert (fields["timeoriginalestimate"], fields["timeestimate"]) == (72000, 72000)
    assert fields["progress"] == {"progress": 0, "total": 72000, "percent": 0}
    alice.edit(issue, timetracking={"remainingEstimate": "1d"})
    assert shown(alice, issue)["timetracking"]["originalEstimate"] == "2d 4h"
    assert steps(alice, issue) == [("timeestimate", "72000", "72000", "28800", "28800")]
    alice.edit(issue, timetracking=None)
    assert shown(alice, issue)["timetracking"] == {}


@pytest.mark.parametrize(
    ("given", "errors"),
    [
        ("2d", {"timetracking": "data was not an object"}),
        (
            {"originalEstimate": "long"},
            {"timetracking_originalestimate": "The original estimate specified is not valid."},
        ),
        (
            {"remainingEstimate": "x"},
            {"timetracking_remainingestimate": "The remaining estimate specified is not valid."},
        ),
    ],
)
def test_an_estimate_that_is_no_duration_is_refused(
    alice: Person, given: object, errors: dict[str, str]
) -> None:
    issue = alice.create("ALPHA", "one")

    assert faults(alice, issue, timetracking=given) == errors


def test_times_of_sub_tasks_are_added_up(alice: Person, furnished: Site) -> None:
    above = alice.create("ALPHA", "above", timetracking={"originalEstimate": "4h"})
    below = alice.create(
        "ALPHA",
        "below",
        kind="Sub-task",
        parent={"id": above},
        timetracking={"originalEstimate": "2h"},
    )
    logged = {"update": {"worklog": [{"add": {"timeSpent": "1h"}}]}}

    assert alice.put(f"{ISSUE}/{below}", logged).status == 204

    fields = shown(alice, above)
    assert (fields["timespent"], fields["aggregatetimespent"]) == (None, 3600)
    assert (fields["aggregatetimeoriginalestimate"], fields["aggregatetimeestimate"]) == (21600, 18000)
    assert fields["aggregateprogress"] == {"progress": 3600, "total": 21600, "percent": 16}
    assert shown(alice, below)["workratio"] == 50


def test_a_security_level_hides_a_work_item_from_all_but_its_members(
    alice: Person, carol: Person, site: Site
) -> None:
    members, admins = site.space("ALPHA").security_levels
    issue = alice.create("ALPHA", "one", security={"name": "Administrators"})

    assert carol.get(f"{ISSUE}/{issue}").status == 404
    assert shown(alice, issue)["security"] == {
        "self": f"https://acme.atlassian.net/rest/api/3/securitylevel/{admins.id}",
        "id": admins.id,
        "description": "",
        "name": "Administrators",
    }
    alice.edit(issue, security={"id": members.id})
    assert steps(alice, issue) == [("security", admins.id, "Administrators", members.id, "Members")]
    assert carol.get(f"{ISSUE}/{issue}").status == 200
    assert faults(alice, issue, security={"id": "99"}) == {"security": "The security selected is invalid."}
    assert "cannot be set" in faults(carol, issue, security=None)["security"]


def test_a_default_security_level_holds_from_the_first_moment(
    alice: Person, carol: Person, site: Site
) -> None:
    site.space("ALPHA").security_levels[1].is_default = True

    issue = alice.create("ALPHA", "one")

    assert shown(alice, issue)["security"]["name"] == "Administrators"
    assert carol.get(f"{ISSUE}/{issue}").status == 404


def test_a_resolution_says_when_it_came(alice: Person, site: Site, clock: VirtualClock) -> None:
    issue = alice.create("ALPHA", "one")
    site.space("ALPHA").screen.add("resolution")
    clock.advance(hours=1)

    alice.edit(issue, resolution={"name": "Done"})

    assert shown(alice, issue)["resolutiondate"] == "2026-11-22T02:02:03.456+0000"
    alice.edit(issue, resolution=None)
    assert shown(alice, issue)["resolutiondate"] is None


def test_the_date_of_the_category_moves_with_the_category_alone(bob: Person, clock: VirtualClock) -> None:
    issue = bob.create("BETA", "one")
    seen = []

    for name in ("Select", "Start", "Ask for review"):
        clock.advance(hours=1)
        bob.move(issue, name)
        fields = shown(bob, issue)
        seen.append((fields["statusCategory"]["key"], fields["statuscategorychangedate"][11:16]))

    assert seen == [("new", "01:02"), ("indeterminate", "03:02"), ("indeterminate", "03:02")]


def test_comments_work_and_links_come_with_an_edit(alice: Person) -> None:
    other, issue = alice.create("ALPHA", "other"), alice.create("ALPHA", "one")
    update = {
        "comment": [{"add": {"body": document("said")}}],
        "worklog": [{"add": {"timeSpent": "30m", "comment": document("done")}}],
        "issuelinks": [{"add": {"type": {"name": "Blocks"}, "outwardIssue": {"id": other}}}],
    }

    answer = alice.put(f"{ISSUE}/{issue}", {"fields": {"labels": ["a"]}, "update": update})

    assert answer.status == 204
    fields = shown(alice, issue)
    assert [each["body"] for each in fields["comment"]["comments"]] == [document("said")]
    assert [each["timeSpentSeconds"] for each in fields["worklog"]["worklogs"]] == [1800]
    assert fields["issuelinks"][0]["outwardIssue"]["key"] == "ALPHA-1"
    assert fields["labels"] == ["a"]


def test_a_comment_of_an_edit_is_changed_and_removed(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    number = alice.comment(issue, "said")

    def update(**verb: object) -> list[Any]:
        assert alice.put(f"{ISSUE}/{issue}", {"update": {"comment": [verb]}}).status == 204
        return [each["body"] for each in shown(alice, issue)["comment"]["comments"]]

    assert update(edit={"id": number, "body": document("rather")}) == [document("rather")]
    assert update(remove={"id": number}) == []


def test_a_comment_in_version_2_is_wiki_text(alice: Person) -> None:
    fields = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "one"}
    body = {"fields": fields, "update": {"comment": [{"add": {"body": "*bold*"}}]}}

    issue = alice.post("/rest/api/2/issue", body).json()["id"]

    (comment,) = alice.get(f"/rest/api/2/issue/{issue}").json()["fields"]["comment"]["comments"]
    assert comment["body"] == "*bold*"


@pytest.mark.parametrize(
    ("update", "name"),
    [
        ({"comment": {"add": {}}}, "comment"),
        ({"comment": [{"add": {"body": "plain"}}]}, "comment"),
        ({"comment": [{"add": {}, "remove": {}}]}, "comment"),
        ({"comment": [{"shout": {}}]}, "comment"),
        ({"worklog": [{"add": {}}]}, "timeLogged"),
        ({"worklog": [{"remove": {"id": "1"}}]}, "worklog"),
        ({"issuelinks": [{"add": {"type": {"name": "Blocks"}}}]}, "issuelinks"),
        (
            {"issuelinks": [{"add": {"type": {"name": "Blocks"}, "outwardIssue": {"key": "ALPHA-99"}}}]},
            "issuelinks",
        ),
    ],
)
def test_what_cannot_be_added_is_refused_and_nothing_else_is_done(
    alice: Person, site: Site, update: dict[str, Any], name: str
) -> None:
    issue = alice.create("ALPHA", "one")
    fields = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "two"}

    edited = alice.put(f"{ISSUE}/{issue}", {"fields": {"labels": ["a"]}, "update": update})
    created = alice.post(ISSUE, {"fields": fields, "update": update})

    assert (edited.status, created.status) == (400, 400)
    assert set(edited.json()["errors"]) == set(created.json()["errors"]) == {name}
    assert shown(alice, issue)["labels"] == []
    assert list(site.issues) == [issue]


@pytest.mark.parametrize(
    "second",
    [
        {"worklog": [{"add": {"timeSpent": "soon"}}]},
        {"issuelinks": [{"add": {"type": {"name": "Blocks"}, "outwardIssue": {"key": "ALPHA-99"}}}]},
        {"comment": [{"add": {"body": document("said")}}, {"add": {"body": None}}]},
        {"comment": [{"add": {"body": document("said")}}, {"remove": {"id": "1"}}]},
    ],
)
def test_what_comes_with_an_edit_is_done_as_a_whole_or_not_at_all(
    alice: Person, app: ListeningApp, world: World, site: Site, second: dict[str, Any]
) -> None:
    other, issue = alice.create("ALPHA", "other"), alice.create("ALPHA", "one")
    first = {"issuelinks": [{"add": {"type": {"name": "Blocks"}, "outwardIssue": {"id": other}}}]}
    before = alice.get(f"{ISSUE}/{issue}?expand=changelog").json()
    world.deliver(app)
    app.calls.clear()

    answers = [
        alice.put(f"{ISSUE}/{issue}", {"update": {"comment": [{"add": {"body": document("x")}}], **second}}),
        alice.put(f"{ISSUE}/{issue}", {"update": {**first, **second}}),
        alice.post(
            ISSUE,
            {
                "fields": {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "two"},
                "update": {"worklog": [{"add": {"timeSpent": "30m"}}], **second},
            },
        ),
    ]

    world.deliver(app)
    assert [each.status for each in answers] == [400, 400, 400]
    assert all(len(each.json()["errors"]) == 1 for each in answers)
    assert alice.get(f"{ISSUE}/{issue}?expand=changelog").json() == before
    assert (site.links, list(site.issues), app.calls) == ([], [other, issue], [])


def test_a_comment_is_changed_once_in_an_edit(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    number = alice.comment(issue, "said")
    verbs = [{"edit": {"id": number, "body": document("rather")}}, {"remove": {"id": number}}]

    answer = alice.put(f"{ISSUE}/{issue}", {"update": {"comment": verbs}})

    assert (answer.status, list(answer.json()["errors"])) == (400, ["comment"])
    assert [each["body"] for each in shown(alice, issue)["comment"]["comments"]] == [document("said")]


def test_work_logged_twice_in_an_edit_is_taken_off_the_estimate_twice(alice: Person) -> None:
    issue = alice.create("ALPHA", "one", timetracking={"originalEstimate": "4h"})

    alice.put(f"{ISSUE}/{issue}", {"update": {"worklog": [{"add": {"timeSpent": "1h"}}] * 2}})

    assert shown(alice, issue)["timetracking"]["remainingEstimate"] == "2h"


def test_a_new_work_item_is_told_before_what_came_with_it(
    alice: Person, app: ListeningApp, world: World
) -> None:
    fields = {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "one"}

    alice.post(ISSUE, {"fields": fields, "update": {"comment": [{"add": {"body": document("said")}}]}})

    world.deliver(app)
    told = [json.loads(each.body)["webhookEvent"] for each in app.calls]
    assert told == ["jira:issue_created", "comment_created"]


def test_nobody_hides_a_work_item_from_oneself(alice: Person, site: Site) -> None:
    admins = site.space("ALPHA").security_levels[1]
    issue = alice.create("ALPHA", "one")
    admins.members.clear()

    refused = faults(alice, issue, security={"id": admins.id})
    offered = alice.get(f"{ISSUE}/{issue}/editmeta").json()["fields"]["security"]["allowedValues"]

    assert refused == {"security": "The security selected is invalid."}
    assert [each["name"] for each in offered] == ["Members"]


def test_a_sub_task_stays_in_the_space_of_its_parent(alice: Person, bob: Person, furnished: Site) -> None:
    furnished.grant(furnished.user("alice"), "BROWSE_PROJECTS", space=furnished.space("BETA"))
    elsewhere, here = bob.create("BETA", "elsewhere"), alice.create("ALPHA", "here")
    below = alice.create("ALPHA", "below", kind="Sub-task", parent={"id": here})

    assert faults(alice, below, parent={"id": elsewhere}) == {
        "parentId": "Given parent work item does not belong to appropriate hierarchy."
    }
    assert faults(alice, below, parent=None) == {
        "issuetype": "Issue type is a sub-task but parent issue key or id not specified."
    }


def test_a_parent_one_does_not_see_is_neither_shown_nor_chosen(
    alice: Person, carol: Person, site: Site
) -> None:
    epic = alice.create("ALPHA", "big", kind="Epic")
    child, other = alice.create("ALPHA", "one", parent={"id": epic}), carol.create("ALPHA", "two")
    site.hide_issue(site.issue(epic), from_account=site.user("carol"))

    assert shown(alice, child)["parent"]["id"] == epic
    assert "parent" not in shown(carol, child)
    assert faults(carol, other, parent={"id": epic}) == {"parent": "Could not find issue by id or key."}


def test_an_estimate_used_up_does_not_come_back_with_another_original_one(alice: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")
    alice.put(f"{ISSUE}/{issue}", {"update": {"worklog": [{"add": {"timeSpent": "1h"}}]}})
    alice.edit(issue, timetracking={"remainingEstimate": ""})

    alice.edit(issue, timetracking={"originalEstimate": "4h"})

    assert "remainingEstimate" not in shown(alice, issue)["timetracking"]


def test_links_lead_to_where_the_site_is_now(alice: Person, world: World, site: Site) -> None:
    issue = alice.create("ALPHA", "one")
    before = alice.get(f"{ISSUE}/{issue}").body

    world.rename(site, "https://new.atlassian.net")

    after = alice.get(f"{ISSUE}/{issue}").body
    assert (before.count(b"https://acme."), after.count(b"https://acme.")) == (
        after.count(b"https://new."),
        0,
    )
