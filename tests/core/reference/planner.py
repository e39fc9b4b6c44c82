"""The whole plan of the reference: row by row, then the calls that the rows' writes make up."""

from collections.abc import Iterator

from backbone_app.core.configuration import FieldRow, TypeRow
from backbone_app.core.state import UNDER_WAY, View
from backbone_app.core.values import EMPTY, FieldKind, Option, Side
from tests.core.reference.crossing import HELD
from tests.core.reference.sets import labels
from tests.core.reference.single import LEFT, MAY_WRITE, RIGHT, SIDES, Both, Shown, single
from tests.core.reference.trees import Fact, Triple
from tests.core.reference.walks import next_edge


def expected(triple: Triple) -> frozenset[Fact]:
    """Everything that has to follow from the triple, and nothing else."""
    if triple.left is None and triple.right is None:
        return frozenset()
    if triple.left is None or triple.right is None:
        return _creation(triple, LEFT if triple.right is None else RIGHT)
    pairs = {(row.left_id, row.right_id): row for row in reversed(triple.configuration.types)}
    type_row = pairs.get((triple.left.type_id, triple.right.type_id))
    if type_row is None:
        return frozenset({("problem", None, "type_not_mapped")})
    views = {LEFT: triple.left, RIGHT: triple.right}
    facts: set[Fact] = set()
    for row in _rows(triple, type_row):
        if row.left in triple.left.fields and row.right in triple.right.fields:
            facts |= _row(triple, row, {side: _shown(row, side, views[side]) for side in SIDES}, agreed=True)
    return frozenset(facts | set(_calls(triple, facts)) | set(_steps(triple, facts)))


def _rows(triple: Triple, type_row: TypeRow) -> list[FieldRow]:
    return [row for row in triple.configuration.fields if row.left in type_row.fields]


def _shown(row: FieldRow, side: Side, view: View) -> Shown:
    name = row.left if side is LEFT else row.right
    value = view.fields[name]
    holds = view.current.get(name, value)
    return Shown(name, value, holds, view.edits.get(name), view.born, view.people, name in view.returned)


def _row(triple: Triple, row: FieldRow, both: Both, *, agreed: bool) -> set[Fact]:
    if not all(isinstance(both[side].value, HELD[row.kind]) for side in SIDES):
        return {("problem", row.key, "unexpected_value")}
    was, choice = (triple.base.get(row.key), triple.choice) if agreed else (None, None)
    if row.kind is FieldKind.LABELS:
        assert was is None or isinstance(was, frozenset)
        return labels(row, was, both, choice)
    assert not isinstance(was, frozenset)
    return single(row, was, both, triple.configuration, triple.origin, choice)


def _creation(triple: Triple, origin: Side) -> frozenset[Fact]:
    """A twin that does not exist yet is one that holds nothing; it has no status to be moved."""
    view, to = triple.view(origin), origin.other
    assert view is not None
    ours = [row for row in triple.configuration.types if _id(row, origin) == view.type_id]
    if not ours:
        return frozenset({("problem", None, "type_not_mapped")})
    if (to, ours[0].direction) not in MAY_WRITE:
        return frozenset()
    facts: set[Fact] = set()
    for row in _rows(triple, ours[0]):
        name = row.left if origin is LEFT else row.right
        if name in view.fields and row.kind is not FieldKind.STATUS:
            twin = Shown(
                row.right if origin is LEFT else row.left, EMPTY, EMPTY, None, None, triple.twin_people
            )
            facts |= _row(triple, row, {origin: _shown(row, origin, view), to: twin}, agreed=False)
    facts = {("once created", *fact[1:]) if fact[0] == "agreed" else fact for fact in facts}
    fields = frozenset(fact[3] for fact in facts if fact[0] in {"write", "joins"})
    return frozenset(facts | {("call", 0, to, "create", _id(ours[0], to), fields)})


def _id(row: TypeRow, side: Side) -> str:
    return row.left_id if side is LEFT else row.right_id


def _statuses(triple: Triple) -> set[str]:
    return {row.left for row in triple.configuration.fields if row.kind is FieldKind.STATUS}


def _calls(triple: Triple, facts: set[Fact]) -> Iterator[Fact]:
    """Left before right; on each side one edit of everything, then the status by itself."""
    statuses = _statuses(triple)
    writes = [fact for fact in facts if fact[0] in {"write", "joins", "leaves"}]
    number = 0
    for side in (LEFT, RIGHT):
        for kind in ("edit", "transition"):
            fields = frozenset(
                fact[3]
                for fact in writes
                if fact[1] is side and (fact[2] in statuses) == (kind == "transition")
            )
            if fields:
                yield "call", number, side, kind, "", fields
                number += 1


def _steps(triple: Triple, facts: set[Fact]) -> Iterator[Fact]:
    """Each status that is to be moved takes one step now; short of its target the walk is under way."""
    statuses = _statuses(triple)
    for word, *about in facts:
        if word != "write" or about[1] not in statuses:
            continue
        side, key, name, value = about
        view = triple.view(side)
        assert view is not None
        at = view.current.get(name, view.fields[name])
        assert isinstance(at, Option)
        edge = next_edge(triple.workflow(side), at.name, value.name)
        if edge is None:
            yield "stays", side
            continue
        yield "step", side, edge.transition, edge.target
        puts_back = (
            value == view.fields[name]
        )  # what a crossed edit had set: the base waits for the last step
        if edge.target != value.name and not puts_back:
            reached = (Option(edge.target), UNDER_WAY) if side is LEFT else (UNDER_WAY, Option(edge.target))
            yield "once stepped", side, key, reached
