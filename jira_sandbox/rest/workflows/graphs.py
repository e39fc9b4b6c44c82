"""Workflow graphs. Jira shows them to administrators of it or of a space, and to no app at all."""

from jira_sandbox.acts import workflows as acts
from jira_sandbox.render.workflows import status_of_workflow, workflow, workflow_id
from jira_sandbox.rest import bodies
from jira_sandbox.rest.paging import ordered, page
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json
from jira_sandbox.state.workflow import Workflow
from jira_sandbox.wire import Refusal, Response, answer

_SCOPES = ("GLOBAL", "PROJECT")


def read(call: Call) -> Response:
    """Show workflows by name, id or (space, work type), or all of them, with the statuses they have."""
    body = call.body()
    names, ids = bodies.texts(body, "workflowNames"), bodies.texts(body, "workflowIds")
    pairs = bodies.entries(body, "projectAndIssueTypes")
    readable = acts.readable(call.site, call.actor)
    found = [
        flow
        for flow in readable
        if not (names or ids or pairs) or flow.name in names or workflow_id(call.site, flow) in ids
    ]
    found += [each for each in _of_pairs(call, pairs, readable) if each not in found]
    shown = {
        "statuses": _statuses(call, found),
        "workflows": [workflow(call.site, each) for each in found],
    }
    return answer(200, shown, objects=len(found))


def search(call: Call) -> Response:
    """Show a page of the workflows, by words, scope and whether a space uses them (all do, here)."""
    words, scope = call.request.parameter("queryString").lower(), call.request.parameter("scope").upper()
    if scope and scope not in _SCOPES:
        raise Refusal(400, errors={"scope": "The scope must be GLOBAL or PROJECT."})
    found = [
        flow
        for flow in acts.readable(call.site, call.actor)
        if words in flow.name.lower()
        and (not scope or (scope == "PROJECT") == (flow.space_id is not None))
        and call.request.parameter("isActive", "true").lower() == "true"
    ]
    listed = ordered(call, found, {"name": lambda each: each.name.lower()})
    whole = "values.transitions" in call.request.parameter_list("expand")
    response = page(call, listed, lambda each: _listed(call, each, whole=whole))
    shown = response.json()
    names = {each["name"] for each in shown["values"]}
    shown["statuses"] = _statuses(call, [each for each in listed if each.name in names])
    return answer(200, shown, objects=response.objects)


def _of_pairs(call: Call, pairs: list[Json], readable: list[Workflow]) -> list[Workflow]:
    """Find the workflow a work type goes through in a space; Refusal 400 for a pair that is none."""
    found = []
    for pair in pairs:
        space = call.site.spaces.get(str(pair.get("projectId"))) if isinstance(pair, dict) else None
        flow = space.workflows.get(str(pair.get("issueTypeId"))) if space else None
        if flow is None:
            raise Refusal(
                400, errors={"projectAndIssueTypes": "The project or its issue type does not exist."}
            )
        if any((each.name, each.space_id) == (flow.name, flow.space_id) for each in readable):
            found.append(flow)
    return found


def _statuses(call: Call, found: list[Workflow]) -> list[Json]:
    used = {number for flow in found for number in flow.status_ids}
    return [status_of_workflow(each) for each in call.site.statuses if each.id in used]


def _listed(call: Call, flow: Workflow, *, whole: bool) -> Json:
    shown = workflow(call.site, flow)
    return shown if whole else {name: value for name, value in shown.items() if name != "transitions"}


ROUTES = (
    Route("POST", "/rest/api/3/workflows", read, scope="INACCESSIBLE"),
    Route("GET", "/rest/api/3/workflows/search", search, scope="INACCESSIBLE"),
)
