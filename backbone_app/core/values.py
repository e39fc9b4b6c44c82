"""The values every layer speaks: sides, field values, what was seen of a work item.

A value is one of a few frozen forms, so that equal things are equal in Python
and nothing is mistaken for its neighbour: ``Text("1")`` is not ``Option("1")``,
and ``EMPTY`` (a field that is shown and holds nothing) is not an absent field.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Side(StrEnum):
    """The two sides of a synchronization; left is where it was created."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def other(self) -> "Side":
        """The partner's side."""
        return Side.RIGHT if self is Side.LEFT else Side.LEFT


class FieldKind(StrEnum):
    """How a field's value is compared, merged and written."""

    TEXT = "text"  # one line, for example the summary
    OPTION = "option"  # one of a list, matched by name, for example the priority
    LABELS = "labels"  # a set of words, merged by additions and removals
    DATE = "date"  # a day without a time, for example the due date
    RICH = "rich"  # a document with marks, mentions and media, for example the description
    STATUS = "status"  # where a work item is in its workflow; moved by transitions, never edited


@dataclass(frozen=True, slots=True)
class Text:
    """One line of plain text, never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class Option:
    """One entry of a list of choices; only the name crosses from side to side."""

    name: str


@dataclass(frozen=True, slots=True)
class Labels:
    """A set of labels; the empty set is a value like any other."""

    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Day:
    """A day as ISO writes it, ``2026-11-01``; no time, no zone."""

    day: str


@dataclass(frozen=True, slots=True)
class Rich:
    """A rich text: the canonical JSON text of its ADF document, as ``richtext.canonical`` makes it."""

    adf: str


@dataclass(frozen=True, slots=True)
class Wiki:
    """A rich text of which only the wiki form is known, since a changelog tells no other.

    It equals no document, and is written through Jira's version 2 interface.
    """

    text: str


@dataclass(frozen=True, slots=True)
class Empty:
    """A field that is shown and holds nothing."""


EMPTY: Final = Empty()
Value = Text | Option | Labels | Day | Rich | Wiki | Empty


SAME_CLOCK: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Edit:
    """Who changed a field last, as the site's own history tells it.

    ``at`` is the time of the person's edit: for an entry that one of our writes
    made, the time of the edit that write carried over. ``entry`` is the id of
    the changelog entry (rising within a site), None where none is known.
    """

    at: datetime
    author: str
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """How new an observation is: the newest changelog id, else Jira's ``updated``."""

    entry: int | None = None
    updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class FieldStep:
    """One field's step within a changelog entry, both ends in canonical form."""

    field: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Entry:
    """One changelog entry of a work item.

    ``intent`` is the id that one of our own writes left in ``historyMetadata``
    (None for everybody else's), ``edited`` the time of the newest edit it carried, and ``older`` by
    field id the times of the others.
    """

    id: int
    at: datetime
    author: str
    steps: tuple[FieldStep, ...]
    intent: str | None = None
    edited: datetime | None = None
    older: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))

    def carried(self, name: str) -> datetime | None:
        """Give the time of the edit of a field that one of our own writes carried."""
        return self.older.get(name, self.edited)

    def edit(self, name: str, ahead: timedelta = SAME_CLOCK) -> Edit:
        """Answer who changed a field, and when by our clock; the site's is ``ahead`` of it.

        The time that one of our own writes carries is by our clock already.
        """
        return Edit(at=self.carried(name) or self.at - ahead, author=self.author, entry=self.id)

    def time(self, ahead: timedelta) -> datetime:
        """Answer when its newest edit was made, by our clock."""
        return self.edited or self.at - ahead


@dataclass(frozen=True, slots=True)
class TwinMark:
    """Our entity property on a work item we created: whose twin it is.

    ``nonce`` is the id of the intent that created it; ``origin_site`` is our
    own id of the origin's site and ``origin_item`` Jira's id of the origin.
    ``synchronization`` is our id of the one it was created by, empty in marks
    from before marks named it.
    """

    nonce: str
    origin_site: str
    origin_item: str
    synchronization: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One observation of a work item, from a delivery, a read or an answer.

    ``fields`` holds only what the site showed: an absent field was not
    observed and takes no part. ``entries`` are the changelog entries that came
    along, oldest first; ``complete_from`` is the id from which on they are known
    to be complete (None: nothing is known about completeness).
    ``mark`` is our property, ``mark_known`` whether this observation could show it.
    """

    id: str
    key: str
    space: str
    type_id: str
    type_name: str
    creator: str
    created: datetime | None
    stamp: Stamp
    fields: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    entries: tuple[Entry, ...] = field(default=(), repr=False)
    complete_from: int | None = None
    mark: TwinMark | None = None
    mark_known: bool = False
