"""Categories of spaces: list, one, make, change, delete."""

from jira_sandbox.acts import categories as acts
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.furniture import SpaceCategory
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Response, answer


def everything(call: Call) -> Response:
    """List every category."""
    listed = [_shown(call, each) for each in call.site.space_categories.values()]
    return answer(200, listed, objects=len(listed))


def get(call: Call) -> Response:
    """Show one category."""
    return answer(200, _shown(call, acts.find(call.site, call.names["id"])))


def create(call: Call) -> Response:
    """Make a category: 201 with the category."""
    return answer(201, _shown(call, acts.create(call.world, call.site, call.actor, call.body())))


def change(call: Call) -> Response:
    """Change a category: 200 with the category as it is now."""
    category = acts.find(call.site, call.names["id"])
    acts.change(call.world, call.site, call.actor, category, call.body())
    return answer(200, _shown(call, category))


def delete(call: Call) -> Response:
    """Delete a category: 204."""
    acts.delete(call.world, call.site, call.actor, acts.find(call.site, call.names["id"]))
    return answer(204)


def _shown(call: Call, category: SpaceCategory) -> Json:
    return {
        "self": f"{call.site.base_url}/rest/api/3/projectCategory/{category.id}",
        "id": category.id,
        "name": category.name,
        "description": category.description,
    }


_ALL = "/rest/api/3/projectCategory"
_ONE = f"{_ALL}/{{id}}"
ROUTES = (
    Route("GET", _ALL, everything),
    Route("POST", _ALL, create, scope="ADMIN", cost=Cost.WRITE),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, change, scope="ADMIN", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="ADMIN", cost=Cost.WRITE),
)
