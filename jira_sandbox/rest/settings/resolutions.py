"""Resolutions. All may read them; no app may change them, whatever its scopes."""

from jira_sandbox import render
from jira_sandbox.acts import ranking as acts
from jira_sandbox.meters import Cost
from jira_sandbox.rest import tasks
from jira_sandbox.rest.paging import page
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Response, answer


def everything(call: Call) -> Response:
    """List the resolutions in their order."""
    listed = [render.resolution(call.site, each) for each in call.site.resolutions]
    return answer(200, listed, objects=len(listed))


def search(call: Call) -> Response:
    """Show a page of the resolutions by id or being the default."""
    ids = call.request.parameter_list("id")
    found = [
        each
        for each in call.site.resolutions
        if (not ids or each in ids)
        and (not call.request.flag("onlyDefault") or each == call.site.default_resolution_id)
    ]
    return page(call, found, lambda each: _listed(call, each))


def get(call: Call) -> Response:
    """Show one resolution."""
    return answer(200, render.resolution(call.site, acts.resolution(call.site, call.names["id"])))


def create(call: Call) -> Response:
    """Make a resolution: 201 with its id."""
    return answer(201, {"id": acts.create_resolution(call.world, call.site, call.actor, call.body())})


def change(call: Call) -> Response:
    """Change a resolution: 204."""
    acts.change_resolution(call.world, call.site, call.actor, call.names["id"], call.body())
    return answer(204)


def delete(call: Call) -> Response:
    """Delete a resolution: 303 to the task that did it."""
    number, heir = call.names["id"], call.request.parameter("replaceWith")
    return tasks.see(call, acts.delete_resolution(call.world, call.site, call.actor, number, heir=heir))


def set_default(call: Call) -> Response:
    """Choose the resolution that is offered first: 204."""
    acts.set_default_resolution(call.world, call.site, call.actor, call.body().get("id"))
    return answer(204)


def move(call: Call) -> Response:
    """Put resolutions in another order: 204."""
    acts.move_resolutions(call.world, call.site, call.actor, call.body())
    return answer(204)


def _listed(call: Call, number: str) -> Json:
    shown = render.resolution(call.site, number)
    return shown | {"default": number == call.site.default_resolution_id}


_ALL = "/rest/api/3/resolution"
_ONE = f"{_ALL}/{{id}}"
ROUTES = (
    Route("GET", _ALL, everything),
    Route("POST", _ALL, create, scope="INACCESSIBLE", cost=Cost.WRITE),
    Route("GET", f"{_ALL}/search", search),
    Route("PUT", f"{_ALL}/default", set_default, scope="INACCESSIBLE", cost=Cost.WRITE),
    Route("PUT", f"{_ALL}/move", move, scope="INACCESSIBLE", cost=Cost.WRITE),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, change, scope="INACCESSIBLE", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="INACCESSIBLE", cost=Cost.WRITE),
)
