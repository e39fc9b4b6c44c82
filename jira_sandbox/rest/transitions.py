"""Transitions: which are offered, and taking one."""

from jira_sandbox import render
from jira_sandbox.acts import issues as acts
from jira_sandbox.meters import Cost
from jira_sandbox.rest import bodies
from jira_sandbox.rest.meta import field_meta
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json
from jira_sandbox.state.workflow import Transition
from jira_sandbox.wire import Refusal, Response, answer


def offered(call: Call) -> Response:
    """List the transitions from the status the work item is in, with their screens' fields on request."""
    issue = acts.find(call.site, call.actor, call.names["issueIdOrKey"])
    wanted = call.request.parameter("transitionId")
    with_fields = "transitions.fields" in call.request.parameter_list("expand")
    listed = [
        _shown(call, each) | ({"fields": _fields(call, each)} if with_fields else {})
        for each in acts.transitions(call.site, call.actor, issue)
        if wanted in {"", each.id}
    ]
    return answer(200, {"expand": "transitions", "transitions": listed}, objects=len(listed))


def take(call: Call) -> Response:
    """Take a transition: 204, or 400 when it is not offered or its screen is not filled as it must be."""
    issue = acts.find(call.site, call.actor, call.names["issueIdOrKey"])
    number = bodies.member(call.body(), "transition").get("id")
    if not number:
        raise Refusal(400, "Missing 'transition' identifier")
    acts.transition(call.world, call.site, call.actor, issue, str(number), bodies.wish(call))
    return answer(204)


def _shown(call: Call, step: Transition) -> dict[str, Json]:
    return {
        "id": step.id,
        "name": step.name,
        "to": render.status(call.site, call.site.status(step.to)),
        "hasScreen": bool(step.fields),
        "isGlobal": step.sources is None,
        "isInitial": False,
        "isAvailable": True,
        "isConditional": False,
        "isLooped": False,
    }


def _fields(call: Call, step: Transition) -> Json:
    return {name: field_meta(call, name, required=name in step.required) for name in step.fields}


_ALL = "/rest/api/3/issue/{issueIdOrKey}/transitions"
ROUTES = (
    Route("GET", _ALL, offered),
    Route("POST", _ALL, take, scope="WRITE", cost=Cost.WRITE),
)
