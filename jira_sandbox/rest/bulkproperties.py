"""Properties of many work items at once: each answer is 303 with the address of a task."""

from jira_sandbox.acts import bulkproperties as acts
from jira_sandbox.meters import Cost
from jira_sandbox.rest import bodies, tasks
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Response


def set_same(call: Call) -> Response:
    """Set the same properties on all of the work items."""
    body = call.body()
    numbers, properties = _numbers(body.get("entitiesIds"), "entitiesIds"), bodies.member(body, "properties")
    return tasks.see(call, acts.set_same(call.world, call.site, call.actor, numbers or [], properties))


def set_each(call: Call) -> Response:
    """Set each work item's own properties."""
    listed = call.body().get("issues")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise Refusal(400, errors={"issues": "data was not an array"})
    wanted = {str(each.get("issueID")): bodies.member(each, "properties") for each in listed}
    return tasks.see(call, acts.set_each(call.world, call.site, call.actor, wanted))


def set_filtered(call: Call) -> Response:
    """Set one property to one value; values computed by a Jira expression are not played."""
    body = call.body()
    if "value" not in body:
        raise Refusal(400, errors={"value": "A value is required; expressions are not supported."})
    key, chosen = call.names["propertyKey"], _filter(bodies.member(body, "filter"))
    task = acts.set_filtered(call.world, call.site, call.actor, key, body["value"], chosen)
    return tasks.see(call, task)


def delete_filtered(call: Call) -> Response:
    """Remove one property."""
    chosen = _filter(call.body() if call.request.body else {})
    task = acts.delete_filtered(call.world, call.site, call.actor, call.names["propertyKey"], chosen)
    return tasks.see(call, task)


def _filter(said: dict[str, Json]) -> acts.Filter:
    is_there = said.get("hasProperty")
    if is_there is not None and not isinstance(is_there, bool):
        raise Refusal(400, errors={"hasProperty": "data was not a boolean"})
    return acts.Filter(
        ids=_numbers(said.get("entityIds"), "entityIds"),
        value=said.get("currentValue", acts.ANY),
        is_there=is_there,
    )


def _numbers(raw: Json, name: str) -> list[str] | None:
    if raw is None:
        return None
    if not isinstance(raw, list) or not all(type(each) is int for each in raw):
        raise Refusal(400, errors={name: "data was not an array of numbers"})
    return [str(each) for each in raw]


_ALL = "/rest/api/3/issue/properties"
_ONE = f"{_ALL}/{{propertyKey}}"
ROUTES = (
    Route("POST", _ALL, set_same, scope="WRITE", cost=Cost.WRITE),
    Route("POST", f"{_ALL}/multi", set_each, scope="WRITE", cost=Cost.WRITE),
    Route("PUT", _ONE, set_filtered, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete_filtered, scope="DELETE", cost=Cost.WRITE),
)
