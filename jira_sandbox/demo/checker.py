"""Whether an app that keeps two spaces in step lost, doubled or needlessly wrote anything.

Convergence alone proves little: an app can make both sides equal by throwing people's edits away. So every
change is followed: it must stand on both sides at the end, or have been overwritten by a person who had it
before their eyes, or be kept as a conflict's loser, which the app's own write says in Jira's history.

Pure: no clock, no network. Same history, same report.
"""

from collections import defaultdict
from collections.abc import Iterator

from jira_sandbox.demo.history import Change, Dispute, History, Item, Report, field_of


def judge(history: History) -> Report:
    """Count what arrived, what was lost, and what the app created or wrote without a reason."""
    court = _Court(history)
    lost = [change for change in history.changes if court.is_lost(change)]
    duplicates = list(court.duplicates())
    echoes = list(court.echoes())
    return Report(
        changes=len(history.changes),
        arrived=sum(court.has_arrived(change) for change in history.changes),
        lost=len(lost),
        duplicates=len(duplicates),
        echoes=len(echoes),
        faults=(*(f"lost: {court.told(change)}" for change in lost), *duplicates, *echoes),
    )


def badly_settled(history: History, disputes: tuple[Dispute, ...]) -> tuple[str, ...]:
    """Say a sentence for each dispute that did not end as it must.

    Of the same cell left wins, on both sides, and the right value is kept as the loser; changes of
    different cells both stand on both sides.
    """
    court = _Court(history)
    faults: list[str] = []
    for dispute in disputes:
        shared = dispute.left.values.keys() & dispute.right.values.keys()
        if not court.stands(dispute.left):
            faults.append(f"left should stand on both sides: {court.told(dispute.left)}")
        if shared and not all(court.is_kept(dispute.right, cell) for cell in shared):
            faults.append(f"the loser should be kept: {court.told(dispute.right)}")
        if not shared and not court.stands(dispute.right):
            faults.append(f"right should stand on both sides: {court.told(dispute.right)}")
    return tuple(faults)


