"""Searches for people.

All look at no more than the first thousand, and most give less than one asks for: they take a page of all
people first and then leave out who does not fit, as Jira does.
"""

from collections.abc import Callable

from jira_sandbox import render
from jira_sandbox.acts import peoplequery
from jira_sandbox.acts.finding import find as find_issue
from jira_sandbox.acts.peoplesearch import MOST, active, chosen, has_property, is_meant, may_browse
from jira_sandbox.acts.spaces import find as find_space
from jira_sandbox.meters import Cost
from jira_sandbox.render import people
from jira_sandbox.rest import paging
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.permissions import CATALOGUE, OLD_NAMES
from jira_sandbox.state.values import Issue, Json, Space, User
from jira_sandbox.wire import Refusal, Response, answer

PAGE, QUERY_PAGE = 50, 100
NO_QUERY = "The 'query' or 'accountId' query parameter must be provided."
Fits = Callable[[User], bool]


def search(call: Call) -> Response:
    """Search by name, address, account id or property; here the page is taken of those that fit."""
    request = call.request
    typed, account_id = request.parameter("query"), request.parameter("accountId")
    asked = request.parameter("property")
    if not (typed or account_id or asked):
        raise Refusal(400, "At least one of 'query', 'accountId' and 'property' must be provided.")
    if typed and account_id:
        raise Refusal(400, "Only one of 'query' and 'accountId' may be provided.")
    found = chosen(_seen(call), typed=typed, account_id=account_id)
    if asked:
        try:
            found = [each for each in found if has_property(call.site, each, asked)]
        except LookupError:
            raise Refusal(400, f"The property query '{asked}' is not valid.") from None
    return _listed(call, _page(call, found[:MOST]))


def pick(call: Call) -> Response:
    """Search for a field in which one types: names with what was typed set off."""
    request = call.request
    if request.parameter("exclude") and request.parameter("excludeAccountIds"):
        raise Refusal(400, "Only one of 'exclude' and 'excludeAccountIds' may be provided.")
    excluded = request.parameter_list("excludeAccountIds")
    shown = picked(call, [each for each in _apps_aside(call) if each.account_id not in excluded])
    return answer(200, shown, objects=len(shown["users"]))


def picked(call: Call, listed: list[User]) -> dict[str, Json]:
    """Choose those of ``listed`` whom the typed words mean, with a header that counts them."""
    request = call.request
    typed = request.parameter("query")
    if not may_browse(call.site, call.actor):
        found = [each for each in listed if each.display_name.lower() == typed.lower()]
    else:
        found = [each for each in listed[:MOST] if typed and is_meant(each, typed)]
    size = call.number("maxResults", PAGE, most=MOST)
    shows_avatar = request.flag("showAvatar")
    users = [people.found_user(call.site, each, typed, shows_avatar=shows_avatar) for each in found[:size]]
    header = f"Showing {len(users)} of {len(found)} matching users"
    return {"users": users, "total": len(found), "header": header}


def assignable(call: Call) -> Response:
    """Search those who can be assigned a work item, or work items of a space."""
    issue, space = _around(call)
    may_ask = may_browse(call.site, call.actor) or call.site.may(
        call.actor, "ASSIGN_ISSUES", space=space, issue=issue
    )
    listed = active(call.site) if may_ask else []
    return _narrowed(
        call, listed, lambda each: call.site.may(each, "ASSIGNABLE_USER", space=space, issue=issue)
    )


def assignable_everywhere(call: Call) -> Response:
    """Search those who can be assigned work items in each of several spaces."""
    keys = call.request.parameter_list("projectKeys")
    if not keys:
        raise Refusal(400, "The 'projectKeys' query parameter must be provided.")
    _must_ask_one_way(call)
    spaces = [find_space(call.site, call.actor, each) for each in keys]
    return _narrowed(
        call,
        active(call.site),
        lambda each: all(call.site.may(each, "ASSIGNABLE_USER", space=space) for space in spaces),
    )


def viewers(call: Call) -> Response:
    """Search those who may browse a work item, or a space."""
    _must_ask_one_way(call)
    issue, space = _around(call)

    def sees(person: User) -> bool:
        if issue is not None:
            return call.site.sees(person, issue)
        return call.site.may(person, "BROWSE_PROJECTS", space=space)

    return _narrowed(call, _seen(call), sees)


