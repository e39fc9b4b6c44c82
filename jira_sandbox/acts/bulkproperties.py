"""Properties of many work items at once; all that may be wrong is found before anything is set."""

from dataclasses import dataclass

from jira_sandbox.acts import tasks
from jira_sandbox.acts.properties import NO_EDIT, remove, tell_of_properties
from jira_sandbox.acts.wishes import checked_properties, checked_property
from jira_sandbox.state.settings import Task
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Issue, Json, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

MOST_ISSUES, MOST_PROPERTIES, MOST_AT_ONCE = 10_000, 10, 100
ANY = object()
"""No particular value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which work items are meant: of ``ids`` (None: of all), with that value, with or without a property."""

    ids: list[str] | None = None
    value: Json = ANY
    is_there: bool | None = None


def set_same(world: World, site: Site, actor: User, numbers: list[str], properties: dict[str, Json]) -> Task:
    """Set up to 10 properties on up to 10,000 work items, on all or on none; Refusal 400 for any fault."""
    with world.lock:
        if not numbers or len(numbers) > MOST_ISSUES:
            raise Refusal(400, f"The number of entity ids must be from 1 to {MOST_ISSUES}.")
        _must_be_few(properties)
        found = [_editable(site, actor, number) for number in numbers]
        for issue in found:
            _set(world, site, issue, checked_properties(properties))
        return tasks.finished(site, actor, "Set issue properties", {"updated": len(found)})


def set_each(world: World, site: Site, actor: User, wanted: dict[str, dict[str, Json]]) -> Task:
    """Set properties by work item, on as many as it goes: what went wrong is in the task's result."""
    with world.lock:
        if not wanted or len(wanted) > MOST_AT_ONCE:
            raise Refusal(400, f"The number of issues must be from 1 to {MOST_AT_ONCE}.")
        for properties in wanted.values():
            _must_be_few(properties)
        faults: dict[str, list[str]] = {}
        for number, properties in wanted.items():
            try:
                _set(world, site, _editable(site, actor, number), checked_properties(properties))
            except Refusal as refusal:
                faults[number] = refusal.messages
        told = {"updated": len(wanted) - len(faults), "errors": faults}
        return tasks.finished(site, actor, "Set issue properties", told)


def set_filtered(world: World, site: Site, actor: User, key: str, value: Json, chosen: Filter) -> Task:
    """Set one property where the filter says; Refusal 400 for a value or filter that cannot be."""
    with world.lock:
        checked_property(key, value)
        if chosen.value is not ANY and chosen.is_there is False:
            raise Refusal(400, "The filter asks for the value of a property that is not there.")
        found = _chosen(site, actor, key, chosen)
        for issue in found:
            _set(world, site, issue, {key: value})
        return tasks.finished(site, actor, f"Set the issue property {key}", {"updated": len(found)})


def delete_filtered(world: World, site: Site, actor: User, key: str, chosen: Filter) -> Task:
    """Remove one property where the filter says and it is."""
    with world.lock:
        found = [each for each in _chosen(site, actor, key, chosen) if key in each.properties]
        for issue in found:
            remove(world, site, issue, key)
        return tasks.finished(site, actor, f"Delete the issue property {key}", {"updated": len(found)})


def _must_be_few(properties: dict[str, Json]) -> None:
    if not properties or len(properties) > MOST_PROPERTIES:
        raise Refusal(400, f"The number of properties must be from 1 to {MOST_PROPERTIES}.")
    checked_properties(properties)


def _editable(site: Site, actor: User, number: str) -> Issue:
    issue = site.issues.get(number)
    if issue is None or not site.sees(actor, issue):
        raise Refusal(400, f"Issue with id {number} does not exist or you cannot see it.")
    if not _may(site, actor, issue):
        raise Refusal(400, NO_EDIT)
    return issue


def _chosen(site: Site, actor: User, key: str, chosen: Filter) -> list[Issue]:
    return [
        issue
        for issue in site.issues.values()
        if (chosen.ids is None or issue.id in chosen.ids)
        and site.sees(actor, issue)
        and _may(site, actor, issue)
        and (chosen.is_there is None or (key in issue.properties) == chosen.is_there)
        and (chosen.value is ANY or (key in issue.properties and issue.properties[key] == chosen.value))
    ]


def _may(site: Site, actor: User, issue: Issue) -> bool:
    return site.may_around(actor, "EDIT_ISSUES", issue) and not site.is_archived(issue)


def _set(world: World, site: Site, issue: Issue, properties: dict[str, Json]) -> None:
    issue.properties |= properties
    tell_of_properties(world, site, issue, properties)
