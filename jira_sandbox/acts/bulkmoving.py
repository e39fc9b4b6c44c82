"""Moving up to a thousand work items at once; those that cannot be moved stay where they are.

Sub-tasks count, whether they are named or go along. Who is named twice, by id and by key, moves once.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from jira_sandbox.acts import moving
from jira_sandbox.acts.removing import subtasks
from jira_sandbox.acts.tasks import RETAINED
from jira_sandbox.state.settings import BulkMove
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Space, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Work items by id or key and where they go; ``statuses`` has the new one for each status by id.

    Without ``statuses`` (None) each takes the new workflow's first status where it cannot keep its own.
    """

    names: tuple[str, ...]
    space: Space
    type_id: str
    parent: Issue | None = None
    statuses: Mapping[str, str] | None = None


def submit(world: World, site: Site, actor: User, plans: list[Plan]) -> BulkMove:
    """Move what the plans say; Refusal 400 without the right, for too many or when nothing of it is there."""
    with world.lock:
        must_may(site, actor)
        names = {name for plan in plans for name in plan.names}
        known = {name: found for name in names if (found := _found(site, actor, name))}
        if not 0 < len(names) + _along(site, known.values()) <= MOST:
            raise Refusal(400, f"The number of issues to move must be from 1 to {MOST}.")
        if not known:
            raise Refusal(400, "Some of the issues in the issueIdsOrKeys are not valid")
        moved: list[str] = []
        failed: dict[str, str] = {}
        for plan in plans:
            for issue in {known[name].id: known[name] for name in plan.names if name in known}.values():
                fault = _fault(world, site, actor, issue, plan)
                if fault:
                    failed[issue.id] = fault
                else:
                    moved.append(issue.id)
        done = BulkMove(
            id=str(site.next_id("task")),
            submitted=site.now(),
            by=actor.account_id,
            moved=tuple(moved),
            failed=failed,
            unknown=len(names) - len(known),
        )
        site.moves[done.id] = done
        return done


def find(site: Site, actor: User, number: str) -> BulkMove:
    """Find a move; Refusal 400 without the right and, as Jira has it, when there is none."""
    must_may(site, actor)
    found = site.moves.get(number)
    if found is None or site.now() - found.submitted > RETAINED:
        raise Refusal(400, "The task associated with this taskId is not a bulk operation task")
    return found


def must_may(site: Site, actor: User) -> None:
    """Refusal 400 without the right to change many work items at once."""
    if not site.may(actor, "BULK_CHANGE"):
        raise Refusal(400, "You do not have the Bulk Change permission.")


def _along(site: Site, issues: Collection[Issue]) -> int:
    """Count the sub-tasks that go along although nobody names them."""
    named = {each.id for each in issues}
    return len({child.id for each in issues for child in subtasks(site, each)} - named)


def _found(site: Site, actor: User, name: str) -> Issue | None:
    try:
        issue = site.issue(name)
    except LookupError:
        return None
    return issue if site.sees(actor, issue) else None


def _fault(world: World, site: Site, actor: User, issue: Issue, plan: Plan) -> str:
    """Move one work item, and give the words of what was in the way, empty when nothing was."""
    kept = issue.status_id in plan.space.workflows[plan.type_id].status_ids
    if plan.statuses is not None and not kept and issue.status_id not in plan.statuses:
        return f"No target status for the status '{site.status(issue.status_id).name}'."
    wanted = (plan.statuses or {}).get(issue.status_id)
    try:
        moving.move(world, site, actor, issue, plan.space, plan.type_id, status_id=wanted, parent=plan.parent)
    except Refusal as refusal:
        return " ".join([*refusal.messages, *refusal.errors.values()])
    return ""
