"""Security schemes and levels. A company-managed space with levels has a scheme of its own, with its id."""

from jira_sandbox import render
from jira_sandbox.acts import spaces as acts
from jira_sandbox.acts.rights import administers, must_administer_jira
from jira_sandbox.rest.paging import page
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.furniture import SecurityLevel
from jira_sandbox.state.values import Json, Space
from jira_sandbox.wire import Refusal, Response, answer

_Level = tuple[Space, SecurityLevel]


def schemes(call: Call) -> Response:
    """List every scheme."""
    must_administer_jira(call.site, call.actor)
    listed = [_scheme(call, each) for each in _having(call)]
    return answer(200, {"issueSecuritySchemes": listed}, objects=len(listed))


def scheme(call: Call) -> Response:
    """Show one scheme with its levels to who administers Jira or the space; 403 otherwise."""
    for space in _having(call):
        if space.id == call.names["id"] and administers(call.site, call.actor, space):
            return answer(200, _with_levels(call, space))
    raise Refusal(403, "You do not have permission to view this issue security scheme.")


def search(call: Call) -> Response:
    """Show a page of the schemes by id or by the spaces that use them."""
    must_administer_jira(call.site, call.actor)
    ids, users = call.request.parameter_list("id"), call.request.parameter_list("projectId")
    found = [
        each for each in _having(call) if (not ids or each.id in ids) and (not users or each.id in users)
    ]
    return page(
        call, found, lambda each: _brief(call, each) | ({"projectIds": [int(each.id)]} if users else {})
    )


def users(call: Call) -> Response:
    """Show a page of which space uses which scheme."""
    must_administer_jira(call.site, call.actor)
    ids = call.request.parameter_list("issueSecuritySchemeId")
    wanted = call.request.parameter_list("projectId")
    found = [
        each for each in _having(call) if (not ids or each.id in ids) and (not wanted or each.id in wanted)
    ]
    return page(call, found, lambda each: {"issueSecuritySchemeId": each.id, "projectId": each.id})


def levels(call: Call) -> Response:
    """Show a page of the levels with these ids or of these schemes, or of all."""
    must_administer_jira(call.site, call.actor)
    ids, owners = call.request.parameter_list("id"), call.request.parameter_list("schemeId")
    only_default = call.request.flag("onlyDefault")
    found = [
        (space, level)
        for space, level in _levels(call)
        if (not (ids or owners) or level.id in ids or space.id in owners)
        and (level.is_default or not only_default)
    ]
    return page(call, found, lambda each: render.security_level(call.site, *each))


def members(call: Call) -> Response:
    """Show a page of who belongs to the levels with these ids or of these schemes, or to any."""
    must_administer_jira(call.site, call.actor)
    owners, wanted = call.request.parameter_list("schemeId"), call.request.parameter_list("levelId")
    found = [
        (space, level, account_id)
        for space, level in _levels(call)
        for account_id in sorted(level.members)
        if not (owners or wanted) or space.id in owners or level.id in wanted
    ]
    return page(call, found, lambda each: _member(each[1], each[2]) | {"issueSecuritySchemeId": each[0].id})


def members_of_scheme(call: Call) -> Response:
    """Show a page of who belongs to the levels of one scheme; 404 if nobody does."""
    must_administer_jira(call.site, call.actor)
    wanted = call.request.parameter_list("issueSecurityLevelId")
    found = [
        (space, level, account_id)
        for space, level in _levels(call)
        if space.id == call.names["issueSecuritySchemeId"] and (not wanted or level.id in wanted)
        for account_id in sorted(level.members)
    ]
    if not found:
        raise Refusal(404, "No issue security level members were found.")
    return page(call, found, lambda each: _numbered(each[1], each[2]))


def of_space(call: Call) -> Response:
    """Show the scheme of a space to its admins; 404 for a space that has none."""
    space = acts.find_to_administer(call.site, call.actor, call.names["projectKeyOrId"])
    if not space.security_levels:
        raise Refusal(404, "The project does not have an issue security scheme.")
    return answer(200, _with_levels(call, space))


