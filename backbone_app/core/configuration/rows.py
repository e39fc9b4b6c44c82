"""What two spaces synchronize, and how: rows of work types and rows of fields.

A field row is named by its left field id, its *key*. Which rows take part for
a work item is said by its type row.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

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
class Comments:
    """Which way comments travel, and the line that names the author in front of a copy.

    ``{author}`` in the line stands for the author's name.
    """

    to_right: bool = True
    to_left: bool = True
    author_line: str = "{author} commented:"

    def travel(self, to: Side) -> bool:
        """Whether comments of the other side are copied to that one."""
        return self.to_right if to is Side.RIGHT else self.to_left

    def line(self, author: str) -> str:
        """Give the line for that author's name."""
        return self.author_line.replace("{author}", author)


StatusPairs = tuple[tuple[str, str], ...]
"""For one direction: names of the source's statuses, each with its name on the target."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What is synchronized, and how; a status without a row has no counterpart."""

    types: tuple[TypeRow, ...]
    fields: tuple[FieldRow, ...]
    policy: ConflictPolicy = ConflictPolicy.NEWER
    statuses_to_right: StatusPairs = ()
    statuses_to_left: StatusPairs = ()
    comments: Comments = Comments()

    def status_across(self, name: str, *, to: Side) -> str | None:
        """Name that side's counterpart of the other side's status ``name``; None: it has none."""
        pairs = self.statuses_to_right if to is Side.RIGHT else self.statuses_to_left
        return dict(pairs).get(name)

    def type_row(self, side: Side, type_id: str) -> TypeRow | None:
        """Find the first row for that work type of that side; None: the type is not synchronized."""
        return next((row for row in self.types if row.on(side) == type_id), None)

    def joint_row(self, left_id: str, right_id: str) -> TypeRow | None:
        """Find the row that keeps exactly these two work types in step."""
        return next((row for row in self.types if (row.left_id, row.right_id) == (left_id, right_id)), None)

    def fields_of(self, side: Side, keys: Collection[str]) -> frozenset[str]:
        """Give that side's field ids of the rows with these keys."""
        return frozenset(row.on(side) for row in self.fields if row.key in keys)

    def rows(self, type_row: TypeRow) -> tuple[FieldRow, ...]:
        """List the field rows that take part for that type, sorted by key."""
        return tuple(sorted((r for r in self.fields if r.key in type_row.fields), key=lambda r: r.key))
