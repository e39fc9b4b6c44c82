"""What has to hold when everything has come to rest with all faults over (reliability.md §2)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from django.db.models import Q

from backbone_app.models import Delivery, Intent, JournalEntry, Pair, PairSide, Synchronization
from backbone_app.models.intent import JournalKind
from backbone_app.services import reconciling, synchronizations, troubles
from jira_sandbox.demo import record
from jira_sandbox.demo.checker import judge
from jira_sandbox.demo.copies import attributed
from jira_sandbox.demo.families import Families
from jira_sandbox.demo.history import COMMENT, STATUS, History, Item, Report, Terms, field_of
from tests.simulation import boot
from tests.simulation.clock import clock
from tests.simulation.ground import LAYOUTS

if TYPE_CHECKING:
    from tests.simulation.life import _Life


def is_at_rest() -> bool:
    """Whether the app has nothing left to do that it knows of."""
    work = Pair.objects.filter(state="active").filter(Q(due__gt=0) | Q(lease_until__isnull=False))
    return not (
        work.exists()
        or Delivery.objects.filter(unpaired=True).exists()
        or Intent.objects.filter(state__in=("open", "crossed")).exists()
    )


def violations(life: "_Life") -> list[str]:
    """Bring everything to its end as an admin would, and list what should not be."""
    found: list[str] = []
    for each in life.ground.agreements:
        _mend(life, each)
    life.rest()
    if not is_at_rest():
        found.append("I10: it does not come to rest: " + "; ".join(_unrest()))
    before = writes(life)
    for each in life.ground.agreements:
        _check(life, each)
    life.rest()
    more = writes(life) - before
    if more:
        found.append(f"I2: a further complete check wrote {more} times")
    found += [f"I9: {each}" for each in life.jira.limits.violations]
    found += [f"bug: {each}" for each in life.processes.failed]
    found += [f"bug: {each.get('event')} {str(each.get('exception', ''))[-1500:]}" for each in boot.said]
    return found


def writes(life: "_Life") -> int:
    """Count the app's calls that write."""
    rows = life.jira.meters.snapshot()
    return sum(
        int(row["calls"])
        for row in rows
        if row["caller"] == "app"
        and str(row["route"]).split()[0] in {"POST", "PUT", "DELETE"}
        and not _reads(str(row["route"]))
    )


def _reads(route: str) -> bool:
    return any(
        name in route for name in ("search", "bulkfetch", "permissions/check", "changelog", "/comment/list")
    )


def _mend(life: "_Life", agreement: object) -> None:
    (caller, _), space = (
        agreement.callers,
        life.jira.site_of(agreement.spaces[0]).space(agreement.spaces[0]).id,
    )
    if Synchronization.objects.get(pk=agreement.id).state != "running":
        synchronizations.start(caller, space, agreement.id, now=clock.now())
    troubles.retry_all(caller, space, agreement.id, now=clock.now())
    reconciling.check_now(caller, space, agreement.id, now=clock.now())


def _check(life: "_Life", agreement: object) -> None:
    (caller, _), space = (
        agreement.callers,
        life.jira.site_of(agreement.spaces[0]).space(agreement.spaces[0]).id,
    )
    reconciling.check_now(caller, space, agreement.id, now=clock.now())


def _unrest() -> Iterator[str]:
    for pair in Pair.objects.filter(state="active").filter(Q(due__gt=0) | Q(lease_until__isnull=False)):
        yield f"pair {pair.pk} due={pair.due} lease={pair.lease_until} not_before={pair.not_before} {pair.reason}"
    for intent in Intent.objects.filter(state__in=("open", "crossed")):
        yield f"intent {intent.kind} {intent.state} on {intent.item}"
    for delivery in Delivery.objects.filter(unpaired=True):
        yield f"delivery {delivery.event} of {delivery.item} not_before={delivery.not_before}"


def report(life: "_Life") -> tuple[Report, list[str]]:
    """Follow every change of people, and compare both sides of every pair."""
    history = _history(life)
    found = judge(history)
    more = [*found.faults]
    more += [f"I1: {each}" for each in _differences(life, attributed(history).history)]
    return found, more


def _history(life: "_Life") -> History:
    whole = record.everything(life.jira, life.crowd.changes, [])
    moments = life.jira.moments
    gone = _families_of_the_gone(life)
    items = tuple(
        replace(
            item,
            created=moments.births[item.id],
            entries=tuple(replace(entry, at=moments.entries[entry.id]) for entry in item.entries),
        )
        for item in whole.items
        if item.id not in gone
    )
    ties = LAYOUTS[life.script.layout].ties
    return replace(
        whole,
        terms=Terms(ties=ties, statuses=whole.terms.statuses),
        changes=tuple(change for change in whole.changes if change.item not in gone),
        items=items,
        idle_edits=0,
        kept=frozenset(_losers()),
    )


def _losers() -> Iterator[int]:
    """Name the changelog entries that lost a conflict, as the feed has it."""
    for line in JournalEntry.objects.filter(kind=JournalKind.CONFLICT):
        for cause in line.causes.values():
            if str(cause.get("outcome", "")).startswith("lost"):
                yield from (edit["entry"] for edit in cause.get("edits", ()) if edit["entry"])


def _families_of_the_gone(life: "_Life") -> set[str]:
    """Name the work items that somebody deleted or moved away, and their relatives."""
    gone = set(life.disasters.gone)
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


def _differences(life: "_Life", history: History) -> Iterator[str]:
    families = Families(history)
    for item in families:
        if item.origin is None:
            if not families.is_complete(item):
                yield f"{item.key} has no twin"
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
            yield f"{cell}: {one.key} holds {here!r}, {other.key} holds {there!r}"
