import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person

ASSIGNEE = "PUT /rest/api/3/issue/{issueIdOrKey}/assignee"
NOTIFY = "POST /rest/api/3/issue/{issueIdOrKey}/notify"


@pytest.fixture
def issue(alice: Person) -> str:
    return alice.create("ALPHA", "one")


def assignee(person: Person, issue: str) -> str | None:
    held = person.get(f"/rest/api/3/issue/{issue}?fields=assignee").json()["fields"]["assignee"]
    return held and str(held["displayName"])


@pytest.mark.answers(ASSIGNEE)
def test_an_assignment_is_shown_and_told_in_history(alice: Person, issue: str, site: Site) -> None:
    carol = site.user("carol").account_id

    answer = alice.put(f"/rest/api/3/issue/{issue}/assignee", {"accountId": carol})

    assert (answer.status, answer.body, assignee(alice, issue)) == (204, b"", "Carol Cook")
    (entry,) = site.issues[issue].changelog
    (item,) = entry.items
    assert (item.field, item.before, item.after, item.after_text) == ("assignee", None, carol, "Carol Cook")


def test_to_nobody_and_to_whom_the_space_says(alice: Person, issue: str, site: Site) -> None:
    path = f"/rest/api/3/issue/{issue}/assignee"
    site.space("ALPHA").assignee_type = "PROJECT_LEAD"

    alice.put(path, {"accountId": "-1"})
    lead = assignee(alice, issue)
    alice.put(path, {"accountId": None})

    assert (lead, assignee(alice, issue)) == ("Alice Archer", None)


def test_the_same_again_leaves_no_trace(alice: Person, issue: str, site: Site) -> None:
    answer = alice.put(f"/rest/api/3/issue/{issue}/assignee", {"accountId": None})

    assert (answer.status, site.issues[issue].changelog) == (204, [])


def test_an_app_hears_that_it_is_assigned(
    world: World, site: Site, app: ListeningApp, alice: Person, issue: str
) -> None:
    world.outbox.clear()

    alice.put(f"/rest/api/3/issue/{issue}/assignee", {"accountId": site.user("carol").account_id})

    (delivery,) = world.outbox
    assert b'"issue_event_type_name": "issue_assigned"' in delivery.body


@pytest.mark.refuses(ASSIGNEE, 400)
@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"accountId": "Exactly one of name, key and accountId must be provided."}),
        (
            {"name": "a", "accountId": "b"},
            {"accountId": "Exactly one of name, key and accountId must be provided."},
        ),
        ({"accountId": 5}, {"accountId": "data was not a string"}),
        (
            {"accountId": "nobody"},
            {"assignee": "Account ID 'nobody' does not exist for the field 'assignee'."},
        ),
    ],
)
def test_who_it_is_must_be_said(
    alice: Person, issue: str, body: dict[str, object], errors: dict[str, str]
) -> None:
    answer = alice.put(f"/rest/api/3/issue/{issue}/assignee", body)

    assert (answer.status, answer.json()["errors"]) == (400, errors)


def test_who_has_no_part_in_a_space_is_not_assigned(alice: Person, issue: str, site: Site) -> None:
    answer = alice.put(f"/rest/api/3/issue/{issue}/assignee", {"accountId": site.user("bob").account_id})

    assert answer.json()["errors"] == {"assignee": "User 'Bob Baker' cannot be assigned issues."}


@pytest.mark.refuses(ASSIGNEE, 403)
def test_assigning_takes_a_right_of_its_own(carol: Person, issue: str, site: Site) -> None:
    site.deny(site.user("carol"), "EDIT_ISSUES", space=site.space("ALPHA"))
    allowed = carol.put(f"/rest/api/3/issue/{issue}/assignee", {"accountId": site.user("carol").account_id})
    site.deny(site.user("carol"), "ASSIGN_ISSUES", space=site.space("ALPHA"))

    answer = carol.put(f"/rest/api/3/issue/{issue}/assignee", {"accountId": None})

    assert (allowed.status, answer.status, assignee(carol, issue)) == (204, 403, "Carol Cook")
    assert answer.json()["errorMessages"] == ["You do not have permission to assign issues."]


@pytest.mark.refuses(ASSIGNEE, 404)
@pytest.mark.refuses(NOTIFY, 404)
def test_an_item_one_may_not_see(bob: Person, issue: str) -> None:
    assert bob.put(f"/rest/api/3/issue/{issue}/assignee", {"accountId": None}).status == 404
    assert bob.post(f"/rest/api/3/issue/{issue}/notify", {"to": {"reporter": True}}).status == 404


@pytest.mark.answers(NOTIFY)
def test_mails_go_to_people_and_groups(carol: Person, alice: Person, issue: str, site: Site) -> None:
    alice.post(f"/rest/api/3/issue/{issue}/watchers")
    recipients: list[dict[str, object]] = [
        {"reporter": True},
        {"watchers": True},
        {"users": [{"accountId": site.user("dana").account_id}]},
        {"groups": [{"name": "staff"}]},
        {"groupIds": [site.group("staff").id]},
    ]

    answers = [
        carol.post(f"/rest/api/3/issue/{issue}/notify", {"subject": "Look", "textBody": "x", "to": each})
        for each in recipients
    ]

    assert {(each.status, each.body) for each in answers} == {(204, b"")}


@pytest.mark.refuses(NOTIFY, 400)
@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"to": "No recipients were defined for notification."}),
        ({"to": {"assignee": True}}, {"to": "No recipients were defined for notification."}),
        ({"to": {"reporter": True}}, {"to": "No recipients were defined for notification."}),
        ({"to": {"users": [{"accountId": "nobody"}]}}, {"users": "User 'nobody' does not exist."}),
        ({"to": {"groups": [{"name": "kings"}]}}, {"groups": "Group 'kings' does not exist."}),
    ],
)
def test_mails_to_nobody_or_to_oneself(
    alice: Person, issue: str, body: dict[str, object], errors: dict[str, str]
) -> None:
    answer = alice.post(f"/rest/api/3/issue/{issue}/notify", body)

    assert (answer.status, answer.json()["errors"]) == (400, errors)
