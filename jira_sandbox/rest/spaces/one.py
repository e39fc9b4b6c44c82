"""One space: show, make, change, archive, delete, restore."""

from jira_sandbox.acts import newspaces
from jira_sandbox.acts import spaces as acts
from jira_sandbox.meters import Cost
from jira_sandbox.render.spaces import space_details, space_parts
from jira_sandbox.rest import tasks
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json, Space
from jira_sandbox.wire import Response, answer

_NAMES = ("key", "name", "description", "url", "leadAccountId", "assigneeType", "categoryId")


def get(call: Call) -> Response:
    """Show one space with its work types, lead, components and versions; it counts as looked at."""
    space = acts.find(call.site, call.actor, call.names["projectIdOrKey"])
    call.site.note_visit(call.actor.account_id, space.id)
    return answer(200, _shown(call, space))


def create(call: Call) -> Response:
    """Make a space: 201 with its id and key."""
    space = newspaces.create(call.world, call.site, call.actor, call.body())
    link = f"{call.site.base_url}/rest/api/3/project/{space.id}"
    return answer(201, {"self": link, "id": int(space.id), "key": space.key})


def change(call: Call) -> Response:
    """Change a space: 200 with the space as it is now."""
    space = acts.find_to_administer(call.site, call.actor, call.names["projectIdOrKey"])
    body = call.body()
    wanted = {name: body[name] for name in _NAMES if name in body}
    acts.change(call.world, call.site, call.actor, space, wanted)
    return answer(200, _shown(call, space))


def delete(call: Call) -> Response:
    """Move a space to the trash, or with ``enableUndo=false`` delete it for good: 204."""
    for_good = call.request.parameter("enableUndo", "true").lower() == "false"
    acts.delete(call.world, call.site, call.actor, _known(call), for_good=for_good)
    return answer(204)


def delete_later(call: Call) -> Response:
    """Delete a space for good, as a task: 303 to where it can be asked for."""
    space = _known(call)
    return tasks.see(call, acts.delete_later(call.world, call.site, call.actor, space))


def archive(call: Call) -> Response:
    """Archive a space: 204."""
    space = acts.find_listed(call.site, call.actor, call.names["projectIdOrKey"])
    acts.archive(call.world, call.site, call.actor, space)
    return answer(204)


def restore(call: Call) -> Response:
    """Bring a space back from the archive or the trash: 200 with the space."""
    space = _known(call)
    acts.restore(call.world, call.site, call.actor, space)
    return answer(200, _shown(call, space))


def _known(call: Call) -> Space:
    return acts.known(call.site, call.names["projectIdOrKey"])


def _shown(call: Call, space: Space) -> Json:
    wanted = call.request.parameter_list("expand")
    shown = space_details(call.site, space, call.actor)
    shown |= space_parts(call.site, space, call.actor, wanted)
    names = call.request.parameter_list("properties")
    shown["properties"] = {name: space.properties[name] for name in names if name in space.properties}
    return shown


_ONE = "/rest/api/3/project/{projectIdOrKey}"
ROUTES = (
    Route("POST", "/rest/api/3/project", create, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, change, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("POST", f"{_ONE}/delete", delete_later, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("POST", f"{_ONE}/archive", archive, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("POST", f"{_ONE}/restore", restore, scope="PROJECT_ADMIN", cost=Cost.WRITE),
)
