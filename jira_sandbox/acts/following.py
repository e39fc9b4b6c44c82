"""Watching a work item and voting for it: neither leaves a history nor moves its ``updated``."""

from jira_sandbox.acts.barriers import must_be_open
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World


def followers(site: Site, actor: User, issue: Issue, numbers: list[str]) -> list[User]:
    """Choose of the watchers or voters those ``actor`` is shown: all with the right, else but oneself."""
    shown = site.may_around(actor, "VIEW_VOTERS_AND_WATCHERS", issue)
    return [site.users[each] for each in numbers if shown or each == actor.account_id]


def watch(world: World, site: Site, actor: User, issue: Issue, account_id: str) -> None:
    """Let somebody watch; Refusal 403 for who may not do so for others, 404 for nobody known.

    Refusal 400 for somebody who may not see the work item.
    """
    with world.lock:
        user = _watcher(site, actor, issue, account_id)
        if not site.sees(user, issue):
            raise Refusal(400, f"The user '{user.display_name}' does not have permission to view this issue.")
        if user.account_id not in issue.watchers:
            issue.watchers.append(user.account_id)


def unwatch(world: World, site: Site, actor: User, issue: Issue, account_id: str) -> None:
    """Let somebody no longer watch; Refusal as for ``watch``, nothing for who did not."""
    with world.lock:
        user = _watcher(site, actor, issue, account_id)
        if user.account_id in issue.watchers:
            issue.watchers.remove(user.account_id)


def vote(world: World, site: Site, actor: User, issue: Issue) -> None:
    """Vote for the work item; Refusal 404, as Jira has it, for its reporter and when it is resolved.

    Refusal 400 when it is archived.
    """
    with world.lock:
        must_be_open(site, issue)
        _must_be_votable(actor, issue)
        if actor.account_id not in issue.voters:
            issue.voters.append(actor.account_id)


def unvote(world: World, actor: User, issue: Issue) -> None:
    """Take one's vote back; Refusal 404 for who has not voted, and as for ``vote``: Jira has no 400 here."""
    with world.lock:
        _must_be_votable(actor, issue)
        if actor.account_id not in issue.voters:
            raise Refusal(404, "You cannot remove a vote you have not given.")
        issue.voters.remove(actor.account_id)


def _watcher(site: Site, actor: User, issue: Issue, account_id: str) -> User:
    if account_id != actor.account_id and not site.may_around(actor, "MANAGE_WATCHERS", issue):
        raise Refusal(403, "You do not have permission to manage the watcher list.")
    if account_id not in site.users:
        raise Refusal(404, f"The user with account id '{account_id}' does not exist.")
    return site.users[account_id]


def _must_be_votable(actor: User, issue: Issue) -> None:
    if issue.fields.get("reporter", issue.creator) == actor.account_id:
        raise Refusal(404, "You cannot vote for an issue you have reported.")
    if issue.fields.get("resolution"):
        raise Refusal(404, "You cannot vote for an issue that has been resolved.")
