"""The options of a custom field's context, and one option by its id."""

from typing import Literal

from jira_sandbox.acts import customfields, fieldcontexts
from jira_sandbox.acts import fieldoptions as acts
from jira_sandbox.meters import Cost
from jira_sandbox.rest.paging import page
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.furniture import CustomField, FieldContext, Option
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Response, answer

PAGE = 100


def get(call: Call) -> Response:
    """Show the value of an option."""
    option = acts.anywhere(call.site, call.actor, call.names["id"])
    link = f"{call.site.base_url}/rest/api/3/customFieldOption/{option.id}"
    return answer(200, {"self": link, "value": option.value})


def list_page(call: Call) -> Response:
    """List the options of a context: those of the first step first, then those under them."""
    _, context = _place(call)
    wanted = call.request.parameter("optionId")
    only_top = call.request.flag("onlyOptions")
    found = [
        each
        for each in sorted(context.options, key=lambda each: each.parent_id is not None)
        if wanted in {"", each.id, each.parent_id} and not (only_top and each.parent_id)
    ]
    return page(call, found, _shown, size=PAGE, most=PAGE)


def create(call: Call) -> Response:
    """Add options to a context: 200 with those added."""
    field, context = _place(call)
    wanted = [
        Option(
            id="",
            value=str(each.get("value") or ""),
            parent_id=None if each.get("optionId") is None else str(each["optionId"]),
            is_disabled=each.get("disabled") is True,
        )
        for each in _options(call)
    ]
    made = acts.add(call.world, call.site, call.actor, field, context, wanted)
    return answer(200, {"options": [_shown(each) for each in made]}, objects=len(made))


def change(call: Call) -> Response:
    """Rename options or switch them off and on: 200 with those that changed."""
    field, context = _place(call)
    wanted: list[Option] = []
    for each in _options(call):
        known = acts.find(context, str(each.get("id")))
        wanted.append(
            Option(
                id=known.id,
                value=str(each.get("value", known.value)),
                parent_id=known.parent_id,
                is_disabled=bool(each.get("disabled", known.is_disabled)),
            )
        )
    changed = acts.change(call.world, call.site, call.actor, field, context, wanted)
    told = [{"id": each.id, "value": each.value, "disabled": each.is_disabled} for each in changed]
    return answer(200, {"options": told}, objects=len(told))


def move(call: Call) -> Response:
    """Change the order of options: 204."""
    field, context = _place(call)
    body = call.body()
    numbers = body.get("customFieldOptionIds")
    if not isinstance(numbers, list) or not numbers:
        raise Refusal(400, errors={"customFieldOptionIds": "The list must not be empty."})
    acts.move(
        call.world,
        call.site,
        call.actor,
        field,
        context,
        [str(each) for each in numbers],
        to=_target(context, body),
    )
    return answer(204)


def delete(call: Call) -> Response:
    """Delete an option: 204."""
    field, context = _place(call)
    option = acts.find(context, call.names["optionId"])
    acts.delete(call.world, call.site, call.actor, field, context, option)
    return answer(204)


def _place(call: Call) -> tuple[CustomField, FieldContext]:
    customfields.must_administer(call.site, call.actor)
    field = customfields.find(call.site, call.names["fieldId"])
    return field, fieldcontexts.find(field, call.names["contextId"])


def _options(call: Call) -> list[dict[str, Json]]:
    listed = call.body().get("options")
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise Refusal(400, errors={"options": "data was not an array"})
    return listed


def _target(context: FieldContext, body: dict[str, Json]) -> Literal["First", "Last"] | Option:
    position, after = body.get("position"), body.get("after")
    if (position is None) == (after is None):
        raise Refusal(400, errors={"position": "Either a position or an option to move after is needed."})
    if after is not None:
        return acts.find(context, str(after))
    if position == "First":
        return "First"
    if position == "Last":
        return "Last"
    raise Refusal(400, errors={"position": "The position must be First or Last."})


def _shown(option: Option) -> Json:
    shown = {"id": option.id, "value": option.value, "disabled": option.is_disabled}
    return shown | {"optionId": option.parent_id} if option.parent_id else shown


_ALL = "/rest/api/3/field/{fieldId}/context/{contextId}/option"
ROUTES = (
    Route("GET", "/rest/api/3/customFieldOption/{id}", get),
    Route("GET", _ALL, list_page),
    Route("POST", _ALL, create, scope="ADMIN", cost=Cost.WRITE),
    Route("PUT", _ALL, change, scope="ADMIN", cost=Cost.WRITE),
    Route("PUT", f"{_ALL}/move", move, scope="ADMIN", cost=Cost.WRITE),
    Route("DELETE", f"{_ALL}/{{optionId}}", delete, scope="ADMIN", cost=Cost.WRITE),
)
