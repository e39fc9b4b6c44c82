"""What people had before their eyes when they made a change, and what must therefore not be undone.

Causal, as far as what was seen tells: a change must never give way to one that its author knew. Only cells
whose values are all different can be asked about, for there a value says whose it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jira_sandbox.demo.families import Families
from jira_sandbox.demo.history import Cells, Change, History

TELLING = ("summary", "description", "duedate")
"""The fields in which nobody ever writes what somebody has written before."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the author of a change saw in the work item just before."""

    change: Change
    seen: Cells


class Memory:
    """Whose value each one is, and what its author knew."""

    def __init__(self, history: History, sights: Iterable[Sight]) -> None:
        self._families = Families(history)
        self._history = history
        self._sights: Mapping[Change, Cells] = {each.change: each.seen for each in sights}
        self._makers = {
            (cell, change.values[cell]): change
            for change in history.changes
            for cell in TELLING
            if change.values.get(cell)
        }
        self._entries = {change.entry: change for change in history.changes if change.entry is not None}

    def faults(self) -> Iterator[str]:
        """Say a sentence for each change that gave way to one its author had seen."""
        for change in self._history.changes:
            for cell in change.values.keys() & set(TELLING):
                known = set(self._known(change, cell))
                yield from self._undone(change, cell, known)
                yield from self._beaten(change, cell, known)

    def _undone(self, change: Change, cell: str, known: set[Change]) -> Iterator[str]:
        item = self._families.item(change.item)
        stands = self._makers.get((cell, item.now.get(cell, ""))) if item else None
        if stands in known:
            yield f"undone: {cell}={change.values[cell]!r} gave way to what its author had seen"

    def _beaten(self, change: Change, cell: str, known: set[Change]) -> Iterator[str]:
        for item in self._families.of(change.item):
            for entry in item.entries:
                winner = self._makers.get((cell, entry.values.get(cell, "")))
                if change.entry in entry.overwrote and winner in known:
                    yield f"no conflict: {cell}={change.values[cell]!r} lost to what its author had seen"

    def _known(self, change: Change, cell: str) -> Iterator[Change]:
        """Walk back from what was seen to what its author had seen."""
        seen = self._seen(change, cell)
        while seen is not None:
            yield seen
            seen = self._seen(seen, cell)

    def _seen(self, change: Change, cell: str) -> Change | None:
        return self._makers.get((cell, self._sights.get(change, {}).get(cell, "")))
