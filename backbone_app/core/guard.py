"""The last door before any write: refuse a plan that must not be applied.

The planner already keeps to all this. The guard shares none of its code, so
that one fault in the planner is not enough to write where nobody allowed it.
"""

from backbone_app.core.configuration import Configuration
from backbone_app.core.operations import FieldWrite, Operation, OperationKind, Plan, Write
from backbone_app.core.values import EMPTY, FieldKind, Option, Side


def check(configuration: Configuration, plan: Plan) -> str | None:
    """Name the code of the refusal; None when the plan may be applied.

    ``unmapped_field``, ``unmapped_type``, ``direction``, ``empty_summary``,
    ``two_creations``, ``status_write`` (a status that is not moved by a
    transition of its own, or a transition that moves something else).
    """
    if [operation.kind for operation in plan.operations].count(OperationKind.CREATE) > 1:
        return "two_creations"
    refusals = (_refusal(configuration, operation) for operation in plan.operations)
    return next((code for code in refusals if code), None)


def _refusal(configuration: Configuration, operation: Operation) -> str | None:
    codes = [_write_refusal(configuration, operation.side, write) for write in operation.writes]
    if operation.kind is OperationKind.CREATE:
        codes.append(_creation_refusal(configuration, operation))
    codes.append(_status_refusal(configuration, operation))
    return next((code for code in codes if code), None)


def _status_refusal(configuration: Configuration, operation: Operation) -> str | None:
    statuses = {row.key for row in configuration.fields if row.kind is FieldKind.STATUS}
    if operation.kind is not OperationKind.TRANSITION:
        return "status_write" if any(write.row in statuses for write in operation.writes) else None
    values = [
        write.value for write in operation.writes if isinstance(write, FieldWrite) and write.row in statuses
    ]
    alone = len(operation.writes) == 1 and [type(value) for value in values] == [Option]
    return None if alone else "status_write"


def _creation_refusal(configuration: Configuration, operation: Operation) -> str | None:
    type_row = configuration.type_row(operation.side, operation.type_id)
    if type_row is None:
        return "unmapped_type"
    if not type_row.direction.writes(operation.side):
        return "direction"
    if all(write.field != "summary" for write in operation.writes):
        return "empty_summary"  # Jira has no work item without one
    return None


def _write_refusal(configuration: Configuration, side: Side, write: Write) -> str | None:
    row = next((row for row in configuration.fields if row.key == write.row), None)
    if row is None or row.on(side) != write.field:
        return "unmapped_field"
    if not row.direction.writes(side):
        return "direction"
    if write.field == "summary" and isinstance(write, FieldWrite) and write.value == EMPTY:
        return "empty_summary"
    return None
