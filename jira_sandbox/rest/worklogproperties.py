"""Properties of logged work: JSON that apps keep beside it. Nobody is told of a change."""

from jira_sandbox.acts import issues, worklogs
from jira_sandbox.acts.barriers import must_be_open
from jira_sandbox.meters import Cost
from jira_sandbox.rest import kept
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.elements import Worklog
from jira_sandbox.state.values import Issue
from jira_sandbox.wire import Refusal, Response


def list_keys(call: Call) -> Response:
    """List the keys of all properties."""
    issue, worklog = _found(call)
    link = f"{call.site.base_url}/rest/api/3/issue/{issue.id}/worklog/{worklog.id}/properties"
    return kept.keys(link, worklog.properties)


def get(call: Call) -> Response:
    """One property; 404 if there is none of that key."""
    return kept.one(call, _found(call)[1].properties)


def put(call: Call) -> Response:
    """Set a property: 201 when it is new, else 200."""
    return kept.put(call, _editable(call).properties)


def delete(call: Call) -> Response:
    """Remove a property: 204; 404 if there is none of that key."""
    return kept.delete(call, _editable(call).properties)


def _found(call: Call) -> tuple[Issue, Worklog]:
    number = call.names["worklogId"]
    if not number.isdigit():
        raise Refusal(400, f"The worklog id '{number}' is invalid.")
    issue = issues.find(call.site, call.actor, call.names["issueIdOrKey"])
    return issue, worklogs.find(call.site, call.actor, issue, number)


def _editable(call: Call) -> Worklog:
    issue, worklog = _found(call)
    if not worklogs.may(call.site, call.actor, issue, worklog, "EDIT"):
        raise Refusal(403, "You do not have permission to edit this worklog.")
    must_be_open(call.site, issue)
    return worklog


_ALL = "/rest/api/3/issue/{issueIdOrKey}/worklog/{worklogId}/properties"
_ONE = f"{_ALL}/{{propertyKey}}"
ROUTES = (
    Route("GET", _ALL, list_keys),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, put, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="DELETE", cost=Cost.WRITE),
)
