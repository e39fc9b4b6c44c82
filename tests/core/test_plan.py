"""The plan as a whole: twins, types, and when the other side is worth a read."""

import pytest

from backbone_app.core.configuration import Configuration, Direction, TypeRow
from backbone_app.core.plan import (
    EMPTY_BASE,
    BaseChange,
    FieldWrite,
    LabelsWrite,
    Operation,
    OperationKind,
    Plan,
    Problem,
    View,
    differs,
    plan,
)
from backbone_app.core.values import EMPTY, Option, Side, Text, Value
from tests.core.world import (
    KEYS,
    LABELS,
    PRIORITY,
    SUMMARY,
    TYPES,
    agreed,
    base_of,
    configured,
    edit,
    labels,
    view,
)

ALL = configured(SUMMARY, PRIORITY, LABELS)
PRINTER: dict[str, Value] = {"summary": Text("Printer"), "priority": EMPTY, "labels": labels("b", "a")}
NOT_MAPPED = Plan(problems=(Problem(None, "type_not_mapped"),))


def test_an_item_without_a_twin_gets_one_and_what_is_empty_is_agreed_without_being_sent() -> None:
    ann = edit("ann")
    left = view(Side.LEFT, PRINTER, edits={"summary": ann})

    made = plan(ALL, EMPTY_BASE, left, None, twin_key=KEYS[Side.RIGHT])

    twins_labels = agreed(LABELS, labels("a", "b"))
    twins_summary = agreed(SUMMARY, Text("Printer"))
    creation = Operation(
        OperationKind.CREATE,
        Side.RIGHT,
        (
            LabelsWrite("labels", "tags", add=("a", "b"), remove=(), becomes=twins_labels),
            FieldWrite("summary", "summary", Text("Printer"), becomes=twins_summary, edit=ann),
        ),
        type_id=TYPES[Side.RIGHT],
        also=(agreed(PRIORITY, EMPTY),),
    )
    assert made == Plan(operations=(creation,))


def test_an_item_without_labels_agrees_with_its_twin_on_that() -> None:
    left = view(Side.LEFT, {"labels": labels()})

    (creation,) = plan(ALL, EMPTY_BASE, left, None).operations

    assert creation.also == (BaseChange("labels"),)


def test_an_item_of_the_right_gets_its_twin_on_the_left() -> None:
    right = view(Side.RIGHT, {"summary": Text("Printer"), "urgency": Option("High")})

    (creation,) = plan(ALL, EMPTY_BASE, None, right, twin_key=KEYS[Side.LEFT]).operations

    assert (creation.side, creation.type_id) == (Side.LEFT, TYPES[Side.LEFT])
    assert [(w.field, w.becomes) for w in creation.writes] == [
        ("priority", agreed(PRIORITY, Option("High"))),
        ("summary", agreed(SUMMARY, Text("Printer"))),
    ]


@pytest.mark.parametrize("origin", Side)
def test_on_one_site_a_twin_is_digested_with_the_key_of_its_origin(origin: Side) -> None:
    views = {origin: view(origin, {"summary": Text("Printer")}), origin.other: None}

    (creation,) = plan(ALL, EMPTY_BASE, views[Side.LEFT], views[Side.RIGHT]).operations

    becomes = creation.writes[0].becomes
    assert becomes.left == becomes.right


@pytest.mark.parametrize(
    ("direction", "created"),
    [
        (Direction.BOTH, [Side.RIGHT, Side.LEFT]),
        (Direction.TO_RIGHT, [Side.RIGHT]),
        (Direction.TO_LEFT, [Side.LEFT]),
    ],
)
def test_the_types_direction_says_where_twins_are_created(direction: Direction, created: list[Side]) -> None:
    configuration = configured(SUMMARY, direction=direction)
    item: dict[str, Value] = {"summary": Text("Printer")}

    plans = [
        plan(configuration, EMPTY_BASE, view(Side.LEFT, item), None),
        plan(configuration, EMPTY_BASE, None, view(Side.RIGHT, item)),
    ]

    assert [operation.side for made in plans for operation in made.operations] == created


