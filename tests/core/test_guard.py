"""The last door before any write."""

from dataclasses import replace

import pytest

from backbone_app.core import guard
from backbone_app.core.configuration import Direction
from backbone_app.core.plan import BaseChange, FieldWrite, LabelsWrite, Operation, OperationKind, Plan
from backbone_app.core.values import EMPTY, Option, Side, Text, Value
from tests.core.world import LABELS, PRIORITY, STATUS, SUMMARY, TYPES, configured

CONFIGURATION = configured(SUMMARY, replace(PRIORITY, direction=Direction.TO_RIGHT), LABELS, STATUS)


SOMETHING = Text("a")


def write(row: str, field: str, value: Value = SOMETHING) -> FieldWrite:
    return FieldWrite(row, field, value, BaseChange(row))


def edit(side: Side, *writes: FieldWrite | LabelsWrite) -> Operation:
    return Operation(OperationKind.EDIT, side, writes)


def create(side: Side, *writes: FieldWrite, type_id: str = "") -> Operation:
    return Operation(OperationKind.CREATE, side, writes, type_id or TYPES[side])


def move(side: Side, *writes: FieldWrite | LabelsWrite) -> Operation:
    return Operation(OperationKind.TRANSITION, side, writes)


DONE = write("status", "state", Option("Done"))
TITLE = write("summary", "summary")
URGENT = write("priority", "urgency", Option("High"))


@pytest.mark.parametrize(
    "operations",
    [
        (),
        (edit(Side.LEFT, TITLE), edit(Side.RIGHT, TITLE, URGENT)),
        (edit(Side.RIGHT, LabelsWrite("labels", "tags", ("a",), (), BaseChange("labels"))),),
        (edit(Side.RIGHT, write("priority", "urgency", EMPTY)),),
        (create(Side.RIGHT, TITLE, URGENT),),
        (edit(Side.RIGHT, TITLE), move(Side.RIGHT, DONE)),
    ],
)
def test_what_the_configuration_allows_passes(operations: tuple[Operation, ...]) -> None:
    assert guard.check(CONFIGURATION, Plan(operations)) is None


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        (edit(Side.LEFT, write("assignee", "assignee")), "unmapped_field"),
        (edit(Side.RIGHT, TITLE, write("priority", "priority")), "unmapped_field"),
        (edit(Side.LEFT, write("priority", "priority", Option("High"))), "direction"),
        (edit(Side.LEFT, write("summary", "summary", EMPTY)), "empty_summary"),
        (create(Side.RIGHT, URGENT), "empty_summary"),
        (create(Side.RIGHT, TITLE, type_id="30003"), "unmapped_type"),
        (edit(Side.RIGHT, DONE), "status_write"),
        (create(Side.RIGHT, TITLE, DONE), "status_write"),
        (move(Side.RIGHT, TITLE), "status_write"),
        (move(Side.RIGHT, DONE, TITLE), "status_write"),
        (move(Side.RIGHT, DONE, DONE), "status_write"),
        (move(Side.RIGHT, write("status", "state", EMPTY)), "status_write"),
        (
            move(Side.RIGHT, LabelsWrite("status", "state", ("Done",), (), BaseChange("status"))),
            "status_write",
        ),
        (move(Side.RIGHT), "status_write"),
    ],
)
def test_what_it_does_not_is_refused_wherever_it_stands(operation: Operation, code: str) -> None:
    assert guard.check(CONFIGURATION, Plan((edit(Side.RIGHT, TITLE), operation))) == code


def test_a_creation_against_the_types_direction_is_refused() -> None:
    one_way = configured(SUMMARY, direction=Direction.TO_RIGHT)

    assert guard.check(one_way, Plan((create(Side.RIGHT, TITLE),))) is None
    assert guard.check(one_way, Plan((create(Side.LEFT, TITLE),))) == "direction"


def test_two_creations_are_refused() -> None:
    both = Plan((create(Side.LEFT, TITLE), create(Side.RIGHT, TITLE)))

    assert guard.check(CONFIGURATION, both) == "two_creations"
