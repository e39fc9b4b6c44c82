"""Properties of logged work: JSON that apps keep beside it. Nobody is told of a change."""

from jira_sandbox.acts import issues, worklogs
from jira_sandbox.acts.barriers import must_be_open
from jira_sandbox.acts.wishes import checked_property
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.elements import Worklog
from jira_sandbox.state.values import Issue
from jira_sandbox.wire import Refusal, Response, answer


def list_keys(call: Call) -> Response:
    """List the keys of all properties."""
    issue, worklog = _found(call)
    link = f"{call.site.base_url}/rest/api/3/issue/{issue.id}/worklog/{worklog.id}/properties"
    keys = [{"self": f"{link}/{key}", "key": key} for key in sorted(worklog.properties)]
    return answer(200, {"keys": keys}, objects=len(keys))


def get(call: Call) -> Response:
    """One property; 404 if there is none of that key."""
    _, worklog = _found(call)
    key = _known_key(call, worklog)
    return answer(200, {"key": key, "value": worklog.properties[key]})


def put(call: Call) -> Response:
    """Set a property: 201 when it is new, else 200."""
    worklog, key = _editable(call), call.names["propertyKey"]
    is_new = key not in worklog.properties
    worklog.properties[key] = checked_property(key, call.any_body())
    return answer(201 if is_new else 200)


def delete(call: Call) -> Response:
    """Remove a property: 204; 404 if there is none of that key."""
    worklog = _editable(call)
    del worklog.properties[_known_key(call, worklog)]
    return answer(204)


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


def _known_key(call: Call, worklog: Worklog) -> str:
    key = call.names["propertyKey"]
    if key not in worklog.properties:
        raise Refusal(404, f"The property with key '{key}' does not exist.")
    return key


_ALL = "/rest/api/3/issue/{issueIdOrKey}/worklog/{worklogId}/properties"
_ONE = f"{_ALL}/{{propertyKey}}"
ROUTES = (
    Route("GET", _ALL, list_keys),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, put, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="DELETE", cost=Cost.WRITE),
)
