"""The contexts of a custom field: where it exists, and its defaults."""

from collections.abc import Iterable
from dataclasses import replace

from jira_sandbox.acts import customfields
from jira_sandbox.acts import fieldcontexts as acts
from jira_sandbox.fields import defaults
from jira_sandbox.meters import Cost
from jira_sandbox.rest.paging import page
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.furniture import CustomField, FieldContext
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Response, answer

OLD_PAGE = 20


def list_page(call: Call) -> Response:
    """List the contexts of a field that fit ``contextId``, ``isAnyIssueType`` and ``isGlobalContext``."""
    found = [
        each
        for each in _named(call)
        if _fits(call, "isAnyIssueType", is_so=not each.type_ids)
        and _fits(call, "isGlobalContext", is_so=not each.space_ids)
    ]
    return page(call, found, _shown)


def list_page_as_of_old(call: Call) -> Response:
    """List the contexts of a field by id and name; only team-managed spaces would have a scope to tell."""
    return page(
        call,
        _named(call),
        lambda each: {"id": int(each.id), "name": each.name},
        size=OLD_PAGE,
    )


def create(call: Call) -> Response:
    """Add a context: 201 with the context."""
    field = _field(call)
    body = call.body()
    wanted = FieldContext(
        id="",
        name=_text(body, "name") or "",
        description=_text(body, "description") or "",
        space_ids=_numbers(body, "projectIds"),
        type_ids=_numbers(body, "issueTypeIds"),
    )
    made = acts.add(call.world, call.site, call.actor, field, wanted)
    told = {
        "id": made.id,
        "name": made.name,
        "description": made.description,
        "projectIds": list(made.space_ids),
        "issueTypeIds": list(made.type_ids),
    }
    return answer(201, told)


def change(call: Call) -> Response:
    """Give a context another name or description: 204."""
    field, context = _place(call)
    body = call.body()
    name, text = _text(body, "name"), _text(body, "description")
    wanted = replace(
        context,
        name=context.name if name is None else name,
        description=context.description if text is None else text,
    )
    acts.change(call.world, call.site, call.actor, field, wanted)
    return answer(204)


def delete(call: Call) -> Response:
    """Delete a context: 204."""
    field, context = _place(call)
    acts.delete(call.world, call.site, call.actor, field, context)
    return answer(204)


def type_mappings(call: Call) -> Response:
    """List contexts and the work types each holds for."""
    found: list[dict[str, Json]] = [
        {"contextId": each.id, "issueTypeId": number}
        for each in _named(call)
        for number in sorted(each.type_ids, key=int)
    ]
    found += [{"contextId": each.id, "isAnyIssueType": True} for each in _named(call) if not each.type_ids]
    return page(call, sorted(found, key=lambda each: int(str(each["contextId"]))), lambda each: each)


def space_mappings(call: Call) -> Response:
    """List contexts and the spaces each holds in."""
    found: list[Json] = []
    for each in _named(call):
        found += [{"contextId": each.id, "projectId": number} for number in each.space_ids]
        if not each.space_ids:
            found.append({"contextId": each.id, "isGlobalContext": True})
    return page(call, found, lambda each: each)


def contexts_of(call: Call) -> Response:
    """Tell which context holds for each space and work type of the body."""
    field = _field(call)
    mappings = call.body().get("mappings")
    if not isinstance(mappings, list) or not mappings:
        raise Refusal(400, errors={"mappings": "The mappings must be a list that is not empty."})
    return page(call, [_mapped(call, field, each) for each in mappings], lambda each: each)


def default_values(call: Call) -> Response:
    """List the defaults of the contexts that have one."""
    field = _field(call)
    found = [defaults.shown(field, each) for each in _named(call)]
    return page(call, [each for each in found if each is not None], lambda each: each)


def set_default_values(call: Call) -> Response:
    """Set defaults of contexts: 204."""
    field = _field(call)
    wanted = call.body().get("defaultValues")
    if not isinstance(wanted, list) or not all(isinstance(each, dict) for each in wanted):
        raise Refusal(400, errors={"defaultValues": "data was not an array"})
    for each in wanted:
        context = acts.find(field, str(each.get("contextId")))
        value = defaults.wanted(field, each)
        acts.set_default(call.world, call.site, call.actor, field, context, value)
        field = _field(call)
    return answer(204)


