"""Three-way merge of one field that holds a single value.

The *base* is what both sides held when they last agreed. Comparing each side
with the base, not the sides with each other, is what tells an edit on the left
from an undo on the right.

First it is decided whose value shall stand. Then each side whose field does
not hold that now is written: usually one side; both, when the value that wins
is one that our own write had already overwritten (a crossed edit).

A value crosses in the form the other side can hold, which may say less. So
the sides count as equal when either is what the other becomes by crossing.
But what our own walk to a status has reached short of its end was chosen by
nobody: of the side that the walk is for it says nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from backbone_app.core.configuration import Configuration, ConflictPolicy, Direction, FieldRow
from backbone_app.core.mapping import across
from backbone_app.core.operations import Conflict, FieldWrite, Problem, Question
from backbone_app.core.rows import RowPlan, Seen
from backbone_app.core.state import UNDER_WAY, BaseChange, FieldBase
from backbone_app.core.values import EMPTY, Edit, FieldKind, Side, Value

TIE: Final = timedelta(seconds=5)
"""Two sites' clocks do not say which of two closer edits was the newer one."""

Sides = Mapping[Side, Seen]


@dataclass(frozen=True, slots=True)
class _Decision:
    """Whose value both shall hold (None: each keeps its own), and whether that becomes the base."""

    source: Side | None = None
    agreed: bool = False
    conflict: Conflict | None = None


_STAY: Final = _Decision()
_EQUAL: Final = _Decision(agreed=True)
_AS_THEY_ARE: Final = _Decision(agreed=True)
"""They differ and may: from here on an edit of the source is carried over, and nothing else is."""


def merge(
    row: FieldRow,
    base: FieldBase | None,
    sides: Sides,
    *,
    configuration: Configuration,
    origin: Side | None = None,
    choice: ConflictPolicy | None = None,
) -> RowPlan:
    """Merge one row that both sides show.

    ``origin`` is the side whose item the other's is a twin of, ``choice`` what
    was decided for values that never agreed (None: somebody has to be asked).
    """
    if base is not None and None in (base.left, base.right):
        base = None  # one side alone cannot have agreed
    arriving = {side: _arriving(row, sides, configuration, to=side) for side in Side}
    decision: _Decision | None
    if any(row.direction.writes(side) and _is_told(base, sides, arriving, to=side) for side in Side):
        decision = _EQUAL
    elif base is None:
        decision = _first_meeting(row, sides, origin, choice, policy=configuration.policy)
    else:
        decision = _decide(row, base, sides, policy=configuration.policy)
    if decision is None:
        return RowPlan(question=Question(row.key))
    return _carry_out(row, base, sides, decision, arriving)


def _arriving(row: FieldRow, sides: Sides, configuration: Configuration, *, to: Side) -> Value | None:
    """Give what ``to`` would hold if the other side's value crossed; None: it cannot."""
    here, there = sides[to], sides[to.other]
    return across(row, there.value, configuration, to=to, people=here.people, names=there.names)


def _is_told(
    base: FieldBase | None, sides: Sides, arriving: Mapping[Side, Value | None], *, to: Side
) -> bool:
    """Whether ``to`` holds what the other side says already, unless that is a mere step on our own way."""
    if arriving[to] != sides[to].value:
        return False
    return base is None or base.on(to) != UNDER_WAY or _changed(base, sides, to.other)


def _first_meeting(
    row: FieldRow,
    sides: Sides,
    origin: Side | None,
    choice: ConflictPolicy | None,
    *,
    policy: ConflictPolicy,
) -> _Decision | None:
    if row.kind is FieldKind.STATUS and origin is not None:
        return _of_new_twin(row, sides, origin, policy=policy)
    for side in Side:
        if sides[side].value == EMPTY:
            return _Decision(side.other, agreed=True) if row.direction.writes(side) else _AS_THEY_ARE
    return None if choice is None else _chosen(row, sides, choice)


def _of_new_twin(row: FieldRow, sides: Sides, origin: Side, *, policy: ConflictPolicy) -> _Decision:
    """Decide about the first status of a twin: it starts where its workflow does, which nobody chose.

    But whoever has moved it since, before it was looked at even once, did choose.
    """
    if not row.direction.writes(origin.other):
        return _EQUAL
    if row.direction is not Direction.BOTH or sides[origin.other].edit is None:
        return _Decision(origin, agreed=True)
    if sides[origin].edit is None:
        return _Decision(origin.other, agreed=True)
    return _dispute(row, sides, policy=policy)


def _chosen(row: FieldRow, sides: Sides, choice: ConflictPolicy) -> _Decision:
    """Let the chosen value stand on both sides; where it cannot travel, each side keeps its own."""
    conflict = disputed(row, sides, choice)
    if not row.direction.writes(conflict.winner.other):
        return _AS_THEY_ARE
    return _Decision(conflict.winner, agreed=True, conflict=conflict)


