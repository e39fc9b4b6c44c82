"""What apps keep about people: properties of accounts. Others' only Jira's administrators may touch."""

from jira_sandbox.acts import entityproperties as acts
from jira_sandbox.meters import Cost
from jira_sandbox.rest.users import named
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, Response, answer


def list_keys(call: Call) -> Response:
    """List the keys of an account's properties."""
    held = _held(call)
    base = f"{call.site.base_url}/rest/api/3/user/properties"
    account_id = call.request.parameter("accountId")
    keys = [{"key": key, "self": f"{base}/{key}?accountId={account_id}"} for key in held]
    return answer(200, {"keys": keys}, objects=len(keys))


def get(call: Call) -> Response:
    """Show one property."""
    key = call.names["propertyKey"]
    return answer(200, {"key": key, "value": acts.must_have(_held(call), key)})


def keep(call: Call) -> Response:
    """Set a property: 201 for a new one, 200 for one that was there."""
    is_new = acts.keep(call.world, _held(call), call.names["propertyKey"], call.any_body())
    return answer(201 if is_new else 200, {})


def remove(call: Call) -> Response:
    """Remove a property: 204."""
    acts.remove(call.world, _held(call), call.names["propertyKey"])
    return answer(204)


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
