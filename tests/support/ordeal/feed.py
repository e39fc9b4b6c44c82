"""Who lost a conflict by the app's feed: an edit that a write crossed is named nowhere in Jira's history."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from jira_sandbox.demo.history import Entry, Item, field_of
from tests.support.databases import Database

LOST = "SELECT causes FROM backbone_journalentry WHERE kind = 'conflict'"
Losers = Mapping[int, frozenset[str]]
"""By changelog entry the fields in which it lost."""


def losers(database: Database) -> Losers:
    """Read which edits lost a conflict and are kept."""
    found: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    for (told,) in database.rows(LOST):
        causes = json.loads(told) if isinstance(told, str) else told
        for row, cause in causes.items():
            for edit in cause.get("edits", ()) if cause.get("outcome", "").startswith("lost") else ():
                found[edit["entry"]] |= {row}
    return found


def with_losers(items: Sequence[Item], kept: Losers) -> tuple[Item, ...]:
    """Have the app's writes name everybody whom they overwrote unseen.

    What they overwrote may itself be a write of the app's that carried an edit from elsewhere: it lost too.
    """
    entries = {entry.id: entry for item in items for entry in item.entries}

    def all_lost(lost: int) -> frozenset[int]:
        copy = entries.get(lost)
        if copy is None or not copy.by_app:
            return frozenset({lost})
        same = (each for each in entries.values() if not each.by_app and each.at < copy.at)
        return frozenset({lost, *(each.id for each in same if each.values.items() & copy.values.items())})

    def told(item: Item) -> Item:
        named = {entry.id: entry.overwrote for entry in item.entries}
        for lost in (entry for entry in item.entries if entry.id in kept):
            by = next((entry for entry in item.entries if _overwrites(entry, lost, kept[lost.id])), None)
            if by is not None:
                named[by.id] |= {lost.id}
        whole = {by: frozenset(each for one in lost for each in all_lost(one)) for by, lost in named.items()}
        return replace(item, entries=tuple(replace(one, overwrote=whole[one.id]) for one in item.entries))

    return tuple(map(told, items))


def _overwrites(one: Entry, lost: Entry, rows: frozenset[str]) -> bool:
    shared = {field_of(cell) for cell in one.values} & {field_of(cell) for cell in lost.values}
    return one.by_app and one.id > lost.id and bool(shared & rows)
