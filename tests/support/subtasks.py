"""Sub-tasks in spaces that have none by themselves."""

from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Space, WorkType
from tests.support.sandbox import Person

NAME = "Sub-task"


def allow_subtasks(site: Site, space: Space) -> str:
    """Give the space a work type of sub-tasks, one for the whole site, and its id."""
    known = next((each for each in site.work_types.values() if each.name == NAME), None)
    kind = known or WorkType(id="19999", name=NAME, description="A part of another.", hierarchy_level=-1)
    site.work_types[kind.id] = kind
    if kind.id not in space.type_ids:
        space.type_ids.append(kind.id)
        space.workflows[kind.id] = space.workflows[space.type_ids[0]]
    return kind.id


def subtask_of(site: Site, person: Person, parent: str, summary: str = "part") -> str:
    """Create a sub-task of a work item and give its id; fails loudly when Jira refuses."""
    space = site.space_of(site.issues[parent])
    allow_subtasks(site, space)
    return person.create(space.key, summary, kind=NAME, parent={"id": parent})
