import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person
from tests.support.subtasks import subtask_of

ARCHIVE, UNARCHIVE = "/rest/api/3/issue/archive", "/rest/api/3/issue/unarchive"
TASK = "GET /rest/api/3/task/{taskId}"


def found(person: Person) -> list[str]:
    page = person.get("/rest/api/3/search/jql?jql=project=ALPHA&fields=summary").json()
    return sorted(each["key"] for each in page["issues"])


@pytest.mark.answers(f"PUT {ARCHIVE}")
@pytest.mark.answers(f"PUT {UNARCHIVE}")
def test_an_archived_item_is_read_only_until_it_is_brought_back(alice: Person, dana: Person) -> None:
    issue = alice.create("ALPHA", "one")

    gone = dana.put(ARCHIVE, {"issueIdsOrKeys": [issue, "alpha-1"]})
    refused = alice.put(f"/rest/api/3/issue/{issue}", {"fields": {"summary": "two"}})
    hidden = found(alice)
    back = dana.put(UNARCHIVE, {"issueIdsOrKeys": [issue]})

    assert gone.json() == back.json() == {"numberOfIssuesUpdated": 1, "errors": {}}
    assert (refused.status, hidden, found(alice)) == (400, [], ["ALPHA-1"])


def test_sub_tasks_go_along_and_not_alone(alice: Person, dana: Person, site: Site) -> None:
    parent = alice.create("ALPHA", "one")
    child = subtask_of(site, alice, parent)

    alone = dana.put(ARCHIVE, {"issueIdsOrKeys": [child]})
    along = dana.put(ARCHIVE, {"issueIdsOrKeys": [parent, child, "ALPHA-99"]})

    assert alone.status == 400
    assert along.json() == {
        "numberOfIssuesUpdated": 2,
        "errors": {
            "issueIsSubtask": {"count": 1, "issueIdsOrKeys": [child], "message": "Issue is subtask."},
            "issuesNotFound": {"count": 1, "issueIdsOrKeys": ["ALPHA-99"], "message": "Issue not found."},
        },
    }
    assert site.is_archived(site.issues[child])


def test_what_lies_in_an_archived_space_stays_as_it_is(alice: Person, dana: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")
    site.space("ALPHA").is_archived = True

    answer = dana.put(ARCHIVE, {"issueIdsOrKeys": [issue]})

    site.space("ALPHA").is_archived = False
    assert (answer.status, site.is_archived(site.issues[issue])) == (400, False)


def test_an_app_hears_of_both(world: World, app: ListeningApp, alice: Person, dana: Person) -> None:
    issue = alice.create("ALPHA", "one")
    world.outbox.clear()

    dana.put(ARCHIVE, {"issueIdsOrKeys": [issue]})
    dana.put(UNARCHIVE, {"issueIdsOrKeys": [issue]})

    first, second = (delivery.body for delivery in world.outbox)
    assert b'"issue_archived"' in first
    assert b'"issue_restored"' in second


@pytest.mark.refuses(f"PUT {ARCHIVE}", 403)
@pytest.mark.refuses(f"PUT {UNARCHIVE}", 403)
@pytest.mark.refuses(f"POST {ARCHIVE}", 403)
def test_only_jiras_administrators_archive(alice: Person) -> None:
    names = {"issueIdsOrKeys": [alice.create("ALPHA", "one")]}

    refused = (
        alice.put(ARCHIVE, names),
        alice.put(UNARCHIVE, names),
        alice.post(ARCHIVE, {"jql": "project = ALPHA"}),
    )

    assert {each.status for each in refused} == {403}
    assert refused[0].json()["errorMessages"] == [
        "Only admins can archive or unarchive issues. Access denied."
    ]


@pytest.mark.refuses(f"PUT {ARCHIVE}", 400)
@pytest.mark.refuses(f"PUT {UNARCHIVE}", 400)
def test_nothing_that_can_be_archived(dana: Person) -> None:
    refused = dana.put(ARCHIVE, {"issueIdsOrKeys": ["ALPHA-1"]}), dana.put(UNARCHIVE, {"issueIdsOrKeys": []})
    misshapen = dana.put(ARCHIVE, {"issueIdsOrKeys": "ALPHA-1"})

    assert [each.json()["errorMessages"] for each in refused] == [
        ["No valid issue to archive or unarchive. Bad request."]
    ] * 2
    assert misshapen.json()["errors"] == {"issueIdsOrKeys": "data was not an array"}


@pytest.mark.refuses(f"PUT {ARCHIVE}", 412)
@pytest.mark.refuses(f"PUT {UNARCHIVE}", 412)
def test_of_more_than_a_thousand_the_first_thousand_are_archived(
    alice: Person, dana: Person, site: Site
) -> None:
    first, last = alice.create("ALPHA", "one"), alice.create("ALPHA", "two")
    names = {"issueIdsOrKeys": [first, *(f"NONE-{number}" for number in range(999)), last]}

    answer = dana.put(ARCHIVE, names)

    assert answer.status == 412
    assert [site.is_archived(site.issues[each]) for each in (first, last)] == [True, False]
    assert dana.put(UNARCHIVE, names).status == 412
    assert not site.is_archived(site.issues[first])


@pytest.mark.answers(f"POST {ARCHIVE}")
@pytest.mark.answers(TASK)
def test_what_a_query_finds_is_archived_by_a_task(alice: Person, dana: Person, site: Site) -> None:
    kept, gone = alice.create("ALPHA", "one"), alice.create("ALPHA", "two", labels=["old"])

    answer = dana.post(ARCHIVE, {"jql": "labels = old"})

    task = dana.get(answer.json().removeprefix(site.base_url)).json()
    assert (answer.status, task["status"], task["progress"]) == (202, "COMPLETE", 100)
    assert task["result"] == {"numberOfIssuesUpdated": 1}
    assert [site.is_archived(site.issues[each]) for each in (kept, gone)] == [False, True]


def test_a_query_archives_for_administrators_and_what_they_see_alone(
    alice: Person, dana: Person, site: Site
) -> None:
    issue = alice.create("ALPHA", "one", labels=["old"])
    site.hide_issue(site.issues[issue], from_account=site.user("dana"))

    refused = [alice.post(ARCHIVE, {"jql": f"labels = {label}"}).status for label in ("old", "none")]
    answer = dana.post(ARCHIVE, {"jql": "labels = old"})

    task = dana.get(answer.json().removeprefix(site.base_url)).json()
    assert refused == [403, 403]
    assert task["result"] == {"numberOfIssuesUpdated": 0}
    assert not site.is_archived(site.issues[issue])


@pytest.mark.refuses(f"POST {ARCHIVE}", 400)
@pytest.mark.parametrize("body", [{}, {"jql": 5}, {"jql": "nonsense ="}])
def test_a_query_that_is_none(dana: Person, body: dict[str, object]) -> None:
    answer = dana.post(ARCHIVE, body)

    assert (answer.status, answer.json()["errorMessages"]) == (400, ["Invalid JQL. Bad request."])


@pytest.mark.refuses(TASK, 403)
@pytest.mark.refuses(TASK, 404)
def test_a_task_is_its_makers_and_the_administrators(alice: Person, dana: Person) -> None:
    number = dana.post(ARCHIVE, {"jql": "labels = old"}).json().rpartition("/")[2]

    strange, missing = alice.get(f"/rest/api/3/task/{number}"), dana.get("/rest/api/3/task/99")

    assert strange.json()["errorMessages"] == ["You do not have permission to view this task."]
    assert missing.json()["errorMessages"] == ["Cannot find task with id 99."]
