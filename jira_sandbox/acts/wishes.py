"""What a create, an edit or a transition asks for, and the stored values that come of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jira_sandbox import fields
from jira_sandbox.fields import Place
from jira_sandbox.pictures import must_be_attached
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal, compact

PROPERTY_LENGTH = 32_768
_WHOLE = frozenset({"set", "edit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The body of a create or an edit: ``fields`` set whole, ``update`` changed by verbs, both as JSON."""

    fields: dict[str, Json] = field(default_factory=dict)
    update: dict[str, Json] = field(default_factory=dict)
    properties: dict[str, Json] = field(default_factory=dict)
    history_metadata: Json = None


def wished_values(place: Place, screen: set[str], current: Mapping[str, Any], wish: Wish) -> dict[str, Any]:
    """Give the stored values the wish asks for; raises one Refusal that names every field at fault.

    Only fields on the ``screen`` may be set, and only those the actor of the place has the right to set;
    ``current`` is what the verbs of ``update`` start from.
    """
    known = fields.at(place)
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    messages: list[str] = []
    for name, raw in [*wish.fields.items(), *wish.update.items()]:
        try:
            if name not in known or name not in screen or not may_set(place, known[name]):
                raise fields.wrong(name, fields.unknown(name))
            if name in wish.fields and name in wish.update:
                raise fields.wrong(name, f"Field '{name}' cannot appear in both 'fields' and 'update'.")
            value = (
                known[name].parse(place, raw)
                if name in wish.fields
                else _verbs_applied(place, known[name], current, raw)
            )
            _must_show_what_is_attached(place, known[name], value)
            values[known[name].stands_for or name] = value
        except Refusal as refusal:
            faults |= refusal.errors
            messages += refusal.messages
    if faults:
        raise Refusal(400, *messages, errors=faults)
    return values


def _must_show_what_is_attached(place: Place, known: fields.EditableField, value: Json) -> None:
    if known.is_rich:
        must_be_attached(place.site, known.id, value, before=place.held(known.id))


def may_set(place: Place, known: fields.EditableField) -> bool:
    """Whether the field can be set here and the actor has the right to; without an actor all is right."""
    if not known.is_settable or (known.is_there and not known.is_there(place)):
        return False
    if not known.permission or place.actor is None:
        return True
    return place.site.may(place.actor, known.permission, space=place.space)


def checked_property(key: str, value: Json) -> Json:
    """``value`` if it may be kept under ``key``, else Refusal."""
    if not key or len(key) > 255:
        raise Refusal(400, "The property key must not be empty or longer than 255 characters.")
    if len(compact(value)) > PROPERTY_LENGTH:
        raise Refusal(400, f"The property value cannot be longer than {PROPERTY_LENGTH} characters.")
    return value


def checked_properties(properties: dict[str, Json]) -> dict[str, Json]:
    """All of ``properties`` if each may be kept, else Refusal."""
    return {key: checked_property(key, value) for key, value in properties.items()}


def _verbs_applied(
    place: Place, known: fields.EditableField, current: Mapping[str, Any], raw: Json
) -> object:
    value = current.get(known.id, known.empty)
    if not isinstance(raw, list):
        raise fields.wrong(known.id, "data was not an array")
    for operation in raw:
        verb, operand = _verb(known, operation)
        if verb in _WHOLE:
            value = known.parse(place, operand)
        else:
            named = known.parse(place, [operand]) or []
            others = [each for each in value or [] if each not in named]
            come = [each for each in named if each not in (value or [])]
            value = [*(value or []), *come] if verb == "add" else others
    return value or known.empty


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
