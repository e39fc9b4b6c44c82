"""Who reads workflows, and what apps change about their own rules in them."""

from dataclasses import dataclass, replace

from jira_sandbox.acts.rights import administers
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Space, User
from jira_sandbox.state.workflow import AppFunction, Transition, Workflow
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """What an app says about one of its rules: None leaves a part as it is."""

    id: str
    configuration: str
    is_disabled: bool
    tag: str | None


def in_use(site: Site) -> list[tuple[Workflow, list[Space]]]:
    """List each workflow with the spaces that use it, in the order of the spaces.

    A type of a space whose workflow was changed for it alone has one of the same name: the first counts.
    """
    found: dict[tuple[str, str | None], tuple[Workflow, list[Space]]] = {}
    for space in site.spaces.values():
        for flow in space.workflows.values():
            _, users = found.setdefault((flow.name, flow.space_id), (flow, []))
            if space not in users:
                users.append(space)
    return list(found.values())


def readable(site: Site, actor: User) -> list[Workflow]:
    """List the workflows ``actor`` may read: Jira's admins all, others those of their team-managed spaces.

    Refusal 401, as Jira has it, for who administers nothing.
    """
    listed = [flow for flow, _ in in_use(site)]
    if site.may(actor, "ADMINISTER"):
        return listed
    own = {
        each.id for each in site.spaces.values() if each.is_team_managed and administers(site, actor, each)
    }
    if not own:
        raise Refusal(401, "You do not have permission to see workflows.")
    return [each for each in listed if each.space_id in own]


def own_rules(flow: Workflow, app_key: str) -> list[tuple[Transition, AppFunction]]:
    """List the rules of an app in a workflow, with the transition of each."""
    return [
        (step, each) for step in flow.transitions for each in step.app_functions if each.app_key == app_key
    ]


def change_rules(
    world: World, site: Site, app_key: str, name: str, changes: list[RuleChange]
) -> dict[str, list[str]]:
    """Change an app's rules in the workflow of that name, wherever it is used; LookupError if there is none.

    Gives by id what is wrong with the changes that were left undone: rules of others are not to be found.
    """
    with world.lock:
        if all(flow.name != name for flow, _ in in_use(site)):
            raise LookupError(f"{site.name} has no workflow {name}")
        wanted = {each.id: each for each in changes}
        found: set[str] = set()
        for space in site.spaces.values():
            for type_id, flow in space.workflows.items():
                if flow.name == name:
                    found |= {each.id for _, each in own_rules(flow, app_key)}
                    space.workflows[type_id] = _changed(flow, app_key, wanted)
        return {number: [f"The rule {number} does not exist."] for number in wanted if number not in found}


def _changed(flow: Workflow, app_key: str, wanted: dict[str, RuleChange]) -> Workflow:
    steps = [
        replace(
            step,
            app_functions=tuple(
                _applied(each, wanted[each.id]) if each.app_key == app_key and each.id in wanted else each
                for each in step.app_functions
            ),
        )
        for step in flow.transitions
    ]
    return replace(flow, transitions=tuple(steps), version=flow.version + 1)


def _applied(function: AppFunction, change: RuleChange) -> AppFunction:
    return replace(
        function,
        configuration=change.configuration,
        is_disabled=change.is_disabled,
        tag=function.tag if change.tag is None else change.tag,
    )
