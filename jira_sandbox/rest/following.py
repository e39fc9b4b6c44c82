"""Who watches a work item, and who votes for it."""

from jira_sandbox import render
from jira_sandbox.acts import following as acts
from jira_sandbox.acts import issues
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue
from jira_sandbox.wire import Refusal, Response, answer


def watchers(call: Call) -> Response:
    """Show who watches, and whether the caller does."""
    issue = _issue(call)
    shown = acts.followers(call.site, call.actor, issue, issue.watchers)
    told = {
        "self": f"{call.site.base_url}/rest/api/3/issue/{issue.key}/watchers",
        "isWatching": call.actor.account_id in issue.watchers,
        "watchCount": len(issue.watchers),
        "watchers": [render.user(call.site, each) for each in shown],
    }
    return answer(200, told)


def watch(call: Call) -> Response:
    """Add the account whose id is the body, the caller when there is none: 204."""
    account_id = call.any_body() if call.request.body else call.actor.account_id
    if not isinstance(account_id, str):
        raise Refusal(400, "The request body must be an account id.")
    acts.watch(call.world, call.site, call.actor, _issue(call), account_id)
    return answer(204)


def unwatch(call: Call) -> Response:
    """Take off the account with ``accountId``: 204."""
    account_id = call.request.parameter("accountId")
    if not account_id:
        raise Refusal(400, "The accountId must be given.")
    acts.unwatch(call.world, call.site, call.actor, _issue(call), account_id)
    return answer(204)


def watching(call: Call) -> Response:
    """Tell of each of the ids whether the caller watches it; false also for what is not there."""
    numbers = call.body().get("issueIds")
    if not isinstance(numbers, list):
        raise Refusal(400, errors={"issueIds": "data was not an array"})
    told = {str(each): _is_watched(call, str(each)) for each in numbers}
    return answer(200, {"issuesIsWatching": told}, objects=len(told))


def votes(call: Call) -> Response:
    """Show who votes, and whether the caller does."""
    issue = _issue(call)
    shown = acts.followers(call.site, call.actor, issue, issue.voters)
    told = {
        "self": f"{call.site.base_url}/rest/api/3/issue/{issue.key}/votes",
        "votes": len(issue.voters),
        "hasVoted": call.actor.account_id in issue.voters,
        "voters": [render.user(call.site, each) for each in shown],
    }
    return answer(200, told)


def vote(call: Call) -> Response:
    """Vote: 204."""
    acts.vote(call.world, call.site, call.actor, _issue(call))
    return answer(204)


def unvote(call: Call) -> Response:
    """Take the vote back: 204."""
    acts.unvote(call.world, call.actor, _issue(call))
    return answer(204)


def _issue(call: Call) -> Issue:
    return issues.find(call.site, call.actor, call.names["issueIdOrKey"])


def _is_watched(call: Call, number: str) -> bool:
    issue = call.site.issues.get(number)
    return bool(issue and call.site.sees(call.actor, issue) and call.actor.account_id in issue.watchers)


_ISSUE = "/rest/api/3/issue/{issueIdOrKey}"
ROUTES = (
    Route("GET", f"{_ISSUE}/watchers", watchers),
    Route("POST", f"{_ISSUE}/watchers", watch, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", f"{_ISSUE}/watchers", unwatch, scope="DELETE", cost=Cost.WRITE),
    Route("POST", "/rest/api/3/issue/watching", watching, scope="WRITE"),
    Route("GET", f"{_ISSUE}/votes", votes),
    Route("POST", f"{_ISSUE}/votes", vote, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", f"{_ISSUE}/votes", unvote, scope="DELETE", cost=Cost.WRITE),
)
