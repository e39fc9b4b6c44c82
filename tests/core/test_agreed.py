"""A base that is too old is made anew from what both sides' histories tell."""

from datetime import datetime, timedelta

import pytest

from backbone_app.core.agreed import Past, agreed_again
from backbone_app.core.configuration import ConflictPolicy, FieldRow
from backbone_app.core.plan import EMPTY_BASE, Base, FieldWrite, Plan, plan
from backbone_app.core.values import EMPTY, Entry, FieldStep, Labels, Option, Side, Text, Value
from tests.core.world import LABELS, STATUS, SUMMARY, T0, agreed, base_of, configured, view

LEFT, RIGHT = Side.LEFT, Side.RIGHT
OURS = "app-account"


def entry(number: int, second: int, row: FieldRow, side: Side, after: Value, before: Value = EMPTY) -> Entry:
    """Somebody sets a field."""
    step = FieldStep(row.on(side), before, after)
    return Entry(number, T0 + timedelta(seconds=second), "ann", (step,))


def carried(number: int, second: int, edited: int, row: FieldRow, side: Side, after: Value) -> Entry:
    """We carry over what was edited at that second."""
    step = FieldStep(row.on(side), EMPTY, after)
    at = T0 + timedelta(seconds=second)
    return Entry(number, at, OURS, (step,), intent="i", edited=T0 + timedelta(seconds=edited))


def past(side: Side, row: FieldRow, now: Value, *entries: Entry) -> Past:
    """A side that holds ``now``; of its entries ours are forgotten."""
    lost = frozenset(one.id for one in entries if one.author == OURS)
    edits = {row.on(side): entries[-1].edit(row.on(side))} if entries and entries[-1].id not in lost else {}
    return Past(view(side, {row.on(side): now}, edits=edits), entries, lost, timedelta(0))


def planned(
    row: FieldRow, base: Base, left: Past, right: Past, policy: ConflictPolicy, born: datetime | None = None
) -> Plan:
    """Make the base anew and plan with it; ``born``: when the right one was created as a twin."""
    configuration = configured(row, policy=policy)
    twin = RIGHT if born else None
    changes = agreed_again([row], base, {LEFT: left, RIGHT: right}, twin=twin, born=born)
    return plan(configuration, base.after(changes), left.view, right.view)


A, B, OLD = Text("a"), Text("b"), Text("old")


@pytest.mark.parametrize("policy", ConflictPolicy)
def test_what_was_edited_after_it_was_carried_arrives_whoever_wins_conflicts(policy: ConflictPolicy) -> None:
    first = entry(1, 0, SUMMARY, LEFT, A)
    copy = carried(7, 5, 0, SUMMARY, RIGHT, A)

    again_left = planned(
        SUMMARY,
        base_of((SUMMARY, OLD)),
        past(LEFT, SUMMARY, B, first, entry(2, 60, SUMMARY, LEFT, B)),
        past(RIGHT, SUMMARY, A, copy),
        policy,
    )
    then_right = planned(
        SUMMARY,
        base_of((SUMMARY, OLD)),
        past(LEFT, SUMMARY, A, first),
        past(RIGHT, SUMMARY, B, copy, entry(8, 60, SUMMARY, RIGHT, B)),
        policy,
    )

    assert [(one.side, _value(one.writes[0])) for one in again_left.operations] == [(RIGHT, B)]
    assert [(one.side, _value(one.writes[0])) for one in then_right.operations] == [(LEFT, B)]
    assert again_left.conflicts == then_right.conflicts == ()


@pytest.mark.parametrize("policy", ConflictPolicy)
def test_an_edit_that_puts_the_old_value_back_arrives_too(policy: ConflictPolicy) -> None:
    left = past(LEFT, SUMMARY, OLD, entry(1, 0, SUMMARY, LEFT, A), entry(2, 60, SUMMARY, LEFT, OLD))
    right = past(RIGHT, SUMMARY, A, carried(7, 5, 0, SUMMARY, RIGHT, A))

    made = planned(SUMMARY, base_of((SUMMARY, OLD)), left, right, policy)

    assert [(one.side, _value(one.writes[0])) for one in made.operations] == [(RIGHT, OLD)]


