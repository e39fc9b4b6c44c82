"""Transitions: which are offered, and taking one."""

from jira_sandbox import fields, render
from jira_sandbox.acts import conditions, steps
from jira_sandbox.acts import issues as acts
from jira_sandbox.meters import Cost
from jira_sandbox.rest import bodies
from jira_sandbox.rest.meta import field_meta
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue, Json
from jira_sandbox.state.workflow import Transition
from jira_sandbox.wire import Refusal, Response, answer

_CATEGORIES = ("new", "indeterminate", "done")


def offered(call: Call) -> Response:
    """List the transitions from the status the work item is in, with their screens' fields on request.

    ``includeUnavailableTransitions`` adds those whose conditions do not hold, ``skipRemoteOnlyCondition``
    shows an app that administers Jira what is hidden from people.
    """
    issue = acts.find(call.site, call.actor, call.names["issueIdOrKey"])
    wanted = call.request.parameter("transitionId")
    with_fields = "transitions.fields" in call.request.parameter_list("expand")
    listed = [
        shown_transition(call, issue, each)
        | ({"fields": transition_fields(call, issue, each)} if with_fields else {})
        for each in _ordered(call, issue, steps.from_here(call.site, call.actor, issue))
        if wanted in {"", each.id} and _is_listed(call, issue, each)
    ]
    return answer(200, {"expand": "transitions", "transitions": listed}, objects=len(listed))


def take(call: Call) -> Response:
    """Take a transition: 204, or 400 when it is not offered or its screen is not filled as it must be."""
    issue = acts.find(call.site, call.actor, call.names["issueIdOrKey"])
    number = bodies.member(call.body(), "transition").get("id")
    if not number:
        raise Refusal(400, "Missing 'transition' identifier")
    steps.take(call.world, call.site, call.actor, issue, str(number), bodies.wish(call))
    return answer(204)


def _ordered(call: Call, issue: Issue, listed: list[Transition]) -> list[Transition]:
    """Put them in the order of the categories they lead to, if asked; else they stay in the workflow's."""

    def rank(step: Transition) -> int:
        return _CATEGORIES.index(call.site.status(step.target(issue.status_id)).category)

    return sorted(listed, key=rank) if call.request.flag("sortByOpsBarAndStatus") else listed


def _is_listed(call: Call, issue: Issue, step: Transition) -> bool:
    is_hidden = any(each.kind == "hidden" for each in step.conditions)
    may_see = call.by_app and call.site.may(call.actor, "ADMINISTER")
    if is_hidden and not (may_see and call.request.flag("skipRemoteOnlyCondition")):
        return False
    holds = conditions.hold(call.site, call.actor, issue, step)
    return holds or call.request.flag("includeUnavailableTransitions")


def shown_transition(call: Call, issue: Issue, step: Transition) -> dict[str, Json]:
    """Show a transition from the status the work item is in."""
    return {
        "id": step.id,
        "name": step.name,
        "to": render.status(call.site, call.site.status(step.target(issue.status_id))),
        "hasScreen": bool(step.fields),
        "isGlobal": step.sources is None,
        "isInitial": False,
        "isAvailable": conditions.hold(call.site, call.actor, issue, step),
        "isConditional": bool(step.conditions),
        "isLooped": step.is_looped,
    }


def transition_fields(call: Call, issue: Issue, step: Transition) -> Json:
    """Describe the fields of a transition's screen by id, as far as the work item's space has them."""
    place = fields.place_of(call.site, issue, call.actor)
    known = fields.at(place)
    return {
        name: field_meta(place, name, required=name in step.required) for name in step.fields if name in known
    }


_ALL = "/rest/api/3/issue/{issueIdOrKey}/transitions"
ROUTES = (
    Route("GET", _ALL, offered),
    Route("POST", _ALL, take, scope="WRITE", cost=Cost.WRITE),
)
