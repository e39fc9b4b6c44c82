"""Making work items: one, or up to fifty of which some may fail."""

from jira_sandbox.acts import issues, steps
from jira_sandbox.acts.wishes import Wish
from jira_sandbox.meters import Cost
from jira_sandbox.rest import bodies
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue, Json
from jira_sandbox.wire import Refusal, Response, answer

MOST = 50


def create(call: Call) -> Response:
    """Make a work item: 201 with its id and key, 400 that names the fields at fault."""
    shown = _created(call, call.body())
    if call.request.flag("updateHistory"):
        call.site.note_visit(call.actor.account_id, call.site.issues[shown["id"]].space_id)
    return answer(201, shown)


def create_many(call: Call) -> Response:
    """Make work items: 201 with those made and what was wrong with the others, 400 when none was made."""
    wanted = call.body().get("issueUpdates")
    if not isinstance(wanted, list) or not 0 < len(wanted) <= MOST:
        words = f"The number of issues to create must be from 1 to {MOST}."
        return answer(400, {"issues": [], "errors": [_fault(Refusal(400, words))]}, objects=0)
    made: list[Json] = []
    errors: list[Json] = []
    for number, body in enumerate(wanted):
        try:
            made.append(_created(call, body))
        except Refusal as refusal:
            errors.append({**_fault(refusal), "failedElementNumber": number})
    return answer(201 if made else 400, {"issues": made, "errors": errors}, objects=len(made))


def _created(call: Call, body: Json) -> dict[str, Json]:
    if not isinstance(body, dict):
        raise Refusal(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    step = bodies.member(body, "transition")
    issue = issues.create(call.world, call.site, call.actor, bodies.wish_in(call, body))
    link = f"{call.site.base_url}/rest/api/3/issue/{issue.id}"
    shown: dict[str, Json] = {"id": issue.id, "key": issue.key, "self": link}
    return shown | {"transition": _moved_on(call, issue, step)} if step else shown


def _moved_on(call: Call, issue: Issue, step: dict[str, Json]) -> Json:
    """Take the transition that came with a create; what is refused of it does not undo the create."""
    try:
        steps.take(call.world, call.site, call.actor, issue, str(step.get("id") or ""), Wish())
    except Refusal as refusal:
        return {"status": refusal.status, "errorCollection": _errors(refusal)}
    return {"status": 200, "errorCollection": {"errorMessages": [], "errors": {}}}


def _fault(refusal: Refusal) -> dict[str, Json]:
    return {"status": refusal.status, "elementErrors": _errors(refusal)}


def _errors(refusal: Refusal) -> Json:
    return {"errorMessages": refusal.messages, "errors": refusal.errors}


_ISSUE = "/rest/api/3/issue"
ROUTES = (
    Route("POST", _ISSUE, create, scope="WRITE", cost=Cost.WRITE),
    Route("POST", f"{_ISSUE}/bulk", create_many, scope="WRITE", cost=Cost.WRITE),
)
