"""After a write: whether it happened, what the base is now, and whom it overwrote.

The same judgement serves the answer to a write and a later look at the work
item after an answer was lost. What is needed for it is kept with the intent,
before the call: digests only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backbone_app.core.canonical import digest, element
from backbone_app.core.collections import names_of
from backbone_app.core.configuration import FieldRow
from backbone_app.core.operations import FieldWrite, Operation, Write
from backbone_app.core.state import UNDER_WAY, BaseChange, ElementBase
from backbone_app.core.values import EMPTY, SAME_CLOCK, Edit, Entry, FieldStep, Item, Side, Value, Wiki


@dataclass(frozen=True, slots=True)
class Expected:
    """One write as it should be found: ``sent`` is the digest of the value, None for labels."""

    row: str
    field: str
    sent: str | None
    becomes: BaseChange


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an operation should have done to its side, in digests."""

    side: Side
    writes: tuple[Expected, ...]
    also: tuple[BaseChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Crossed:
    """A person's value that our write overwrote before we had seen it."""

    value: Value
    edit: Edit


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a write; ``crossed`` is by field id of the written side."""

    applied: bool
    becomes: tuple[BaseChange, ...]
    crossed: Mapping[str, Crossed]


def expect(operation: Operation, *, key: bytes) -> Expectation:
    """Say what to look for after ``operation``; ``key`` is the digest key of the side it writes."""
    writes = tuple(
        Expected(write.row, write.field, _sent(write, key), write.becomes) for write in operation.writes
    )
    return Expectation(operation.side, writes, operation.also)


def _sent(write: Write, key: bytes) -> str | None:
    return digest(key, write.field, write.value) if isinstance(write, FieldWrite) else None


def judge(
    expectation: Expectation,
    answer: Item,
    *,
    intent: str,
    account: str,
    seen: int | None,
    window: tuple[datetime, datetime],
    key: bytes,
    ahead: timedelta = SAME_CLOCK,
) -> Verdict:
    """Judge an edit by what its work item shows afterwards.

    ``seen`` is the newest changelog id the plan had seen (None: no entry yet),
    ``account`` our own on that site, ``window`` the time, by our clock, that the
    call may have taken effect in, ``key`` the digest key of the written side,
    ``ahead`` how far its clock is ahead of ours.
    """
    fresh = tuple(entry for entry in answer.entries if seen is None or entry.id > seen)
    writes = expectation.writes
    ours = _named(fresh, intent) or _recognized(
        fresh, expectation, account=account, window=(window[0] + ahead, window[1] + ahead), key=key
    )
    if ours is None:
        applied = all(_stands(expected, expectation.side, answer, fresh, key) for expected in writes)
        becomes = (*(e.becomes for e in writes), *expectation.also) if applied else ()
        return Verdict(applied, becomes, {})
    earlier = tuple(entry for entry in fresh if entry.id < ours.id)
    crossed = {e.field: found for e in writes if (found := _crossing(e, earlier, key, ahead))}
    kept = (_as_it_stood(e, expectation.side, ours, answer, key) for e in writes if e.field not in crossed)
    return Verdict(applied=True, becomes=(*kept, *expectation.also), crossed=crossed)


def creation_becomes(expectation: Expectation) -> tuple[BaseChange, ...]:
    """Give the base of a pair whose twin was created: all as it was sent."""
    return (*(expected.becomes for expected in expectation.writes), *expectation.also)


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


def _named(entries: Sequence[Entry], intent: str) -> Entry | None:
    return next((entry for entry in reversed(entries) if entry.intent == intent), None)


def _recognized(
    entries: Sequence[Entry],
    expectation: Expectation,
    *,
    account: str,
    window: tuple[datetime, datetime],
    key: bytes,
) -> Entry | None:
    """Find our entry on a site that drops what an edit says about itself.

    An entry that names another intent is another write of ours, whatever else fits.
    """
    begin, end = window
    for entry in reversed(entries):
        ours = entry.author == account and entry.intent is None and begin <= entry.at <= end
        if ours and entry.steps and all(_was_sent(step, expectation, key) for step in entry.steps):
            return entry
    return None


def _was_sent(step: FieldStep, expectation: Expectation, key: bytes) -> bool:
    expected = next((expected for expected in expectation.writes if expected.field == step.field), None)
    if expected is None:
        return False
    if isinstance(step.after, Wiki):
        # History tells a rich text in wiki form only: that one was sent has to do.
        return expected.sent != digest(key, expected.field, EMPTY)
    return _holds(expected, expectation.side, step.after, key)


def _holds(expected: Expected, side: Side, value: Value, key: bytes) -> bool:
    """Whether ``value`` is what was sent; of a set, whether what joined is in and what left is out."""
    if expected.sent is not None:
        return digest(key, expected.field, value) == expected.sent
    names = {element(key, expected.field, name) for name in names_of(value)}
    joined = all(member.on(side) in names for member in expected.becomes.add)
    return joined and not any(member.on(side) in names for member in expected.becomes.remove)


def _stands(expected: Expected, side: Side, answer: Item, fresh: Sequence[Entry], key: bytes) -> bool:
    """Whether the field holds what was sent without an entry that says so.

    A value that somebody else entered since is theirs, even if it equals ours.
    """
    if expected.field not in answer.fields or not _holds(expected, side, answer.fields[expected.field], key):
        return False
    return expected.sent is None or not _steps(fresh, expected.field)


def _steps(entries: Sequence[Entry], field: str) -> list[tuple[Entry, FieldStep]]:
    return [(entry, step) for entry in entries for step in entry.steps if step.field == field]


def _crossing(expected: Expected, earlier: Sequence[Entry], key: bytes, ahead: timedelta) -> Crossed | None:
    steps = _steps(earlier, expected.field)
    if expected.sent is None or not steps:
        return None  # Jira's verbs add and remove labels without touching anybody's
    entry, step = steps[-1]
    if digest(key, expected.field, step.after) == expected.sent:
        return None
    return Crossed(step.after, entry.edit(ahead))


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


def to_json(expectation: Expectation) -> dict[str, object]:
    """Give the expectation as an intent's row stores it; ``from_json`` is its inverse."""
    return {
        "side": expectation.side.value,
        "writes": [
            {"row": e.row, "field": e.field, "sent": e.sent, "becomes": _change_to_json(e.becomes)}
            for e in expectation.writes
        ],
        "also": [_change_to_json(change) for change in expectation.also],
    }


def from_json(document: Mapping[str, Any]) -> Expectation:
    """Read what ``to_json`` made; anything else is a bug and raises ``KeyError`` or ``TypeError``."""
    return Expectation(
        side=Side(document["side"]),
        writes=tuple(
            Expected(e["row"], e["field"], e["sent"], _change_from_json(e["becomes"]))
            for e in document["writes"]
        ),
        also=tuple(_change_from_json(change) for change in document["also"]),
    )


def _change_to_json(change: BaseChange) -> dict[str, object]:
    return {
        "row": change.row,
        "left": change.left,
        "right": change.right,
        "add": [[member.left, member.right] for member in change.add],
        "remove": [[member.left, member.right] for member in change.remove],
    }


def _change_from_json(document: Mapping[str, Any]) -> BaseChange:
    return BaseChange(
        row=document["row"],
        left=document["left"],
        right=document["right"],
        add=tuple(ElementBase(*pair) for pair in document["add"]),
        remove=tuple(ElementBase(*pair) for pair in document["remove"]),
    )
