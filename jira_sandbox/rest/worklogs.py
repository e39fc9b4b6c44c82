"""Logged work of a work item: list, one, log, change, delete; several at once."""

from dataclasses import replace

from jira_sandbox import render
from jira_sandbox.acts import issues, manyworklogs
from jira_sandbox.acts import worklogs as acts
from jira_sandbox.acts.adjusting import Adjustment
from jira_sandbox.meters import Cost
from jira_sandbox.rest import bodies
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.elements import Worklog
from jira_sandbox.state.values import Issue, Json
from jira_sandbox.wire import Refusal, Response, answer

PAGE = 5000
LATEST = 2**63 - 1
"""The last millisecond that can be asked for."""
_LEFT = "Some worklogs were left as they are."
_BULK_MODES = frozenset({"leave", "auto"})


def list_page(call: Call) -> Response:
    """Show a page of the logged work the caller may see, the oldest first.

    ``startedAfter`` takes in its own millisecond, ``startedBefore`` does not.
    """
    issue = _issue(call)
    acts.must_be_tracked(call.site)
    start, size = _number(call, "startAt", 0, most=10**9), _number(call, "maxResults", PAGE, most=PAGE)
    after = _number(call, "startedAfter", 0, most=LATEST)
    before = _number(call, "startedBefore", LATEST, most=LATEST)
    listed = [
        each
        for each in sorted(acts.seen(call.site, call.actor, issue), key=lambda each: each.created)
        if after <= each.started.timestamp() * 1000 < before
    ]
    page = [shown(call, issue, each) for each in listed[start : start + size]]
    told = {"startAt": start, "maxResults": size, "total": len(listed), "worklogs": page}
    return answer(200, told, objects=len(page))


def get(call: Call) -> Response:
    """Show one entry."""
    issue = _issue(call)
    return answer(200, shown(call, issue, acts.find(call.site, call.actor, issue, call.names["id"])))


def add(call: Call) -> Response:
    """Log work: 201 with the entry."""
    issue = _issue(call)
    worklog = acts.add(call.world, call.site, call.actor, issue, _effort(call), _occasion(call))
    return answer(201, shown(call, issue, worklog))


def change(call: Call) -> Response:
    """Change an entry: 200 with it as it is now."""
    issue = _issue(call)
    worklog = acts.find(call.site, call.actor, issue, call.names["id"])
    acts.change(call.world, call.site, call.actor, issue, worklog, _effort(call), _occasion(call))
    return answer(200, shown(call, issue, worklog))


def delete(call: Call) -> Response:
    """Delete an entry: 204."""
    issue = _issue(call)
    worklog = acts.find(call.site, call.actor, issue, call.names["id"])
    acts.delete(call.world, call.site, call.actor, issue, worklog, _occasion(call))
    return answer(204)


def delete_many(call: Call) -> Response:
    """Delete several entries: 204, or 200 with a word on those that are left."""
    issue = _issue(call)
    is_done = manyworklogs.delete(
        call.world, call.site, call.actor, issue, identifiers(call), _bulk_occasion(call)
    )
    return answer(204 if is_done else 200, None if is_done else {"message": _LEFT})


def move_many(call: Call) -> Response:
    """Move several entries to another work item: 204, or 200 when some are left."""
    source = _issue(call)
    target = issues.find(call.site, call.actor, str(call.body().get("issueIdOrKey") or ""))
    ends, occasion = (source, target), _bulk_occasion(call)
    is_done = manyworklogs.move(call.world, call.site, call.actor, ends, identifiers(call), occasion)
    return answer(204 if is_done else 200)


def shown(call: Call, issue: Issue, worklog: Worklog) -> Json:
    """Show an entry, with its properties when ``expand`` asks for them."""
    told = render.worklog(call.site, issue, worklog, api=call.api)
    if "properties" in call.request.parameter_list("expand"):
        told["properties"] = [{"key": key, "value": value} for key, value in worklog.properties.items()]
    return told


def identifiers(call: Call) -> list[str]:
    """Read the ``ids`` of the body, as texts; Refusal 400 if that is no list of numbers."""
    ids = call.body().get("ids")
    if not isinstance(ids, list) or not all(isinstance(each, int | str) for each in ids):
        raise Refusal(400, errors={"ids": "The ids must be a list of numbers."})
    return [str(each) for each in ids]


def _issue(call: Call) -> Issue:
    return issues.find(call.site, call.actor, call.names["issueIdOrKey"])


def _effort(call: Call) -> acts.Effort:
    body = call.body()
    text = body.get("comment")
    if call.api == 2 and text is not None:
        body["comment"] = bodies.document(call, "comment", text) if isinstance(text, str) else str(text)
    properties = bodies.properties(body.get("properties") or [])
    return replace(acts.effort(body), properties=properties)


def _occasion(call: Call) -> acts.Occasion:
    asked = call.request
    return acts.Occasion(
        adjustment=Adjustment(
            mode=asked.parameter("adjustEstimate", "auto"),
            new_estimate=asked.parameter("newEstimate"),
            reduce_by=asked.parameter("reduceBy"),
            increase_by=asked.parameter("increaseBy"),
        ),
        overrides=asked.flag("overrideEditableFlag"),
    )


def _bulk_occasion(call: Call) -> acts.Occasion:
    occasion = _occasion(call)
    if occasion.adjustment.mode not in _BULK_MODES:
        raise Refusal(400, errors={"adjustEstimate": "adjustEstimate must be one of auto, leave."})
    return occasion


def _number(call: Call, name: str, default: int, *, most: int) -> int:
    """Read a number of the query, at most ``most``; one that is none is 404 here, as it is described."""
    text = call.request.parameter(name) or str(default)
    if not text.isascii() or not text.isdigit():
        raise Refusal(404, f"The value of {name} is not a number: {text}")
    return min(int(text), most)


_ALL = "/rest/api/3/issue/{issueIdOrKey}/worklog"
_ONE = f"{_ALL}/{{id}}"
ROUTES = (
    Route("GET", _ALL, list_page),
    Route("POST", _ALL, add, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", _ALL, delete_many, scope="DELETE", cost=Cost.WRITE),
    Route("POST", f"{_ALL}/move", move_many, scope="WRITE", cost=Cost.WRITE),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, change, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="DELETE", cost=Cost.WRITE),
)
