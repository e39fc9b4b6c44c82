"""A pair of work items in memory, and somebody who carries plans out on it.

Stands in for two Jira sites and our tables: operations change what a side
holds, base changes change the base, nothing else happens.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from backbone_app.core.canonical import digest, element
from backbone_app.core.collections import names_of
from backbone_app.core.configuration import Configuration, ConflictPolicy, Direction, FieldRow, TypeRow
from backbone_app.core.expectation import expect
from backbone_app.core.plan import (
    EMPTY_BASE,
    Base,
    BaseChange,
    ElementBase,
    FieldBase,
    FieldWrite,
    Operation,
    Plan,
    View,
    Write,
    plan,
)
from backbone_app.core.richtext import canonical
from backbone_app.core.settle import still_open, still_owed
from backbone_app.core.values import Edit, Empty, FieldKind, Labels, Rich, Side, Value

T = TypeVar("T")
T0 = datetime(2026, 11, 1, 12, tzinfo=UTC)
KEYS: Mapping[Side, bytes] = {Side.LEFT: b"key of the left site", Side.RIGHT: b"key of the right site"}
TYPES: Mapping[Side, str] = {Side.LEFT: "10001", Side.RIGHT: "20002"}

SUMMARY = FieldRow("summary", "summary", FieldKind.TEXT)
PRIORITY = FieldRow("priority", "urgency", FieldKind.OPTION)  # two ids, so that mixing them up shows
LABELS = FieldRow("labels", "tags", FieldKind.LABELS)
DUE = FieldRow("duedate", "deadline", FieldKind.DATE)
DESCRIPTION = FieldRow("description", "details", FieldKind.RICH)
STATUS = FieldRow("status", "state", FieldKind.STATUS)
STATUSES = ("To Do", "Doing", "Done")  # named alike on both sides unless a test says otherwise


def configured(
    *rows: FieldRow, policy: ConflictPolicy = ConflictPolicy.NEWER, direction: Direction = Direction.BOTH
) -> Configuration:
    """One work type with these rows; ``direction`` is the type's."""
    keys = tuple(row.key for row in rows)
    types = (TypeRow(TYPES[Side.LEFT], "Task", TYPES[Side.RIGHT], "Task", direction, keys),)
    alike = tuple((name, name) for name in STATUSES)
    return Configuration(types, rows, policy, statuses_to_right=alike, statuses_to_left=alike)


def doc(*inline: dict[str, object] | str) -> Rich:
    """A document of one paragraph; words stand for plain text."""
    nodes = [{"type": "text", "text": one} if isinstance(one, str) else one for one in inline]
    made = canonical({"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": nodes}]})
    assert not isinstance(made, Empty)
    return made


def mention(account: str, name: str | None = None) -> dict[str, object]:
    return {"type": "mention", "attrs": {"id": account, "text": f"@{name or account}"}}


def edit(author: str, *, second: float = 0, entry: int | None = None) -> Edit:
    return Edit(T0 + timedelta(seconds=second), author, entry)


def labels(*names: str) -> Labels:
    return Labels(frozenset(names))


def elements(row: FieldRow, *names: str) -> tuple[ElementBase, ...]:
    pairs = [tuple(element(KEYS[side], row.on(side), name) for side in Side) for name in names]
    return BaseChange.of_set(row.key, add=[ElementBase(left, right) for left, right in pairs]).add


def agreed(row: FieldRow, value: Value) -> BaseChange:
    """The base change of two sides that both hold ``value``."""
    if row.kind is FieldKind.LABELS:
        return BaseChange(row.key, add=elements(row, *names_of(value)))
    left, right = (digest(KEYS[side], row.on(side), value) for side in Side)
    return BaseChange(row.key, left, right)


def base_of(*agreements: tuple[FieldRow, Value]) -> Base:
    return EMPTY_BASE.after(agreed(row, value) for row, value in agreements)


def view(
    side: Side,
    fields: Mapping[str, Value],
    *,
    edits: Mapping[str, Edit] | None = None,
    current: Mapping[str, Value] | None = None,
) -> View:
    return View(fields, KEYS[side], edits or {}, current or {}, TYPES[side])


def _by_side() -> dict[Side, dict[str, Value]]:
    return {side: {} for side in Side}


