import pytest

from jira_sandbox.state.rights import Holder
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import Person, VirtualClock, as_person
from tests.support.subtasks import allow_subtasks

ISSUE = "/rest/api/3/issue"


@pytest.fixture
def frank(world: World, site: Site) -> Person:
    """Works in ALPHA, but is of no role and no group."""
    return as_person(world, site, "frank")


@pytest.mark.answers("PUT /rest/api/3/issue/{issueIdOrKey}")
def test_an_edit_answers_with_nothing_unless_the_item_is_asked_for(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")

    bare = alice.put(f"{ISSUE}/{issue}", {"fields": {"summary": "two"}})
    full = alice.put(f"{ISSUE}/{issue}?returnIssue=true&expand=changelog", {"fields": {"summary": "three"}})

    assert (bare.status, bare.body) == (204, b"")
    assert full.status == 200
    assert full.json()["fields"]["summary"] == "three"
    told = [entry["items"][0]["toString"] for entry in full.json()["changelog"]["histories"]]
    assert told == ["three", "two"]


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

    verbs = [{"add": "c"}, {"add": "b"}, {"remove": "a"}, {"remove": "d"}]
    alice.put(f"{ISSUE}/{issue}", {"update": {"labels": verbs, "summary": [{"set": "two"}]}})

    shown = alice.get(f"{ISSUE}/{issue}").json()["fields"]
    assert (shown["labels"], shown["summary"]) == (["b", "c"], "two")


@pytest.mark.refuses("PUT /rest/api/3/issue/{issueIdOrKey}", 400)
@pytest.mark.parametrize(
    ("body", "errors"),
    [
        (
            {"update": {"summary": [{"add": "x"}]}},
            {"summary": "Field with id 'summary' does not support operation 'add' (set)."},
        ),
        (
            {"update": {"labels": [{"add": "a", "remove": "b"}]}},
            {"labels": "Each operation must have exactly one verb."},
        ),
        ({"update": {"labels": {"add": "a"}}}, {"labels": "data was not an array"}),
        (
            {"fields": {"labels": ["a"]}, "update": {"labels": [{"add": "b"}]}},
            {"labels": "Field 'labels' cannot appear in both 'fields' and 'update'."},
        ),
        (
            {"update": {"labels": [{"add": "two words"}]}},
            {"labels": "The label 'two words' contains spaces which is invalid."},
        ),
    ],
)
def test_verbs_that_make_no_sense_are_refused_by_field(
    alice: Person, body: dict[str, object], errors: dict[str, str]
) -> None:
    issue = alice.create("ALPHA", "one")

    answer = alice.put(f"{ISSUE}/{issue}", body)

    assert (answer.status, answer.json()["errors"]) == (400, errors)


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

    first, third = (entry.id for entry in site.issue(ours).changelog)
    (second,) = (entry.id for entry in site.issue(theirs).changelog)
    assert first < second < third


def test_a_due_date_is_a_date_in_answers_and_in_history(alice: Person) -> None:
    issue = alice.create("ALPHA", "one", duedate="2026-12-01")

    alice.edit(issue, duedate="2026-12-24")
    alice.edit(issue, duedate=None)

    shown = alice.get(f"{ISSUE}/{issue}?expand=changelog").json()
    assert shown["fields"]["duedate"] is None
    steps = [entry["items"][0] for entry in shown["changelog"]["histories"][::-1]]
    assert [(each["from"], each["fromString"], each["to"], each["toString"]) for each in steps] == [
        ("2026-12-01", "2026-12-01 00:00:00.0", "2026-12-24", "2026-12-24 00:00:00.0"),
        ("2026-12-24", "2026-12-24 00:00:00.0", None, None),
    ]


@pytest.mark.parametrize("value", ["24.12.2026", "2026-02-30", "20261224", 20261224, ["2026-12-24"]])
def test_what_is_no_date_is_refused_by_name(alice: Person, value: object) -> None:
    issue = alice.create("ALPHA", "one")

    answer = alice.put(f"{ISSUE}/{issue}", {"fields": {"duedate": value}})

    assert (answer.status, list(answer.json()["errors"])) == (400, ["duedate"])


def test_a_resolution_is_given_on_the_way_and_not_on_an_edit_screen(alice: Person) -> None:
    issue = alice.create("ALPHA", "one")

    answer = alice.put(f"{ISSUE}/{issue}", {"fields": {"resolution": {"name": "Done"}}})

    assert (answer.status, list(answer.json()["errors"])) == (400, ["resolution"])
    assert alice.get(f"{ISSUE}/{issue}").json()["fields"]["resolution"] is None


def test_a_work_item_gets_another_type_of_the_same_workflow(alice: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")

    by_field = alice.put(f"{ISSUE}/{issue}", {"fields": {"issuetype": {"name": "Bug"}, "summary": "two"}})
    story = {"issuetype": [{"set": {"id": site.work_type("Story").id}}]}
    by_verb = alice.put(f"{ISSUE}/{issue}", {"update": story})

    assert (by_field.status, by_verb.status) == (204, 204)
    shown = alice.get(f"{ISSUE}/{issue}?expand=changelog").json()
    assert shown["fields"]["issuetype"]["name"] == "Story"
    told = [
        [(item["field"], item["fromString"], item["toString"]) for item in entry["items"]]
        for entry in shown["changelog"]["histories"]
    ]
    assert told == [
        [("issuetype", "Bug", "Story")],
        [("issuetype", "Task", "Bug"), ("summary", "one", "two")],
    ]


def test_the_same_type_again_is_no_change(alice: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")

    answer = alice.put(f"{ISSUE}/{issue}", {"fields": {"issuetype": {"name": "Task"}}})

    assert (answer.status, site.issues[issue].changelog) == (204, [])


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        ({"fields": {"issuetype": {"name": "Wish"}}}, "The issue type selected is invalid."),
        ({"fields": {"issuetype": {"name": "Sub-task"}}}, "The issue type selected is invalid."),
        ({"fields": {"issuetype": {"name": "Bug"}}}, "The issue type selected is invalid."),
        ({"fields": {"issuetype": "Bug"}}, "Specify an issue type"),
        (
            {"update": {"issuetype": [{"add": {"name": "Bug"}}]}},
            "Field with id 'issuetype' supports only the operation 'set'.",
        ),
    ],
)
def test_a_type_with_another_workflow_or_level_takes_a_move(
    alice: Person, site: Site, wish: dict[str, object], text: str
) -> None:
    issue = alice.create("ALPHA", "one")
    space, bug = site.space("ALPHA"), site.work_type("Bug")
    allow_subtasks(site, space)
    space.workflows[bug.id] = space.workflows[bug.id].changed("Start", refusal="Not yet.")

    answer = alice.put(f"{ISSUE}/{issue}", wish)

    assert (answer.status, answer.json()["errors"]) == (400, {"issuetype": text})
    assert site.issues[issue].changelog == []


@pytest.mark.parametrize("flag", ["overrideScreenSecurity", "overrideEditableFlag"])
@pytest.mark.refuses("PUT /rest/api/3/issue/{issueIdOrKey}", 403)
def test_only_jiras_administrators_edit_what_is_on_no_screen(
    alice: Person, dana: Person, site: Site, flag: str
) -> None:
    issue = alice.create("ALPHA", "one")
    site.take_off_screen(site.space("ALPHA"), "labels")
    wish, path = {"fields": {"labels": ["a"]}}, f"{ISSUE}/{issue}"

    plain, refused = dana.put(path, wish), alice.put(f"{path}?{flag}=true", wish)
    allowed = dana.put(f"{path}?{flag}=true", wish)

    assert (plain.status, refused.status, allowed.status) == (400, 403, 204)
    assert refused.json()["errorMessages"] == [
        "You do not have permission to override screen security or editable flags."
    ]
    assert alice.get(path).json()["fields"]["labels"] == ["a"]


@pytest.mark.refuses("PUT /rest/api/3/issue/{issueIdOrKey}", 409)
def test_another_write_at_the_same_time_wins(alice: Person, site: Site) -> None:
    issue = alice.create("ALPHA", "one")
    site.collide(site.issues[issue])

    first = alice.put(f"{ISSUE}/{issue}", {"fields": {"summary": "two"}})
    second = alice.put(f"{ISSUE}/{issue}", {"fields": {"summary": "two"}})

    assert (first.status, second.status) == (409, 204)
    assert first.json()["errorMessages"] == ["The issue could not be updated due to a conflicting update."]


@pytest.mark.refuses("PUT /rest/api/3/issue/{issueIdOrKey}", 404)
def test_an_item_one_may_not_see_is_not_edited(alice: Person, bob: Person) -> None:
    assert bob.put(f"{ISSUE}/{alice.create('ALPHA', 'one')}", {"fields": {"summary": "x"}}).status == 404


def test_whoever_reported_an_item_may_do_what_reporters_may(alice: Person, frank: Person, site: Site) -> None:
    space = site.space("ALPHA")
    own, other = frank.create("ALPHA", "one"), alice.create("ALPHA", "two")
    site.revoke(site.user("frank"), "EDIT_ISSUES", space=space)
    site.grant_to(Holder("reporter"), "EDIT_ISSUES", space=space)

    answers = [frank.put(f"{ISSUE}/{each}", {"fields": {"summary": "x"}}) for each in (own, other)]

    assert [each.status for each in answers] == [204, 400]
