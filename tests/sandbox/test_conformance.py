"""The check of answers and requests bites: each kind of mistake, planted, is found and named."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from backbone_app.jira import egress
from jira_sandbox.transport import mounted
from jira_sandbox.wire import Request, Response, answer
from jira_sandbox.world import World
from tests.support.conformance import descriptions, known_errors, validation
from tests.support.conformance.descriptions import CLOUD
from tests.support.conformance.marks import Claim
from tests.support.conformance.plugin import AGENT, Watch
from tests.support.conformance.validation import Violation
from tests.support.sandbox import Person, document
from tests.support.shared import SHARED

pytestmark = pytest.mark.skipif(
    not descriptions.are_here(), reason="the descriptions of Jira are not in ../shared/specs"
)
CORPUS = SHARED / "corpus" / "issues"
SITE = "https://acme.atlassian.net"
ITEM = "GET /rest/api/3/issue/{issueIdOrKey}"
COMMENT = "GET /rest/api/3/issue/{issueIdOrKey}/comment/{id}"
NO_DOCUMENT = {"type": "doc", "version": 1, "content": [{"type": "shout"}]}


@pytest.fixture
def item(alice: Person) -> str:
    return alice.create("ALPHA", "one", description=document("Hello"))


def rules(found: list[Violation]) -> list[str]:
    return [each.rule for each in found]


def judged(response: Response, route: str, path: str = "/rest/api/3/x") -> list[str]:
    """The rules broken by such an answer to the route."""
    return rules(validation.answer_violations(CLOUD, Request("GET", path), response, route))


def with_member(response: Response, path: str, value: Any) -> Response:
    """The same answer with another value at ``a.b.c``; without the member if the value is ``...``."""
    body = response.json()
    holder, *names = [body, *path.split(".")]
    for name in names[:-1]:
        holder = holder[int(name) if isinstance(holder, list) else name]
    if value is ...:
        del holder[names[-1]]
    else:
        holder[names[-1]] = value
    return replace(response, body=json.dumps(body).encode())


@pytest.mark.parametrize(
    ("member", "value", "rule"),
    [
        ("id", 10000, "type"),
        ("extra", 1, "additionalProperties:extra"),
        ("self", "10000", "format:link-3"),
        ("self", f"{SITE}/rest/api/2/issue/10000", "format:link-3"),
        ("fields.created", "22/Nov/26 1:02 AM", "format:date-time"),
        ("fields.duedate", "tomorrow", "anyOf"),
        ("fields.description", "Hello", "anyOf"),
        ("fields.description", NO_DOCUMENT, "anyOf"),
        ("fields.customfield_99999", NO_DOCUMENT, "anyOf"),
        ("fields.comment.total", "one", "type"),
        ("fields.project.extra", 1, "additionalProperties:extra"),
        ("fields.comment.extra", 1, "additionalProperties:extra"),
        ("fields.status.extra", 1, "additionalProperties:extra"),
        ("fields.issuetype.hierarchyLevel", 2**31, "maximum"),
    ],
)
def test_a_wrong_member_of_a_work_item_is_found(
    alice: Person, item: str, member: str, value: object, rule: str
) -> None:
    right = alice.get(f"/rest/api/3/issue/{item}")

    found = judged(with_member(right, member, value), ITEM)

    assert judged(right, ITEM) == []
    assert found == [rule]


def test_rich_text_is_a_document_in_version_3_and_wiki_text_in_version_2(alice: Person, item: str) -> None:
    number = alice.comment(item, "Hello")
    path = f"/issue/{item}/comment/{number}"
    three, two = alice.get(f"/rest/api/3{path}"), alice.get(f"/rest/api/2{path}")

    assert judged(three, COMMENT) == judged(two, COMMENT, "/rest/api/2/x") == []
    assert judged(with_member(three, "body", "Hello"), COMMENT) == ["anyOf"]
    assert judged(with_member(two, "body", document("Hello")), COMMENT, "/rest/api/2/x") == ["anyOf"]


def real_items() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Work items as sites of Jira Cloud gave them, alone or in a search; two sources wrote theirs by hand."""
    for path in sorted(CORPUS.glob("*.json")):
        text = path.read_text()
        if ".atlassian.net/rest/api/" in text and not path.name.startswith(("atlassian+", "technodelight+")):
            found = json.loads(text)
            listed = found.get("issues", [found]) if isinstance(found, dict) else []
            yield from ((path, each) for each in listed if "fields" in each and "/rest/api/" in each["self"])


@pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is not here")
def test_real_work_items_of_cloud_are_found_right() -> None:
    judgements = {
        (path.name, each["self"]): judged(answer(200, each), ITEM, urlsplit(each["self"]).path)
        for path, each in real_items()
    }

    assert len(judgements) > 10
    assert {item: found for item, found in judgements.items() if found} == {}


