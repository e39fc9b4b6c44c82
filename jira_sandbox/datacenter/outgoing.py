"""What Data Center adds to each answer of its REST API on the way out."""

from dataclasses import replace

from jira_sandbox.auth import Caller
from jira_sandbox.datacenter import credentials, ratelimiting
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Request, Response


def headed(site: Site, request: Request, caller: Caller | None, response: Response) -> Response:
    """Add the headers about rate limits, and to a 401 what is asked for; those that are there stay."""
    headers = ratelimiting.told(site, caller, site.clock())
    if response.status == 401:
        headers |= credentials.challenge(site, request)
    return replace(response, headers={**headers, **response.headers})
