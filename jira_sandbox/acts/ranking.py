"""Priorities and resolutions of a site: lists that Jira's admins keep, change and put in order."""

from collections.abc import Sequence
from dataclasses import replace

from jira_sandbox.acts import tasks
from jira_sandbox.acts.rights import must_administer_jira
from jira_sandbox.state.settings import Task
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, Priority, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

MOST_NAME = 60
_PLACES = ("First", "Last")


def priority(site: Site, number: str) -> Priority:
    """Find a priority by its id; Jira's 404 if there is none."""
    for each in site.priorities:
        if each.id == number:
            return each
    raise Refusal(404, f"The priority with id '{number}' does not exist.")


def resolution(site: Site, number: str) -> str:
    """Give the id of a resolution that is there; Jira's 404 if there is none."""
    if number not in site.resolutions:
        raise Refusal(404, f"The resolution with id '{number}' does not exist.")
    return number


def create_priority(world: World, site: Site, actor: User, wanted: dict[str, Json]) -> Priority:
    """Make a priority, the least urgent; Refusal 403 without the right, 400 naming the field at fault."""
    with world.lock:
        must_administer_jira(site, actor)
        name = _name(wanted.get("name"), [each.name for each in site.priorities])
        made = Priority(
            id=_fresh(site, "priority", [each.id for each in site.priorities]),
            name=name,
            color=_color(wanted.get("statusColor")),
            description=str(wanted.get("description") or ""),
        )
        site.priorities.append(made)
        return made


def change_priority(world: World, site: Site, actor: User, number: str, wanted: dict[str, Json]) -> None:
    """Change what ``wanted`` names; Refusal 403, 404, 400 if it names nothing or something wrong."""
    with world.lock:
        must_administer_jira(site, actor)
        held = priority(site, number)
        if not {"name", "description", "statusColor", "iconUrl", "avatarId"} & set(wanted):
            raise Refusal(400, "At least one of the properties of the priority must be specified.")
        others = [each.name for each in site.priorities if each is not held]
        site.priorities[site.priorities.index(held)] = replace(
            held,
            name=_name(wanted.get("name", held.name), others),
            color=_color(wanted.get("statusColor", held.color)),
            description=str(wanted.get("description", held.description) or ""),
        )


