"""What apps keep about people: properties of accounts. Others' only Jira's administrators may touch."""

from jira_sandbox.meters import Cost
from jira_sandbox.rest import kept
from jira_sandbox.rest.users import named
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Response


def list_keys(call: Call) -> Response:
    """List the keys of an account's properties."""
    named = "accountId" if call.site.edition.is_cloud else "userKey"
    query = f"?{named}={call.request.parameter('accountId')}"
    return kept.keys(f"{call.site.base_url}/rest/api/3/user/properties", _held(call), query=query)


def get(call: Call) -> Response:
    """Show one property."""
    return kept.one(call, _held(call))


def keep(call: Call) -> Response:
    """Set a property: 201 for a new one, 200 for one that was there."""
    return kept.put(call, _held(call), {} if call.site.edition.is_cloud else None)


def remove(call: Call) -> Response:
    """Remove a property: 204."""
    return kept.delete(call, _held(call))


def _held(call: Call) -> dict[str, Json]:
    person = named(call)
    if person.account_id != call.actor.account_id and not call.site.may(call.actor, "ADMINISTER"):
        raise Refusal(403, "You do not have permission to access the properties of this user.")
    return call.site.user_properties.setdefault(person.account_id, {})


_ALL = "/rest/api/3/user/properties"
_ONE = f"{_ALL}/{{propertyKey}}"
ROUTES = (
    Route("GET", _ALL, list_keys, cost=Cost.IDENTITY),
    Route("GET", _ONE, get, cost=Cost.IDENTITY),
    Route("PUT", _ONE, keep, scope="WRITE", cost=Cost.WRITE),
    Route("DELETE", _ONE, remove, scope="DELETE", cost=Cost.WRITE),
)
