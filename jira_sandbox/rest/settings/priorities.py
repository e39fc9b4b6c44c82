"""Priorities. All may read them; no app may change them, whatever its scopes."""

from jira_sandbox import render
from jira_sandbox.acts import ranking as acts
from jira_sandbox.meters import Cost
from jira_sandbox.rest import tasks
from jira_sandbox.rest.paging import page
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json, Priority
from jira_sandbox.wire import Response, answer


def everything(call: Call) -> Response:
    """List the priorities, most urgent first."""
    listed = [_shown(call, each) for each in call.site.priorities]
    return answer(200, listed, objects=len(listed))


def search(call: Call) -> Response:
    """Show a page of the priorities by id, name, space or being the default."""
    asked = call.request
    ids, spaces = asked.parameter_list("id"), asked.parameter_list("projectId")
    words = asked.parameter("priorityName").lower()
    is_anywhere = not spaces or any(each in call.site.spaces for each in spaces)
    found = [
        each
        for each in call.site.priorities
        if is_anywhere
        and (not ids or each.id in ids)
        and words in each.name.lower()
        and (not asked.flag("onlyDefault") or each.id == call.site.default_priority_id)
    ]
    return page(call, found, lambda each: _shown(call, each))


def get(call: Call) -> Response:
    """Show one priority."""
    return answer(200, _shown(call, acts.priority(call.site, call.names["id"])))


def create(call: Call) -> Response:
    """Make a priority: 201 with its id."""
    made = acts.create_priority(call.world, call.site, call.actor, call.body())
    return answer(201, {"id": made.id})


def change(call: Call) -> Response:
    """Change a priority: 204."""
    acts.change_priority(call.world, call.site, call.actor, call.names["id"], call.body())
    return answer(204)


def delete(call: Call) -> Response:
    """Delete a priority: 303 to the task that did it."""
    return tasks.see(call, acts.delete_priority(call.world, call.site, call.actor, call.names["id"]))


def set_default(call: Call) -> Response:
    """Choose the priority of new work items: 204."""
    acts.set_default_priority(call.world, call.site, call.actor, call.body().get("id"))
    return answer(204)


def move(call: Call) -> Response:
    """Put priorities in another order: 204."""
    acts.move_priorities(call.world, call.site, call.actor, call.body())
    return answer(204)


def _shown(call: Call, priority: Priority) -> Json:
    return render.priority(call.site, priority) | {
        "statusColor": priority.color,
        "description": priority.description,
        "isDefault": priority.id == call.site.default_priority_id,
    }


_ALL = "/rest/api/3/priority"
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
