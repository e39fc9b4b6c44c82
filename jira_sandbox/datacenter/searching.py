"""Search with JQL as Data Center has it: pages by number, any query, and how many it finds in all."""

from dataclasses import dataclass

from jira_sandbox import jql
from jira_sandbox.rest import expansions, issueview
from jira_sandbox.rest.search import found
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Response, answer

PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    text: str
    start: int
    size: int
    is_lenient: bool
    fields: list[str]
    expand: list[str]


def by_get(call: Call) -> Response:
    """Search with the query in the address."""
    return _search(
        call,
        _Wanted(
            text=call.request.parameter("jql"),
            start=call.number("startAt", 0, most=10**9),
            size=call.number("maxResults", PAGE, most=call.site.most_found),
            is_lenient=call.request.parameter("validateQuery", "true").lower() == "false",
            fields=call.request.parameter_list("fields"),
            expand=call.request.parameter_list("expand"),
        ),
    )


def by_post(call: Call) -> Response:
    """Search with the query in the body."""
    body = call.body()
    return _search(
        call,
        _Wanted(
            text=str(body.get("jql") or ""),
            start=_number(body, "startAt", 0),
            size=min(_number(body, "maxResults", PAGE), call.site.most_found),
            is_lenient=body.get("validateQuery") is False,
            fields=_texts(body, "fields"),
            expand=_texts(body, "expand"),
        ),
    )


def _search(call: Call, wanted: _Wanted) -> Response:
    jql.parse(wanted.text)
    listed = found(call, wanted.text, [], is_lenient=wanted.is_lenient)
    page = listed[wanted.start : wanted.start + wanted.size]
    issues = [
        issueview.listed(call, each, wanted=wanted.fields, properties=[], expand=wanted.expand)
        for each in page
    ]
    held = {name: None for each in issues for name in each["fields"]}
    shown: dict[str, Json] = {
        "expand": "schema,names",
        "startAt": wanted.start,
        "maxResults": wanted.size,
        "total": len(listed),
        "issues": issues,
    }
    return answer(200, shown | expansions.headings(call, held, wanted.expand), objects=len(page))


def _number(body: dict[str, Json], name: str, default: int) -> int:
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Refusal(400, f"Can not deserialize the value of '{name}'.")
    return value


def _texts(body: dict[str, Json], name: str) -> list[str]:
    value = body.get(name) or []
    if not isinstance(value, list):
        raise Refusal(400, f"Can not deserialize the value of '{name}'.")
    return [str(each) for each in value]


ROUTES = (
    Route("GET", "/rest/api/2/search", by_get, is_public=True),
    Route("POST", "/rest/api/2/search", by_post, is_public=True),
)