def test_what_both_sides_edited_since_is_a_conflict_as_ever() -> None:
    left = past(LEFT, SUMMARY, B, entry(1, 0, SUMMARY, LEFT, A), entry(2, 60, SUMMARY, LEFT, B))
    right = past(RIGHT, SUMMARY, OLD, carried(7, 5, 0, SUMMARY, RIGHT, A), entry(8, 90, SUMMARY, RIGHT, OLD))

    assert agreed_again([SUMMARY], base_of((SUMMARY, Text("x"))), {LEFT: left, RIGHT: right}) == ()


def test_a_write_of_ours_whose_edit_the_other_side_never_saw_is_an_edit() -> None:
    """The work item is in another pair too: what came from there has yet to arrive here."""
    left = past(LEFT, SUMMARY, A, carried(3, 100, 95, SUMMARY, LEFT, A))
    right = past(RIGHT, SUMMARY, OLD)

    assert agreed_again([SUMMARY], base_of((SUMMARY, OLD)), {LEFT: left, RIGHT: right}) == ()


def test_a_label_that_was_taken_away_after_it_was_carried_goes_on_the_other_side_too() -> None:
    both, one = Labels(frozenset({"hall", "urgent"})), Labels(frozenset({"hall"}))
    left = past(LEFT, LABELS, one, entry(1, 0, LABELS, LEFT, both), entry(2, 60, LABELS, LEFT, one))
    right = past(RIGHT, LABELS, both, carried(7, 5, 0, LABELS, RIGHT, both))

    made = planned(LABELS, base_of((LABELS, one)), left, right, ConflictPolicy.NEWER)

    (operation,) = made.operations
    (write,) = operation.writes
    assert (operation.side, getattr(write, "remove", ())) == (RIGHT, ("urgent",))


def test_a_walk_that_was_cut_goes_on() -> None:
    left = past(LEFT, STATUS, Option("Done"), entry(1, 0, STATUS, LEFT, Option("Done")))
    right = past(RIGHT, STATUS, Option("Doing"), carried(7, 5, 0, STATUS, RIGHT, Option("Doing")))

    made = planned(STATUS, base_of((STATUS, Option("To Do"))), left, right, ConflictPolicy.RIGHT)

    assert [(one.side, _value(one.writes[0])) for one in made.operations] == [(RIGHT, Option("Done"))]


@pytest.mark.parametrize("policy", ConflictPolicy)
def test_a_twin_agreed_with_its_original_when_it_was_created(policy: ConflictPolicy) -> None:
    born = T0 + timedelta(minutes=10)
    edited = past(LEFT, SUMMARY, B, entry(1, 900, SUMMARY, LEFT, B))
    untouched = past(RIGHT, SUMMARY, A)

    made = planned(SUMMARY, EMPTY_BASE, edited, untouched, policy, born)

    assert [(one.side, _value(one.writes[0])) for one in made.operations] == [(RIGHT, B)]


def test_the_form_that_a_new_twin_gave_a_value_is_nobodys_edit() -> None:
    pasts = {LEFT: past(LEFT, SUMMARY, A), RIGHT: past(RIGHT, SUMMARY, Text("a "))}

    (change,) = agreed_again([SUMMARY], EMPTY_BASE, pasts, twin=RIGHT, born=T0)

    assert change.on(LEFT) == agreed(SUMMARY, A).on(LEFT)
    assert change.on(RIGHT) == agreed(SUMMARY, Text("a ")).on(RIGHT)


def _value(write: object) -> Value | None:
    return write.value if isinstance(write, FieldWrite) else None
