"""Moving a work item to another space or type. It gets another key, and is still found by the former one."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from jira_sandbox import fields
from jira_sandbox.acts.barriers import must_be_open
from jira_sandbox.acts.history import record
from jira_sandbox.acts.removing import subtasks
from jira_sandbox.acts.retyping import INVALID, is_subtask, retyped
from jira_sandbox.connect import webhooks
from jira_sandbox.fields import Place
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogEntry, ChangelogItem, Issue, Space, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

_OF_THE_SPACE = ("components", "versions", "fixVersions")
"""Fields whose values are a space's own; in another one those of the same name are taken."""


def move(
    world: World,
    site: Site,
    actor: User,
    issue: Issue,
    space: Space,
    type_id: str,
    *,
    status_id: str | None = None,
    parent: Issue | None = None,
) -> ChangelogEntry:
    """Move a work item with its sub-tasks, and give its changelog entry.

    It keeps its status where the new workflow has that, else gets ``status_id`` or the first one. A sub-task
    needs a ``parent``. Refusal 403 without the rights in both spaces, 400 for a type that does not fit.
    """
    with world.lock:
        _must_may(site, actor, issue, space)
        must_be_open(site, issue)
        _must_fit(site, issue, space, type_id, parent)
        along = [(each, _type_along(site, each, space)) for each in subtasks(site, issue)]
        entry = _moved(world, site, actor, issue, space, type_id, status_id, parent)
        for child, kind in along:
            _moved(world, site, actor, child, space, kind, None, issue)
        return entry


def _must_may(site: Site, actor: User, issue: Issue, space: Space) -> None:
    if not site.may_around(actor, "MOVE_ISSUES", issue):
        raise Refusal(403, "You do not have permission to move issues in this project.")
    if not site.may(actor, "CREATE_ISSUES", space=space):
        raise Refusal(403, "You do not have permission to create issues in this project.")


def _must_fit(site: Site, issue: Issue, space: Space, type_id: str, parent: Issue | None) -> None:
    if space.is_archived:
        raise fields.wrong("project", "The project is archived.")
    if type_id not in space.type_ids:
        raise fields.wrong("issuetype", INVALID)
    homeless = parent is None or parent.space_id != space.id or subtasks(site, issue)
    if is_subtask(site, type_id) and homeless:
        raise fields.wrong("parent", "A sub-task needs a parent in the same project, and none below it.")


def _type_along(site: Site, child: Issue, space: Space) -> str:
    """Choose the type a sub-task has once it is moved with its parent: its own, or the space's first one."""
    fitting = [each for each in space.type_ids if is_subtask(site, each)]
    if not fitting:
        raise fields.wrong("issuetype", "The project has no sub-task issue type.")
    return child.type_id if child.type_id in fitting else fitting[0]


def _moved(
    world: World,
    site: Site,
    actor: User,
    issue: Issue,
    space: Space,
    type_id: str,
    status_id: str | None,
    parent: Issue | None,
) -> ChangelogEntry:
    before = fields.place_of(site, issue)
    after = replace(before, space=space, type_id=type_id)
    values = _values(before, after, issue, parent)
    steps = [
        *_rekeyed(site, issue, space),
        *retyped(site, issue, type_id),
        *_restated(site, issue, status_id),
        *_refilled(before, after, issue, values),
    ]
    issue.fields |= values
    site.adopt(issue)
    entry = record(site, actor, issue, steps)
    webhooks.announce(world, site, "jira:issue_updated", issue, actor, entry, kind="issue_moved")
    return entry


def _rekeyed(site: Site, issue: Issue, space: Space) -> Iterator[ChangelogItem]:
    """Bring the work item into the space under its next key; the former key stays its own for ever."""
    if issue.space_id == space.id:
        return
    left, old = site.space_of(issue), issue.key
    space.last_number += 1
    issue.space_id, issue.key = space.id, f"{space.key}-{space.last_number}"
    issue.former_keys.append(old)
    yield ChangelogItem(
        field="project",
        field_id="project",
        before=left.id,
        before_text=left.name,
        after=space.id,
        after_text=space.name,
    )
    yield ChangelogItem(
        field="Key", field_id="", before=None, before_text=old, after=None, after_text=issue.key
    )


def _restated(site: Site, issue: Issue, status_id: str | None) -> list[ChangelogItem]:
    known, before = site.workflow_of(issue).status_ids, issue.status_id
    if before in known:
        return []
    issue.status_id = status_id if status_id in known else known[0]
    if site.status(before).category != site.status(issue.status_id).category:
        issue.category_changed = site.now()
    return [fields.status_step(site, before=before, after=issue.status_id)]


def _values(before: Place, after: Place, issue: Issue, parent: Issue | None) -> dict[str, Any]:
    """Give what changes of the stored values: what belongs to a space, and whose child it is."""
    values: dict[str, Any] = {}
    if parent:
        values["parent"] = parent.id
    elif _leaves_its_parent(before, after):
        values["parent"] = None
    if before.space is not after.space:
        values["security"] = None
        values |= {name: _of_the_same_name(before, after, name, issue) for name in _OF_THE_SPACE}
    return {
        name: value for name, value in values.items() if (value or None) != (issue.fields.get(name) or None)
    }


def _leaves_its_parent(before: Place, after: Place) -> bool:
    """Whether it was a sub-task and is none now, or left or entered a space that keeps families together."""
    if before.space is not after.space and (before.space.is_team_managed or after.space.is_team_managed):
        return True
    return is_subtask(before.site, before.type_id) and not is_subtask(after.site, after.type_id)


def _of_the_same_name(before: Place, after: Place, name: str, issue: Issue) -> list[str]:
    here = before.space.components if name == "components" else before.space.versions
    there = after.space.components if name == "components" else after.space.versions
    names = {each.name for each in here if each.id in (issue.fields.get(name) or [])}
    return [each.id for each in there if each.name in names]


def _refilled(before: Place, after: Place, issue: Issue, values: dict[str, Any]) -> Iterator[ChangelogItem]:
    """Describe the values that changed, each in the words of its own space."""
    for name, value in values.items():
        held = issue.fields.get(name)
        if name == "parent":
            yield from fields.at(after)[name].steps(after, before=held, after=value)
            continue
        if held:
            yield from fields.at(before)[name].steps(before, before=held, after=None)
        if value:
            yield from fields.at(after)[name].steps(after, before=None, after=value)
