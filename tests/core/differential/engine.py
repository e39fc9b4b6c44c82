"""What the engine makes of a triple, told as the reference tells it."""

from collections.abc import Iterator

from backbone_app.core import guard
from backbone_app.core.operations import FieldWrite
from backbone_app.core.plan import (
    Base,
    BaseChange,
    FieldBase,
    Operation,
    OperationKind,
    Plan,
    Write,
    plan,
)
from backbone_app.core.state import ElementBase
from backbone_app.core.values import FieldKind, Option, Side
from backbone_app.core.workflow import next_step, step
from tests.core.differential import digests
from tests.core.reference import Fact, Triple

LEFT, RIGHT = Side.LEFT, Side.RIGHT


def planned(triple: Triple) -> tuple[frozenset[Fact], str | None]:
    """Give the facts of the engine's plan, and what its guard says of it."""
    teller = _Teller(triple)
    made = plan(
        triple.configuration,
        teller.base,
        triple.left,
        triple.right,
        twin_key=None if triple.keys[0] == triple.keys[1] else triple.keys[0 if triple.left is None else 1],
        twin_people=triple.twin_people,
        origin=triple.origin,
        choice=triple.choice,
    )
    return frozenset(teller.told(made)), guard.check(triple.published, made)


class _Teller:
    """Turns plans into facts; what the reference needs no digests for is read back from them."""

    def __init__(self, triple: Triple) -> None:
        self.triple = triple
        self.rows = {row.key: row for row in triple.configuration.fields}
        self.base = self._digested()

    def _digested(self) -> Base:
        fields, elements = {}, {}
        (left, right) = self.triple.keys
        for key, was in self.triple.base.items():
            row = self.rows[key]
            if isinstance(was, frozenset):
                fields[key] = FieldBase()
                elements[key] = frozenset(
                    ElementBase(digests.of_name(left, row.left, a), digests.of_name(right, row.right, b))
                    for a, b in was
                )
            else:
                fields[key] = FieldBase(
                    digests.of_value(left, row.left, was[0]), digests.of_value(right, row.right, was[1])
                )
        return Base(fields, elements)

    def told(self, made: Plan) -> Iterator[Fact]:
        for number, operation in enumerate(made.operations):
            yield from self._operation(number, operation)
        for change in made.agreements:
            yield "agreed", change.row, self._after(change)
        for one in made.conflicts:
            edits = (one.left_edit, one.right_edit)
            yield "conflict", one.row, one.left, one.right, one.winner, *edits, one.tie
        yield from (("question", question.row) for question in made.questions)
        yield from (("problem", problem.row, problem.code) for problem in made.problems)

    def _operation(self, number: int, operation: Operation) -> Iterator[Fact]:
        side = operation.side
        fields = frozenset(write.field for write in operation.writes)
        yield "call", number, side, operation.kind.value, operation.type_id, fields
        for write in operation.writes:
            yield from self._write(side, write)
            yield "once written", side, write.row, self._after(write.becomes)
        yield from (("once created", change.row, self._after(change)) for change in operation.also)
        if operation.kind is OperationKind.TRANSITION:
            yield from self._step(operation)

    def _write(self, side: Side, write: Write) -> Iterator[Fact]:
        if isinstance(write, FieldWrite):
            yield "write", side, write.row, write.field, write.value
            yield "gives way", side, write.row, write.overwrote
        else:
            yield from (("joins", side, write.row, write.field, name) for name in write.add)
            yield from (("leaves", side, write.row, write.field, name) for name in write.remove)
        yield "carries", side, write.row, write.edit

    def _step(self, operation: Operation) -> Iterator[Fact]:
        side, (write,) = operation.side, operation.writes
        workflow, view = self.triple.workflow(side), self.triple.view(side)
        assert isinstance(write, FieldWrite)
        assert isinstance(write.value, Option)
        assert view is not None
        at = view.current.get(write.field, view.fields[write.field])
        assert isinstance(at, Option)
        edge = next_step(
            workflow.edges, workflow.offered, at=at.name, to=write.value.name, explored=workflow.explored
        )
        if edge is None:
            yield "stays", side
            return
        yield "step", side, edge.transition, edge.target
        (taken,) = step(operation, edge.target, key=view.key).writes
        if taken != write and taken.becomes.on(side) is not None:
            digests.of_value(view.key, write.field, Option(edge.target))
            yield "once stepped", side, write.row, self._after(taken.becomes)

    def _after(self, change: BaseChange) -> object:
        """Give the row's base after the change: None where a side of it never agreed."""
        row, after = self.rows[change.row], self.base.after((change,))
        left, right = self.triple.keys
        if row.kind is FieldKind.LABELS:
            return frozenset(
                (digests.read(left, row.left, one.left), digests.read(right, row.right, one.right))
                for one in after.elements[change.row]
            )
        was = after.fields[change.row]
        if was.left is None or was.right is None:
            return None
        return digests.read(left, row.left, was.left), digests.read(right, row.right, was.right)
