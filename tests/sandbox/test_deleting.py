import pytest

from jira_sandbox.acts import attachments
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, descriptor, install
from tests.support.subtasks import subtask_of

DELETE = "DELETE /rest/api/3/issue/{issueIdOrKey}"


@pytest.fixture
def family(alice: Person, site: Site) -> tuple[str, str]:
    """A work item of ALPHA and its sub-task."""
    parent = alice.create("ALPHA", "one")
    return parent, subtask_of(site, alice, parent)


def test_a_parent_shows_its_sub_tasks_and_they_their_parent(alice: Person, family: tuple[str, str]) -> None:
    parent, child = family

    above = alice.get(f"/rest/api/3/issue/{parent}").json()["fields"]
    below = alice.get(f"/rest/api/3/issue/{child}").json()["fields"]

    assert [each["key"] for each in above["subtasks"]] == ["ALPHA-2"]
    assert (below["parent"]["key"], below["subtasks"]) == ("ALPHA-1", [])


@pytest.mark.refuses(DELETE, 400)
def test_a_parent_is_not_deleted_without_its_sub_tasks(alice: Person, family: tuple[str, str]) -> None:
    parent, child = family

    answer = alice.delete(f"/rest/api/3/issue/{parent}")

    assert answer.status == 400
    (words,) = answer.json()["errorMessages"]
    assert words.startswith("The issue 'ALPHA-1' has subtasks. You must specify the 'deleteSubtasks'")
    assert alice.get(f"/rest/api/3/issue/{child}").status == 200


@pytest.mark.answers(DELETE)
def test_with_them_all_are_gone_and_each_is_told(
    world: World, app: ListeningApp, alice: Person, family: tuple[str, str], site: Site
) -> None:
    parent, child = family
    world.outbox.clear()

    answer = alice.delete(f"/rest/api/3/issue/{parent}?deleteSubtasks=true")

    assert (answer.status, site.issues) == (204, {})
    assert [(each.event, each.issue_id) for each in world.outbox] == [
        ("jira:issue_deleted", child),
        ("jira:issue_deleted", parent),
    ]


def test_the_children_of_a_deleted_epic_have_no_parent(alice: Person, site: Site) -> None:
    epic = alice.create("ALPHA", "all of it", kind="Epic")
    child = alice.create("ALPHA", "a part", parent={"id": epic})

    answer = alice.delete(f"/rest/api/3/issue/{epic}")

    assert answer.status == 204
    assert "parent" not in alice.get(f"/rest/api/3/issue/{child}").json()["fields"]
    assert site.issues[child].fields["parent"] is None


@pytest.mark.refuses(DELETE, 403)
def test_deleting_takes_the_right_to(alice: Person, family: tuple[str, str], site: Site) -> None:
    site.deny(site.user("alice"), "DELETE_ISSUES", space=site.space("ALPHA"))

    answer = alice.delete(f"/rest/api/3/issue/{family[0]}?deleteSubtasks=true")

    assert answer.status == 403
    assert answer.json()["errorMessages"] == ["You do not have permission to delete issues in this project."]
    assert len(site.issues) == 2


@pytest.mark.refuses(DELETE, 404)
def test_an_item_one_may_not_see(bob: Person, family: tuple[str, str]) -> None:
    assert bob.delete(f"/rest/api/3/issue/{family[1]}").status == 404


def test_the_children_of_a_deleted_epic_stay(alice: Person) -> None:
    epic = alice.create("ALPHA", "all of it", kind="Epic")
    child = alice.create("ALPHA", "a part", parent={"id": epic})

    answer = alice.delete(f"/rest/api/3/issue/{epic}")

    assert answer.status == 204
    assert "parent" not in alice.get(f"/rest/api/3/issue/{child}").json()["fields"]


def test_what_hangs_on_a_deleted_item_is_told_of_at_leisure(world: World, site: Site, alice: Person) -> None:
    gone = ["jira:issue_deleted", "comment_deleted", "worklog_deleted", "attachment_deleted"]
    hooks = {"webhooks": [{"event": event, "url": "/hook"} for event in gone]}
    install(world, site, ListeningApp(), wanted=descriptor(modules=hooks))
    issue = alice.create("ALPHA", "one")
    alice.comment(issue, "x")
    alice.post(f"/rest/api/3/issue/{issue}/worklog", {"timeSpentSeconds": 60})
    file = attachments.Upload(filename="a.txt", mime_type="text/plain", content=b"a")
    attachments.attach(world, site, site.user("alice"), site.issues[issue], [file])

    alice.delete(f"/rest/api/3/issue/{issue}")

    assert [(each.event, each.flow) for each in world.outbox] == [
        (gone[0], "Primary"),
        *((event, "Secondary") for event in gone[1:]),
    ]
