from typing import Any

import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.events import listening
from tests.support.sandbox import ListeningApp, Person, VirtualClock, as_app

ALL = "/rest/api/3/project"
ALPHA = f"{ALL}/ALPHA"
TEAM = "com.pyxis.greenhopper.jira:gh-simplified-agility-kanban"


def wanted(site: Site, **more: object) -> dict[str, Any]:
    return {"key": "DELTA", "name": "Delta", "leadAccountId": site.user("carol").account_id, **more}


@pytest.mark.answers("GET /rest/api/3/project/{projectIdOrKey}")
def test_a_space_is_shown_with_its_lead_types_components_and_versions(alice: Person, site: Site) -> None:
    alice.post("/rest/api/3/component", {"project": "ALPHA", "name": "Engine"})
    alice.post("/rest/api/3/version", {"project": "ALPHA", "name": "1.0"})
    site.space("ALPHA").properties["color"] = "red"

    answer = alice.get(f"{ALPHA}?properties=color,size&expand=permissions,insight")

    shown = answer.json()
    assert (answer.status, shown["key"], shown["style"], shown["simplified"]) == (
        200,
        "ALPHA",
        "classic",
        False,
    )
    assert shown["lead"]["displayName"] == "Alice Archer"
    assert [each["name"] for each in shown["issueTypes"]] == ["Task", "Bug", "Story", "Epic"]
    assert [each["name"] for each in (*shown["components"], *shown["versions"])] == ["Engine", "1.0"]
    assert set(shown["roles"]) == {"Administrators", "Developers"}
    assert set(shown["avatarUrls"]) == {"16x16", "24x24", "32x32", "48x48"}
    assert (shown["properties"], shown["permissions"]) == ({"color": "red"}, {"canEdit": True})
    assert shown["insight"] == {"totalIssueCount": 0}


@pytest.mark.refuses("GET /rest/api/3/project/{projectIdOrKey}", 404)
@pytest.mark.refuses("PUT /rest/api/3/project/{projectIdOrKey}", 404)
@pytest.mark.refuses("PUT /rest/api/3/project/{projectIdOrKey}", 403)
@pytest.mark.refuses("DELETE /rest/api/3/project/{projectIdOrKey}", 404)
@pytest.mark.refuses("POST /rest/api/3/project/{projectIdOrKey}/delete", 404)
@pytest.mark.refuses("POST /rest/api/3/project/{projectIdOrKey}/archive", 403)
@pytest.mark.refuses("POST /rest/api/3/project/{projectIdOrKey}/archive", 404)
@pytest.mark.refuses("POST /rest/api/3/project/{projectIdOrKey}/restore", 404)
def test_who_may_not_is_told_so_or_that_there_is_no_such_space(
    alice: Person, bob: Person, carol: Person
) -> None:
    gone = ["No project could be found with key 'ALPHA'."]

    assert bob.get(ALPHA).json()["errorMessages"] == gone
    assert bob.put(ALPHA, {"name": "x"}).json()["errorMessages"] == gone
    assert bob.post(f"{ALPHA}/archive").status == 404
    refused = carol.put(ALPHA, {"name": "x"})
    assert (refused.status, refused.json()["errorMessages"]) == (
        403,
        ["You cannot edit the configuration of this project."],
    )
    assert alice.post(f"{ALPHA}/archive").status == 403
    assert alice.delete(ALPHA).status == alice.post(f"{ALPHA}/delete").status == 404
    assert alice.post(f"{ALPHA}/restore").status == 404


