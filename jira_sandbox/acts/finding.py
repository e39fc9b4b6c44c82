"""Finding a work item for somebody."""

import contextlib

from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, User
from jira_sandbox.wire import Refusal

GONE = "Issue does not exist or you do not have permission to see it."
HIDDEN = "You do not have the permission to see the specified issue."
"""What Data Center says of a work item that is there; the Cloud says of none whether it is."""


def find(site: Site, actor: User, name: str) -> Issue:
    """Find a work item by id or key if ``actor`` may see it.

    Otherwise Refusal 404, whatever the reason; on Data Center 403 to who is known, for one that is there.
    """
    with contextlib.suppress(LookupError):
        issue = site.issue(name)
        if site.sees(actor, issue):
            return issue
        if actor.account_id in site.users and not site.edition.is_cloud:
            raise Refusal(403, HIDDEN)
    raise Refusal(404, GONE)
