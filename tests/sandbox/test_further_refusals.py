"""Refusals beside those that the tests of the operations themselves show: bad parameters, missing rights."""

from typing import Any

import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.wire import Response
from tests.support.sandbox import Person, document

CONTEXT = "/rest/api/3/field/{fieldId}/context/{contextId}"
TRANSITIONS = "/rest/api/3/issue/{issueIdOrKey}/transitions"
WORK = "/rest/api/3/issue/{issueIdOrKey}/worklog/{worklogId}/properties/{propertyKey}"
OF_TYPE = "/rest/api/3/issuetype/{issueTypeId}/properties/{propertyKey}"
VOTES = "/rest/api/3/issue/{issueIdOrKey}/votes"
COMMENT = "/rest/api/3/comment/{commentId}/properties/{propertyKey}"
KEPT = "/rest/api/3/user/properties"
SELECT = "com.atlassian.jira.plugin.system.customfieldtypes:select"
NO_NUMBER = "Parameter 'startAt' must be a non-negative number."
NO_OBJECT = "Invalid request payload. Refer to the REST API documentation and try again."
NOT_BROWSING = "You do not have the global permission to browse users and groups."


def refused(status: int, route: str, *values: object) -> Any:
    """A parameter of a test: the method of the route, then these values."""
    return pytest.param(route.partition(" ")[0], *values, marks=pytest.mark.refuses(route, status), id=route)


def told(message: str = "", **errors: str) -> dict[str, object]:
    """What Jira says when it refuses."""
    return {"errorMessages": [message] if message else [], "errors": errors}


@pytest.fixture
def names(site: Site, dana: Person) -> dict[str, str]:
    """A select list, its context and ALPHA, as the paths below call them."""
    field = dana.post("/rest/api/3/field", {"name": "Size", "type": SELECT}).json()["id"]
    (context,) = dana.get(f"/rest/api/3/field/{field}/context").json()["values"]
    return {"fieldId": field, "contextId": context["id"], "space": site.space("ALPHA").id}


@pytest.fixture
def issue(alice: Person) -> str:
    return alice.create("ALPHA", "one")


def start(alice: Person, issue: str, **more: object) -> Response:
    """Take the first transition of a work item."""
    number = alice.transition_id(issue, "Start")
    path = f"/rest/api/3/issue/{issue}/transitions"
    return alice.post(path, {"transition": {"id": number}, **more})


@pytest.mark.parametrize(
    ("method", "path", "body", "words"),
    [
        refused(400, f"GET {CONTEXT}/option", f"{CONTEXT}/option?startAt=-1", None, told(NO_NUMBER)),
        refused(
            400,
            "GET /rest/api/3/issuesecurityschemes/{issueSecuritySchemeId}/members",
            "/rest/api/3/issuesecurityschemes/{space}/members?startAt=x",
            None,
            told(NO_NUMBER),
        ),
        refused(
            400,
            f"POST {CONTEXT}/issuetype/remove",
            f"{CONTEXT}/issuetype/remove",
            {"issueTypeIds": "all"},
            told(issueTypeIds="data was not an array"),
        ),
        refused(400, "PUT /rest/api/3/priority/default", "/rest/api/3/priority/default", [], told(NO_OBJECT)),
        refused(
            400, "PUT /rest/api/3/resolution/default", "/rest/api/3/resolution/default", [], told(NO_OBJECT)
        ),
    ],
)
def test_what_makes_no_sense_is_refused(
    dana: Person, names: dict[str, str], method: str, path: str, body: object, words: object
) -> None:
    answer = dana.call(method, path.format(**names), body)

    assert (answer.status, answer.json()) == (400, words)


@pytest.mark.parametrize("method", [refused(400, f"{each} {OF_TYPE}") for each in ("GET", "DELETE")])
def test_a_work_type_has_a_number(dana: Person, method: str) -> None:
    answer = dana.call(method, "/rest/api/3/issuetype/Task/properties/k")

    assert (answer.status, answer.json()) == (400, told("The issue type id 'Task' is not valid."))


@pytest.mark.parametrize("method", [refused(400, f"{each} {WORK}") for each in ("GET", "PUT", "DELETE")])
def test_logged_work_has_a_number(alice: Person, issue: str, method: str) -> None:
    answer = alice.call(method, f"/rest/api/3/issue/{issue}/worklog/mine/properties/k", 1)

    assert (answer.status, answer.json()) == (400, told("The worklog id 'mine' is invalid."))


@pytest.mark.parametrize(
    "method", [refused(400, f"{each} {KEPT}/{{propertyKey}}") for each in ("GET", "DELETE")]
)
def test_whose_property_is_meant_must_be_said(alice: Person, method: str) -> None:
    answer = alice.call(method, f"{KEPT}/town")

    assert (answer.status, answer.json()) == (400, told("The query parameter 'accountId' must be provided."))


