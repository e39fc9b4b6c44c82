"""Moving a work item to another space or type, and cloning it."""

from typing import Any

from jira_sandbox.acts import cloning, issues, moving
from jira_sandbox.acts.retyping import is_subtask
from jira_sandbox.pages.visit import Visit, go_to, page
from jira_sandbox.state.values import Issue
from jira_sandbox.wire import Refusal, Response


def ask(visit: Visit, *, item: str) -> Response:
    """Ask where the work item shall go."""
    return _page(visit, issues.find(visit.site, visit.person, item), errors={})


def move(visit: Visit, *, item: str) -> Response:
    """Move the work item and show it at its new key; the question again when Jira refuses."""
    issue = issues.find(visit.site, visit.person, item)
    space_name, _, type_id = visit.form.get("target", "").partition(",")
    space = visit.space(space_name)
    try:
        moving.move(visit.world, visit.site, visit.person, issue, space, type_id)
    except Refusal as refusal:
        said = " ".join([*refusal.messages, *refusal.errors.values()])
        return _page(visit, issue, errors={"target": said})
    return go_to(f"/browse/{issue.key}")


def clone(visit: Visit, *, item: str) -> Response:
    """Clone the work item and show the clone."""
    issue = issues.find(visit.site, visit.person, item)
    return go_to(f"/browse/{cloning.clone(visit.world, visit.site, visit.person, issue).key}")


def _page(visit: Visit, issue: Issue, *, errors: dict[str, str]) -> Response:
    space = visit.site.space_of(issue)
    return page(
        visit,
        "move.html",
        issue=issue,
        space=space,
        targets=_targets(visit, issue),
        target=f"{space.id},{issue.type_id}",
        errors=errors,
    )


def _targets(visit: Visit, issue: Issue) -> list[dict[str, Any]]:
    """List the spaces and types it may have but has not; a sub-task would need a parent, not asked for."""
    return [
        {"id": f"{space.id},{type_id}", "name": f"{space.name}: {visit.site.work_types[type_id].name}"}
        for space in visit.site.spaces_seen_by(visit.person)
        if visit.may("CREATE_ISSUES", space)
        for type_id in space.type_ids
        if not is_subtask(visit.site, type_id) and (space.id, type_id) != (issue.space_id, issue.type_id)
    ]
