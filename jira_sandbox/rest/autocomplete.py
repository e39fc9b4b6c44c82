"""What an editor of JQL offers: fields, functions, reserved words, and values as one types."""

from collections.abc import Callable, Iterable

from jira_sandbox.jql import Asking, custom, properties, system
from jira_sandbox.jql.functions import FUNCTIONS
from jira_sandbox.jql.kinds import Searchable
from jira_sandbox.jql.words import RESERVED, encoded
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.furniture import CustomField
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Response, answer

MOST_SUGGESTED = 15
_PREDICATES = frozenset({"by", "from", "to"})
_TIMES = ("now", "startOfDay", "startOfWeek", "startOfMonth", "startOfYear")
_ENDS = ("endOfDay", "endOfWeek", "endOfMonth", "endOfYear")
_WORDS = {True: "true", False: "false"}
Names = Callable[[Call], Iterable[str]]


def reference(call: Call) -> Response:
    """List all fields, functions and reserved words."""
    return _reference(call, list(call.site.custom_fields.values()), collapsed=False)


def reference_of(call: Call) -> Response:
    """List fields as those of some spaces, with fields of one name and kind collapsed when asked for."""
    body = call.body()
    wanted = body.get("projectIds") or []
    if not isinstance(wanted, list):
        raise Refusal(400, "The projectIds must be a list.")
    numbers = {str(each) for each in wanted}
    known = call.site.custom_fields.values()
    chosen = [each for each in known if not numbers or _is_in(each, numbers)]
    return _reference(call, chosen, collapsed=body.get("includeCollapsedFields") is True)


def suggestions(call: Call) -> Response:
    """Suggest values of a field, or of a predicate of CHANGED, that contain what was typed."""
    request = call.request
    name, predicate = request.parameter("fieldName"), request.parameter("predicateName").lower()
    typed = request.parameter("predicateValue" if predicate else "fieldValue")
    if not name or (predicate and predicate not in _PREDICATES):
        raise Refusal(400, "A fieldName is needed, and a predicateName must be by, from or to.")
    listed = _people if predicate == "by" else _values_of(call, name)
    found = sorted({each for each in listed(call) if typed.lower() in each.lower()})[:MOST_SUGGESTED]
    shown = [{"value": encoded(each), "displayName": _marked(each, typed)} for each in found]
    return answer(200, {"results": shown}, objects=len(shown))


def _reference(call: Call, customs: list[CustomField], *, collapsed: bool) -> Response:
    asking = Asking(call.site, call.actor, call.site.now())
    extracted = [properties.Extracted(extraction=each) for each in properties.declared(asking)]
    known = [each for each in customs if each.trashed is None]
    fields = [
        *(_field(asking, each, each.name) for each in system.ALL),
        *(_field(asking, each, each.name) for each in extracted),
        *(_custom(asking, each) for each in known),
        *(_collapsed(asking, known) if collapsed else ()),
    ]
    shown = {
        "visibleFieldNames": fields,
        "visibleFunctionNames": _functions(),
        "jqlReservedWords": sorted(RESERVED),
    }
    return answer(200, shown, objects=len(fields))


def _field(asking: Asking, field: Searchable, display: str) -> dict[str, Json]:
    return {
        "value": encoded(field.name),
        "displayName": display,
        "orderable": _WORDS[field.key(asking) is not None],
        "searchable": "true",
        "auto": _WORDS[field.name in _VALUES],
        "operators": sorted(field.operators),
        "types": list(field.types),
    }


def _custom(asking: Asking, field: CustomField) -> dict[str, Json]:
    number = f"cf[{field.id.removeprefix('customfield_')}]"
    return _field(asking, custom.searchable(field), f"{field.name} - {number}") | {"cfid": number}


def _collapsed(asking: Asking, known: list[CustomField]) -> Iterable[dict[str, Json]]:
    found = {(each.name, custom.COLLAPSED.get(each.manner, "")): each for each in known}
    for (name, kind), field in found.items():
        if kind:
            shown = _field(asking, custom.searchable(field), f"{name} - {name}[{kind}]")
            yield shown | {"value": encoded(f"{name}[{kind}]")}


def _functions() -> list[Json]:
    of_time = [
        {"value": f"{name}()", "displayName": f"{name}()", "types": ["java.util.Date"]}
        for name in (*_TIMES, *_ENDS)
    ]
    others = [
        {
            "value": f"{each.name}()",
            "displayName": f"{each.name}()",
            "types": [each.java_type],
            **({"isList": "true"} if each.is_list else {}),
        }
        for each in FUNCTIONS.values()
    ]
    return [*of_time, *others]


def _is_in(field: CustomField, numbers: set[str]) -> bool:
    return any(not each.space_ids or numbers & set(each.space_ids) for each in field.contexts)


def _people(call: Call) -> Iterable[str]:
    return (each.display_name for each in call.site.users.values() if each.active)


def _spaces(call: Call) -> Iterable[str]:
    return (each.name for each in call.site.spaces_seen_by(call.actor))


def _labels(call: Call) -> Iterable[str]:
    return (
        label for issue in call.site.issues_seen_by(call.actor) for label in issue.fields.get("labels") or []
    )


_VALUES: dict[str, Names] = {
    "project": _spaces,
    "issuetype": lambda call: (each.name for each in call.site.work_types.values()),
    "status": lambda call: (each.name for each in call.site.statuses),
    "statusCategory": lambda _call: ("To Do", "In Progress", "Done"),
    "priority": lambda call: (each.name for each in call.site.priorities),
    "resolution": lambda call: (*call.site.resolutions.values(), "Unresolved"),
    "labels": _labels,
    "assignee": _people,
    "reporter": _people,
    "creator": _people,
    "watcher": _people,
    "voter": _people,
    "worklogAuthor": _people,
    "component": lambda call: (
        each.name for space in call.site.spaces_seen_by(call.actor) for each in space.components
    ),
    "fixVersion": lambda call: (
        each.name for space in call.site.spaces_seen_by(call.actor) for each in space.versions
    ),
    "affectedVersion": lambda call: (
        each.name for space in call.site.spaces_seen_by(call.actor) for each in space.versions
    ),
}
"""Where the values come from that an editor offers, by field."""


def _values_of(call: Call, name: str) -> Names:
    field = system.BY_NAME.get(name.lower())
    if field is not None:
        return _VALUES.get(field.name, lambda _call: ())
    number = name.removeprefix("cf[").removesuffix("]")
    for each in call.site.custom_fields.values():
        if name.lower() == each.name.lower() or each.id == f"customfield_{number}":
            return lambda _call: (option.value for context in each.contexts for option in context.options)
    raise Refusal(400, f"Field '{name}' does not exist or you do not have permission to view it.")


def _marked(text: str, typed: str) -> str:
    at = text.lower().find(typed.lower())
    return f"{text[:at]}<b>{text[at : at + len(typed)]}</b>{text[at + len(typed) :]}" if typed else text


_ALL = "/rest/api/3/jql/autocompletedata"
ROUTES = (
    Route("GET", _ALL, reference, is_public=True),
    Route("POST", _ALL, reference_of),
    Route("GET", f"{_ALL}/suggestions", suggestions, is_public=True),
)
