"""Triples as life makes them: one tree that was agreed on, and two people who each changed a copy of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from backbone_app.core.configuration import Configuration, ConflictPolicy, FieldRow
from backbone_app.core.state import UNDER_WAY, View
from backbone_app.core.values import EMPTY, Edit, FieldKind, Labels, Option, Side, Text, Value
from tests.core.differential.vocabulary import (
    BORN,
    EDITS,
    NAMES,
    ODD,
    PEOPLE,
    STATUSES,
    VALUES,
    configuration,
    pick,
    workflow,
)
from tests.core.reference import Agreed, Members, Triple, Workflow
from tests.core.reference.crossing import crossed

KEYS = (b"key of the left site", b"key of the right site")
DEEDS = ("none",) * 12 + ("edit",) * 14 + ("likewise",) * 4 + ("crossed",) * 5 + ("hidden", "odd")
CHOICES = (None, None, *ConflictPolicy)
POOL = 150


@dataclass(slots=True)
class _Half:
    """One side's copy of the tree while it is changed."""

    side: Side
    people: frozenset[str] | None
    fields: dict[str, Value] = field(default_factory=dict)
    current: dict[str, Value] = field(default_factory=dict)
    edits: dict[str, Edit] = field(default_factory=dict)
    returned: set[str] = field(default_factory=set)

    def view(self, chance: Random, type_id: str, key: bytes) -> View:
        born = BORN[self.side] if chance.random() < 0.5 else None
        returned = frozenset(self.returned)
        return View(self.fields, key, self.edits, self.current, type_id, self.people, born, returned)


def triples(seed: int, number: int) -> Iterator[Triple]:
    """Draw ``number`` triples, the same ones for the same seed."""
    chance = Random(seed)
    configurations = [configuration(chance) for _ in range(POOL)]
    workflows = {
        (side, at): [workflow(chance, side, at) for _ in range(POOL // 5)]
        for side in Side
        for at in STATUSES[side]
    }
    for _ in range(number):
        made = pick(chance, configurations)
        published = made if chance.random() < 0.8 else pick(chance, configurations)
        yield _Drawing(chance, made, published, workflows).triple()


class _Drawing:
    """One triple while it is drawn."""

    def __init__(
        self,
        chance: Random,
        made: Configuration,
        published: Configuration,
        workflows: dict[tuple[Side, str], list[Workflow]],
    ) -> None:
        self.chance, self.configuration, self.published = chance, made, published
        self.workflows = workflows
        self.left, self.right = (_Half(side, pick(chance, PEOPLE)) for side in Side)
        self.base: dict[str, Agreed | Members] = {}

    def triple(self) -> Triple:
        chance = self.chance
        type_row = pick(chance, self.configuration.types)
        missing = pick(chance, tuple(Side)) if chance.random() < 0.1 else None
        for row in self.configuration.fields:
            self._row(row, agreed=missing is None)
        if missing:
            self.left.current, self.right.current = {}, {}
        keys = KEYS if chance.random() < 0.8 else (KEYS[0], KEYS[0])
        left_id = type_row.left_id if chance.random() < 0.98 else "id of Bug"
        right_id = type_row.right_id if chance.random() < 0.98 else "id of Epic"
        return Triple(
            self.configuration,
            self.published,
            self.base,
            None if missing is Side.LEFT else self.left.view(chance, left_id, keys[0]),
            None if missing is Side.RIGHT else self.right.view(chance, right_id, keys[1]),
            keys,
            (self._workflow(self.left), self._workflow(self.right)),
            twin_people=pick(chance, PEOPLE),
            origin=pick(chance, (None, Side.LEFT, Side.RIGHT)),
            choice=pick(chance, CHOICES),
        )

    def _workflow(self, half: _Half) -> Workflow:
        name = "status" if half.side is Side.LEFT else "state"
        at = half.current.get(name, half.fields.get(name))
        if not isinstance(at, Option):
            return Workflow()
        return pick(self.chance, self.workflows[half.side, at.name])

    def _row(self, row: FieldRow, *, agreed: bool) -> None:
        if row.kind is FieldKind.LABELS:
            self._set(row, agreed=agreed)
            return
        left, right = self._agreed(row)
        if agreed and self.chance.random() < 0.8:
            self.base[row.key] = self._worn(row, left, right)
        left = self._change(row, self.left, left, None)
        likewise = crossed(row, left, self.configuration, self.right.people, Side.RIGHT)
        self._change(row, self.right, right, likewise)

    def _agreed(self, row: FieldRow) -> tuple[Value, Value]:
        left, right = (pick(self.chance, VALUES[row.kind][side]) for side in Side)
        across = crossed(row, left, self.configuration, self.right.people, Side.RIGHT)
        return left, right if across is None or self.chance.random() < 0.15 else across

    def _worn(self, row: FieldRow, left: Value, right: Value) -> Agreed:
        """What is known of the agreement: all, half of it, or that a walk was on its way."""
        luck = self.chance.random()
        if luck < 0.04:
            return (left, None) if luck < 0.02 else (None, right)
        if luck < (0.2 if row.kind is FieldKind.STATUS else 0.07):
            return (left, UNDER_WAY) if self.chance.random() < 0.5 else (UNDER_WAY, right)
        return left, right

    def _change(self, row: FieldRow, half: _Half, value: Value, likewise: Value | None) -> Value:
        chance, name = self.chance, row.on(half.side)
        deed = pick(chance, DEEDS)
        if deed == "edit" or (deed == "likewise" and likewise is None):
            value = pick(chance, VALUES[row.kind][half.side])
        elif deed == "likewise" and likewise is not None:
            value = likewise
        elif deed == "crossed":
            half.current[name] = value
            value = pick(chance, VALUES[row.kind][half.side])
        elif deed == "odd" and row.kind is not FieldKind.STATUS:
            value = pick(chance, ODD)
        if chance.random() < 0.1:
            half.returned.add(name)
        if deed != "hidden":
            half.fields[name] = value
        self._edit(half, name)
        return value

    def _edit(self, half: _Half, name: str) -> None:
        if self.chance.random() < 0.85:
            half.edits[name] = pick(self.chance, EDITS[half.side])

    def _set(self, row: FieldRow, *, agreed: bool) -> None:
        chance = self.chance
        was = {(name, name if chance.random() < 0.85 else pick(chance, NAMES)) for name in _some(chance)}
        if agreed and chance.random() < 0.75:
            self.base[row.key] = frozenset(was)
        for half, place in ((self.left, 0), (self.right, 1)):
            held = {one[place] for one in was}
            if chance.random() < 0.7:
                held ^= set(_some(chance)) if chance.random() < 0.5 else {pick(chance, NAMES)}
            if chance.random() < 0.95:
                half.fields[row.on(half.side)] = self._labels(held)
            self._edit(half, row.on(half.side))

    def _labels(self, held: set[str]) -> Value:
        luck = self.chance.random()
        if luck < 0.01:
            return Text("a")
        return Labels(frozenset(held)) if held or luck < 0.5 else EMPTY


def _some(chance: Random) -> list[str]:
    return [name for name in NAMES if chance.random() < 0.5]
