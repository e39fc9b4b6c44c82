"""What the caller, or somebody an app asks about, may do."""

from jira_sandbox.acts.issues import find as find_issue
from jira_sandbox.acts.spaces import find as find_space
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.permissions import CATALOGUE, Permission
from jira_sandbox.state.values import Issue, Json, Space, User
from jira_sandbox.wire import Refusal, Response, answer

MOST = 1000


def mine(call: Call) -> Response:
    """Show the caller's permissions, in a space or around a work item if one is named."""
    asked = call.request.parameter_list("permissions")
    if not asked:
        raise Refusal(400, "The 'permissions' query parameter is required.")
    _must_be_known(asked)
    space = _context(call)
    shown = {key: _mine(call, CATALOGUE[key], space) for key in asked}
    return answer(200, {"permissions": shown}, objects=len(shown))


def check(call: Call) -> Response:
    """Check the permissions of any account, for many spaces and work items at once.

    A person must administer Jira to ask about somebody else; an app need not. What is not granted or does
    not exist is left out of the answer.
    """
    body = call.body()
    user = _subject(call, body)
    wanted = body.get("globalPermissions") or []
    _must_be_known(wanted)
    granted = [key for key in wanted if call.site.may(user, key)]
    grants: dict[str, Json] = {}
    for each in body.get("projectPermissions") or []:
        _add_grants(call, user, each, grants)
    shown = {"projectPermissions": list(grants.values()), "globalPermissions": granted}
    return answer(200, shown, objects=len(grants) + len(granted))


def _must_be_known(keys: list[str]) -> None:
    strange = {key: "Unrecognized permission" for key in keys if key not in CATALOGUE}
    if strange:
        raise Refusal(400, errors=strange)


def _context(call: Call) -> Space | None:
    asked = call.request
    item = asked.parameter("issueId") or asked.parameter("issueKey")
    if item:
        return call.site.space_of(find_issue(call.site, call.actor, item))
    name = asked.parameter("projectId") or asked.parameter("projectKey")
    return find_space(call.site, call.actor, name) if name else None


def _mine(call: Call, permission: Permission, space: Space | None) -> Json:
    if permission.kind == "GLOBAL":
        has = call.site.may(call.actor, permission.key)
    else:
        spaces = [space] if space else call.site.spaces.values()
        has = any(call.site.may(call.actor, permission.key, space=each) for each in spaces)
    return {
        "id": permission.id,
        "key": permission.key,
        "name": permission.name,
        "type": permission.kind,
        "description": permission.description,
        "havePermission": has,
    }


def _subject(call: Call, body: dict[str, Json]) -> User:
    account_id = body.get("accountId") or call.actor.account_id
    is_other = account_id != call.actor.account_id
    if is_other and not call.by_app and not call.site.may(call.actor, "ADMINISTER"):
        raise Refusal(403, "Only Jira administrators can perform this operation.")
    if account_id not in call.site.users:
        raise Refusal(400, errors={"accountId": "The user does not exist."})
    return call.site.users[account_id]


def _add_grants(call: Call, user: User, wanted: Json, grants: dict[str, Json]) -> None:
    if not isinstance(wanted, dict) or not wanted.get("permissions"):
        raise Refusal(400, "At least one project permission must be provided.")
    projects, issues = wanted.get("projects") or [], wanted.get("issues") or []
    if len(projects) > MOST or len(issues) > MOST:
        raise Refusal(400, f"At most {MOST} projects and {MOST} issues may be provided.")
    _must_be_known(wanted["permissions"])
    for key in wanted["permissions"]:
        grant = grants.setdefault(key, {"permission": key, "issues": [], "projects": []})
        for number in projects:
            space = call.site.spaces.get(str(number))
            if space and call.site.may(user, key, space=space):
                grant["projects"].append(int(number))
        for number in issues:
            issue = call.site.issues.get(str(number))
            if issue and _may_around(call, user, key, issue):
                grant["issues"].append(int(number))


def _may_around(call: Call, user: User, key: str, issue: Issue) -> bool:
    hidden = call.site.is_hidden(issue, user)
    return not hidden and call.site.may(user, key, space=call.site.space_of(issue))


ROUTES = (
    Route("GET", "/rest/api/3/mypermissions", mine, cost=Cost.IDENTITY),
    Route("POST", "/rest/api/3/permissions/check", check, cost=Cost.IDENTITY),
)
