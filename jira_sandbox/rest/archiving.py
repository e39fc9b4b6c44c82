"""Archiving work items and bringing them back."""

from jira_sandbox.acts import archiving as acts
from jira_sandbox.meters import Cost
from jira_sandbox.rest import tasks
from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Refusal, Response, answer

_WORDS = {
    acts.NOT_FOUND: "Issue not found.",
    acts.SUBTASK: "Issue is subtask.",
    acts.IN_ARCHIVED_SPACE: "Issue exists in archived project.",
}


def archive(call: Call) -> Response:
    """Archive the named work items: 200 with their number and what was wrong with the others."""
    return _told(acts.archive(call.world, call.site, call.actor, _names(call)))


def unarchive(call: Call) -> Response:
    """Bring the named work items back: 200 with their number and what was wrong with the others."""
    return _told(acts.unarchive(call.world, call.site, call.actor, _names(call)))


def archive_found(call: Call) -> Response:
    """Archive what a query finds: 202 with the address of the task."""
    query = call.body().get("jql")
    if not isinstance(query, str) or not query:
        raise Refusal(400, "Invalid JQL. Bad request.")
    task = acts.archive_found(call.world, call.site, call.actor, query)
    return answer(202, tasks.address(call, task))


def _names(call: Call) -> list[str]:
    names = call.body().get("issueIdsOrKeys")
    if not isinstance(names, list):
        raise Refusal(400, errors={"issueIdsOrKeys": "data was not an array"})
    return [str(each) for each in names]


def _told(outcome: acts.Outcome) -> Response:
    errors = {
        fault: {"count": len(names), "issueIdsOrKeys": names, "message": _WORDS[fault]}
        for fault, names in outcome.faults.items()
    }
    return answer(200, {"numberOfIssuesUpdated": outcome.changed, "errors": errors})


_ARCHIVE = "/rest/api/3/issue/archive"
ROUTES = (
    Route("PUT", _ARCHIVE, archive, scope="WRITE", cost=Cost.WRITE),
    Route("POST", _ARCHIVE, archive_found, scope="WRITE", cost=Cost.WRITE),
    Route("PUT", "/rest/api/3/issue/unarchive", unarchive, scope="WRITE", cost=Cost.WRITE),
)
