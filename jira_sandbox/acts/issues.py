"""Create, edit and delete a work item: one path for the REST API and for the pages.

Every act takes the world's lock, so that no webhook or reader sees half of it.
"""

import contextlib
import json
from dataclasses import dataclass, field
from typing import Any

from jira_sandbox import fields
from jira_sandbox.connect import webhooks
from jira_sandbox.state.site import Site
from jira_sandbox.state.values import ChangelogEntry, Issue, Json, Space, User
from jira_sandbox.wire import Refusal
from jira_sandbox.world import World

GONE = "Issue does not exist or you do not have permission to see it."
PROPERTY_LENGTH = 32_768
LABEL_VERBS = frozenset({"add", "set", "remove"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The body of a create or an edit: ``fields`` set whole, ``update`` changed by verbs, both as JSON."""

    fields: dict[str, Json] = field(default_factory=dict)
    update: dict[str, Json] = field(default_factory=dict)
    properties: dict[str, Json] = field(default_factory=dict)
    history_metadata: Json = None


def find(site: Site, actor: User, name: str) -> Issue:
    """Find a work item by id or key if ``actor`` may see it; otherwise Jira's 404, whatever the reason."""
    with contextlib.suppress(LookupError):
        issue = site.issue(name)
        if site.may(actor, "BROWSE_PROJECTS", space=site.space_of(issue)):
            return issue
    raise Refusal(404, GONE)


def create(world: World, site: Site, actor: User, wish: Wish) -> Issue:
    """Make a work item; Refusal 400 names every field that is missing or wrong."""
    with world.lock:
        wanted = dict(wish.fields)
        space = _space_to_create_in(site, actor, wanted.pop("project", None))
        type_id = _type_to_create(site, space, wanted.pop("issuetype", None))
        values = {name: each.empty for name, each in fields.EDITABLE.items() if name in space.screen}
        if "priority" in values:
            values["priority"] = site.priorities[len(site.priorities) // 2].id
        wanted.setdefault("summary", None)
        values |= _wished_values(site, space, values, Wish(fields=wanted, update=wish.update))
        space.last_number += 1
        now = world.clock()
        issue = Issue(
            id=str(site.next_id("issue")),
            key=f"{space.key}-{space.last_number}",
            space_id=space.id,
            type_id=type_id,
            status_id=site.statuses[0].id,
            creator=actor.account_id,
            created=now,
            updated=now,
            fields=values,
            properties=_checked_properties(wish.properties),
        )
        site.issues[issue.id] = issue
        webhooks.announce(world, site, "jira:issue_created", issue, actor)
        return issue


def edit(world: World, site: Site, actor: User, issue: Issue, wish: Wish) -> ChangelogEntry | None:
    """Change a work item; gives the changelog entry, or None when every field already was as wished."""
    with world.lock:
        space = site.space_of(issue)
        if not site.may(actor, "EDIT_ISSUES", space=space):
            wished = {**wish.fields, **wish.update}
            raise Refusal(400, errors={name: fields.unknown(name) for name in wished})
        values = _wished_values(site, space, issue.fields, wish)
        properties = _checked_properties(wish.properties)
        changed = {name: value for name, value in values.items() if value != issue.fields.get(name)}
        issue.properties |= properties
        if not changed:
            return None
        entry = _written(world, site, actor, issue, changed, wish.history_metadata)
        webhooks.announce(world, site, "jira:issue_updated", issue, actor, entry)
        return entry


def delete(world: World, site: Site, actor: User, issue: Issue) -> None:
    """Remove a work item for good."""
    with world.lock:
        if not site.may(actor, "DELETE_ISSUES", space=site.space_of(issue)):
            raise Refusal(403, "You do not have permission to delete issues in this project.")
        webhooks.announce(world, site, "jira:issue_deleted", issue, actor)
        del site.issues[issue.id]


def checked_property(key: str, value: Json) -> Json:
    """``value`` if it may be kept under ``key``, else Refusal."""
    if not key or len(key) > 255:
        raise Refusal(400, "The property key must not be empty or longer than 255 characters.")
    if len(json.dumps(value)) > PROPERTY_LENGTH:
        raise Refusal(400, f"The property value cannot be longer than {PROPERTY_LENGTH} characters.")
    return value


def _checked_properties(properties: dict[str, Json]) -> dict[str, Json]:
    return {key: checked_property(key, value) for key, value in properties.items()}


def _written(
    world: World, site: Site, actor: User, issue: Issue, changed: dict[str, Any], metadata: Json
) -> ChangelogEntry:
    now = world.clock()
    items = tuple(
        fields.EDITABLE[name].step(site, before=issue.fields.get(name), after=value)
        for name, value in changed.items()
    )
    entry = ChangelogEntry(
        id=site.next_id("changelog"),
        author=actor.account_id,
        created=now,
        items=items,
        history_metadata=metadata,
    )
    issue.fields |= changed
    issue.updated = now
    issue.changelog.append(entry)
    return entry


def _space_to_create_in(site: Site, actor: User, raw: Json) -> Space:
    name = str(raw.get("id") or raw.get("key") or "") if isinstance(raw, dict) else ""
    try:
        space = site.space(name)
    except LookupError:
        raise fields.wrong("project", "Specify a valid project ID or key") from None
    if not site.may(actor, "BROWSE_PROJECTS", space=space):
        raise fields.wrong("project", "Specify a valid project ID or key")
    if not site.may(actor, "CREATE_ISSUES", space=space):
        raise Refusal(403, "You do not have permission to create issues in this project.")
    return space


def _type_to_create(site: Site, space: Space, raw: Json) -> str:
    if not isinstance(raw, dict):
        raise fields.wrong("issuetype", "Specify an issue type")
    for type_id in space.type_ids:
        if raw.get("id") == type_id or raw.get("name") == site.work_types[type_id].name:
            return type_id
    raise fields.wrong("issuetype", "Specify a valid issue type")


def _wished_values(site: Site, space: Space, current: dict[str, Any], wish: Wish) -> dict[str, Any]:
    """Give the stored values the wish asks for; raises one Refusal that names every field at fault."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for name, raw in [*wish.fields.items(), *wish.update.items()]:
        try:
            if name not in fields.EDITABLE or name not in space.screen:
                raise fields.wrong(name, fields.unknown(name))
            if name in wish.fields and name in wish.update:
                raise fields.wrong(name, f"Field '{name}' cannot appear in both 'fields' and 'update'.")
            known = fields.EDITABLE[name]
            values[name] = (
                known.parse(site, raw) if name in wish.fields else _verbs_applied(site, known, current, raw)
            )
        except Refusal as refusal:
            faults |= refusal.errors
    if faults:
        raise Refusal(400, errors=faults)
    return values


def _verbs_applied(site: Site, known: fields.EditableField, current: dict[str, Any], raw: Json) -> object:
    value = current.get(known.id, known.empty)
    if not isinstance(raw, list):
        raise fields.wrong(known.id, "data was not an array")
    for operation in raw:
        verb, operand = _verb(known, operation)
        if verb == "set":
            value = known.parse(site, operand)
        elif verb == "add":
            value = known.parse(site, [*value, operand])
        else:
            value = [each for each in value if each != operand]
    return value


def _verb(known: fields.EditableField, operation: Json) -> tuple[str, Json]:
    if not isinstance(operation, dict) or len(operation) != 1:
        raise fields.wrong(known.id, "Each operation must have exactly one verb.")
    verb, operand = next(iter(operation.items()))
    if verb not in known.operations:
        allowed = ", ".join(known.operations)
        raise fields.wrong(
            known.id, f"Field with id '{known.id}' does not support operation '{verb}' ({allowed})."
        )
    return verb, operand
