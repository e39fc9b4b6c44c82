"""Statuses in bulk, for those who administer spaces. No app gets here, whatever its scopes."""

from jira_sandbox.acts import statuses as acts
from jira_sandbox.meters import Cost
from jira_sandbox.render.workflows import status_in_bulk
from jira_sandbox.rest.paging import page
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json, Status
from jira_sandbox.wire import Refusal, Response, answer

SEARCH_PAGE = 200


def get(call: Call) -> Response:
    """Show the statuses with these ids."""
    acts.must_manage(call.site, call.actor)
    return _all(acts.with_ids(call.site, call.request.parameter_list("id")))


def by_names(call: Call) -> Response:
    """Show those of the statuses named that there are, of the site or of the space ``projectId``."""
    acts.must_manage(call.site, call.actor)
    names = call.request.parameter_list("name")
    if not 1 <= len(names) <= acts.MOST_AT_ONCE:
        raise Refusal(400, errors={"name": f"1 to {acts.MOST_AT_ONCE} names must be specified."})
    return _all([each for each in _in_scope(call) if each.name in names])


def search(call: Call) -> Response:
    """Show a page of the statuses of the site or of the space ``projectId``, by words and category."""
    acts.must_manage(call.site, call.actor)
    words, category = call.request.parameter("searchString").lower(), call.request.parameter("statusCategory")
    if category and category not in acts.CATEGORIES:
        raise Refusal(400, errors={"statusCategory": f"It must be one of {', '.join(acts.CATEGORIES)}."})
    found = [
        each
        for each in _in_scope(call)
        if words in each.name.lower() and (not category or each.category == acts.CATEGORIES[category])
    ]
    return page(call, found, status_in_bulk, size=SEARCH_PAGE, most=SEARCH_PAGE)


def create(call: Call) -> Response:
    """Make statuses: 200 with the statuses."""
    body = call.body()
    made = acts.create(call.world, call.site, call.actor, body.get("scope"), body.get("statuses"))
    return _all(made)


def change(call: Call) -> Response:
    """Change statuses: 204."""
    acts.change(call.world, call.site, call.actor, call.body().get("statuses"))
    return answer(204)


def delete(call: Call) -> Response:
    """Delete statuses that no workflow has: 204."""
    acts.delete(call.world, call.site, call.actor, call.request.parameter_list("id"))
    return answer(204)


def _in_scope(call: Call) -> list[Status]:
    space_id = call.request.parameter("projectId") or None
    return [each for each in call.site.statuses if each.space_id == space_id]


def _all(listed: list[Status]) -> Response:
    shown: list[Json] = [status_in_bulk(each) for each in listed]
    return answer(200, shown, objects=len(shown))


_ALL = "/rest/api/3/statuses"
ROUTES = (
    Route("GET", _ALL, get, scope="INACCESSIBLE"),
    Route("POST", _ALL, create, scope="INACCESSIBLE", cost=Cost.WRITE),
    Route("PUT", _ALL, change, scope="INACCESSIBLE", cost=Cost.WRITE),
    Route("DELETE", _ALL, delete, scope="INACCESSIBLE", cost=Cost.WRITE),
    Route("GET", f"{_ALL}/search", search, scope="INACCESSIBLE"),
    Route("GET", f"{_ALL}/byNames", by_names, scope="INACCESSIBLE"),
)
