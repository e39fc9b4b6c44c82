"""The laws of the plan, over worlds whose two sides are perturbed copies of one base."""

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from backbone_app.core import guard
from backbone_app.core.canonical import digest
from backbone_app.core.collections import names_of
from backbone_app.core.configuration import Direction, FieldRow
from backbone_app.core.plan import EMPTY_BASE, Base, OperationKind, Plan, differs, plan
from backbone_app.core.values import EMPTY, FieldKind, Side, Text, Value
from tests.core.pairs import VALUES, settled, worlds
from tests.core.world import KEYS, LABELS, World, configured, elements

SIDES = st.sampled_from(Side)
BOTH_WAYS = st.just(Direction.BOTH)


@given(settled())
def test_planning_what_agrees_gives_nothing(world: World) -> None:
    assert world.plan() == Plan()


@given(worlds())
def test_a_plan_is_the_same_every_time(world: World) -> None:
    assert world.plan() == world.copy().plan()
    assert repr(world.plan()) == repr(world.copy().plan())


@given(worlds())
def test_planning_after_applying_a_plan_gives_nothing_but_the_open_questions(world: World) -> None:
    first = world.settle()

    assert world.plan() == Plan(questions=first.questions)


@given(settled(), st.data(), SIDES)
def test_a_one_sided_edit_arrives_where_the_direction_allows_and_nowhere_else(
    world: World, data: st.DataObject, side: Side
) -> None:
    row = data.draw(st.sampled_from(world.configuration.fields))
    value = data.draw(VALUES[row.kind])
    before = world.fields[side.other][row.on(side.other)]
    world.fields[side][row.on(side)] = value

    made = world.settle()

    arrived = value if row.direction.writes(side.other) else before
    assert world.fields[side.other][row.on(side.other)] == arrived
    assert world.fields[side][row.on(side)] == value
    assert [operation.side for operation in made.operations] == ([side.other] if arrived != before else [])


@given(worlds(BOTH_WAYS))
def test_an_edit_stands_on_both_sides_or_is_kept_as_a_loser_or_waits_in_a_question(world: World) -> None:
    base, claimed = world.base, {side: world.view(side).fields for side in Side}

    made = world.settle()

    asked = {question.row for question in made.questions}
    losers = {(conflict.row, getattr(conflict, conflict.winner.other)) for conflict in made.conflicts}
    for row in _scalars_shown(world):
        ends = {world.fields[side][row.on(side)] for side in Side}
        for side in Side:
            value = claimed[side][row.on(side)]
            if row.key not in asked and _is_edit(base, row, side, value):
                assert ends == {value} or (row.key, value) in losers


@given(worlds(ties=False))
def test_swapping_sides_directions_and_policy_together_changes_nothing(world: World) -> None:
    mirrored = world.mirrored()

    made, mirror = world.settle(), mirrored.settle()

    assert mirrored.fields == {side.other: fields for side, fields in world.fields.items()}
    assert mirrored.base == world.mirrored().base
    assert len(mirror.questions) == len(made.questions)
    assert {(c.left, c.right, c.winner, c.left_edit) for c in mirror.conflicts} == {
        (c.right, c.left, c.winner.other, c.right_edit) for c in made.conflicts
    }


