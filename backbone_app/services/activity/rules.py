"""Which row of the configuration a change went by, in words."""

from collections.abc import Mapping
from typing import Final

from backbone_app.core.configuration import Configuration, ConflictPolicy, Direction, FieldRow, field_name
from backbone_app.core.values import FieldKind, Side
from backbone_app.models.intent import JournalKind

ARROWS: Final[Mapping[Direction, str]] = {
    Direction.BOTH: "↔",
    Direction.TO_RIGHT: "→",
    Direction.TO_LEFT: "←",
}
OF_COMMENTS: Final = "Comments: author's original"
OF_CLONES: Final = "Clones: a copy of a twin is a work item of its own"
OF_CONFLICTS: Final[Mapping[ConflictPolicy, str]] = {
    ConflictPolicy.NEWER: "Conflicts: the newer edit wins",
    ConflictPolicy.LEFT: "Conflicts: the left side wins",
    ConflictPolicy.RIGHT: "Conflicts: the right side wins",
}
OF_FOLLOWED: Final = "Conflicts: an edit that somebody has gone on from wins"
WHOLE: Final[Mapping[str, str]] = {JournalKind.UNMARKED: OF_CLONES}


def of_types(configuration: Configuration, side: Side, type_id: str) -> str:
    """Name the row that the work type of a creation goes by; empty where the row is not there."""
    row = configuration.type_row(side, type_id)
    if row is None:
        return ""
    return f"Work types: {row.left_name} {ARROWS[row.direction]} {row.right_name}"


def of_row(configuration: Configuration, key: str, way: tuple[str, str] | None) -> str:
    """Name the row that a field goes by; for a status the ``way``, where it may be known."""
    row = next((row for row in configuration.fields if row.key == key), None)
    if row is None:
        return ""
    if row.kind is FieldKind.STATUS:
        return f"Workflow: {way[0]} → {way[1]}" if way else "Workflow"
    return _of_field(row)


def _of_field(row: FieldRow) -> str:
    return f"Fields: {field_name(row.left)} {ARROWS[row.direction]} {field_name(row.right)}"
