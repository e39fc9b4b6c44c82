"""Leave out of a plan what was refused: the rest of the work item is not to wait for it."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from backbone_app.core.canonical import digest
from backbone_app.core.operations import FieldWrite, Operation, OperationKind, Plan, Write
from backbone_app.core.values import EMPTY, Labels, Side

Spot = tuple[Side, str]
"""A row of the configuration, on the side it is written on."""

Wishes = Mapping[Spot, str]
"""Digests of the very values that were refused."""


def wish(write: Write, key: bytes) -> str:
    """Digest what a write would change, under the digest key of the side it writes."""
    if isinstance(write, FieldWrite):
        return digest(key, write.field, write.value)
    steps = (*(f"+{name}" for name in write.add), *(f"-{name}" for name in write.remove))
    return digest(key, write.field, Labels(frozenset(steps)))


def without(plan: Plan, refused: Wishes, keys: Mapping[Side, bytes]) -> tuple[Plan, frozenset[Spot]]:
    """Take the refused values out of ``plan``; also gives the spots where that left something undone.

    Another value of a refused row is tried. A creation whose summary was refused
    is left out as a whole.
    """
    held = frozenset(
        (operation.side, write.row)
        for operation in plan.operations
        for write in operation.writes
        if refused.get((operation.side, write.row)) == wish(write, keys[operation.side])
    )
    operations = tuple(rest for operation in plan.operations if (rest := _rest(operation, held)))
    conflicts = tuple(one for one in plan.conflicts if (one.winner.other, one.row) not in held)
    return replace(plan, operations=operations, conflicts=conflicts), held


def without_empty_summary(plan: Plan) -> tuple[Plan, frozenset[Spot]]:
    """Take out of every edit an empty summary, which Jira does not take; also gives where there was one."""
    held = frozenset(
        (operation.side, one.row)
        for operation in plan.operations
        for one in operation.writes
        if operation.kind is OperationKind.EDIT and _is_empty_summary(one)
    )
    operations = tuple(rest for operation in plan.operations if (rest := _rest(operation, held)))
    return replace(plan, operations=operations), held


def _is_empty_summary(one: Write) -> bool:
    return isinstance(one, FieldWrite) and one.field == "summary" and one.value == EMPTY


def apart_from(plan: Plan, rows: Collection[str]) -> Plan:
    """Leave whole rows out of a plan: what it writes, agrees on and disputes of them."""
    writes = [tuple(one for one in operation.writes if one.row not in rows) for operation in plan.operations]
    operations = zip(plan.operations, writes, strict=True)
    return replace(
        plan,
        operations=tuple(replace(operation, writes=kept) for operation, kept in operations if kept),
        agreements=tuple(change for change in plan.agreements if change.row not in rows),
        conflicts=tuple(one for one in plan.conflicts if one.row not in rows),
    )


def narrowed(operation: Operation) -> Operation:
    """Keep one write only, a creation its summary: what refuses does not always say which field it means."""
    if operation.kind is OperationKind.CREATE:
        return replace(operation, writes=tuple(one for one in operation.writes if one.field == "summary"))
    return replace(operation, writes=operation.writes[:1])


def _rest(operation: Operation, held: frozenset[Spot]) -> Operation | None:
    writes = tuple(one for one in operation.writes if (operation.side, one.row) not in held)
    if len(writes) == len(operation.writes):
        return operation
    nameless = operation.kind is OperationKind.CREATE and all(one.field != "summary" for one in writes)
    return replace(operation, writes=writes) if writes and not nameless else None
