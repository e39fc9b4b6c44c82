"""What may never be written, whoever planned it (design.md §5, the last law; product.md §3)."""

from collections.abc import Iterable, Iterator

from backbone_app.core.configuration import Configuration
from backbone_app.core.values import EMPTY, FieldKind, Side
from tests.core.reference.single import MAY_WRITE
from tests.core.reference.trees import Fact


def refusals(published: Configuration, facts: Iterable[Fact]) -> frozenset[str]:
    """Every reason why these facts must not be carried out under what is published now."""
    return frozenset(code for fact in facts for code in _of(published, fact))


def _of(published: Configuration, fact: Fact) -> Iterator[str]:
    word, *about = fact
    if word in {"write", "joins", "leaves"}:
        side, key, field, value = about
        yield from _write(published, side, key, field)
        if field == "summary" and value == EMPTY:
            yield "empty_summary"
    if word == "call":
        _, side, kind, type_id, fields = about
        rows = [row for row in published.fields if row.on(side) in fields and row.kind is FieldKind.STATUS]
        if bool(rows) != (kind == "transition"):
            yield "status_write"
        if kind == "create":
            yield from _creation(published, side, type_id, fields)


def _write(published: Configuration, side: Side, key: str, field: str) -> Iterator[str]:
    rows = [row for row in published.fields if row.left == key]
    if not rows or (rows[0].left if side is Side.LEFT else rows[0].right) != field:
        yield "unmapped_field"
    elif (side, rows[0].direction) not in MAY_WRITE:
        yield "direction"


def _creation(published: Configuration, side: Side, type_id: str, fields: frozenset[str]) -> Iterator[str]:
    ids = [(row.left_id if side is Side.LEFT else row.right_id, row.direction) for row in published.types]
    directions = [direction for one, direction in ids if one == type_id]
    if not directions:
        yield "unmapped_type"
    elif (side, directions[0]) not in MAY_WRITE:
        yield "direction"
    if "summary" not in fields:
        yield "empty_summary"
