"""What both sides agreed on after our tables were last true, told by their histories.

After a restore the base is older than what stands in Jira, and what we wrote since looks like edits
of both sides. But each of our writes names, in Jira's history, the time of the edit that it carried:
so at that write the two agreed, and only what came later on either side is an edit. What is
told of a row is a new base for it, or nothing where the old one is as good as any.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from backbone_app.core.collections import names_of, pair
from backbone_app.core.configuration import FieldRow
from backbone_app.core.merge import TIE
from backbone_app.core.rows import Seen, look
from backbone_app.core.state import UNDER_WAY, Base, BaseChange, View
from backbone_app.core.values import Entry, FieldKind, FieldStep, Side, Value

SAME: Final = timedelta(milliseconds=1)
"""The time that a write carries has whole milliseconds."""
BEFORE_BIRTH: Final = timedelta(minutes=1)
"""An edit so short before its twin was created may have been too late for it."""


@dataclass(frozen=True, slots=True)
class Past:
    """One side as it was read: its view, and its history since what is known of it.

    ``lost`` are the ids of the entries that are writes of ours which no row tells of; ``ahead`` is how
    far the site's clock is ahead of ours.
    """

    view: View
    entries: tuple[Entry, ...]
    lost: frozenset[int]
    ahead: timedelta

    def steps(self, field: str) -> Iterator[tuple[Entry, FieldStep]]:
        """Give what happened to a field, oldest first."""
        for entry in sorted(self.entries, key=lambda entry: entry.id):
            yield from ((entry, step) for step in entry.steps if step.field == field)


Pasts = Mapping[Side, Past]


@dataclass(frozen=True, slots=True)
class _Agreement:
    """A row was in step once.

    ``side`` held ``value`` as of its entry ``number``, and the other side's edits up to ``until`` had been
    carried.
    """

    side: Side
    number: int
    until: datetime
    value: Value


def agreed_again(
    rows: Iterable[FieldRow],
    base: Base,
    pasts: Pasts,
    *,
    twin: Side | None = None,
    born: datetime | None = None,
) -> tuple[BaseChange, ...]:
    """Work out a new base for the rows whose history tells of one.

    ``twin``: that side's work item was created by us as the other's twin and no row ever agreed;
    ``born`` is when, by our clock.
    """
    found = (_row(row, base, pasts, _birth(row, pasts, twin, born)) for row in rows)
    return tuple(change for change in found if change)


def _row(row: FieldRow, base: Base, pasts: Pasts, birth: _Agreement | None) -> BaseChange | None:
    left, right = (look(row, side, pasts[side].view) for side in Side)
    agreement = _last(row, pasts) or birth
    if left is None or right is None or agreement is None:
        return None
    seen = {Side.LEFT: left, Side.RIGHT: right}
    if row.kind is FieldKind.LABELS:
        return _set(row, base, seen, agreement)
    edited = {side for side in Side if _is_edited(row, pasts, side, agreement)}
    if len(edited) == len(Side):
        return None
    if row.kind is FieldKind.STATUS and not edited:
        edited = {agreement.side.other}  # we may have been on our way there, step by step
    left_base, right_base = (
        UNDER_WAY if side in edited else one.digest(one.value) for side, one in seen.items()
    )
    return BaseChange(row.key, left_base, right_base)


def _last(row: FieldRow, pasts: Pasts) -> _Agreement | None:
    """Find our last write of the row that carried an edit of the other side."""
    written = [
        (entry.at - past.ahead, _Agreement(side, entry.id, entry.edited, step.after))
        for side, past in pasts.items()
        for entry, step in past.steps(row.on(side))
        if entry.edited and _carried(entry, past, pasts[side.other])
    ]
    return max(written, key=lambda one: one[0])[1] if written else None


def _carried(entry: Entry, here: Past, there: Past) -> bool:
    """Whether an entry is a forgotten write of ours whose edit stands in the other side's history.

    Otherwise it came from elsewhere: a work item may be in several pairs.
    """
    if entry.id not in here.lost or entry.edited is None:
        return False
    times = (one.time(there.ahead) for one in there.entries)
    return any(abs(at - entry.edited) <= TIE for at in times)


def _birth(row: FieldRow, pasts: Pasts, twin: Side | None, born: datetime | None) -> _Agreement | None:
    """Take the creation of the twin for the agreement, but not on a status: it starts where nobody chose."""
    if (
        twin is None
        or born is None
        or row.kind is FieldKind.STATUS
        or row.on(twin) not in pasts[twin].view.fields
    ):
        return None
    first = next((step.before for _, step in pasts[twin].steps(row.on(twin))), None)
    value = pasts[twin].view.fields[row.on(twin)] if first is None else first
    return _Agreement(twin, 0, born - BEFORE_BIRTH, value)


def _is_edited(row: FieldRow, pasts: Pasts, side: Side, agreement: _Agreement) -> bool:
    """Whether somebody edited the row on ``side`` after it had been agreed on."""
    here, there = pasts[side], pasts[side.other]
    edits = [entry for entry, _ in here.steps(row.on(side)) if not _carried(entry, here, there)]
    if side is agreement.side:
        return any(entry.id > agreement.number for entry in edits)
    return any(entry.time(here.ahead) > agreement.until + SAME for entry in edits)


def _set(row: FieldRow, base: Base, seen: Mapping[Side, Seen], agreement: _Agreement) -> BaseChange:
    """Take the names that the set had then: what either side gained or lost since is told by them."""
    side = agreement.side
    names = names_of(agreement.value)
    then = frozenset(pair(name, side, seen[side], seen[side.other]) for name in names)
    known = base.elements.get(row.key, frozenset())
    return BaseChange.of_set(row.key, add=then - known, remove=known - then)
