"""Deleting a work item, with what hangs on it."""

from jira_sandbox.acts import links
from jira_sandbox.acts.retyping import is_subtask
from jira_sandbox.connect import webhooks
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World


def subtasks(site: Site, issue: Issue) -> list[Issue]:
    """List the sub-tasks of a work item, the oldest first."""
    return [child for child in site.children(issue) if is_subtask(site, child.type_id)]


def delete(world: World, site: Site, actor: User, issue: Issue) -> None:
    """Remove a work item for good; Refusal 403 without the right, 400 when it has sub-tasks."""
    with world.lock:
        _must_may(site, actor, issue)
        if subtasks(site, issue):
            raise Refusal(
                400,
                f"The issue '{issue.key}' has subtasks. You must specify the 'deleteSubtasks' parameter to "
                "delete this issue and all its subtasks.",
            )
        _remove(world, site, actor, issue)


def delete_with_subtasks(world: World, site: Site, actor: User, issue: Issue) -> None:
    """Remove a work item and its sub-tasks for good, those first; Refusal 403 without the right."""
    with world.lock:
        _must_may(site, actor, issue)
        for each in (*subtasks(site, issue), issue):
            _remove(world, site, actor, each)


def _must_may(site: Site, actor: User, issue: Issue) -> None:
    if not site.may_around(actor, "DELETE_ISSUES", issue):
        raise Refusal(403, "You do not have permission to delete issues in this project.")


def _remove(world: World, site: Site, actor: User, issue: Issue) -> None:
    links.remove_all(world, site, actor, issue)
    for child in site.children(issue):
        child.fields["parent"] = None
    webhooks.announce(world, site, "jira:issue_deleted", issue, actor)
    for comment in issue.comments:
        webhooks.announce_comment(world, site, "comment_deleted", issue, comment, flow="Secondary")
    for worklog in issue.worklogs:
        webhooks.announce_worklog(world, site, "worklog_deleted", issue, worklog, flow="Secondary")
        site.deleted_worklogs.append((worklog.id, site.now()))
    for attachment in issue.attachments:
        webhooks.announce_attachment(world, site, "attachment_deleted", issue, attachment, flow="Secondary")
    del site.issues[issue.id]
