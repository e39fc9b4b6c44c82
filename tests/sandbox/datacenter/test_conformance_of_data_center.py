"""The check of Data Center's answers and requests bites, and does not mistake real ones."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from jira_sandbox.transport import mounted
from jira_sandbox.wire import Request, Response, answer
from jira_sandbox.world import World
from tests.support.conformance import descriptions, known_errors, validation
from tests.support.conformance.descriptions import CLOUD, DATA_CENTER
from tests.support.conformance.known_errors import several
from tests.support.conformance.marks import claimed_in
from tests.support.conformance.plugin import AGENT, Watch
from tests.support.initech import BASE, Employee
from tests.support.shared import SHARED

pytestmark = pytest.mark.skipif(
    not descriptions.are_here(), reason="the descriptions of Jira are not in ../shared/specs"
)
CORPUS = SHARED / "corpus" / "issues"
OF_SERVERS = (
    *("andygrunwald+go-jira__issue_test", "coreos+issue-sync__issue_test", "sumoheavy+jira-ruby__SAMPLE"),
    *("gnl42+JiraConnector__many-issues", "gnl42+JiraConnector__valid-all-expanded__issue__15"),
)
"""Sources of work items as sites of Jira Server gave them, whole and with all that is expanded."""
ITEM = "GET /rest/api/2/issue/{issueIdOrKey}"
BATTERY = [*Path(__file__).parent.glob("test_operations_*.py")]
CREATE = "GET /rest/api/2/issue/createmeta/{projectIdOrKey}/issuetypes"
PEOPLE = "GET /rest/api/2/user/search"
LINKS = "GET /rest/api/2/issue/{issueIdOrKey}/remotelink"


def judged(response: Response, route: str) -> list[str]:
    """The rules broken by such an answer to the route."""
    found = validation.answer_violations(DATA_CENTER, Request("GET", "/rest/api/2/x"), response, route)
    return [each.rule for each in found]


def with_member(response: Response, path: str, value: object) -> Response:
    """The same answer with another value at ``a.b.c``."""
    body: Any = response.json()
    holder, *names = [body, *path.split(".")]
    for name in names[:-1]:
        holder = holder[int(name) if isinstance(holder, list) else name]
    holder[names[-1]] = value
    return replace(response, body=json.dumps(body).encode())


@pytest.mark.parametrize(
    ("member", "value", "rule"),
    [
        ("id", 10000, "type"),
        ("extra", 1, "additionalProperties:extra"),
        ("self", "https://x.example/rest/api/3/issue/1", "format:link-2"),
        ("fields.created", "22/Nov/26 1:02 AM", "format:date-time"),
        ("fields.description", {"type": "doc", "version": 1, "content": []}, "anyOf"),
        ("fields.reporter.accountId", "x", "anyOf"),
        ("fields.issuetype.hierarchyLevel", 0, "additionalProperties:hierarchyLevel"),
        ("fields.project.simplified", False, "additionalProperties:simplified"),
        ("fields.comment.self", BASE, "additionalProperties:self"),
        ("fields.customfield_99999", {"type": "doc", "version": 1}, "not"),
    ],
)
def test_a_wrong_member_of_a_work_item_is_found(
    gina: Employee, item: str, member: str, value: object, rule: str
) -> None:
    right = gina.get(f"/issue/{item}")

    assert judged(right, ITEM) == []
    assert judged(with_member(right, member, value), ITEM) == [rule]


def test_a_list_of_what_is_described_as_one_is_right_if_each_of_it_is(gina: Employee) -> None:
    right = gina.get("/user/search?username=.")

    assert judged(right, PEOPLE) == []
    assert judged(with_member(right, "1.accountId", "x"), PEOPLE) == ["additionalProperties:accountId"]


@pytest.mark.parametrize("body", [[], [{}], {}])
def test_where_a_list_is_answered_one_alone_is_wrong_and_elsewhere_a_list_is(body: object) -> None:
    is_list = isinstance(body, list)
    routes = ("GET /rest/api/2/myself", "GET /rest/api/2/serverInfo", ITEM)

    assert [judged(answer(200, body), each) for each in routes] == [["type"] if is_list else []] * 3
    assert [judged(answer(200, body), each) for each in several.LISTS] == [
        [] if is_list else ["type"] for _ in several.LISTS
    ]
    assert judged(answer(200, body), LINKS) == []


def test_what_is_said_to_be_several_is_described_as_one_and_answered_in_a_test() -> None:
    answered = {each.route for each in claimed_in(BATTERY) if each.status is None}
    described = [DATA_CENTER.operations[name].content(200) for name in several.OPERATIONS]

    assert sorted(several.OPERATIONS.keys() - answered) == []
    assert all("$ref" in each["application/json"]["schema"] for each in described)


def test_only_an_answer_of_several_needs_its_known_error(gina: Employee) -> None:
    without = replace(DATA_CENTER, known=replace(known_errors.DATA_CENTER, errors=()))
    asked, links = Request("GET", "/rest/api/2/x"), f"/issue/{gina.make('one')}/remotelink"
    answers = [
        (PEOPLE, gina.get("/user/search?username=.")),
        (LINKS, gina.get(links)),
        (LINKS, answer(200, {})),
    ]

    found = [validation.answer_violations(without, asked, response, route) for route, response in answers]

    assert [[each.rule for each in one] for one in found] == [["several:list"], ["several:either"], []]


def test_a_page_of_what_is_described_as_one_is_right_if_each_of_it_is(gina: Employee) -> None:
    right = gina.get("/issue/createmeta/GOLD/issuetypes")

    assert judged(right, CREATE) == []
    assert judged(with_member(right, "values.1.scope", {}), CREATE) == ["additionalProperties:scope"]
    assert judged(with_member(right, "last", True), CREATE) == ["additionalProperties:last"]


@pytest.mark.parametrize(
    ("response", "rule"),
    [
        (Response(418), "status:418"),
        (Response(200, {"Content-Type": "application/json"}, b"{"), "body:200"),
        (answer(404, {"message": "none"}), "additionalProperties:message"),
        (answer(409, {"errorMessages": ["No."], "errors": {}}), "status:409"),
    ],
)
def test_a_wrong_answer_is_found(response: Response, rule: str) -> None:
    assert judged(response, ITEM) == [rule]


def test_each_site_is_held_to_the_description_of_its_product(initech: World) -> None:
    assert descriptions.of(initech.sites["initech"]) is DATA_CENTER
    assert descriptions.of(initech.sites["acme"]) is CLOUD


def test_requests_of_our_client_are_checked_too(initech: World, as_described: Watch) -> None:
    with mounted(initech):
        for path in ("/myself?nonsense=1", "/users/search", "/search?jql=&maxResults=ten"):
            url, name = f"{BASE}/rest/api/2{path}", {"User-Agent": AGENT}
            requests.get(url, auth=("gina", "secret-gina"), headers=name)
        body = {"fields": {"description": {"type": "doc"}}, "kind": "x"}
        requests.post(f"{BASE}/rest/api/2/issue", auth=("gina", "secret-gina"), headers=name, json=body)

    rules = [each.rule for each in as_described.taken()]
    assert rules[:4] == ["parameter:nonsense", "operation", "parameter:maxResults", "unlisted"]
    assert rules[4:] == ["anyOf", "additionalProperties:kind"]


def test_what_it_leaves_out_of_requests_is_known(initech: World, item: str, as_described: Watch) -> None:
    moves, verbs = f"/issue/{item}/transitions?expand=transitions.fields", {"labels": [{"add": "hot"}]}
    with mounted(initech), requests.Session() as session:
        session.auth, session.headers["User-Agent"] = ("gina", "secret-gina"), AGENT
        statuses = [
            session.get(f"{BASE}/rest/api/2{moves}").status_code,
            session.get(f"{BASE}/rest/api/2/user?username=erin").status_code,
            session.put(f"{BASE}/rest/api/2/issue/{item}", json={"update": verbs}).status_code,
        ]

    assert (statuses, as_described.taken()) == ([200, 200, 204], [])


def test_what_the_description_is_silent_about_is_not_checked() -> None:
    route = "POST /rest/oauth2/latest/token"
    request = Request("POST", "/rest/oauth2/latest/token")

    assert validation.answer_violations(DATA_CENTER, request, Response(418), route) == []
    assert validation.request_violations(DATA_CENTER, request) == []
    assert not any(DATA_CENTER.is_silent_about(each.split()[1]) for each in DATA_CENTER.operations)


def real_items() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(CORPUS.glob("*.json")):
        if path.name.startswith(OF_SERVERS):
            told = json.loads(path.read_text())
            yield from ((path.name, each) for each in told.get("issues", [told]) if "fields" in each)


@pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is not here")
def test_real_work_items_of_servers_are_found_right() -> None:
    judgements = {
        (name, urlsplit(each["self"]).path): judged(answer(200, each), ITEM) for name, each in real_items()
    }

    assert len(judgements) > 10
    assert {item: found for item, found in judgements.items() if found} == {}


def test_what_is_said_of_all_operations_is_so() -> None:
    listed = Counter(status for each in DATA_CENTER.operations.values() for status in each.statuses)
    told = known_errors.DATA_CENTER.every_operation

    assert len(DATA_CENTER.operations) == 433
    assert {status: listed[status] for status in told} == {401: 250, 429: 0, 500: 35, 502: 0, 503: 1, 504: 0}
    assert (listed[400], listed[404]) == (181, 275)
