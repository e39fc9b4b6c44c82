"""Whether a name or a key is free for a new space, and what could be taken instead."""

from jira_sandbox.acts import spaces as acts
from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Refusal, Response, answer


def check_key(call: Call) -> Response:
    """Say what is wrong with a key: 200 in any case, with an error by field or without any."""
    key = call.request.parameter("key")
    fault = acts.key_fault(call.site, key) if key else "You must specify a unique project key."
    return answer(200, {"errorMessages": [], "errors": {"projectKey": fault} if fault else {}})


def valid_key(call: Call) -> Response:
    """Give the key back, or one that could be taken instead; nothing if none can be made of it."""
    return answer(200, acts.free_key(call.site, call.request.parameter("key")))


def valid_name(call: Call) -> Response:
    """Give the name back, or with a number behind it when it is taken; 404 if none can be made of it."""
    name = call.request.parameter("name")
    if not name:
        raise Refusal(400, errors={"projectName": "You must specify a valid project name."})
    found = acts.free_name(call.site, name)
    if not found:
        raise Refusal(404, "A valid project name could not be generated.")
    return answer(200, found)


_ALL = "/rest/api/3/projectvalidate"
ROUTES = (
    Route("GET", f"{_ALL}/key", check_key),
    Route("GET", f"{_ALL}/validProjectKey", valid_key),
    Route("GET", f"{_ALL}/validProjectName", valid_name),
)
