"""Making a site ready for work items of another one: what they name and it lacks is added."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Literal

from jira_sandbox.acts import newspaces
from jira_sandbox.fields.custom import KINDS
from jira_sandbox.loading.reading import Given, each, named, things
from jira_sandbox.state.elements import LinkType
from jira_sandbox.state.furniture import Component, CustomField, FieldContext, Option, Version
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, Priority, Space, Status, WorkType
from jira_sandbox.state.workflow import Transition

_Category = Literal["new", "indeterminate", "done"]
_CATEGORIES: tuple[_Category, ...] = ("new", "indeterminate", "done")
_UNKNOWN: _Category = "indeterminate"
_GREY = "#707070"


def furnish(site: Site, space_key: str, documents: Iterable[Json]) -> None:
    """Add the types, statuses, priorities, resolutions, link types, parts of the space and options they name.

    A new status is reached from everywhere by a transition of its name; a new type has the workflow of the
    space's first. Options are added to custom fields that have the title of the document's own.
    """
    space = site.space(space_key)
    for _, given in each(list(documents)):
        if given is not None:
            _add_type(site, space, given.fields.get("issuetype"))
            _add_status(site, space, given.fields.get("status"))
            _add_priority(site, named(given.fields.get("priority")))
            _add_resolution(site, named(given.fields.get("resolution")))
            _add_parts(site, space, given)
            for raw in things(given.fields.get("issuelinks")):
                _add_link_type(site, raw.get("type"))
            _add_options(site, space, given)


def _add_type(site: Site, space: Space, raw: Json) -> None:
    name = named(raw)
    if not name or any(site.work_types[one].name == name for one in space.type_ids):
        return
    known = next((one for one in site.work_types.values() if one.name == name and not one.space_id), None)
    if known is None:
        level = -1 if raw.get("subtask") is True else int(raw.get("hierarchyLevel") or 0)
        number = newspaces.type_id(site)
        known = site.work_types[number] = WorkType(
            id=number, name=name, description="", hierarchy_level=level
        )
    space.workflows[known.id] = space.workflows[space.type_ids[0]]
    space.type_ids.append(known.id)
    site.shapes.clear()


def _add_status(site: Site, space: Space, raw: Json) -> None:
    name = named(raw)
    flows = {flow.name: flow for flow in space.workflows.values()}
    if not name:
        return
    for flow in flows.values():
        if any(site.status(one).name == name for one in flow.status_ids):
            continue
        status = _status(site, name, raw)
        step = Transition(id=str(site.next_id("transition")), name=name, to=status.id, sources=None)
        grown = replace(
            flow,
            status_ids=(*flow.status_ids, status.id),
            transitions=(*flow.transitions, step),
        )
        space.workflows = {
            kind: grown if held.name == flow.name else held for kind, held in space.workflows.items()
        }


def _status(site: Site, name: str, raw: dict[str, Json]) -> Status:
    for known in site.statuses:
        if known.name == name and not known.space_id:
            return known
    said = raw.get("statusCategory")
    key = said.get("key") if isinstance(said, dict) else None
    category = next((one for one in _CATEGORIES if one == key), _UNKNOWN)
    site.statuses.append(Status(id=str(site.next_id("status")), name=name, category=category))
    return site.statuses[-1]


def _add_priority(site: Site, name: str) -> None:
    if name and all(one.name != name for one in site.priorities):
        number = max(int(one.id) for one in site.priorities) + 1
        site.priorities.append(Priority(id=str(number), name=name, color=_GREY))


def _add_resolution(site: Site, name: str) -> None:
    if name and name not in site.resolutions.values():
        site.resolutions[str(site.next_id("resolution"))] = name


def _add_parts(site: Site, space: Space, given: Given) -> None:
    for raw in things(given.fields.get("components")):
        if named(raw) and all(one.name != named(raw) for one in space.components):
            space.components.append(Component(id=str(site.next_id("component")), name=named(raw)))
    for name in ("versions", "fixVersions"):
        for raw in things(given.fields.get(name)):
            if named(raw) and all(one.name != named(raw) for one in space.versions):
                space.versions.append(
                    Version(
                        id=str(site.next_id("version")),
                        name=named(raw),
                        is_released=raw.get("released") is True,
                        release_date=_day(raw.get("releaseDate")),
                    )
                )


def _day(raw: Json) -> date | None:
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def _add_link_type(site: Site, raw: Json) -> None:
    if named(raw) and all(one.name != named(raw) for one in site.link_types):
        inward, outward = (str(raw.get(name) or named(raw)) for name in ("inward", "outward"))
        number = str(site.next_id("link_type"))
        site.link_types.append(LinkType(id=number, name=named(raw), inward=inward, outward=outward))


def _add_options(site: Site, space: Space, given: Given) -> None:
    for name, title in given.names.items():
        raw = given.fields.get(name)
        for field in list(site.custom_fields.values()):
            context = next(
                (one for kind in space.type_ids if (one := field.context_for(space.id, kind))), None
            )
            if raw and field.name == title and context and KINDS[field.manner].has_options:
                _grow(site, field, context, raw)


def _grow(site: Site, field: CustomField, context: FieldContext, raw: Json) -> None:
    options = list(context.options)
    for path in _paths(raw):
        parent: str | None = None
        for value in path:
            known = next((one for one in options if one.value == value and one.parent_id == parent), None)
            if known is None:
                known = Option(id=str(site.next_id("option")), value=value, parent_id=parent)
                options.append(known)
            parent = known.id
    grown = replace(context, options=tuple(options))
    contexts = tuple(grown if one.id == context.id else one for one in field.contexts)
    site.put_field(replace(field, contexts=contexts))


def _paths(raw: Json) -> Iterator[tuple[str, ...]]:
    """Give the values of an option, of several, or of a cascade from the first step."""
    for one in things(raw if isinstance(raw, list) else [raw]):
        if named(one):
            below = named(one.get("child"))
            yield (named(one), below) if below else (named(one),)
