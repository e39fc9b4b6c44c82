"""The way through a workflow that is known in part."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone_app.core.authorship import Attempt, Author
from backbone_app.core.canonical import digest
from backbone_app.core.expectation import expect
from backbone_app.core.plan import (
    EMPTY_BASE,
    Base,
    BaseChange,
    FieldWrite,
    LabelsWrite,
    Operation,
    OperationKind,
)
from backbone_app.core.settle import judge
from backbone_app.core.state import UNDER_WAY
from backbone_app.core.values import EMPTY, Entry, FieldStep, Item, Option, Side, Stamp
from backbone_app.core.workflow import Edge, explain, next_step, step
from tests.core.world import KEYS, STATUS, STATUSES, T0, World, agreed, base_of, configured

NAMES = st.sampled_from("ABCDE")
EDGES = st.lists(
    st.builds(
        Edge,
        source=NAMES,
        transition=st.sampled_from(["2", "10", "x", "11"]),
        name=st.just("go"),
        target=NAMES,
        required=st.sampled_from([(), (), ("resolution",)]),
    ),
    max_size=9,
)


def edge(source: str, target: str, number: str = "1", *required: str) -> Edge:
    return Edge(source, number, f"to {target}", target, required)


def walkable(edges: list[Edge], offered: list[Edge], *, at: str, to: str) -> list[list[Edge]]:
    """Every way without a loop, by trying all of them."""

    def onward(status: str, been: tuple[str, ...]) -> list[list[Edge]]:
        if status == to:
            return [[]]
        leaving = offered if status == at else [one for one in edges if one.source == status]
        return [
            [one, *rest]
            for one in leaving
            if not one.required and one.target not in been
            for rest in onward(one.target, (*been, one.target))
        ]

    return onward(at, (at,))


@given(EDGES, EDGES, NAMES, NAMES)
def test_the_step_begins_a_shortest_way_that_is_offered_and_asks_for_nothing(
    edges: list[Edge], offers: list[Edge], at: str, to: str
) -> None:
    offered = [replace(one, source=at) for one in offers]
    ways = walkable(edges, offered, at=at, to=to)

    found = next_step(edges, offered, at=at, to=to, explored=frozenset("ABCDE"))

    firsts = [way[0] for way in ways if way and len(way) == min(map(len, ways))]
    assert (found in firsts) if firsts else (found is None)


@given(EDGES, EDGES, NAMES, NAMES, st.frozensets(NAMES))
def test_a_step_is_one_that_is_offered_and_the_order_of_what_is_known_does_not_matter(
    edges: list[Edge], offers: list[Edge], at: str, to: str, explored: frozenset[str]
) -> None:
    offered = [replace(one, source=at) for one in offers]

    found = next_step(edges, offered, at=at, to=to, explored=explored)

    assert found is None or (found in offered and not found.required and found.target != at)
    assert found == next_step(edges[::-1], offered[::-1], at=at, to=to, explored=explored)


@given(EDGES, NAMES, NAMES)
def test_walking_on_ends_at_the_target_or_where_no_way_is_known(edges: list[Edge], at: str, to: str) -> None:
    explored, steps = frozenset(at), 0
    while found := next_step([], _leaving(edges, at), at=at, to=to, explored=explored):
        at, steps = found.target, steps + 1
        explored |= {at}

    assert steps <= 5  # no status is tried twice


def _leaving(edges: list[Edge], at: str) -> list[Edge]:
    return [one for one in edges if one.source == at]


def test_the_shorter_way_wins_over_the_lower_number() -> None:
    long, short = edge("A", "B", "1"), edge("A", "C", "9")
    known = [edge("B", "D"), edge("D", "E"), edge("C", "E")]

    assert next_step(known, [long, short], at="A", to="E") == short


@pytest.mark.parametrize(
    ("numbers", "chosen"), [(("10", "9"), "9"), (("x", "10"), "10"), (("b", "a"), "a"), (("²", "3"), "3")]
)
def test_of_equally_short_ways_the_lowest_number_decides_then_the_text(
    numbers: tuple[str, str], chosen: str
) -> None:
    offered = [edge("A", "B", number) for number in numbers]

    found = next_step([], offered, at="A", to="B")

    assert found is not None
    assert found.transition == chosen


def test_a_way_that_was_known_but_is_not_offered_now_is_no_way() -> None:
    known = [edge("A", "C"), edge("A", "B"), edge("B", "C"), edge("B", "A")]

    assert next_step(known, [edge("A", "B", "7")], at="A", to="C") == edge("A", "B", "7")
    assert next_step(known, [], at="A", to="C") is None


def test_a_way_that_leads_back_to_where_it_began_is_no_way() -> None:
    known = [edge("A", "C"), edge("B", "A")]

    assert next_step(known, [edge("A", "B")], at="A", to="C") is None


def test_a_transition_that_asks_for_a_field_is_no_way_even_further_on() -> None:
    asking = edge("A", "B", "1", "resolution")

    assert next_step([], [asking], at="A", to="B") is None
    assert next_step([edge("B", "C", "1", "resolution")], [edge("A", "B")], at="A", to="C") is None


def test_a_work_item_at_its_target_stays() -> None:
    assert next_step([], [edge("A", "A"), edge("A", "B")], at="A", to="A") is None


def test_with_no_way_known_a_status_nobody_looked_at_is_tried_once() -> None:
    offered = [edge("A", "C", "2"), edge("A", "B", "1")]

    assert next_step([], offered, at="A", to="E") == offered[1]
    assert next_step([], offered, at="A", to="E", explored=frozenset("B")) == offered[0]
    assert next_step([edge("B", "A")], offered, at="A", to="E") == offered[0]
    assert next_step([], offered, at="A", to="E", explored=frozenset("BC")) is None


def named(source: str, target: str, category: str, number: str = "1") -> Edge:
    return Edge(source, number, f"to {target}", target, category=category)


def test_the_nearest_status_nobody_looked_at_is_walked_to_over_what_is_known() -> None:
    offered = [named("A", "B", "new"), named("A", "C", "new", "2")]
    known = [named("B", "D", "new"), named("C", "F", "new"), named("D", "E", "new")]

    assert next_step(known, offered, at="A", to="Z", explored=frozenset("BCD")) == offered[1]
    assert next_step(known, offered, at="A", to="Z", explored=frozenset("BCDF")) == offered[0]
    assert next_step(known, offered, at="A", to="Z", explored=frozenset("BCDEF")) is None


@pytest.mark.parametrize("category", ["done", ""])
def test_no_way_to_where_nobody_looked_leads_through_what_ends_the_work_or_may(category: str) -> None:
    offered = [named("A", "B", "new")]

    assert next_step([named("B", "C", category)], offered, at="A", to="Z", explored=frozenset("B")) is None
    known = [named("B", "C", category), named("C", "D", "new")]
    assert next_step(known, offered, at="A", to="Z", explored=frozenset("BC")) is None


def test_no_way_to_where_nobody_looked_asks_for_a_field() -> None:
    offered, known = [named("A", "B", "new")], [replace(named("B", "C", "new"), required=("resolution",))]

    assert next_step(known, offered, at="A", to="Z", explored=frozenset("B")) is None


def test_a_failure_names_the_status_the_target_and_the_transitions_that_exist() -> None:
    offered = [
        Edge("In Review", "10", "Reopen", "Open"),
        Edge("In Review", "2", "Close", "Done", ("resolution",)),
    ]

    assert explain(offered, at="In Review", to="Done") == (
        "The work item is in “In Review”, and no way from there to “Done” is known. "
        "Jira offers: “Close” (to “Done”, asks for resolution), “Reopen” (to “Open”)."
    )
    assert explain([], at="Done", to="Open").endswith("Jira offers no transition there.")


KEY = KEYS[Side.RIGHT]
TO_DO = Option("To Do")
DONE = FieldWrite("status", "state", Option("Done"), agreed(STATUS, Option("Done")))
MOVE = Operation(OperationKind.TRANSITION, Side.RIGHT, (DONE,))


def test_the_last_step_is_the_operation_itself() -> None:
    assert step(MOVE, "Done", key=KEY) == MOVE


def test_a_step_on_the_way_moves_the_base_of_its_side_and_leaves_the_other_one_under_way() -> None:
    (write,) = step(MOVE, "Doing", key=KEY).writes

    becomes = BaseChange("status", UNDER_WAY, digest(KEY, "state", Option("Doing")))
    assert write == replace(DONE, value=Option("Doing"), becomes=becomes)


def test_a_crossed_edit_put_back_in_steps_leaves_the_base_alone() -> None:
    put_back = replace(MOVE, writes=(replace(DONE, puts_back=True),))

    (write,) = step(put_back, "Doing", key=KEY).writes

    assert write.becomes == BaseChange("status")


@pytest.mark.parametrize("was", [EMPTY_BASE, base_of((STATUS, Option("Doing"))), base_of((STATUS, TO_DO))])
def test_a_status_put_back_in_steps_arrives_where_its_person_had_left_it(was: Base) -> None:
    lossy = replace(configured(STATUS), statuses_to_left=(("Review", "Doing"), ("Done", "Done")))
    world = World(lossy, was)
    world.fields = {Side.LEFT: {"status": Option("Doing")}, Side.RIGHT: {"state": TO_DO}}
    world.claims[Side.RIGHT] = {"state": Option("Review")}

    (move,) = world.plan().operations
    world.apply(step(move, "Done", key=KEY))
    world.settle()

    assert world.fields == {Side.LEFT: {"status": Option("Doing")}, Side.RIGHT: {"state": Option("Review")}}
    assert world.plan().is_empty


@pytest.mark.parametrize(
    "write",
    [
        FieldWrite("status", "state", EMPTY, BaseChange("status")),
        LabelsWrite("l", "l", (), (), BaseChange("l")),
    ],
)
def test_only_a_status_is_reached_in_steps(write: FieldWrite | LabelsWrite) -> None:
    with pytest.raises(TypeError):
        step(replace(MOVE, writes=(write,)), "Done", key=KEY)


@given(st.sampled_from(STATUSES), st.sampled_from(STATUSES), st.permutations(STATUSES), st.booleans())
def test_a_walk_broken_after_any_step_is_walked_on_and_never_flows_back(
    was: str, target: str, way: list[str], known: bool
) -> None:
    world = World(configured(STATUS), base_of((STATUS, Option(was))) if known else EMPTY_BASE)
    world.fields = {Side.LEFT: {"status": Option(target)}, Side.RIGHT: {"state": Option(was)}}
    world.origin = Side.LEFT

    for reached in way[: way.index(target)]:
        planned = world.plan()
        if planned.operations:
            world.apply(step(planned.operations[0], reached, key=KEY))
        assert world.fields[Side.LEFT]["status"] == Option(target)
    world.settle()

    assert world.fields[Side.RIGHT]["state"] == Option(target)
    assert world.plan().is_empty


def test_a_transition_is_judged_by_the_status_it_arrived_at() -> None:
    arrived = Entry(7, T0, "us", (FieldStep("state", Option("Doing"), Option("Done")),), intent="i")
    item = Item("1", "B-1", "2", "3", "Task", "us", T0, Stamp(), {"state": Option("Done")}, (arrived,))

    verdict = judge(
        expect(MOVE, key=KEY), item, Attempt("i", Author("us", is_shared=False), 6, (T0, T0), False), key=KEY
    )

    assert (verdict.applied, verdict.becomes) == (True, (agreed(STATUS, Option("Done")),))


def test_nobodys_work_is_ended_to_see_what_comes_after_it() -> None:
    cancel = Edge("A", "1", "Cancel", "Cancelled", category="done")
    select = Edge("A", "2", "Select", "Selected", category="new")

    assert next_step([], [cancel, select], at="A", to="E") == select
    assert next_step([], [cancel], at="A", to="E") is None
    assert next_step([], [cancel], at="A", to="Cancelled") == cancel
