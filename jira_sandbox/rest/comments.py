"""Comments of work items: list, one, several by id, write, change, delete."""

from jira_sandbox import render, richtext
from jira_sandbox.acts import comments as acts
from jira_sandbox.acts import issues
from jira_sandbox.acts.circles import KEEP
from jira_sandbox.meters import Cost
from jira_sandbox.rest import bodies
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Comment, Issue, Json
from jira_sandbox.wire import Refusal, Response, answer

PAGE, MOST = 100, 5000
MOST_BY_ID = 1000
ALL = 1_048_576
"""A page of Data Center's, unless a smaller one is asked for."""
_ORDERS = {"": 1, "created": 1, "+created": 1, "-created": -1}


def list_page(call: Call) -> Response:
    """Show a page of the comments the caller may see, the oldest first unless ``orderBy`` says otherwise."""
    issue = _issue(call)
    order = _ORDERS.get(call.request.parameter("orderBy"))
    if order is None:
        raise Refusal(400, "The orderBy must be one of created, -created, +created.")
    start = call.number("startAt", 0, most=10**9)
    usual, most = (PAGE, MOST) if call.site.edition.is_cloud else (ALL, ALL)
    size = call.number("maxResults", usual, most=most)
    listed = acts.seen(call.site, call.actor, issue)[::order]
    page = [_shown(call, issue, each) for each in listed[start : start + size]]
    shown = {"startAt": start, "maxResults": size, "total": len(listed), "comments": page}
    return answer(200, shown, objects=len(page))


def by_ids(call: Call) -> Response:
    """Show those of the named comments that the caller may see; the others are left out without a word."""
    wanted = call.body().get("ids")
    if not isinstance(wanted, list) or len(wanted) > MOST_BY_ID:
        raise Refusal(400, f"The ids must be a list of at most {MOST_BY_ID}.")
    numbers = {str(each) for each in wanted}
    listed = [
        _shown(call, issue, comment)
        for issue in call.site.issues.values()
        if call.site.sees(call.actor, issue)
        for comment in acts.seen(call.site, call.actor, issue)
        if comment.id in numbers
    ]
    shown = {"startAt": 0, "maxResults": ALL, "total": len(listed), "isLast": True, "values": listed}
    return answer(200, shown, objects=len(listed))


def get(call: Call) -> Response:
    """Show one comment."""
    issue = _issue(call)
    return answer(200, _shown(call, issue, acts.find(call.site, call.actor, issue, call.names["id"])))


def add(call: Call) -> Response:
    """Write a comment: 201 with the comment."""
    issue = _issue(call)
    comment = acts.add(call.world, call.site, call.actor, issue, words(call, call.body()))
    return answer(201, _shown(call, issue, comment))


def change(call: Call) -> Response:
    """Change a comment: 200 with the comment as it is now.

    Only an app or person that administers Jira may override what keeps a comment from being edited.
    """
    issue = _issue(call)
    if call.request.flag("overrideEditableFlag") and not call.site.may(call.actor, "ADMINISTER"):
        raise Refusal(400, "You do not have permission to override the editable flag.")
    comment = acts.find(call.site, call.actor, issue, call.names["id"])
    acts.change(call.world, call.site, call.actor, issue, comment, words(call, call.body()))
    return answer(200, _shown(call, issue, comment))


def delete(call: Call) -> Response:
    """Delete a comment: 204."""
    issue = _issue(call)
    comment = acts.find(call.site, call.actor, issue, call.names["id"])
    acts.delete(call.world, call.site, call.actor, issue, comment)
    return answer(204)


def words(call: Call, body: dict[str, Json]) -> acts.Words:
    """Read a comment's body; what API v2 sends as wiki text leaves as a document."""
    text = body.get("body")
    if call.api == 2 and text is not None:
        text = bodies.document(call, "comment", text) if isinstance(text, str) else str(text)
    return acts.Words(
        body=text,
        visibility=body.get("visibility", KEEP),
        properties=bodies.properties(body.get("properties") or []),
    )


def _issue(call: Call) -> Issue:
    return issues.find(call.site, call.actor, call.names["issueIdOrKey"])


def _shown(call: Call, issue: Issue, comment: Comment) -> Json:
    shown = render.comment(call.site, issue, comment, api=call.api)
    wanted = call.request.parameter_list("expand")
    if "renderedBody" in wanted:
        shown["renderedBody"] = str(richtext.to_html(comment.body))
    if "properties" in wanted:
        shown["properties"] = [{"key": key, "value": value} for key, value in comment.properties.items()]
    return shown


_ALL = "/rest/api/3/issue/{issueIdOrKey}/comment"
_ONE = f"{_ALL}/{{id}}"
ROUTES = (
    Route("POST", "/rest/api/3/comment/list", by_ids),
    Route("GET", _ALL, list_page),
    Route("POST", _ALL, add, scope="WRITE", cost=Cost.WRITE),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, change, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="DELETE", cost=Cost.WRITE),
)
