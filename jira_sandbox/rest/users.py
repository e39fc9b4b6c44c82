"""Accounts: the caller's own and others by account id."""

from jira_sandbox import render
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Refusal, Response, answer


def myself(call: Call) -> Response:
    """Show the caller's own account; for an app the account it acts with."""
    return answer(200, render.user(call.site, call.actor) | {"locale": "en_US"})


def get(call: Call) -> Response:
    """One account; 404 if nobody has that id."""
    account_id = call.request.parameter("accountId")
    if not account_id:
        raise Refusal(400, "The query parameter 'accountId' must be provided.")
    if account_id not in call.site.users:
        raise Refusal(404, "Specified user does not exist or you do not have required permissions")
    return answer(200, render.user(call.site, call.site.users[account_id]))


ROUTES = (
    Route("GET", "/rest/api/3/myself", myself, cost=Cost.IDENTITY),
    Route("GET", "/rest/api/3/user", get, cost=Cost.IDENTITY),
)
