"""Finding a work item for somebody."""

import contextlib

from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, User
from jira_sandbox.wire import Refusal

GONE = "Issue does not exist or you do not have permission to see it."


def find(site: Site, actor: User, name: str) -> Issue:
    """Find a work item by id or key if ``actor`` may see it; otherwise Jira's 404, whatever the reason."""
    with contextlib.suppress(LookupError):
        issue = site.issue(name)
        if site.sees(actor, issue):
            return issue
    raise Refusal(404, GONE)
