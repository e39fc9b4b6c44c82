"""Spaces: search, one of them, the statuses of its work types."""

from jira_sandbox import render
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json, Space
from jira_sandbox.wire import Refusal, Response, answer

PAGE, MOST = 50, 100
_ACTIONS = {"view": "BROWSE_PROJECTS", "browse": "BROWSE_PROJECTS", "edit": "ADMINISTER_PROJECTS"}


def find(call: Call, name: str) -> Space:
    """Find the space with this id or key if the caller sees it; otherwise Jira's 404, whatever the reason."""
    for space in call.site.spaces_seen_by(call.actor):
        if name in {space.id, space.key}:
            return space
    raise Refusal(404, f"No project could be found with key '{name}'.")


def search(call: Call) -> Response:
    """Show a page of the spaces in which the caller may do ``action``, filtered by id, key or name."""
    start = call.number("startAt", 0, most=10**9)
    size = call.number("maxResults", PAGE, most=MOST)
    found = _found(call)
    page = found[start : start + size]
    is_last = start + size >= len(found)
    link = f"{call.site.base_url}/rest/api/3/project/search"
    shown = {
        "self": f"{link}?maxResults={size}&startAt={start}",
        "maxResults": size,
        "startAt": start,
        "total": len(found),
        "isLast": is_last,
        "values": [_listed(call, space) for space in page],
    }
    following = {} if is_last else {"nextPage": f"{link}?maxResults={size}&startAt={start + size}"}
    return answer(200, shown | following, objects=len(page))


def get(call: Call) -> Response:
    """One space with its work types and lead."""
    space = find(call, call.names["projectIdOrKey"])
    shown = {
        **render.space(call.site, space),
        "expand": "description,lead,issueTypes,url,projectKeys,permissions,insight",
        "description": "",
        "lead": render.user(call.site, call.site.users[space.lead]),
        "assigneeType": "UNASSIGNED",
        "components": [],
        "versions": [],
        "roles": {},
        "properties": {},
        "issueTypes": [
            render.work_type(call.site, call.site.work_types[type_id]) for type_id in space.type_ids
        ],
    }
    return answer(200, shown)


def statuses(call: Call) -> Response:
    """For each work type of a space the statuses it can have."""
    space = find(call, call.names["projectIdOrKey"])
    listed = []
    for type_id in space.type_ids:
        kind = render.work_type(call.site, call.site.work_types[type_id])
        states = [
            render.status(call.site, call.site.status(each)) for each in space.workflows[type_id].status_ids
        ]
        listed.append({name: kind[name] for name in ("self", "id", "name", "subtask")} | {"statuses": states})
    return answer(200, listed, objects=len(listed))


def _found(call: Call) -> list[Space]:
    asked = call.request
    permission = _ACTIONS.get(asked.parameter("action", "view"))
    if permission is None:
        raise Refusal(400, "The action must be one of view, browse, edit or create.")
    keys, ids = asked.parameter_list("keys"), asked.parameter_list("id")
    words = asked.parameter("query").lower()
    return [
        space
        for space in call.site.spaces_seen_by(call.actor)
        if call.site.may(call.actor, permission, space=space)
        and (not keys or space.key in keys)
        and (not ids or space.id in ids)
        and (words in space.name.lower() or words in space.key.lower())
    ]


def _listed(call: Call, space: Space) -> Json:
    shown = render.space(call.site, space)
    expand = call.request.parameter_list("expand")
    if "lead" in expand:
        shown["lead"] = render.user(call.site, call.site.users[space.lead])
    if "issueTypes" in expand:
        shown["issueTypes"] = [
            render.work_type(call.site, call.site.work_types[each]) for each in space.type_ids
        ]
    return shown


ROUTES = (
    Route("GET", "/rest/api/3/project/search", search),
    Route("GET", "/rest/api/3/project/{projectIdOrKey}", get),
    Route("GET", "/rest/api/3/project/{projectIdOrKey}/statuses", statuses),
)
