"""What can be chosen in a custom field: the options of a context, added, changed, moved and deleted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from jira_sandbox.acts.customfields import is_seen, must_administer
from jira_sandbox.acts.fieldcontexts import put
from jira_sandbox.fields.custom import KINDS
from jira_sandbox.state.furniture import CustomField, FieldContext, Option
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

MOST_AT_ONCE, MOST, LENGTH = 1000, 10_000, 255


def find(context: FieldContext, number: str) -> Option:
    """Find an option of the context; Refusal 404 if it has none of that id."""
    for option in context.options:
        if option.id == number:
            return option
    raise Refusal(404, f"The option with id '{number}' was not found in the context.")


def anywhere(site: Site, viewer: User, number: str) -> Option:
    """Find an option of any field ``viewer`` sees; Refusal 404 otherwise."""
    for field in site.custom_fields.values():
        for context in field.contexts:
            for option in context.options:
                if option.id == number and not field.trashed and is_seen(site, viewer, field):
                    return option
    raise Refusal(404, f"A custom field option with id '{number}' does not exist")


def add(
    world: World,
    site: Site,
    actor: User,
    field: CustomField,
    context: FieldContext,
    wanted: Sequence[Option],
) -> list[Option]:
    """Add options at the end; ids are drawn here. Refusal 400 for a value there is, 404 for its parent."""
    with world.lock:
        must_administer(site, actor)
        if not KINDS[field.manner].has_options:
            raise Refusal(400, "The custom field type does not support options.")
        if not 0 < len(wanted) <= MOST_AT_ONCE or len(wanted) + len(context.options) > MOST:
            raise Refusal(400, f"From 1 to {MOST_AT_ONCE} options can be added, {MOST} to a field.")
        made: list[Option] = []
        for each in wanted:
            if each.parent_id is not None:
                find(context, each.parent_id)
            _must_be_new(each, [*context.options, *made])
            made.append(replace(each, id=str(site.next_id("option"))))
        put(site, field, replace(context, options=(*context.options, *made)))
        return made


def change(
    world: World,
    site: Site,
    actor: User,
    field: CustomField,
    context: FieldContext,
    wanted: Sequence[Option],
) -> list[Option]:
    """Put options into the places of those with their ids; gives those that differ from what they were."""
    with world.lock:
        must_administer(site, actor)
        changed = [each for each in wanted if find(context, each.id) != each]
        others = [each for each in context.options if each.id not in {one.id for one in changed}]
        for each in changed:
            _must_be_new(each, others)
        new = {each.id: each for each in changed}
        put(
            site,
            field,
            replace(context, options=tuple(new.get(each.id, each) for each in context.options)),
        )
        return changed


def move(
    world: World,
    site: Site,
    actor: User,
    field: CustomField,
    context: FieldContext,
    numbers: Sequence[str],
    *,
    to: Literal["First", "Last"] | Option,
) -> None:
    """Bring options, in this order, to the beginning or the end, or behind another option."""
    with world.lock:
        must_administer(site, actor)
        moved = [find(context, each) for each in numbers]
        others = [each for each in context.options if each not in moved]
        if isinstance(to, Option):
            if to in moved:
                raise Refusal(400, "An option cannot be moved after itself.")
            at = others.index(to) + 1
        else:
            at = 0 if to == "First" else len(others)
        put(site, field, replace(context, options=(*others[:at], *moved, *others[at:])))


def delete(
    world: World, site: Site, actor: User, field: CustomField, context: FieldContext, option: Option
) -> None:
    """Delete an option; Refusal 400 while there are others under it, or work items hold it."""
    with world.lock:
        must_administer(site, actor)
        if any(each.parent_id == option.id for each in context.options):
            raise Refusal(400, "An option with cascading options cannot be deleted before those.")
        held = (each.fields.get(field.id) for each in site.issues.values())
        if any(option.id == each or (isinstance(each, list) and option.id in each) for each in held):
            raise Refusal(400, "The option is used by issues and cannot be deleted.")
        left = tuple(each for each in context.options if each.id != option.id)
        put(site, field, replace(context, options=left))


def _must_be_new(wanted: Option, others: Sequence[Option]) -> None:
    if not wanted.value.strip() or len(wanted.value) > LENGTH:
        raise Refusal(400, errors={"value": f"The value must have 1 to {LENGTH} characters."})
    if any(each.value == wanted.value and each.parent_id == wanted.parent_id for each in others):
        raise Refusal(400, errors={"value": f"The option '{wanted.value}' already exists in the context."})
