"""Fields with a value chosen from what the site, the space or the field offers; stored by id."""

from collections.abc import Callable, Iterable
from typing import Any

from jira_sandbox import render
from jira_sandbox.fields.kinds import NO_ARRAY, Place, Told, once, wrong
from jira_sandbox.fields.people import listed_told
from jira_sandbox.state.furniture import Component, FieldContext, Option, SecurityLevel, Version
from jira_sandbox.state.values import Json, Space


def priority(place: Place, raw: Json) -> str | None:
    """Read a priority's id from ``{"id"}`` or ``{"name"}``."""
    return _named("priority", {each.id: each.name for each in place.site.priorities}, raw)


def priority_shown(place: Place, value: str | None) -> Json:
    """Show a priority; what never changes about it is made once."""
    if not value:
        return None
    return once(place.site, "priority", value, place.site.priority(value), render.priority)


def priority_told(place: Place, value: str | None) -> Told:
    """Tell a priority in history."""
    return (value, place.site.priority(value).name) if value else (None, None)


def resolution(place: Place, raw: Json) -> str | None:
    """Read a resolution's id from ``{"id"}`` or ``{"name"}``."""
    return _named("resolution", place.site.resolutions, raw)


def security(place: Place, raw: Json) -> str | None:
    """Read a security level of the space, one the actor is of: nobody can hide a work item from oneself."""
    return _named("security", {each.id: each.name for each in levels(place)}, raw)


def levels(place: Place) -> Iterable[SecurityLevel]:
    """List the security levels of the space that the actor may set."""
    actor = place.actor
    return [each for each in place.space.security_levels if actor is None or actor.account_id in each.members]


def security_shown(place: Place, value: str | None) -> Json:
    """Show a security level; None for none, and for one that is no more."""
    found = next((each for each in place.space.security_levels if each.id == value), None)
    if found is None:
        return None
    link = f"{place.site.base_url}/rest/api/3/securitylevel/{found.id}"
    return {"self": link, "id": found.id, "description": found.description, "name": found.name}


def security_told(place: Place, value: str | None) -> Told:
    """Tell a security level in history."""
    names = {each.id: each.name for each in place.space.security_levels}
    return (value, names.get(value, "")) if value else (None, None)


def components(place: Place, raw: Json) -> list[str]:
    """Read components of the space."""
    known = {each.id: each.name for each in place.space.components}
    return _several("components", "Component", known, raw)


def component_shown(place: Place, value: Component) -> Json:
    """Show a component as a work item does."""
    link = f"{place.site.base_url}/rest/api/3/component/{value.id}"
    shown = {"self": link, "id": value.id, "name": value.name}
    return shown | {"description": value.description} if value.description else shown


def components_shown(place: Place, value: list[str]) -> Json:
    """Show those components that are still there."""
    if not value:
        return []
    return [component_shown(place, each) for each in place.space.components if each.id in value]


def component_name(place: Place, number: str) -> str:
    """Name a component; empty for one that is no more."""
    return _name(place.space.components, number)


def versions(field_id: str) -> Callable[[Place, Json], list[str]]:
    """Read versions of the space; an archived one only where the work item has it already."""

    def read(place: Place, raw: Json) -> list[str]:
        held = place.held(field_id) or []
        known = {
            each.id: each.name for each in place.space.versions if not each.is_archived or each.id in held
        }
        return _several(field_id, "Version", known, raw)

    return read


def version(field_id: str) -> Callable[[Place, Json], str | None]:
    """Read one version."""

    def read(place: Place, raw: Json) -> str | None:
        return next(iter(versions(field_id)(place, None if raw is None else [raw])), None)

    return read


def version_shown(place: Place, value: Version) -> Json:
    """Show a version as a work item does."""
    shown = {
        "self": f"{place.site.base_url}/rest/api/3/version/{value.id}",
        "id": value.id,
        "description": value.description,
        "name": value.name,
        "archived": value.is_archived,
        "released": value.is_released,
    }
    return shown | {"releaseDate": value.release_date.isoformat()} if value.release_date else shown


def versions_shown(place: Place, value: list[str] | None) -> Json:
    """Show those versions that are still there."""
    if not value:
        return []
    return [version_shown(place, each) for each in place.space.versions if each.id in value]


def version_name(place: Place, number: str) -> str:
    """Name a version; empty for one that is no more."""
    return _name(place.space.versions, number)


def versions_told(place: Place, value: list[str] | None) -> Told:
    """Tell the versions of a custom field in history."""
    return listed_told(value or [], [version_name(place, each) for each in value or []])


def option(field_id: str, context: FieldContext) -> Callable[[Place, Json], str | None]:
    """Read an option from ``{"id"}`` or ``{"value"}``; a disabled one only where it is held already."""

    def read(place: Place, raw: Json) -> str | None:
        return None if raw is None else _option(field_id, context, place, raw, parent=None)

    return read


def options(field_id: str, context: FieldContext) -> Callable[[Place, Json], list[str] | None]:
    """Read options, each once; none at all is None."""

    def read(place: Place, raw: Json) -> list[str] | None:
        if raw is not None and not isinstance(raw, list):
            raise wrong(field_id, NO_ARRAY)
        found = [_option(field_id, context, place, each, parent=None) for each in raw or []]
        return list(dict.fromkeys(found)) or None

    return read


