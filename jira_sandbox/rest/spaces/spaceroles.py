"""Project roles in one space: which there are, and who is in them."""

from jira_sandbox.acts import roles as acts
from jira_sandbox.meters import Cost
from jira_sandbox.render.roles import role_details, role_with
from jira_sandbox.rest import bodies
from jira_sandbox.rest.spaces.roles import actors_in_body, actors_in_query
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.furniture import Role
from jira_sandbox.state.values import Json, Space
from jira_sandbox.wire import Refusal, Response, answer

_USERS, _GROUPS = "atlassian-user-role-actor", "atlassian-group-role-actor"
_BY_ID = "atlassian-group-role-actor-id"


def names(call: Call) -> Response:
    """List the roles by name with the address of each."""
    space = _space(call)
    links = {role.name: _link(call, space, role) for role in call.site.roles}
    # These addresses stand under the names of the roles, so v2 has to be told apart here.
    return answer(200, {name: each.replace("/api/3/", f"/api/{call.api}/") for name, each in links.items()})


def details(call: Call) -> Response:
    """List the roles, only those the caller is in if ``currentMember`` says so."""
    space = _space(call)
    mine = call.request.flag("currentMember")
    listed = [
        role_details(role, _link(call, space, role))
        for role in call.site.roles
        if not mine or call.actor.account_id in space.roles.get(role.name, set())
    ]
    return answer(200, listed, objects=len(listed))


def get(call: Call) -> Response:
    """Show a role with who is in it in this space."""
    space = _space(call)
    return answer(200, _shown(call, space, acts.find(call.site, call.names["id"])))


def put(call: Call) -> Response:
    """Let exactly those named be in the role: 200 with the role."""
    space, role = _space(call), acts.find(call.site, call.names["id"])
    acts.put(call.world, space, role, _categorised(call))
    return answer(200, _shown(call, space, role))


def add(call: Call) -> Response:
    """Put people or groups into the role: 200 with the role."""
    space, role = _space(call), acts.find(call.site, call.names["id"])
    acts.add(call.world, space, role, actors_in_body(call, status=404))
    return answer(200, _shown(call, space, role))


def remove(call: Call) -> Response:
    """Take a person or a group out of the role: 204."""
    space, role = _space(call), acts.find(call.site, call.names["id"])
    acts.remove(call.world, space, role, actors_in_query(call))
    return answer(204)


def _categorised(call: Call) -> acts.Actors:
    """Read ``categorisedActors``: account ids and groups by kind of actor; nobody at all is allowed here."""
    given = call.body().get("categorisedActors")
    if not isinstance(given, dict) or not set(given) <= {_USERS, _GROUPS, _BY_ID}:
        raise Refusal(400, errors={"categorisedActors": "The actors must be given by their types."})
    users = bodies.texts(given, _USERS)
    groups = [*bodies.texts(given, _GROUPS), *bodies.texts(given, _BY_ID)]
    if not users and not groups:
        return acts.Actors()
    return acts.actors(call.site, users=users, groups=groups, status=404)


def _space(call: Call) -> Space:
    return acts.administered(call.site, call.actor, call.names["projectIdOrKey"])


def _link(call: Call, space: Space, role: Role) -> str:
    return f"{call.site.base_url}/rest/api/3/project/{space.id}/role/{role.id}"


def _shown(call: Call, space: Space, role: Role) -> Json:
    users = space.roles.get(role.name, set())
    if call.request.flag("excludeInactiveUsers"):
        users = {each for each in users if call.site.users[each].active}
    groups = space.role_groups.get(role.name, set())
    return role_with(call.site, role, _link(call, space, role), users=users, groups=groups)


_ALL = "/rest/api/3/project/{projectIdOrKey}/role"
_ONE = f"{_ALL}/{{id}}"
ROUTES = (
    Route("GET", _ALL, names),
    Route("GET", "/rest/api/3/project/{projectIdOrKey}/roledetails", details),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, put, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("POST", _ONE, add, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("DELETE", _ONE, remove, scope="PROJECT_ADMIN", cost=Cost.WRITE),
)
