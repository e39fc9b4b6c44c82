"""The stored values of a loaded work item's fields; what this site does not know is left out, and named."""

from collections.abc import Callable, Iterator
from typing import Any

from jira_sandbox import fields
from jira_sandbox.fields import EditableField, Place
from jira_sandbox.loading.people import Cast
from jira_sandbox.loading.reading import Given, Misfit, document, named, things
from jira_sandbox.state.elements import Estimates
from jira_sandbox.state.values import Json
from jira_sandbox.wire import Refusal

_STRICT = ("summary", "labels", "duedate", "description", "environment")
"""What a work item is not taken without, if it does not fit."""
_BY_NAME = ("priority", "resolution", "security")
_LISTS = ("components", "versions", "fixVersions")
_ESTIMATES = ("originalEstimateSeconds", "remainingEstimateSeconds")
Left = Callable[[str, str], None]


def stored(place: Place, given: Given, cast: Cast, left: Left) -> dict[str, Any]:
    """Give the values by field id; ``left`` is told the field and the reason of each that stays behind.

    Misfit for a summary, a rich text, labels or a due date that this Jira would not take.
    """
    known = fields.at(place)
    values: dict[str, Any] = {}
    for name in _STRICT:
        raw = given.fields.get(name)
        if raw is not None or name == "summary":
            rich = known[name].is_rich and raw is not None
            values[name] = _parsed(place, known[name], document(name, raw) if rich else raw)
    for name in ("assignee", "reporter"):
        if given.fields.get(name):
            values[name] = cast.player(given.fields[name]).account_id
    values |= _tracked(given)
    for name, field, raw in _others(place, given):
        try:
            values[field.stands_for or name] = field.parse(place, raw)
        except Refusal as refusal:
            left(name, " ".join([*refusal.messages, *refusal.errors.values()]))
    return values


def _parsed(place: Place, field: EditableField, raw: Json) -> Any:
    try:
        return field.parse(place, raw)
    except Refusal as refusal:
        raise Misfit(f"{field.id}: {refusal.errors[field.id]}") from None


def _tracked(given: Given) -> dict[str, Any]:
    raw = given.fields.get("timetracking")
    first, rest = (raw.get(each) if isinstance(raw, dict) else None for each in _ESTIMATES)
    if not isinstance(first, int) and not isinstance(rest, int):
        return {}
    return {"timetracking": Estimates(original=first, remaining=rest)}


def _others(place: Place, given: Given) -> Iterator[tuple[str, EditableField, Json]]:
    """Give what is chosen by name, and custom fields that have the title of one of this place."""
    known = fields.at(place)
    for name in _BY_NAME:
        if named(given.fields.get(name)):
            yield name, known[name], {"name": named(given.fields[name])}
    for name in _LISTS:
        listed = [{"name": named(each)} for each in things(given.fields.get(name))]
        if listed:
            yield name, known[name], listed
    titles = {each.name: each for each in known.values() if each.is_custom and each.is_settable}
    for name, title in given.names.items():
        raw = given.fields.get(name)
        if name.startswith("customfield_") and raw is not None and title in titles:
            yield titles[title].id, titles[title], _portable(titles[title], raw)


def _portable(field: EditableField, raw: Json) -> Json:
    """Take ids out of a value, which are those of another site: options, versions and spaces go by name."""
    if field.is_rich and isinstance(raw, str):
        return document(field.id, raw)
    if isinstance(raw, list):
        return [_portable(field, each) for each in raw]
    if not isinstance(raw, dict) or field.is_rich:
        return raw
    kept = {name: raw[name] for name in ("value", "name", "key", "accountId") if name in raw}
    return kept | ({"child": _portable(field, raw["child"])} if "child" in raw else {})
