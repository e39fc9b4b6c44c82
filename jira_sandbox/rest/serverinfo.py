"""What the site says of itself, to anybody."""

from jira_sandbox import render
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Response, answer


def get(call: Call) -> Response:
    """Addresses, version and time of the site."""
    now, edition = render.moment(call.site.now()), call.site.edition
    shown = {
        "baseUrl": call.site.base_url,
        "displayUrl": call.site.base_url,
        "version": edition.told,
        "versionNumbers": list(edition.version),
        "deploymentType": "Cloud" if edition.is_cloud else "Server",
        "buildNumber": edition.build,
        "buildDate": "2026-11-01T00:00:00.000+0000",
        "serverTime": now,
        "serverTitle": "Jira",
        "serverTimeZone": "Etc/UTC",
    }
    return answer(200, shown if edition.is_cloud else _of_data_center(shown))


def _of_data_center(shown: dict[str, Json]) -> Json:
    """Say what Data Center does: more of the build, nothing of where people look at it."""
    kept = {name: value for name, value in shown.items() if name not in {"displayUrl", "serverTimeZone"}}
    return kept | {"databaseBuildNumber": shown["buildNumber"], "scmInfo": "0" * 40}


ROUTES = (Route("GET", "/rest/api/3/serverInfo", get, is_public=True),)