@pytest.mark.parametrize(
    "method", [refused(403, f"{each} {KEPT}/{{propertyKey}}") for each in ("GET", "PUT", "DELETE")]
)
def test_a_property_of_somebody_else_is_for_administrators(
    alice: Person, dana: Person, site: Site, method: str
) -> None:
    path = f"{KEPT}/town?accountId={site.user('bob').account_id}"
    dana.put(path, "Oslo")

    answer = alice.call(method, path, "Rome")

    words = "You do not have permission to access the properties of this user."
    assert (answer.status, answer.json()) == (403, told(words))
    assert dana.get(path).json()["value"] == "Oslo"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        refused(404, f"GET {KEPT}", KEPT),
        refused(404, f"PUT {KEPT}/{{propertyKey}}", f"{KEPT}/town"),
    ],
)
def test_nobody_has_no_properties(dana: Person, method: str, path: str) -> None:
    answer = dana.call(method, f"{path}?accountId=nobody", None if method == "GET" else 1)

    words = "Specified user does not exist or you do not have required permissions"
    assert (answer.status, answer.json()) == (404, told(words))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        refused(403, "GET /rest/api/3/users", "/rest/api/3/users"),
        refused(403, "GET /rest/api/3/users/search", "/rest/api/3/users/search"),
        refused(
            403,
            "GET /rest/api/3/user/search/query/key",
            "/rest/api/3/user/search/query/key?query=is assignee of ALPHA",
        ),
    ],
)
def test_who_may_not_browse_people_is_given_no_list(
    alice: Person, site: Site, method: str, path: str
) -> None:
    for each in site.grants_globally("USER_PICKER"):
        site.revoke_from(each, "USER_PICKER")

    answer = alice.call(method, path)

    assert (answer.status, answer.json()) == (403, told(NOT_BROWSING))


@pytest.mark.refuses("DELETE /rest/api/3/group/user", 403)
def test_only_administrators_take_people_out_of_groups(alice: Person, dana: Person, site: Site) -> None:
    bob = site.user("bob").account_id

    answer = alice.delete(f"/rest/api/3/group/user?groupname=staff&accountId={bob}")

    words = "Only Jira administrators can perform this operation."
    assert (answer.status, answer.json()) == (403, told(words))
    assert dana.get("/rest/api/3/group?groupname=staff&expand=users").json()["users"]["size"] == 4


@pytest.mark.refuses(f"DELETE {COMMENT}", 403)
def test_who_may_not_edit_a_comment_takes_nothing_off_it(alice: Person, carol: Person, issue: str) -> None:
    path = f"/rest/api/3/comment/{alice.comment(issue, 'Hello')}/properties/k"
    alice.put(path, 1)

    answer = carol.delete(path)

    words = "You do not have permission to edit this comment."
    assert (answer.status, answer.json()) == (403, told(words))
    assert carol.get(path).json()["value"] == 1


@pytest.mark.refuses(f"DELETE {COMMENT}", 400)
def test_an_archived_comment_keeps_its_properties(alice: Person, issue: str, site: Site) -> None:
    path = f"/rest/api/3/comment/{alice.comment(issue, 'Hello')}/properties/k"
    alice.put(path, 1)
    site.archive(site.issue(issue))

    answer = alice.delete(path)

    words = f"Issue {site.issue(issue).key} is archived. You can't edit archived issues."
    assert (answer.status, answer.json()) == (400, told(words))
    assert alice.get(path).json()["value"] == 1


@pytest.mark.refuses(f"POST {VOTES}", 400)
def test_nobody_votes_for_what_is_archived(alice: Person, carol: Person, issue: str, site: Site) -> None:
    site.archive(site.issue(issue))

    answer = carol.post(f"/rest/api/3/issue/{issue}/votes")

    words = f"Issue {site.issue(issue).key} is archived. You can't edit archived issues."
    assert (answer.status, answer.json()) == (400, told(words))
    assert alice.get(f"/rest/api/3/issue/{issue}/votes").json()["votes"] == 0


@pytest.mark.refuses(f"POST {TRANSITIONS}", 409)
def test_a_transition_into_which_another_write_gets_is_a_conflict(
    alice: Person, issue: str, site: Site
) -> None:
    site.collide(site.issue(issue))

    met, again = start(alice, issue), start(alice, issue)

    words = "The issue could not be updated due to a conflicting update."
    assert (met.status, met.json()) == (409, told(words))
    assert again.status == 204


@pytest.mark.refuses(f"POST {TRANSITIONS}", 413)
@pytest.mark.parametrize(
    ("limit", "field", "more", "words"),
    [
        ("most_comments", "comment", {"body": document("Hello")}, "0 comments"),
        ("most_worklogs", "worklog", {"timeSpentSeconds": 60}, "0 worklogs"),
        (
            "most_links",
            "issuelinks",
            {"type": {"name": "Blocks"}, "outwardIssue": {"key": "ALPHA-2"}},
            "0 links",
        ),
    ],
)
def test_a_transition_brings_nothing_beyond_a_limit(
    alice: Person, issue: str, site: Site, limit: str, field: str, more: object, words: str
) -> None:
    alice.create("ALPHA", "two")
    setattr(site, limit, 0)

    answer = start(alice, issue, update={field: [{"add": more}]})

    said = told(**{field: f"The issue has reached its limit of {words}."})
    assert (answer.status, answer.json()) == (413, said)
    assert alice.transition_id(issue, "Start")
