"""Whether an app that keeps spaces in step lost, doubled, needlessly wrote or gave away anything.

Convergence alone proves little: an app can make all sides equal by throwing people's edits away. So every
change is followed: it must stand on all sides at the end, or have been overwritten by a person who had it
before their eyes, or be kept as a conflict's loser, which the app's own write says in Jira's history.

Pure: no clock, no network. Same history, same report.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from jira_sandbox.demo import walks
from jira_sandbox.demo.copies import attributed
from jira_sandbox.demo.families import Families
from jira_sandbox.demo.history import COMMENT, STATUS, Change, Dispute, History, Item, Report, field_of
from jira_sandbox.demo.returns import given_back

LABELS: Final = "labels"


def judge(history: History) -> Report:
    """Count what arrived, what was lost, and what the app created or wrote without a reason."""
    told = attributed(history)
    court = _Court(told.history)
    lost = [change for change in history.changes if court.is_lost(change)]
    duplicates = [*court.duplicates(), *told.duplicates]
    echoes = [*court.echoes(), *told.strays]
    return Report(
        changes=len(history.changes),
        arrived=sum(court.has_arrived(change) for change in history.changes),
        lost=len(lost),
        duplicates=len(duplicates),
        echoes=len(echoes),
        leaks=len(told.leaks),
        faults=(*(f"lost: {court.told(change)}" for change in lost), *duplicates, *echoes, *told.leaks),
    )


def has_arrived(history: History, change: Change) -> bool:
    """Whether all who had to be told of ``change`` have held it since, if only for a moment."""
    return _Court(attributed(history).history).has_arrived(change)


def badly_settled(history: History, disputes: tuple[Dispute, ...]) -> tuple[str, ...]:
    """Say a sentence for each dispute that did not end as it must.

    Of the same cell left wins, on all sides, and the right value is kept as the loser; changes of
    different cells stand on all sides.
    """
    court = _Court(attributed(history).history)
    faults: list[str] = []
    for dispute in disputes:
        shared = dispute.left.values.keys() & dispute.right.values.keys()
        if not court.stands(dispute.left):
            faults.append(f"left should stand on all sides: {court.told(dispute.left)}")
        if shared and not all(court.is_kept(dispute.right, cell) for cell in shared):
            faults.append(f"the loser should be kept: {court.told(dispute.right)}")
        if not shared and not court.stands(dispute.right):
            faults.append(f"right should stand on all sides: {court.told(dispute.right)}")
    return tuple(faults)


class _Court:
    """The history, indexed; every question about one change or one item is a method."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._families = Families(history)
        self._changes: defaultdict[str, list[Change]] = defaultdict(list)
        for change in sorted(history.changes, key=lambda each: each.at):
            self._changes[change.item].append(change)

    def told(self, change: Change) -> str:
        """Tell the change in words."""
        values = ", ".join(f"{cell}={value!r}" for cell, value in change.values.items())
        return f"{self._name(change.item)} {values} at {change.at:%H:%M:%S.%f}"

    def has_arrived(self, change: Change) -> bool:
        """Whether each partner has held every value of the change since, if only for a moment."""
        item = self._families.item(change.item)
        if item is None or not self._families.is_complete(item):
            return False
        return all(
            self._held_since(partner, cell, change, of=item)
            for cell in change.values
            for partner in self._families.awaited(item, cell)
        )

    def is_lost(self, change: Change) -> bool:
        """Whether a value of the change is neither final, nor kept as a loser, nor knowingly overwritten."""
        return not all(
            self._is_final(change, cell)
            or self.is_kept(change, cell)
            or self._is_knowingly_overwritten(change, cell)
            or self._is_taken_back(change, cell)
            or self._is_overtaken_between(change, cell)
            for cell in change.values
        )

    def stands(self, change: Change) -> bool:
        """Whether all sides hold every value of the change at the end."""
        return all(self._is_final(change, cell) for cell in change.values)

    def is_kept(self, change: Change, cell: str) -> bool:
        """Whether the feed, or a later write of the app, names the change as one that lost in this cell."""
        return (change.entry, field_of(cell)) in self._history.kept or any(
            entry.by_app
            and change.entry in entry.overwrote
            and entry.at >= change.at
            and cell in entry.values
            for item in self._families.of(change.item)
            for entry in item.entries
        )

    def duplicates(self) -> Iterator[str]:
        """Say a sentence for every twin beyond the first in a space, and for every twin of a twin."""
        for twin in self._families.further:
            yield f"duplicate: {twin.key} is a further twin of {self._name(twin.origin)}"
        for item in self._families:
            source = self._families.item(item.origin) if item.origin else None
            if source is not None and source.origin is not None:
                yield f"duplicate: {item.key} is a twin of the twin {source.key}"

    def echoes(self) -> Iterator[str]:
        """Say a sentence for every write of the app that no person's change explains."""
        for number in range(self._history.idle_edits):
            yield f"echo: the app sent an edit that changed nothing ({number + 1})"
        for item in self._families:
            if item.by_app and not any(change.is_creation for change in self._changes[item.origin or ""]):
                yield f"echo: the app created {item.key}, and no person its origin"
            yield from self._echoes_on(item)

    def _echoes_on(self, item: Item) -> Iterator[str]:
        written: defaultdict[str, int] = defaultdict(int)
        for entry in item.entries:
            for row in {_row_of(cell) for cell in entry.values} if entry.by_app else ():
                written[row] += 1
        strays = 0
        if STATUS in written:
            written[STATUS], strays = walks.counted(item.steps(STATUS), self._wishes(item))
        for row, count in sorted(written.items()):
            for _ in range(count - self._reasons_to_write(item, row)):
                yield f"echo: the app wrote {row} of {item.key} more often than people changed its twins"
        for _ in range(strays):
            yield f"echo: the app moved {item.key} where nobody wanted it"

    def _reasons_to_write(self, item: Item, row: str) -> int:
        """Edits of the field on the other sides, conflicts about it on any, and what had to be given back."""
        edits = [
            change.values
            for each in self._families.others(item)
            for change in self._changes[each.id]
            if not change.is_creation
        ]
        conflicts = [
            entry.values
            for each in self._families.of(item.id)
            for entry in each.entries
            if entry.overwrote and entry.by_app
        ]
        reasons = sum(any(_row_of(cell) == row for cell in values) for values in (*edits, *conflicts))
        return reasons + given_back(item, row, is_shared=len(self._families.others(item)) > 1)

    def _wishes(self, item: Item) -> tuple[walks.Wish, ...]:
        """List people's changes elsewhere, with those steps of ``item`` that lead where they ask it to be."""
        reached = [status for _, status, _ in item.steps(STATUS)]
        wishes = [
            (change.at, self._families.told(change.values[STATUS], of=each, to=item, among=reached))
            for each in self._families.others(item)
            for change in self._changes[each.id]
            if STATUS in change.values
        ]
        return tuple(sorted(wishes, key=lambda wish: wish[0]))

    def _name(self, item_id: str | None) -> str:
        item = self._families.item(item_id or "")
        return item.key if item else str(item_id)

    def _is_final(self, change: Change, cell: str) -> bool:
        item, value = self._families.item(change.item), change.values[cell]
        if item is None or item.now.get(cell, "") != value or not self._families.is_complete(item):
            return False
        return all(self._holds(each, cell, value, of=item) for each in self._families.awaited(item, cell))

    def _holds(self, item: Item, cell: str, value: str, *, of: Item) -> bool:
        *_, (_, _, by_app) = item.steps(cell)
        held = item.now.get(cell, "")
        return self._families.tells(cell, value, of=of, to=item, held=held, by_app=by_app)

    def _held_since(self, item: Item, cell: str, change: Change, *, of: Item) -> bool:
        value = change.values[cell]
        before = False
        for at, held, by_app in item.steps(cell):
            tells = self._families.tells(cell, value, of=of, to=item, held=held, by_app=by_app)
            if at >= change.at and tells:
                return True
            before = tells if at < change.at else before
        return before or self._holds(item, cell, value, of=of)

    def _is_knowingly_overwritten(self, change: Change, cell: str) -> bool:
        """Whether somebody who had it, or the same of somebody else, before their eyes wrote something else.

        A label stays where one person took it off while another put it on, or the other way round.
        """
        others = [each for each in self._family_changes(change) if cell in each.values]
        crossing = [each for each in others if self._crosses(change, each, cell)]
        alike = [change, *(each for each in crossing if self._says_the_same(each, change, cell))]
        if field_of(cell) == LABELS and any(each.values[cell] != change.values[cell] for each in crossing):
            return True
        return any(one in self._seen_by(each, cell) for each in others for one in alike)

    def _says_the_same(self, one: Change, other: Change, cell: str) -> bool:
        here, there = self._families.item(one.item), self._families.item(other.item)
        if here is None or there is None:
            return False
        value, held = one.values[cell], other.values[cell]
        return self._families.tells(cell, value, of=here, to=there, held=held, by_app=False)

    def _family_changes(self, change: Change) -> list[Change]:
        return [each for item in self._families.of(change.item) for each in self._changes[item.id]]

    def _crosses(self, one: Change, other: Change, cell: str) -> bool:
        """Whether neither of two people had before their eyes what the other one wrote."""
        if one is other:
            return False
        return other not in self._seen_by(one, cell) and one not in self._seen_by(other, cell)

    def _is_taken_back(self, change: Change, cell: str) -> bool:
        """Whether it only put back what had stood there, before the app passed on what came between."""
        item = self._families.item(change.item)
        if item is None or cell == STATUS:
            return False
        between: set[str] = set()
        first = change.at
        for at, held, by_app in sorted((one for one in item.steps(cell) if one[0] < change.at), reverse=True):
            if held == change.values[cell]:
                return bool(between) and not self._passed_on(item, cell, between, since=first)
            if by_app:
                return False
            between.add(held)
            first = at
        return False

    def _is_overtaken_between(self, change: Change, cell: str) -> bool:
        item = self._families.item(change.item)
        if item is None or cell != STATUS:
            return False
        return self._families.is_overtaken_between(item, change.values[cell], at=change.at)

    def _passed_on(self, item: Item, cell: str, values: set[str], *, since: datetime) -> bool:
        others = self._families.others(item)
        elsewhere = {change.values.get(cell) for other in others for change in self._changes[other.id]}
        steps = (step for other in others for step in other.steps(cell))
        return any(by_app and at > since and held in values - elsewhere for at, held, by_app in steps)

    def _seen_by(self, change: Change, cell: str) -> Iterator[Change]:
        """Walk back from the value its author had before their eyes through what led to it."""
        seen = self._stood_before(change, cell)
        while seen is not None:
            yield seen
            seen = self._stood_before(seen, cell)

    def _stood_before(self, change: Change, cell: str) -> Change | None:
        """Find whose value the cell held just before ``change``: made there, passed on, or the same anyway.

        A finer status that somebody chose elsewhere meanwhile is no news where the cell means it already.
        """
        item = self._families.item(change.item)
        steps = [step for step in item.steps(cell) if step[0] < change.at] if item else []
        if item is None or not steps:
            return None
        at, held, by_app = steps[-1]
        agreed = self._families.agreed_at(item, cell, held, before=change.at)
        if agreed is not None and agreed > at:  # nobody had to write here what had come everywhere else
            at, by_app = agreed, True
        candidates = [
            each
            for maker, each in self._known_to_who_made(change, cell, item=item, since=at, by_app=by_app)
            if cell in each.values
            and self._families.tells(cell, each.values[cell], of=maker, to=item, held=held, by_app=by_app)
        ]
        return max(candidates, key=lambda each: each.at, default=None)

    def _known_to_who_made(
        self, change: Change, cell: str, *, item: Item, since: datetime, by_app: bool
    ) -> Iterator[tuple[Item, Change]]:
        """List what the cell of ``item`` may have told ``since`` then, each with the item it was made on."""
        for maker in self._families.of(item.id) if by_app else (item,):
            yield from ((maker, each) for each in self._changes[maker.id] if each.at <= since)
        for other in self._families.others(item) if cell == STATUS else ():
            yield from ((other, each) for each in self._changes[other.id] if since < each.at < change.at)


def _row_of(cell: str) -> str:
    """Name what one write can change at once: a field, or a single comment."""
    return cell if field_of(cell) == COMMENT else field_of(cell)