def levels_of_space(call: Call) -> Response:
    """List the levels the caller may give to a work item of the space: those it belongs to itself."""
    space = acts.find(call.site, call.actor, call.names["projectKeyOrId"])
    may_set = call.site.may(call.actor, "SET_ISSUE_SECURITY", space=space)
    listed = [
        render.security_level(call.site, space, each)
        for each in space.security_levels
        if may_set and call.actor.account_id in each.members
    ]
    return answer(200, {"levels": listed}, objects=len(listed))


def level(call: Call) -> Response:
    """Show one level."""
    for space, each in _levels(call):
        if each.id == call.names["id"]:
            return answer(200, render.security_level(call.site, space, each))
    raise Refusal(404, f"The issue security level with id {call.names['id']} does not exist.")


def _having(call: Call) -> list[Space]:
    return [each for each in call.site.spaces.values() if each.security_levels and not each.is_team_managed]


def _levels(call: Call) -> list[_Level]:
    return [(space, level) for space in _having(call) for level in space.security_levels]


def _brief(call: Call, space: Space) -> dict[str, Json]:
    default = next((each for each in space.security_levels if each.is_default), None)
    shown: dict[str, Json] = {
        "self": f"{call.site.base_url}/rest/api/3/issuesecurityschemes/{space.id}",
        "id": int(space.id),
        "name": f"{space.key}: Issue Security Scheme",
        "description": "",
    }
    return shown | ({"defaultLevel": int(default.id)} if default else {})


def _scheme(call: Call, space: Space) -> dict[str, Json]:
    shown = _brief(call, space)
    default = shown.pop("defaultLevel", None)
    return shown | ({"defaultSecurityLevelId": default} if default else {})


def _with_levels(call: Call, space: Space) -> Json:
    listed = [render.security_level(call.site, space, each) for each in space.security_levels]
    return _scheme(call, space) | {"levels": listed}


def _member(level: SecurityLevel, account_id: str) -> dict[str, Json]:
    return {
        "id": str(_number(level, account_id)),
        "issueSecurityLevelId": level.id,
        "holder": {"type": "user", "parameter": account_id, "value": account_id, "expand": "user"},
        "managed": False,
    }


def _numbered(level: SecurityLevel, account_id: str) -> dict[str, Json]:
    """Show a member as the older of the two operations does: ids as numbers."""
    shown = _member(level, account_id)
    return {
        "id": _number(level, account_id),
        "issueSecurityLevelId": int(level.id),
        "holder": shown["holder"],
    }


def _number(level: SecurityLevel, account_id: str) -> int:
    return int(level.id) * 100 + sorted(level.members).index(account_id)


_ALL = "/rest/api/3/issuesecurityschemes"
_SPACE = "/rest/api/3/project/{projectKeyOrId}"
ROUTES = (
    Route("GET", _ALL, schemes, scope="PROJECT_ADMIN"),
    Route("GET", f"{_ALL}/level", levels, scope="PROJECT_ADMIN"),
    Route("GET", f"{_ALL}/level/member", members, scope="PROJECT_ADMIN"),
    Route("GET", f"{_ALL}/project", users, scope="PROJECT_ADMIN"),
    Route("GET", f"{_ALL}/search", search, scope="PROJECT_ADMIN"),
    Route("GET", f"{_ALL}/{{id}}", scheme, scope="PROJECT_ADMIN"),
    Route("GET", f"{_ALL}/{{issueSecuritySchemeId}}/members", members_of_scheme, scope="PROJECT_ADMIN"),
    Route("GET", f"{_SPACE}/issuesecuritylevelscheme", of_space),
    Route("GET", f"{_SPACE}/securitylevel", levels_of_space),
    Route("GET", "/rest/api/3/securitylevel/{id}", level, scope="PROJECT_ADMIN"),
)
