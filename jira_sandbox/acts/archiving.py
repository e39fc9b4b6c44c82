"""Archiving work items, which makes them read-only and takes them out of searches, and bringing them back."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from jira_sandbox import jql
from jira_sandbox.acts import tasks
from jira_sandbox.acts.removing import subtasks
from jira_sandbox.acts.retyping import is_subtask
from jira_sandbox.connect import webhooks
from jira_sandbox.state.settings import Task
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

MOST = 1000
NOT_FOUND, SUBTASK, IN_ARCHIVED_SPACE = "issuesNotFound", "issueIsSubtask", "issuesInArchivedProjects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How many work items changed, sub-tasks included, and the names of those that could not, by fault."""

    changed: int
    faults: dict[str, list[str]] = field(default_factory=dict)


def archive(world: World, site: Site, actor: User, names: list[str]) -> Outcome:
    """Archive up to 1000 work items with their sub-tasks; Refusal 403 but for Jira's admins, 400 for none.

    Refusal 412 for more names than that: then the first 1000 are archived all the same.
    """
    with world.lock:

        def act(issue: Issue) -> None:
            site.archive(issue)
            webhooks.announce(world, site, "jira:issue_updated", issue, actor, kind="issue_archived")

        return _done(site, actor, names, act, wanted=lambda issue: not site.is_archived(issue))


def unarchive(world: World, site: Site, actor: User, names: list[str]) -> Outcome:
    """Bring archived work items back with their sub-tasks; Refusal as in ``archive``."""
    with world.lock:

        def act(issue: Issue) -> None:
            site.unarchive(issue)
            webhooks.announce(world, site, "jira:issue_updated", issue, actor, kind="issue_restored")

        return _done(site, actor, names, act, wanted=site.is_archived)


def archive_found(world: World, site: Site, actor: User, query: str) -> Task:
    """Archive all that a query finds; Refusal 403 but for Jira's admins, 400 for a query that is none."""
    with world.lock:
        _must_administer(site, actor)
        try:
            found = jql.matching(site, query, list(site.issues.values()), actor, site.now())
        except Refusal:
            raise Refusal(400, "Invalid JQL. Bad request.") from None
        found = [each for each in found if site.sees(actor, each) and not is_subtask(site, each.type_id)]
        for start in range(0, len(found), MOST):
            archive(world, site, actor, [each.id for each in found[start : start + MOST]])
        return tasks.finished(site, actor, "Archive issues", {"numberOfIssuesUpdated": len(found)})


def _done(
    site: Site,
    actor: User,
    names: list[str],
    act: Callable[[Issue], None],
    *,
    wanted: Callable[[Issue], bool],
) -> Outcome:
    _must_administer(site, actor)
    fitting, faults = _sorted(site, actor, names[:MOST])
    if not fitting:
        raise Refusal(400, "No valid issue to archive or unarchive. Bad request.")
    whole = [each for issue in fitting for each in (issue, *subtasks(site, issue))]
    changed = [each for each in whole if wanted(each)]
    for issue in changed:
        act(issue)
    if len(names) > MOST:
        raise Refusal(
            412,
            f"The number of issues to archive or unarchive exceeds the hard limit of {MOST}. "
            "Precondition failed.",
        )
    return Outcome(changed=len(changed), faults=faults)


def _must_administer(site: Site, actor: User) -> None:
    if not site.may(actor, "ADMINISTER"):
        raise Refusal(403, "Only admins can archive or unarchive issues. Access denied.")


def _sorted(site: Site, actor: User, names: list[str]) -> tuple[list[Issue], dict[str, list[str]]]:
    """Tell the work items that may be archived from the names of those that may not, by their fault."""
    fitting: list[Issue] = []
    faults: defaultdict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(names):
        issue = _found(site, actor, name)
        fault = NOT_FOUND if issue is None else _fault(site, issue)
        if issue is None or fault:
            faults[fault].append(name)
        elif issue not in fitting:
            fitting.append(issue)
    return fitting, dict(faults)


def _found(site: Site, actor: User, name: str) -> Issue | None:
    try:
        issue = site.issue(name)
    except LookupError:
        return None
    return issue if site.sees(actor, issue) else None


def _fault(site: Site, issue: Issue) -> str:
    if is_subtask(site, issue.type_id):
        return SUBTASK
    return IN_ARCHIVED_SPACE if site.space_of(issue).is_archived else ""
