"""What two spaces synchronize, and how: rows of work types and rows of fields.

A field row is named by its left field id, its *key*. Which rows take part for
a work item is said by its type row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from backbone_app.core.values import FieldKind, Side


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
        """The field id of that side."""
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
        """The work type id of that side."""
        return self.left_id if side is Side.LEFT else self.right_id


@dataclass(frozen=True, slots=True)
class Configuration:
    """What is synchronized, and how."""

    types: tuple[TypeRow, ...]
    fields: tuple[FieldRow, ...]
    policy: ConflictPolicy = ConflictPolicy.NEWER

    def type_row(self, side: Side, type_id: str) -> TypeRow | None:
        """The first row for that work type of that side; None: the type is not synchronized."""
        return next((row for row in self.types if row.on(side) == type_id), None)

    def rows(self, type_row: TypeRow) -> tuple[FieldRow, ...]:
        """The field rows that take part for that type, sorted by key."""
        return tuple(sorted((r for r in self.fields if r.key in type_row.fields), key=lambda r: r.key))


def to_document(configuration: Configuration) -> dict[str, object]:
    """The configuration as JSON can hold it; ``from_document`` is its inverse."""
    raise NotImplementedError


def from_document(document: Mapping[str, object]) -> Configuration:
    """Read a document made by ``to_document``, or by a person.

    Raises ``InvalidInput`` whose ``field`` names the place, for example ``types[0].direction``.
    """
    raise NotImplementedError


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
    """The first configuration offered: same-named types and fields, both ways, newer wins.

    Sub-task types stay out until parents are synchronized.
    """
    raise NotImplementedError
