"""Types of links between work items."""

from jira_sandbox.acts import linktypes as acts
from jira_sandbox.meters import Cost
from jira_sandbox.render.links import link_type
from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Refusal, Response, answer


def list_all(call: Call) -> Response:
    """List all link types."""
    listed = [link_type(call.site, each) for each in acts.listed(call.site, call.actor)]
    return answer(200, {"issueLinkTypes": listed}, objects=len(listed))


def get(call: Call) -> Response:
    """Show one link type."""
    found = acts.find(call.site, call.actor, call.names["issueLinkTypeId"])
    return answer(200, link_type(call.site, found))


def create(call: Call) -> Response:
    """Make a link type: 201 with it."""
    made = acts.create(call.world, call.site, call.actor, _wish(call))
    return answer(201, link_type(call.site, made))


def change(call: Call) -> Response:
    """Change a link type: 200 with it as it is now."""
    found = acts.find(call.site, call.actor, call.names["issueLinkTypeId"])
    acts.change(call.world, call.site, call.actor, found, _wish(call))
    return answer(200, link_type(call.site, found))


def delete(call: Call) -> Response:
    """Delete a link type: 204."""
    found = acts.find(call.site, call.actor, call.names["issueLinkTypeId"])
    acts.delete(call.world, call.site, call.actor, found)
    return answer(204)


def _wish(call: Call) -> acts.TypeWish:
    body = call.body()
    texts = {name: body.get(name) or "" for name in ("name", "inward", "outward")}
    wrong = {name: "data was not a string" for name, text in texts.items() if not isinstance(text, str)}
    if wrong:
        raise Refusal(400, errors=wrong)
    return acts.TypeWish(**texts)


_ALL = "/rest/api/3/issueLinkType"
_ONE = f"{_ALL}/{{issueLinkTypeId}}"
ROUTES = (
    Route("GET", _ALL, list_all),
    Route("POST", _ALL, create, scope="ADMIN", cost=Cost.WRITE),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, change, scope="ADMIN", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="ADMIN", cost=Cost.WRITE),
)