def disputed(row: FieldRow, sides: Sides, choice: ConflictPolicy) -> Conflict:
    """Say which of two values that never agreed is the chosen one, and which one gives way.

    A value that nobody has edited is as old as its work item.
    """
    left, right = sides[Side.LEFT], sides[Side.RIGHT]
    edits = left.edit or left.born, right.edit or right.born
    winner, tie = _winner(*edits, policy=choice)
    return Conflict(row.key, left.value, right.value, winner, *edits, tie)


def _decide(row: FieldRow, base: FieldBase, sides: Sides, *, policy: ConflictPolicy) -> _Decision:
    changed = [side for side in Side if _changed(base, sides, side)]
    if len(changed) == 2 or (changed and _has_returned(row, sides, changed[0].other)):
        return _dispute(row, sides, policy=policy)
    if changed and row.direction.writes(changed[0].other):
        return _Decision(changed[0], agreed=True)
    return _STAY  # nothing changed, or only the receiving side of a one-way row did


def _changed(base: FieldBase, sides: Sides, side: Side) -> bool:
    return sides[side].digest(sides[side].value) != base.on(side)


def _has_returned(row: FieldRow, sides: Sides, side: Side) -> bool:
    """Whether a side chose anew what was agreed on: that is an edit, where the other side has one too.

    Whoever edited the other side since then went on from that very value: they had it before their eyes.
    """
    mine, theirs = sides[side].edit, sides[side.other].edit
    is_overtaken = mine is not None and theirs is not None and theirs.at - mine.at >= TIE
    return sides[side].has_returned and row.direction is Direction.BOTH and not is_overtaken


def _dispute(row: FieldRow, sides: Sides, *, policy: ConflictPolicy) -> _Decision:
    if row.direction is not Direction.BOTH:
        source = Side.LEFT if row.direction is Direction.TO_RIGHT else Side.RIGHT
        return _Decision(source, agreed=True)
    left, right = sides[Side.LEFT], sides[Side.RIGHT]
    winner, tie = _winner(left.edit, right.edit, policy=policy)
    conflict = Conflict(row.key, left.value, right.value, winner, left.edit, right.edit, tie)
    return _Decision(winner, agreed=True, conflict=conflict)


def _winner(left: Edit | None, right: Edit | None, *, policy: ConflictPolicy) -> tuple[Side, bool]:
    """Name the side that wins, and whether only the rule for ties decided it."""
    if policy is not ConflictPolicy.NEWER:
        return Side(policy.value), False
    if left is None or right is None or abs(left.at - right.at) < TIE:
        return Side.LEFT, True
    return (Side.LEFT if left.at > right.at else Side.RIGHT), False


def _carry_out(
    row: FieldRow,
    base: FieldBase | None,
    sides: Sides,
    decision: _Decision,
    arriving: Mapping[Side, Value | None],
) -> RowPlan:
    wished = {side: arriving[side] if decision.source is side.other else sides[side].value for side in Side}
    wishes = {side: value for side, value in wished.items() if value is not None}
    if len(wishes) < len(wished):
        return RowPlan(problem=Problem(row.key, "status_not_mapped"))
    before = BaseChange(row.key, base.left, base.right) if base else BaseChange(row.key)
    becomes = _agreed(row, sides, wishes) if decision.agreed else before
    targets = [s for s in Side if wishes[s] != sides[s].current and row.direction.writes(s)]
    mover = _mover(targets, decision)
    writes = {
        side: FieldWrite(
            row=row.key,
            field=sides[side].name,
            value=wishes[side],
            becomes=becomes if side is mover else BaseChange(row.key),
            edit=sides[decision.source or side].edit,
            overwrote=_overwritten(base, sides, side, decision),
            puts_back=decision.source is not side.other,
        )
        for side in targets
    }
    agreement = becomes if not targets and becomes != before else None
    return RowPlan(writes=writes, agreement=agreement, conflict=decision.conflict)


def _mover(targets: list[Side], decision: _Decision) -> Side | None:
    """Name the side whose write moves the base.

    Where a crossed edit is put back on its own side and carried across, the
    write across does it. From then on the partner's value is known as a copy;
    had the base stayed, a further edit crossed by the putting back would stand
    against that copy as if a person had made it.
    """
    if decision.source and decision.source.other in targets:
        return decision.source.other
    return targets[-1] if targets else None


def _agreed(row: FieldRow, sides: Sides, wishes: Mapping[Side, Value]) -> BaseChange:
    left, right = (sides[side].digest(wishes[side]) for side in Side)
    return BaseChange(row.key, left, right)


def _overwritten(base: FieldBase | None, sides: Sides, side: Side, decision: _Decision) -> Edit | None:
    given_way = base is None or _changed(base, sides, side) or decision.conflict is not None
    return sides[side].edit if given_way and decision.source is side.other else None
