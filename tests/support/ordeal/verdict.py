"""Whether anything came of it that must not, asked of the sites' memory and the app's database, at rest."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from jira_sandbox.demo import record
from jira_sandbox.demo.checker import judge
from jira_sandbox.demo.families import Families
from jira_sandbox.demo.history import COMMENT, STATUS, History, Item, Report, field_of
from jira_sandbox.demo.stage import Stage
from tests.support.databases import Database
from tests.support.ordeal import feed, timeline
from tests.support.ordeal.hands import Shared
from tests.support.ordeal.mishaps import Span
from tests.support.ordeal.sights import Memory

DONE = "SELECT count(*) FROM backbone_intent WHERE state = 'done' AND kind = '{kind}'"
KINDS = ("create", "edit", "move", "comment", "unmark")
TOLD_AT, CLOCK = re.compile(r"told to wait from ([0-9:.]+) until"), "%H:%M:%S.%f"
AT_ONCE = timedelta(milliseconds=300)
"""What somebody was told less than this before dying may be written down nowhere."""
AT_REST = {
    "leases that stayed": "SELECT count(*) FROM backbone_pair WHERE lease_until IS NOT NULL",
    "pairs that are due": "SELECT count(*) FROM backbone_pair WHERE due > 0",
    "pairs set aside": "SELECT count(*) FROM backbone_pair WHERE state <> 'active'",
    "unsettled writes": "SELECT count(*) FROM backbone_intent WHERE state IN ('open', 'crossed')",
    "deliveries nobody has used": "SELECT count(*) FROM backbone_delivery WHERE unpaired",
    "errors": "SELECT count(*) FROM backbone_failure",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the demo's checker counted, a sentence for everything else, and all that led to what is wrong."""

    report: Report
    violations: tuple[str, ...]
    timeline: str

    @property
    def faults(self) -> tuple[str, ...]:
        """All of it, in sentences; empty where nothing is wrong."""
        return (*self.report.faults, *self.violations)


def reached(shared: Shared, database: Database, deaths: Iterable[Span]) -> Verdict:
    """Judge everything that happened, once all is at rest; ``deaths`` are when what died in the app."""
    stage, noted = shared.stage, {kind: database.number(DONE.format(kind=kind)) for kind in KINDS}
    with stage.lock:
        history = record.everything(stage, shared.changes, shared.secrets)
        written = _written(stage, history)
    history = replace(history, items=feed.with_losers(history.items, feed.losers(database)))
    # An edit whose answer was lost had its effect: the app's own account has it, the sites' answers not.
    report = judge(replace(history, idle_edits=noted["edit"] - written["edit"]))
    violations = (
        *_differences(history),
        *Memory(history, shared.sights).faults(),
        *_unaccounted(noted, written),
        *(f"{number} {what}" for what, query in AT_REST.items() if (number := database.number(query))),
        *_impatience(stage.limits.violations, tuple(deaths)),
    )
    led = timeline.told(history, shared.sights, (*report.faults, *violations))
    return Verdict(report=report, violations=violations, timeline=led)


def _written(stage: Stage, history: History) -> Counter[str]:
    """Count what the app really did to the sites, by the kinds of its own account."""
    entries = [entry for item in history.items for entry in item.entries if entry.by_app]
    moves = sum(STATUS in entry.values for entry in entries)
    ours = {site.app.user.account_id for site in stage.sites.values()}
    return Counter(
        create=sum(item.by_app for item in history.items),
        edit=len(entries) - moves,
        move=moves,
        comment=sum(news.author in ours for news in stage.news),
    )


def _unaccounted(noted: dict[str, int], written: Counter[str]) -> Iterator[str]:
    """Each write has one row that says it was done; edits beyond those written count as echoes already."""
    for kind in KINDS:
        if noted[kind] < written[kind] or (kind != "edit" and noted[kind] > written[kind]):
            yield f"{written[kind]} times {kind} on the sites, {noted[kind]} in the app's account"


def _impatience(violations: Iterable[str], deaths: tuple[Span, ...]) -> Iterator[str]:
    """Calls that came although the app had been told to wait, and lived to write that down."""
    for each in violations:
        (told,) = TOLD_AT.findall(each)
        if not any(f"{began - AT_ONCE:{CLOCK}}" <= told <= f"{over:{CLOCK}}" for began, over in deaths):
            yield f"called although told to wait: {each}"


def _differences(history: History) -> Iterator[str]:
    """Every twin says what its original says, but for comments: these are not told to all."""
    families = Families(history)
    for twin in history.items:
        origin = families.item(twin.origin) if twin.origin else None
        if origin is not None:
            yield from _between(families, origin, twin)


def _between(families: Families, origin: Item, twin: Item) -> Iterator[str]:
    for cell in sorted(origin.now.keys() | twin.now.keys()):
        here, there = origin.now.get(cell, ""), twin.now.get(cell, "")
        same = here == there or field_of(cell) == COMMENT
        if cell == STATUS:
            same = families.tells(cell, here, of=origin, to=twin, held=there, by_app=False)
        if not same:
            yield f"{origin.key} and {twin.key} differ in {cell}: {here!r}, {there!r}"
