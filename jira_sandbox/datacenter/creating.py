"""What can be filled in when a work item is made: the Cloud's lists, in pages as Data Center has them."""

from jira_sandbox.rest import meta
from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Response, answer


def types(call: Call) -> Response:
    """List the work types one can create in a space, a page at a time."""
    return _in_pages(meta.create_types(call), "issueTypes")


def fields(call: Call) -> Response:
    """List the fields of the create screen of one work type, a page at a time."""
    return _in_pages(meta.create_fields(call), "fields")


def _in_pages(response: Response, name: str) -> Response:
    page = response.json()
    listed = page.pop(name)
    is_last = page["startAt"] + page["maxResults"] >= page["total"]
    return answer(200, {**page, "isLast": is_last, "values": listed}, objects=len(listed))


_CREATE = "/rest/api/2/issue/createmeta/{projectIdOrKey}/issuetypes"
ROUTES = (
    Route("GET", _CREATE, types),
    Route("GET", f"{_CREATE}/{{issueTypeId}}", fields),
)
