"""Workflow graphs. Jira shows them to its administrators and to no Connect app, whatever its scopes."""

from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json
from jira_sandbox.state.workflow import Transition, Workflow
from jira_sandbox.wire import Refusal, Response, answer

_CATEGORIES = {"new": "TODO", "indeterminate": "IN_PROGRESS", "done": "DONE"}


def read(call: Call) -> Response:
    """Show the workflows by name (``workflowNames``), or all of them, with all their statuses.

    Refusal 401 for others than administrators, as the description has it.
    """
    if not call.site.may(call.actor, "ADMINISTER"):
        raise Refusal(401, "You do not have permission to see workflows.")
    wanted = call.body().get("workflowNames") or []
    listed = {
        flow.name: flow
        for space in call.site.spaces.values()
        for flow in space.workflows.values()
        if not wanted or flow.name in wanted
    }
    statuses = [
        {
            "id": each.id,
            "statusReference": each.id,
            "name": each.name,
            "description": "",
            "statusCategory": _CATEGORIES[each.category],
            "scope": {"type": "GLOBAL"},
        }
        for each in call.site.statuses
    ]
    shown = {"statuses": statuses, "workflows": [_shown(flow) for flow in listed.values()]}
    return answer(200, shown, objects=len(listed))


def _shown(flow: Workflow) -> Json:
    return {
        "id": flow.name,
        "name": flow.name,
        "description": "",
        "isEditable": True,
        "scope": {"type": "GLOBAL"},
        "statuses": [{"statusReference": each, "deprecated": False} for each in flow.status_ids],
        "transitions": [_transition(step) for step in flow.transitions],
    }


def _transition(step: Transition) -> Json:
    return {
        "id": step.id,
        "name": step.name,
        "description": "",
        "toStatusReference": step.to,
        "type": "GLOBAL" if step.sources is None else "DIRECTED",
        "links": [{"fromStatusReference": each} for each in sorted(step.sources or ())],
    }


ROUTES = (Route("POST", "/rest/api/3/workflows", read, scope="INACCESSIBLE"),)
