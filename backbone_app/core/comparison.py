"""Two work items side by side, row by row, before anything is written."""

from dataclasses import dataclass
from enum import StrEnum

from backbone_app.core import texts
from backbone_app.core.collections import names_of
from backbone_app.core.configuration import Configuration, FieldRow
from backbone_app.core.operations import Plan
from backbone_app.core.plan import plan
from backbone_app.core.rows import look
from backbone_app.core.state import Base, View
from backbone_app.core.values import EMPTY, Day, Labels, Option, Rich, Side, Text, Value, Wiki


class Verdict(StrEnum):
    """What follows for a row; APART: it differs, and the direction lets nothing travel."""

    EQUAL = "equal"
    FILL_LEFT = "fill left"
    FILL_RIGHT = "fill right"
    DIFFERENT = "different"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Compared:
    """One row with what each side holds in it."""

    row: FieldRow
    verdict: Verdict
    left: Value
    right: Value

    def on(self, side: Side) -> Value:
        """Give that side's value."""
        return self.left if side is Side.LEFT else self.right


def compare(configuration: Configuration, base: Base, left: View, right: View) -> tuple[Compared, ...]:
    """Compare the rows that both sides show, by key; DIFFERENT are those that somebody has to decide.

    Nothing is compared where the two work types are not of one row.
    """
    type_row = configuration.joint_row(left.type_id, right.type_id)
    rows = configuration.rows(type_row) if type_row else ()
    made = plan(configuration, base, left, right)
    seen = ((row, look(row, Side.LEFT, left), look(row, Side.RIGHT, right)) for row in rows)
    return tuple(
        Compared(row, _verdict(row, made, here.value, there.value), here.value, there.value)
        for row, here, there in seen
        if here and there
    )


def _verdict(row: FieldRow, made: Plan, left: Value, right: Value) -> Verdict:
    if any(question.row == row.key for question in made.questions):
        return Verdict.DIFFERENT
    written = {op.side for op in made.operations for write in op.writes if write.row == row.key}
    if written:
        return Verdict.FILL_LEFT if Side.LEFT in written else Verdict.FILL_RIGHT
    is_odd = any(problem.row == row.key for problem in made.problems)
    return Verdict.APART if is_odd or _is_empty(left) != _is_empty(right) else Verdict.EQUAL


def _is_empty(value: Value) -> bool:
    return value == EMPTY or (isinstance(value, Labels) and not value.names)


def words(value: Value) -> str:
    """Say a value in plain text; nothing for an empty one."""
    match value:
        case Text(text) | Day(text) | Option(text):
            return text
        case Labels():
            return ", ".join(sorted(names_of(value)))
        case Rich() | Wiki():
            return texts.plain(value)
        case _:
            return ""
