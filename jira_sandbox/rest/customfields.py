"""Custom fields as their administrators see them: searched, made, changed, put into the trash."""

from jira_sandbox import fields, render
from jira_sandbox.acts import customfields as acts
from jira_sandbox.fields import custom
from jira_sandbox.fields.kinds import SYSTEM_PLUGIN
from jira_sandbox.meters import Cost
from jira_sandbox.rest import meta, tasks
from jira_sandbox.rest.paging import ordered, page
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.furniture import CustomField
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Response, answer

MOST_FIELDS = 100


def search(call: Call) -> Response:
    """List the fields of company-managed spaces that fit ``type``, ``id`` and ``query``, a page at a time."""
    kinds = set(call.request.parameter_list("type"))
    if not kinds <= {"custom", "system"}:
        raise Refusal(400, "The type must be custom or system.")
    query = call.request.parameter("query").lower()
    wanted = set(call.request.parameter_list("id"))
    found = [
        name
        for name, title in fields.titles(call.site).items()
        if (not wanted or name in wanted)
        and query in f"{title} {_description(call, name)}".lower()
        and (not kinds or ("custom" if name in call.site.custom_fields else "system") in kinds)
        and _is_listed(call, name)
    ]
    ranks = {
        "name": lambda name: fields.titles(call.site)[name].lower(),
        "contextsCount": lambda name: _contexts(call, name),
        "screensCount": lambda name: _screens(call, name),
        "projectsCount": lambda name: _screens(call, name),
        "lastUsed": lambda name: _last_used(call, name),
    }
    expand = set(call.request.parameter_list("expand"))
    return page(call, ordered(call, found, ranks), lambda name: _shown(call, name, expand), most=MOST_FIELDS)


def search_trash(call: Call) -> Response:
    """List the custom fields in the trash that fit ``id`` and ``query``, a page at a time."""
    acts.must_administer(call.site, call.actor)
    query, wanted = call.request.parameter("query").lower(), set(call.request.parameter_list("id"))
    found = [
        each
        for each in call.site.custom_fields.values()
        if each.trashed
        and (not wanted or each.id in wanted)
        and query in f"{each.name} {each.description}".lower()
    ]
    ranks = {
        "name": lambda each: each.name.lower(),
        "trashDate": lambda each: each.trashed,
        "plannedDeletionDate": lambda each: each.trashed,
    }
    return page(call, ordered(call, found, ranks, default="name"), _in_trash)


def create(call: Call) -> Response:
    """Make a custom field: 201 with its details."""
    field = acts.create(call.world, call.site, call.actor, _definition(call))
    return answer(201, meta.details(call, field.id))


def change(call: Call) -> Response:
    """Change the name, the description or the searcher of a custom field: 204."""
    field = acts.find(call.site, call.names["fieldId"])
    acts.change(call.world, call.site, call.actor, field, _definition(call))
    return answer(204)


def delete(call: Call) -> Response:
    """Delete a custom field: 303 to the task that does it."""
    acts.must_administer(call.site, call.actor)
    field = acts.find(call.site, call.names["id"])
    return tasks.see(call, acts.delete(call.world, call.site, call.actor, field))


def trash(call: Call) -> Response:
    """Put a custom field into the trash: 200."""
    acts.must_administer(call.site, call.actor)
    acts.trash(call.world, call.site, call.actor, acts.find(call.site, call.names["id"]))
    return answer(200, {})


def restore(call: Call) -> Response:
    """Take a custom field out of the trash: 200."""
    acts.must_administer(call.site, call.actor)
    acts.restore(call.world, call.site, call.actor, acts.find(call.site, call.names["id"]))
    return answer(200, {})


def add_to_screens(call: Call) -> Response:
    """Put a field on the default screens: 200."""
    acts.add_to_screens(call.world, call.site, call.actor, call.names["fieldId"])
    return answer(200, {})


def _definition(call: Call) -> acts.Definition:
    body = call.body()
    for name in ("name", "description", "type", "searcherKey"):
        if body.get(name) is not None and not isinstance(body[name], str):
            raise Refusal(400, errors={name: "Operation value must be a string"})
    return acts.Definition(
        name=body.get("name"),
        description=body.get("description"),
        type_key=body.get("type") or "",
        searcher_key=body.get("searcherKey"),
    )


def _is_listed(call: Call, name: str) -> bool:
    field = call.site.custom_fields.get(name)
    if field is None:
        return not call.site.hides(name, call.actor)
    return field.space_id is None and acts.is_seen(call.site, call.actor, field)


def _shown(call: Call, name: str, expand: set[str]) -> Json:
    shown: dict[str, Json] = {
        "id": name,
        "name": fields.titles(call.site)[name],
        "schema": fields.schemas(call.site)[name],
        "description": _description(call, name),
    }
    more: dict[str, Json] = {
        "key": name,
        "stableId": name,
        "screensCount": _screens(call, name),
        "projectsCount": _screens(call, name),
        "lastUsed": _use(call, name),
        "isLocked": False,
    }
    if field := call.site.custom_fields.get(name):
        more["key"] = field.key
        more["isLocked"] = field.plugin != SYSTEM_PLUGIN
        more["contextsCount"] = len(field.contexts)
        more |= {"searcherKey": f"{SYSTEM_PLUGIN}:{field.searcher}"} if field.searcher else {}
    return shown | {part: value for part, value in more.items() if part in expand}


def _use(call: Call, name: str) -> Json:
    when = _last_used(call, name)
    return {"type": "TRACKED", "value": when} if when else {"type": "NO_INFORMATION"}


def _in_trash(field: CustomField) -> Json:
    return {
        "id": field.id,
        "name": field.name,
        "schema": custom.schema(field),
        "description": field.description,
        "key": field.id,
    }


def _description(call: Call, name: str) -> str:
    field = call.site.custom_fields.get(name)
    return field.description if field else ""


def _contexts(call: Call, name: str) -> int:
    field = call.site.custom_fields.get(name)
    return len(field.contexts) if field else 0


def _screens(call: Call, name: str) -> int:
    return sum(name in each.screen for each in call.site.spaces.values())


def _last_used(call: Call, name: str) -> str | None:
    times = [
        entry.created
        for issue in call.site.issues.values()
        for entry in issue.changelog
        for item in entry.items
        if item.field_id == name
    ]
    return render.moment(max(times)) if times else None


_ALL = "/rest/api/3/field"
ROUTES = (
    Route("GET", f"{_ALL}/search", search, scope="NONE"),
    Route("GET", f"{_ALL}/search/trashed", search_trash),
    Route("POST", _ALL, create, scope="ADMIN", cost=Cost.WRITE),
    Route("PUT", f"{_ALL}/{{fieldId}}", change, scope="ADMIN", cost=Cost.WRITE),
    Route("DELETE", f"{_ALL}/{{id}}", delete, scope="ADMIN", cost=Cost.WRITE),
    Route("POST", f"{_ALL}/{{id}}/trash", trash, scope="ADMIN", cost=Cost.WRITE),
    Route("POST", f"{_ALL}/{{id}}/restore", restore, scope="ADMIN", cost=Cost.WRITE),
    Route(
        "POST",
        "/rest/api/3/screens/addToDefault/{fieldId}",
        add_to_screens,
        scope="ADMIN",
        cost=Cost.WRITE,
    ),
)
