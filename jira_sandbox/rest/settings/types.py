"""Work types: list, one, of a space, make, change, delete."""

from jira_sandbox import render
from jira_sandbox.acts import worktypes as acts
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import WorkType
from jira_sandbox.wire import Refusal, Response, answer

_LEVELS = ("-1", "0", "1")


def everything(call: Call) -> Response:
    """List the work types of the spaces the caller sees, to Jira's admins all."""
    return _listed(call, acts.seen(call.site, call.actor))


def of_space(call: Call) -> Response:
    """List the work types of the space ``projectId``, of one level if ``level`` is given."""
    number, level = call.request.parameter("projectId"), call.request.parameter("level")
    if not number.isdigit():
        raise Refusal(400, errors={"projectId": "The project id must be specified as a number."})
    if level and level not in _LEVELS:
        raise Refusal(400, errors={"level": f"The level must be one of {', '.join(_LEVELS)}."})
    space = acts.of_space(call.site, call.actor, number)
    listed = [call.site.work_types[each] for each in space.type_ids]
    return _listed(call, [each for each in listed if level in {"", str(each.hierarchy_level)}])


def get(call: Call) -> Response:
    """Show one work type."""
    return answer(200, render.work_type(call.site, _type(call)))


def alternatives(call: Call) -> Response:
    """List the work types that can take the place of one."""
    number = call.names["id"]
    if number not in call.site.work_types:
        raise Refusal(404, f"The issue type with id '{number}' was not found")
    return _listed(call, acts.alternatives(call.site, call.site.work_types[number]))


def create(call: Call) -> Response:
    """Make a work type: 201 with the work type."""
    made = acts.create(call.world, call.site, call.actor, call.body())
    return answer(201, render.work_type(call.site, made))


def change(call: Call) -> Response:
    """Change a work type: 200 with the work type as it is now."""
    changed = acts.change(call.world, call.site, call.actor, _type(call), call.body())
    return answer(200, render.work_type(call.site, changed))


def delete(call: Call) -> Response:
    """Delete a work type: 204."""
    heir = call.request.parameter("alternativeIssueTypeId")
    acts.delete(call.world, call.site, call.actor, _type(call), heir=heir)
    return answer(204)


def _type(call: Call) -> WorkType:
    return acts.find(call.site, call.actor, call.names["id"])


def _listed(call: Call, kinds: list[WorkType]) -> Response:
    return answer(200, [render.work_type(call.site, each) for each in kinds], objects=len(kinds))


_ALL = "/rest/api/3/issuetype"
_ONE = f"{_ALL}/{{id}}"
ROUTES = (
    Route("GET", _ALL, everything),
    Route("POST", _ALL, create, scope="ADMIN", cost=Cost.WRITE),
    Route("GET", f"{_ALL}/project", of_space),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, change, scope="ADMIN", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="ADMIN", cost=Cost.WRITE),
    Route("GET", f"{_ONE}/alternatives", alternatives),
)
