"""The plan for one pair: what to write where, and what becomes the base.

Pure, deterministic, in a fixed order: same views, same plan.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from backbone_app.core.canonical import element
from backbone_app.core.collections import merge_labels, names_of
from backbone_app.core.configuration import Configuration, ConflictPolicy, FieldRow
from backbone_app.core.mapping import fits
from backbone_app.core.merge import merge
from backbone_app.core.operations import (
    Conflict,
    FieldWrite,
    LabelsWrite,
    Operation,
    OperationKind,
    Plan,
    Problem,
    Question,
    Write,
)
from backbone_app.core.rows import RowPlan, Seen, look
from backbone_app.core.state import EMPTY_BASE, Base, BaseChange, ElementBase, FieldBase, View
from backbone_app.core.values import EMPTY, FieldKind, Side

__all__ = [
    "EMPTY_BASE",
    "Base",
    "BaseChange",
    "Conflict",
    "ElementBase",
    "FieldBase",
    "FieldWrite",
    "LabelsWrite",
    "Operation",
    "OperationKind",
    "Plan",
    "Problem",
    "Question",
    "View",
    "Write",
    "differs",
    "plan",
]

_NOT_MAPPED: Final = Plan(problems=(Problem(None, "type_not_mapped"),))


def plan(
    configuration: Configuration,
    base: Base,
    left: View | None,
    right: View | None,
    *,
    twin_key: bytes | None = None,
    twin_people: frozenset[str] | None = None,
    origin: Side | None = None,
    choice: ConflictPolicy | None = None,
) -> Plan:
    """Work out what brings the pair in step.

    A view that is None: this side's twin does not exist yet; it is created
    where type row and direction allow. ``twin_key`` is then the digest key of
    the site it is created on (None: both spaces are on one site), ``twin_people``
    what a view says as ``people``.
    ``origin`` is the side whose work item the other's was created from: its
    status is the one that counts until the two agree on one. None: neither was.
    ``choice`` settles rows that never agreed and differ; None: each is a question.
    A work type outside the configuration, or two types that are not of one
    row, give the problem ``type_not_mapped`` and nothing else.
    """
    if left is not None and right is not None:
        return _in_step(configuration, base, {Side.LEFT: left, Side.RIGHT: right}, origin, choice)
    here, view = (Side.LEFT, left) if left is not None else (Side.RIGHT, right)
    if view is None:
        return Plan()
    twin = View({}, view.key if twin_key is None else twin_key, people=twin_people)
    return _twin(configuration, here, view, twin)


def differs(configuration: Configuration, base: Base, side: Side, view: View) -> bool:
    """Whether the other side is worth reading after this side was seen.

    True when a mapped field that may travel from here differs from its base or
    has none, or was changed and has returned to it, when it holds what its row
    cannot carry, when a crossed edit is open, or when the type is not mapped.
    """
    type_row = configuration.type_row(side, view.type_id)
    if type_row is None or view.current:
        return True
    rows = [row for row in configuration.rows(type_row) if row.direction.writes(side.other)]
    return any(_differs(row, base, side, seen) for row in rows if (seen := look(row, side, view)))


def _differs(row: FieldRow, base: Base, side: Side, seen: Seen) -> bool:
    agreed = base.fields.get(row.key)
    if agreed is None or not fits(row.kind, seen.value) or seen.has_returned:
        return True
    if row.kind is not FieldKind.LABELS:
        return agreed.on(side) != seen.digest(seen.value)
    elements = {member.on(side) for member in base.elements.get(row.key, ())}
    return elements != {element(seen.key, seen.name, name) for name in names_of(seen.value)}


def _in_step(
    configuration: Configuration,
    base: Base,
    views: Mapping[Side, View],
    origin: Side | None,
    choice: ConflictPolicy | None,
) -> Plan:
    type_row = configuration.joint_row(views[Side.LEFT].type_id, views[Side.RIGHT].type_id)
    if type_row is None:
        return _NOT_MAPPED
    parts = [
        _part(configuration, row, base, sides, origin=origin, choice=choice)
        for row, sides in _shown(configuration.rows(type_row), views)
    ]
    operations = tuple(operation for side in Side for operation in _operations(parts, side, configuration))
    return _collect(parts, operations, _agreements(parts))


def _operations(parts: Sequence[RowPlan], side: Side, configuration: Configuration) -> list[Operation]:
    """Put all of a side's writes into one edit; a status moves by a call of its own, afterwards."""
    writes = [part.writes[side] for part in parts if side in part.writes]
    statuses = {row.key for row in configuration.fields if row.kind is FieldKind.STATUS}
    edits = tuple(write for write in writes if write.row not in statuses)
    moves = [(write,) for write in writes if write.row in statuses]
    edit = [Operation(OperationKind.EDIT, side, edits)] if edits else []
    return [*edit, *(Operation(OperationKind.TRANSITION, side, move) for move in moves)]


def _twin(configuration: Configuration, origin: Side, view: View, twin: View) -> Plan:
    """Plan one creation: a twin yet to come is one that is empty everywhere, and has no status yet."""
    type_row = configuration.type_row(origin, view.type_id)
    if type_row is None:
        return _NOT_MAPPED
    side = origin.other
    if not type_row.direction.writes(side):
        return Plan()
    rows = [row for row in configuration.rows(type_row) if row.kind is not FieldKind.STATUS]
    views = {origin: view, side: replace(twin, fields={row.on(side): EMPTY for row in rows})}
    parts = [
        _part(configuration, row, EMPTY_BASE, sides, origin=origin) for row, sides in _shown(rows, views)
    ]
    writes = tuple(part.writes[side] for part in parts if side in part.writes)
    creation = Operation(OperationKind.CREATE, side, writes, type_row.on(side), also=_agreements(parts))
    return _collect(parts, (creation,), ())


def _shown(
    rows: Iterable[FieldRow], views: Mapping[Side, View]
) -> Iterator[tuple[FieldRow, Mapping[Side, Seen]]]:
    """See each row that both sides show; the others take no part."""
    for row in rows:
        left, right = (look(row, side, views[side]) for side in Side)
        if left and right:
            yield row, {Side.LEFT: left, Side.RIGHT: right}


def _part(
    configuration: Configuration,
    row: FieldRow,
    base: Base,
    sides: Mapping[Side, Seen],
    *,
    origin: Side | None,
    choice: ConflictPolicy | None = None,
) -> RowPlan:
    if not all(fits(row.kind, seen.value) for seen in sides.values()):
        return RowPlan(problem=Problem(row.key, "unexpected_value"))
    agreed = base.fields.get(row.key)
    if row.kind is not FieldKind.LABELS:
        return merge(row, agreed, sides, configuration=configuration, origin=origin, choice=choice)
    elements = None if agreed is None else base.elements.get(row.key, frozenset())
    return merge_labels(row, elements, sides, choice=choice)


def _agreements(parts: Sequence[RowPlan]) -> tuple[BaseChange, ...]:
    return tuple(part.agreement for part in parts if part.agreement)


def _collect(
    parts: Sequence[RowPlan], operations: tuple[Operation, ...], agreements: tuple[BaseChange, ...]
) -> Plan:
    return Plan(
        operations=operations,
        agreements=agreements,
        conflicts=tuple(part.conflict for part in parts if part.conflict),
        questions=tuple(part.question for part in parts if part.question),
        problems=tuple(part.problem for part in parts if part.problem),
    )