@given(worlds(), st.integers(0, 4), st.booleans())
def test_an_interrupted_plan_planned_again_ends_in_the_same_place(
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
    assert broken.plan().is_empty


@given(worlds(BOTH_WAYS, always_agreed=True))
def test_sets_merge_by_additions_and_removals(world: World) -> None:
    assume(all(LABELS.on(side) in world.fields[side] for side in Side))
    was = {name for name in "abA" if elements(LABELS, name)[0] in world.base.elements[LABELS.key]}
    left, right = (names_of(world.fields[side][LABELS.on(side)]) for side in Side)

    world.settle()

    merged = (was & left & right) | (left - was) | (right - was)
    assert [names_of(world.fields[side][LABELS.on(side)]) for side in Side] == [merged, merged]


@given(worlds(), st.data())
def test_independent_fields_do_not_influence_one_another(world: World, data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(world.configuration.fields))
    alone = world.copy()
    alone.configuration = configured(one, policy=world.configuration.policy)

    assert alone.plan() == _only(world.plan(), one.key)


@given(worlds())
def test_no_operation_touches_a_field_that_is_unmapped_or_hidden_or_a_side_it_may_not(world: World) -> None:
    world.fields[Side.LEFT]["environment"] = Text("only here")  # a field that no row maps
    rows = {row.key: row for row in world.configuration.fields}

    made = world.plan()

    for operation in made.operations:
        for write in operation.writes:
            row = rows[write.row]
            assert write.field == row.on(operation.side)
            assert row.direction.writes(operation.side)
            assert all(row.on(side) in world.fields[side] for side in Side)
    assert guard.check(world.configuration, made) in {None, "empty_summary"}


@given(worlds())
def test_left_before_right_one_edit_then_one_transition_a_side_rows_in_order(world: World) -> None:
    made = world.plan()

    calls = [(operation.side, operation.kind) for operation in made.operations]
    kinds = (OperationKind.EDIT, OperationKind.TRANSITION)
    assert calls == [(side, kind) for side in Side for kind in kinds if (side, kind) in calls]
    for operation in made.operations:
        keys = [write.row for write in operation.writes]
        assert keys == sorted(set(keys))


@given(worlds(), SIDES)
def test_a_twin_as_it_was_created_agrees_with_its_origin(world: World, origin: Side) -> None:
    world.claims = {side: {} for side in Side}
    views = {origin: world.view(origin), origin.other: None}
    made = plan(
        world.configuration, EMPTY_BASE, views[Side.LEFT], views[Side.RIGHT], twin_key=KEYS[origin.other]
    )
    (creation,) = made.operations
    world.base = EMPTY_BASE
    world.fields[origin.other] = {
        one.on(origin.other): EMPTY
        for one in world.configuration.fields
        if one.on(origin) in world.fields[origin] and one.kind is not FieldKind.STATUS
    }
    world.apply(creation)

    again = world.plan()

    assert creation.side is origin.other
    assert again == Plan()
    for one in world.configuration.fields:
        if one.direction.writes(origin.other) and one.on(origin.other) in world.fields[origin.other]:
            value, twin = (world.fields[s][one.on(s)] for s in (origin, origin.other))
            assert value == twin or names_of(value) == names_of(twin) == frozenset()


@given(worlds())
def test_only_a_side_that_differs_from_its_base_makes_the_plan_write_to_the_other(world: World) -> None:
    made = world.plan()

    written = {operation.side for operation in made.operations}
    for side in Side:
        if not differs(world.configuration, world.base, side, world.view(side)):
            assert side.other not in written or world.claims[side.other]


def _scalars_shown(world: World) -> list[FieldRow]:
    rows = [row for row in world.configuration.fields if row.kind is not FieldKind.LABELS]
    return [row for row in rows if all(row.on(side) in world.fields[side] for side in Side)]


def _is_edit(base: Base, row: FieldRow, side: Side, value: Value) -> bool:
    if row.key not in base.fields:
        return value != EMPTY  # a first meeting: what a side holds counts, what it lacks does not
    return base.fields[row.key].on(side) != digest(KEYS[side], row.on(side), value)


def _only(made: Plan, key: str) -> Plan:
    operations = [
        replace(operation, writes=tuple(write for write in operation.writes if write.row == key))
        for operation in made.operations
    ]
    return Plan(
        operations=tuple(operation for operation in operations if operation.writes),
        agreements=tuple(change for change in made.agreements if change.row == key),
        conflicts=tuple(conflict for conflict in made.conflicts if conflict.row == key),
        questions=tuple(question for question in made.questions if question.row == key),
        problems=tuple(problem for problem in made.problems if problem.row == key),
    )
