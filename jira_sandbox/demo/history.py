"""What people did and what the site holds, in the form in which the checker compares them.

A work item is taken apart into cells, so that everything is compared in one way: ``summary``, ``priority``,
one cell for each label (``labels:red``, holding ``PRESENT`` or nothing) and ``EXISTENCE``, which a creation
fills. An empty text and a missing cell are the same.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

Cells = Mapping[str, str]
EXISTENCE: Final = "item"
PRESENT: Final = "present"


def label_cell(label: str) -> str:
    """Name the cell that holds whether a work item bears ``label``."""
    return f"labels:{label}"


def field_of(cell: str) -> str:
    """Name the field a cell belongs to."""
    return cell.partition(":")[0]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Change:
    """One thing a person did to one work item: a creation, or an edit with the changelog ``entry`` it made.

    ``values`` are the cells the person filled or emptied, not what else the item holds.
    """

    item: str
    at: datetime
    values: Cells
    entry: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A changelog entry: the cells it changed and what they held afterwards.

    ``overwrote`` is what the app says of its own write: the ids of the entries that lost a conflict to it.
    """

    id: int
    at: datetime
    by_app: bool
    values: Cells
    overwrote: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A work item as the site holds it; ``origin`` is the item it says it is the twin of.

    ``born`` are its cells at creation and ``now`` those at the end; ``entries`` run from the oldest.
    """

    id: str
    key: str
    by_app: bool
    created: datetime
    born: Cells
    now: Cells
    entries: tuple[Entry, ...] = ()
    origin: str | None = None

    def steps(self, cell: str) -> Iterator[tuple[datetime, str, bool]]:
        """When the cell came to hold what, and whether the app did it; the first step is the creation."""
        yield self.created, self.born.get(cell, ""), self.by_app
        for entry in self.entries:
            if cell in entry.values:
                yield entry.at, entry.values[cell], entry.by_app


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything the checker is told. ``idle_edits`` counts edits the app sent that changed nothing."""

    changes: tuple[Change, ...]
    items: tuple[Item, ...]
    idle_edits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Two changes made to both sides of one work item before either could have been told of the other."""

    left: Change
    right: Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of the changes; ``faults`` says the same in sentences."""

    changes: int
    arrived: int
    lost: int
    duplicates: int
    echoes: int
    faults: tuple[str, ...] = field(default=())

    def line(self) -> str:
        """Put the numbers in one line that programs can read."""
        return (
            f"demo: changes={self.changes} arrived={self.arrived} lost={self.lost} "
            f"duplicates={self.duplicates} echoes={self.echoes}"
        )