def test_a_types_direction_does_not_hold_back_edits_of_an_existing_twin() -> None:
    configuration = configured(SUMMARY, direction=Direction.TO_RIGHT)
    left, right = (view(side, {"summary": Text(side)}) for side in Side)

    made = plan(configuration, base_of((SUMMARY, Text("left"))), left, right)

    assert [operation.side for operation in made.operations] == [Side.LEFT]


def test_a_work_type_outside_the_configuration_is_a_problem_and_nothing_else() -> None:
    stranger = View({"summary": Text("a")}, KEYS[Side.LEFT], type_id="30003")
    known = view(Side.RIGHT, {"summary": Text("b")})

    assert plan(ALL, EMPTY_BASE, stranger, None) == NOT_MAPPED
    assert plan(ALL, EMPTY_BASE, stranger, known) == NOT_MAPPED


def test_two_types_of_different_rows_are_no_pair() -> None:
    rows = (TypeRow("1", "Task", "2", "Task"), TypeRow("3", "Bug", "4", "Bug"))
    task, bug = View({}, b"key", type_id="1"), View({}, b"key", type_id="4")

    assert plan(Configuration(rows, ()), EMPTY_BASE, task, bug) == NOT_MAPPED


def test_several_types_of_the_left_may_share_one_of_the_right() -> None:
    rows = (TypeRow("1", "Task", "9", "Bug"), TypeRow("2", "Story", "9", "Bug"))
    story, bug = View({}, b"key", type_id="2"), View({}, b"key", type_id="9")

    assert plan(Configuration(rows, ()), EMPTY_BASE, story, bug) == Plan()


def test_where_nothing_is_known_nothing_is_planned() -> None:
    assert plan(ALL, EMPTY_BASE, None, None) == Plan()


def test_keys_are_never_printed() -> None:
    assert "key of the" not in repr(view(Side.LEFT, PRINTER))


BASE = base_of((SUMMARY, Text("Printer")), (PRIORITY, EMPTY), (LABELS, labels("a", "b")))


def test_a_side_as_agreed_needs_no_look_at_the_other() -> None:
    assert not differs(ALL, BASE, Side.LEFT, view(Side.LEFT, PRINTER))


@pytest.mark.parametrize(
    "changed",
    [
        {"summary": Text("printer")},
        {"priority": Option("High")},
        {"labels": labels("a")},
        {"labels": labels("a", "b", "c")},
    ],
)
def test_a_changed_field_makes_the_other_side_worth_reading(changed: dict[str, Value]) -> None:
    assert differs(ALL, BASE, Side.LEFT, view(Side.LEFT, {**PRINTER, **changed}))


def test_a_hidden_field_is_not_a_changed_one() -> None:
    assert not differs(ALL, BASE, Side.LEFT, view(Side.LEFT, {"summary": Text("Printer")}))


def test_a_field_that_never_agreed_makes_the_other_side_worth_reading() -> None:
    assert differs(ALL, EMPTY_BASE, Side.RIGHT, view(Side.RIGHT, {"urgency": EMPTY}))


def test_a_change_that_may_not_travel_does_not() -> None:
    one_way = configured(
        *(type(row)(row.left, row.right, row.kind, Direction.TO_LEFT) for row in (SUMMARY, LABELS))
    )

    assert not differs(one_way, BASE, Side.LEFT, view(Side.LEFT, {"summary": Text("b"), "labels": labels()}))
    assert differs(one_way, BASE, Side.RIGHT, view(Side.RIGHT, {"summary": Text("b")}))


def test_an_open_crossed_edit_or_a_foreign_type_always_makes_it_worth_a_look() -> None:
    crossed = view(Side.LEFT, PRINTER, current={"summary": Text("ours")})
    retyped = View(PRINTER, KEYS[Side.LEFT], type_id="30003")

    assert differs(ALL, BASE, Side.LEFT, crossed)
    assert differs(ALL, BASE, Side.LEFT, retyped)
