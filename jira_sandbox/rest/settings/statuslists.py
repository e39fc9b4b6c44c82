"""Statuses as everybody may read them, and their categories."""

from jira_sandbox import render
from jira_sandbox.acts import statuses as acts
from jira_sandbox.render.basics import CATEGORIES
from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Refusal, Response, answer


def everything(call: Call) -> Response:
    """List the statuses of the workflows of the spaces the caller sees."""
    listed = [render.status(call.site, each) for each in acts.in_use(call.site, call.actor)]
    return answer(200, listed, objects=len(listed))


def get(call: Call) -> Response:
    """Show one status by id or name."""
    found = acts.find_in_use(call.site, call.actor, call.names["idOrName"])
    return answer(200, render.status(call.site, found))


def categories(call: Call) -> Response:
    """List the categories."""
    listed = [render.status_category(call.site, key) for key in CATEGORIES]
    return answer(200, listed, objects=len(listed))


def category(call: Call) -> Response:
    """Show one category by id or key."""
    name = call.names["idOrKey"]
    for key, (number, _name, _color) in CATEGORIES.items():
        if name in {key, str(number)}:
            return answer(200, render.status_category(call.site, key))
    raise Refusal(404, f"The status category with id or key '{name}' does not exist.")


ROUTES = (
    Route("GET", "/rest/api/3/status", everything),
    Route("GET", "/rest/api/3/status/{idOrName}", get),
    Route("GET", "/rest/api/3/statuscategory", categories),
    Route("GET", "/rest/api/3/statuscategory/{idOrKey}", category),
)
