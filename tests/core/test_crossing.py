"""Values that the other side holds in another form, in a poorer one, or not at all."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone_app.core import guard
from backbone_app.core.configuration import Configuration, Direction
from backbone_app.core.mapping import across, fits
from backbone_app.core.plan import (
    EMPTY_BASE,
    Base,
    BaseChange,
    FieldBase,
    FieldWrite,
    Operation,
    OperationKind,
    Plan,
    Problem,
    Question,
    plan,
)
from backbone_app.core.values import EMPTY, Day, FieldKind, Labels, Option, Side, Text, Value, Wiki
from tests.core.pairs import DIRECTIONS, POLICIES
from tests.core.world import (
    DESCRIPTION,
    DUE,
    KEYS,
    STATUS,
    SUMMARY,
    World,
    agreed,
    configured,
    doc,
    edit,
    mention,
    view,
)

NAMES = {Side.LEFT: ("To Do", "Doing", "Done", "Blocked"), Side.RIGHT: ("Open", "Doing", "Done", "Review")}
TEXTS = [doc("a"), doc(mention("ann")), doc("@ann"), doc(mention("bob")), doc("@bob"), Wiki("a"), EMPTY]
PEOPLE = st.one_of(st.none(), st.frozensets(st.sampled_from(["ann", "bob"])))
SIDES = st.sampled_from(Side)


@st.composite
def tables(draw: st.DrawFn, to: Side) -> tuple[tuple[str, str], ...]:
    """Some statuses of one side, each with some status of the other; several may share one."""
    sources = draw(st.sets(st.sampled_from(NAMES[to.other])))
    return tuple((name, draw(st.sampled_from(NAMES[to]))) for name in sorted(sources))


def values(side: Side) -> dict[str, st.SearchStrategy[Value]]:
    statuses = st.sampled_from([Option(name) for name in NAMES[side]])
    return {DESCRIPTION.key: st.sampled_from(TEXTS), STATUS.key: statuses}


@st.composite
def lossy_worlds(draw: st.DrawFn) -> World:
    """Sides that know different people and statuses, and may have agreed on anything, or on nothing."""
    rows = tuple(replace(row, direction=draw(DIRECTIONS)) for row in (DESCRIPTION, STATUS))
    configuration = replace(
        configured(*rows, policy=draw(POLICIES)),
        statuses_to_right=draw(tables(Side.RIGHT)),
        statuses_to_left=draw(tables(Side.LEFT)),
    )
    world = World(
        configuration,
        people={side: draw(PEOPLE) for side in Side},
        origin=draw(st.one_of(st.none(), SIDES)),
    )
    for row in rows:
        _differ(draw, world, row.key)
    return world


def _differ(draw: st.DrawFn, world: World, key: str) -> None:
    row = next(row for row in world.configuration.fields if row.key == key)
    was = {side: draw(values(side)[key]) for side in Side}
    if draw(st.booleans()):
        left, right = (_digest(row.on(side), side, was[side]) for side in Side)
        world.commit([BaseChange(key, left, right)])
    for side in Side:
        now = draw(st.one_of(st.just(was[side]), values(side)[key]))
        world.fields[side][row.on(side)] = now
        world.edits[side][row.on(side)] = edit(
            f"{side} person", second=20 * draw(st.integers(0, 5)) + (10 if side is Side.RIGHT else 0)
        )
        if row.direction.writes(side) and draw(st.integers(0, 3)) == 0:
            world.claims[side][row.on(side)] = draw(values(side)[key])


def _digest(name: str, side: Side, value: Value) -> str:
    row = replace(SUMMARY, left=name, right=name)
    digest = agreed(row, value).on(side)
    assert digest is not None
    return digest


@given(lossy_worlds())
def test_what_was_sent_and_came_back_unchanged_plans_to_nothing(world: World) -> None:
    first = world.settle()

    assert world.plan() == Plan(questions=first.questions, problems=first.problems)


@given(lossy_worlds())
def test_the_sides_may_be_swapped_where_no_tie_decides(world: World) -> None:
    mirrored = world.mirrored()

    world.settle()
    mirrored.settle()

    assert mirrored.fields == {side.other: fields for side, fields in world.fields.items()}
    assert mirrored.base == world.mirrored().base


@given(lossy_worlds(), st.integers(0, 4))
def test_a_broken_plan_ends_in_the_same_place(world: World, done: int) -> None:
    whole, broken = world.copy(), world.copy()
    whole.settle()

    for operation in broken.plan().operations[:done]:
        broken.apply(operation)
    broken.settle()

    assert broken.fields == whole.fields
    assert broken.plan().is_empty


@given(lossy_worlds())
def test_no_status_is_written_but_a_counterpart_or_what_a_person_had_chosen(world: World) -> None:
    made = world.plan()

    assert guard.check(world.configuration, made) is None
    for operation in made.operations:
        for write in operation.writes:
            if write.row == STATUS.key and isinstance(write, FieldWrite):
                known = [Option(name) for name in _targets(world.configuration, operation.side)]
                claim = world.claims[operation.side].get(write.field)
                assert operation.kind is OperationKind.TRANSITION
                assert write.value in known or write.value == claim


@given(lossy_worlds(), SIDES)
def test_a_text_travels_in_the_form_the_other_site_can_show(world: World, side: Side) -> None:
    world.claims = {one: {} for one in Side}
    name, other = DESCRIPTION.on(side), DESCRIPTION.on(side.other)
    value, theirs = world.fields[side][name], world.fields[side.other][other]
    world.base = Base(
        {
            DESCRIPTION.key: FieldBase(
                *_base(side, was="1:another", theirs=_digest(other, side.other, theirs))
            )
        },
        {},
    )
    row = world.configuration.fields[0]

    world.settle()

    crossed = across(row, value, world.configuration, to=side.other, people=world.people[side.other])
    back = across(row, theirs, world.configuration, to=side, people=world.people[side])
    if row.direction.writes(side.other) and not (back == value and row.direction.writes(side)):
        assert world.fields[side.other][other] == crossed
    assert world.fields[side][name] == value


def _base(side: Side, *, was: str, theirs: str) -> tuple[str, str]:
    return (was, theirs) if side is Side.LEFT else (theirs, was)


def _targets(configuration: Configuration, side: Side) -> set[str]:
    pairs = configuration.statuses_to_right if side is Side.RIGHT else configuration.statuses_to_left
    return {target for _, target in pairs}


WORKFLOW = replace(
    configured(STATUS),
    statuses_to_right=(("To Do", "Open"), ("Doing", "Doing"), ("Done", "Done")),
    statuses_to_left=(("Open", "To Do"), ("Doing", "Doing"), ("Review", "Doing"), ("Done", "Done")),
)


def status_pair(left: str, right: str, *, base: Base = EMPTY_BASE) -> Plan:
    one, other = view(Side.LEFT, {"status": Option(left)}), view(Side.RIGHT, {"state": Option(right)})
    return plan(WORKFLOW, base, one, other)


def status_base(left: str, right: str) -> Base:
    return EMPTY_BASE.after([BaseChange("status", *_digests(left, right))])


def _digests(left: str, right: str) -> tuple[str, str]:
    return (
        _digest(STATUS.left, Side.LEFT, Option(left)),
        _digest(STATUS.right, Side.RIGHT, Option(right)),
    )


def test_a_status_moves_by_a_transition_after_the_edit_of_the_same_side() -> None:
    configuration = replace(WORKFLOW, fields=(SUMMARY, STATUS), types=configured(SUMMARY, STATUS).types)
    base = Base({**status_base("To Do", "Open").fields, "summary": FieldBase(*_both(Text("a")))}, {})
    left = view(Side.LEFT, {"summary": Text("b"), "status": Option("Done")})
    right = view(Side.RIGHT, {"summary": Text("a"), "state": Option("Open")})

    made = plan(configuration, base, left, right)

    assert [(o.kind, o.side, [(w.field, _value(w)) for w in o.writes]) for o in made.operations] == [
        (OperationKind.EDIT, Side.RIGHT, [("summary", Text("b"))]),
        (OperationKind.TRANSITION, Side.RIGHT, [("state", Option("Done"))]),
    ]


def _value(write: object) -> Value:
    assert isinstance(write, FieldWrite)
    return write.value


def _both(value: Value) -> tuple[str | None, str | None]:
    change = agreed(SUMMARY, value)
    return change.left, change.right


def test_two_statuses_that_mean_one_thing_are_in_step() -> None:
    made = status_pair("Doing", "Review", base=status_base("Doing", "Doing"))

    assert made.is_empty
    assert made.agreements == (BaseChange("status", *_digests("Doing", "Review")),)


def test_a_status_without_a_row_stays_where_it_is_and_says_so() -> None:
    made = status_pair("Blocked", "Open", base=status_base("To Do", "Open"))

    assert made == Plan(problems=(Problem("status", "status_not_mapped"),))


def test_a_status_without_a_row_that_loses_is_a_conflict_like_any_other() -> None:
    configuration = replace(WORKFLOW, policy=configured(STATUS).policy)
    left = view(Side.LEFT, {"status": Option("Blocked")}, edits={"status": edit("ann", second=0)})
    right = view(Side.RIGHT, {"state": Option("Done")}, edits={"state": edit("bob", second=60)})

    made = plan(configuration, status_base("To Do", "Open"), left, right)

    assert [(operation.side, _value(operation.writes[0])) for operation in made.operations] == [
        (Side.LEFT, Option("Done"))
    ]
    assert [(conflict.left, conflict.winner) for conflict in made.conflicts] == [
        (Option("Blocked"), Side.RIGHT)
    ]


@pytest.mark.parametrize(
    ("origin", "expected"), [(Side.LEFT, (Side.RIGHT, "Done")), (Side.RIGHT, (Side.LEFT, "To Do"))]
)
def test_a_twin_just_created_takes_the_status_of_its_origin(origin: Side, expected: tuple[Side, str]) -> None:
    bob = edit("bob")
    left = view(Side.LEFT, {"status": Option("Done")}, edits={"status": bob} if origin is Side.LEFT else {})
    right = view(Side.RIGHT, {"state": Option("Open")}, edits={"state": bob} if origin is Side.RIGHT else {})

    made = plan(WORKFLOW, EMPTY_BASE, left, right, origin=origin)

    side, name = expected
    becomes = BaseChange(
        "status", *_digests(*(("Done", "Done") if side is Side.RIGHT else ("To Do", "Open")))
    )
    write = FieldWrite("status", STATUS.on(side), Option(name), becomes, edit=bob)
    assert made == Plan((Operation(OperationKind.TRANSITION, side, (write,)),))


@pytest.mark.parametrize(
    ("direction", "moved", "written", "conflicts"),
    [
        (Direction.BOTH, 0, Side.LEFT, 0),
        (Direction.BOTH, 10, Side.LEFT, 1),
        (Direction.BOTH, 30, Side.RIGHT, 1),
        (Direction.TO_RIGHT, 0, Side.RIGHT, 0),
    ],
    ids=["the twin alone", "the twin later", "the original later", "the twin, where nothing comes back"],
)
def test_who_has_moved_a_new_twin_already_chose_its_status(
    direction: Direction, moved: int, written: Side, conflicts: int
) -> None:
    workflow = replace(WORKFLOW, fields=(replace(STATUS, direction=direction),))
    edits = {"status": edit("alice", second=moved)} if moved else {}
    left = view(Side.LEFT, {"status": Option("To Do")}, edits=edits)
    right = view(Side.RIGHT, {"state": Option("Done")}, edits={"state": edit("bob", second=20)})

    made = plan(workflow, EMPTY_BASE, left, right, origin=Side.LEFT)

    assert [operation.side for operation in made.operations] == [written]
    assert len(made.conflicts) == conflicts


def test_where_the_origins_status_may_not_travel_both_count_as_agreed() -> None:
    one_way = replace(WORKFLOW, fields=(replace(STATUS, direction=Direction.TO_LEFT),))
    left, right = view(Side.LEFT, {"status": Option("Done")}), view(Side.RIGHT, {"state": Option("Open")})

    made = plan(one_way, EMPTY_BASE, left, right, origin=Side.LEFT)

    assert made == Plan(agreements=(BaseChange("status", *_digests("Done", "Open")),))


def test_items_that_both_existed_before_leave_the_choice_of_a_status_to_a_person() -> None:
    assert status_pair("Done", "Open") == Plan(questions=(Question("status"),))


def test_a_creation_says_nothing_of_the_status() -> None:
    configuration = replace(WORKFLOW, fields=(SUMMARY, STATUS), types=configured(SUMMARY, STATUS).types)
    left = view(Side.LEFT, {"summary": Text("a"), "status": Option("Done")})

    made = plan(configuration, EMPTY_BASE, left, None, origin=Side.LEFT)

    (creation,) = made.operations
    assert [write.row for write in creation.writes] == ["summary"]
    assert (creation.also, made.problems) == ((), ())


def test_a_twin_is_created_with_the_mentions_its_site_knows() -> None:
    left = view(Side.LEFT, {"description": doc(mention("ann"), " and ", mention("bob", "Bob B."))})

    (creation,) = plan(
        configured(DESCRIPTION),
        EMPTY_BASE,
        left,
        None,
        twin_key=KEYS[Side.RIGHT],
        twin_people=frozenset({"ann"}),
    ).operations

    assert [_value(write) for write in creation.writes] == [doc(mention("ann"), " and ", "@Bob B.")]


def test_on_one_site_everybody_stays_mentioned() -> None:
    left = view(Side.LEFT, {"description": doc(mention("ann"))})

    (creation,) = plan(configured(DESCRIPTION), EMPTY_BASE, left, None).operations

    assert [_value(write) for write in creation.writes] == [doc(mention("ann"))]


def test_a_due_date_is_carried_and_cleared_like_any_value() -> None:
    base = EMPTY_BASE.after([agreed(DUE, Day("2026-11-01"))])
    left, right = view(Side.LEFT, {"duedate": EMPTY}), view(Side.RIGHT, {"deadline": Day("2026-11-01")})

    (operation,) = plan(configured(DUE), base, left, right).operations

    assert (operation.side, _value(operation.writes[0])) == (Side.RIGHT, EMPTY)


def test_a_text_overwritten_unseen_comes_back_in_its_wiki_form_on_both_sides() -> None:
    base = EMPTY_BASE.after([agreed(DESCRIPTION, doc("old"))])
    left = view(Side.LEFT, {"description": doc("ours")}, edits={"description": edit("ann", second=0)})
    claim = view(
        Side.RIGHT,
        {"details": Wiki("*theirs*")},
        edits={"details": edit("bob", second=60)},
        current={"details": doc("ours")},
    )

    made = plan(configured(DESCRIPTION), base, left, claim)

    assert [(o.side, _value(o.writes[0])) for o in made.operations] == [
        (Side.LEFT, Wiki("*theirs*")),
        (Side.RIGHT, Wiki("*theirs*")),
    ]


@pytest.mark.parametrize(
    ("kind", "value", "held"),
    [
        (FieldKind.DATE, Day("2026-11-01"), True),
        (FieldKind.DATE, EMPTY, True),
        (FieldKind.DATE, Text("2026-11-01"), False),
        (FieldKind.RICH, doc("a"), True),
        (FieldKind.RICH, Wiki("a"), True),
        (FieldKind.RICH, EMPTY, True),
        (FieldKind.RICH, Text("a"), False),
        (FieldKind.STATUS, Option("Done"), True),
        (FieldKind.STATUS, EMPTY, False),
        (FieldKind.TEXT, doc("a"), False),
        (FieldKind.LABELS, Labels(frozenset()), True),
    ],
)
def test_a_row_holds_values_of_its_kind_and_a_status_is_never_empty(
    kind: FieldKind, value: Value, held: bool
) -> None:
    assert fits(kind, value) is held
