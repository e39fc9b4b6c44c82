"""Assigning a work item, which some may do who may not edit it."""

from jira_sandbox.acts.barriers import must_be_alone, must_be_open
from jira_sandbox.acts.history import record
from jira_sandbox.acts.issues import take_over
from jira_sandbox.connect import webhooks
from jira_sandbox.fields import place_of
from jira_sandbox.fields.people import assignee
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogEntry, Issue, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World


def assign(
    world: World, site: Site, actor: User, issue: Issue, account_id: str | None
) -> ChangelogEntry | None:
    """Give the work item to somebody, to nobody (None) or to whom the space says (``-1``).

    Gives the changelog entry, None when it was theirs already. Refusal 403 without the right, 400 for an
    account that is not there or may not be given work items of the space.
    """
    with world.lock:
        if not site.may_around(actor, "ASSIGN_ISSUES", issue):
            raise Refusal(403, "You do not have permission to assign issues.")
        must_be_open(site, issue)
        must_be_alone(site, issue)
        named = "accountId" if site.edition.is_cloud else "key"
        wanted = assignee(place_of(site, issue), {named: account_id})
        steps = take_over(site, issue, {"assignee": wanted})
        if not steps:
            return None
        entry = record(site, actor, issue, steps)
        webhooks.announce(world, site, "jira:issue_updated", issue, actor, entry, kind="issue_assigned")
        return entry
