"""Accounts: the caller's own and others by account id."""

from jira_sandbox import render
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Refusal, Response, answer

PAGE, MOST = 10, 200


def myself(call: Call) -> Response:
    """Show the caller's own account; for an app the account it acts with."""
    return answer(200, render.user(call.site, call.actor) | {"locale": "en_US"})


def get(call: Call) -> Response:
    """One account; 404 if nobody has that id."""
    account_id = call.request.parameter("accountId")
    if account_id not in call.site.users:
        raise Refusal(404, "Specified user does not exist or you do not have required permissions")
    return answer(200, render.user(call.site, call.site.users[account_id]))


def several(call: Call) -> Response:
    """List the accounts with these ids, a page at a time; ids of nobody are left out without a word."""
    wanted = [value for name, value in call.request.query if name == "accountId"]
    if not wanted:
        raise Refusal(400, "At least one 'accountId' must be provided.")
    start = call.number("startAt", 0, most=10**9)
    size = call.number("maxResults", PAGE, most=MOST)
    found = [call.site.users[each] for each in dict.fromkeys(wanted) if each in call.site.users]
    page = [render.user(call.site, each) for each in found[start : start + size]]
    shown = {
        "startAt": start,
        "maxResults": size,
        "total": len(found),
        "isLast": start + size >= len(found),
        "values": page,
    }
    return answer(200, shown, objects=len(page))


ROUTES = (
    Route("GET", "/rest/api/3/myself", myself, cost=Cost.IDENTITY),
    Route("GET", "/rest/api/3/user/bulk", several, cost=Cost.IDENTITY),
    Route("GET", "/rest/api/3/user", get, cost=Cost.IDENTITY),
)
