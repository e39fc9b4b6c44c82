"""Components: of a space, of all, one, make, change, delete, count."""

from collections.abc import Callable
from typing import Any

from jira_sandbox import render
from jira_sandbox.acts import components as acts
from jira_sandbox.acts import spaces
from jira_sandbox.acts.swapping import holding
from jira_sandbox.meters import Cost
from jira_sandbox.rest.paging import ordered, page
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.furniture import Component
from jira_sandbox.state.values import Json, Space
from jira_sandbox.wire import Refusal, Response, answer

_SOURCES = ("jira", "compass", "auto")
_RANKS: dict[str, Callable[[tuple[Space, Component]], Any]] = {
    "name": lambda found: found[1].name.lower(),
    "description": lambda found: found[1].description.lower(),
}


def everywhere(call: Call) -> Response:
    """Show a page of the components of the spaces named, or of all the caller sees."""
    names = call.request.parameter_list("projectIdsOrKeys")
    chosen = [spaces.find(call.site, call.actor, name) for name in names]
    found = [
        (space, each)
        for space in chosen or call.site.spaces_seen_by(call.actor)
        for each in space.components
        if _matches(call, each)
    ]
    return page(call, ordered(call, found, _RANKS), lambda each: _brief(call, each[1]))


def of_space(call: Call) -> Response:
    """Show a page of a space's components, with how many work items have each."""
    space = _space(call)
    found = [(space, each) for each in space.components if _matches(call, each)]
    ranks = _RANKS | {
        "issueCount": lambda each: _count(call, *each),
        "lead": lambda each: each[1].lead,
    }
    return page(call, ordered(call, found, ranks), lambda each: _counted(call, *each))


def all_of_space(call: Call) -> Response:
    """List a space's components, the whole of them."""
    space = _space(call)
    listed = [render.component(call.site, space, each) for each in space.components]
    return answer(200, listed, objects=len(listed))


def get(call: Call) -> Response:
    """Show one component."""
    return answer(200, render.component(call.site, *acts.find(call.site, call.actor, call.names["id"])))


def create(call: Call) -> Response:
    """Make a component: 201 with the component."""
    made = acts.create(call.world, call.site, call.actor, call.body())
    return answer(201, render.component(call.site, *made))


def change(call: Call) -> Response:
    """Change a component: 200 with the component as it is now."""
    acts.change(call.world, call.site, call.actor, call.names["id"], call.body())
    return get(call)


def delete(call: Call) -> Response:
    """Delete a component: 204; ``moveIssuesTo`` names the one that takes its place in work items."""
    heir = call.request.parameter("moveIssuesTo")
    acts.delete(call.world, call.site, call.actor, call.names["id"], heir=heir)
    return answer(204)


def count(call: Call) -> Response:
    """Count the work items that have a component."""
    space, component = acts.find(call.site, call.actor, call.names["id"])
    link = f"{call.site.base_url}/rest/api/3/component/{component.id}"
    return answer(200, {"self": link, "issueCount": _count(call, space, component)})


def _space(call: Call) -> Space:
    if (call.request.parameter("componentSource") or "jira") not in _SOURCES:
        raise Refusal(400, f"Parameter 'componentSource' must be one of {', '.join(_SOURCES)}.")
    return spaces.find(call.site, call.actor, call.names["projectIdOrKey"])


def _matches(call: Call, component: Component) -> bool:
    words = call.request.parameter("query").lower()
    return words in component.name.lower() or words in component.description.lower()


def _count(call: Call, space: Space, component: Component) -> int:
    return len(holding(call.site, space, component.id, acts.FIELD))


def _counted(call: Call, space: Space, component: Component) -> Json:
    shown = render.component(call.site, space, component)
    return shown | {"issueCount": _count(call, space, component)}


def _brief(call: Call, component: Component) -> Json:
    return {
        "self": f"{call.site.base_url}/rest/api/3/component/{component.id}",
        "id": component.id,
        "name": component.name,
        "description": component.description,
    }


_ALL = "/rest/api/3/component"
_ONE = f"{_ALL}/{{id}}"
_SPACE = "/rest/api/3/project/{projectIdOrKey}"
ROUTES = (
    Route("GET", _ALL, everywhere),
    Route("POST", _ALL, create, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, change, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("GET", f"{_ONE}/relatedIssueCounts", count),
    Route("GET", f"{_SPACE}/component", of_space),
    Route("GET", f"{_SPACE}/components", all_of_space),
)
