"""What can be filled in: fields and the create screens."""

from jira_sandbox import fields, render
from jira_sandbox.acts.customfields import is_seen
from jira_sandbox.acts.wishes import may_set
from jira_sandbox.fields import Place
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.rules import Screen
from jira_sandbox.state.values import Json, Space
from jira_sandbox.wire import Refusal, Response, answer

META_PAGE, MOST_META = 50, 200


def all_fields(call: Call) -> Response:
    """List the fields of the site: Jira's own, and the custom ones of the spaces the caller sees."""
    listed = [
        details(call, name)
        for name in fields.titles(call.site)
        if not call.site.hides(name, call.actor)
        and (call.site.edition.is_cloud or name not in fields.CLOUDS_OWN)
        and (
            name not in call.site.custom_fields
            or is_seen(call.site, call.actor, call.site.custom_fields[name])
        )
    ]
    return answer(200, listed, objects=len(listed))


def details(call: Call, name: str) -> Json:
    """Show a field of the site by its id; one of a team-managed space names its space."""
    site = call.site
    title = fields.titles(site)[name]
    custom = site.custom_fields.get(name)
    shown = {
        "id": name,
        "key": custom.key if custom else name,
        "name": title,
        "custom": custom is not None,
        "orderable": name in fields.EDITABLE or custom is not None,
        "navigable": name not in fields.NOT_NAVIGABLE,
        "searchable": True,
        "clauseNames": clause_names(name, title),
        "schema": fields.schemas(site)[name],
    }
    if custom and custom.space_id:
        shown["scope"] = {"type": "PROJECT", "project": {"id": custom.space_id}}
    return shown


def create_types(call: Call) -> Response:
    """List the work types one can create in a space, a page at a time."""
    space = _space_to_create_in(call)
    kinds = [render.work_type(call.site, call.site.work_types[type_id]) for type_id in space.type_ids]
    return _page(call, "issueTypes", kinds)


def create_fields(call: Call) -> Response:
    """List the fields of the create screen of one work type, a page at a time."""
    space = _space_to_create_in(call)
    if call.names["issueTypeId"] not in space.type_ids:
        raise Refusal(400, "The issue type is not found in this project, or you may not see it.")
    listed = _create_fields(call, space, call.names["issueTypeId"])
    return _page(call, "fields", listed)


def clause_names(name: str, title: str) -> list[str]:
    """Give the names by which JQL knows a field."""
    if name.startswith("customfield_"):
        return [f"cf[{name.removeprefix('customfield_')}]", title]
    return [name]


def _space_to_create_in(call: Call) -> Space:
    """Find the space; 400 where other operations say 404, as the description of Data Center has it too."""
    name = call.names["projectIdOrKey"]
    seen = call.site.spaces_seen_by(call.actor)
    space = next((each for each in seen if name in {each.id, each.key}), None)
    if space is None or not call.site.may(call.actor, "CREATE_ISSUES", space=space):
        raise Refusal(400, f"No project could be found with key '{name}'.")
    return space


def field_meta(place: Place, name: str, *, required: bool) -> dict[str, Json]:
    """Describe a field of a screen: its schema, whether it must be filled, and with what it may be."""
    field = fields.at(place)[name]
    shown: dict[str, Json] = {
        "required": required,
        "schema": field.schema,
        "name": field.name,
        "key": name,
        "hasDefaultValue": field.first(place) not in (None, "", []),
        "operations": list(field.operations),
    }
    if field.completes:
        shown["autoCompleteUrl"] = place.site.base_url + field.completes
    if field.choices:
        shown["allowedValues"] = field.choices(place)
    if field.is_custom and field.default:
        shown["defaultValue"] = field.show(place, field.first(place))
    return shown


def screen_fields(place: Place, kind: Screen | None) -> dict[str, Json]:
    """Describe the fields of a screen, of all screens for None, that the actor may see and set, by id."""
    site, actor = place.site, place.actor
    screen = site.screen(place.space, place.type_id, kind) if kind else fields.at(place).keys()
    asked = site.required(place.space, kind or "edit")
    return {
        name: field_meta(place, name, required=field.required or name in asked)
        for name, field in fields.at(place).items()
        if name in screen and may_set(place, field) and not (actor and site.hides(name, actor))
    } | {name: _text_field(name, title) for name, title in asked.items() if name not in fields.at(place)}


def create_screen(place: Place) -> dict[str, Json]:
    """Describe what can be given when a work item is made, its type and space included, by id."""
    kind = render.work_type(place.site, place.site.work_types[place.type_id])
    given = {"issuetype": kind, "project": render.space(place.site, place.space)}
    named = {
        name: {
            "required": True,
            "schema": fields.SYSTEM[name][1],
            "name": fields.SYSTEM[name][0],
            "key": name,
            "hasDefaultValue": False,
            "operations": [] if name == "issuetype" else ["set"],
            "allowedValues": [value],
        }
        for name, value in given.items()
        if not (place.actor and place.site.hides(name, place.actor))
    }
    return named | screen_fields(place, "create")


def _create_fields(call: Call, space: Space, type_id: str) -> list[Json]:
    place = Place(site=call.site, space=space, type_id=type_id, actor=call.actor)
    return [shown | {"fieldId": name} for name, shown in create_screen(place).items()]


def _text_field(name: str, title: str) -> Json:
    """Describe a field the sandbox itself does not know, as the plain custom field it then is."""
    kind = "com.atlassian.jira.plugin.system.customfieldtypes:textfield"
    return {
        "required": True,
        "schema": {"type": "string", "custom": kind},
        "name": title,
        "key": name,
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
    Route("GET", _CREATE, create_types),
    Route("GET", f"{_CREATE}/{{issueTypeId}}", create_fields),
)
