"""Answers about properties, whatever has them: JSON that apps keep, with nobody told of a change."""

from jira_sandbox.acts import entityproperties as acts
from jira_sandbox.routing import Call
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Response, answer


def keys(link: str, held: dict[str, Json], *, query: str = "") -> Response:
    """List the keys; ``link`` is where the properties are, ``query`` what an address of one ends with."""
    listed = [{"self": f"{link}/{key}{query}", "key": key} for key in sorted(held)]
    return answer(200, {"keys": listed}, objects=len(listed))


def one(call: Call, held: dict[str, Json]) -> Response:
    """Show the property that the path names; 404 if there is none of that key."""
    key = call.names["propertyKey"]
    return answer(200, {"key": key, "value": acts.must_have(held, key)})


def put(call: Call, held: dict[str, Json], content: object = None) -> Response:
    """Set the property that the path names: 201 when it is new, else 200, with ``content``."""
    is_new = acts.keep(call.world, held, call.names["propertyKey"], call.any_body())
    return answer(201 if is_new else 200, content)


def delete(call: Call, held: dict[str, Json]) -> Response:
    """Remove the property that the path names: 204; 404 if there is none of that key."""
    acts.remove(call.world, held, call.names["propertyKey"])
    return answer(204)
