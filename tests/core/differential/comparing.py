"""Engine against reference: where they differ, and how often each kind of thing was met."""

from backbone_app.core.configuration import FieldRow
from tests.core.differential import digests
from tests.core.differential.engine import planned
from tests.core.reference import Fact, Triple, expected, refusals

BUGS = (AssertionError, AttributeError, LookupError, TypeError, ValueError)
OF_BASE = {"once written", "once created", "once stepped", "agreed"}


def judged(triple: Triple) -> tuple[frozenset[Fact], frozenset[str]]:
    """Give what has to follow by the reference, and every reason not to carry it out."""
    facts = expected(triple)
    return facts, refusals(triple.published, facts)


def differs(triple: Triple) -> list[str]:
    """Say what only one of both says of the triple; nothing: they agree."""
    return difference(triple, *judged(triple))


def difference(triple: Triple, facts: frozenset[Fact], codes: frozenset[str]) -> list[str]:
    """The same, where the reference has judged before."""
    _learn(triple, facts)
    try:
        found, refusal = planned(triple)
    except BUGS as raised:
        return [f"engine:    raises {raised!r}"]
    if found == facts:
        if refusal in codes or (refusal is None and not codes):
            return []
        return [f"engine:    refuses for {refusal}", f"reference: refuses for {sorted(codes)}"]
    only = [f"engine:    {fact}" for fact in sorted(found - facts, key=repr)]
    return only + [f"reference: {fact}" for fact in sorted(facts - found, key=repr)]


def _learn(triple: Triple, facts: frozenset[Fact]) -> None:
    """Digest what the reference takes for the new bases, so that the engine's can be read back."""
    rows: dict[str, FieldRow] = {}
    for fact in facts:
        if fact[0] not in OF_BASE or fact[-1] is None:
            continue
        rows = rows or {row.left: row for row in triple.configuration.fields}
        *_, key, base = fact
        row, (left, right) = rows[key], triple.keys
        for a, b in base if isinstance(base, frozenset) else ():
            digests.of_name(left, row.left, a)
            digests.of_name(right, row.right, b)
        if isinstance(base, tuple):
            digests.of_value(left, row.left, base[0])
            digests.of_value(right, row.right, base[1])
