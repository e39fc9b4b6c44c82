"""Entity properties of work items: JSON that apps keep beside them. They leave no history."""

from jira_sandbox.acts import issues as acts
from jira_sandbox.acts.barriers import must_be_open
from jira_sandbox.acts.wishes import checked_property
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue
from jira_sandbox.wire import Refusal, Response, answer


def list_keys(call: Call) -> Response:
    """List the keys of all properties."""
    issue = _issue(call)
    link = f"{call.site.base_url}/rest/api/3/issue/{issue.id}/properties"
    keys = [{"self": f"{link}/{key}", "key": key} for key in sorted(issue.properties)]
    return answer(200, {"keys": keys}, objects=len(keys))


def get(call: Call) -> Response:
    """One property; 404 if there is none of that key."""
    return answer(200, {"key": _known_key(call), "value": _issue(call).properties[_known_key(call)]})


def put(call: Call) -> Response:
    """Set a property: 201 when it is new, else 200."""
    issue, key = _editable(call), call.names["propertyKey"]
    is_new = key not in issue.properties
    issue.properties[key] = checked_property(key, call.any_body())
    return answer(201 if is_new else 200)


def delete(call: Call) -> Response:
    """Remove a property: 204; 404 if there is none of that key."""
    issue = _editable(call)
    del issue.properties[_known_key(call)]
    return answer(204)


def _issue(call: Call) -> Issue:
    return acts.find(call.site, call.actor, call.names["issueIdOrKey"])


def _editable(call: Call) -> Issue:
    issue = _issue(call)
    if not call.site.may(call.actor, "EDIT_ISSUES", space=call.site.space_of(issue)):
        raise Refusal(403, "You do not have permission to edit this issue.")
    must_be_open(call.site, issue)
    return issue


def _known_key(call: Call) -> str:
    key = call.names["propertyKey"]
    if key not in _issue(call).properties:
        raise Refusal(404, f"The property with key '{key}' does not exist.")
    return key


_ALL = "/rest/api/3/issue/{issueIdOrKey}/properties"
ROUTES = (
    Route("GET", _ALL, list_keys),
    Route("GET", f"{_ALL}/{{propertyKey}}", get),
    Route("PUT", f"{_ALL}/{{propertyKey}}", put, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", f"{_ALL}/{{propertyKey}}", delete, scope="DELETE", cost=Cost.WRITE),
)
