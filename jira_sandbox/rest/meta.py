"""What can be filled in: fields, work types, priorities, statuses and the create screens."""

from jira_sandbox import fields, render
from jira_sandbox.rest.projects import find
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json, Space
from jira_sandbox.wire import Refusal, Response, answer

META_PAGE, MOST_META = 50, 200


def all_fields(call: Call) -> Response:
    """Every field of the site, custom or not."""
    listed = [
        {
            "id": name,
            "key": name,
            "name": title,
            "custom": False,
            "orderable": name in fields.EDITABLE,
            "navigable": True,
            "searchable": True,
            "clauseNames": [name],
            "schema": schema,
        }
        for name, (title, schema) in _known().items()
        if not call.site.hides(name, call.actor)
    ]
    return answer(200, listed, objects=len(listed))


def all_work_types(call: Call) -> Response:
    """List the work types of the spaces the caller sees."""
    used = {type_id for space in call.site.spaces_seen_by(call.actor) for type_id in space.type_ids}
    listed = [render.work_type(call.site, kind) for kind in call.site.work_types.values() if kind.id in used]
    return answer(200, listed, objects=len(listed))


def all_priorities(call: Call) -> Response:
    """List the priorities, most urgent first."""
    listed = [
        {**render.priority(call.site, each), "statusColor": each.color, "description": ""}
        for each in call.site.priorities
    ]
    return answer(200, listed, objects=len(listed))


def all_statuses(call: Call) -> Response:
    """List the statuses of the site."""
    listed = [render.status(call.site, each) for each in call.site.statuses]
    return answer(200, listed, objects=len(listed))


def create_types(call: Call) -> Response:
    """List the work types one can create in a space, a page at a time."""
    space = _space_to_create_in(call)
    kinds = [render.work_type(call.site, call.site.work_types[type_id]) for type_id in space.type_ids]
    return _page(call, "issueTypes", kinds)


def create_fields(call: Call) -> Response:
    """List the fields of the create screen of one work type, a page at a time."""
    space = _space_to_create_in(call)
    if call.names["issueTypeId"] not in space.type_ids:
        raise Refusal(404, "The issue type is not found in this project, or you may not see it.")
    listed = _create_fields(call, space, call.names["issueTypeId"])
    return _page(call, "fields", listed)


def _known() -> dict[str, tuple[str, Json]]:
    editable = {name: (each.name, each.schema) for name, each in fields.EDITABLE.items()}
    return editable | fields.SYSTEM


def _space_to_create_in(call: Call) -> Space:
    space = find(call, call.names["projectIdOrKey"])
    if not call.site.may(call.actor, "CREATE_ISSUES", space=space):
        raise Refusal(403, "You do not have permission to create issues in this project.")
    return space


def field_meta(call: Call, name: str, *, required: bool) -> dict[str, Json]:
    """Describe a field of a screen: its schema, whether it must be filled, and with what it may be."""
    title, schema = _known()[name]
    shown: dict[str, Json] = {
        "required": required,
        "schema": schema,
        "name": title,
        "key": name,
        "fieldId": name,
        "hasDefaultValue": name == "priority",
        "operations": ["set"],
    }
    if name in fields.EDITABLE:
        shown["operations"] = list(fields.EDITABLE[name].operations)
    if name == "priority":
        shown["allowedValues"] = [render.priority(call.site, each) for each in call.site.priorities]
    if name == "resolution":
        shown["allowedValues"] = [render.resolution(call.site, each) for each in call.site.resolutions]
    return shown


def _create_fields(call: Call, space: Space, type_id: str) -> list[Json]:
    screen = call.site.screen(space, type_id, "create")
    asked = call.site.required(space, "create")
    named = [name for name in fields.EDITABLE if name in screen]
    needed = {"issuetype", "project", *asked, *(name for name in named if fields.EDITABLE[name].required)}
    known = [
        field_meta(call, name, required=name in needed)
        for name in ("issuetype", "project", *named)
        if not call.site.hides(name, call.actor)
    ]
    strange = [_text_field(name, title) for name, title in asked.items() if name not in fields.EDITABLE]
    return known + strange


def _text_field(name: str, title: str) -> Json:
    """Describe a field the sandbox itself does not know, as the plain custom field it then is."""
    kind = "com.atlassian.jira.plugin.system.customfieldtypes:textfield"
    return {
        "required": True,
        "schema": {"type": "string", "custom": kind},
        "name": title,
        "key": name,
        "fieldId": name,
        "hasDefaultValue": False,
        "operations": ["set"],
    }


def _page(call: Call, name: str, listed: list[Json]) -> Response:
    if call.number("maxResults", META_PAGE, most=10**9) > MOST_META:
        raise Refusal(400, f"Parameter 'maxResults' must not exceed the limit '{MOST_META}'")
    start = call.number("startAt", 0, most=10**9)
    size = call.number("maxResults", META_PAGE, most=MOST_META)
    page = listed[start : start + size]
    shown = {"maxResults": size, "startAt": start, "total": len(listed), name: page}
    return answer(200, shown, objects=len(page))


_CREATE = "/rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes"
ROUTES = (
    Route("GET", "/rest/api/3/field", all_fields),
    Route("GET", "/rest/api/3/issuetype", all_work_types),
    Route("GET", "/rest/api/3/priority", all_priorities),
    Route("GET", "/rest/api/3/status", all_statuses),
    Route("GET", _CREATE, create_types),
    Route("GET", f"{_CREATE}/{{issueTypeId}}", create_fields),
)
