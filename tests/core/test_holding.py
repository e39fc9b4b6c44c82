"""What was refused is left out of a plan; everything else in it stays."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from backbone_app.core.holding import apart_from, narrowed, wish, without, without_empty_summary
from backbone_app.core.operations import (
    Conflict,
    FieldWrite,
    LabelsWrite,
    Operation,
    OperationKind,
    Plan,
    Write,
)
from backbone_app.core.state import BaseChange
from backbone_app.core.values import EMPTY, Side, Text

KEYS = {Side.LEFT: b"left key", Side.RIGHT: b"right key"}
ROWS = ("summary", "priority", "duedate")
WRITES = st.builds(
    lambda row, text: FieldWrite(row, row, Text(text), BaseChange(row)),
    st.sampled_from(ROWS),
    st.text(max_size=3),
)
EDITS = st.builds(
    lambda side, writes: Operation(OperationKind.EDIT, side, tuple(writes)),
    st.sampled_from(list(Side)),
    st.lists(WRITES, min_size=1, max_size=3, unique_by=lambda one: one.row),
)
PLANS = st.builds(
    lambda operations: Plan(operations=tuple(operations)),
    st.lists(EDITS, max_size=2, unique_by=lambda one: one.side),
)


def field(row: str, text: str) -> FieldWrite:
    return FieldWrite(row, row, Text(text), BaseChange(row))


def edit(*writes: Write) -> Operation:
    return Operation(OperationKind.EDIT, Side.RIGHT, writes)


def refused(*writes: Write) -> dict[tuple[Side, str], str]:
    return {(Side.RIGHT, one.row): wish(one, KEYS[Side.RIGHT]) for one in writes}


def spots(plan: Plan) -> set[tuple[Side, str]]:
    return {(one.side, write.row) for one in plan.operations for write in one.writes}


@given(PLANS)
def test_a_plan_of_which_nothing_was_refused_stays_as_it_is(plan: Plan) -> None:
    assert without(plan, {}, KEYS) == (plan, frozenset())


@given(PLANS, PLANS)
def test_what_was_refused_is_held_and_nothing_else(plan: Plan, earlier: Plan) -> None:
    wishes = {
        (one.side, write.row): wish(write, KEYS[one.side])
        for one in earlier.operations
        for write in one.writes
    }

    rest, held = without(plan, wishes, KEYS)

    assert spots(rest) | held == spots(plan)
    assert not spots(rest) & held
    assert held <= wishes.keys()


@given(PLANS)
def test_leaving_out_twice_is_leaving_out_once(plan: Plan) -> None:
    wishes = {
        (one.side, write.row): wish(write, KEYS[one.side])
        for one in plan.operations
        for write in one.writes[:1]
    }

    rest, _ = without(plan, wishes, KEYS)

    assert without(rest, wishes, KEYS) == (rest, frozenset())


def test_another_value_of_a_refused_field_is_tried() -> None:
    plan = Plan(operations=(edit(field("priority", "Low")),))

    assert without(plan, refused(field("priority", "High")), KEYS) == (plan, frozenset())


def test_the_same_value_on_the_other_side_is_tried() -> None:
    plan = Plan(operations=(Operation(OperationKind.EDIT, Side.LEFT, (field("priority", "High"),)),))

    assert without(plan, refused(field("priority", "High")), KEYS) == (plan, frozenset())


def test_labels_are_the_same_wish_when_they_add_and_remove_the_same() -> None:
    added = LabelsWrite("labels", "labels", ("a",), (), BaseChange("labels"))
    removed = LabelsWrite("labels", "labels", (), ("a",), BaseChange("labels"))

    assert wish(added, b"key") == wish(added, b"key") != wish(removed, b"key")


def test_a_conflict_whose_loser_is_not_overwritten_is_not_told_yet() -> None:
    conflict = Conflict("priority", Text("a"), Text("b"), Side.LEFT)
    other = Conflict("summary", Text("a"), Text("b"), Side.LEFT)
    plan = Plan(
        operations=(edit(field("priority", "a"), field("summary", "a")),), conflicts=(conflict, other)
    )

    rest, held = without(plan, refused(field("priority", "a")), KEYS)

    assert rest.conflicts == (other,)
    assert held == {(Side.RIGHT, "priority")}


def test_no_work_item_is_created_without_its_summary() -> None:
    creation = Operation(OperationKind.CREATE, Side.RIGHT, (field("summary", "x"), field("priority", "Low")))

    rest, held = without(Plan(operations=(creation,)), refused(field("summary", "x")), KEYS)

    assert rest.operations == ()
    assert held == {(Side.RIGHT, "summary")}


def test_a_creation_is_narrowed_to_its_summary_and_an_edit_to_one_field() -> None:
    writes = (field("priority", "Low"), field("summary", "x"))
    creation = Operation(OperationKind.CREATE, Side.RIGHT, writes, "10001")

    assert narrowed(creation).writes == (writes[1],)
    assert narrowed(creation).type_id == "10001"
    assert narrowed(edit(*writes)).writes == writes[:1]


def test_an_empty_summary_is_taken_out_of_an_edit_and_nothing_else_is() -> None:
    nameless = FieldWrite("summary", "summary", EMPTY, BaseChange("summary"))
    plan = Plan(operations=(edit(nameless, field("priority", "Low")),))

    rest, held = without_empty_summary(plan)

    assert [one.row for one in rest.operations[0].writes] == ["priority"]
    assert held == {(Side.RIGHT, "summary")}


def test_a_creation_without_a_summary_stays_for_the_guard_to_refuse() -> None:
    nameless = FieldWrite("summary", "summary", EMPTY, BaseChange("summary"))
    plan = Plan(operations=(Operation(OperationKind.CREATE, Side.RIGHT, (nameless,)),))

    assert without_empty_summary(plan) == (plan, frozenset())


@given(PLANS)
def test_a_plan_without_an_empty_summary_stays_as_it_is(plan: Plan) -> None:
    assert without_empty_summary(plan) == (plan, frozenset())


@given(PLANS, st.sets(st.sampled_from(ROWS)))
def test_a_plan_apart_from_some_rows_is_the_plan_of_the_others(plan: Plan, rows: set[str]) -> None:
    disputes = tuple(Conflict(row, Text("a"), Text("b"), Side.LEFT, None, None, tie=True) for row in ROWS)
    whole = replace(plan, agreements=tuple(map(BaseChange, ROWS)), conflicts=disputes)

    rest = apart_from(whole, rows)

    assert spots(rest) == {(side, row) for side, row in spots(whole) if row not in rows}
    assert {one.row for one in rest.agreements} == set(ROWS) - rows
    assert {one.row for one in rest.conflicts} == set(ROWS) - rows
    assert apart_from(whole, ()) == whole
