"""What the panel of a work item says: its twins, how they stand, or why there are none.

Whoever may browse the work item in Jira may see it. A synchronization that was
never accepted is not mentioned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import quote
from uuid import UUID

from django.db.models import Max

from backbone_app import gateway
from backbone_app.core import handshake
from backbone_app.core.configuration import from_document
from backbone_app.core.handshake import State
from backbone_app.core.newness import Age
from backbone_app.jira.glance import Place
from backbone_app.ledger import ages, condition, failures, glances, journal, standing
from backbone_app.ledger.condition import Condition, Ignored
from backbone_app.ledger.standing import Partner, Standing
from backbone_app.models import JournalEntry, Pair, PairSide, Site, SynchronizationSide
from backbone_app.models.callers import Caller
from backbone_app.models.intent import IntentState, JournalKind

_AGES: Final = {
    Age.NEW: "",
    Age.BEFORE_START: "It was created before the synchronization was started.",
    Age.WHILE_STOPPED: "It was created while the synchronization was stopped.",
}
_SAID: Final = {
    Condition.IN_STEP: "Both work items are in step.",
    Condition.WAITING: "Changes are on their way.",
    Condition.CREATING: "Its twin is being created.",
    Condition.SET_ASIDE: condition.UNKNOWN_REASON,
    Condition.STOPPED: "The synchronization is stopped; what changes now is brought over after a start.",
}


class Untwinned(StrEnum):
    """A work item without a pair: nothing will come of it, or not yet."""

    NOT_SYNCHRONIZED = "not synchronized"


@dataclass(frozen=True, slots=True)
class Twin:
    """The work item on the other side, and its address in that Jira."""

    key: str
    url: str


@dataclass(frozen=True, slots=True)
class PanelRow:
    """How the work item stands in one synchronization of its space.

    ``last_sent`` and ``last_received`` are the times of the newest write to the
    partner's work item and to this one.
    """

    synchronization: str
    partner: Partner
    twin: Twin | None
    state: Condition | Untwinned
    explanation: str
    last_sent: datetime | None
    last_received: datetime | None


@dataclass(frozen=True, slots=True)
class Panel:
    """One row for each synchronization of the work item's space."""

    rows: tuple[PanelRow, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is loaded of several pairs at once: times of the newest writes by side, and what is ignored."""

    written: Mapping[tuple[int, str], datetime]
    ignored: Mapping[int, Ignored]


def show(caller: Caller, item: str, *, now: datetime) -> Panel:
    """Tell how a work item (Jira's id) stands, to somebody who may browse it; raises NotFound for others."""
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    place = glances.known_place(client, site_id=caller.site_id, account=caller.account, item=item, now=now)
    halves = PairSide.objects.filter(site_id=caller.site_id, item=item).select_related("pair")
    # Of a pair that was deleted since only this half was read, not the two of them again.
    there = (half for half in halves.prefetch_related("pair__sides") if half.pair.sides.all())
    own = {half.synchronization_id: half for half in there}
    known = _known([half.pair for half in own.values()])
    rows = [
        _with_twin(seen, own[seen.row.id], known) if seen.row.id in own else _without_twin(seen, place)
        for seen in _concerned(caller, place.space, own)
    ]
    return Panel(tuple(rows))


def _concerned(caller: Caller, space: str, own: Mapping[UUID, PairSide]) -> list[Standing]:
    """Give the accepted synchronizations of the space, and those that the work item moved away from.

    Each is seen from the side that the work item has its half on: within one site
    it may have moved to the partner space.
    """
    left_behind = SynchronizationSide.objects.filter(site_id=caller.site_id, synchronization__in=list(own))
    spaces = {space, *left_behind.values_list("space", flat=True)}
    found = [(each, seen) for each in spaces for seen in standing.of_space(caller.site_id, each)]
    concerned = [
        seen
        for each, seen in found
        if seen.state in handshake.CONNECTED
        and (own[seen.row.id].side == seen.side if seen.row.id in own else each == space)
    ]
    return sorted(concerned, key=lambda seen: (seen.row.created_at, seen.row.id))


def _with_twin(seen: Standing, half: PairSide, known: _Known) -> PanelRow:
    pair, other_side = half.pair, seen.side.other
    ignored = known.ignored.get(pair.pk, condition.NOTHING)
    other = next(each for each in pair.sides.all() if each.side == other_side)
    is_running = seen.state is State.RUNNING
    state = condition.of(pair, twins=2 if other.item else 1, is_running=is_running, ignored=ignored)
    said = condition.but_for(ignored) if state is Condition.IGNORED else _SAID[state]
    return PanelRow(
        synchronization=seen.own.name,
        partner=seen.partner,
        twin=_twin(seen, other) if other.item else None,
        state=state,
        explanation=said if state is Condition.STOPPED else _why(seen, pair) or said,
        last_sent=known.written.get((pair.pk, other_side)),
        last_received=known.written.get((pair.pk, seen.side)),
    )


def _why(seen: Standing, pair: Pair) -> str:
    """Say why the pair is not in step; of a status that no way leads to what the own half's feed says."""
    if pair.reason != "no_path":
        return condition.sentence(pair)
    place = journal.Place(seen.row.id, pair.pk, seen.own.site_id, seen.side)
    told = journal.said_last(place, JournalKind.STUCK, "status")
    return condition.sentence(pair, told=told)


def _twin(seen: Standing, other: PairSide) -> Twin:
    return Twin(other.item_key, f"{seen.other.site.base_url}/browse/{quote(other.item_key, safe='')}")


def _without_twin(seen: Standing, place: Place) -> PanelRow:
    obstacle = _obstacle(seen, place)
    return PanelRow(
        synchronization=seen.own.name,
        partner=seen.partner,
        twin=None,
        state=Untwinned.NOT_SYNCHRONIZED if obstacle else Condition.CREATING,
        explanation=obstacle or _SAID[Condition.CREATING],
        last_sent=None,
        last_received=None,
    )


def _obstacle(seen: Standing, place: Place) -> str:
    """Say why a work item of this place gets no twin here; empty when it gets one."""
    published = seen.row.configurations.latest("version")
    type_row = from_document(published.document).type_row(seen.side, place.type_id)
    if type_row is None:
        return "Its work type is not synchronized."
    if not type_row.direction.writes(seen.side.other):
        return "Work items of its type are not sent to the partner space."
    if seen.state is not State.RUNNING:
        return "The synchronization is not running."
    former = "Backbone created it as the twin of another work item, and twins get no further ones."
    return _too_old(seen, place.created) or (former if place.by_us else "")


def _too_old(seen: Standing, created: datetime | None) -> str:
    """Say why a work item of this age gets no twin; empty when it gets one."""
    return _AGES[ages.age_on(seen.own, created)]


def _known(pairs: Sequence[Pair]) -> _Known:
    return _Known(_written(pairs), failures.ignored(pair.pk for pair in pairs))


def _written(pairs: Sequence[Pair]) -> dict[tuple[int, str], datetime]:
    """Give the time of the newest write to each side of each pair, as far as it is known to have happened."""
    lines = JournalEntry.objects.filter(
        pair__in=pairs, intent__state__in=(IntentState.DONE, IntentState.CROSSED)
    ).exclude(kind__in=(JournalKind.CONFLICT, JournalKind.STUCK, JournalKind.UNMARKED))
    newest = lines.values_list("pair_id", "side").annotate(at=Max("at"))
    return {(pair_id, side): at for pair_id, side, at in newest}
