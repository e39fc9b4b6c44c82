"""What an app asks about its own installation, and what it keeps there."""

import json

from jira_sandbox.connect import keeping, reporting
from jira_sandbox.connect.refusals import MessageRefusal, OperationRefusal
from jira_sandbox.meters import Cost
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import AppInstallation, Json
from jira_sandbox.wire import Refusal, Response, answer

_ADDON = "/rest/atlassian-connect/1/addons/{addonKey}"


def get(call: Call) -> Response:
    """Show the installation, its state and, of a paid app, its licence; an app sees only itself."""
    app = call.site.installation
    if app is None or call.names["addonKey"] != app.key:
        raise Refusal(404, "The app was not found.")
    if not call.by_app:
        raise Refusal(403, "Only the app itself may ask.")
    shown: dict[str, Json] = {
        "key": app.key,
        "version": str(app.descriptor.get("version", "1.0.0")),
        "state": "ENABLED",
        "host": {"product": "JIRA", "contacts": []},
        "links": {"self": [{"href": f"{call.site.base_url}/rest/atlassian-connect/1/addons/{app.key}"}]},
    }
    if app.descriptor.get("enableLicensing") and app.license:
        shown["license"] = {
            "active": app.license.active,
            "type": app.license.type,
            "evaluation": app.license.evaluation,
            "supportEntitlementNumber": app.license.entitlement_number,
            "contacts": [],
        }
    return answer(200, shown)


def list_properties(call: Call) -> Response:
    """List the keys of the app's properties."""
    app = _own(call)
    link = f"{call.site.base_url}/rest/atlassian-connect/1/addons/{app.key}/properties"
    keys = [{"self": f"{link}/{key}", "key": key} for key in sorted(app.properties)]
    return answer(200, {"keys": keys}, objects=len(keys))


def get_property(call: Call) -> Response:
    """Give one of the app's properties."""
    _own(call)
    key = call.names["propertyKey"]
    return answer(200, {"key": key, "value": keeping.kept(call.site, key)})


def put_property(call: Call) -> Response:
    """Set one of the app's properties: 201 when it is new, else 200."""
    _own(call)
    try:
        value = json.loads(call.request.body)
    except ValueError:
        raise OperationRefusal(400, "The property value must be valid, non-empty JSON.") from None
    if keeping.keep(call.world, call.site, call.names["propertyKey"], value):
        return answer(201, {"message": "Property created.", "statusCode": 201})
    return answer(200, {"message": "Property updated.", "statusCode": 200})


def delete_property(call: Call) -> Response:
    """Remove one of the app's properties."""
    _own(call)
    keeping.drop(call.world, call.site, call.names["propertyKey"])
    return answer(204)


def list_modules(call: Call) -> Response:
    """Give the modules the app registered, by kind, as its descriptor would have them."""
    return answer(200, _app(call).dynamic_modules)


def add_modules(call: Call) -> Response:
    """Register modules, all or none."""
    _app(call)
    try:
        given = call.body()
    except Refusal as refusal:
        raise MessageRefusal(400, *refusal.messages) from None
    keeping.add_modules(call.world, call.site, given)
    return answer(200)


def remove_modules(call: Call) -> Response:
    """Remove registered modules, all of them when no ``moduleKey`` is given."""
    _app(call)
    keeping.remove_modules(call.world, call.site, set(call.request.parameter_list("moduleKey")))
    return answer(204)


def report(call: Call) -> Response:
    """Report the accounts the app keeps data of: 200 with those it must act on, 204 when there are none."""
    _app(call)
    return reporting.answered(call.world, call.site, call.request)


def _own(call: Call) -> AppInstallation:
    """Give the installation if the app asks for itself; nobody else is told anything."""
    if not call.by_app or call.names["addonKey"] != call.site.app.key:
        raise OperationRefusal(401, "Access to this resource must be authenticated as the app itself.")
    return call.site.app


def _app(call: Call) -> AppInstallation:
    if not call.by_app:
        raise MessageRefusal(401, "The call is not from a Connect app.")
    return call.site.app


_PROPERTIES = f"{_ADDON}/properties"
_ONE = f"{_PROPERTIES}/{{propertyKey}}"
_MODULES = "/rest/atlassian-connect/1/app/module/dynamic"
ROUTES = (
    Route("GET", _ADDON, get, scope="NONE"),
    Route("GET", _PROPERTIES, list_properties, scope="NONE"),
    Route("GET", _ONE, get_property, scope="NONE"),
    Route("PUT", _ONE, put_property, scope="NONE", cost=Cost.WRITE),
    Route("DELETE", _ONE, delete_property, scope="NONE", cost=Cost.WRITE),
    Route("GET", _MODULES, list_modules, scope="NONE"),
    Route("POST", _MODULES, add_modules, scope="NONE", cost=Cost.WRITE),
    Route("DELETE", _MODULES, remove_modules, scope="NONE", cost=Cost.WRITE),
    Route("POST", "/rest/atlassian-connect/latest/report-accounts", report, scope="NONE", cost=Cost.WRITE),
)
