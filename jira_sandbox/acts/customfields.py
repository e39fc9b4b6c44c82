"""Custom fields: made, renamed, put into the trash, taken out of it and deleted, by Jira's administrators."""

from dataclasses import dataclass, replace

from jira_sandbox import fields
from jira_sandbox.acts import tasks
from jira_sandbox.fields.custom import KINDS
from jira_sandbox.fields.kinds import SYSTEM_PLUGIN
from jira_sandbox.state.furniture import CustomField, FieldContext
from jira_sandbox.state.settings import Task
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

NAME_LENGTH, TEXT_LENGTH = 255, 40_000
FORBIDDEN = "Only users with Administer Jira permission can perform this action."


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What a field is to be; the two keys in Jira's long form. None leaves something as it is."""

    name: str | None = None
    description: str | None = None
    type_key: str = ""
    searcher_key: str | None = None


def must_administer(site: Site, actor: User) -> None:
    """Refusal 403 for whoever does not administer Jira."""
    if not site.may(actor, "ADMINISTER"):
        raise Refusal(403, FORBIDDEN)


def find(site: Site, number: str) -> CustomField:
    """Find a custom field, be it in the trash or not; Refusal 404 if there is none."""
    if number not in site.custom_fields:
        raise Refusal(404, f"The custom field with id '{number}' does not exist.")
    return site.custom_fields[number]


def create(world: World, site: Site, actor: User, wanted: Definition) -> CustomField:
    """Make a field with a context that holds everywhere; it is on no screen yet. Refusal 400 names faults.

    Jira says 400 here, where it says 403 elsewhere, to whoever does not administer it.
    """
    with world.lock:
        if not site.may(actor, "ADMINISTER"):
            raise Refusal(400, "You do not have permission to create custom fields.")
        plugin, _, kind = wanted.type_key.rpartition(":")
        errors = _faults(wanted)
        if not (wanted.name or "").strip():
            errors["name"] = "You must specify a name for the custom field."
        if plugin != SYSTEM_PLUGIN or kind not in KINDS or KINDS[kind].plugin != plugin:
            errors["type"] = f"The custom field type '{wanted.type_key}' is not available."
        if errors:
            raise Refusal(400, errors=errors)
        field = CustomField(
            id=f"customfield_{site.next_id('field')}",
            name=str(wanted.name).strip(),
            kind=kind,
            plugin=plugin,
            description=wanted.description or "",
            searcher=_searcher(wanted.searcher_key),
            contexts=(_everywhere(site, str(wanted.name).strip()),),
        )
        site.put_field(field)
        return field


def change(world: World, site: Site, actor: User, field: CustomField, wanted: Definition) -> None:
    """Give a field another name, description or searcher; Refusal 400 names what is wrong."""
    with world.lock:
        must_administer(site, actor)
        errors = _faults(wanted)
        if wanted.name is not None and not wanted.name.strip():
            errors["name"] = "You must specify a name for the custom field."
        if errors:
            raise Refusal(400, errors=errors)
        searcher = field.searcher if wanted.searcher_key is None else _searcher(wanted.searcher_key)
        name = field.name if wanted.name is None else wanted.name.strip()
        text = field.description if wanted.description is None else wanted.description
        site.put_field(replace(field, name=name, description=text, searcher=searcher))


def trash(world: World, site: Site, actor: User, field: CustomField) -> None:
    """Put a field into the trash: nobody sees it until it is restored. Refusal 400 if it is there already."""
    with world.lock:
        must_administer(site, actor)
        if field.trashed:
            raise Refusal(400, f"The custom field with id '{field.id}' is already in the trash.")
        site.put_field(replace(field, trashed=site.now()))


def restore(world: World, site: Site, actor: User, field: CustomField) -> None:
    """Take a field out of the trash, with all that work items hold in it; Refusal 400 if it is not there."""
    with world.lock:
        must_administer(site, actor)
        if not field.trashed:
            raise Refusal(400, f"The custom field with id '{field.id}' is not in the trash.")
        site.put_field(replace(field, trashed=None))


def delete(world: World, site: Site, actor: User, field: CustomField) -> Task:
    """Delete a field and what work items hold in it for good; gives the task that did it."""
    with world.lock:
        must_administer(site, actor)
        site.drop_field(field.id)
        for space in site.spaces.values():
            space.screen.discard(field.id)
        return tasks.finished(site, actor, f"Delete custom field {field.name}")


def add_to_screens(world: World, site: Site, actor: User, name: str) -> None:
    """Put a field on the screens of all company-managed spaces; Refusal 404 for none, 400 if it is there."""
    with world.lock:
        must_administer(site, actor)
        if name not in fields.EDITABLE:
            find(site, name)
        spaces = [each for each in site.spaces.values() if not each.is_team_managed]
        if all(name in each.screen for each in spaces):
            raise Refusal(400, f"The field with id '{name}' already exists on the screen.")
        for space in spaces:
            space.screen.add(name)


def is_seen(site: Site, viewer: User, field: CustomField) -> bool:
    """Whether ``viewer`` administers Jira or browses a space where the field is used."""
    if site.may(viewer, "ADMINISTER"):
        return True
    return any(
        field.context_for(space.id, type_id)
        for space in site.spaces_seen_by(viewer)
        for type_id in space.type_ids
    )


def _faults(wanted: Definition) -> dict[str, str]:
    errors: dict[str, str] = {}
    if len(wanted.name or "") > NAME_LENGTH:
        errors["name"] = f"The name must not be longer than {NAME_LENGTH} characters."
    if len(wanted.description or "") > TEXT_LENGTH:
        errors["description"] = f"The description must not be longer than {TEXT_LENGTH} characters."
    known = {each.searcher for each in KINDS.values() if each.plugin == SYSTEM_PLUGIN} | {"numberrange", ""}
    if wanted.searcher_key is not None and _searcher(wanted.searcher_key) not in known:
        errors["searcherKey"] = f"The searcher '{wanted.searcher_key}' is not available."
    return errors


def _searcher(key: str | None) -> str:
    return (key or "").rpartition(":")[2]


def _everywhere(site: Site, name: str) -> FieldContext:
    return FieldContext(
        id=str(site.next_id("context")),
        name=f"Default Configuration Scheme for {name}",
        description="Default configuration scheme generated by Jira",
    )
