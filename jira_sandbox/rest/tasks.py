"""Tasks that Jira answered before they were done."""

from jira_sandbox.acts import tasks as acts
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.settings import Task
from jira_sandbox.wire import Response, answer

_FIRST_PERSON = 10_000
"""Tasks alone still name people by number."""


def get(call: Call) -> Response:
    """Show a task: it is complete."""
    task = acts.find(call.site, call.actor, call.names["taskId"])
    when = int(task.submitted.timestamp() * 1000)
    told = {
        "self": address(call, task),
        "id": task.id,
        "description": task.description,
        "status": "COMPLETE",
        "result": task.result,
        "submittedBy": _FIRST_PERSON + list(call.site.users).index(task.by),
        "progress": 100,
        "elapsedRuntime": 0,
        "submitted": when,
        "started": when,
        "finished": when,
        "lastUpdate": when,
    }
    return answer(200, {name: value for name, value in told.items() if value is not None})


def address(call: Call, task: Task) -> str:
    """Give the address at which a task is asked for."""
    return f"{call.site.base_url}/rest/api/{call.api}/task/{task.id}"


def see(call: Call, task: Task) -> Response:
    """Answer 303, see there."""
    return Response(303, {"Location": address(call, task)}, b"", 1)


ROUTES = (Route("GET", "/rest/api/3/task/{taskId}", get, scope="NONE"),)
