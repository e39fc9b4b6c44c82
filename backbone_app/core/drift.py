"""Whether a work item holds anything that we were not told of.

A check sees many work items in one answer: their newest history and their
comments without the texts. That is enough to tell that nothing is new, and only
where something may be new a work item is read. Our own writes are known by the
intents their history entries name, whoever was first, their delivery or the check.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from backbone_app.core.comments import Twin, TwinState, is_earlier
from backbone_app.core.values import Entry, Item, Side, Stamp


@dataclass(frozen=True, slots=True)
class SeenComment:
    """A comment without its text; ``restricted`` is None where the answer does not tell."""

    id: str
    author: str
    created: datetime | None
    updated: datetime | None
    restricted: bool | None


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A work item as an answer about many shows it; ``all_comments``: none was left out."""

    item: Item
    comments: tuple[SeenComment, ...]
    all_comments: bool


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of one half of a pair.

    ``stamp`` and ``rich`` are those of its last settled looks, ``confirmed``
    Jira's ``updated`` up to which everything is known. ``own`` are the ids of
    this pair's intents, ``account`` is the one we act with on the site, ``is_shared`` whether a person works
    there with it as well, ``travels`` whether comments go across from here, ``joined`` when an existing work
    item was paired (older comments stay on their side), ``rich_fields`` the fields of rich text.
    ``incomplete``: something stands in the way, so the stamps are old.
    """

    side: Side
    stamp: Stamp
    rich: Stamp
    confirmed: datetime | None
    incomplete: bool
    twins: tuple[Twin, ...]
    own: frozenset[str]
    account: str
    is_shared: bool
    travels: bool
    joined: datetime | None
    rich_fields: frozenset[str]


class Verdict(Enum):
    """KNOWN: nothing is new. NEWS: something surely is. UNSURE: only a read can tell."""

    KNOWN = auto()
    UNSURE = auto()
    NEWS = auto()


def judge(glimpse: Glimpse, known: Known) -> Verdict:
    """Tell whether a work item has to be read.

    Times are compared for being equal only: a clock that was set back makes a
    later edit look older.
    """
    settled = known.confirmed is not None and known.confirmed == glimpse.item.stamp.updated
    if known.incomplete or (known.stamp.updated is None and not settled):
        return Verdict.KNOWN if settled else _beside_what_is_in_the_way(glimpse, known)
    if any(_lacks_a_row(one, known, settled=settled) for one in glimpse.comments):
        return Verdict.NEWS
    if settled:
        return Verdict.KNOWN
    if any(_is_new(entry, known) for entry in glimpse.item.entries) or _comments_changed(glimpse, known):
        return Verdict.NEWS
    return Verdict.KNOWN if _is_all_shown(glimpse, known) else Verdict.UNSURE


def _beside_what_is_in_the_way(glimpse: Glimpse, known: Known) -> Verdict:
    """Where the stamps are old, what the history tells from after the last full read is new."""
    others = (entry.at for entry in glimpse.item.entries if entry.intent not in known.own)
    is_later = known.confirmed is not None and any(at > known.confirmed for at in others)
    return Verdict.NEWS if is_later else Verdict.UNSURE


def _lacks_a_row(comment: SeenComment, known: Known, *, settled: bool) -> bool:
    """Whether a comment ought to have a copy, or a row that says why not, and has none."""
    if comment.restricted or not known.travels or (_is_by_us(comment, known) and not known.is_shared):
        return False
    if settled and (comment.restricted is None or _is_by_us(comment, known)):
        return False  # it was read, so it may well have proved to be internal, or another pair's copy
    if known.joined and comment.created and comment.created <= known.joined:
        return False
    return _row(comment, known) is None


def _is_by_us(comment: SeenComment, known: Known) -> bool:
    return bool(known.account) and comment.author == known.account


def _row(comment: SeenComment, known: Known) -> Twin | None:
    return next((twin for twin in known.twins if twin.id_on(known.side) == comment.id), None)


def _is_new(entry: Entry, known: Known) -> bool:
    """Whether a history entry came after what we know of its fields; rich text has a stamp of its own."""
    if entry.intent in known.own:
        return False
    touches_rich = any(step.field in known.rich_fields for step in entry.steps)
    return entry.id > (known.stamp.entry or 0) or (touches_rich and entry.id > (known.rich.entry or 0))


def _comments_changed(glimpse: Glimpse, known: Known) -> bool:
    edited = any((twin := _row(one, known)) and _is_edited(one, twin, known.side) for one in glimpse.comments)
    return edited or (glimpse.all_comments and any(_missing(glimpse, known)))


def _is_edited(comment: SeenComment, twin: Twin, side: Side) -> bool:
    """Whether a comment was edited since it was known; an answer from shortly before that says nothing."""
    was, seen = twin.updated_on(side), comment.updated
    return seen is not None and was is not None and seen != was and not is_earlier(seen, was)


def _missing(glimpse: Glimpse, known: Known) -> Iterable[Twin]:
    """List the twins whose comment is gone from here and was not known to be.

    A row that is newer than the answer may be of a comment that came after it.
    """
    shown = {one.id for one in glimpse.comments}
    for twin in known.twins:
        expected = twin.origin is known.side or twin.state is TwinState.ACTIVE
        name, was, seen = twin.id_on(known.side), twin.updated_on(known.side), glimpse.item.stamp.updated
        is_newer = was is not None and seen is not None and is_earlier(seen, was)
        if name and name not in shown and expected and not is_newer:
            yield twin


def _is_all_shown(glimpse: Glimpse, known: Known) -> bool:
    """Whether the answer reaches back to what we know: history from there on, and every comment."""
    since = min(known.stamp.entry or 0, known.rich.entry or 0)
    start = glimpse.item.complete_from
    return glimpse.all_comments and start is not None and start <= since + 1
