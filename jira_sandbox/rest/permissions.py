"""What the caller, or somebody an app asks about, may do."""

from collections.abc import Iterable

from jira_sandbox.acts import comments
from jira_sandbox.acts.finding import find as find_issue
from jira_sandbox.acts.spaces import find as find_space
from jira_sandbox.meters import Cost
from jira_sandbox.rest import bodies
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.permissions import CATALOGUE, Permission
from jira_sandbox.state.values import Issue, Json, Space, User
from jira_sandbox.wire import Refusal, Response, answer

MOST = 1000


def mine(call: Call) -> Response:
    """Show the caller's permissions: anywhere, in a space, around a work item, or of a comment.

    Data Center is not asked for certain ones and shows them all.
    """
    asked = call.request.parameter_list("permissions")
    if not asked and call.site.edition.is_cloud:
        raise Refusal(400, "The 'permissions' query parameter is required.")
    _must_be_known(asked)
    issue, space = _context(call)
    if call.request.parameter("commentId"):
        issue, space = _context_of_comment(call, asked)
    shown = {key: _mine(call, CATALOGUE[key], space, issue) for key in asked or CATALOGUE}
    return answer(200, {"permissions": shown}, objects=len(shown))


def everything(_call: Call) -> Response:
    """List all permissions that Jira knows."""
    shown = {key: _described(each) for key, each in CATALOGUE.items()}
    return answer(200, {"permissions": shown}, objects=len(shown))


def check(call: Call) -> Response:
    """Check the permissions of any account, for many spaces and work items at once.

    A person must administer Jira to ask about somebody else; an app need not. What is not granted or does
    not exist is left out of the answer.
    """
    body = call.body()
    user = _subject(call, body)
    wanted = [each for each in bodies.entries(body, "globalPermissions") if each is not None]
    _must_be_known(wanted)
    granted = [key for key in wanted if call.site.may(user, key)]
    grants: dict[str, Json] = {}
    for each in bodies.entries(body, "projectPermissions"):
        _add_grants(call, user, each, grants)
    shown = {"projectPermissions": list(grants.values()), "globalPermissions": granted}
    return answer(200, shown, objects=len(grants) + len(granted))


def permitted_spaces(call: Call) -> Response:
    """List the spaces in which the caller holds all of some permissions."""
    keys = call.body().get("permissions")
    if not isinstance(keys, list) or not keys:
        raise Refusal(400, "At least one permission must be provided.")
    _must_be_known(keys)
    site = call.site
    spaces = sorted(site.spaces.values(), key=lambda each: each.key)
    found = [each for each in spaces if all(site.may(call.actor, key, space=each) for key in keys)]
    shown = [{"id": int(each.id), "key": each.key} for each in found]
    return answer(200, {"projects": shown}, objects=len(shown))


def _must_be_known(keys: Iterable[Json]) -> None:
    strange = {str(key): "Unrecognized permission" for key in keys if str(key) not in CATALOGUE}
    if strange:
        raise Refusal(400, errors=strange)


def _context(call: Call) -> tuple[Issue | None, Space | None]:
    asked = call.request
    item = asked.parameter("issueId") or asked.parameter("issueKey")
    if item:
        issue = find_issue(call.site, call.actor, item)
        return issue, call.site.space_of(issue)
    name = asked.parameter("projectId") or asked.parameter("projectKey")
    return None, find_space(call.site, call.actor, name) if name else None


def _context_of_comment(call: Call, asked: list[str]) -> tuple[Issue, Space]:
    if asked != ["BROWSE_PROJECTS"]:
        raise Refusal(400, "Only the permission BROWSE_PROJECTS can be asked for a comment.")
    wanted = call.request.parameter("commentId")
    for issue in call.site.issues_seen_by(call.actor):
        if any(each.id == wanted for each in comments.seen(call.site, call.actor, issue)):
            return issue, call.site.space_of(issue)
    raise Refusal(404, f"Can not find a comment for the id: {wanted}.")


def _mine(call: Call, permission: Permission, space: Space | None, issue: Issue | None) -> Json:
    if permission.kind == "GLOBAL":
        has = call.site.may(call.actor, permission.key)
    else:
        spaces = [space] if space else call.site.spaces.values()
        has = any(call.site.may(call.actor, permission.key, space=each, issue=issue) for each in spaces)
    return {"id": permission.id, **_described(permission), "havePermission": has}


def _described(permission: Permission) -> dict[str, Json]:
    return {
        "key": permission.key,
        "name": permission.name,
        "type": permission.kind,
        "description": permission.description,
    }


def _subject(call: Call, body: dict[str, Json]) -> User:
    account_id = body.get("accountId") or call.actor.account_id
    if account_id == call.actor.account_id:
        return call.actor
    if not call.by_app and not call.site.may(call.actor, "ADMINISTER"):
        raise Refusal(403, "Only Jira administrators can perform this operation.")
    if str(account_id) not in call.site.users:
        raise Refusal(400, errors={"accountId": "The user does not exist."})
    return call.site.users[account_id]


def _add_grants(call: Call, user: User, wanted: Json, grants: dict[str, Json]) -> None:
    asked = wanted if isinstance(wanted, dict) else {}
    keys = [each for each in bodies.entries(asked, "permissions") if each]
    if not keys:
        raise Refusal(400, "At least one project permission must be provided.")
    projects, issues = bodies.entries(asked, "projects"), bodies.entries(asked, "issues")
    if len(projects) > MOST or len(issues) > MOST:
        raise Refusal(400, f"At most {MOST} projects and {MOST} issues may be provided.")
    _must_be_known(keys)
    for key in keys:
        grant = grants.setdefault(key, {"permission": key, "issues": [], "projects": []})
        grant["projects"] += [int(each) for each in projects if _may_in(call, user, key, each)]
        grant["issues"] += [int(each) for each in issues if _may_around(call, user, key, each)]


def _may_in(call: Call, user: User, key: str, number: Json) -> bool:
    space = call.site.spaces.get(str(number))
    return space is not None and call.site.may(user, key, space=space)


def _may_around(call: Call, user: User, key: str, number: Json) -> bool:
    issue = call.site.issues.get(str(number))
    return issue is not None and call.site.sees(user, issue) and call.site.may_around(user, key, issue)


_ALL = "/rest/api/3/permissions"
ROUTES = (
    Route("GET", "/rest/api/3/mypermissions", mine, cost=Cost.IDENTITY, is_public=True),
    Route("GET", _ALL, everything, scope="ADMIN", cost=Cost.IDENTITY, is_public=True),
    Route("POST", f"{_ALL}/check", check, cost=Cost.IDENTITY, is_public=True),
    Route("POST", f"{_ALL}/project", permitted_spaces, cost=Cost.IDENTITY, is_public=True),
)
