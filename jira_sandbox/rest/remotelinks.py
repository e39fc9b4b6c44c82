"""Links of work items to things outside Jira, by their ids and by the global ids of who made them."""

from jira_sandbox.acts import issues
from jira_sandbox.acts import remotelinks as acts
from jira_sandbox.meters import Cost
from jira_sandbox.render.links import remote_address, remote_link
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue
from jira_sandbox.wire import Refusal, Response, answer


def list_all(call: Call) -> Response:
    """List the links of a work item; with ``globalId`` not a list but the one that has it."""
    issue, global_id = _issue(call), call.request.parameter("globalId")
    if global_id:
        return answer(200, remote_link(call.site, issue, acts.with_global_id(issue, global_id)))
    listed = [remote_link(call.site, issue, each) for each in issue.remote_links]
    return answer(200, listed, objects=len(listed))


def get(call: Call) -> Response:
    """Show one link."""
    issue = _issue(call)
    return answer(200, remote_link(call.site, issue, acts.find(issue, call.names["linkId"])))


def put(call: Call) -> Response:
    """Make a link: 201; replace the one that has the same global id: 200."""
    issue = _issue(call)
    link, is_new = acts.put(call.world, call.site, call.actor, issue, _wish(call))
    shown = {"id": int(link.id), "self": remote_address(call.site, issue, link)}
    return answer(201 if is_new else 200, shown)


def change(call: Call) -> Response:
    """Replace what a link says: 204."""
    issue = _issue(call)
    link = acts.find(issue, call.names["linkId"])
    acts.change(call.world, call.site, call.actor, issue, link, _wish(call))
    return answer(204)


def delete(call: Call) -> Response:
    """Delete a link: 204."""
    issue = _issue(call)
    link = acts.find(issue, call.names["linkId"])
    acts.delete_as_editor(call.world, call.site, call.actor, issue, link)
    return answer(204)


def delete_by_global_id(call: Call) -> Response:
    """Delete the link that has a global id: 204."""
    issue, global_id = _issue(call), call.request.parameter("globalId")
    if not global_id:
        raise Refusal(400, errors={"globalId": "'globalId' is required."})
    acts.delete(call.world, call.site, call.actor, issue, acts.with_global_id(issue, global_id))
    return answer(204)


def _issue(call: Call) -> Issue:
    return issues.find(call.site, call.actor, call.names["issueIdOrKey"])


def _wish(call: Call) -> acts.RemoteWish:
    body = call.body()
    return acts.RemoteWish(
        global_id=str(body.get("globalId") or ""),
        object=body.get("object"),
        application=body.get("application"),
        relationship=body.get("relationship"),
    )


_ALL = "/rest/api/3/issue/{issueIdOrKey}/remotelink"
_ONE = f"{_ALL}/{{linkId}}"
ROUTES = (
    Route("GET", _ALL, list_all),
    Route("POST", _ALL, put, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", _ALL, delete_by_global_id, scope="DELETE", cost=Cost.WRITE),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, change, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="DELETE", cost=Cost.WRITE),
)
