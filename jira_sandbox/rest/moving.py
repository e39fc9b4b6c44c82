"""Moving work items, as people and their tools do it: no Connect app may."""

from jira_sandbox import render
from jira_sandbox.acts import bulkmoving as acts
from jira_sandbox.acts.issues import find
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Handler, Route
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Response, answer


def submit(call: Call) -> Response:
    """Move work items: 201 with the number at which the outcome is asked for."""
    done = acts.submit(call.world, call.site, call.actor, _plans(call))
    return answer(201, {"taskId": done.id})


def outcome(call: Call) -> Response:
    """Show what came of a move. The times are numbers, as in the description's words and example."""
    found = acts.find(call.site, call.actor, call.names["taskId"])
    when = int(found.submitted.timestamp() * 1000)
    told = {
        "taskId": found.id,
        "status": "COMPLETE",
        "progressPercent": 100,
        "submittedBy": render.user(call.site, call.site.users[found.by]),
        "created": when,
        "started": when,
        "updated": when,
        "totalIssueCount": len(found.moved) + len(found.failed) + found.unknown,
        "invalidOrInaccessibleIssueCount": found.unknown,
        "processedAccessibleIssues": [int(each) for each in found.moved],
        "failedAccessibleIssues": {number: [text] for number, text in found.failed.items()},
    }
    return answer(200, told)


def _in_its_own_words(handler: Handler) -> Handler:
    """Word refusals as operations on many work items do: a list of messages, whatever it is about."""

    def answered(call: Call) -> Response:
        try:
            return handler(call)
        except Refusal as refusal:
            words = [*refusal.messages, *refusal.errors.values()]
            return answer(400, {"errors": [{"message": each} for each in words]}, objects=0)

    return answered


def _plans(call: Call) -> list[acts.Plan]:
    wanted = call.body().get("targetToSourcesMapping")
    if not isinstance(wanted, dict) or not wanted:
        raise Refusal(400, "targetToSourcesMapping must be an object that is not empty.")
    return [_plan(call, place, said) for place, said in wanted.items()]


def _plan(call: Call, place: str, said: Json) -> acts.Plan:
    """Read ``<space>,<type>[,<parent>]`` and what goes there."""
    space_name, type_id, parent = [*place.split(","), "", ""][:3]
    try:
        space = call.site.space(space_name)
    except LookupError:
        raise Refusal(400, f"The project '{space_name}' is not valid.") from None
    if type_id not in space.type_ids:
        raise Refusal(400, f"The issue type '{type_id}' is not valid for the project '{space_name}'.")
    if not isinstance(said, dict) or not isinstance(said.get("issueIdsOrKeys"), list):
        raise Refusal(400, "issueIdsOrKeys must be an array.")
    return acts.Plan(
        names=tuple(str(each) for each in said["issueIdsOrKeys"]),
        space=space,
        type_id=type_id,
        parent=find(call.site, call.actor, parent) if parent else None,
        statuses=None if said.get("inferStatusDefaults") else _statuses(said.get("targetStatus") or []),
    )


def _statuses(listed: Json) -> dict[str, str]:
    """Turn lists of today's statuses by their new one into the new one by today's."""
    try:
        return {
            str(source): str(target)
            for each in listed
            for target, sources in each["statuses"].items()
            for source in sources
        }
    except (KeyError, TypeError, AttributeError):
        raise Refusal(400, "targetStatus must be a list of status mappings.") from None


_MOVE, _OUTCOME = _in_its_own_words(submit), _in_its_own_words(outcome)
ROUTES = (
    Route("POST", "/rest/api/3/bulk/issues/move", _MOVE, scope="INACCESSIBLE", cost=Cost.WRITE),
    Route("GET", "/rest/api/3/bulk/queue/{taskId}", _OUTCOME, scope="INACCESSIBLE"),
)
