"""Properties of comments: JSON that apps keep beside them, and where a service desk says "internal"."""

from jira_sandbox.acts import comments as acts
from jira_sandbox.acts.barriers import must_be_open
from jira_sandbox.meters import Cost
from jira_sandbox.rest import kept
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Comment, Issue
from jira_sandbox.wire import Refusal, Response


def list_keys(call: Call) -> Response:
    """List the keys of all properties."""
    _, comment = _found(call)
    return kept.keys(f"{call.site.base_url}/rest/api/3/comment/{comment.id}/properties", comment.properties)


def get(call: Call) -> Response:
    """One property; 404 if there is none of that key."""
    return kept.one(call, _found(call)[1].properties)


def put(call: Call) -> Response:
    """Set a property: 201 when it is new, else 200. No webhook tells of it."""
    return kept.put(call, _editable(call).properties)


def delete(call: Call) -> Response:
    """Remove a property: 204; 404 if there is none of that key."""
    return kept.delete(call, _editable(call).properties)


def _found(call: Call) -> tuple[Issue, Comment]:
    """Find the comment among those the caller may see on any work item the caller may see."""
    number = call.names["commentId"]
    for issue in call.site.issues.values():
        if call.site.sees(call.actor, issue):
            for comment in acts.seen(call.site, call.actor, issue):
                if comment.id == number:
                    return issue, comment
    raise Refusal(404, f"Can not find a comment for the id: {number}.")


def _editable(call: Call) -> Comment:
    issue, comment = _found(call)
    if not acts.may(call.site, call.actor, issue, comment, "EDIT"):
        raise Refusal(403, "You do not have permission to edit this comment.")
    must_be_open(call.site, issue)
    return comment


_ALL = "/rest/api/3/comment/{commentId}/properties"
_ONE = f"{_ALL}/{{propertyKey}}"
ROUTES = (
    Route("GET", _ALL, list_keys),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, put, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="DELETE", cost=Cost.WRITE),
)