@pytest.mark.answers("POST /rest/api/3/project")
def test_a_new_space_is_like_the_first_and_its_lead_administers_it(
    dana: Person, carol: Person, alice: Person, world: World, site: Site
) -> None:
    ears = listening(world, site)

    answer = dana.post(ALL, wanted(site, description="Four", assigneeType="PROJECT_LEAD"))

    assert (answer.status, answer.json()["key"]) == (201, "DELTA")
    shown = carol.get(f"{ALL}/DELTA").json()
    assert (shown["description"], shown["assigneeType"]) == ("Four", "PROJECT_LEAD")
    assert [each["name"] for each in shown["issueTypes"]] == ["Task", "Bug", "Story", "Epic"]
    issue = carol.create("DELTA", "one")
    carol.move(issue, "Start")
    assert carol.put(f"{ALL}/DELTA", {"name": "Four"}).status == 200
    assert alice.get(f"{ALL}/DELTA").status == 404
    assert ears.names() == ["project_created", "project_updated"]


def test_a_team_managed_space_has_types_statuses_and_a_workflow_of_its_own(
    dana: Person, carol: Person, site: Site
) -> None:
    dana.post(ALL, wanted(site, projectTemplateKey=TEAM))

    shown = carol.get(f"{ALL}/DELTA").json()
    issue = carol.create("DELTA", "one")
    carol.move(issue, "Done")

    assert (shown["style"], shown["simplified"]) == ("next-gen", True)
    assert {each["scope"]["project"]["id"] for each in shown["issueTypes"]} == {shown["id"]}
    status = carol.get(f"/rest/api/3/issue/{issue}?fields=status").json()["fields"]["status"]
    assert (status["name"], status["scope"]["type"]) == ("Done", "PROJECT")
    assert status["id"] != site.status("Done").id


@pytest.mark.refuses("POST /rest/api/3/project", 400)
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"key": "d"}, "projectKey"),
        ({"key": "ALPHA"}, "projectKey"),
        ({"key": "ABCDEFGHIJK"}, "projectKey"),
        ({"name": "alpha"}, "projectName"),
        ({"name": ""}, "projectName"),
        ({"name": "x" * 81}, "projectName"),
        ({"leadAccountId": "nobody"}, "projectLead"),
        ({"projectTypeKey": "garden"}, "projectType"),
        ({"assigneeType": "ANYBODY"}, "assigneeType"),
        ({"categoryId": 99}, "categoryId"),
        ({"url": "ftp://x"}, "projectUrl"),
        ({"issueTypeScheme": 99}, "issueTypeScheme"),
    ],
)
def test_a_space_that_is_none_is_refused_by_field(
    dana: Person, site: Site, change: dict[str, object], field: str
) -> None:
    answer = dana.post(ALL, wanted(site) | change)

    assert (answer.status, list(answer.json()["errors"])) == (400, [field])
    assert len(site.spaces) == 3


@pytest.mark.refuses("POST /rest/api/3/project", 403)
def test_only_an_administrator_of_jira_makes_spaces(alice: Person, site: Site) -> None:
    answer = alice.post(ALL, wanted(site))

    assert (answer.status, answer.json()["errorMessages"]) == (
        403,
        ["Only Jira administrators can perform this operation."],
    )


@pytest.mark.answers("PUT /rest/api/3/project/{projectIdOrKey}")
@pytest.mark.refuses("PUT /rest/api/3/project/{projectIdOrKey}", 400)
def test_the_admin_of_a_space_changes_it_but_not_its_key(alice: Person, world: World, site: Site) -> None:
    ears = listening(world, site)

    changed = alice.put(ALPHA, {"name": "First", "url": "https://first.example", "description": "Aa"})
    rekeyed = alice.put(ALPHA, {"key": "FIRST"})
    wrong = alice.put(ALPHA, {"name": "beta", "assigneeType": "x"})

    assert (changed.status, changed.json()["name"], changed.json()["url"]) == (
        200,
        "First",
        "https://first.example",
    )
    assert (rekeyed.status, site.space("ALPHA").key) == (403, "ALPHA")
    assert (wrong.status, set(wrong.json()["errors"])) == (400, {"projectName", "assigneeType"})
    ((event, body),) = ears.hear()
    assert (event, body["project"]["name"]) == ("project_updated", "First")