def test_a_required_member_must_be_there(alice: Person) -> None:
    kind = alice.get("/rest/api/3/issue/createmeta/ALPHA/issuetypes").json()["issueTypes"][0]["id"]
    right = alice.get(f"/rest/api/3/issue/createmeta/ALPHA/issuetypes/{kind}")
    route = "GET /rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}"

    assert judged(with_member(right, "fields.0.required", ...), route) == ["required:required"]


@pytest.mark.parametrize(
    ("response", "rule"),
    [
        (Response(200), "body:200"),
        (Response(418), "status:418"),
        (Response(201, {"Content-Type": "application/json"}, b"{}"), "status:201"),
        (Response(200, {"Content-Type": "text/html"}, b"<html>"), "content-type:text/html"),
        (Response(404, {"Content-Type": "text/plain"}, b"No."), "body:404"),
        (Response(200, {"Content-Type": "application/json"}, b"{"), "body:200"),
        (answer(404, {"message": "none"}), "additionalProperties:message"),
        (answer(404, {"errorMessages": "none", "errors": {}}), "type"),
    ],
)
def test_a_wrong_answer_is_found(response: Response, rule: str) -> None:
    assert judged(response, ITEM) == [rule]


def test_an_operation_that_is_not_described_is_found() -> None:
    assert judged(answer(200, {}), "GET /rest/api/3/wish") == ["operation"]


@pytest.mark.parametrize("status", sorted(CLOUD.known.every_operation))
def test_what_any_operation_may_answer_is_no_mistake(status: int) -> None:
    assert judged(answer(status, {"errorMessages": ["No."], "errors": {}}), ITEM) == []


def test_who_refuses_before_the_operation_is_no_mistake_of_its_answer() -> None:
    words = "The app does not have the scope READ that this operation requires."
    told = {"errorMessages": [words], "errors": {}}

    assert judged(answer(403, told), ITEM) == []
    assert judged(answer(418, told), ITEM) == ["status:418"]
    assert judged(answer(403, told | {"errors": {"fields": words}}), ITEM) == ["status:403"]
    assert judged(answer(403, told | {"errorMessages": [f"He said: {words}"]}), ITEM) == ["status:403"]
    assert judged(answer(200, told | {"fields": {}}), ITEM) != []


def asked(
    method: str, path: str, query: str = "", body: object = None, kind: str = validation.JSON
) -> list[str]:
    """The rules broken by such a request."""
    pairs = [(name, value) for name, _, value in (each.partition("=") for each in query.split("&") if each)]
    sent = b"" if body is None else json.dumps(body).encode()
    return rules(
        validation.request_violations(
            CLOUD, Request(method, path, pairs, {"content-type": kind} if sent else {}, sent)
        )
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("fields=summary,status&expand=changelog", []),
        ("fields=summary&fields=status&updateHistory=true", []),
        ("field=summary", ["parameter:field"]),
        ("updateHistory=yes", ["parameter:updateHistory"]),
        ("expand=names&expand=schema", ["parameter:expand"]),
    ],
)
def test_an_unknown_or_wrong_parameter_of_ours_is_found(query: str, found: list[str]) -> None:
    assert asked("GET", "/rest/api/3/issue/ALPHA-1", query) == found


@pytest.mark.parametrize(
    ("path", "query", "found"),
    [
        ("/rest/api/3/user/bulk", "", ["parameter:accountId"]),
        ("/rest/api/3/user/bulk", "accountId=a&maxResults=ten", ["parameter:maxResults"]),
        ("/rest/api/3/issue/1/comment", "orderBy=author", ["parameter:orderBy"]),
        ("/rest/api/3/issue/1/comment", "orderBy=-created", []),
        ("/rest/api/3/issue/1/comments", "", ["operation"]),
    ],
)
def test_parameters_are_of_their_type_and_there_if_required(path: str, query: str, found: list[str]) -> None:
    assert asked("GET", path, query) == found


