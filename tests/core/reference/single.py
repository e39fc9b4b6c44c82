"""A field that holds one value: whose value stands, by two tables (product.md §4.1, design.md §3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from backbone_app.core.configuration import Configuration, ConflictPolicy, Direction, FieldRow
from backbone_app.core.state import UNDER_WAY
from backbone_app.core.values import EMPTY, Edit, FieldKind, Side, Value
from tests.core.reference.crossing import crossed
from tests.core.reference.trees import Agreed, Fact

LEFT, RIGHT = SIDES = Side.LEFT, Side.RIGHT
BOTH, TO_RIGHT, TO_LEFT = Direction.BOTH, Direction.TO_RIGHT, Direction.TO_LEFT
Stands = Side | str
"""The side whose value both are to hold, or a word: each side keeps its own, which is agreed on or not."""
KEEP, AS_THEY_ARE, POLICY, ASK = "keep", "as they are", "policy", "ask"

# (left changed, right changed, direction)
CHANGED: Mapping[tuple[bool, bool, Direction], Stands] = {
    (False, False, BOTH): KEEP,
    (False, False, TO_RIGHT): KEEP,
    (False, False, TO_LEFT): KEEP,
    (True, False, BOTH): LEFT,
    (True, False, TO_RIGHT): LEFT,
    (True, False, TO_LEFT): KEEP,
    (False, True, BOTH): RIGHT,
    (False, True, TO_RIGHT): KEEP,
    (False, True, TO_LEFT): RIGHT,
    (True, True, BOTH): POLICY,
    (True, True, TO_RIGHT): LEFT,
    (True, True, TO_LEFT): RIGHT,
}
# (left empty, right empty, direction), of two that never agreed and differ
NEVER_AGREED: Mapping[tuple[bool, bool, Direction], Stands] = {
    (False, False, BOTH): ASK,
    (False, False, TO_RIGHT): ASK,
    (False, False, TO_LEFT): ASK,
    (True, False, BOTH): RIGHT,
    (True, False, TO_RIGHT): AS_THEY_ARE,
    (True, False, TO_LEFT): RIGHT,
    (False, True, BOTH): LEFT,
    (False, True, TO_RIGHT): LEFT,
    (False, True, TO_LEFT): AS_THEY_ARE,
}
# (the original was moved, its new twin was moved): a status where nobody moved it is where a workflow starts
FIRST_STATUS: Mapping[tuple[bool, bool], Callable[[Side], Stands]] = {
    (False, False): lambda original: original,
    (True, False): lambda original: original,
    (False, True): lambda original: original.other,
    (True, True): lambda _: POLICY,
}
MAY_WRITE = {(LEFT, BOTH), (LEFT, TO_LEFT), (RIGHT, BOTH), (RIGHT, TO_RIGHT)}


@dataclass(frozen=True, slots=True)
class Shown:
    """One side's field: what a person set it to, what it holds (after a crossed edit: something else)."""

    name: str
    value: Value
    holds: Value
    edit: Edit | None
    born: Edit | None
    people: frozenset[str] | None
    returned: bool = False


Both = Mapping[Side, Shown]


def single(
    row: FieldRow,
    was: Agreed | None,
    both: Both,
    configuration: Configuration,
    origin: Side | None,
    choice: ConflictPolicy | None,
) -> set[Fact]:
    if was is not None and (was[0] is None or was[1] is None):
        was = None
    comes = {to: _crossed(row, both, configuration, to) for to in SIDES}
    stands = _stands(row, was, both, comes, origin)
    disputes: set[Fact] = set()
    if stands == ASK and choice is None:
        return {("question", row.key)}
    if stands in {POLICY, ASK}:
        policy = configuration.policy if stands == POLICY or choice is None else choice
        edits = tuple(both[side].edit or (both[side].born if stands == ASK else None) for side in SIDES)
        winner, tie = newer(*edits) if policy is ConflictPolicy.NEWER else (Side(policy.value), False)
        travels = (winner.other, row.direction) in MAY_WRITE
        stands = winner if travels else AS_THEY_ARE
        if travels:
            disputes = {("conflict", row.key, both[LEFT].value, both[RIGHT].value, winner, *edits, tie)}
    if isinstance(stands, Side) and comes[stands.other] is None:
        return {("problem", row.key, "status_not_mapped")}
    return disputes | _written(row, was, both, comes, stands, is_disputed=bool(disputes))


