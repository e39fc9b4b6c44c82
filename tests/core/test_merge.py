"""What laws cannot say about single values: who wins, what is reported, what stays."""

from dataclasses import replace

import pytest

from backbone_app.core.configuration import ConflictPolicy, Direction
from backbone_app.core.plan import (
    EMPTY_BASE,
    Base,
    BaseChange,
    Conflict,
    FieldBase,
    FieldWrite,
    Operation,
    Plan,
    Question,
    View,
    plan,
)
from backbone_app.core.values import EMPTY, Edit, Option, Side, Text, Value
from tests.core.world import PRIORITY, SUMMARY, agreed, base_of, configured, edit, view

OLD, A, B = Text("old"), Text("a"), Text("b")
BASE = base_of((SUMMARY, OLD))
ANN, BOB = edit("ann", second=0), edit("bob", second=60)


def one(side: Side, value: Value, by: Edit | None = None, *, now: Value | None = None) -> View:
    """A view of the summary alone; ``now`` is what stands there after a crossed edit."""
    edits = {"summary": by} if by else {}
    return view(side, {"summary": value}, edits=edits, current={"summary": now} if now else {})


def summary(
    left: View,
    right: View,
    *,
    policy: ConflictPolicy = ConflictPolicy.NEWER,
    direction: Direction = Direction.BOTH,
    base: Base = BASE,
) -> Plan:
    return plan(configured(replace(SUMMARY, direction=direction), policy=policy), base, left, right)


def writes(made: Plan) -> list[tuple[Side, FieldWrite]]:
    return [
        (operation.side, write)
        for operation in made.operations
        for write in operation.writes
        if isinstance(write, FieldWrite)
    ]


def test_an_edit_goes_across_with_its_author_and_both_bases() -> None:
    made = summary(one(Side.LEFT, A, ANN), one(Side.RIGHT, OLD))

    assert writes(made) == [
        (Side.RIGHT, FieldWrite("summary", "summary", A, becomes=agreed(SUMMARY, A), edit=ANN))
    ]


def test_a_field_is_written_under_the_other_sides_id() -> None:
    high = Option("High")
    made = plan(
        configured(PRIORITY),
        base_of((PRIORITY, Option("Low"))),
        view(Side.LEFT, {"priority": high}),
        view(Side.RIGHT, {"urgency": Option("Low")}),
    )

    assert writes(made) == [(Side.RIGHT, FieldWrite("priority", "urgency", high, agreed(PRIORITY, high)))]


def test_clearing_a_field_is_an_edit_like_any_other() -> None:
    made = summary(one(Side.LEFT, EMPTY, ANN), one(Side.RIGHT, OLD))

    assert [(side, write.value) for side, write in writes(made)] == [(Side.RIGHT, EMPTY)]


def test_a_field_that_a_side_does_not_show_takes_no_part() -> None:
    assert summary(one(Side.LEFT, A, ANN), view(Side.RIGHT, {})) == Plan()
    assert summary(view(Side.LEFT, {}), one(Side.RIGHT, A, ANN), base=EMPTY_BASE) == Plan()


def test_the_newer_edit_wins_and_the_older_is_kept_as_the_loser() -> None:
    made = summary(one(Side.LEFT, A, ANN), one(Side.RIGHT, B, BOB))

    assert made.conflicts == (Conflict("summary", A, B, Side.RIGHT, ANN, BOB, tie=False),)
    assert writes(made) == [
        (Side.LEFT, FieldWrite("summary", "summary", B, agreed(SUMMARY, B), edit=BOB, overwrote=ANN))
    ]


@pytest.mark.parametrize(
    ("left_second", "right_second", "winner", "tie"),
    [
        (0, 0, Side.LEFT, True),
        (0, 4.999, Side.LEFT, True),
        (4.999, 0, Side.LEFT, True),
        (0, 5, Side.RIGHT, False),
        (5, 0, Side.LEFT, False),
    ],
)
def test_edits_closer_than_five_seconds_are_a_tie_and_left_wins(
    left_second: float, right_second: float, winner: Side, tie: bool
) -> None:
    left = one(Side.LEFT, A, edit("ann", second=left_second))
    right = one(Side.RIGHT, B, edit("bob", second=right_second))

    (conflict,) = summary(left, right).conflicts

    assert (conflict.winner, conflict.tie) == (winner, tie)


