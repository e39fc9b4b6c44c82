"""Worlds for the laws: one base and two perturbed copies of it, so that edits really collide."""

from dataclasses import replace

from hypothesis import strategies as st

from backbone_app.core.configuration import ConflictPolicy, Direction, FieldRow
from backbone_app.core.plan import Base
from backbone_app.core.values import EMPTY, Day, Edit, FieldKind, Labels, Option, Side, Text, Value, Wiki
from tests.core.world import (
    DESCRIPTION,
    DUE,
    LABELS,
    PRIORITY,
    STATUS,
    STATUSES,
    SUMMARY,
    World,
    base_of,
    configured,
    doc,
    edit,
)

VALUES: dict[FieldKind, st.SearchStrategy[Value]] = {
    FieldKind.TEXT: st.sampled_from([Text("a"), Text("b"), Text("c"), EMPTY]),
    FieldKind.OPTION: st.sampled_from([Option("High"), Option("Low"), EMPTY]),
    FieldKind.LABELS: st.frozensets(st.sampled_from("abA"), max_size=3).map(Labels),
    FieldKind.DATE: st.sampled_from([Day("2026-11-01"), Day("2026-11-02"), EMPTY]),
    FieldKind.RICH: st.sampled_from([doc("a"), doc("b"), Wiki("a"), EMPTY]),
    FieldKind.STATUS: st.sampled_from([Option(name) for name in STATUSES]),
}
DIRECTIONS = st.sampled_from(Direction)
POLICIES = st.sampled_from(ConflictPolicy)
ROWS = (SUMMARY, PRIORITY, LABELS, DUE, DESCRIPTION, STATUS)


@st.composite
def settled(draw: st.DrawFn, directions: st.SearchStrategy[Direction] = DIRECTIONS) -> World:
    """A world in which everything is agreed."""
    rows = tuple(replace(row, direction=draw(directions)) for row in ROWS)
    values = [(row, draw(VALUES[row.kind])) for row in rows]
    world = World(configured(*rows, policy=draw(POLICIES)), base_of(*values))
    for row, value in values:
        for side in Side:
            world.fields[side][row.on(side)] = value
    return world


@st.composite
def worlds(
    draw: st.DrawFn,
    directions: st.SearchStrategy[Direction] = DIRECTIONS,
    *,
    ties: bool = True,
    always_agreed: bool = False,
) -> World:
    """A world in which each side may have edited, hidden or never agreed on each row."""
    world = draw(settled(directions))
    for row in world.configuration.fields:
        if not always_agreed and draw(st.integers(0, 3)) == 0:
            world.base = _without(world.base, row)
        for side in Side:
            _perturb(draw, world, row, side, ties=ties)
    return world


def _without(base: Base, row: FieldRow) -> Base:
    fields = {key: value for key, value in base.fields.items() if key != row.key}
    return Base(fields, {key: value for key, value in base.elements.items() if key != row.key})


def _perturb(draw: st.DrawFn, world: World, row: FieldRow, side: Side, *, ties: bool) -> None:
    name, here = row.on(side), world.fields[side]
    what = draw(st.sampled_from(["as agreed", "edited", "edited", "crossed", "hidden"]))
    if what == "hidden":
        del here[name]
    elif what == "edited":
        here[name] = draw(VALUES[row.kind])
    elif what == "crossed" and row.kind is not FieldKind.LABELS and row.direction.writes(side):
        # A person's claim stands under a value that only we can have written.
        world.claims[side][name] = draw(VALUES[row.kind])
        here[name] = draw(VALUES[row.kind])
    world.edits[side] |= _edits(draw, name, side, ties=ties)


def _edits(draw: st.DrawFn, name: str, side: Side, *, ties: bool) -> dict[str, Edit]:
    if ties and draw(st.booleans()):
        return {}
    step = 2 if ties else 20  # without ties the two sides' seconds never come near each other
    second = step * draw(st.integers(0, 9)) + (step // 2 if side is Side.RIGHT else 0)
    return {name: edit(f"{side} person", second=second)}
