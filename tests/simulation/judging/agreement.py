"""I1: every mapped field is equal on all sides, modulo the declared mapping of statuses.

A difference is excused by a reason only that the app tells and that is true: a status where no transition
leads to it from the other one's. That excuses this pair alone: whoever else is of the family agrees, as they
do where one of them was deleted or moved away.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from jira_sandbox.demo.families import Families
from jira_sandbox.demo.history import COMMENT, STATUS, History, Item, field_of


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two work items that the app keeps in step; ``is_stuck``: but for the status of one of them."""

    items: frozenset[str]
    is_stuck: bool = False


def of_pairs(history: History, pairs: Iterable[Pairing]) -> Iterator[str]:
    """Say a sentence for each cell in which the two of a pair differ; takes what ``differences`` takes."""
    families = Families(history)
    for pair in pairs:
        found = [item for item in families if item.id in pair.items]
        one, other = sorted(found, key=lambda item: item.origin is not None)
        foreign = _foreign(history, one, other) | ({STATUS} if pair.is_stuck else frozenset())
        yield from _differing(families, one, other, foreign)


def differences(history: History) -> Iterator[str]:
    """Say a sentence for each cell in which a twin differs from its origin, and for each missing twin.

    Takes a history whose comments are in the cells of their originals (``demo.copies.attributed``).
    """
    families = Families(history)
    for item in families:
        if item.origin is None:
            if not families.is_complete(item):
                yield f"I1: {item.key} has no twin"
            for twin in families.others(item):
                yield from _differing(families, item, twin, _foreign(history, item, twin))


def _foreign(history: History, one: Item, other: Item) -> frozenset[str]:
    """Name the comments of further relatives: they go to their partner and no further."""
    said = [(cell, change.item) for change in history.changes for cell in change.values]
    return frozenset(
        cell for cell, item in said if field_of(cell) == COMMENT and item not in {one.id, other.id}
    )


def _differing(families: Families, one: Item, other: Item, foreign: frozenset[str]) -> Iterator[str]:
    for cell in sorted((one.now.keys() | other.now.keys()) - foreign):
        here, there = one.now.get(cell, ""), other.now.get(cell, "")
        if cell == STATUS:
            alike = families.tells(cell, here, of=one, to=other, held=there, by_app=False)
        else:
            alike = here == there
        if not alike:
            yield f"I1: {cell}: {one.key} holds {here!r}, {other.key} holds {there!r}"