@pytest.mark.parametrize(
    ("path", "body", "found"),
    [
        ("/rest/api/3/issue", None, ["body:request"]),
        ("/rest/api/3/issue", {"fields": {"summary": "x", "description": document("Hello")}}, []),
        ("/rest/api/3/issue", {"fields": {"description": "Hello"}}, ["anyOf"]),
        ("/rest/api/3/issue", {"fields": {"customfield_10001": NO_DOCUMENT}}, ["anyOf"]),
        ("/rest/api/2/issue", {"fields": {"description": "Hello"}}, []),
        ("/rest/api/2/issue", {"fields": {"description": document("Hello")}}, ["anyOf"]),
        ("/rest/api/3/issue/1/comment", {"body": document("Hello")}, []),
        ("/rest/api/3/issue/1/comment", {"body": "Hello"}, ["anyOf"]),
        (
            "/rest/api/3/issue/bulkfetch",
            {"issueIdsOrKeys": ["A-1"], "field": []},
            ["additionalProperties:field"],
        ),
        ("/rest/api/3/issue/bulkfetch", {"fields": ["summary"]}, ["required:issueIdsOrKeys"]),
        ("/rest/api/3/issue", {"fields": {"summary": 5}}, ["type"]),
        ("/rest/api/3/issue", {"fields": {"labels": "x"}}, ["anyOf"]),
        ("/rest/api/3/issue", {"fields": {"duedate": "tomorrow"}}, ["anyOf"]),
        ("/rest/api/3/issue", {"update": {"description": [{"set": NO_DOCUMENT}]}}, ["anyOf"]),
        ("/rest/api/3/issue", {"update": {"comment": [{"add": {"body": "Hello"}}]}}, ["anyOf"]),
        ("/rest/api/3/issue", {"update": {"worklog": [{"add": {"comment": document("Hello")}}]}}, []),
        ("/rest/api/2/issue", {"update": {"comment": [{"add": {"body": "Hello"}}]}}, []),
        ("/rest/api/2/issue", {"update": {"comment": [{"add": {"body": document("Hello")}}]}}, ["anyOf"]),
        ("/rest/api/3/issue", {"update": {"labels": [{"shout": "x"}]}}, ["additionalProperties:shout"]),
        ("/rest/api/3/issue", {"fields": {}, "historyMetdata": {}}, ["additionalProperties:historyMetdata"]),
        ("/rest/api/3/issue", {"historyMetadata": {"kind": "x"}}, ["additionalProperties:kind"]),
        ("/rest/api/3/issue/1/transitions", {"transition": {"number": "1"}}, ["additionalProperties:number"]),
        ("/rest/api/3/issue/1/comment", {"jsdPublic": "yes"}, ["type"]),
    ],
)
def test_a_wrong_body_of_ours_is_found(path: str, body: object, found: list[str]) -> None:
    assert asked("POST", path, body=body) == found


def test_a_body_of_another_type_is_found() -> None:
    assert asked("POST", "/rest/api/3/issue", body={}, kind="text/plain") == ["content-type:text/plain"]


def test_our_client_is_known_by_the_name_it_gives_itself() -> None:
    assert AGENT == egress.AGENT


def test_requests_are_checked_if_they_are_our_clients(world: World, as_described: Watch) -> None:
    url = f"{SITE}/rest/api/3/myself?nonsense=1"
    with mounted(world):
        requests.get(url, auth=("alice", "secret-alice"))
        others = as_described.taken()
        requests.get(url, auth=("alice", "secret-alice"), headers={"User-Agent": AGENT})
        ours = as_described.taken()

    assert (rules(others), rules(ours)) == ([], ["parameter:nonsense"])


def test_an_answer_is_checked_wherever_it_is_given(alice: Person, as_described: Watch) -> None:
    user = alice.site.user("alice")
    alice.site.users[user.account_id] = replace(user, display_name=1)  # type: ignore[arg-type]

    alice.get("/rest/api/3/myself")

    (found,) = as_described.taken()
    assert (found.operation, found.pointer, found.place, found.rule) == (
        "GET /rest/api/3/myself",
        "/displayName",
        "User/displayName",
        "type",
    )


def test_a_known_error_covers_what_it_is_about_and_nothing_else() -> None:
    known = known_errors.KnownError(
        place="User/name", rule="type", operation=ITEM, described="", jira="", evidence=""
    )
    covered = Violation(ITEM, "/fields/creator/name", "User/name", "type", "")

    assert known.covers(covered)
    assert not known.covers(replace(covered, operation=COMMENT))
    assert not known.covers(replace(covered, place="User/key"))
    assert not known.covers(replace(covered, rule="enum"))


def test_what_is_read_otherwise_wherever_it_stands_is_as_it_is_told() -> None:
    answers = [each.content(204) for each in CLOUD.operations.values() if 204 in each.statuses]
    schemas = [content[validation.JSON]["schema"] for content in answers if validation.JSON in content]
    told = CLOUD.schemas["WorkflowCondition"]

    assert (schemas, len(schemas), len(answers)) == ([{}] * 98, 98, 146)
    assert (told["additionalProperties"], "properties" in told) == (False, False)


def test_known_errors_are_told_once_and_with_evidence() -> None:
    for known in (known_errors.CLOUD, known_errors.DATA_CENTER):
        places = [(each.operation, each.place, each.rule) for each in known.errors]
        assert len(places) == len(set(places))
    assert all(each.described and each.jira and each.evidence for each in known_errors.KNOWN_ERRORS)


def test_a_known_error_that_nothing_needs_is_noticed() -> None:
    everything = set(range(len(known_errors.KNOWN_ERRORS)))

    assert known_errors.unneeded(everything) == []
    assert known_errors.unneeded(everything - {1}) == [known_errors.KNOWN_ERRORS[1]]


def test_a_mark_claims_an_answer_or_one_refusal() -> None:
    seen = {("GET /rest/api/3/a", 200), ("GET /rest/api/3/b", 404)}

    assert Claim("GET /rest/api/3/a").holds(seen)
    assert not Claim("GET /rest/api/3/b").holds(seen)
    assert Claim("GET /rest/api/3/b", 404).holds(seen)
    assert not Claim("GET /rest/api/3/b", 400).holds(seen)
