"""What a plan says: writes, what they make of the base, and what people must know.

Frozen values in a fixed order: a plan is printed for a preview, refused by the
guard, compared in tests, and applied by whoever holds the pair.
"""

from dataclasses import dataclass
from enum import StrEnum

from backbone_app.core.state import BaseChange
from backbone_app.core.values import Edit, Side, Value


class OperationKind(StrEnum):
    """The calls that change a work item; a transition is the only way to change a status."""

    CREATE = "create"
    EDIT = "edit"
    TRANSITION = "transition"


@dataclass(frozen=True, slots=True)
class FieldWrite:
    """One field gets one value.

    ``becomes`` is the base once it stands; ``edit`` the edit that travels;
    ``overwrote`` the edit of the written side that gives way to it. ``puts_back``
    marks a person's value that returns to its own side, where a write of ours
    had overwritten it before we had seen it.
    """

    row: str
    field: str
    value: Value
    becomes: BaseChange
    edit: Edit | None = None
    overwrote: Edit | None = None
    puts_back: bool = False


@dataclass(frozen=True, slots=True)
class LabelsWrite:
    """Names that join and leave one set; what else the set holds is not touched."""

    row: str
    field: str
    add: tuple[str, ...]
    remove: tuple[str, ...]
    becomes: BaseChange
    edit: Edit | None = None


Write = FieldWrite | LabelsWrite


@dataclass(frozen=True, slots=True)
class Operation:
    """One call to one side; ``also`` becomes base together with its writes.

    A transition has one write, the status to arrive at. Where the way there
    takes several steps, each is an operation made by ``workflow.step``.

    Operations are applied in order. After one that was refused or crossed the
    rest is out of date: the pair is planned again.
    """

    kind: OperationKind
    side: Side
    writes: tuple[Write, ...]
    type_id: str = ""  # the type to create, "" for an edit
    also: tuple[BaseChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Both sides changed a field to different values; the policy chose.

    ``tie``: the edits were too close, or their times unknown, so that "newer"
    could not decide and left won.
    """

    row: str
    left: Value
    right: Value
    winner: Side
    left_edit: Edit | None = None
    right_edit: Edit | None = None
    tie: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """The sides differ in a row they never agreed on: a person decides, nothing is written."""

    row: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that keeps a row, or with None the whole pair, out of the plan.

    Codes: ``type_not_mapped``; ``unexpected_value`` (a set in a row of single
    values or the other way round); ``status_not_mapped`` (a status that would
    travel has no counterpart on the other side).
    """

    row: str | None
    code: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that follows from two views and a base.

    ``agreements`` are base changes that need no write.
    """

    operations: tuple[Operation, ...] = ()
    agreements: tuple[BaseChange, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    questions: tuple[Question, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write; there may still be a base to commit."""
        return not self.operations
