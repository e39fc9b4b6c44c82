"""Faults that people bring about: F14 moved and archived, F15 deleted, F16 fields, screens and workflows."""

from dataclasses import dataclass, replace
from functools import partial

from jira_sandbox.acts import moving, removing
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Space, User
from jira_sandbox.state.workflow import Workflow
from jira_sandbox.weather.sky import Undo
from jira_sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """F14: a work item is archived, and restored when it is over."""

    site: str
    item: str

    def begin(self, world: World) -> Undo:
        """Archive it; the item is named by id or key."""
        site = world.sites[self.site]
        issue = site.issue(self.item)
        site.archive(issue)
        return partial(site.unarchive, issue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """F14: somebody who may moves a work item to another space, where it has another key; it stays there."""

    site: str
    item: str
    space: str

    def begin(self, world: World) -> Undo:
        """Move it; LookupError if nobody may, or the space has no type of that name."""
        site = world.sites[self.site]
        issue, space = site.issue(self.item), site.space(self.space)
        kind = site.work_types[issue.type_id].name
        types = [each for each in space.type_ids if site.work_types[each].name == kind]
        movers = [user for user in site.users.values() if _may_move(site, user, issue, space)]
        if not types or not movers:
            raise LookupError(f"{issue.key} cannot be moved to {space.key}")
        moving.move(world, site, movers[0], issue, space, types[0])
        return _nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """F15: the lead of its space deletes a work item and its sub-tasks, for good."""

    site: str
    item: str

    def begin(self, world: World) -> Undo:
        """Delete it."""
        site = world.sites[self.site]
        issue = site.issue(self.item)
        removing.delete_with_subtasks(world, site, lead(site, issue.space_id), issue)
        return _nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class OffScreen:
    """F16: a field is not on the screens of a space any more."""

    site: str
    space: str
    field: str

    def begin(self, world: World) -> Undo:
        """Take it off."""
        site = world.sites[self.site]
        space = site.space(self.space)
        site.take_off_screen(space, self.field)
        return lambda: site.put_on_screen(space, self.field)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRenamed:
    """F16: a custom field has another name."""

    site: str
    field: str
    name: str

    def begin(self, world: World) -> Undo:
        """Rename it."""
        site = world.sites[self.site]
        before = site.custom_fields[self.field]
        site.put_field(replace(before, name=self.name))
        return partial(site.put_field, before)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRemoved:
    """F16: a custom field is moved to the trash, and restored when it is over."""

    site: str
    field: str

    def begin(self, world: World) -> Undo:
        """Move it there."""
        site = world.sites[self.site]
        before = site.custom_fields[self.field]
        site.put_field(replace(before, trashed=site.now()))
        return partial(site.put_field, before)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionDeleted:
    """F16: a field does not offer a value any more; work items that hold it are left as they are."""

    site: str
    field: str
    value: str

    def begin(self, world: World) -> Undo:
        """Delete it from every context."""
        site = world.sites[self.site]
        before = site.custom_fields[self.field]
        contexts = tuple(
            replace(each, options=tuple(option for option in each.options if option.value != self.value))
            for each in before.contexts
        )
        site.put_field(replace(before, contexts=contexts))
        return partial(site.put_field, before)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRemoved:
    """F16: the workflows of a space have no transition of this name any more."""

    site: str
    space: str
    step: str

    def begin(self, world: World) -> Undo:
        """Remove it; LookupError if no workflow of the space has it."""
        space = world.sites[self.site].space(self.space)
        before = dict(space.workflows)
        if all(step.name != self.step for flow in before.values() for step in flow.transitions):
            raise LookupError(f"{space.key} has no transition {self.step}")
        space.workflows.update({kind: _without(flow, self.step) for kind, flow in before.items()})
        return partial(space.workflows.update, before)


def lead(site: Site, space_id: str) -> User:
    """Give the person who leads the space."""
    return site.users[site.spaces[space_id].lead]


def _may_move(site: Site, user: User, issue: Issue, space: Space) -> bool:
    is_person, here = user.account_type == "atlassian", site.space_of(issue)
    may_leave = is_person and site.may(user, "MOVE_ISSUES", space=here)
    return may_leave and site.may(user, "CREATE_ISSUES", space=space)


def _without(flow: Workflow, step: str) -> Workflow:
    return replace(flow, transitions=tuple(each for each in flow.transitions if each.name != step))


def _nothing() -> None:
    """Leave what cannot be undone."""