@pytest.mark.parametrize(("left_by", "right_by"), [(None, BOB), (ANN, None), (None, None)])
def test_an_edit_of_unknown_time_is_a_tie(left_by: Edit | None, right_by: Edit | None) -> None:
    (conflict,) = summary(one(Side.LEFT, A, left_by), one(Side.RIGHT, B, right_by)).conflicts

    assert (conflict.winner, conflict.tie) == (Side.LEFT, True)


@pytest.mark.parametrize(
    ("policy", "winner"), [(ConflictPolicy.LEFT, Side.LEFT), (ConflictPolicy.RIGHT, Side.RIGHT)]
)
def test_a_named_winner_wins_whatever_the_times(policy: ConflictPolicy, winner: Side) -> None:
    newest_loses = {winner: ANN, winner.other: BOB}
    left = one(Side.LEFT, A, newest_loses[Side.LEFT])
    right = one(Side.RIGHT, B, newest_loses[Side.RIGHT])

    made = summary(left, right, policy=policy)

    assert [(c.winner, c.tie) for c in made.conflicts] == [(winner, False)]
    assert [side for side, _ in writes(made)] == [winner.other]


def test_two_people_who_typed_the_same_agree() -> None:
    made = summary(one(Side.LEFT, A, ANN), one(Side.RIGHT, A, BOB))

    assert made == Plan(agreements=(agreed(SUMMARY, A),))


def test_an_edit_on_the_receiving_side_of_a_one_way_field_stays() -> None:
    made = summary(one(Side.LEFT, OLD), one(Side.RIGHT, B, BOB), direction=Direction.TO_RIGHT)

    assert made == Plan()


@pytest.mark.parametrize("policy", ConflictPolicy)
def test_until_the_source_changes_then_it_is_overwritten_and_reported_without_a_conflict(
    policy: ConflictPolicy,
) -> None:
    made = summary(
        one(Side.LEFT, A, ANN), one(Side.RIGHT, B, BOB), direction=Direction.TO_RIGHT, policy=policy
    )

    assert made.conflicts == ()
    assert writes(made) == [
        (Side.RIGHT, FieldWrite("summary", "summary", A, agreed(SUMMARY, A), edit=ANN, overwrote=BOB))
    ]


def test_a_one_way_field_to_the_left_is_written_on_the_left_only() -> None:
    made = summary(one(Side.LEFT, A, BOB), one(Side.RIGHT, B, ANN), direction=Direction.TO_LEFT)

    assert [(side, write.value, write.overwrote) for side, write in writes(made)] == [(Side.LEFT, B, BOB)]


def test_an_edit_that_was_taken_back_is_not_reported_as_overwritten() -> None:
    made = summary(one(Side.LEFT, A, ANN), one(Side.RIGHT, OLD, BOB))

    assert [(side, write.edit, write.overwrote) for side, write in writes(made)] == [(Side.RIGHT, ANN, None)]


def test_a_crossed_edit_is_not_restored_once_its_side_may_not_be_written_any_more() -> None:
    made = summary(one(Side.LEFT, A, ANN, now=B), one(Side.RIGHT, OLD), direction=Direction.TO_RIGHT)

    assert [side for side, _ in writes(made)] == [Side.RIGHT]


def test_equal_values_that_never_agreed_are_adopted() -> None:
    made = summary(one(Side.LEFT, A), one(Side.RIGHT, A), base=EMPTY_BASE)

    assert made == Plan(agreements=(agreed(SUMMARY, A),))


