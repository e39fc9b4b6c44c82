"""What an app may ask about its own installation."""

from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Refusal, Response, answer


def get(call: Call) -> Response:
    """Show the installation and its state; an app sees only itself."""
    app = call.site.installation
    if app is None or call.names["addonKey"] != app.key:
        raise Refusal(404, "The app was not found.")
    if not call.by_app:
        raise Refusal(403, "Only the app itself may ask.")
    shown = {
        "key": app.key,
        "version": "1.0.0",
        "state": "ENABLED",
        "host": {"product": "JIRA", "contacts": []},
        "links": {"self": [{"href": f"{call.site.base_url}/rest/atlassian-connect/1/addons/{app.key}"}]},
    }
    return answer(200, shown)


ROUTES = (Route("GET", "/rest/atlassian-connect/1/addons/{addonKey}", get, scope="NONE"),)
