"""What people did and what the sites hold, in the form in which the checker compares them.

A work item is taken apart into cells, so that everything is compared in one way: ``summary``, ``priority``,
``duedate``, ``description`` (its text), ``status`` (its name), one cell for each label (``labels:red``,
holding ``PRESENT`` or nothing), one for each comment (``comment:10021``, holding the text everybody may read)
and ``EXISTENCE``, which a creation fills. An empty text and a missing cell are the same.

Ids of work items and of changelog entries are unique over all sites.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

Cells = Mapping[str, str]
EXISTENCE: Final = "item"
PRESENT: Final = "present"
STATUS: Final = "status"
COMMENT: Final = "comment"


def label_cell(label: str) -> str:
    """Name the cell that holds whether a work item bears ``label``."""
    return f"labels:{label}"


def comment_cell(comment: str) -> str:
    """Name the cell that holds the text of the comment a person wrote; ``comment`` is its id."""
    return f"{COMMENT}:{comment}"


def field_of(cell: str) -> str:
    """Name the field a cell belongs to."""
    return cell.partition(":")[0]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Change:
    """One thing a person did to one work item: a creation, an edit, a step, something with a comment.

    ``values`` are the cells the person filled or emptied, not what else the item holds; ``entry`` is the
    changelog entry, which creations and comments do not have.
    """

    item: str
    at: datetime
    values: Cells
    entry: int | None = None

    @property
    def is_creation(self) -> bool:
        """Whether the work item began with it."""
        return EXISTENCE in self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A changelog entry: the cells it changed and what they held afterwards.

    ``overwrote`` is what the app says of its own write: the ids of the entries that lost a conflict to it.
    A step of a comment is told like an entry, with the id 0.
    """

    id: int
    at: datetime
    by_app: bool
    values: Cells
    overwrote: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A comment the app wrote: what it said when, from the oldest; "" once it was deleted."""

    id: str
    texts: tuple[tuple[datetime, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A work item as its site holds it; ``origin`` is the item it says it is the twin of.

    ``born`` are its cells at creation and ``now`` those at the end; ``entries`` run from the oldest.
    ``copies`` are the app's comments, which are in no cell.
    """

    id: str
    key: str
    space: str
    by_app: bool
    created: datetime
    born: Cells
    now: Cells
    entries: tuple[Entry, ...] = ()
    origin: str | None = None
    copies: tuple[Copy, ...] = ()

    def steps(self, cell: str) -> Iterator[tuple[datetime, str, bool]]:
        """When the cell came to hold what, and whether the app did it; the first step is the creation."""
        yield self.created, self.born.get(cell, ""), self.by_app
        for entry in self.entries:
            if cell in entry.values:
                yield entry.at, entry.values[cell], entry.by_app


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was agreed: ``ties`` are the spaces in step, ``statuses`` each one's (name, category) in order."""

    ties: tuple[tuple[str, str], ...]
    statuses: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything the checker is told.

    ``secrets`` are texts of comments that not everybody may read; ``idle_edits`` counts edits the app sent
    that changed nothing. ``kept`` are the changelog entries that lost a conflict, each with the field it lost
    in, as the app's own feed has it, where that can be asked: what overwrote one may have been written before
    anybody knew of it.
    """

    terms: Terms
    changes: tuple[Change, ...]
    items: tuple[Item, ...]
    secrets: tuple[str, ...] = ()
    idle_edits: int = 0
    kept: frozenset[tuple[int, str]] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Two changes made to both sides of one pair before either could have been told of the other."""

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
    leaks: int = 0
    faults: tuple[str, ...] = ()

    def line(self) -> str:
        """Put the numbers in one line that programs can read; leaks are told of where there are any."""
        leaks = f" leaks={self.leaks}" if self.leaks else ""
        return (
            f"demo: changes={self.changes} arrived={self.arrived} lost={self.lost} "
            f"duplicates={self.duplicates} echoes={self.echoes}{leaks}"
        )