def test_a_renamed_space_and_its_items_are_found_by_their_former_keys(dana: Person, alice: Person) -> None:
    issue = alice.create("ALPHA", "one")
    before = alice.get(f"/rest/api/3/issue/{issue}").json()["key"]

    renamed = dana.put(f"{ALPHA}?expand=projectKeys", {"key": "FIRST"}).json()

    assert (renamed["key"], renamed["projectKeys"]) == ("FIRST", ["FIRST", "ALPHA"])
    assert alice.get(ALPHA).json()["key"] == "FIRST"
    found = alice.get(f"/rest/api/3/issue/{before}").json()
    assert (found["id"], found["key"]) == (issue, before.replace("ALPHA", "FIRST"))
    another = alice.create("FIRST", "two")
    assert alice.get(f"/rest/api/3/issue/{another}").json()["key"] == "FIRST-2"
    assert dana.put(ALL + "/BETA", {"key": "ALPHA"}).json()["errors"] == {
        "projectKey": "Project 'Alpha' uses this project key."
    }


@pytest.mark.answers("POST /rest/api/3/project/{projectIdOrKey}/archive")
@pytest.mark.answers("POST /rest/api/3/project/{projectIdOrKey}/restore")
@pytest.mark.refuses("POST /rest/api/3/project/{projectIdOrKey}/archive", 400)
@pytest.mark.refuses("POST /rest/api/3/project/{projectIdOrKey}/restore", 400)
def test_an_archived_space_can_be_read_but_not_written_until_it_is_restored(
    dana: Person, alice: Person, world: World, site: Site
) -> None:
    issue = alice.create("ALPHA", "one")
    ears = listening(world, site)

    archived = dana.post(f"{ALPHA}/archive")
    twice = dana.post(f"{ALPHA}/archive")
    read = alice.get(f"/rest/api/3/issue/{issue}")
    written = alice.put(f"/rest/api/3/issue/{issue}", {"fields": {"summary": "two"}})
    made = alice.post(
        "/rest/api/3/issue",
        {"fields": {"project": {"key": "ALPHA"}, "issuetype": {"name": "Task"}, "summary": "x"}},
    )
    shown = alice.get(ALPHA).json()
    restored = dana.post(f"{ALPHA}/restore")

    assert (archived.status, twice.status, read.status) == (204, 400, 200)
    assert (written.status, made.status) == (400, 400)
    assert (shown["archived"], shown["archivedBy"]["displayName"]) == (True, "Dana Draper")
    assert dana.delete(ALPHA + "X").status == 404
    assert (restored.status, "archived" in restored.json()) == (200, False)
    alice.edit(issue, summary="two")
    assert dana.post(f"{ALPHA}/restore").status == 400
    assert ears.names() == ["project_archived", "project_restored_archived"]


def test_an_archived_space_must_be_restored_before_it_is_deleted(dana: Person) -> None:
    dana.post(f"{ALPHA}/archive")

    answer = dana.delete(ALPHA)

    assert (answer.status, answer.json()["errorMessages"]) == (
        404,
        ["The project ALPHA is archived. Restore it to delete it."],
    )


@pytest.mark.answers("DELETE /rest/api/3/project/{projectIdOrKey}")
def test_a_deleted_space_lies_in_the_trash_until_it_is_restored(
    dana: Person, alice: Person, world: World, site: Site, clock: VirtualClock
) -> None:
    issue = alice.create("ALPHA", "one")
    ears = listening(world, site)

    answer = dana.delete(ALPHA)
    gone = [alice.get(path).status for path in (ALPHA, f"/rest/api/3/issue/{issue}")]
    trash = dana.get(f"{ALL}/search?status=deleted").json()["values"]
    restored = dana.post(f"{ALPHA}/restore")

    assert (answer.status, gone, restored.status) == (204, [404, 404], 200)
    assert [(each["key"], each["deleted"]) for each in trash] == [("ALPHA", True)]
    assert trash[0]["retentionTillDate"] > trash[0]["deletedDate"]
    assert alice.get(f"/rest/api/3/issue/{issue}").status == 200
    assert ears.names() == ["project_soft_deleted", "project_restored_deleted"]


