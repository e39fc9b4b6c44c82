"""Contexts of custom fields: where a field exists, and what it holds there before anybody filled it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from jira_sandbox import fields
from jira_sandbox.acts.customfields import must_administer
from jira_sandbox.fields import Place
from jira_sandbox.state.furniture import CustomField, FieldContext
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import Json, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

NAME_LENGTH = 255


def find(field: CustomField, number: str) -> FieldContext:
    """Find a context of the field; Refusal 404 if it has none of that id."""
    for context in field.contexts:
        if context.id == number:
            return context
    raise Refusal(404, f"The context with id '{number}' was not found for the custom field.")


def add(world: World, site: Site, actor: User, field: CustomField, wanted: FieldContext) -> FieldContext:
    """Add a context; its id is drawn here. Refusal 404 for an unknown space or type, 400 for a clash."""
    with world.lock:
        must_administer(site, actor)
        _must_have_spaces(site, wanted.space_ids)
        _must_have_types(site, wanted.type_ids)
        _must_be_named(field, wanted)
        if not wanted.space_ids and any(not each.space_ids for each in field.contexts):
            raise Refusal(400, "The custom field already has a global context.")
        _must_be_free(field, wanted.space_ids)
        made = replace(wanted, id=str(site.next_id("context")))
        site.put_field(replace(field, contexts=(*field.contexts, made)))
        return made


def change(world: World, site: Site, actor: User, field: CustomField, wanted: FieldContext) -> None:
    """Put ``wanted`` into the place of the context with its id; Refusal 400 for a name that will not do."""
    with world.lock:
        must_administer(site, actor)
        _must_be_named(field, wanted)
        put(site, field, wanted)


def delete(world: World, site: Site, actor: User, field: CustomField, context: FieldContext) -> None:
    """Delete a context; Refusal 400 for the one that holds everywhere."""
    with world.lock:
        must_administer(site, actor)
        if not context.space_ids:
            raise Refusal(400, "The global context of a custom field cannot be deleted.")
        left = tuple(each for each in field.contexts if each.id != context.id)
        site.put_field(replace(field, contexts=left))


def add_types(
    world: World, site: Site, actor: User, field: CustomField, context: FieldContext, types: Sequence[str]
) -> None:
    """Let a context hold for these types too, or for them alone if it held for all."""
    with world.lock:
        must_administer(site, actor)
        _must_have_types(site, types)
        if set(types) & set(context.type_ids):
            raise Refusal(400, "The issue types are already associated with the context.")
        put(site, field, replace(context, type_ids=(*context.type_ids, *types)))


def remove_types(
    world: World, site: Site, actor: User, field: CustomField, context: FieldContext, types: Sequence[str]
) -> None:
    """Let a context no longer hold for these types; without any it holds for all."""
    with world.lock:
        must_administer(site, actor)
        _must_have_types(site, types)
        left = tuple(each for each in context.type_ids if each not in types)
        put(site, field, replace(context, type_ids=left))


def add_spaces(
    world: World, site: Site, actor: User, field: CustomField, context: FieldContext, spaces: Sequence[str]
) -> None:
    """Let a context hold in these spaces too; Refusal 400 if another one of the field does."""
    with world.lock:
        must_administer(site, actor)
        _must_have_spaces(site, spaces)
        _must_be_free(field, spaces)
        put(site, field, replace(context, space_ids=(*context.space_ids, *spaces)))


def remove_spaces(
    world: World, site: Site, actor: User, field: CustomField, context: FieldContext, spaces: Sequence[str]
) -> None:
    """Let a context no longer hold in these spaces; Refusal 400 if it did not, or two would be global."""
    with world.lock:
        must_administer(site, actor)
        _must_have_spaces(site, spaces)
        left = tuple(each for each in context.space_ids if each not in spaces)
        if not set(spaces) <= set(context.space_ids):
            raise Refusal(400, "The projects are not associated with the context.")
        if not left and any(not each.space_ids for each in field.contexts):
            raise Refusal(400, "The custom field already has a global context.")
        put(site, field, replace(context, space_ids=left))


def set_default(
    world: World, site: Site, actor: User, field: CustomField, context: FieldContext, value: Json
) -> None:
    """Say what a new work item holds, as an edit would; None for nothing. Refusal 400 if it may not."""
    with world.lock:
        must_administer(site, actor)
        put(site, field, replace(context, default=_stored(site, field, context, value)))


def put(site: Site, field: CustomField, context: FieldContext) -> None:
    """Put a context into the place of the one with its id."""
    contexts = tuple(context if each.id == context.id else each for each in field.contexts)
    site.put_field(replace(field, contexts=contexts))


def _stored(site: Site, field: CustomField, context: FieldContext, value: Json) -> Any:
    for space in site.spaces.values():
        for type_id in space.type_ids:
            if field.context_for(space.id, type_id) == context:
                place = Place(site=site, space=space, type_id=type_id)
                return fields.at(place)[field.id].parse(place, value)
    raise Refusal(400, "The context holds nowhere, so it can have no default.")


def _must_be_named(field: CustomField, wanted: FieldContext) -> None:
    if not wanted.name.strip() or len(wanted.name) > NAME_LENGTH:
        raise Refusal(400, errors={"name": f"The name must have 1 to {NAME_LENGTH} characters."})
    if any(each.name == wanted.name and each.id != wanted.id for each in field.contexts):
        raise Refusal(400, errors={"name": "The name of the context must be unique."})


def _must_be_free(field: CustomField, spaces: Sequence[str]) -> None:
    taken = {number for each in field.contexts for number in each.space_ids}
    if taken & set(spaces):
        raise Refusal(400, "The projects are already associated with a context of the custom field.")


def _must_have_spaces(site: Site, numbers: Sequence[str]) -> None:
    if any(each not in site.spaces for each in numbers):
        raise Refusal(404, "One or more projects were not found.")


def _must_have_types(site: Site, numbers: Sequence[str]) -> None:
    if any(each not in site.work_types for each in numbers):
        raise Refusal(404, "One or more issue types were not found.")
