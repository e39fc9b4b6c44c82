"""Few words, so that two hands that draw from them meet: values, people, statuses, edits, workflows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar

from backbone_app.core.configuration import (
    Configuration,
    ConflictPolicy,
    Direction,
    FieldRow,
    StatusPairs,
    TypeRow,
)
from backbone_app.core.richtext import canonical
from backbone_app.core.values import EMPTY, Day, Edit, FieldKind, Labels, Option, Side, Text, Value, Wiki
from backbone_app.core.workflow import Edge
from tests.core.reference import Workflow

T = TypeVar("T")
T0 = datetime(2026, 11, 1, 12, tzinfo=UTC)
ROWS = (
    FieldRow("summary", "summary", FieldKind.TEXT),
    FieldRow("customfield_1", "environment", FieldKind.TEXT),
    FieldRow("priority", "urgency", FieldKind.OPTION),
    FieldRow("labels", "tags", FieldKind.LABELS),
    FieldRow("duedate", "deadline", FieldKind.DATE),
    FieldRow("description", "details", FieldKind.RICH),
    FieldRow("status", "state", FieldKind.STATUS),
)
TYPES = {Side.LEFT: ("Task", "Bug"), Side.RIGHT: ("Story", "Incident")}
STATUSES = {
    Side.LEFT: ("To Do", "Doing", "Review", "Done"),
    Side.RIGHT: ("Open", "Doing", "Review", "Waiting", "Done"),
}
DIRECTIONS = (Direction.BOTH, Direction.BOTH, Direction.TO_RIGHT, Direction.TO_LEFT)
NAMES = "abcA"
PEOPLE = (None, None, frozenset[str](), frozenset({"ann"}), frozenset({"ann", "bob"}))
APART = (-3600, -60, -5.001, -5, -4.999, -1, 0, 1, 4.999, 5, 5.001, 60, 3600)


def _doc(*inline: object) -> Value:
    return canonical(
        {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": list(inline)}]}
    )


def _text(words: str) -> object:
    return {"type": "text", "text": words}


def _media(kind: str, name: str) -> object:
    return {"type": "media", "attrs": {"type": kind, "alt": name}}


def _mention(account: str) -> object:
    return {"type": "mention", "attrs": {"id": account, "text": f"@{account}"}}


def _framed(*parts: object) -> Value:
    return canonical(
        {"type": "doc", "version": 1, "content": [{"type": "mediaSingle", "content": list(parts)}]}
    )


_CAPTION = {"type": "caption", "content": [_text("see "), _mention("ann")]}
TEXTS: tuple[Value, ...] = (Text("a"), Text("b"), Text("c"), EMPTY)
RICH: tuple[Value, ...] = (
    _doc(_text("a")),
    _doc(_text("b")),
    _doc(_mention("ann")),
    _doc(_text("@ann")),
    _doc(_text("@bob"), _mention("ann")),
    _doc(_mention("bob"), _mention("ann")),
    _doc({"type": "mediaInline", "attrs": {"alt": "x.png"}}),
    _doc(_text("[x.png]")),
    _framed(_media("file", "x.png"), _CAPTION),
    _framed(_media("external", "y.png"), _CAPTION),
    Wiki("a"),
    EMPTY,
)
VALUES: dict[FieldKind, dict[Side, tuple[Value, ...]]] = {
    FieldKind.TEXT: dict.fromkeys(Side, TEXTS),
    FieldKind.OPTION: dict.fromkeys(Side, (Option("High"), Option("Low"), Option("None"), EMPTY)),
    FieldKind.DATE: dict.fromkeys(Side, (Day("2026-11-01"), Day("2026-11-02"), EMPTY)),
    FieldKind.RICH: dict.fromkeys(Side, RICH),
    FieldKind.STATUS: {side: tuple(Option(name) for name in names) for side, names in STATUSES.items()},
}
ODD: tuple[Value, ...] = (Labels(frozenset("a")), Text("a"), Day("2026-11-01"))
EDITS = {
    Side.LEFT: tuple(Edit(T0 + timedelta(seconds=s), "ann", 7) for s in (0, 0, 0, 2.5, 60)),
    Side.RIGHT: tuple(Edit(T0 + timedelta(seconds=s), "bob", 9) for s in APART),
}
BORN = {side: Edit(T0 - timedelta(days=one), "maker") for one, side in enumerate(Side, 1)}


def pick(chance: Random, those: Sequence[T]) -> T:
    """``Random.choice``, four times as quick."""
    return those[int(chance.random() * len(those))]


def configuration(chance: Random) -> Configuration:
    """Mostly one or two rows: rows do not influence each other, so more of them only cost time."""
    count = pick(chance, (1, 1, 1, 1, 1, 2, 2, 2, 3, 7))
    rows = tuple(_row(chance, row) for row in chance.sample(ROWS, count))
    pairs = [(left, right) for left in TYPES[Side.LEFT] for right in TYPES[Side.RIGHT]]
    types = tuple(_type_row(chance, *pair, rows) for pair in chance.sample(pairs, pick(chance, (1, 1, 2, 3))))
    return Configuration(
        types,
        rows,
        pick(chance, (ConflictPolicy.NEWER, *ConflictPolicy)),
        statuses_to_right=_table(chance, Side.LEFT),
        statuses_to_left=_table(chance, Side.RIGHT),
    )


def _row(chance: Random, row: FieldRow) -> FieldRow:
    moved = row.left == "customfield_1" and chance.random() < 0.3
    return replace(row, right="customfield_2" if moved else row.right, direction=_direction(chance))


def _direction(chance: Random) -> Direction:
    return pick(chance, DIRECTIONS)


def _type_row(chance: Random, left: str, right: str, rows: tuple[FieldRow, ...]) -> TypeRow:
    fields = tuple(row.key for row in rows if chance.random() < 0.97)
    return TypeRow(f"id of {left}", left, f"id of {right}", right, _direction(chance), fields)


def _table(chance: Random, source: Side) -> StatusPairs:
    """Some statuses have no counterpart, some share one."""
    there = STATUSES[source.other]
    known = [name for name in STATUSES[source] if chance.random() < 0.9]
    return tuple(
        (name, name if name in there and chance.random() < 0.7 else pick(chance, there)) for name in known
    )


def workflow(chance: Random, side: Side, at: str) -> Workflow:
    """A graph known in part, and what is offered now, which need not be what is known."""
    edges = [_edge(chance, side) for _ in range(pick(chance, range(9)))]
    offered = [edge for edge in edges if edge.source == at and chance.random() < 0.9]
    offered += [replace(_edge(chance, side), source=at) for _ in range(pick(chance, (0, 1, 1, 2)))]
    explored = frozenset(name for name in STATUSES[side] if chance.random() < 0.2)
    return Workflow(tuple(edges), tuple(offered), explored)


def _edge(chance: Random, side: Side) -> Edge:
    source, target = pick(chance, STATUSES[side]), pick(chance, STATUSES[side])
    required = pick(chance, ((), (), (), (), ("resolution",)))
    category = pick(chance, ("", "new", "indeterminate", "done" if target == "Done" else "indeterminate"))
    return Edge(source, pick(chance, ("2", "10", "11", "x")), "go", target, required, category)
