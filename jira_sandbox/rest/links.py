"""Links between work items."""

from jira_sandbox.acts import links as acts
from jira_sandbox.meters import Cost
from jira_sandbox.render import links as render
from jira_sandbox.rest import bodies, comments
from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Refusal, Response, answer


def create(call: Call) -> Response:
    """Link two work items: 201 without a body, as Jira has it."""
    body = call.body()
    missing = [name for name in ("type", "inwardIssue", "outwardIssue") if not body.get(name)]
    if missing:
        raise Refusal(400, errors={name: f"{name} is required." for name in missing})
    said = bodies.member(body, "comment")
    wish = acts.LinkWish(
        type=body["type"],
        inward=body["inwardIssue"],
        outward=body["outwardIssue"],
        words=comments.words(call, said) if said else None,
    )
    acts.add(call.world, call.site, call.actor, wish)
    return answer(201)


def get(call: Call) -> Response:
    """Show a link with both ends."""
    found = acts.find(call.site, call.actor, call.names["linkId"])
    return answer(200, render.link(call.site, found))


def delete(call: Call) -> Response:
    """Delete a link: 204."""
    found = acts.find(call.site, call.actor, call.names["linkId"])
    acts.remove(call.world, call.site, call.actor, found)
    return answer(204)


_ALL = "/rest/api/3/issueLink"
ROUTES = (
    Route("POST", _ALL, create, scope="WRITE", cost=Cost.WRITE),
    Route("GET", f"{_ALL}/{{linkId}}", get),
    Route("DELETE", f"{_ALL}/{{linkId}}", delete, scope="DELETE", cost=Cost.WRITE),
)
