"""Accounts: the caller's own and others by account id, their groups and addresses, all of them."""

from jira_sandbox import render
from jira_sandbox.acts import accounts
from jira_sandbox.acts.peoplesearch import by_name, may_browse
from jira_sandbox.acts.rights import must_administer_jira
from jira_sandbox.meters import Cost
from jira_sandbox.render import people
from jira_sandbox.rest import paging
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json, User
from jira_sandbox.wire import Refusal, Response, answer

PAGE, MOST = 10, 200
ALL_PAGE, MOST_OF_ALL = 50, 1000
NOBODY = "Specified user does not exist or you do not have required permissions"
_PRODUCTS = frozenset({"jira-core", "jira-servicedesk", "jira-product-discovery", "jira-software"})


def myself(call: Call) -> Response:
    """Show the caller's own account; for an app the account it acts with."""
    return answer(200, _in_full(call, call.actor))


def get(call: Call) -> Response:
    """One account; 404 if nobody has that id."""
    _must_browse(call)
    return answer(200, _in_full(call, named(call, unsaid=404)))


def several(call: Call) -> Response:
    """List the accounts with these ids, a page at a time; ids of nobody are left out without a word."""
    wanted = [value for name, value in call.request.query if name == "accountId"]
    if not wanted:
        raise Refusal(400, "At least one 'accountId' must be provided.")
    found = [call.site.users[each] for each in dict.fromkeys(wanted) if each in call.site.users]
    return paging.page(call, found, lambda each: render.user(call.site, each), size=PAGE, most=MOST)


def everybody(call: Call) -> Response:
    """List all accounts, also those that are deactivated or closed."""
    _must_browse(call)
    start = call.number("startAt", 0, most=10**9)
    size = call.number("maxResults", ALL_PAGE, most=MOST_OF_ALL)
    listed = sorted(call.site.users.values(), key=by_name)[start : start + size]
    return answer(200, [render.user(call.site, each) for each in listed], objects=len(listed))


def groups(call: Call) -> Response:
    """List the groups somebody is in."""
    _must_browse(call)
    listed = call.site.groups_of(named(call, unsaid=404))
    return answer(200, [people.group_name(call.site, each) for each in listed], objects=len(listed))


def email(call: Call) -> Response:
    """Tell an e-mail address, however much its owner hides it; apps need a scope of its own for that."""
    _must_be_app(call)
    return answer(200, _address(named(call)))


def emails(call: Call) -> Response:
    """Tell several e-mail addresses; who is not there is left out."""
    _must_be_app(call)
    wanted = call.request.parameter_list("accountId")
    if not wanted:
        raise Refusal(400, "At least one 'accountId' must be provided.")
    found = [call.site.users[each] for each in dict.fromkeys(wanted) if each in call.site.users]
    return answer(200, [_address(each) for each in found], objects=len(found))


def migration(call: Call) -> Response:
    """Tell the account ids behind user names or keys of old."""
    names, keys = call.request.parameter_list("username"), call.request.parameter_list("key")
    if bool(names) == bool(keys):
        raise Refusal(400, "Either the 'username' or the 'key' query parameter must be provided.")
    start = call.number("startAt", 0, most=10**9)
    size = call.number("maxResults", PAGE, most=MOST)
    word = "username" if names else "key"
    ids = {each.name: each.account_id for each in call.site.users.values()}
    found = [{word: each, "accountId": ids[each]} for each in names or keys if each in ids]
    page = found[start : start + size]
    return answer(200, page, objects=len(page))


def create(call: Call) -> Response:
    """Give somebody access: 201 with the account, also when the person has one."""
    must_administer_jira(call.site, call.actor)
    body = call.body()
    address, products = body.get("emailAddress"), body.get("products")
    errors: dict[str, str] = {}
    if not isinstance(address, str) or "@" not in address:
        errors["emailAddress"] = "You must specify a valid email address."
    if not isinstance(products, list) or not set(map(str, products)) <= _PRODUCTS:
        errors["products"] = "You must specify the products the user has access to."
    if errors:
        raise Refusal(400, errors=errors)
    person = accounts.open_for(
        call.world, call.site, email=str(address), display_name=str(body.get("displayName") or "")
    )
    return answer(201, _in_full(call, person))


def remove(call: Call) -> Response:
    """Close an account: 204."""
    must_administer_jira(call.site, call.actor)
    person = named(call)
    if person.account_id == call.actor.account_id:
        raise Refusal(400, "You cannot delete the currently logged in user.")
    accounts.close(call.world, call.site, person)
    return answer(204)


def named(call: Call, *, unsaid: int = 400) -> User:
    """Find the account that ``accountId`` names; Refusal ``unsaid`` without it, 404 if nobody has it."""
    account_id = call.request.parameter("accountId")
    if not account_id:
        raise Refusal(unsaid, "The query parameter 'accountId' must be provided.")
    if account_id not in call.site.users:
        raise Refusal(404, NOBODY)
    return call.site.users[account_id]


def _in_full(call: Call, person: User) -> Json:
    expand = call.request.parameter_list("expand")
    return people.in_full(call.site, person, viewer=call.actor, expand=expand)


def _must_browse(call: Call) -> None:
    if not may_browse(call.site, call.actor):
        raise Refusal(403, "You do not have the global permission to browse users and groups.")


def _must_be_app(call: Call) -> None:
    if not call.by_app:
        raise Refusal(401, "Only apps can access this resource.")


def _address(person: User) -> Json:
    return {"accountId": person.account_id, "email": person.email}


_USER = "/rest/api/3/user"
ROUTES = (
    Route("GET", "/rest/api/3/myself", myself, cost=Cost.IDENTITY),
    Route("GET", f"{_USER}/bulk", several, cost=Cost.IDENTITY),
    Route("GET", f"{_USER}/bulk/migration", migration, cost=Cost.IDENTITY),
    Route("GET", f"{_USER}/groups", groups, cost=Cost.IDENTITY),
    Route("GET", f"{_USER}/email", email, scope="ACCESS_EMAIL_ADDRESSES", cost=Cost.IDENTITY),
    Route("GET", f"{_USER}/email/bulk", emails, scope="ACCESS_EMAIL_ADDRESSES", cost=Cost.IDENTITY),
    Route("GET", _USER, get, cost=Cost.IDENTITY),
    Route("POST", _USER, create, scope="INACCESSIBLE", cost=Cost.WRITE),
    Route("DELETE", _USER, remove, scope="INACCESSIBLE", cost=Cost.WRITE),
    Route("GET", "/rest/api/3/users", everybody, scope="INACCESSIBLE", cost=Cost.IDENTITY),
    Route("GET", "/rest/api/3/users/search", everybody, scope="INACCESSIBLE", cost=Cost.IDENTITY),
)
