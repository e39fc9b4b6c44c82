"""One row of a plan: how a side's field is seen, and what follows for the row."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from backbone_app.core.canonical import digest
from backbone_app.core.configuration import FieldRow
from backbone_app.core.operations import Conflict, Problem, Question, Write
from backbone_app.core.state import BaseChange, View
from backbone_app.core.values import Edit, FieldKind, Side, Value
from backbone_app.core.wikitext import NAMELESS


@dataclass(frozen=True, slots=True)
class Seen:
    """One side's field by that side's id: what it claims, what stands there now, whose edit it was.

    ``people`` are the accounts its site knows (None: everybody), ``names`` are those of its own people,
    ``born`` is the creation of its work item, where the whole history was seen. ``has_returned``: somebody
    has chosen anew what the field held before, and what came between was carried nowhere.
    """

    name: str
    value: Value
    current: Value
    edit: Edit | None
    key: bytes = field(repr=False)
    people: frozenset[str] | None = None
    born: Edit | None = None
    has_returned: bool = False
    names: Mapping[str, str] = field(default_factory=lambda: NAMELESS)

    def digest(self, value: Value) -> str:
        """Digest a value as this side's field would hold it."""
        return digest(self.key, self.name, value)


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What follows for one row; at most one write a side."""

    writes: Mapping[Side, Write] = field(default_factory=lambda: MappingProxyType({}))
    agreement: BaseChange | None = None
    conflict: Conflict | None = None
    question: Question | None = None
    problem: Problem | None = None


def look(row: FieldRow, side: Side, view: View) -> Seen | None:
    """See one row on one side; None: that side did not show the field, which is not the same as empty."""
    name = row.on(side)
    if name not in view.fields:
        return None
    value = view.fields[name]
    current, edit = view.current.get(name, value), view.edits.get(name)
    has_returned = row.kind is not FieldKind.LABELS and name in view.returned  # of a set each name is its own
    return Seen(name, value, current, edit, view.key, view.people, view.born, has_returned, view.names)