def cascade(field_id: str, context: FieldContext) -> Callable[[Place, Json], list[str] | None]:
    """Read an option and, in ``child``, one of those under it; stored as a list of one or two."""

    def read(place: Place, raw: Json) -> list[str] | None:
        if raw is None:
            return None
        parent = _option(field_id, context, place, raw, parent=None)
        child = raw.get("child") if isinstance(raw, dict) else None
        if child is None:
            return [parent]
        return [parent, _option(field_id, context, place, child, parent=parent)]

    return read


def option_shown(place: Place, value: Option) -> dict[str, Json]:
    """Show an option as a work item does."""
    link = f"{place.site.base_url}/rest/api/3/customFieldOption/{value.id}"
    return {"self": link, "value": value.value, "id": value.id}


def cascade_shown(place: Place, context: FieldContext, value: list[str] | None) -> Json:
    """Show an option with the one chosen under it."""
    found = [each for number in value or [] for each in context.options if each.id == number]
    if not found:
        return None
    shown = option_shown(place, found[0])
    return shown | {"child": option_shown(place, found[1])} if len(found) > 1 else shown


def cascade_told(context: FieldContext, value: list[str] | None) -> Told:
    """Tell a cascade in history, in Jira's own clumsy words."""
    names = {each.id: each.value for each in context.options}
    levels = ("Parent values: ", "Level 1 values: ")
    chosen = zip(levels, value or [], strict=False)
    return None, "".join(f"{level}{names.get(each, '')}({each})" for level, each in chosen) or None


def cascade_allowed(place: Place, context: FieldContext) -> list[Json]:
    """List the options of the first step with those under them."""
    return [
        option_shown(place, top)
        | {
            "children": [
                option_shown(place, each)
                for each in context.options
                if each.parent_id == top.id and not each.is_disabled
            ]
        }
        for top in offered(context)
    ]


def offered(context: FieldContext) -> list[Option]:
    """List the options of the first step that can be chosen."""
    return [each for each in context.options if not each.is_disabled and each.parent_id is None]


def space(field_id: str) -> Callable[[Place, Json], str | None]:
    """Read a space the actor sees, from ``{"key"}`` or ``{"id"}``."""

    def read(place: Place, raw: Json) -> str | None:
        if raw is None:
            return None
        name = str(raw.get("id") or raw.get("key") or "") if isinstance(raw, dict) else ""
        found = next((each for each in spaces(place) if name in {each.id, each.key}), None)
        if found is None:
            raise wrong(field_id, f"Could not find valid 'id' or 'key' in project object: '{name}'.")
        return found.id

    return read


def spaces(place: Place) -> list[Space]:
    """List the spaces the actor sees; all of them when nobody in particular asks."""
    if place.actor is None:
        return list(place.site.spaces.values())
    return list(place.site.spaces_seen_by(place.actor))


def _named(field_id: str, known: dict[str, str], raw: Json) -> str | None:
    if raw is None:
        return None
    if not isinstance(raw, dict) or not {"id", "name"} & raw.keys():
        raise wrong(field_id, f"Could not find valid 'id' or 'name' in {field_id} object.")
    for number, name in known.items():
        if str(raw["id"]) == number if "id" in raw else raw["name"] == name:
            return number
    raise wrong(field_id, f"The {field_id} selected is invalid.")


def _several(field_id: str, called: str, known: dict[str, str], raw: Json) -> list[str]:
    if raw is None:
        return []
    if not isinstance(raw, list):
        raise wrong(field_id, NO_ARRAY)
    return list(dict.fromkeys(_one_of(field_id, called, known, each) for each in raw))


def _one_of(field_id: str, called: str, known: dict[str, str], raw: Json) -> str:
    if not isinstance(raw, dict) or not {"id", "name"} & raw.keys():
        raise wrong(field_id, f"expected 'id' or 'name' property in {called.lower()} object")
    if "id" in raw:
        if str(raw["id"]) in known:
            return str(raw["id"])
        raise wrong(field_id, f"{called} id '{raw['id']}' is not valid")
    for number, name in known.items():
        if name == raw["name"]:
            return number
    raise wrong(field_id, f"{called} name '{raw['name']}' is not valid")


def _option(field_id: str, context: FieldContext, place: Place, raw: Json, *, parent: str | None) -> str:
    if not isinstance(raw, dict) or not {"id", "value"} & raw.keys():
        raise wrong(field_id, "Specify a valid 'id' or 'value' for the option.")
    held = place.held(field_id) or []
    for each in context.options:
        fits = each.id == str(raw["id"]) if "id" in raw else each.value == raw["value"]
        if fits and each.parent_id == parent and (not each.is_disabled or each.id in held):
            return each.id
    if "id" in raw:
        raise wrong(field_id, f"Option id '{raw['id']}' is not valid")
    raise wrong(field_id, f"Option value '{raw['value']}' is not valid")


def _name(known: Iterable[Any], number: str) -> str:
    return next((str(each.name) for each in known if each.id == number), "")
