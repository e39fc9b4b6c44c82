"""People of Data Center: a user name, which an administrator may change, and a key, which stays.

The key is what the state calls the account id, so references in histories are keys here as they are there.
"""

from collections.abc import Callable

from jira_sandbox.acts.finding import find as find_issue
from jira_sandbox.acts.peoplesearch import active, by_name, may_browse
from jira_sandbox.acts.spaces import find as find_space
from jira_sandbox.datacenter import dialect
from jira_sandbox.meters import Cost
from jira_sandbox.render import people
from jira_sandbox.rest.users import myself
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import User
from jira_sandbox.wire import Refusal, Response, answer

PAGE, MOST = 50, 1000
EVERYBODY = frozenset({".", "%", "_"})
"""What people type to find all: the search has no other way."""


def get(call: Call) -> Response:
    """One account by ``username`` or ``key``; 404 if nobody has it."""
    _must_browse(call)
    shown = people.in_full(call.site, asked(call), viewer=call.actor, expand=_expanded(call))
    return answer(200, shown)


def search(call: Call) -> Response:
    """List those whose user name, name, a word of it or address begins with ``username``: a page of them."""
    typed = call.request.parameter("username")
    if not typed:
        raise Refusal(400, "The username query parameter was not provided")
    with_inactive = call.request.flag("includeInactive")
    everybody = sorted(call.site.users.values(), key=by_name) if with_inactive else active(call.site)
    return _page(call, [each for each in everybody if _is_meant(each, typed)] if _browses(call) else [])


def assignable(call: Call) -> Response:
    """List those who may be assigned work in a ``project``, or the work item ``issueKey``."""
    request = call.request
    if name := request.parameter("issueKey"):
        issue = find_issue(call.site, call.actor, name)
        space = call.site.space_of(issue)
    elif name := request.parameter("project"):
        issue, space = None, find_space(call.site, call.actor, name)
    else:
        raise Refusal(400, "Either 'project' or 'issueKey' must be provided.")
    return _narrowed(call, lambda each: call.site.may(each, "ASSIGNABLE_USER", space=space, issue=issue))


def viewers(call: Call) -> Response:
    """List those who may browse a space, or see the work item ``issueKey``."""
    request = call.request
    if name := request.parameter("issueKey"):
        issue = find_issue(call.site, call.actor, name)
        return _narrowed(call, lambda each: call.site.sees(each, issue))
    space = find_space(call.site, call.actor, request.parameter("projectKey"))
    return _narrowed(call, lambda each: call.site.may(each, "BROWSE_PROJECTS", space=space))


def pick(call: Call) -> Response:
    """Search for a field in which one types, names with what was typed set off; nobody while nothing was."""
    typed = call.request.parameter("query")
    excluded = set(call.request.parameter_list("exclude"))
    known = active(call.site) if typed else []
    found = [each for each in known if each.name not in excluded and _is_meant(each, typed)]
    shown = found[: call.number("maxResults", PAGE, most=MOST)] if _browses(call) else []
    users = [
        people.found_user(call.site, each, typed, shows_avatar=call.request.flag("showAvatar"))
        for each in shown
    ]
    header = f"Showing {len(users)} of {len(found)} matching users"
    return answer(200, {"users": users, "total": len(found), "header": header}, objects=len(users))


def asked(call: Call) -> User:
    """Find the account that ``username`` or ``key`` names; 404 without either, and if nobody has it."""
    name, key = call.request.parameter("username"), call.request.parameter("key")
    if not (name or key):
        raise Refusal(404, "Either the 'username' or the 'key' query parameters need to be provided")
    found = call.site.named_user(name=name, key=key)
    if found is None:
        raise Refusal(404, f"The user named '{name}' does not exist" if name else "The user does not exist")
    return found


def _expanded(call: Call) -> list[str]:
    return call.request.parameter_list("expand")


def _browses(call: Call) -> bool:
    return may_browse(call.site, call.actor)


def _must_browse(call: Call) -> None:
    if not _browses(call):
        raise Refusal(403, "You are not authorized to perform this operation.")


def _narrowed(call: Call, fits: Callable[[User], bool]) -> Response:
    typed = call.request.parameter("username")
    meant = (each for each in active(call.site) if not typed or _is_meant(each, typed))
    return _page(call, [each for each in meant if fits(each)])


def _page(call: Call, found: list[User]) -> Response:
    start = call.number("startAt", 0, most=10**9)
    page = found[start : start + call.number("maxResults", PAGE, most=MOST)]
    shown = [dialect.shown(call.site, each) for each in page]
    return answer(200, shown, objects=len(page))


def _is_meant(person: User, typed: str) -> bool:
    wanted = typed.lower()
    told = (person.name, person.email, person.display_name, *person.display_name.split())
    return typed in EVERYBODY or any(each.lower().startswith(wanted) for each in told)


_USER = "/rest/api/2/user"
ROUTES = (
    Route("GET", "/rest/api/2/myself", myself, cost=Cost.IDENTITY),
    Route("GET", _USER, get, cost=Cost.IDENTITY),
    Route("GET", f"{_USER}/search", search, cost=Cost.IDENTITY),
    Route("GET", f"{_USER}/assignable/search", assignable, cost=Cost.IDENTITY),
    Route("GET", f"{_USER}/viewissue/search", viewers, cost=Cost.IDENTITY),
    Route("GET", f"{_USER}/picker", pick, cost=Cost.IDENTITY),
)
