"""Cloning a work item, as people do it in Jira's pages: there is no operation for it."""

from jira_sandbox.acts import links
from jira_sandbox.acts.issues import placed
from jira_sandbox.acts.properties import tell_of_properties
from jira_sandbox.connect import webhooks
from jira_sandbox.fields.plain import SUMMARY_LENGTH
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

PREFIX = "CLONE - "
CLONERS = "Cloners"


def clone(world: World, site: Site, actor: User, issue: Issue) -> Issue:
    """Make a work item that holds what this one does, and link the two; Refusal 403 without the right.

    Apps' properties go along, which is how one work item's data ends up on another; comments, files,
    logged work and the resolution do not.
    """
    with world.lock:
        space = site.space_of(issue)
        if not site.may(actor, "CREATE_ISSUES", space=space):
            raise Refusal(403, "You do not have permission to create issues in this project.")
        values = issue.fields | {
            "summary": f"{PREFIX}{issue.fields['summary']}"[:SUMMARY_LENGTH],
            "resolution": None,
        }
        if not site.may(actor, "MODIFY_REPORTER", space=space):
            values["reporter"] = actor.account_id
        made = placed(site, space, issue.type_id, values, author=actor, now=site.now())
        made.properties |= issue.properties
        webhooks.announce(world, site, "jira:issue_created", made, actor)
        tell_of_properties(world, site, made, made.properties)
        kind = next((each for each in site.link_types if each.name == CLONERS), None)
        if kind:
            links.connect(world, site, actor, kind, made, issue)
        return made
