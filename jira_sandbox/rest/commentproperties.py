"""Properties of comments: JSON that apps keep beside them, and where a service desk says "internal"."""

from jira_sandbox.acts import comments as acts
from jira_sandbox.acts.barriers import must_be_open
from jira_sandbox.acts.wishes import checked_property
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Comment, Issue
from jira_sandbox.wire import Refusal, Response, answer


def list_keys(call: Call) -> Response:
    """List the keys of all properties."""
    _, comment = _found(call)
    link = f"{call.site.base_url}/rest/api/3/comment/{comment.id}/properties"
    keys = [{"self": f"{link}/{key}", "key": key} for key in sorted(comment.properties)]
    return answer(200, {"keys": keys}, objects=len(keys))


def get(call: Call) -> Response:
    """One property; 404 if there is none of that key."""
    _, comment = _found(call)
    key = _known_key(call, comment)
    return answer(200, {"key": key, "value": comment.properties[key]})


def put(call: Call) -> Response:
    """Set a property: 201 when it is new, else 200. No webhook tells of it."""
    comment, key = _editable(call), call.names["propertyKey"]
    is_new = key not in comment.properties
    comment.properties[key] = checked_property(key, call.any_body())
    return answer(201 if is_new else 200)


def delete(call: Call) -> Response:
    """Remove a property: 204; 404 if there is none of that key."""
    comment = _editable(call)
    del comment.properties[_known_key(call, comment)]
    return answer(204)


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


def _known_key(call: Call, comment: Comment) -> str:
    key = call.names["propertyKey"]
    if key not in comment.properties:
        raise Refusal(404, f"The property with key '{key}' does not exist.")
    return key


_ALL = "/rest/api/3/comment/{commentId}/properties"
_ONE = f"{_ALL}/{{propertyKey}}"
ROUTES = (
    Route("GET", _ALL, list_keys),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, put, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="DELETE", cost=Cost.WRITE),
)
