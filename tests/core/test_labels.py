"""What laws cannot say about sets: first meetings, one-way sets, names that share a twin."""

from dataclasses import replace

import pytest

from backbone_app.core.configuration import ConflictPolicy, Direction
from backbone_app.core.plan import (
    EMPTY_BASE,
    Base,
    BaseChange,
    Conflict,
    ElementBase,
    FieldBase,
    LabelsWrite,
    Operation,
    OperationKind,
    Plan,
    Problem,
    Question,
    plan,
)
from backbone_app.core.values import EMPTY, Labels, Side, Text, Value
from tests.core.world import LABELS, agreed, base_of, configured, edit, elements, labels, view


def tags(
    left: Value,
    right: Value,
    *,
    base: Base = EMPTY_BASE,
    direction: Direction = Direction.BOTH,
    choice: ConflictPolicy | None = None,
) -> Plan:
    """The plan of two sets; left's were last edited by Ann, right's a minute later by Bob."""
    return plan(
        configured(replace(LABELS, direction=direction)),
        base,
        view(Side.LEFT, {"labels": left}, edits={"labels": edit("ann")}),
        view(Side.RIGHT, {"tags": right}, edits={"tags": edit("bob", second=60)}),
        choice=choice,
    )


def written(made: Plan) -> dict[Side, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {
        operation.side: (write.add, write.remove)
        for operation in made.operations
        for write in operation.writes
        if isinstance(write, LabelsWrite)
    }


def test_additions_and_removals_of_both_sides_cross() -> None:
    made = tags(labels("a", "left"), labels("b", "right"), base=base_of((LABELS, labels("a", "b"))))

    assert made.operations == (
        Operation(
            OperationKind.EDIT,
            Side.LEFT,
            (
                LabelsWrite(
                    "labels",
                    "labels",
                    add=("right",),
                    remove=("a",),
                    becomes=BaseChange("labels", add=elements(LABELS, "right"), remove=elements(LABELS, "a")),
                    edit=edit("bob", second=60),
                ),
            ),
        ),
        Operation(
            OperationKind.EDIT,
            Side.RIGHT,
            (
                LabelsWrite(
                    "labels",
                    "tags",
                    add=("left",),
                    remove=("b",),
                    becomes=BaseChange("labels", add=elements(LABELS, "left"), remove=elements(LABELS, "b")),
                    edit=edit("ann"),
                ),
            ),
        ),
    )
    assert made == Plan(operations=made.operations)


def test_what_both_sides_added_or_removed_alike_needs_no_write() -> None:
    made = tags(labels("new"), labels("new"), base=base_of((LABELS, labels("old"))))

    change = BaseChange("labels", add=elements(LABELS, "new"), remove=elements(LABELS, "old"))
    assert made == Plan(agreements=(change,))


def test_upper_and_lower_case_are_two_labels() -> None:
    made = tags(labels("Urgent"), labels("urgent"), base=base_of((LABELS, labels("urgent"))))

    assert written(made) == {Side.RIGHT: (("Urgent",), ("urgent",))}


def test_equal_sets_that_never_agreed_are_adopted() -> None:
    assert tags(labels("a"), labels("a")) == Plan(agreements=(agreed(LABELS, labels("a")),))


@pytest.mark.parametrize("nothing", [EMPTY, labels()])
def test_two_sets_without_labels_agree_on_that(nothing: Value) -> None:
    made = tags(nothing, labels())

    assert made == Plan(agreements=(BaseChange("labels"),))
    assert tags(nothing, labels(), base=EMPTY_BASE.after(made.agreements)) == Plan()


def test_a_set_that_agreed_on_nothing_takes_additions_from_both_sides() -> None:
    agreed_empty = Base({"labels": FieldBase()}, {})

    assert written(tags(labels("a"), labels("b"), base=agreed_empty)) == {
        Side.LEFT: (("b",), ()),
        Side.RIGHT: (("a",), ()),
    }


@pytest.mark.parametrize("filled", Side)
def test_a_side_without_labels_that_never_agreed_is_filled(filled: Side) -> None:
    sets: dict[Side, Labels] = {filled: labels(), filled.other: labels("b", "a")}

    made = tags(sets[Side.LEFT], sets[Side.RIGHT])

    assert written(made) == {filled: (("a", "b"), ())}
    assert made.operations[0].writes[0].becomes == agreed(LABELS, labels("a", "b"))


def test_two_sets_that_never_agreed_are_a_question() -> None:
    assert tags(labels("a"), labels("a", "b")) == Plan(questions=(Question("labels"),))


def test_a_receiver_with_labels_whose_source_has_none_is_left_alone() -> None:
    alone = Plan(agreements=(BaseChange("labels"),))

    assert tags(labels(), labels("a"), direction=Direction.TO_RIGHT) == alone
    assert tags(labels("a"), labels(), direction=Direction.TO_LEFT) == alone


def test_on_the_receiving_side_of_a_one_way_set_own_labels_stay_and_removed_ones_do_not_return() -> None:
    made = tags(
        labels("a", "b", "new"),
        labels("b", "own"),
        base=base_of((LABELS, labels("a", "b"))),
        direction=Direction.TO_RIGHT,
    )

    assert written(made) == {Side.RIGHT: (("new",), ())}


def test_a_name_that_another_remaining_label_maps_to_is_not_removed() -> None:
    bug, defect = elements(LABELS, "bug")[0], elements(LABELS, "defect")[0]
    shared = ElementBase(defect.left, bug.right)
    was = Base({"labels": FieldBase()}, {"labels": frozenset({bug, shared})})

    made = tags(labels("bug"), labels("bug"), base=was)

    assert made == Plan(agreements=(BaseChange("labels", remove=(shared,)),))


def test_once_no_remaining_label_maps_to_a_name_it_is_removed_once() -> None:
    bug, defect = elements(LABELS, "bug")[0], elements(LABELS, "defect")[0]
    shared = ElementBase(defect.left, bug.right)
    was = Base({"labels": FieldBase()}, {"labels": frozenset({bug, shared})})

    made = tags(labels(), labels("bug"), base=was)

    assert written(made) == {Side.RIGHT: ((), ("bug",))}
    assert set(made.operations[0].writes[0].becomes.remove) == {bug, shared}


def test_a_text_in_a_row_of_labels_removes_nothing_and_is_reported() -> None:
    made = tags(Text("a b"), labels("a"), base=base_of((LABELS, labels("a"))))

    assert made == Plan(problems=(Problem("labels", "unexpected_value"),))


@pytest.mark.parametrize(
    ("choice", "winner"),
    [
        (ConflictPolicy.LEFT, Side.LEFT),
        (ConflictPolicy.RIGHT, Side.RIGHT),
        (ConflictPolicy.NEWER, Side.RIGHT),
    ],
)
def test_of_two_sets_that_never_agreed_the_chosen_one_stands_and_the_other_is_kept_as_a_loser(
    choice: ConflictPolicy, winner: Side
) -> None:
    left, right = labels("common", "left"), labels("common", "right")

    made = tags(left, right, choice=choice)

    assert written(made) == {winner.other: ((winner.value,), (winner.other.value,))}
    (lost,) = made.conflicts
    assert lost == Conflict("labels", left, right, winner, edit("ann"), edit("bob", second=60))
    becomes = made.operations[0].writes[0].becomes
    assert set(becomes.add) == set(elements(LABELS, "common", winner.value))
    assert becomes.remove == elements(LABELS, winner.other.value)


def test_a_chosen_set_that_may_not_travel_leaves_both_as_they_are_until_its_source_is_edited() -> None:
    left, right = labels("common", "left"), labels("common", "right")

    made = tags(left, right, direction=Direction.TO_RIGHT, choice=ConflictPolicy.RIGHT)

    assert made == Plan(agreements=(BaseChange.of_set("labels", add=elements(LABELS, "common", "left")),))
    base = EMPTY_BASE.after(made.agreements)
    assert tags(left, right, base=base, direction=Direction.TO_RIGHT) == Plan()
    later = tags(labels("left", "new"), right, base=base, direction=Direction.TO_RIGHT)
    assert written(later) == {Side.RIGHT: (("new",), ("common",))}