def add_types(call: Call) -> Response:
    """Let a context hold for more work types: 204."""
    field, context = _place(call)
    types = _numbers(call.body(), "issueTypeIds")
    acts.add_types(call.world, call.site, call.actor, field, context, types)
    return answer(204)


def remove_types(call: Call) -> Response:
    """Let a context hold for fewer work types: 204."""
    field, context = _place(call)
    types = _numbers(call.body(), "issueTypeIds")
    acts.remove_types(call.world, call.site, call.actor, field, context, types)
    return answer(204)


def add_spaces(call: Call) -> Response:
    """Let a context hold in more spaces: 204."""
    field, context = _place(call)
    spaces = _numbers(call.body(), "projectIds")
    acts.add_spaces(call.world, call.site, call.actor, field, context, spaces)
    return answer(204)


def remove_spaces(call: Call) -> Response:
    """Let a context hold in fewer spaces: 204."""
    field, context = _place(call)
    spaces = _numbers(call.body(), "projectIds")
    acts.remove_spaces(call.world, call.site, call.actor, field, context, spaces)
    return answer(204)


def _field(call: Call) -> CustomField:
    customfields.must_administer(call.site, call.actor)
    return customfields.find(call.site, call.names["fieldId"])


def _place(call: Call) -> tuple[CustomField, FieldContext]:
    field = _field(call)
    return field, acts.find(field, call.names["contextId"])


def _named(call: Call) -> list[FieldContext]:
    """List the field's contexts that ``contextId`` names, all without it; unknown ids add nothing."""
    wanted = set(call.request.parameter_list("contextId"))
    return [each for each in _field(call).contexts if not wanted or each.id in wanted]


def _fits(call: Call, name: str, *, is_so: bool) -> bool:
    asked = call.request.parameter(name).lower()
    return asked not in {"true", "false"} or (asked == "true") == is_so


def _shown(context: FieldContext) -> Json:
    return {
        "id": context.id,
        "name": context.name,
        "description": context.description,
        "isGlobalContext": not context.space_ids,
        "isAnyIssueType": not context.type_ids,
    }


def _mapped(call: Call, field: CustomField, raw: Json) -> Json:
    space, kind = (
        str(raw.get(name)) if isinstance(raw, dict) else "" for name in ("projectId", "issueTypeId")
    )
    if space not in call.site.spaces or kind not in call.site.work_types:
        raise Refusal(404, "One or more projects or issue types were not found.")
    context = field.context_for(space, kind)
    return {"projectId": space, "issueTypeId": kind, "contextId": context.id if context else None}


def _text(body: dict[str, Json], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise Refusal(400, errors={name: "Operation value must be a string"})
    return value


def _numbers(body: dict[str, Json], name: str) -> tuple[str, ...]:
    listed = body.get(name) or []
    if not isinstance(listed, Iterable) or isinstance(listed, str):
        raise Refusal(400, errors={name: "data was not an array"})
    return tuple(str(each) for each in listed)


_ALL = "/rest/api/3/field/{fieldId}/context"
_ONE = f"{_ALL}/{{contextId}}"
ROUTES = (
    Route("GET", _ALL, list_page),
    Route("GET", f"{_ALL}s", list_page_as_of_old, scope="NONE"),
    Route("POST", _ALL, create, scope="ADMIN", cost=Cost.WRITE),
    Route("GET", f"{_ALL}/defaultValue", default_values),
    Route("PUT", f"{_ALL}/defaultValue", set_default_values, scope="ADMIN", cost=Cost.WRITE),
    Route("GET", f"{_ALL}/issuetypemapping", type_mappings),
    Route("GET", f"{_ALL}/projectmapping", space_mappings),
    Route("POST", f"{_ALL}/mapping", contexts_of, scope="ADMIN"),
    Route("PUT", _ONE, change, scope="ADMIN", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="ADMIN", cost=Cost.WRITE),
    Route("PUT", f"{_ONE}/issuetype", add_types, scope="ADMIN", cost=Cost.WRITE),
    Route("POST", f"{_ONE}/issuetype/remove", remove_types, scope="ADMIN", cost=Cost.WRITE),
    Route("PUT", f"{_ONE}/project", add_spaces, scope="ADMIN", cost=Cost.WRITE),
    Route("POST", f"{_ONE}/project/remove", remove_spaces, scope="ADMIN", cost=Cost.WRITE),
)
