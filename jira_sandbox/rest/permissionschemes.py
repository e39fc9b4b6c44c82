"""Permission schemes: who is granted what in a space."""

from jira_sandbox.acts import granting
from jira_sandbox.acts.spaces import find_listed
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.rights import Grant, Holder
from jira_sandbox.state.values import Json, Space
from jira_sandbox.wire import Response, answer

_EXPANDABLE = "user,group,projectRole,field,all"


def list_all(call: Call) -> Response:
    """List all schemes; their lines come with any expansion."""
    shown = [_scheme(call, each) for each in granting.schemes(call.site, call.actor)]
    return answer(200, {"permissionSchemes": shown}, objects=len(shown))


def get(call: Call) -> Response:
    """Show a scheme."""
    return answer(200, _scheme(call, _named(call)))


def of_space(call: Call) -> Response:
    """Show the scheme of a space to who administers it."""
    space = find_listed(call.site, call.actor, call.names["projectKeyOrId"])
    return answer(200, _scheme(call, granting.scheme_of(call.site, call.actor, space)))


def list_grants(call: Call) -> Response:
    """List the lines of a scheme."""
    shown = [_grant(call, each) for each in call.site.grants_in(_named(call))]
    return answer(200, {"permissions": shown, "expand": _EXPANDABLE}, objects=len(shown))


def get_grant(call: Call) -> Response:
    """Show one line."""
    return answer(200, _grant(call, granting.find_grant(call.site, _named(call), call.names["permissionId"])))


def grant(call: Call) -> Response:
    """Add a line: 201."""
    made = granting.grant(call.world, call.site, call.actor, _named(call), call.body())
    return answer(201, _grant(call, made))


def revoke(call: Call) -> Response:
    """Take a line out: 204."""
    granting.revoke(call.world, call.site, call.actor, _named(call), call.names["permissionId"])
    return answer(204)


def _named(call: Call) -> Space:
    return granting.find_scheme(call.site, call.actor, call.names["schemeId"])


def _scheme(call: Call, space: Space) -> Json:
    shown: dict[str, Json] = {
        "expand": f"permissions,{_EXPANDABLE}",
        "self": f"{call.site.base_url}/rest/api/3/permissionscheme/{space.id}",
        "id": int(space.id),
        "name": f"Permission scheme of {space.name}",
        "description": f"Who may do what in {space.key}.",
    }
    if call.request.parameter("expand"):
        shown["permissions"] = [_grant(call, each) for each in call.site.grants_in(space)]
    return shown


def _grant(call: Call, value: Grant) -> Json:
    return {
        "id": value.id,
        "self": f"{call.site.base_url}/rest/api/3/permissionscheme/permission/{value.id}",
        "holder": _holder(call, value.holder),
        "permission": value.permission,
    }


def _holder(call: Call, holder: Holder) -> Json:
    """Show a holder: a group by name and id, a role by id, a person by account id."""
    match holder.kind:
        case "group":
            group = call.site.groups.get(holder.value)
            parameter, value = group.name if group else holder.value, holder.value
        case "projectRole":
            parameter = value = call.site.role(holder.value).id
        case _:
            parameter = value = holder.value
    shown = {"type": holder.kind}
    if not value:
        return shown
    expandable = {"expand": holder.kind} if holder.kind in {"user", "group", "projectRole"} else {}
    return shown | {"parameter": parameter, "value": value} | expandable


_ALL = "/rest/api/3/permissionscheme"
_GRANTS = f"{_ALL}/{{schemeId}}/permission"
ROUTES = (
    Route("GET", _ALL, list_all, cost=Cost.IDENTITY),
    Route("GET", f"{_ALL}/{{schemeId}}", get, cost=Cost.IDENTITY),
    Route("GET", _GRANTS, list_grants, cost=Cost.IDENTITY),
    Route("POST", _GRANTS, grant, scope="ADMIN", cost=Cost.WRITE),
    Route("GET", f"{_GRANTS}/{{permissionId}}", get_grant, cost=Cost.IDENTITY),
    Route("DELETE", f"{_GRANTS}/{{permissionId}}", revoke, scope="ADMIN", cost=Cost.WRITE),
    Route("GET", "/rest/api/3/project/{projectKeyOrId}/permissionscheme", of_space, cost=Cost.IDENTITY),
)
