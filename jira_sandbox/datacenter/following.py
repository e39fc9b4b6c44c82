"""Who does a work item and who watches it, named by user names: in a body, or in the address."""

from collections.abc import Iterator
from contextlib import contextmanager

from jira_sandbox.acts import assigning, issues
from jira_sandbox.acts import following as acts
from jira_sandbox.fields.people import AUTOMATIC
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Issue, Json
from jira_sandbox.wire import Refusal, Response, answer


def assign(call: Call) -> Response:
    """Give a work item to whom ``name`` names: null is nobody, ``-1`` whom the space says: 204."""
    issue, name = _issue(call), call.body().get("name")
    with _unauthorized():
        assigning.assign(call.world, call.site, call.actor, issue, None if name is None else _key(call, name))
    return answer(204)


def watch(call: Call) -> Response:
    """Add whom the body names, a text in JSON, or ``userName``; the caller when neither does: 204."""
    said = call.any_body() if call.request.body else call.request.parameter("userName")
    name = said or call.actor.name
    with _unauthorized():
        acts.watch(call.world, call.site, call.actor, _issue(call), _follower(call, name))
    return answer(204)


def unwatch(call: Call) -> Response:
    """Take off whom ``username`` names: 204."""
    name = call.request.parameter("username") or call.request.parameter("userName")
    if not name:
        raise Refusal(400, "The 'username' query parameter must be provided.")
    with _unauthorized():
        acts.unwatch(call.world, call.site, call.actor, _issue(call), _follower(call, name))
    return answer(204)


@contextmanager
def _unauthorized() -> Iterator[None]:
    """Refuse who may not with the 401 that the description of Data Center has here; the Cloud's is 403."""
    try:
        yield
    except Refusal as refusal:
        raise Refusal(401, *refusal.messages) if refusal.status == 403 else refusal from None


def _follower(call: Call, name: Json) -> str:
    found = call.site.named_user(name=name)
    if found is None:
        raise Refusal(404, f"The user '{name}' does not exist.")
    return found.account_id


def _key(call: Call, name: Json) -> str:
    """Give the key of whoever is called so; a name that nobody has stands for itself, and is refused so."""
    found = None if name == AUTOMATIC else call.site.named_user(name=name)
    return found.account_id if found else str(name)


def _issue(call: Call) -> Issue:
    return issues.find(call.site, call.actor, call.names["issueIdOrKey"])


_ISSUE = "/rest/api/2/issue/{issueIdOrKey}"
ROUTES = (
    Route("PUT", f"{_ISSUE}/assignee", assign, scope="WRITE", cost=Cost.WRITE),
    Route("POST", f"{_ISSUE}/watchers", watch, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", f"{_ISSUE}/watchers", unwatch, scope="DELETE", cost=Cost.WRITE),
)
