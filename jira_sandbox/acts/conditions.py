"""Whether a transition's conditions hold for somebody and a work item, and what its validators say."""

from collections.abc import Callable, Mapping
from typing import Any

from jira_sandbox import fields
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, User, Visibility
from jira_sandbox.state.workflow import Condition, Transition, Validator
from jira_sandbox.wire import Refusal

Holds = Callable[[Site, User, Issue, tuple[str, ...]], bool]


def hold(site: Site, actor: User, issue: Issue, step: Transition) -> bool:
    """Whether every condition of ``step`` holds."""
    return all(_holds(site, actor, issue, each) for each in step.conditions)


def validate(site: Site, actor: User, issue: Issue, step: Transition, values: Mapping[str, Any]) -> None:
    """Refusal 400 with the words of every validator that is not content with ``values``, to be stored."""
    held = issue.fields | dict(values)
    missing = [name for name in step.required if not held.get(name)]
    errors = {name: f"{title(site, name)} is required." for name in missing}
    messages = [step.refusal] if step.refusal and not errors else []
    for validator in step.validators:
        for name in validator.names:
            if not _is_content(site, actor, issue, validator.kind, name, held):
                words = validator.words or _words(site, validator, name)
                messages += [words] if validator.kind == "permission" else []
                errors |= {} if validator.kind == "permission" else {name: words}
    if errors or messages:
        raise Refusal(400, *messages, errors=errors)


def title(site: Site, name: str) -> str:
    """Give the name of a field by its id; the id itself of one the site does not know."""
    if name in site.custom_fields:
        return site.custom_fields[name].name
    return fields.EDITABLE[name].name if name in fields.EDITABLE else name


def _holds(site: Site, actor: User, issue: Issue, condition: Condition) -> bool:
    return _KINDS[condition.kind](site, actor, issue, condition.names)


def _is_assignee(_site: Site, actor: User, issue: Issue, _names: tuple[str, ...]) -> bool:
    return issue.fields.get("assignee") == actor.account_id


def _is_reporter(_site: Site, actor: User, issue: Issue, _names: tuple[str, ...]) -> bool:
    return (issue.fields.get("reporter") or issue.creator) == actor.account_id


def _is_of_role(site: Site, actor: User, issue: Issue, names: tuple[str, ...]) -> bool:
    space = site.space_of(issue)
    called = [role.name for role in site.roles if {role.id, role.name} & set(names)]
    roles = (Visibility(kind="role", name=name, identifier=name) for name in called)
    return any(site.belongs(actor, role, space=space) for role in roles)


def _is_of_group(site: Site, actor: User, issue: Issue, names: tuple[str, ...]) -> bool:
    space = site.space_of(issue)
    groups = (Visibility(kind="group", name=name, identifier=name) for name in names)
    return any(site.belongs(actor, group, space=space) for group in groups)


def _is_permitted(site: Site, actor: User, issue: Issue, names: tuple[str, ...]) -> bool:
    return all(site.may_around(actor, name, issue) for name in names)


def _are_sub_tasks_in(site: Site, _actor: User, issue: Issue, names: tuple[str, ...]) -> bool:
    return all(each.status_id in names for each in site.children(issue))


def _holds_value(site: Site, _actor: User, issue: Issue, names: tuple[str, ...]) -> bool:
    name, wanted = names
    held = issue.fields.get(name)
    place = fields.place_of(site, issue)
    known = fields.at(place).get(name)
    told = known.tell(place, held) if known and held else ()
    return wanted in {str(held), *told}


def _is_app(_site: Site, actor: User, _issue: Issue, _names: tuple[str, ...]) -> bool:
    return actor.account_type == "app"


_KINDS: dict[str, Holds] = {
    "assignee": _is_assignee,
    "reporter": _is_reporter,
    "role": _is_of_role,
    "group": _is_of_group,
    "permission": _is_permitted,
    "subtasks": _are_sub_tasks_in,
    "value": _holds_value,
    "hidden": _is_app,
}


def _is_content(site: Site, actor: User, issue: Issue, kind: str, name: str, held: Mapping[str, Any]) -> bool:
    if kind == "permission":
        return site.may_around(actor, name, issue)
    if kind == "changed":
        return held.get(name) != issue.fields.get(name)
    return bool(held.get(name))


def _words(site: Site, validator: Validator, name: str) -> str:
    if validator.kind == "permission":
        return f"User does not have the permission {name} that this transition requires."
    if validator.kind == "changed":
        return f"Field {title(site, name)} has not been modified during transition."
    return f"{title(site, name)} is required."