def test_a_space_deleted_for_good_takes_its_work_items_along(
    dana: Person, alice: Person, world: World, site: Site
) -> None:
    issue = alice.create("ALPHA", "one")
    ears = listening(world, site, "project_deleted", "jira:issue_deleted")

    answer = dana.delete(f"{ALPHA}?enableUndo=false")

    assert answer.status == 204
    assert (issue in site.issues, dana.post(f"{ALPHA}/restore").status) == (False, 404)
    assert ears.names() == ["project_deleted"]


@pytest.mark.answers("POST /rest/api/3/project/{projectIdOrKey}/delete")
def test_a_space_can_be_deleted_as_a_task(dana: Person) -> None:
    answer = dana.post(f"{ALPHA}/delete")

    task = dana.get(answer.headers["Location"].removeprefix("https://acme.atlassian.net")).json()
    assert (answer.status, task["status"], task["progress"]) == (303, "COMPLETE", 100)
    assert dana.get(ALPHA).status == 404


@pytest.mark.refuses("DELETE /rest/api/3/component/{id}", 403)
def test_what_an_archived_space_offers_is_read_only_too(dana: Person, alice: Person) -> None:
    version = alice.post("/rest/api/3/version", {"name": "1.0", "project": "ALPHA"}).json()["id"]
    component = alice.post("/rest/api/3/component", {"name": "Engine", "project": "ALPHA"}).json()["id"]
    dana.post(f"{ALPHA}/archive")

    refused = [
        alice.put(ALPHA, {"name": "Omega"}),
        alice.post("/rest/api/3/version", {"name": "2.0", "project": "ALPHA"}),
        alice.put(f"/rest/api/3/version/{version}", {"name": "1.1"}),
        alice.delete(f"/rest/api/3/version/{version}"),
        alice.post("/rest/api/3/component", {"name": "Wheel", "project": "ALPHA"}),
        alice.put(f"/rest/api/3/component/{component}", {"name": "Motor"}),
        alice.delete(f"/rest/api/3/component/{component}"),
    ]

    assert [each.status for each in refused] == [400] * 6 + [403]
    assert {tuple(each.json()["errorMessages"]) for each in refused} == {
        ("Project ALPHA is archived. You can't change archived projects.",)
    }
    assert alice.get(f"/rest/api/3/version/{version}").json()["name"] == "1.0"


def test_a_new_space_lets_jiras_admins_in_and_has_workflows_to_itself(dana: Person, site: Site) -> None:
    lead = site.user("alice").account_id
    dana.post("/rest/api/3/project", {"key": "DELTA", "name": "Delta", "leadAccountId": lead})
    delta, model = site.space("DELTA"), site.space("ALPHA")
    before = dict(model.workflows)

    for type_id, flow in delta.workflows.items():
        delta.workflows[type_id] = flow.changed("Start", refusal="Not yet.")
    issue = dana.create("DELTA", "one")
    step = {"transition": {"id": dana.transition_id(issue, "Start")}}
    refused = dana.post(f"/rest/api/3/issue/{issue}/transitions", step)

    assert (refused.status, refused.json()["errorMessages"]) == (400, ["Not yet."])
    assert model.workflows == before


def test_an_app_belongs_to_the_roles_of_spaces_made_after_it_came(
    world: World, app: ListeningApp, dana: Person, site: Site
) -> None:
    lead = site.user("dana").account_id
    dana.post("/rest/api/3/project", {"key": "DELTA", "name": "Delta", "leadAccountId": lead})
    issue = dana.create("DELTA", "one")
    hidden = dana.comment(issue, "psst", visibility={"type": "role", "value": "Administrators"})

    heard = as_app(world, site).get(f"/rest/api/3/issue/{issue}/comment/{hidden}")

    assert heard.status == 200
