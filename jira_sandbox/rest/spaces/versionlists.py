"""The versions of a space: a page of those searched for, or all of them."""

from jira_sandbox.acts import spaces
from jira_sandbox.rest.paging import ordered, page
from jira_sandbox.rest.spaces.versions import shown
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.furniture import Version
from jira_sandbox.state.values import Space
from jira_sandbox.wire import Refusal, Response, answer

_STATES = ("released", "unreleased", "archived")


def of_space(call: Call) -> Response:
    """Show a page of a space's versions, filtered by words and state and ordered as asked."""
    space = _space(call)
    states = call.request.parameter_list("status")
    if not set(states) <= set(_STATES):
        raise Refusal(400, f"Parameter 'status' must be one of {', '.join(_STATES)}.")
    words = call.request.parameter("query").lower()
    found = [
        each
        for each in space.versions
        if (words in each.name.lower() or words in each.description.lower())
        and (not states or _state(each) in states)
    ]
    ranks = {
        "name": lambda each: each.name.lower(),
        "description": lambda each: each.description.lower(),
        "releaseDate": lambda each: each.release_date,
        "startDate": lambda each: each.start_date,
        "sequence": space.versions.index,
    }
    return page(call, ordered(call, found, ranks), lambda each: shown(call, space, each))


def all_of_space(call: Call) -> Response:
    """List a space's versions in their order, the whole of them."""
    space = _space(call)
    listed = [shown(call, space, each) for each in space.versions]
    return answer(200, listed, objects=len(listed))


def _space(call: Call) -> Space:
    return spaces.find(call.site, call.actor, call.names["projectIdOrKey"])


def _state(version: Version) -> str:
    if version.is_archived:
        return "archived"
    return "released" if version.is_released else "unreleased"


_SPACE = "/rest/api/3/project/{projectIdOrKey}"
ROUTES = (
    Route("GET", f"{_SPACE}/version", of_space),
    Route("GET", f"{_SPACE}/versions", all_of_space),
)
