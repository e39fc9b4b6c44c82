"""Entity properties of a work item."""

from jira_sandbox.acts import issues
from jira_sandbox.acts import properties as acts
from jira_sandbox.meters import Cost
from jira_sandbox.rest import kept
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue
from jira_sandbox.wire import Response, answer


def list_keys(call: Call) -> Response:
    """List the keys of all properties."""
    issue = _issue(call)
    link = f"{call.site.base_url}/rest/api/3/issue/{issue.id}/properties"
    return kept.keys(link, issue.properties)


def get(call: Call) -> Response:
    """One property; 404 if there is none of that key."""
    return kept.one(call, _issue(call).properties)


def put(call: Call) -> Response:
    """Set a property: 201 when it is new, else 200."""
    key, value = call.names["propertyKey"], call.any_body()
    is_new = acts.put(call.world, call.site, call.actor, _issue(call), key, value)
    return answer(201 if is_new else 200)


def delete(call: Call) -> Response:
    """Remove a property: 204; 404 if there is none of that key."""
    acts.delete(call.world, call.site, call.actor, _issue(call), call.names["propertyKey"])
    return answer(204)


def _issue(call: Call) -> Issue:
    return issues.find(call.site, call.actor, call.names["issueIdOrKey"])


_ALL = "/rest/api/3/issue/{issueIdOrKey}/properties"
ROUTES = (
    Route("GET", _ALL, list_keys),
    Route("GET", f"{_ALL}/{{propertyKey}}", get),
    Route("PUT", f"{_ALL}/{{propertyKey}}", put, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", f"{_ALL}/{{propertyKey}}", delete, scope="DELETE", cost=Cost.WRITE),
)
