"""Search with JQL: bounded queries, pages by token, ids only unless fields are asked for."""

import base64
import binascii
from dataclasses import dataclass

from jira_sandbox import jql
from jira_sandbox.rest import issueview
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue, Json
from jira_sandbox.wire import Refusal, Response, answer

PAGE, FULL_PAGE, ID_PAGE = 50, 100, 5000
MOST_PROPERTIES, MOST_RECONCILED, MOST_ORDERED = 5, 50, 7
UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    text: str
    token: str
    size: int
    fields: list[str]
    properties: list[str]
    expand: list[str]
    reconcile: list[str]


def by_get(call: Call) -> Response:
    """Search with the query in the address."""
    request = call.request
    return _search(
        call,
        _Wanted(
            text=request.parameter("jql"),
            token=request.parameter("nextPageToken"),
            size=call.number("maxResults", PAGE, most=ID_PAGE),
            fields=request.parameter_list("fields"),
            properties=request.parameter_list("properties"),
            expand=request.parameter_list("expand"),
            reconcile=request.parameter_list("reconcileIssues"),
        ),
    )


def by_post(call: Call) -> Response:
    """Search with the query in the body."""
    body = call.body()
    size = body.get("maxResults", PAGE)
    if not isinstance(size, int) or size < 0:
        raise Refusal(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    return _search(
        call,
        _Wanted(
            text=str(body.get("jql") or ""),
            token=str(body.get("nextPageToken") or ""),
            size=min(size, ID_PAGE),
            fields=_texts(body.get("fields")),
            properties=_texts(body.get("properties")),
            expand=[part for part in str(body.get("expand") or "").split(",") if part],
            reconcile=_texts(body.get("reconcileIssues")),
        ),
    )


def _search(call: Call, wanted: _Wanted) -> Response:
    _check(wanted)
    found = jql.matching(call.site, wanted.text, _indexed(call, wanted), call.actor, call.site.now())
    only_ids = wanted.fields in ([], ["id"]) and not wanted.properties and not wanted.expand
    size = wanted.size if only_ids else min(wanted.size, FULL_PAGE)
    start = _start(wanted.token)
    page = found[start : start + size]
    shown: dict[str, Json] = {"issues": [_view(call, issue, wanted, only_ids=only_ids) for issue in page]}
    shown["isLast"] = start + size >= len(found)
    if not shown["isLast"]:
        shown["nextPageToken"] = base64.urlsafe_b64encode(f"from:{start + size}".encode()).decode()
    return answer(200, shown, objects=len(page))


def _check(wanted: _Wanted) -> None:
    query = jql.parse(wanted.text)
    if query.restriction is None:
        raise Refusal(400, UNBOUNDED)
    if len(query.order) > MOST_ORDERED:
        raise Refusal(400, f"The maximum number of fields allowed in an ORDER BY clause is {MOST_ORDERED}.")
    if len(wanted.properties) > MOST_PROPERTIES:
        raise Refusal(400, f"The maximum number of properties is {MOST_PROPERTIES}.")
    if len(wanted.reconcile) > MOST_RECONCILED:
        raise Refusal(400, f"The maximum number of issues to reconcile is {MOST_RECONCILED}.")


def _indexed(call: Call, wanted: _Wanted) -> list[Issue]:
    """List what the index knows: new work items only after the site's lag, unless reconciled by id."""
    seen = {space.id for space in call.site.spaces_seen_by(call.actor)}
    lag = call.site.index_lag
    known_until = call.site.now() - lag
    return [
        issue
        for issue in call.site.issues.values()
        if issue.space_id in seen
        and not call.site.is_hidden(issue, call.actor)
        and not call.site.is_archived(issue)
        and (not lag or issue.created <= known_until or issue.id in wanted.reconcile)
    ]


def _view(call: Call, issue: Issue, wanted: _Wanted, *, only_ids: bool) -> Json:
    if only_ids:
        return {"id": issue.id}
    shown = issueview.listed(
        call, issue, wanted=wanted.fields, properties=wanted.properties, expand=wanted.expand
    )
    if wanted.fields in ([], ["id"]):
        del shown["fields"]
    return shown


def _start(token: str) -> int:
    try:
        word, _, number = base64.urlsafe_b64decode(token).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        word, number = "", ""
    if token and (word != "from" or not number.isdigit()):
        raise Refusal(400, "The provided next page token is invalid or has expired.")
    return int(number or 0)


def _texts(value: Json) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise Refusal(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    return [str(each) for each in value]


ROUTES = (
    Route("GET", "/rest/api/3/search/jql", by_get),
    Route("POST", "/rest/api/3/search/jql", by_post),
)
