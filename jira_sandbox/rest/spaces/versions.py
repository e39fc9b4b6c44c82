"""One version: show, make, change, order, merge, delete, count."""

from jira_sandbox import render
from jira_sandbox.acts import versions as acts
from jira_sandbox.acts.rights import administers
from jira_sandbox.acts.swapping import holding
from jira_sandbox.meters import Cost
from jira_sandbox.rest import bodies
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.furniture import Version
from jira_sandbox.state.values import Json, Space
from jira_sandbox.wire import Refusal, Response, answer

_COUNTED = {"new": "toDo", "indeterminate": "inProgress", "done": "done"}
_OPERATIONS = ("Edit", "Release", "Archive", "Merge", "Delete")


def get(call: Call) -> Response:
    """Show one version."""
    return answer(200, shown(call, *acts.find(call.site, call.actor, call.names["id"])))


def create(call: Call) -> Response:
    """Make a version: 201 with the version."""
    return answer(201, shown(call, *acts.create(call.world, call.site, call.actor, call.body())))


def change(call: Call) -> Response:
    """Change a version: 200 with the version as it is now."""
    acts.change(call.world, call.site, call.actor, call.names["id"], call.body())
    return get(call)


def move(call: Call) -> Response:
    """Give a version another place among those of its space: 200 with the version."""
    acts.move(call.world, call.site, call.actor, call.names["id"], call.body())
    return get(call)


def merge(call: Call) -> Response:
    """Merge a version into another: 204."""
    acts.merge(call.world, call.site, call.actor, call.names["id"], call.names["moveIssuesTo"])
    return answer(204)


def delete(call: Call) -> Response:
    """Delete a version: 204; the query may name who takes its place in the two fields of Jira's own."""
    asked = {
        acts.FIX: call.request.parameter("moveFixIssuesTo"),
        acts.AFFECTED: call.request.parameter("moveAffectedIssuesTo"),
    }
    heirs = {name: number for name, number in asked.items() if number}
    acts.delete(call.world, call.site, call.actor, call.names["id"], heirs=heirs, refused=401)
    return answer(204)


def replace(call: Call) -> Response:
    """Delete a version: 204; the body may name who takes its place, in custom fields too."""
    body = call.body()
    heirs = {
        field: str(body[name])
        for field, name in ((acts.FIX, "moveFixIssuesTo"), (acts.AFFECTED, "moveAffectedIssuesTo"))
        if body.get(name)
    }
    for each in bodies.entries(body, "customFieldReplacementList"):
        if not isinstance(each, dict) or not each.get("customFieldId") or not each.get("moveTo"):
            words = "Each replacement must have a customFieldId and a moveTo."
            raise Refusal(400, errors={"customFieldReplacementList": words})
        heirs[f"customfield_{each['customFieldId']}"] = str(each["moveTo"])
    acts.delete(call.world, call.site, call.actor, call.names["id"], heirs=heirs, refused=404)
    return answer(204)


def count(call: Call) -> Response:
    """Count the work items that have a version, by field."""
    space, version = acts.find(call.site, call.actor, call.names["id"])
    custom = [
        {
            "fieldName": call.site.custom_fields[name].name,
            "customFieldId": int(name.rpartition("_")[2]),
            "issueCountWithVersionInCustomField": len(holding(call.site, space, version.id, name)),
        }
        for name in acts.custom_fields(call.site)
    ]
    having = holding(call.site, space, version.id, *acts.custom_fields(call.site))
    told = {
        "self": _link(call, version),
        "issuesFixedCount": len(holding(call.site, space, version.id, acts.FIX)),
        "issuesAffectedCount": len(holding(call.site, space, version.id, acts.AFFECTED)),
        "issueCountWithCustomFieldsShowingVersion": len(having),
        "customFieldUsage": custom,
    }
    return answer(200, told)


def count_open(call: Call) -> Response:
    """Count the work items to be fixed in a version, and those of them without a resolution."""
    space, version = acts.find(call.site, call.actor, call.names["id"])
    told = {
        "self": _link(call, version),
        "issuesCount": len(holding(call.site, space, version.id, acts.FIX)),
        "issuesUnresolvedCount": len(acts.open_items(call.site, space, version)),
    }
    return answer(200, told)


def shown(call: Call, space: Space, version: Version) -> Json:
    """Show a version with what ``expand`` asks for."""
    told = render.version(call.site, space, version)
    wanted = call.request.parameter_list("expand")
    if "issuesstatus" in wanted:
        told["issuesStatusForFixVersion"] = _by_category(call, space, version)
    if "operations" in wanted:
        told["operations"] = _operations(call, space, version)
    return told


def _by_category(call: Call, space: Space, version: Version) -> Json:
    numbers = {"unmapped": 0, "toDo": 0, "inProgress": 0, "done": 0}
    for issue in holding(call.site, space, version.id, acts.FIX):
        numbers[_COUNTED[call.site.status(issue.status_id).category]] += 1
    return numbers


def _operations(call: Call, space: Space, version: Version) -> Json:
    """List what an admin of the space can do to the version on Jira's pages; nothing for others."""
    if not administers(call.site, call.actor, space):
        return []
    link = f"{call.site.base_url}/projects/{space.key}/versions/{version.id}"
    return [{"id": name.lower(), "label": name, "href": f"{link}?do={name.lower()}"} for name in _OPERATIONS]


def _link(call: Call, version: Version) -> str:
    return f"{call.site.base_url}/rest/api/3/version/{version.id}"


_ALL = "/rest/api/3/version"
_ONE = f"{_ALL}/{{id}}"
ROUTES = (
    Route("POST", _ALL, create, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("GET", _ONE, get),
    Route("PUT", _ONE, change, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("PUT", f"{_ONE}/mergeto/{{moveIssuesTo}}", merge, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("POST", f"{_ONE}/move", move, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("POST", f"{_ONE}/removeAndSwap", replace, scope="PROJECT_ADMIN", cost=Cost.WRITE),
    Route("GET", f"{_ONE}/relatedIssueCounts", count),
    Route("GET", f"{_ONE}/unresolvedIssueCount", count_open),
)