@pytest.mark.parametrize("filled", Side)
def test_a_side_that_never_agreed_and_is_empty_is_filled(filled: Side) -> None:
    views = {filled: one(filled, EMPTY), filled.other: one(filled.other, A, ANN)}

    made = summary(views[Side.LEFT], views[Side.RIGHT], base=EMPTY_BASE)

    assert writes(made) == [(filled, FieldWrite("summary", "summary", A, agreed(SUMMARY, A), edit=ANN))]


def test_an_empty_source_never_agreed_leaves_its_receiver_alone() -> None:
    made = summary(one(Side.LEFT, EMPTY), one(Side.RIGHT, B), base=EMPTY_BASE, direction=Direction.TO_RIGHT)

    apart = BaseChange("summary", agreed(SUMMARY, EMPTY).left, agreed(SUMMARY, B).right)
    assert made == Plan(agreements=(apart,))


def test_two_values_that_never_agreed_are_a_question_and_nothing_is_written() -> None:
    made = summary(one(Side.LEFT, A, ANN), one(Side.RIGHT, B, BOB), base=EMPTY_BASE)

    assert made == Plan(questions=(Question("summary"),))


@pytest.mark.parametrize("half", [FieldBase(left="1:x"), FieldBase(right="1:x"), FieldBase()])
def test_a_base_of_one_side_alone_is_no_base(half: FieldBase) -> None:
    made = summary(one(Side.LEFT, A, ANN), one(Side.RIGHT, B, BOB), base=Base({"summary": half}, {}))

    assert made == Plan(questions=(Question("summary"),))


def test_a_crossed_edit_that_loses_is_a_conflict_without_a_write() -> None:
    made = summary(one(Side.LEFT, A, BOB), one(Side.RIGHT, B, ANN, now=A))

    assert made.operations == ()
    assert made.agreements == (agreed(SUMMARY, A),)
    assert made.conflicts == (Conflict("summary", A, B, Side.LEFT, BOB, ANN, tie=False),)


def test_a_crossed_edit_that_wins_is_written_on_both_sides_and_the_write_across_moves_the_base() -> None:
    made = summary(one(Side.LEFT, A, ANN), one(Side.RIGHT, B, BOB, now=A))

    assert writes(made) == [
        (Side.LEFT, FieldWrite("summary", "summary", B, agreed(SUMMARY, B), edit=BOB, overwrote=ANN)),
        (Side.RIGHT, FieldWrite("summary", "summary", B, BaseChange("summary"), edit=BOB, puts_back=True)),
    ]


def test_a_crossed_edit_on_a_one_way_receiver_gives_way_without_a_second_write() -> None:
    made = summary(one(Side.LEFT, A, ANN), one(Side.RIGHT, B, BOB, now=A), direction=Direction.TO_RIGHT)

    assert made == Plan(agreements=(agreed(SUMMARY, A),))


def test_when_both_sides_are_back_at_the_base_what_we_wrote_meanwhile_is_taken_back() -> None:
    made = summary(one(Side.LEFT, OLD), one(Side.RIGHT, OLD, BOB, now=A))

    assert [
        (o.side, w.value, w.becomes) for o in made.operations for w in o.writes if isinstance(w, FieldWrite)
    ] == [(Side.RIGHT, OLD, agreed(SUMMARY, OLD))]


def test_a_site_that_stores_something_else_than_was_sent_is_not_written_again() -> None:
    left, right = agreed(SUMMARY, Text("a ")), agreed(SUMMARY, A)
    trimmed = Base({"summary": FieldBase(left.left, right.right)}, {})

    assert summary(one(Side.LEFT, Text("a ")), one(Side.RIGHT, A), base=trimmed) == Plan()


def test_several_fields_of_one_side_travel_in_one_edit() -> None:
    made = plan(
        configured(SUMMARY, PRIORITY),
        base_of((SUMMARY, OLD), (PRIORITY, EMPTY)),
        view(Side.LEFT, {"summary": A, "priority": Option("High")}),
        view(Side.RIGHT, {"summary": OLD, "urgency": EMPTY}),
    )

    (edit_of_right,) = made.operations
    assert isinstance(edit_of_right, Operation)
    assert [write.row for write in edit_of_right.writes] == ["priority", "summary"]
