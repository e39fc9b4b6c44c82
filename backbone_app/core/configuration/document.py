"""The configuration as a document: stored with a synchronization, exported, imported."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeVar

from backbone_app.core.configuration.rows import (
    Comments,
    Configuration,
    ConflictPolicy,
    Direction,
    FieldRow,
    StatusPairs,
    TypeRow,
)
from backbone_app.core.values import FieldKind
from backbone_app.errors import InvalidInput

_Word = TypeVar("_Word", bound=StrEnum)

FORMAT: Final = 1
"""The version of the document."""


def to_document(configuration: Configuration) -> dict[str, object]:
    """Give the configuration as JSON can hold it; ``from_document`` is its inverse."""
    return {
        "format": FORMAT,
        "policy": configuration.policy.value,
        "types": [
            {
                "left_id": row.left_id,
                "left_name": row.left_name,
                "right_id": row.right_id,
                "right_name": row.right_name,
                "direction": row.direction.value,
                "fields": list(row.fields),
            }
            for row in configuration.types
        ],
        "fields": [
            {
                "left": row.left,
                "right": row.right,
                "kind": row.kind.value,
                "direction": row.direction.value,
            }
            for row in configuration.fields
        ],
        "statuses_to_right": [list(pair) for pair in configuration.statuses_to_right],
        "statuses_to_left": [list(pair) for pair in configuration.statuses_to_left],
        "comments": {
            "to_right": configuration.comments.to_right,
            "to_left": configuration.comments.to_left,
            "author_line": configuration.comments.author_line,
        },
    }


_SINCE: Final[Mapping[str, object]] = {
    "statuses_to_right": [],
    "statuses_to_left": [],
    "comments": {"to_right": False, "to_left": False, "author_line": Comments().author_line},
}
"""What a document means that was made before these parts existed: nothing starts to travel by itself."""


def from_document(document: Mapping[str, object]) -> Configuration:
    """Read a document made by ``to_document``, or by a person.

    Strict, since a misspelt key in an imported file must not switch anything
    silently: ``InvalidInput`` names the place in ``field``, for example
    ``types[0].direction``. Parts that came later may be missing.
    """
    top = _object({**_SINCE, **document}, "document", ("format", "policy", "types", "fields", *_SINCE))
    if top["format"] != FORMAT:
        raise InvalidInput("format", f"This version reads format {FORMAT} only.")
    fields = tuple(_field_row(entry, place) for place, entry in _entries(top["fields"], "fields"))
    _refuse_repeats([row.left for row in fields], "fields", "left")
    _refuse_repeats([row.right for row in fields], "fields", "right")
    keys = frozenset(row.key for row in fields)
    types = tuple(_read_type_row(entry, place, keys) for place, entry in _entries(top["types"], "types"))
    _refuse_repeats([(row.left_id, row.right_id) for row in types], "types", "right_id")
    return Configuration(
        types,
        fields,
        policy=_word(ConflictPolicy, top["policy"], "policy"),
        statuses_to_right=_status_pairs(top["statuses_to_right"], "statuses_to_right"),
        statuses_to_left=_status_pairs(top["statuses_to_left"], "statuses_to_left"),
        comments=_comments(top["comments"]),
    )


def _status_pairs(value: object, place: str) -> StatusPairs:
    pairs = tuple(_status_pair(entry, where) for where, entry in _entries(value, place))
    _refuse_repeats([source for source, _ in pairs], place)
    return pairs


def _status_pair(entry: object, place: str) -> tuple[str, str]:
    names = [_text(name, where) for where, name in _entries(entry, place)]
    if len(names) != 2:
        raise InvalidInput(place, "This must be the name of a status and of its counterpart.")
    return names[0], names[1]


def _comments(value: object) -> Comments:
    part = _object(value, "comments", ("to_right", "to_left", "author_line"))
    return Comments(
        to_right=_switch(part["to_right"], "comments.to_right"),
        to_left=_switch(part["to_left"], "comments.to_left"),
        author_line=_text(part["author_line"], "comments.author_line"),
    )


def _field_row(entry: object, place: str) -> FieldRow:
    row = _object(entry, place, ("left", "right", "kind", "direction"))
    return FieldRow(
        left=_text(row["left"], f"{place}.left"),
        right=_text(row["right"], f"{place}.right"),
        kind=_word(FieldKind, row["kind"], f"{place}.kind"),
        direction=_word(Direction, row["direction"], f"{place}.direction"),
    )


def _read_type_row(entry: object, place: str, keys: frozenset[str]) -> TypeRow:
    names = ("left_id", "left_name", "right_id", "right_name")
    row = _object(entry, place, (*names, "direction", "fields"))
    fields = tuple(_text(key, where) for where, key in _entries(row["fields"], f"{place}.fields"))
    for number, key in enumerate(fields):
        if key not in keys:
            raise InvalidInput(f"{place}.fields[{number}]", "This field has no row under fields.")
    _refuse_repeats(fields, f"{place}.fields")
    left_id, left_name, right_id, right_name = (_text(row[name], f"{place}.{name}") for name in names)
    direction = _word(Direction, row["direction"], f"{place}.direction")
    return TypeRow(left_id, left_name, right_id, right_name, direction, fields)


def _object(value: object, place: str, keys: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, Mapping) or set(value) != set(keys):
        raise InvalidInput(place, f"This must be an object with exactly: {', '.join(keys)}.")
    return value


def _entries(value: object, place: str) -> list[tuple[str, object]]:
    if not isinstance(value, list):
        raise InvalidInput(place, "This must be a list.")
    return [(f"{place}[{number}]", entry) for number, entry in enumerate(value)]


def _text(value: object, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise InvalidInput(place, "This must be a text that is not empty.")
    return value


def _switch(value: object, place: str) -> bool:
    if not isinstance(value, bool):
        raise InvalidInput(place, "This must be true or false.")
    return value


def _word(words: type[_Word], value: object, place: str) -> _Word:
    known = {word.value: word for word in words}
    if not isinstance(value, str) or value not in known:
        raise InvalidInput(place, f"This must be one of: {', '.join(known)}.")
    return known[value]


def _refuse_repeats(values: Sequence[object], place: str, key: str = "") -> None:
    for number, value in enumerate(values):
        if value in values[:number]:
            where = f"{place}[{number}].{key}" if key else f"{place}[{number}]"
            raise InvalidInput(where, "This is here twice.")
