"""A set of labels, name by name (product.md §4.1: additions and removals; design.md §3: its elements)."""

from collections.abc import Iterator, Mapping

from backbone_app.core.configuration import ConflictPolicy, FieldRow
from backbone_app.core.values import Labels, Side, Value
from tests.core.reference.single import LEFT, MAY_WRITE, RIGHT, SIDES, Both, newer
from tests.core.reference.trees import Fact, Members

Names = frozenset[str]
Held = Mapping[Side, Names]
PLACE = {LEFT: 0, RIGHT: 1}


def names(value: Value) -> Names:
    return value.names if isinstance(value, Labels) else frozenset()


def labels(row: FieldRow, was: Members | None, both: Both, choice: ConflictPolicy | None) -> set[Fact]:
    held = {side: names(both[side].value) for side in SIDES}
    if was is not None or held[LEFT] == held[RIGHT]:
        return _merged(row, was, both, held)
    if held[LEFT] and held[RIGHT]:
        return {("question", row.key)} if choice is None else _chosen(row, both, held, choice)
    empty = RIGHT if held[LEFT] else LEFT
    if (empty, row.direction) in MAY_WRITE:
        return _merged(row, None, both, held)
    return {("agreed", row.key, frozenset())}


def _chosen(row: FieldRow, both: Both, held: Held, choice: ConflictPolicy) -> set[Fact]:
    """The chosen set stands; one that may not travel leaves both, and the other, its source, as agreed."""
    edits = tuple(both[side].edit or both[side].born for side in SIDES)
    winner, tie = newer(*edits) if choice is ConflictPolicy.NEWER else (Side(choice.value), False)
    target = winner.other
    if (target, row.direction) not in MAY_WRITE:
        return {("agreed", row.key, _alike(held[target]))}
    facts: set[Fact] = {
        ("conflict", row.key, both[LEFT].value, both[RIGHT].value, winner, *edits, tie),
        ("once written", target, row.key, _alike(held[winner])),
    }
    join, leave = held[winner] - held[target], held[target] - held[winner]
    return facts | _write(row, both, target, join, leave)


def _alike(those: Names) -> Members:
    return frozenset((name, name) for name in those)


def _write(row: FieldRow, both: Both, side: Side, join: Names, leave: Names) -> set[Fact]:
    facts: set[Fact] = {("joins", side, row.key, both[side].name, name) for name in join}
    facts |= {("leaves", side, row.key, both[side].name, name) for name in leave}
    return facts | {("carries", side, row.key, both[side.other].edit)}


def _merged(row: FieldRow, was: Members | None, both: Both, held: Held) -> set[Fact]:
    """Go through every agreed element and every other name; what needs no write is agreed at once."""
    agreed: Members = was or frozenset()
    dropped = {side: frozenset(_dropped(row, held, agreed, side)) for side in SIDES}
    joined = {side: frozenset(_joined(row, held, agreed, side)) for side in SIDES}
    forgotten = {one for one in agreed if one[0] not in held[LEFT] and one[1] not in held[RIGHT]}
    found = _alike(held[LEFT] & held[RIGHT]) - {
        (name, name) for name in held[LEFT] if all(name in _called(agreed, side) for side in SIDES)
    }
    gone = dropped[LEFT] | dropped[RIGHT] | forgotten
    after = (agreed - gone) | found | _alike(joined[LEFT] | joined[RIGHT])
    facts: set[Fact] = set()
    at_once = (agreed - gone) | dropped[LEFT] | dropped[RIGHT] | found
    for side in SIDES:
        nameless = {one for one in dropped[side] if one[PLACE[side]] in _called(after, side)}
        at_once -= nameless
        leave = _called(dropped[side] - nameless, side)
        if leave or joined[side]:
            learnt = (agreed - (dropped[side] - nameless)) | _alike(joined[side])
            facts |= _write(row, both, side, joined[side], leave)
            facts.add(("once written", side, row.key, learnt))
    if at_once != agreed or (was is None and not facts):
        facts.add(("agreed", row.key, at_once))
    return facts


def _dropped(row: FieldRow, held: Held, agreed: Members, side: Side) -> Iterator[tuple[str, str]]:
    """What the other side lost and this one holds, where it may be written."""
    for one in agreed:
        here, there = one[PLACE[side]], one[PLACE[side.other]]
        if here in held[side] and there not in held[side.other] and (side, row.direction) in MAY_WRITE:
            yield one


def _joined(row: FieldRow, held: Held, agreed: Members, side: Side) -> Iterator[str]:
    """What the other side gained and this one lacks, where it may be written."""
    for name in held[side.other]:
        is_new = name not in _called(agreed, side.other)
        if is_new and name not in held[side] and (side, row.direction) in MAY_WRITE:
            yield name


def _called(members: Members, side: Side) -> Names:
    return frozenset(one[PLACE[side]] for one in members)
