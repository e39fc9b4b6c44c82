"""What two spaces synchronize, and how: rows of work types and rows of fields.

A field row is named by its left field id, its *key*. Which rows take part for
a work item is said by its type row.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from backbone_app.core.values import FieldKind, Side
from backbone_app.errors import InvalidInput

_Word = TypeVar("_Word", bound=StrEnum)


class Direction(StrEnum):
    """Which way values of a row travel; for a type row, which way twins are created."""

    BOTH = "both"
    TO_RIGHT = "to_right"
    TO_LEFT = "to_left"

    def writes(self, side: Side) -> bool:
        """Whether that side may be written."""
        forbidden = Direction.TO_LEFT if side is Side.RIGHT else Direction.TO_RIGHT
        return self is not forbidden


class ConflictPolicy(StrEnum):
    """Whose value stands when both sides changed a field."""

    NEWER = "newer"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of the left and the field of the right it is kept in step with."""

    left: str
    right: str
    kind: FieldKind
    direction: Direction = Direction.BOTH

    @property
    def key(self) -> str:
        """The name of the row."""
        return self.left

    def on(self, side: Side) -> str:
        """Give that side's field id."""
        return self.left if side is Side.LEFT else self.right


@dataclass(frozen=True, slots=True)
class TypeRow:
    """One work type of the left and its counterpart; ``fields`` are keys of the rows both types offer."""

    left_id: str
    left_name: str
    right_id: str
    right_name: str
    direction: Direction = Direction.BOTH
    fields: tuple[str, ...] = ()

    def on(self, side: Side) -> str:
        """Give that side's work type id."""
        return self.left_id if side is Side.LEFT else self.right_id


@dataclass(frozen=True, slots=True)
class Configuration:
    """What is synchronized, and how."""

    types: tuple[TypeRow, ...]
    fields: tuple[FieldRow, ...]
    policy: ConflictPolicy = ConflictPolicy.NEWER

    def type_row(self, side: Side, type_id: str) -> TypeRow | None:
        """Find the first row for that work type of that side; None: the type is not synchronized."""
        return next((row for row in self.types if row.on(side) == type_id), None)

    def fields_of(self, side: Side, keys: Collection[str]) -> frozenset[str]:
        """Give that side's field ids of the rows with these keys."""
        return frozenset(row.on(side) for row in self.fields if row.key in keys)

    def rows(self, type_row: TypeRow) -> tuple[FieldRow, ...]:
        """List the field rows that take part for that type, sorted by key."""
        return tuple(sorted((r for r in self.fields if r.key in type_row.fields), key=lambda r: r.key))


@dataclass(frozen=True, slots=True)
class WorkType:
    """A work type a space offers, with the ids of the fields it can set."""

    id: str
    name: str
    subtask: bool
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SpaceShape:
    """What a space offers to be synchronized."""

    types: tuple[WorkType, ...]


SUPPORTED: Final[Mapping[str, FieldKind]] = {
    "summary": FieldKind.TEXT,
    "priority": FieldKind.OPTION,
    "labels": FieldKind.LABELS,
}
"""The fields that can be synchronized, by the id they have on every site."""


def propose(left: SpaceShape, right: SpaceShape) -> Configuration:
    """Propose the first configuration: same-named types and fields, both ways, newer wins.

    Sub-task types stay out until parents are synchronized.
    """
    ours, theirs = _by_name(left), _by_name(right)
    types = tuple(_type_row(ours[name], theirs[name]) for name in ours if name in theirs)
    offered = {key for row in types for key in row.fields}
    fields = tuple(FieldRow(key, key, kind) for key, kind in SUPPORTED.items() if key in offered)
    return Configuration(types, fields)


def _type_row(left: WorkType, right: WorkType) -> TypeRow:
    fields = tuple(key for key in SUPPORTED if key in left.fields and key in right.fields)
    return TypeRow(left.id, left.name, right.id, right.name, fields=fields)


def _by_name(shape: SpaceShape) -> dict[str, WorkType]:
    by_name: dict[str, WorkType] = {}
    for work_type in shape.types:
        if not work_type.subtask:
            by_name.setdefault(work_type.name, work_type)
    return by_name


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
    }


def from_document(document: Mapping[str, object]) -> Configuration:
    """Read a document made by ``to_document``, or by a person.

    Strict, since a misspelt key in an imported file must not switch anything
    silently: ``InvalidInput`` names the place in ``field``, for example
    ``types[0].direction``.
    """
    top = _object(document, "document", ("format", "policy", "types", "fields"))
    if top["format"] != FORMAT:
        raise InvalidInput("format", f"This version reads format {FORMAT} only.")
    fields = tuple(_field_row(entry, place) for place, entry in _entries(top["fields"], "fields"))
    _refuse_repeats([row.left for row in fields], "fields", "left")
    _refuse_repeats([row.right for row in fields], "fields", "right")
    keys = frozenset(row.key for row in fields)
    types = tuple(_read_type_row(entry, place, keys) for place, entry in _entries(top["types"], "types"))
    _refuse_repeats([(row.left_id, row.right_id) for row in types], "types", "right_id")
    return Configuration(types, fields, _word(ConflictPolicy, top["policy"], "policy"))


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
