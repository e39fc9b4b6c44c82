"""Project roles of the site, and who is in them by default."""

from jira_sandbox.acts import roles as acts
from jira_sandbox.acts.rights import must_administer_jira
from jira_sandbox.meters import Cost
from jira_sandbox.render.roles import role_with
from jira_sandbox.rest import bodies
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.furniture import Role
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Response, answer


def everything(call: Call) -> Response:
    """List every role with who is in it by default."""
    must_administer_jira(call.site, call.actor)
    listed = [_shown(call, each) for each in call.site.roles]
    return answer(200, listed, objects=len(listed))


def get(call: Call) -> Response:
    """Show one role with who is in it by default."""
    must_administer_jira(call.site, call.actor)
    return answer(200, _shown(call, _role(call)))


def create(call: Call) -> Response:
    """Make a role: 200 with the role."""
    return answer(200, _shown(call, acts.create(call.world, call.site, call.actor, call.body())))


def change(call: Call) -> Response:
    """Change name and description of a role: 200 with the role."""
    role = _role(call)
    acts.change(call.world, call.site, call.actor, role, call.body())
    return answer(200, _shown(call, role))


def change_partly(call: Call) -> Response:
    """Change the name or the description of a role: 200 with the role."""
    role = _role(call)
    acts.change_partly(call.world, call.site, call.actor, role, call.body())
    return answer(200, _shown(call, role))


def delete(call: Call) -> Response:
    """Delete a role: 204."""
    heir = call.request.parameter("swap")
    acts.delete(call.world, call.site, call.actor, _role(call), heir=heir)
    return answer(204)


def add_defaults(call: Call) -> Response:
    """Put people or groups into a role by default: 200 with the role."""
    role = _role(call)
    added = actors_in_body(call, status=400)
    acts.add_defaults(call.world, call.site, call.actor, role, added)
    return answer(200, _shown(call, role))


def remove_defaults(call: Call) -> Response:
    """Take a person or a group out of a role's defaults: 200 with the role."""
    role = _role(call)
    acts.remove_defaults(call.world, call.site, call.actor, role, actors_in_query(call))
    return answer(200, _shown(call, role))


def actors_in_body(call: Call, *, status: int) -> acts.Actors:
    """Read ``user``, or ``group`` (names) or ``groupId``; Refusal 400 for both kinds in one call."""
    body = call.body()
    users = bodies.texts(body, "user")
    groups = [*bodies.texts(body, "group"), *bodies.texts(body, "groupId")]
    if users and groups:
        raise Refusal(400, "Users and groups cannot be added in the same request.")
    return acts.actors(call.site, users=users, groups=groups, status=status)


def actors_in_query(call: Call) -> acts.Actors:
    """Read ``user``, or ``group`` or ``groupId``; Refusal 400 for more than one or somebody unknown."""
    asked = call.request
    named = [name for name in ("user", "group", "groupId") if asked.parameter(name)]
    if len(named) != 1:
        raise Refusal(400, "Exactly one of user, group and groupId must be specified.")
    value = asked.parameter(named[0])
    if named == ["user"]:
        return acts.actors(call.site, users=[value])
    return acts.actors(call.site, groups=[value])


def _role(call: Call) -> Role:
    return acts.find(call.site, call.names["id"])


def _shown(call: Call, role: Role) -> Json:
    link = f"{call.site.base_url}/rest/api/3/role/{role.id}"
    return role_with(call.site, role, link, users=role.default_users, groups=role.default_groups)


_ALL = "/rest/api/3/role"
_ONE = f"{_ALL}/{{id}}"
_ACTORS = f"{_ONE}/actors"
ROUTES = (
    Route("GET", _ALL, everything, scope="ADMIN"),
    Route("POST", _ALL, create, scope="ADMIN", cost=Cost.WRITE),
    Route("GET", _ONE, get, scope="ADMIN"),
    Route("POST", _ONE, change_partly, scope="ADMIN", cost=Cost.WRITE),
    Route("PUT", _ONE, change, scope="ADMIN", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="ADMIN", cost=Cost.WRITE),
    Route("GET", _ACTORS, get, scope="ADMIN"),
    Route("POST", _ACTORS, add_defaults, scope="ADMIN", cost=Cost.WRITE),
    Route("DELETE", _ACTORS, remove_defaults, scope="ADMIN", cost=Cost.WRITE),
)