def permitted(call: Call) -> Response:
    """Search those who hold some permissions; only administrators may ask."""
    asked = call.request.parameter_list("permissions")
    keys = [OLD_NAMES.get(each, each) for each in asked]
    unknown = [each for each in keys if each not in CATALOGUE]
    if unknown or not keys:
        raise Refusal(400, f"The permissions must be keys of permissions, not '{', '.join(unknown)}'.")
    if call.request.parameter("query") and call.request.parameter("accountId"):
        raise Refusal(400, "Only one of 'query' and 'accountId' may be provided.")
    issue, space = _around(call)
    site = call.site
    if not (site.may(call.actor, "ADMINISTER") or site.may(call.actor, "ADMINISTER_PROJECTS", space=space)):
        raise Refusal(403, "Only administrators of the project can perform this operation.")

    def may(person: User, key: str) -> bool:
        if CATALOGUE[key].kind == "GLOBAL":
            return site.may(person, key)
        return site.may(person, key, space=space, issue=issue)

    return _narrowed(call, active(site), lambda each: all(may(each, key) for key in keys))


def by_query(call: Call) -> Response:
    """Search with a structured query: a page of accounts."""
    return paging.page(
        call, _queried(call), lambda each: render.user(call.site, each), size=QUERY_PAGE, most=QUERY_PAGE
    )


def keys_by_query(call: Call) -> Response:
    """Search with a structured query: a page of account ids, which is all that is left of user keys."""
    return paging.page(
        call, _queried(call), lambda each: {"accountId": each.account_id}, size=QUERY_PAGE, most=QUERY_PAGE
    )


def _queried(call: Call) -> list[User]:
    if not may_browse(call.site, call.actor):
        raise Refusal(403, "You do not have the global permission to browse users and groups.")
    text = call.request.parameter("query")
    if not text:
        raise Refusal(400, "The 'query' query parameter must be provided.")
    return peoplequery.found(call.site, call.actor, active(call.site)[:MOST], text)


def _seen(call: Call) -> list[User]:
    return active(call.site) if may_browse(call.site, call.actor) else []


def _apps_aside(call: Call) -> list[User]:
    without = call.request.flag("excludeConnectUsers") or call.request.flag("excludeConnectAddons")
    return [each for each in active(call.site) if not (without and each.account_type == "app")]


def _around(call: Call) -> tuple[Issue | None, Space]:
    """Find the work item or space that is asked about; Refusal 400 when none is, 404 when it is not there."""
    request = call.request
    name = request.parameter("issueKey") or request.parameter("issueId")
    if name:
        issue = find_issue(call.site, call.actor, name)
        return issue, call.site.space_of(issue)
    name = request.parameter("project") or request.parameter("projectKey")
    if not name:
        raise Refusal(400, "The issue or the project must be provided.")
    return None, find_space(call.site, call.actor, name)


def _must_ask_one_way(call: Call) -> None:
    typed, account_id = call.request.parameter("query"), call.request.parameter("accountId")
    if not (typed or account_id):
        raise Refusal(400, NO_QUERY)
    if typed and account_id:
        raise Refusal(400, "Only one of 'query' and 'accountId' may be provided.")


def _narrowed(call: Call, listed: list[User], fits: Fits) -> Response:
    request = call.request
    page = _page(call, listed[:MOST])
    found = chosen(page, typed=request.parameter("query"), account_id=request.parameter("accountId"))
    return _listed(call, [each for each in found if fits(each)])


def _page(call: Call, listed: list[User]) -> list[User]:
    start = call.number("startAt", 0, most=10**9)
    return listed[start : start + call.number("maxResults", PAGE, most=MOST)]


def _listed(call: Call, found: list[User]) -> Response:
    return answer(200, [render.user(call.site, each) for each in found], objects=len(found))


_USER = "/rest/api/3/user"
ROUTES = (
    Route("GET", f"{_USER}/search", search, cost=Cost.IDENTITY, is_public=True),
    Route("GET", f"{_USER}/picker", pick, cost=Cost.IDENTITY, is_public=True),
    Route("GET", f"{_USER}/assignable/search", assignable, cost=Cost.IDENTITY),
    Route(
        "GET",
        f"{_USER}/assignable/multiProjectSearch",
        assignable_everywhere,
        cost=Cost.IDENTITY,
        is_public=True,
    ),
    Route("GET", f"{_USER}/viewissue/search", viewers, cost=Cost.IDENTITY, is_public=True),
    Route("GET", f"{_USER}/permission/search", permitted, cost=Cost.IDENTITY, is_public=True),
    Route("GET", f"{_USER}/search/query", by_query, cost=Cost.IDENTITY),
    Route("GET", f"{_USER}/search/query/key", keys_by_query, cost=Cost.IDENTITY),
)
