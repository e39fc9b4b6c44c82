"""Search with JQL: bounded queries, pages by token, ids only unless fields are asked for."""

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from jira_sandbox import jql
from jira_sandbox.jql import index
from jira_sandbox.rest import expansions, issueview
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue, Json
from jira_sandbox.wire import Refusal, Response, answer

PAGE, FULL_PAGE, ID_PAGE = 50, 100, 5000
MOST_PROPERTIES, MOST_RECONCILED, MOST_ORDERED = 5, 50, 7
UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
TOKEN_LASTS = timedelta(days=7)
_HEAD = frozenset({"id", "key"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    text: str
    token: str
    size: int
    fields: list[str]
    properties: list[str]
    expand: list[str]
    reconcile: list[str]

    @property
    def only_head(self) -> bool:
        """Whether ids and keys are all that is asked for; of those a page holds thousands."""
        return set(self.fields) <= _HEAD and not self.properties and not self.expand


def by_get(call: Call) -> Response:
    """Search with the query in the address."""
    request = call.request
    return _search(
        call,
        _Wanted(
            text=request.parameter("jql"),
            token=request.parameter("nextPageToken"),
            size=call.number("maxResults", PAGE, most=ID_PAGE),
            fields=_named(call, request.parameter_list("fields"), by_keys=request.flag("fieldsByKeys")),
            properties=request.parameter_list("properties"),
            expand=request.parameter_list("expand"),
            reconcile=request.parameter_list("reconcileIssues"),
        ),
    )


def by_post(call: Call) -> Response:
    """Search with the query in the body."""
    body = call.body()
    size = body.get("maxResults", PAGE)
    if isinstance(size, bool) or not isinstance(size, int) or size < 0:
        raise Refusal(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    return _search(
        call,
        _Wanted(
            text=str(body.get("jql") or ""),
            token=str(body.get("nextPageToken") or ""),
            size=min(size, ID_PAGE),
            fields=_named(call, _texts(body.get("fields")), by_keys=body.get("fieldsByKeys") is True),
            properties=_texts(body.get("properties")),
            expand=[part for part in str(body.get("expand") or "").split(",") if part],
            reconcile=_texts(body.get("reconcileIssues")),
        ),
    )


def count(call: Call) -> Response:
    """Count what a bounded query finds; Jira calls it an estimate, here it is exact as of the index."""
    text = str(call.body().get("jql") or "")
    _must_be_bounded(text)
    return answer(200, {"count": len(found(call, text, []))})


def _search(call: Call, wanted: _Wanted) -> Response:
    _check(wanted)
    start = _start(call, wanted)
    listed = found(call, wanted.text, wanted.reconcile)
    size = wanted.size if wanted.only_head else min(wanted.size, FULL_PAGE)
    page = listed[start : start + size]
    shown: dict[str, Json] = {"issues": [_view(call, issue, wanted) for issue in page]}
    held = {name: None for each in shown["issues"] for name in each.get("fields", {})}
    shown |= expansions.headings(call, held, wanted.expand)
    shown["isLast"] = start + size >= len(listed)
    if not shown["isLast"]:
        shown["nextPageToken"] = _token(call, wanted, start + size)
    return answer(200, shown, objects=len(page))


def _check(wanted: _Wanted) -> None:
    _must_be_bounded(wanted.text)
    if len(jql.parse(wanted.text).order) > MOST_ORDERED:
        raise Refusal(400, f"The maximum number of fields allowed in an ORDER BY clause is {MOST_ORDERED}.")
    if len(wanted.properties) > MOST_PROPERTIES:
        raise Refusal(400, f"The maximum number of properties is {MOST_PROPERTIES}.")
    if len(wanted.reconcile) > MOST_RECONCILED:
        raise Refusal(400, f"The maximum number of issues to reconcile is {MOST_RECONCILED}.")
    if not all(each.isdigit() for each in wanted.reconcile):
        raise Refusal(400, "The issues to reconcile must be given by their ids.")


def _must_be_bounded(text: str) -> None:
    if jql.parse(text).restriction is None:
        raise Refusal(400, UNBOUNDED)


def found(call: Call, text: str, reconcile: list[str], *, is_lenient: bool = False) -> list[Issue]:
    """List what the query gives of what the caller sees: as it was before the index's lag, unless reconciled.

    Whether one sees a work item Jira looks up at once; only what it holds comes late. Who may see what costs
    most, so it is asked of those alone that the query gives.
    """
    site = call.site
    held = list(site.issues.values())
    if site.index_lag:
        held = list(index.known(held, site.now(), site.index_lag, set(reconcile)))
    given = jql.matching(site, text, held, call.actor, site.now(), is_lenient=is_lenient)
    now = {each.id: site.issues[each.id] for each in given}
    live = {each.id for each in site.seen_of(now.values(), call.actor) if not site.is_archived(each)}
    return [each for each in given if each.id in live]


def _view(call: Call, issue: Issue, wanted: _Wanted) -> Json:
    if wanted.only_head and "key" not in wanted.fields:
        return {"id": issue.id}
    shown = issueview.listed(
        call, issue, wanted=wanted.fields, properties=wanted.properties, expand=wanted.expand
    )
    if set(wanted.fields) <= _HEAD:
        shown.pop("fields", None)
    return shown


def _named(call: Call, fields: list[str], *, by_keys: bool) -> list[str]:
    return issueview.by_keys(call.site, fields) if by_keys else fields


def _token(call: Call, wanted: _Wanted, start: int) -> str:
    """Make a token for the page from ``start``; it serves this query alone, for a week."""
    content = [start, _digest(wanted.text), _milliseconds(call.site.now())]
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode()


def _start(call: Call, wanted: _Wanted) -> int:
    if not wanted.token:
        return 0
    try:
        start, digest, made = json.loads(base64.urlsafe_b64decode(wanted.token))
    except (binascii.Error, ValueError, TypeError):
        start, digest, made = 0, "", 0
    oldest = _milliseconds(call.site.now() - TOKEN_LASTS)
    if digest != _digest(wanted.text) or made < oldest:
        raise Refusal(400, "The provided next page token is invalid or has expired.")
    return int(start)


def _milliseconds(when: datetime) -> int:
    return int(when.timestamp() * 1000)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _texts(value: Json) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise Refusal(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    return [str(each) for each in value]


ROUTES = (
    Route("GET", "/rest/api/3/search/jql", by_get, is_public=True),
    Route("POST", "/rest/api/3/search/jql", by_post, is_public=True),
    Route("POST", "/rest/api/3/search/approximate-count", count, is_public=True),
)
