"""What a triple is about: counted, so that no comparison passes because it met nothing."""

from collections.abc import Iterator, Mapping

from backbone_app.core.configuration import Direction, FieldRow
from backbone_app.core.state import UNDER_WAY
from backbone_app.core.values import Edit, FieldKind, Option, Rich, Side, Value
from tests.core.reference import Agreed, Fact, Triple

AT_LEAST: Mapping[str, int] = {
    "a base that comes with a creation": 75,
    "a base under way": 100,
    "a base without a write": 600,
    "a call to create": 150,
    "a call to edit": 1000,
    "a call to transition": 150,
    "a choice settles": 100,
    "a conflict of edits 4.999 s apart": 10,
    "a conflict of edits 5.0 s apart": 15,
    "a conflict of edits 5.001 s apart": 15,
    "a conflict that is no tie": 200,
    "a conflict's loser gives way": 200,
    "a crossed edit is put back": 250,
    "a field that a side does not show": 200,
    "a first meeting": 600,
    "a label joins": 180,
    "a label leaves": 140,
    "a question": 100,
    "a status changes its name": 70,
    "a status has no way": 80,
    "a step of a longer walk": 45,
    "a step that arrives": 45,
    "a text arrives in a poorer form": 60,
    "a tie": 50,
    "a twin that its type does not send": 40,
    "a value goes across": 950,
    "a walk leaves the base under way": 35,
    "an edit on a receiving side gives way": 240,
    "both sides edited": 550,
    "both spaces on one site": 450,
    "half a base": 95,
    "labels that share a name on a side": 27,
    "nothing follows": 350,
    "one side edited": 850,
    "problem: status_not_mapped": 15,
    "problem: type_not_mapped": 55,
    "problem: unexpected_value": 110,
    "refused: direction": 25,
    "refused: empty_summary": 200,
    "refused: status_write": 15,
    "refused: unmapped_field": 190,
    "refused: unmapped_type": 5,
    "several calls": 320,
    **{f"{kind}, {way}": 110 for kind in FieldKind for way in ("both ways", "one way")},
}
"""How often each has to be met in 5,000 triples: about half as often as it is."""

_NAMED = {
    "agreed": "a base without a write",
    "joins": "a label joins",
    "leaves": "a label leaves",
    "once created": "a base that comes with a creation",
    "once stepped": "a walk leaves the base under way",
    "stays": "a status has no way",
    "question": "a question",
}


def kinds(triple: Triple, facts: frozenset[Fact], codes: frozenset[str]) -> Iterator[str]:
    """Name everything the triple shows; ``facts`` and ``codes`` are what the reference says of it."""
    for fact in facts:
        yield from _of_fact(triple, fact, facts)
    yield from (f"refused: {code}" for code in codes)
    for row in triple.configuration.fields:
        yield from _of_row(triple, row)
    if not facts:
        unborn = triple.left is None or triple.right is None
        yield "a twin that its type does not send" if unborn else "nothing follows"
    if triple.keys[0] == triple.keys[1]:
        yield "both spaces on one site"


def _of_fact(triple: Triple, fact: Fact, facts: frozenset[Fact]) -> Iterator[str]:
    match fact:
        case "write", side, _, field, value:
            yield from _of_write(triple, side, field, value)
        case "gives way", _, key, Edit():
            disputed = any(one[:2] == ("conflict", key) for one in facts)
            yield "a conflict's loser gives way" if disputed else "an edit on a receiving side gives way"
        case "conflict", key, _, _, _, left, right, tie:
            yield from _of_conflict(triple, key, left, right, tie=tie)
        case "step", side, _, target:
            arrives = any(one[0] == "write" and one[1] is side and one[4] == Option(target) for one in facts)
            yield "a step that arrives" if arrives else "a step of a longer walk"
        case _:
            yield from _of_plain_fact(*fact)


def _of_plain_fact(word: str, *about: object) -> Iterator[str]:
    if word == "problem":
        yield f"problem: {about[1]}"
    elif word == "call":
        yield f"a call to {about[2]}"
        if about[0]:
            yield "several calls"
    elif word in _NAMED:
        yield _NAMED[word]


def _of_write(triple: Triple, side: Side, field: str, value: object) -> Iterator[str]:
    here, there = triple.view(side), triple.view(side.other)
    if here is not None and here.fields[field] == value:
        yield "a crossed edit is put back"
    elif there is not None and value not in there.fields.values():
        yield "a text arrives in a poorer form" if isinstance(value, Rich) else "a status changes its name"
    else:
        yield "a value goes across"


def _of_conflict(triple: Triple, key: str, left: object, right: object, *, tie: bool) -> Iterator[str]:
    yield "a tie" if tie else "a conflict that is no tie"
    if triple.base.get(key) is None:
        yield "a choice settles"
    if isinstance(left, Edit) and isinstance(right, Edit):
        apart = abs((left.at - right.at).total_seconds())
        if apart in {4.999, 5.0, 5.001}:
            yield f"a conflict of edits {apart} s apart"


def _of_row(triple: Triple, row: FieldRow) -> Iterator[str]:
    left, right = triple.left, triple.right
    if left is None or right is None:
        return
    if row.left not in left.fields or row.right not in right.fields:
        yield "a field that a side does not show"
        return
    way = "both ways" if row.direction is Direction.BOTH else "one way"
    yield f"{row.kind}, {way}"
    was = triple.base.get(row.key)
    if isinstance(was, frozenset):
        shared = any(len({one[place] for one in was}) < len(was) for place in (0, 1))
        yield "labels that share a name on a side" if shared else "labels that agreed"
    else:
        yield _of_base(was, left.fields[row.left], right.fields[row.right])


def _of_base(was: Agreed | None, left: Value, right: Value) -> str:
    if was is None:
        return "a first meeting"
    if None in was:
        return "half a base"
    if UNDER_WAY in was:
        return "a base under way"
    return ("nobody edited", "one side edited", "both sides edited")[(was[0] != left) + (was[1] != right)]
