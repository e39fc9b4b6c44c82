"""Who calls, asked in the way of the product that a site runs."""

from jira_sandbox import auth
from jira_sandbox.datacenter import credentials
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Request


def identify(site: Site, request: Request) -> auth.Caller | None:
    """Find the caller, None when the request names nobody; Refusal when it names somebody wrongly."""
    if site.edition.is_cloud:
        return auth.identify(site, request, site.clock().timestamp())
    return credentials.identify(site, request)