@dataclass
class World:
    """``fields`` is what stands on each side, ``claims`` the crossed edits nobody has dealt with yet."""

    configuration: Configuration
    base: Base = EMPTY_BASE
    fields: dict[Side, dict[str, Value]] = field(default_factory=_by_side)
    claims: dict[Side, dict[str, Value]] = field(default_factory=_by_side)
    edits: dict[Side, dict[str, Edit]] = field(default_factory=lambda: {side: {} for side in Side})
    keys: Mapping[Side, bytes] = field(default_factory=lambda: KEYS)
    people: Mapping[Side, frozenset[str] | None] = field(default_factory=lambda: dict.fromkeys(Side))
    origin: Side | None = None
    choice: ConflictPolicy | None = None
    born: Mapping[Side, Edit | None] = field(default_factory=lambda: dict.fromkeys(Side))

    def copy(self) -> "World":
        fields, claims = ({s: dict(one[s]) for s in Side} for one in (self.fields, self.claims))
        edits = {side: dict(self.edits[side]) for side in Side}
        return replace(self, fields=fields, claims=claims, edits=edits)

    def mirrored(self) -> "World":
        """The same pair seen in a mirror: left is right, in every part of it."""
        flip = self.copy()
        flip.configuration = _mirrored(self.configuration)
        fields = {key: FieldBase(one.right, one.left) for key, one in self.base.fields.items()}
        members = {
            key: frozenset(ElementBase(one.right, one.left) for one in those)
            for key, those in self.base.elements.items()
        }
        new_key = {row.left: row.right for row in self.configuration.fields}
        flip.base = Base(
            {new_key[key]: one for key, one in fields.items()},
            {new_key[key]: those for key, those in members.items()},
        )
        flip.fields, flip.claims = _turned(flip.fields), _turned(flip.claims)
        flip.edits, flip.keys = _turned(flip.edits), _turned(flip.keys)
        flip.people, flip.origin = _turned(flip.people), flip.origin and flip.origin.other
        flip.born, flip.choice = _turned(flip.born), flip.choice and _OTHER_POLICY[flip.choice]
        return flip

    def view(self, side: Side) -> View:
        shown = {**self.fields[side], **self.claims[side]}
        current = {name: self.fields[side][name] for name in self.claims[side]}
        type_id = self.configuration.types[0].on(side)
        people, born = self.people[side], self.born[side]
        return View(shown, self.keys[side], self.edits[side], current, type_id, people, born)

    def plan(self) -> Plan:
        left, right = (self.view(side) for side in Side)
        return plan(self.configuration, self.base, left, right, origin=self.origin, choice=self.choice)

    def settle(self) -> Plan:
        """Plan once and carry all of it out."""
        made = self.plan()
        for operation in made.operations:
            self.apply(operation)
        self.agree(made.agreements)
        return made

    def apply(self, operation: Operation) -> None:
        for write in operation.writes:
            self._write(operation.side, write)
        changes = (*(write.becomes for write in operation.writes), *operation.also)
        self.commit(changes)
        partner = operation.side.other
        open_ = still_open(self._claimed(partner), changes, self.configuration.fields, partner)
        self.claims[partner] = {name: it for name, it in self.claims[partner].items() if name in open_}
        here = operation.side
        owed = still_owed(self._claimed(here), expect(operation, key=self.keys[here]))
        self.claims[here] = {name: it for name, it in self.claims[here].items() if name in owed}

    def _claimed(self, side: Side) -> Mapping[str, str]:
        return {name: digest(self.keys[side], name, it) for name, it in self.claims[side].items()}

    def _write(self, side: Side, write: Write) -> None:
        here = self.fields[side]
        if isinstance(write, FieldWrite):
            here[write.field] = write.value
        else:
            names = (names_of(here[write.field]) - set(write.remove)) | set(write.add)
            here[write.field] = Labels(frozenset(names))
        if write.edit:
            self.edits[side][write.field] = write.edit

    def commit(self, changes: Iterable[BaseChange]) -> None:
        """Commit base changes that came with a write."""
        self.base = self.base.after(changes)

    def agree(self, changes: Iterable[BaseChange]) -> None:
        """Commit base changes that need no write: a crossed edit of such a row is dealt with."""
        changes = tuple(changes)
        self.commit(changes)
        for change in changes:
            self._forget_claims(change.row)

    def _forget_claims(self, key: str) -> None:
        row = next(row for row in self.configuration.fields if row.key == key)
        for side in Side:
            self.claims[side].pop(row.on(side), None)


def _turned(by_side: Mapping[Side, T]) -> dict[Side, T]:
    return {side: by_side[side.other] for side in Side}


_OTHER_WAY = {
    Direction.BOTH: Direction.BOTH,
    Direction.TO_LEFT: Direction.TO_RIGHT,
    Direction.TO_RIGHT: Direction.TO_LEFT,
}
_OTHER_POLICY = {
    ConflictPolicy.NEWER: ConflictPolicy.NEWER,
    ConflictPolicy.LEFT: ConflictPolicy.RIGHT,
    ConflictPolicy.RIGHT: ConflictPolicy.LEFT,
}


def _mirrored(configuration: Configuration) -> Configuration:
    new_key = {row.left: row.right for row in configuration.fields}
    types = tuple(
        TypeRow(
            row.right_id,
            row.right_name,
            row.left_id,
            row.left_name,
            direction=_OTHER_WAY[row.direction],
            fields=tuple(new_key[key] for key in row.fields),
        )
        for row in configuration.types
    )
    fields = tuple(
        FieldRow(row.right, row.left, row.kind, _OTHER_WAY[row.direction]) for row in configuration.fields
    )
    return Configuration(
        types,
        fields,
        _OTHER_POLICY[configuration.policy],
        statuses_to_right=configuration.statuses_to_left,
        statuses_to_left=configuration.statuses_to_right,
    )
