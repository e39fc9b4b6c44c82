"""Three-way merge of one set of labels, element by element.

An agreed element is a pair of digests, its left form and its right form. What
one side lost is removed on the other, unless another element that remains maps
to the same name; what one side gained joins the other. One element cannot be
added here and removed there relative to the same base, so sets never conflict.
Two sets that never agreed do: one of them is chosen, the other becomes like it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from backbone_app.core.canonical import element
from backbone_app.core.configuration import ConflictPolicy, FieldRow
from backbone_app.core.mapping import name_across
from backbone_app.core.merge import disputed
from backbone_app.core.operations import LabelsWrite, Question
from backbone_app.core.rows import RowPlan, Seen
from backbone_app.core.state import BaseChange, ElementBase
from backbone_app.core.values import Labels, Side, Value

Elements = frozenset[ElementBase]
NOTHING: Final[Elements] = frozenset()


def names_of(value: Value) -> frozenset[str]:
    """Give the names in a set; an empty field is an empty set."""
    return value.names if isinstance(value, Labels) else frozenset()


def pair(name: str, side: Side, here: Seen, there: Seen) -> ElementBase:
    """Make the element for a name of ``side``, which ``here`` is: its digests in both forms."""
    own = element(here.key, here.name, name)
    other = element(there.key, there.name, name_across(name))
    return ElementBase(own, other) if side is Side.LEFT else ElementBase(other, own)


def merge_labels(
    row: FieldRow,
    base: Elements | None,
    sides: Mapping[Side, Seen],
    *,
    choice: ConflictPolicy | None = None,
) -> RowPlan:
    """Merge one row of labels that both sides show; ``base`` is None if they never agreed."""
    if base is None:
        left, right = (names_of(sides[side].value) for side in Side)
        differ = {name_across(name) for name in left} != right
        if differ and left and right:
            return RowPlan(question=Question(row.key)) if choice is None else _chosen(row, sides, choice)
        if differ and not row.direction.writes(Side.RIGHT if left else Side.LEFT):
            return RowPlan(agreement=BaseChange.of_set(row.key))
    return _merge(row, base or NOTHING, sides).result(first=base is None)


def _chosen(row: FieldRow, sides: Mapping[Side, Seen], choice: ConflictPolicy) -> RowPlan:
    """Make one set like the chosen one: as if the other one's names had been agreed on, and then edited.

    Where the chosen set cannot travel both stay as they are: from here on only
    what its source gains or loses is carried over.
    """
    conflict = disputed(row, sides, choice)
    target = conflict.winner.other
    here, there = sides[target], sides[target.other]
    held = frozenset(pair(name, target, here, there) for name in names_of(here.value))
    if not row.direction.writes(target):
        return RowPlan(agreement=BaseChange.of_set(row.key, add=held))
    merge = _merge(row, held, sides)
    stay = held - merge.leaving(target)
    write = merge.write(target, merge.kept(), also=stay)
    agreement = None if write else BaseChange.of_set(row.key, add=stay)
    return RowPlan(writes={target: write} if write else {}, agreement=agreement, conflict=conflict)


def _merge(row: FieldRow, base: Elements, sides: Mapping[Side, Seen]) -> "_Merge":
    return _Merge(row, base, sides, {side: _by_digest(sides[side]) for side in Side})


def _by_digest(seen: Seen) -> Mapping[str | None, str]:
    return {element(seen.key, seen.name, name): name for name in names_of(seen.value)}


@dataclass(frozen=True, slots=True)
class _Merge:
    """One row's set on both sides; ``names`` are each side's, by digest."""

    row: FieldRow
    base: Elements
    sides: Mapping[Side, Seen]
    names: Mapping[Side, Mapping[str | None, str]]

    def result(self, *, first: bool) -> RowPlan:
        kept = self.kept()
        writes = {side: write for side in Side if (write := self.write(side, kept))}
        add = self.found(Side.LEFT) | self.found(Side.RIGHT)
        written = {element for write in writes.values() for element in write.becomes.remove}
        remove = self.base - kept - written
        agreement = BaseChange.of_set(self.row.key, add=add, remove=remove)
        needed = add or remove or (first and not writes)
        return RowPlan(writes=writes, agreement=agreement if needed else None)

    def write(self, side: Side, kept: Elements, *, also: Elements = NOTHING) -> LabelsWrite | None:
        """Write to ``side`` what it has to learn, if anything; ``also`` becomes base together with it."""
        still = {element.on(side) for element in kept}
        leave = {element for element in self.leaving(side) if element.on(side) not in still}
        join = self.joining(side)
        if not join and not leave:
            return None
        own, other = self.names[side], self.names[side.other]
        return LabelsWrite(
            row=self.row.key,
            field=self.sides[side].name,
            add=tuple(sorted({name_across(other[element.on(side.other)]) for element in join})),
            remove=tuple(sorted({own[element.on(side)] for element in leave})),
            becomes=BaseChange.of_set(self.row.key, add=join | also, remove=leave),
            edit=self.sides[side.other].edit,
        )

    def kept(self) -> Elements:
        """List what stays or becomes agreed."""
        gone = self.lost(Side.LEFT) & self.lost(Side.RIGHT)
        stay = self.base - gone - self.leaving(Side.LEFT) - self.leaving(Side.RIGHT)
        return stay.union(*(self.joining(side) | self.found(side) for side in Side))

    def lost(self, side: Side) -> Elements:
        """List the agreed elements that ``side`` no longer holds."""
        return frozenset(element for element in self.base if element.on(side) not in self.names[side])

    def gained(self, side: Side) -> Elements:
        """List the elements that ``side`` has beyond the agreed ones."""
        known = {element.on(side) for element in self.base}
        here, there = self.sides[side], self.sides[side.other]
        fresh = [name for digest, name in self.names[side].items() if digest not in known]
        return frozenset(pair(name, side, here, there) for name in fresh)

    def found(self, side: Side) -> Elements:
        """List what the other side gained and ``side`` holds already."""
        return frozenset(e for e in self.gained(side.other) if e.on(side) in self.names[side])

    def joining(self, side: Side) -> Elements:
        """List what the other side gained and ``side`` is to get."""
        return self.gained(side.other) - self.found(side) if self.row.direction.writes(side) else NOTHING

    def leaving(self, side: Side) -> Elements:
        """List what the other side lost and ``side`` is to lose."""
        lost = self.lost(side.other) - self.lost(side)
        return lost if self.row.direction.writes(side) else NOTHING
