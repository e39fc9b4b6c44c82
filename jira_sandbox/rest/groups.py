"""Groups, their members, and the pickers in which people look for both."""

from jira_sandbox import render
from jira_sandbox.acts import grouping
from jira_sandbox.acts.peoplesearch import active, may_browse
from jira_sandbox.acts.rights import must_administer_jira
from jira_sandbox.meters import Cost
from jira_sandbox.render import people
from jira_sandbox.rest import paging, usersearch
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.rights import Holder
from jira_sandbox.state.values import Group, Json, User
from jira_sandbox.wire import Refusal, Response, answer

MEMBERS_PAGE, PICKED, PAGE, MOST = 50, 20, 50, 1000
_ACCESS = frozenset({"site-admin", "admin", "user"})
_PRODUCTS = frozenset({"jira-servicedesk", "jira-software", "jira-product-discovery", "jira-core"})


def get(call: Call) -> Response:
    """Show a group, with its first members when ``users`` is expanded; deprecated for ``group/member``."""
    _must_look(call)
    shows_members = any(each.startswith("users") for each in call.request.parameter_list("expand"))
    return answer(200, people.group(call.site, _named(call), shows_members=shows_members))


def several(call: Call) -> Response:
    """List groups by id, by name, or by what they give access to; all of them when nothing is said."""
    if not may_browse(call.site, call.actor):
        raise Refusal(403, "You do not have the global permission to browse users and groups.")
    request = call.request
    access, product = request.parameter("accessType"), request.parameter("applicationKey")
    if access and access not in _ACCESS:
        raise Refusal(400, "The accessType must be one of site-admin, admin, user.")
    if product and product not in _PRODUCTS:
        raise Refusal(400, f"The applicationKey '{product}' is not valid.")
    wanted = {value for name, value in request.query if name in {"groupId", "groupName"}}
    found = [
        each
        for each in _by_name(call)
        if (not wanted or {each.id, each.name} & wanted)
        and (not access or (access == "user") is not _is_admin_group(call, each))
    ]
    return paging.page(
        call, found, lambda each: {"name": each.name, "groupId": each.id}, size=PAGE, most=MOST
    )


def members(call: Call) -> Response:
    """List the members of a group, a page at a time."""
    _must_look(call)
    inactive = call.request.flag("includeInactiveUsers")
    found = people.members_of(call.site, _named(call), inactive=inactive)
    return paging.page(
        call, found, lambda each: render.user(call.site, each), size=MEMBERS_PAGE, most=MEMBERS_PAGE
    )


def create(call: Call) -> Response:
    """Make a group: 201."""
    group = grouping.create(call.world, call.site, call.actor, call.body().get("name"))
    return answer(201, people.group(call.site, group, shows_members=True))


def remove(call: Call) -> Response:
    """Delete a group: 200 without a body."""
    request = call.request
    must_administer_jira(call.site, call.actor)
    group = _named(call)
    swap_id, swap_name = request.parameter("swapGroupId"), request.parameter("swapGroup")
    heir = grouping.find(call.site, number=swap_id, name=swap_name) if swap_id or swap_name else None
    grouping.remove(call.world, call.site, call.actor, group, heir)
    return answer(200)


def join(call: Call) -> Response:
    """Add somebody to a group: 201 with the group."""
    must_administer_jira(call.site, call.actor)
    group, person = _named(call), _person(call, str(call.body().get("accountId") or ""))
    grouping.join(call.world, call.site, call.actor, group, person)
    return answer(201, people.group(call.site, group, shows_members=False))


def leave(call: Call) -> Response:
    """Take somebody out of a group: 200 without a body."""
    must_administer_jira(call.site, call.actor)
    group, person = _named(call), _person(call, call.request.parameter("accountId"))
    grouping.leave(call.world, call.site, call.actor, group, person)
    return answer(200)


def pick(call: Call) -> Response:
    """Search groups for a field in which one types."""
    if not any(True for _ in call.site.spaces_seen_by(call.actor)):
        return answer(200, _found(call, []))
    shown = _found(call, _matching(call))
    return answer(200, shown, objects=len(shown["groups"]))


def pick_either(call: Call) -> Response:
    """Search people and groups at once."""
    if not call.request.parameter("query"):
        raise Refusal(400, "The 'query' query parameter must be provided.")
    if not may_browse(call.site, call.actor):
        raise Refusal(403, "You do not have the global permission to browse users and groups.")
    without_apps = call.request.flag("excludeConnectAddons")
    listed = [each for each in active(call.site) if not (without_apps and each.account_type == "app")]
    users = usersearch.picked(call, listed)
    groups = _found(call, _matching(call))
    return answer(
        200, {"users": users, "groups": groups}, objects=len(users["users"]) + len(groups["groups"])
    )


def _matching(call: Call) -> list[Group]:
    request = call.request
    typed = request.parameter("query")
    excluded = {value for name, value in request.query if name in {"exclude", "excludeId"}}
    listed = [each for each in _by_name(call) if not {each.id, each.name} & excluded]
    if not may_browse(call.site, call.actor):
        return [each for each in listed if each.name == typed]
    if request.flag("caseInsensitive"):
        return [each for each in listed if typed.lower() in each.name.lower()]
    return [each for each in listed if typed in each.name]


def _found(call: Call, found: list[Group]) -> dict[str, Json]:
    size = call.number("maxResults", PICKED, most=MOST)
    listed = found[:size]
    return {
        "header": f"Showing {len(listed)} of {len(found)} matching groups",
        "total": len(found),
        "groups": [people.found_group(each, call.request.parameter("query")) for each in listed],
    }


def _by_name(call: Call) -> list[Group]:
    return sorted(call.site.groups.values(), key=lambda each: each.name.lower())


def _is_admin_group(call: Call, group: Group) -> bool:
    granted = Holder("group", group.id) in call.site.grants_globally("ADMINISTER")
    return granted or group.name == "jira-administrators"


def _named(call: Call) -> Group:
    request = call.request
    return grouping.find(call.site, number=request.parameter("groupId"), name=request.parameter("groupname"))


def _person(call: Call, account_id: str) -> User:
    if not account_id:
        raise Refusal(400, "The accountId must be provided.")
    if account_id not in call.site.users:
        raise Refusal(404, "The user does not exist.")
    return call.site.users[account_id]


def _must_look(call: Call) -> None:
    if not (may_browse(call.site, call.actor) or call.site.may(call.actor, "ADMINISTER")):
        raise Refusal(403, "You do not have the global permission to browse users and groups.")


_GROUP = "/rest/api/3/group"
ROUTES = (
    Route("GET", _GROUP, get, scope="ADMIN", cost=Cost.IDENTITY),
    Route("POST", _GROUP, create, scope="INACCESSIBLE", cost=Cost.WRITE),
    Route("DELETE", _GROUP, remove, scope="INACCESSIBLE", cost=Cost.WRITE),
    Route("GET", f"{_GROUP}/bulk", several, scope="ADMIN", cost=Cost.IDENTITY),
    Route("GET", f"{_GROUP}/member", members, scope="ADMIN", cost=Cost.IDENTITY),
    Route("POST", f"{_GROUP}/user", join, scope="INACCESSIBLE", cost=Cost.WRITE),
    Route("DELETE", f"{_GROUP}/user", leave, scope="INACCESSIBLE", cost=Cost.WRITE),
    Route("GET", "/rest/api/3/groups/picker", pick, cost=Cost.IDENTITY, is_public=True),
    Route("GET", "/rest/api/3/groupuserpicker", pick_either, cost=Cost.IDENTITY, is_public=True),
)