def delete_priority(world: World, site: Site, actor: User, number: str) -> Task:
    """Delete a priority as a task; the default one takes its place in work items, without a trace."""
    with world.lock:
        must_administer_jira(site, actor)
        held = priority(site, number)
        if len(site.priorities) == 1 or number == site.default_priority_id:
            raise Refusal(400, "The default priority cannot be deleted.")
        others = [each for each in site.priorities if each is not held]
        heir = site.default_priority_id or others[len(others) // 2].id
        site.remove_priority(number, instead=heir)
        return tasks.finished(site, actor, f"Delete priority {held.name}")


def create_resolution(world: World, site: Site, actor: User, wanted: dict[str, Json]) -> str:
    """Make a resolution, the last, and give its id; Refusal 403, 400 naming the field at fault."""
    with world.lock:
        must_administer_jira(site, actor)
        name = _name(wanted.get("name"), list(site.resolutions.values()))
        number = _fresh(site, "resolution", list(site.resolutions))
        site.resolutions[number] = name
        site.resolution_texts[number] = str(wanted.get("description") or "")
        return number


def change_resolution(world: World, site: Site, actor: User, number: str, wanted: dict[str, Json]) -> None:
    """Change name and description; Refusal 403, 404, 400 naming the field at fault."""
    with world.lock:
        must_administer_jira(site, actor)
        others = [name for each, name in site.resolutions.items() if each != resolution(site, number)]
        site.resolutions[number] = _name(wanted.get("name"), others)
        if "description" in wanted:
            site.resolution_texts[number] = str(wanted["description"] or "")


def delete_resolution(world: World, site: Site, actor: User, number: str, *, heir: str) -> Task:
    """Delete a resolution as a task; ``heir`` takes its place in work items, without a trace.

    Refusal 403 without the right, 404 if either is not there, 400 for no heir or the same one.
    """
    with world.lock:
        must_administer_jira(site, actor)
        name = site.resolutions[resolution(site, number)]
        if not heir or heir == number:
            raise Refusal(400, errors={"replaceWith": "Another resolution must be specified."})
        resolution(site, heir)
        for issue in site.issues.values():
            if issue.fields.get("resolution") == number:
                issue.fields["resolution"] = heir
        del site.resolutions[number]
        site.resolution_texts.pop(number, None)
        return tasks.finished(site, actor, f"Delete resolution {name}")


def set_default_priority(world: World, site: Site, actor: User, number: Json) -> None:
    """Let new work items have this priority; an empty id takes the default away. Refusal 403, 404."""
    with world.lock:
        must_administer_jira(site, actor)
        site.default_priority_id = priority(site, str(number)).id if number else None


def set_default_resolution(world: World, site: Site, actor: User, number: Json) -> None:
    """Let this be the one offered first; an empty id takes the default away. Refusal 403, 404."""
    with world.lock:
        must_administer_jira(site, actor)
        site.default_resolution_id = resolution(site, str(number)) if number else None


def move_priorities(world: World, site: Site, actor: User, wanted: dict[str, Json]) -> None:
    """Put ``ids`` behind ``after`` or at a ``position``; Refusal 403, 404 for an id not there, 400."""
    with world.lock:
        must_administer_jira(site, actor)
        order = _moved([each.id for each in site.priorities], wanted, "priority")
        site.priorities = [priority(site, each) for each in order]


def move_resolutions(world: World, site: Site, actor: User, wanted: dict[str, Json]) -> None:
    """Put ``ids`` behind ``after`` or at a ``position``; Refusal 403, 404 for an id not there, 400."""
    with world.lock:
        must_administer_jira(site, actor)
        order = _moved(list(site.resolutions), wanted, "resolution")
        site.resolutions = {each: site.resolutions[each] for each in order}


def _moved(order: list[str], wanted: dict[str, Json], what: str) -> list[str]:
    ids, after, position = wanted.get("ids"), wanted.get("after"), wanted.get("position")
    if not isinstance(ids, list) or not ids:
        raise Refusal(400, errors={"ids": "At least one id must be specified."})
    if (after is None) == (position is None):
        raise Refusal(400, "Exactly one of 'after' and 'position' must be specified.")
    for number in [*ids, *([after] if after else [])]:
        if number not in order:
            raise Refusal(404, f"The {what} with id '{number}' does not exist.")
    if position is not None and position not in _PLACES:
        raise Refusal(400, errors={"position": "The position must be First or Last."})
    kept = [each for each in order if each not in ids]
    if after in ids:
        raise Refusal(400, errors={"after": "The ids cannot be moved behind one of them."})
    place = kept.index(after) + 1 if after else 0 if position == "First" else len(kept)
    return [*kept[:place], *ids, *kept[place:]]


def _name(raw: Json, others: Sequence[str]) -> str:
    name = str(raw or "").strip()
    if not name or len(name) > MOST_NAME:
        raise Refusal(400, errors={"name": f"The name must have 1 to {MOST_NAME} characters."})
    if name.lower() in {each.lower() for each in others}:
        raise Refusal(400, errors={"name": f"The name '{name}' is already used."})
    return name


def _color(raw: Json) -> str:
    text = str(raw or "")
    digits = text.removeprefix("#")
    if not text.startswith("#") or len(digits) not in {3, 6} or set(digits.lower()) - set("0123456789abcdef"):
        raise Refusal(400, errors={"statusColor": "The color must be given as #rgb or #rrggbb."})
    return text


def _fresh(site: Site, kind: str, taken: list[str]) -> str:
    number = str(site.next_id(kind))
    return _fresh(site, kind, taken) if number in taken else number