def newer(left: Edit | None, right: Edit | None) -> tuple[Side, bool]:
    """Closer than five seconds, or of a time that nobody knows: left, and it is said."""
    if left is None or right is None:
        return LEFT, True
    if left.at - right.at >= timedelta(seconds=5):
        return LEFT, False
    if right.at - left.at >= timedelta(seconds=5):
        return RIGHT, False
    return LEFT, True


def _crossed(row: FieldRow, both: Both, configuration: Configuration, to: Side) -> Value | None:
    return crossed(row, both[to.other].value, configuration, both[to].people, to)


def _stands(
    row: FieldRow,
    was: Agreed | None,
    both: Both,
    comes: Mapping[Side, Value | None],
    origin: Side | None,
) -> Stands:
    left, right = both[LEFT].value, both[RIGHT].value
    # Where a walk of ours is on its way, what its own steps reached says nothing of the side it started from.
    by_steps = {LEFT: was == (UNDER_WAY, right), RIGHT: was == (left, UNDER_WAY)}
    if row.direction is not TO_LEFT and comes[RIGHT] == right and not by_steps[RIGHT]:
        return AS_THEY_ARE
    if row.direction is not TO_RIGHT and comes[LEFT] == left and not by_steps[LEFT]:
        return AS_THEY_ARE
    if was is not None:
        changed = [was[0] == UNDER_WAY or was[0] != left, was[1] == UNDER_WAY or was[1] != right]
        if any(changed) and row.direction is BOTH:
            # Who chose the old value anew has edited too, where the other one has not done so later.
            changed = [changed[0] or _chosen_anew(both, LEFT), changed[1] or _chosen_anew(both, RIGHT)]
        return CHANGED[changed[0], changed[1], row.direction]
    if row.kind is FieldKind.STATUS and origin is not None:
        moved = both[origin].edit is not None, both[origin.other].edit is not None
        there = origin if row.direction is not BOTH else FIRST_STATUS[moved](origin)
        return there if (origin.other, row.direction) in MAY_WRITE else AS_THEY_ARE
    return NEVER_AGREED[left == EMPTY, right == EMPTY, row.direction]


def _chosen_anew(both: Both, side: Side) -> bool:
    mine, theirs = both[side].edit, both[side.other].edit
    if mine and theirs and theirs.at >= mine.at + timedelta(seconds=5):
        return False
    return both[side].returned


def _written(
    row: FieldRow,
    was: Agreed | None,
    both: Both,
    comes: Mapping[Side, Value | None],
    stands: Stands,
    *,
    is_disputed: bool,
) -> set[Fact]:
    wished = {
        side: comes[side] if isinstance(stands, Side) and side is stands.other else both[side].value
        for side in SIDES
    }
    after = was if stands == KEEP else (wished[LEFT], wished[RIGHT])
    written = [
        side for side in SIDES if wished[side] != both[side].holds and (side, row.direction) in MAY_WRITE
    ]
    if not written:
        return {("agreed", row.key, after)} if after != was else set()
    facts: set[Fact] = set()
    for side in written:
        facts.add(("write", side, row.key, both[side].name, wished[side]))
        source = stands if isinstance(stands, Side) else side
        facts.add(("carries", side, row.key, both[source].edit))
        facts.add(("gives way", side, row.key, _given_way(was, both, side, stands, is_disputed=is_disputed)))
        facts.add(("once written", side, row.key, after if side is _mover(written, stands) else was))
    return facts


def _mover(written: list[Side], stands: Stands) -> Side:
    """The base moves with the write that goes across, else with the last one."""
    if isinstance(stands, Side) and stands.other in written:
        return stands.other
    return written[-1]


def _given_way(
    was: Agreed | None, both: Both, side: Side, stands: Stands, *, is_disputed: bool
) -> Edit | None:
    """An edit that the other side's value replaces is kept in the feed."""
    if not isinstance(stands, Side) or side is stands:
        return None
    last = None if was is None else was[0 if side is LEFT else 1]
    given = last is None or last == UNDER_WAY or last != both[side].value
    return both[side].edit if given or is_disputed else None
