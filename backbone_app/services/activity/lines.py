"""A line of the activity as a page shows it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Only(StrEnum):
    """Which lines a reader wants to see."""

    ALL = "all"
    RECEIVED = "received"
    SENT = "sent"
    COMMENTS = "comments"
    CONFLICTS = "conflicts"
    TROUBLE = "trouble"


class Flow(StrEnum):
    """What a line is to the reader: a change that came, one that went, or a remark of our own."""

    RECEIVED = "received"
    SENT = "sent"
    NOTED = "noted"


class Values(StrEnum):
    """Whether a row's values can be shown, and if not why."""

    SHOWN = "shown"
    FORGOTTEN = "no longer kept"
    HIDDEN = "not yours to see"
    NONE = "none"  # they belong to the partner, or the line is about none


@dataclass(frozen=True, slots=True)
class Person:
    """Who made an edit; ``account`` is empty where only a paraphrase of them may be shown."""

    name: str
    account: str


@dataclass(frozen=True, slots=True)
class Source:
    """A person's edit, or the creation of a work item; ``entry`` is its number in that Jira's history."""

    by: Person
    at: datetime
    entry: int | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a line.

    ``before`` and ``after`` are text, empty for an empty field; ``before`` is
    None where nobody looked. ``sources`` are the edits it carries, oldest first,
    ``gave_way`` the one that was overwritten. ``about`` is the id of the
    original where the line is about a comment.
    """

    key: str
    field: str
    values: Values
    before: str | None
    after: str
    sources: tuple[Source, ...]
    gave_way: Source | None
    rule: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened to a work item, in a sentence, and why.

    ``sources`` and ``rule`` are those of the line as a whole: a creation's
    creator and work types; else those of its fields are in ``rows``.
    ``version`` is that of the configuration. ``is_open``: the write is under way.
    """

    id: int
    at: datetime
    kind: str
    flow: Flow
    item_key: str
    history_url: str
    twin_key: str
    sentence: str
    sources: tuple[Source, ...]
    rule: str
    rows: tuple[Row, ...]
    version: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Activity:
    """Lines, newest first; ``older`` is what to ask for to see what was before, None: nothing.

    ``name`` is what the own side calls the synchronization, empty for a work item's.
    """

    lines: tuple[Line, ...]
    older: int | None
    name: str = ""
