"""From the journal's entries to lines: what of them this reader may know, and in which words.

Of the own half everything is told. Of the partner's half only that something
of ours was written there, or could not be: no values, and no edits of their people.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote
from uuid import UUID

from backbone_app.core.configuration import Configuration, ConflictPolicy, field_name, from_document
from backbone_app.core.values import Edit, Side
from backbone_app.ledger import journal
from backbone_app.ledger.journal import WHOLE, Told, Why
from backbone_app.ledger.personal import FORMER
from backbone_app.models import JournalEntry, PairSide, PublishedConfiguration
from backbone_app.models.intent import IntentState, JournalKind
from backbone_app.services.activity import rules
from backbone_app.services.activity.lines import Flow, Line, Person, Row, Source, Values
from backbone_app.services.activity.sentences import Event, sentence

HISTORY: Final = "page=com.atlassian.jira.plugin.system.issuetabpanels%3Achangehistory-tabpanel"
COMMENTS: Final = frozenset(
    {
        JournalKind.COMMENTED,
        JournalKind.COMMENT_CHANGED,
        JournalKind.COMMENT_REMOVED,
        JournalKind.COMMENT_LEFT,
    }
)
WRITES: Final = frozenset(
    {
        JournalKind.CREATED,
        JournalKind.EDITED,
        JournalKind.MOVED,
        JournalKind.COMMENTED,
        JournalKind.COMMENT_CHANGED,
        JournalKind.COMMENT_REMOVED,
    }
)
WITHOUT_VALUES: Final = frozenset({JournalKind.COMMENT_REMOVED, JournalKind.COMMENT_LEFT})
OWN_SOMEBODY: Final = Person("somebody in this space", "")
FORMER_USER: Final = Person("Former user", "")
"""Who was erased, as Jira calls them."""
THEIR_SOMEBODY: Final = Person("somebody in the partner space", "")

Configurations = Mapping[tuple[UUID, int], Configuration]


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry of the journal, seen from one side, and read again."""

    entry: JournalEntry
    own: Side
    configuration: Configuration | None
    told: tuple[Told, ...]

    @property
    def is_own(self) -> bool:
        """Whether it is in the reader's half."""
        return self.entry.side == self.own

    @property
    def flow(self) -> Flow:
        """What the line is to the reader."""
        if self.entry.kind not in WRITES:
            return Flow.NOTED
        return Flow.RECEIVED if self.is_own else Flow.SENT

    def half(self, side: Side) -> PairSide:
        """Give a side's half of the pair."""
        return next(half for half in self.entry.pair.sides.all() if half.side == side)

    def may_name(self, why: Why) -> bool:
        """Whether an author may be named: one of their own people, or as the author line lets them know."""
        if why.side in (None, self.own):
            return True
        return self.configuration is not None and "{author}" in self.configuration.comments.author_line

    def accounts(self) -> frozenset[str]:
        """List whose names are needed for the line."""
        return frozenset(
            edit.author
            for one in self.told
            for edit, why in edits_of(one.why)
            if edit.author not in {"", FORMER} and self.may_name(why)
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the site's address, the names known there, and the work items they may see in Jira."""

    base_url: str
    names: Mapping[str, str]
    browsable: frozenset[str]


def see(entries: Sequence[JournalEntry], sides: Mapping[int, Side]) -> tuple[Seen, ...]:
    """Read entries again; ``sides`` are the reader's by pair. One query for their configurations.

    The partner's half is not opened, and what went on between us and the partner alone is left out.
    """
    configurations = _configurations(entries)
    seen = []
    for entry in entries:
        own = sides[entry.pair_id]
        told = journal.told(entry) if entry.side == own else _outline(journal.outline(entry), own)
        configuration = configurations.get((entry.synchronization_id, entry.version))
        if told or not entry.rows:
            seen.append(Seen(entry, own, configuration, told))
    return tuple(seen)


def edits_of(why: Why) -> Iterable[tuple[Edit, Why]]:
    """Give the edits of a row with where each was made: the one that gave way was on the other side."""
    yield from ((edit, why) for edit in why.edits)
    if why.gave_way:
        yield why.gave_way, Why(side=why.side.other if why.side else None)


def line(seen: Seen, reader: Reader) -> Line:
    """Make the line of an entry."""
    entry, own, twin = seen.entry, seen.half(seen.own), seen.half(seen.own.other)
    whole = next((one for one in seen.told if one.row == WHOLE), None)
    rows = tuple(_row(seen, one, reader, own.item) for one in seen.told if one.row in entry.rows)
    return Line(
        id=entry.pk,
        at=entry.at,
        kind=entry.kind,
        flow=seen.flow,
        item_key=own.item_key,
        history_url=f"{reader.base_url}/browse/{quote(own.item_key, safe='')}?{HISTORY}",
        twin_key=twin.item_key,
        sentence=sentence(_event(seen, rows, twin.item_key)),
        sources=_sources(seen, whole.why, reader) if whole else (),
        rule=_rule_of_whole(seen, whole),
        rows=rows,
        version=entry.version,
        is_open=entry.intent is not None and entry.intent.state == IntentState.OPEN,
    )


def _configurations(entries: Sequence[JournalEntry]) -> Configurations:
    named = {(entry.synchronization_id, entry.version) for entry in entries}
    found = PublishedConfiguration.objects.filter(
        synchronization__in={row for row, _ in named}, version__in={version for _, version in named}
    )
    return {(one.synchronization_id, one.version): from_document(one.document) for one in found}


def _outline(told: tuple[Told, ...], own: Side) -> tuple[Told, ...]:
    """Leave out of the partner's line what came from the partner: their edits given back to them."""
    return tuple(one for one in told if one.why.side in (None, own))


def _row(seen: Seen, told: Told, reader: Reader, item: str) -> Row:
    values = _visible(seen, told, reader, item)
    is_shown = values is Values.SHOWN
    gave_way = next((edit for edit in edits_of(told.why) if edit[0] is told.why.gave_way), None)
    return Row(
        key=told.row,
        field=field_name(told.row),
        values=values,
        before=_text(told.before) if is_shown and told.knows_before else None,
        after=_text(told.value) if is_shown else "",
        sources=_sources(seen, told.why, reader),
        gave_way=_source(seen, *gave_way, reader) if gave_way and seen.is_own else None,
        rule=_rule(seen, told, is_shown=is_shown),
        about=told.why.about,
    )


def _visible(seen: Seen, told: Told, reader: Reader, item: str) -> Values:
    if not seen.is_own or seen.entry.kind in WITHOUT_VALUES:
        return Values.NONE
    if item not in reader.browsable:
        return Values.HIDDEN
    return Values.SHOWN if told.is_kept else Values.FORGOTTEN


def _text(value: str | Sequence[str] | None) -> str:
    return value if isinstance(value, str) else ", ".join(value or ())


def _sources(seen: Seen, why: Why, reader: Reader) -> tuple[Source, ...]:
    return tuple(_source(seen, edit, why, reader) for edit in why.edits)


def _source(seen: Seen, edit: Edit, why: Why, reader: Reader) -> Source:
    is_own = why.side in (None, seen.own)
    if edit.author == FORMER and seen.may_name(why):
        return Source(FORMER_USER, edit.at, edit.entry, is_own)
    name = reader.names.get(edit.author) if seen.may_name(why) else None
    somebody = OWN_SOMEBODY if is_own else THEIR_SOMEBODY
    return Source(Person(name, edit.author) if name else somebody, edit.at, edit.entry, is_own)


def _rule(seen: Seen, told: Told, *, is_shown: bool) -> str:
    if seen.entry.kind in COMMENTS:
        return rules.OF_COMMENTS
    if seen.configuration is None:
        return ""
    if seen.entry.kind == JournalKind.CONFLICT:
        is_followed = told.why.outcome.is_followed
        return rules.OF_FOLLOWED if is_followed else rules.OF_CONFLICTS[seen.configuration.policy]
    return rules.of_row(seen.configuration, told.row, told.why.way if is_shown else None)


def _rule_of_whole(seen: Seen, whole: Told | None) -> str:
    if seen.entry.kind == JournalKind.CREATED and seen.configuration and whole:
        return rules.of_types(seen.configuration, Side(seen.entry.side), whole.why.about)
    return rules.WHOLE.get(seen.entry.kind, "")


def _event(seen: Seen, rows: Sequence[Row], twin: str) -> Event:
    first = next((one for one in seen.told if one.row != WHOLE), None)
    why = first.why if first else Why()
    is_move = seen.entry.kind == JournalKind.MOVED and len(rows) == 1 and rows[0].values is Values.SHOWN
    policy: ConflictPolicy | None = seen.configuration.policy if seen.configuration else None
    return Event(
        kind=JournalKind(seen.entry.kind),
        flow=seen.flow,
        fields=tuple(row.field for row in rows if row.key),
        twin=twin or "the partner space",
        code=why.code,
        outcome=why.outcome,
        policy=policy,
        reached=rows[0].after if is_move else "",
        target=why.way[1] if is_move and why.way else "",
        is_put_back=seen.is_own and bool(seen.told) and all(one.why.side is seen.own for one in seen.told),
    )
