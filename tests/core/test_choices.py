"""Values that never agreed: what stands once somebody has chosen, and what is not touched."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone_app.core.configuration import ConflictPolicy, Direction, FieldRow
from backbone_app.core.plan import EMPTY_BASE, BaseChange, Conflict, Plan, Question, plan
from backbone_app.core.values import EMPTY, Edit, FieldKind, Labels, Option, Side, Text
from tests.core.pairs import POLICIES, worlds
from tests.core.world import STATUS, SUMMARY, World, agreed, configured, edit, view

A, B = Text("a"), Text("b")
ANN, BOB = edit("ann"), edit("bob", second=60)
OLD = edit("maker", second=-3600)


@st.composite
def strangers(draw: st.DrawFn, *, ties: bool = True) -> World:
    """Two work items that were never compared, and what was decided for them."""
    world = draw(worlds(ties=ties))
    world.base, world.claims = EMPTY_BASE, {side: {} for side in Side}
    world.choice = draw(POLICIES)
    return world


@given(strangers())
def test_a_choice_settles_everything_in_one_plan(world: World) -> None:
    made = world.settle()

    assert made.questions == ()
    assert world.plan() == Plan()
    world.choice = None
    assert world.plan() == Plan(), "the choice has done its work"


@given(strangers(ties=False))
def test_swapping_sides_and_choice_together_changes_nothing(world: World) -> None:
    mirrored = world.mirrored()

    made, mirror = world.settle(), mirrored.settle()

    assert mirrored.fields == {side.other: fields for side, fields in world.fields.items()}
    assert mirrored.base == world.mirrored().base
    assert {(c.left, c.right, c.winner) for c in mirror.conflicts} == {
        (c.right, c.left, c.winner.other) for c in made.conflicts
    }


@given(strangers())
def test_without_a_choice_nothing_is_written_where_the_sides_differ(world: World) -> None:
    world.choice = None
    before = world.copy()

    asked = {question.row for question in world.settle().questions}

    for row in world.configuration.fields:
        if row.key in asked:
            assert all(world.fields[side][row.on(side)] == before.fields[side][row.on(side)] for side in Side)
            assert row.key not in world.base.fields
        elif all(row.on(side) in before.fields[side] for side in Side):
            assert _at_peace(row, before)


@given(strangers(), st.integers(0, 4), st.booleans())
def test_a_choice_carried_out_in_part_ends_in_the_same_place(
    world: World, done: int, agreements_first: bool
) -> None:
    whole, broken = world.copy(), world.copy()
    whole.settle()

    made = broken.plan()
    if agreements_first:
        broken.agree(made.agreements)
    for operation in made.operations[:done]:
        broken.apply(operation)
    broken.settle()

    assert broken.fields == whole.fields
    assert broken.plan() == Plan()


@given(strangers())
def test_what_gives_way_is_a_conflicts_loser_and_what_may_not_be_written_stays(world: World) -> None:
    before = world.copy()

    made = world.settle()

    losers = {(one.row, one.winner.other) for one in made.conflicts}
    for row in world.configuration.fields:
        for side in Side:
            was, now = (one.fields[side].get(row.on(side)) for one in (before, world))
            if was != now:
                assert row.direction.writes(side)
                assert was in {EMPTY, Labels(frozenset())} or (row.key, side) in losers


@pytest.mark.parametrize(
    ("left", "right", "winner", "tie"),
    [
        (ANN, BOB, Side.RIGHT, False),
        (BOB, ANN, Side.LEFT, False),
        (ANN, edit("bob", second=4), Side.LEFT, True),
        (None, BOB, Side.LEFT, True),
        (ANN, None, Side.LEFT, True),
    ],
    ids=["right is newer", "left is newer", "too close", "left unknown", "right unknown"],
)
def test_the_newer_edit_stands_and_the_left_one_where_nobody_can_tell(
    left: Edit | None, right: Edit | None, winner: Side, tie: bool
) -> None:
    world = _two(A, B, ConflictPolicy.NEWER)
    for side, by in ((Side.LEFT, left), (Side.RIGHT, right)):
        world.edits[side] = {"summary": by} if by else {}

    made = world.settle()

    assert made.conflicts == (Conflict("summary", A, B, winner, left, right, tie),)
    stands = A if winner is Side.LEFT else B
    assert [world.fields[side]["summary"] for side in Side] == [stands, stands]


def test_a_value_that_nobody_edited_is_as_old_as_its_work_item() -> None:
    world = _two(A, B, ConflictPolicy.NEWER)
    world.born, world.edits[Side.RIGHT] = {Side.LEFT: OLD, Side.RIGHT: OLD}, {"summary": BOB}

    made = world.settle()

    assert made.conflicts == (Conflict("summary", A, B, Side.RIGHT, OLD, BOB),)


@pytest.mark.parametrize("choice", [ConflictPolicy.RIGHT, ConflictPolicy.NEWER])
def test_a_chosen_value_that_may_not_travel_leaves_both_as_they_are_until_the_source_changes(
    choice: ConflictPolicy,
) -> None:
    world = _two(A, B, choice, direction=Direction.TO_RIGHT)
    world.edits = {Side.LEFT: {"summary": ANN}, Side.RIGHT: {"summary": BOB}}

    made = world.settle()

    assert made == Plan(
        agreements=(BaseChange("summary", agreed(SUMMARY, A).left, agreed(SUMMARY, B).right),)
    )
    assert world.plan() == Plan()
    world.fields[Side.LEFT]["summary"] = Text("later")
    world.settle()
    assert world.fields[Side.RIGHT]["summary"] == Text("later")


def test_the_source_of_a_one_way_field_can_be_chosen_and_its_receiver_is_kept_as_a_loser() -> None:
    world = _two(A, B, ConflictPolicy.LEFT, direction=Direction.TO_RIGHT)

    made = world.settle()

    assert world.fields[Side.RIGHT]["summary"] == A
    assert [(one.winner, one.right) for one in made.conflicts] == [(Side.LEFT, B)]


def test_statuses_of_two_existing_items_are_asked_about_and_walked_like_any_other() -> None:
    views = view(Side.LEFT, {"status": Option("Done")}), view(Side.RIGHT, {"state": Option("To Do")})

    asked = plan(configured(STATUS), EMPTY_BASE, *views)
    chosen = plan(configured(STATUS), EMPTY_BASE, *views, choice=ConflictPolicy.RIGHT)

    assert asked == Plan(questions=(Question("status"),))
    (move,) = chosen.operations
    assert (move.kind, move.side, [write.row for write in move.writes]) == ("transition", "left", ["status"])


def test_once_agreed_a_later_difference_is_an_ordinary_conflict() -> None:
    world = _two(A, B, ConflictPolicy.LEFT)
    world.settle()
    world.fields = {Side.LEFT: {"summary": Text("c")}, Side.RIGHT: {"summary": Text("d")}}
    world.edits = {Side.LEFT: {"summary": ANN}, Side.RIGHT: {"summary": BOB}}

    made = world.settle()

    assert [one.winner for one in made.conflicts] == [Side.RIGHT], "the configuration says newer"


def _two(left: Text, right: Text, choice: ConflictPolicy, *, direction: Direction = Direction.BOTH) -> World:
    """Two work items with a summary each, that never agreed."""
    world = World(configured(replace(SUMMARY, direction=direction)), choice=choice)
    world.fields = {Side.LEFT: {"summary": left}, Side.RIGHT: {"summary": right}}
    return world


def _at_peace(row: FieldRow, world: World) -> bool:
    """Whether a row needs nobody's decision: equal in either form, or empty on a side."""
    left, right = (world.fields[side][row.on(side)] for side in Side)
    if row.kind is FieldKind.LABELS:
        return left == right or EMPTY in {left, right} or Labels(frozenset()) in {left, right}
    return left == right or EMPTY in {left, right}
