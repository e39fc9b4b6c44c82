"""Post functions of apps in a workflow: added, configured anew, taken out by a space admin."""

from dataclasses import replace

from jira_sandbox.connect.postfunctions import KIND
from jira_sandbox.state.descriptor import declared
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Space, User
from jira_sandbox.state.workflow import AppFunction, Transition, Workflow
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World


def workflows(space: Space) -> list[Workflow]:
    """List the space's workflows, one that several types share once."""
    return list({flow.name: flow for flow in space.workflows.values()}.values())


def find(space: Space, workflow: str, transition: str) -> Transition:
    """Find a transition by the names of its workflow and its own id; Refusal 404 if there is none."""
    for flow in workflows(space):
        for step in flow.transitions:
            if (flow.name, step.id) == (workflow, transition):
                return step
    raise Refusal(404, "There is no such transition.")


def add(
    world: World, site: Site, actor: User, space: Space, workflow: str, transition: str, made: AppFunction
) -> None:
    """Put a function of the installed app last; Refusal 403 without the right, 404 for no such module."""
    with world.lock:
        _must_administer(site, actor, space)
        if made.module_key not in {each["key"] for each in declared(site.app, KIND)}:
            raise Refusal(404, "No installed app has such a post function.")
        step = find(space, workflow, transition)
        _store(site, workflow, step, (*step.app_functions, made))


def configure(
    world: World, site: Site, actor: User, space: Space, workflow: str, transition: str, changed: AppFunction
) -> None:
    """Store what the app's page saved anew; Refusal 403 without the right."""
    with world.lock:
        _must_administer(site, actor, space)
        step = find(space, workflow, transition)
        kept = [changed if each.id == changed.id else each for each in step.app_functions]
        _store(site, workflow, step, tuple(kept))


def take_out(
    world: World, site: Site, actor: User, space: Space, workflow: str, transition: str, number: str
) -> None:
    """Take a function out; Refusal 403 without the right. One that is not there is not missed."""
    with world.lock:
        _must_administer(site, actor, space)
        step = find(space, workflow, transition)
        _store(site, workflow, step, tuple(each for each in step.app_functions if each.id != number))


def _store(site: Site, workflow: str, step: Transition, functions: tuple[AppFunction, ...]) -> None:
    """Change the workflow wherever it is used: spaces and types may share one."""
    changed = replace(step, app_functions=functions)
    for space in site.spaces.values():
        for type_id, flow in space.workflows.items():
            if flow.name == workflow:
                steps = tuple(changed if each.id == step.id else each for each in flow.transitions)
                space.workflows[type_id] = replace(flow, transitions=steps)


def _must_administer(site: Site, actor: User, space: Space) -> None:
    if not site.may(actor, "ADMINISTER_PROJECTS", space=space):
        raise Refusal(403, "Only admins of the space can change its workflow.")
