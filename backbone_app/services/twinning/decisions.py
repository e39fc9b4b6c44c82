"""A pair that asks whose values stand: what it asks, and the answer."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from backbone_app import gateway, queue
from backbone_app.core.comparison import Compared, Verdict, compare
from backbone_app.core.configuration import field_name
from backbone_app.core.values import Side
from backbone_app.errors import InvalidInput, NotFound, Outdated, RemoteMissing
from backbone_app.jira import read
from backbone_app.jira.client import JiraClient
from backbone_app.ledger import access, audit, observations, standing
from backbone_app.ledger.audit import Act
from backbone_app.ledger.standing import Standing
from backbone_app.models import Failure, Pair, PairSide, Site, SynchronizationSide
from backbone_app.models.callers import Caller
from backbone_app.models.pair import Choice, PairLane, PairState
from backbone_app.services.twinning.finding import (
    Candidate,
    Candidates,
    client_of,
    configuration_of,
    keeps_values,
    may_browse,
    must_be_connected,
)
from backbone_app.services.twinning.previews import shortened
from backbone_app.services.twinning.wishes import choice_of


@dataclass(frozen=True, slots=True)
class FieldQuestion:
    """A field that never agreed, with both values.

    ``partner`` is None where the configuration does not send the field to the own space.
    """

    name: str
    own: str
    partner: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a pair asks: the fields that never agreed; none are left once somebody has decided.

    ``is_kept``: a value that gives way stays in both sides' activity.
    """

    id: int
    own_key: str
    partner_key: str
    fields: tuple[FieldQuestion, ...]
    is_kept: bool


def questions(
    caller: Caller, space: str, synchronization_id: uuid.UUID, pair_id: int, *, now: datetime
) -> Asked:
    """Show the fields of a pair that somebody has to decide, as both work items are now.

    The values are shown to who may browse the own work item. Raises NotAllowed,
    NotFound, Outdated (a work item cannot be seen) and the client's errors.
    """
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.known_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    seen = standing.find(caller.site_id, space, synchronization_id)
    halves = _halves(seen, pair_id)
    _must_be_visible(client, caller, halves[seen.side], now=now)
    must_be_connected(seen)
    both = _read(seen, halves, now=now)
    base = observations.load(pair_id, {side: half.pk for side, half in halves.items()})
    views = both.views()
    rows = compare(both.configuration, base, views[Side.LEFT], views[Side.RIGHT])
    asked = tuple(_question(row, seen.side) for row in rows if row.verdict is Verdict.DIFFERENT)
    return Asked(pair_id, both.own.item.key, both.partner.item.key, asked, keeps_values(seen))


def decide(
    caller: Caller, space: str, synchronization_id: uuid.UUID, pair_id: int, *, choice: str, now: datetime
) -> None:
    """Say whose values stand (a ``Wish``, but for ASK) where the two never agreed; it is done soon.

    What they have agreed on is not touched. Raises InvalidInput (``choice``),
    NotAllowed, NotFound, and Outdated for a pair that is set aside or asks nothing.
    """
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.ask_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    seen = standing.find(caller.site_id, space, synchronization_id)
    halves = _halves(seen, pair_id)
    _must_be_visible(client, caller, halves[seen.side], now=now)
    must_be_connected(seen)
    chosen = choice_of(choice, seen.side)
    if chosen == Choice.ASK:
        raise InvalidInput("choice", "Choose whose values shall stand.")
    if not _is_open(pair_id, halves):
        raise Outdated("There is nothing to decide any more: somebody has chosen, or the two agree.")
    with transaction.atomic():
        asking = Pair.objects.filter(pk=pair_id, state=PairState.ACTIVE)
        if asking.exclude(choice=chosen).update(choice=chosen):
            keys = halves[seen.side].item_key, halves[seen.side.other].item_key
            audit.note_shared(caller, Act.DECIDED, seen.own, seen.other, items=keys, now=now)
        decided = asking.update(
            due=F("due") + 1,
            incomplete=True,
            not_before=None,
            attempts=0,
            lane=PairLane.LIVE,
        )
        if not decided:
            raise Outdated("This pair is set aside: there is nothing to decide any more.")
        queue.wake(queue.Job.SYNC, now=now)


def _halves(seen: Standing, pair_id: int) -> dict[Side, PairSide]:
    """Give both halves of a pair of this synchronization; raises NotFound for others and for half a one."""
    pair = Pair.objects.filter(pk=pair_id, synchronization=seen.row)  # an id may be any number here
    halves = PairSide.objects.filter(pair__in=pair).exclude(item="")
    found = {Side(half.side): half for half in halves}
    if len(found) < len(Side):
        raise NotFound("pair")
    return found


def _must_be_visible(client: JiraClient, caller: Caller, own: PairSide, *, now: datetime) -> None:
    if not may_browse(client, caller, own.item, now=now):
        raise NotFound("pair")


def _is_open(pair_id: int, halves: Mapping[Side, PairSide]) -> bool:
    """Whether somebody has to choose, or may yet: no worker has compared the two so far."""
    asks = Failure.objects.filter(pair=pair_id, code="needs_decision").exists()
    return asks or all(half.stamp_updated is None for half in halves.values())


def _question(one: Compared, own: Side) -> FieldQuestion:
    partner = shortened(one.on(own.other)) if one.row.direction.writes(own) else None
    return FieldQuestion(field_name(one.row.on(own)), shortened(one.on(own)), partner)


def _read(seen: Standing, halves: Mapping[Side, PairSide], *, now: datetime) -> Candidates:
    try:
        own, partner = (
            _candidate(half, halves[Side(half.side)].item, beside=beside, now=now)
            for half, beside in ((seen.own, seen.other), (seen.other, seen.own))
        )
    except RemoteMissing as missing:
        raise Outdated("One of the two work items is gone, or the app may no longer see it.") from missing
    return Candidates(seen, configuration_of(seen), own, partner)


def _candidate(
    half: SynchronizationSide, item: str, *, beside: SynchronizationSide, now: datetime
) -> Candidate:
    client = client_of(half, beside=beside, now=now)
    return Candidate(half, client, read.item(client, item))
