"""The files themselves, at the addresses that ``content`` and ``thumbnail`` of an attachment lead to.

They stand outside the REST API and are given to whoever may see the work item, with the same credentials.
"""

from jira_sandbox import media
from jira_sandbox.acts import attachments
from jira_sandbox.routing import Call, Route
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Response

PATHS = ("/secure/attachment/", "/secure/thumbnail/")


def is_one(site: Site, path: str) -> bool:
    """Whether a file, or a picture in small, is asked for."""
    return not site.edition.is_cloud and path.startswith(PATHS)


def get(call: Call) -> Response:
    """Send the file, or the range of it that is asked for; a picture is not scaled here."""
    _, attachment = attachments.find(call.site, call.actor, call.names["id"])
    return media.sent(call.request, attachment)


ROUTES = tuple(Route("GET", f"{path}{{id}}/{{filename}}", get) for path in PATHS)
