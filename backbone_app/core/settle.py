"""After a write: whether it happened, what the base is now, and whom it overwrote.

The same judgement serves the answer to a write and a later look at the work
item after an answer was lost. What is needed for it is kept with the intent
(``core.expectation``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from backbone_app.core.authorship import Attempt, entry_of, holds
from backbone_app.core.canonical import digest
from backbone_app.core.configuration import FieldRow
from backbone_app.core.expectation import Expectation, Expected
from backbone_app.core.returning import is_given_back
from backbone_app.core.state import UNDER_WAY, BaseChange
from backbone_app.core.values import SAME_CLOCK, Edit, Entry, FieldStep, Item, Side, Value, Wiki


@dataclass(frozen=True, slots=True)
class Crossed:
    """A person's value that our write overwrote before we had seen it."""

    value: Value
    edit: Edit


@dataclass(frozen=True, slots=True)
class Followed:
    """A crossed edit whose field somebody has edited again, before it was weighed.

    Who did saw what we had written (``carried``) and nothing of the crossed edit: so what we had
    written is what the new edit is based on, and ``becomes`` the base it is an edit of; it leaves the
    base alone where we had given this side one of its own edits back.
    """

    row: str
    crossed: Crossed
    carried: Value
    becomes: BaseChange


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a write; ``crossed`` and ``followed`` are by field id of the written side.

    ``idle`` are the ids of its fields that no entry of ours tells of: they held what was sent already, or
    nothing was written at all.
    """

    applied: bool
    becomes: tuple[BaseChange, ...]
    crossed: Mapping[str, Crossed]
    idle: frozenset[str] = frozenset()
    followed: Mapping[str, Followed] = field(default_factory=lambda: MappingProxyType({}))


def judge(
    expectation: Expectation,
    answer: Item,
    attempt: Attempt,
    *,
    key: bytes,
    ahead: timedelta = SAME_CLOCK,
) -> Verdict:
    """Judge an edit by what its work item shows afterwards.

    ``key`` is the digest key of the written side, ``ahead`` how far its clock is ahead of ours.
    """
    seen = attempt.seen
    fresh = tuple(entry for entry in answer.entries if seen is None or entry.id > seen)
    writes = expectation.writes
    ours = entry_of(attempt, fresh, expectation, key=key, ahead=ahead)
    if ours is None:
        applied = all(_stands(expected, expectation.side, answer, fresh, key) for expected in writes)
        becomes = (*(e.becomes for e in writes), *expectation.also) if applied else ()
        return Verdict(applied, becomes, {}, frozenset() if applied else frozenset(e.field for e in writes))
    earlier = tuple(entry for entry in fresh if entry.id < ours.id)
    known = tuple(entry for entry in answer.entries if entry not in fresh)
    overwritten = {
        e.field: found for e in writes if (found := _crossing(e, earlier, ours, known, key, ahead))
    }
    stood = {e.field: _as_it_stood(e, expectation.side, ours, answer, key) for e in writes}
    later = tuple(entry for entry in fresh if entry.id > ours.id)
    followed = {
        e.field: Followed(e.row, overwritten[e.field], carried[-1][1].after, stood[e.field])
        for e in writes
        if e.field in overwritten
        and (carried := _steps((ours,), e.field))
        and _steps(later, e.field)
        and (stood[e.field].agrees or stood[e.field] == BaseChange(e.row))
    }
    crossed = {name: one for name, one in overwritten.items() if name not in followed}
    met = {e.field for e in writes if _is_met(e, earlier, ours)}
    kept = (change for name, change in stood.items() if name not in crossed.keys() | met)
    return Verdict(
        applied=True,
        becomes=(*kept, *expectation.also),
        crossed=crossed,
        idle=frozenset(e.field for e in writes if not _steps((ours,), e.field)),
        followed=followed,
    )


def still_owed(claims: Mapping[str, str], expectation: Expectation) -> frozenset[str]:
    """Name the fields whose crossed edit is still to be put back after a write to their own side.

    ``claims`` are digests of crossed values by field id. A write of other
    fields leaves a claim open, and so does one step of a longer way back to it
    (a status): such a step leaves the base alone and does not arrive yet.
    """
    written = {expected.field: expected for expected in expectation.writes}
    return frozenset(
        name
        for name, claim in claims.items()
        if name not in written
        or (written[name].sent != claim and written[name].becomes.on(expectation.side) is None)
    )


def still_open(
    claims: Mapping[str, str], changes: Iterable[BaseChange], rows: Iterable[FieldRow], side: Side
) -> frozenset[str]:
    """Name the fields of ``side`` whose crossed edit is open after ``changes`` became base.

    ``claims`` are digests of crossed values by field id. One that the new base
    does not hold has lost: kept, it would be taken for an edit of that base.
    """
    moved = {change.row: change.on(side) for change in changes if change.on(side) not in (None, UNDER_WAY)}
    lost = {row.on(side) for row in rows if row.key in moved and claims.get(row.on(side)) != moved[row.key]}
    return frozenset(claims) - lost


def _stands(expected: Expected, side: Side, answer: Item, fresh: Sequence[Entry], key: bytes) -> bool:
    """Whether the field holds what was sent without an entry that says so.

    A value that somebody else entered since is theirs, even if it equals ours.
    """
    if expected.field not in answer.fields or not holds(expected, side, answer.fields[expected.field], key):
        return False
    return expected.sent is None or not _steps(fresh, expected.field)


def _steps(entries: Sequence[Entry], field: str) -> list[tuple[Entry, FieldStep]]:
    return [(entry, step) for entry in entries for step in entry.steps if step.field == field]


def _crossing(
    expected: Expected,
    earlier: Sequence[Entry],
    ours: Entry,
    known: Sequence[Entry],
    key: bytes,
    ahead: timedelta,
) -> Crossed | None:
    steps = _steps(earlier, expected.field)
    if expected.sent is None or not steps:
        return None  # Jira's verbs add and remove labels without touching anybody's
    entry, step = steps[-1]
    if isinstance(step.after, Wiki):
        # History tells a rich text in wiki form only; it tells no step where we wrote what stood there.
        is_same = not _steps((ours,), expected.field)
    else:
        is_same = digest(key, expected.field, step.after) == expected.sent or _is_given_back(
            steps, known, ahead
        )
    return None if is_same else Crossed(step.after, entry.edit(expected.field, ahead))


def _is_met(expected: Expected, earlier: Sequence[Entry], ours: Entry) -> bool:
    """Whether somebody had entered there what our write was bringing, so that it found nothing to do.

    That is their edit: it has to be weighed against whoever went on meanwhile from what we were bringing,
    and is no base before.
    """
    is_idle = expected.sent is not None and not _steps((ours,), expected.field)
    return is_idle and bool(_steps(earlier, expected.field))


def _is_given_back(
    steps: Sequence[tuple[Entry, FieldStep]], known: Sequence[Entry], ahead: timedelta
) -> bool:
    """Whether another write of ours had overwritten what stood there and given it back, before this one."""
    name = steps[0][1].field
    before = _steps(known, name)
    is_same = steps[0][1].before == steps[-1][1].after
    return is_same and is_given_back(
        name, [entry for entry, _ in steps], before[-1][0] if before else None, ahead
    )


def _as_it_stood(expected: Expected, side: Side, ours: Entry, answer: Item, key: bytes) -> BaseChange:
    """Take the written side's base from our entry: a site may store something else than was sent."""
    steps = _steps((ours,), expected.field)
    if not steps or expected.sent is None or expected.becomes.on(side) != expected.sent:
        return expected.becomes
    stood = _value_at(steps[-1][1], ours, answer)
    return (
        expected.becomes
        if stood is None
        else expected.becomes.with_digest(side, digest(key, expected.field, stood))
    )


def _value_at(step: FieldStep, ours: Entry, answer: Item) -> Value | None:
    """Give what the field held after our step; None: only its wiki form is known, or it was not shown."""
    if not isinstance(step.after, Wiki):
        return step.after
    later = _steps([entry for entry in answer.entries if entry.id > ours.id], step.field)
    return None if later else answer.fields.get(step.field)
