"""What the site says of itself, to anybody."""

from jira_sandbox import render
from jira_sandbox.routing import Call, Route
from jira_sandbox.wire import Response, answer


def get(call: Call) -> Response:
    """Addresses, version and time of the site."""
    now = render.moment(call.site.now())
    shown = {
        "baseUrl": call.site.base_url,
        "displayUrl": call.site.base_url,
        "version": "1001.0.0-SNAPSHOT",
        "versionNumbers": [1001, 0, 0],
        "deploymentType": "Cloud",
        "buildNumber": 100_000,
        "buildDate": "2026-11-01T00:00:00.000+0000",
        "serverTime": now,
        "serverTitle": "Jira",
        "serverTimeZone": "Etc/UTC",
    }
    return answer(200, shown)


ROUTES = (Route("GET", "/rest/api/3/serverInfo", get, is_public=True),)
