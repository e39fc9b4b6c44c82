"""Who lost a conflict, by the feed: an edit that our write crossed is named nowhere in Jira's history."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from backbone_app.ledger import journal
from backbone_app.models import JournalEntry
from backbone_app.models.intent import JournalKind
from jira_sandbox.demo.history import Entry, Item


def with_losers(items: Sequence[Item]) -> list[Item]:
    """Have our writes name everybody whom they overwrote and whose value is kept.

    What they overwrote may itself be a write of ours that carried an edit from elsewhere: that one's as well.
    """
    losers = _losers()
    told = [_as_told(item, losers) for item in items]
    entries = {one.id: one for item in told for one in item.entries}
    people = [one for one in entries.values() if not one.by_app]

    def carried(lost: int) -> set[int]:
        copy = entries.get(lost)
        if copy is None or not copy.by_app:
            return set()
        return {one.id for one in people if one.id < lost and one.values.items() & copy.values.items()}

    return [
        replace(
            item,
            entries=tuple(
                replace(one, overwrote=one.overwrote.union(*map(carried, one.overwrote)))
                for one in item.entries
            ),
        )
        for item in told
    ]


def _losers() -> dict[int, frozenset[str]]:
    """The entries that lost a conflict, with the rows of which the feed still holds the values."""
    kept: dict[int, frozenset[str]] = {}
    for line in JournalEntry.objects.filter(kind=JournalKind.CONFLICT):
        for row, cause in line.causes.items():
            if str(cause["outcome"]).startswith("lost") and row in journal.values(line):
                for edit in cause["edits"]:
                    kept[edit["entry"]] = kept.get(edit["entry"], frozenset()) | {row}
    return kept


def _as_told(item: Item, losers: Mapping[int, frozenset[str]]) -> Item:
    entries = list(item.entries)
    for lost in (one for one in item.entries if one.id in losers):
        place = next((at for at, one in enumerate(entries) if _overwrites(one, lost, losers[lost.id])), None)
        if place is not None:
            entries[place] = replace(entries[place], overwrote=entries[place].overwrote | {lost.id})
    return replace(item, entries=tuple(entries))


def _overwrites(one: Entry, lost: Entry, rows: frozenset[str]) -> bool:
    return one.by_app and one.id > lost.id and bool(rows & lost.values.keys() & one.values.keys())
