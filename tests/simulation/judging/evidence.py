"""What is judged: the sites' histories at their true moments, the calls at the wire, the app's own books."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from backbone_app.ledger.observations import LATE_EFFECT
from backbone_app.models import Intent, JournalEntry, PairSide, Synchronization
from backbone_app.models.intent import JournalKind
from jira_sandbox.demo import record
from jira_sandbox.demo.history import History, Terms
from jira_sandbox.state.values import ChangelogEntry
from tests.simulation.clock import clock
from tests.simulation.ground import LAYOUTS
from tests.simulation.judging.agreement import Pairing
from tests.simulation.judging.audit import Row
from tests.simulation.judging.policy import Half
from tests.simulation.judging.stuck import (
    change_without_status,
    item_without_status,
    pairs_without_a_way,
    without_a_way,
)
from tests.simulation.judging.unheard import unheard
from tests.simulation.judging.versions import Sources
from tests.simulation.stage import Jira
from tests.simulation.witness import Witness

if TYPE_CHECKING:
    from tests.simulation.life import _Life


@dataclass(frozen=True, slots=True)
class Evidence:
    """``every`` is the history with all that ``history`` leaves out; ``pairs`` those that are kept in step.

    ``intents`` names for each changelog entry of the app the row it came from; ``late`` are those whose
    call had been given up by then; ``moved`` the work items that may have come from another space."""

    history: History
    every: History
    pairs: tuple[Pairing, ...]
    witness: Witness
    rows: Mapping[str, Row]
    feed: tuple[Half, ...]
    sources: Sources
    intents: Mapping[int, str]
    late: frozenset[int]
    moved: frozenset[str]
    names: Mapping[str, str]

    def name(self, item: str) -> str:
        """Give the key of a work item, or the id of one that is gone."""
        return self.names.get(item, item)

    @property
    def unheard(self) -> frozenset[str]:
        """Name the creations of twins that were gone before the app could have heard of them."""
        seen = self.witness
        return unheard(seen.made, seen.calls, seen.deaths, seen.named)

    @property
    def effects(self) -> Counter[str]:
        """Count what came about by the row it came from, as long as the app waits for that.

        What a deleted work item held is gone with it: nobody can find out any more whether it had come about.
        """
        waited = {intent: row.deadline + LATE_EFFECT for intent, row in self.rows.items() if row.deadline}
        came = (
            intent
            for entry, intent in self.intents.items()
            if entry not in self.late or self.witness.times[entry] <= waited.get(intent, clock.now())
        )
        stands = (one for one in self.witness.made if not one.comment or one.item in self.names)
        made = (one.marks.get("nonce", "") for one in stands)
        unheard = self.unheard
        return Counter(each for each in (*came, *made) if each not in unheard)


def gathered(life: "_Life") -> Evidence:
    """Gather all of it from a life that has come to rest."""
    jira = life.jira
    intents = _intents(jira)
    lines = list(JournalEntry.objects.order_by("pk"))
    return Evidence(
        history=history(life),
        every=_dated(life, record.everything(jira, life.crowd.changes, [])),
        pairs=tuple(_pairs(life)),
        witness=jira.witness,
        rows=_rows(lines),
        feed=tuple(_halves(lines)),
        sources=_sources(intents, lines),
        intents=intents,
        late=frozenset(
            entry for entry, intent in intents.items() if not _in_time(jira.witness, entry, intent)
        ),
        moved=_moved(life),
        names={each.id: each.key for site in jira.sites.values() for each in site.issues.values()},
    )


def history(life: "_Life") -> History:
    """Write down what people did and what the sites hold, without the families of what went away."""
    whole = _dated(life, record.everything(life.jira, life.crowd.changes, []))
    gone = _families_of_the_gone(life)
    items = (item for item in whole.items if item.id not in gone)
    stuck = without_a_way(life.jira)
    changes = (change for change in whole.changes if change.item not in gone)
    return replace(
        whole,
        changes=tuple(change_without_status(one) if one.item in stuck else one for one in changes),
        items=tuple(item_without_status(item) if item.id in stuck else item for item in items),
        idle_edits=0,
        kept=_kept(life.jira),
    )


def _dated(life: "_Life", whole: History) -> History:
    """Put everything at its true moment."""
    moments = life.jira.moments
    items = tuple(
        replace(
            item,
            created=moments.births[item.id],
            entries=tuple(replace(entry, at=moments.entries[entry.id]) for entry in item.entries),
        )
        for item in whole.items
    )
    terms = Terms(ties=LAYOUTS[life.script.layout].ties, statuses=whole.terms.statuses)
    return replace(whole, terms=terms, items=items)


def _pairs(life: "_Life") -> Iterator[Pairing]:
    """List the pairs that the app keeps in step, of work items that are there."""
    there = {item for site in life.jira.sites.values() for item in site.issues} - life.disasters.gone
    stuck = set(pairs_without_a_way(life.jira))
    items: defaultdict[int, set[str]] = defaultdict(set)
    for pair, item in PairSide.objects.filter(pair__state="active").values_list("pair", "item"):
        items[pair].add(item)
    for each in items.values():
        if each <= there:
            yield Pairing(frozenset(each), is_stuck=frozenset(each) in stuck)


def _intents(jira: Jira) -> dict[int, str]:
    """Name the row of each entry of the app: by what the entry says, else by the call it came about in."""
    witness = jira.witness
    return {
        entry.id: _extra(entry)
        or (witness.calls[witness.caused[entry.id]].intent if entry.id in witness.caused else "")
        for site in jira.sites.values()
        for issue in site.issues.values()
        for entry in issue.changelog
        if jira.is_by_app(site, entry.author, f"entry:{entry.id}")
    }


def _extra(entry: ChangelogEntry) -> str:
    return str(((entry.history_metadata or {}).get("extraData") or {}).get("intent", ""))


def _in_time(witness: Witness, entry: int, intent: str) -> bool:
    number = witness.caused.get(entry)
    return number is not None and witness.calls[number].intent == intent


def _rows(lines: list[JournalEntry]) -> dict[str, Row]:
    told = Counter(line.intent_id for line in lines if line.kind != JournalKind.CONFLICT)
    return {
        str(one.pk): Row(one.kind, one.state, one.item, told[one.pk], one.deadline)
        for one in Intent.objects.only("id", "kind", "state", "item", "deadline")
    }


def _halves(lines: Iterable[JournalEntry]) -> Iterator[Half]:
    for line in lines:
        for row, cause in line.causes.items() if line.kind == JournalKind.CONFLICT else ():
            edits, met = cause.get("edits", ()), cause.get("gave_way")
            yield Half(
                pair=line.pair_id,
                row=row,
                side=line.side,
                entry=edits[0]["entry"] if edits else None,
                met=met["entry"] if met else None,
                outcome=str(cause.get("outcome", "")),
                at=line.at,
            )


def _kept(jira: Jira) -> frozenset[tuple[int, str]]:
    """Name what lost a conflict by entry and field; where a write of the app lost, what that carried too."""
    lines = list(JournalEntry.objects.order_by("pk"))
    sources = _sources(_intents(jira), lines)
    lost = {(each.entry, each.row) for each in _halves(lines) if each.has_lost and each.entry is not None}
    new = lost
    while new:
        new = {(entry, row) for at, row in new for entry in sources.get((at, row), ())} - lost
        lost |= new
    return frozenset(lost)


def _sources(intents: Mapping[int, str], lines: list[JournalEntry]) -> dict[tuple[int, str], tuple[int, ...]]:
    """Give by entry of the app and field the entries that it says it carries."""
    said = {
        (str(line.intent_id), row): tuple(edit["entry"] for edit in cause.get("edits", ()) if edit["entry"])
        for line in lines
        if line.intent_id and line.kind != JournalKind.CONFLICT
        for row, cause in line.causes.items()
    }
    return {
        (entry, row): edits
        for entry, intent in intents.items()
        for (named, row), edits in said.items()
        if named == intent
    }


def _dated_before_the_start(life: "_Life") -> set[str]:
    """Name the work items without a pair of which their site says that they are older than what joins it.

    Only where a clock was set back just then; nobody who is told no more than Jira tells could know better.
    """
    starts = Synchronization.objects.values_list("started_at", flat=True)
    started = max(each for each in starts if each is not None)
    paired = set(PairSide.objects.exclude(item="").values_list("item", flat=True))
    every = (issue for site in life.jira.sites.values() for issue in site.issues.values())
    return {issue.id for issue in every if issue.created < started and issue.id not in paired}


def _moved(life: "_Life") -> frozenset[str]:
    """Name what may have been moved: where anything was, all that left; what is deleted tells no more."""
    has_moves = any(each.kind == "F14" for each in life.script.happenings)
    return frozenset(life.disasters.gone if has_moves else ())


def _families_of_the_gone(life: "_Life") -> set[str]:
    """Name the work items that somebody deleted or moved away, and their relatives."""
    gone = life.disasters.gone | _dated_before_the_start(life)
    rows = PairSide.objects.filter(pair__sides__item__in=gone).exclude(item="")
    known = {str(item) for item in rows.values_list("item", flat=True)}
    marks = {
        issue.id: str(issue.properties[record.TWIN]["originItem"])
        for site in life.jira.sites.values()
        for issue in site.issues.values()
        if isinstance(issue.properties.get(record.TWIN), dict)
    }
    out = gone | known
    while True:
        more = {item for item, origin in marks.items() if origin in out} | {
            origin for item, origin in marks.items() if item in out
        }
        if more <= out:
            return out
        out |= more