class _Court:
    """The history, indexed; every question about one change or one item is a method."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._items = {item.id: item for item in history.items}
        self._changes: defaultdict[str, list[Change]] = defaultdict(list)
        for change in sorted(history.changes, key=lambda each: each.at):
            self._changes[change.item].append(change)
        self._twins: defaultdict[str, list[Item]] = defaultdict(list)
        for item in sorted(history.items, key=lambda each: each.created):
            if item.origin is not None:
                self._twins[item.origin].append(item)

    def told(self, change: Change) -> str:
        """Tell the change in words."""
        item = self._items.get(change.item)
        values = ", ".join(f"{cell}={value!r}" for cell, value in change.values.items())
        return f"{item.key if item else change.item} {values} at {change.at:%H:%M:%S.%f}"

    def has_arrived(self, change: Change) -> bool:
        """Whether the other side has held every value of the change since, if only for a moment."""
        partner = self._partner(change.item)
        return partner is not None and all(_held_since(partner, cell, change) for cell in change.values)

    def is_lost(self, change: Change) -> bool:
        """Whether a value of the change is neither final, nor kept as a loser, nor knowingly overwritten."""
        return not all(
            self._is_final(change, cell)
            or self.is_kept(change, cell)
            or self._is_knowingly_overwritten(change, cell)
            for cell in change.values
        )

    def stands(self, change: Change) -> bool:
        """Whether both sides hold every value of the change at the end."""
        return all(self._is_final(change, cell) for cell in change.values)

    def is_kept(self, change: Change, cell: str) -> bool:
        """Whether a later write of the app names the change as the one it overwrote in this cell."""
        return any(
            entry.by_app
            and change.entry in entry.overwrote
            and entry.at >= change.at
            and cell in entry.values
            for item in self._pair(change.item)
            for entry in item.entries
        )

    def duplicates(self) -> Iterator[str]:
        """Say a sentence for every twin beyond an item's first, and for every twin of a twin."""
        for origin, twins in self._twins.items():
            for twin in twins[1:]:
                yield f"duplicate: {twin.key} is a further twin of {self._name(origin)}"
            source = self._items.get(origin)
            if source is not None and source.origin is not None:
                yield from (f"duplicate: {twin.key} is a twin of the twin {source.key}" for twin in twins)

    def echoes(self) -> Iterator[str]:
        """Say a sentence for every write of the app that no person's change explains."""
        for number in range(self._history.idle_edits):
            yield f"echo: the app sent an edit that changed nothing ({number + 1})"
        for item in self._history.items:
            if item.by_app and self._changes_made_by_creating(item.origin) == 0:
                yield f"echo: the app created {item.key}, and no person its origin"
            yield from self._echoes_on(item)

    def _echoes_on(self, item: Item) -> Iterator[str]:
        written: defaultdict[str, int] = defaultdict(int)
        for entry in item.entries:
            for name in {field_of(cell) for cell in entry.values} if entry.by_app else ():
                written[name] += 1
        for name, count in sorted(written.items()):
            for _ in range(count - self._reasons_to_write(item, name)):
                yield f"echo: the app wrote {name} of {item.key} more often than people changed its twin"

    def _reasons_to_write(self, item: Item, name: str) -> int:
        """Edits of the field on the other side, and conflicts about it on either."""
        partner = self._partner(item.id)
        changes = self._changes[partner.id] if partner else []
        edits = [change.values for change in changes if change.entry is not None]
        conflicts = [
            entry.values for each in self._pair(item.id) for entry in each.entries if entry.overwrote
        ]
        return sum(any(field_of(cell) == name for cell in values) for values in (*edits, *conflicts))

    def _changes_made_by_creating(self, item_id: str | None) -> int:
        return sum(change.entry is None for change in self._changes[item_id]) if item_id else 0

    def _name(self, item_id: str) -> str:
        return self._items[item_id].key if item_id in self._items else item_id

    def _partner(self, item_id: str) -> Item | None:
        """Find the item on the other side: the origin of a twin, or an item's first twin."""
        item = self._items.get(item_id)
        if item is not None and item.origin is not None:
            return self._items.get(item.origin)
        return next(iter(self._twins.get(item_id, ())), None)

    def _pair(self, item_id: str) -> tuple[Item, ...]:
        both = (self._items.get(item_id), self._partner(item_id))
        return tuple(item for item in both if item is not None)

    def _is_final(self, change: Change, cell: str) -> bool:
        pair = self._pair(change.item)
        return len(pair) == 2 and all(item.now.get(cell, "") == change.values[cell] for item in pair)

    def _is_knowingly_overwritten(self, change: Change, cell: str) -> bool:
        later = (each for item in self._pair(change.item) for each in self._changes[item.id])
        return any(change in self._seen_by(each, cell) for each in later if cell in each.values)

    def _seen_by(self, change: Change, cell: str) -> Iterator[Change]:
        """Walk back from the value its author had before their eyes through what led to it."""
        seen = self._stood_before(change, cell)
        while seen is not None:
            yield seen
            seen = self._stood_before(seen, cell)

    def _stood_before(self, change: Change, cell: str) -> Change | None:
        """Find whose value the cell held just before ``change``: made there, or passed on."""
        item = self._items.get(change.item)
        steps = [step for step in item.steps(cell) if step[0] < change.at] if item else []
        if not steps:
            return None
        at, value, by_app = steps[-1]
        makers = self._pair(change.item) if by_app else (item,)
        candidates = [
            each
            for maker in makers
            if maker is not None
            for each in self._changes[maker.id]
            if each.at <= at and each.values.get(cell) == value
        ]
        return max(candidates, key=lambda each: each.at, default=None)


def _held_since(item: Item, cell: str, change: Change) -> bool:
    wanted = change.values[cell]
    before = ""
    for at, value, _ in item.steps(cell):
        if at >= change.at and value == wanted:
            return True
        before = value if at < change.at else before
    held_then = item.created < change.at and before == wanted
    return held_then or item.now.get(cell, "") == wanted
