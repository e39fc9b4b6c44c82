"""Properties of spaces and of work types: JSON that apps keep beside them."""

from jira_sandbox.acts import spaces as acts
from jira_sandbox.acts import worktypes
from jira_sandbox.acts.rights import must_administer_jira
from jira_sandbox.meters import Cost
from jira_sandbox.rest import kept
from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Response


def list_of_space(call: Call) -> Response:
    """List the keys of a space's properties."""
    space = acts.find(call.site, call.actor, call.names["projectIdOrKey"])
    return kept.keys(f"{call.site.base_url}/rest/api/3/project/{space.id}/properties", space.properties)


def get_of_space(call: Call) -> Response:
    """One property of a space; 404 if there is none of that key."""
    space = acts.find(call.site, call.actor, call.names["projectIdOrKey"])
    return kept.one(call, space.properties)


def put_of_space(call: Call) -> Response:
    """Set a property of a space: 201 when it is new, else 200."""
    space = acts.find_to_administer(call.site, call.actor, call.names["projectIdOrKey"])
    return kept.put(call, space.properties)


def delete_of_space(call: Call) -> Response:
    """Remove a property of a space: 204; 404 if there is none of that key."""
    space = acts.find_to_administer(call.site, call.actor, call.names["projectIdOrKey"])
    return kept.delete(call, space.properties)


def list_of_type(call: Call) -> Response:
    """List the keys of a work type's properties."""
    kind = worktypes.find(call.site, call.actor, call.names["issueTypeId"])
    held = call.site.type_properties.get(kind.id, {})
    return kept.keys(f"{call.site.base_url}/rest/api/3/issuetype/{kind.id}/properties", held)


def get_of_type(call: Call) -> Response:
    """One property of a work type; 404 if there is none of that key."""
    kind = worktypes.find(call.site, call.actor, call.names["issueTypeId"])
    return kept.one(call, call.site.type_properties.get(kind.id, {}))


def put_of_type(call: Call) -> Response:
    """Set a property of a work type: 201 when it is new, else 200."""
    kind = worktypes.find(call.site, call.actor, call.names["issueTypeId"])
    must_administer_jira(call.site, call.actor)
    held = call.site.type_properties.setdefault(kind.id, {})
    return kept.put(call, held)


def delete_of_type(call: Call) -> Response:
    """Remove a property of a work type: 204; 404 if there is none of that key."""
    kind = worktypes.find(call.site, call.actor, call.names["issueTypeId"])
    must_administer_jira(call.site, call.actor)
    return kept.delete(call, call.site.type_properties.get(kind.id, {}))


_SPACE = "/rest/api/3/project/{projectIdOrKey}/properties"
_TYPE = "/rest/api/3/issuetype/{issueTypeId}/properties"
ROUTES = (
    Route("GET", _SPACE, list_of_space),
    Route("GET", f"{_SPACE}/{{propertyKey}}", get_of_space),
    Route("PUT", f"{_SPACE}/{{propertyKey}}", put_of_space, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", f"{_SPACE}/{{propertyKey}}", delete_of_space, scope="DELETE", cost=Cost.WRITE),
    Route("GET", _TYPE, list_of_type),
    Route("GET", f"{_TYPE}/{{propertyKey}}", get_of_type),
    Route("PUT", f"{_TYPE}/{{propertyKey}}", put_of_type, scope="ADMIN", cost=Cost.WRITE),
    Route("DELETE", f"{_TYPE}/{{propertyKey}}", delete_of_type, scope="ADMIN", cost=Cost.WRITE),
)
