"""The synchronizations of a space: the overview, and start, stop, delete."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count

from backbone_app import gateway, queue
from backbone_app.core.handshake import Action, State
from backbone_app.jira.client import JiraClient
from backbone_app.ledger import access, standing
from backbone_app.ledger.standing import Caller, Standing
from backbone_app.models import Pair, PairSide, Site
from backbone_app.models.pair import PairState

_REASONS: Final[Mapping[str, str]] = {}
_UNKNOWN_REASON: Final = "It cannot be kept in step at the moment."


@dataclass(frozen=True, slots=True)
class Partner:
    """The partner space's name and key, as last seen."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """A work item of the own space that is not kept in step, and why, in a sentence."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the overview.

    ``has_request`` says that the request itself can be looked at;
    ``awaits_start`` that it was accepted and never started.
    """

    id: uuid.UUID
    name: str
    description: str
    partner: Partner
    status: str
    actions: tuple[Action, ...]
    has_request: bool
    awaits_start: bool
    pairs: int
    set_aside: tuple[SetAside, ...]


def overview(caller: Caller, space: str, *, now: datetime) -> tuple[Row, ...]:
    """List all synchronizations of a space, oldest first; the number of queries does not grow with them."""
    _require_reader(caller, space, now=now)
    standings = standing.of_space(caller.site_id, space)
    pairs = _count_pairs(standings)
    aside = _set_aside(standings)
    return tuple(
        _row(each, pairs.get(each.row.id, 0), aside.get(each.row.id, ()), now=now) for each in standings
    )


def start(caller: Caller, space: str, synchronization_id: uuid.UUID, *, now: datetime) -> None:
    """Start a stopped synchronization, for both sides, and wake the worker."""
    _require_admin(caller, space, now=now)
    seen = standing.find(caller.site_id, space, synchronization_id)
    with transaction.atomic():
        standing.move(seen, Action.START, now=now)
        queue.wake(queue.Job.SYNC, now=now)


def stop(caller: Caller, space: str, synchronization_id: uuid.UUID, *, now: datetime) -> None:
    """Stop a running synchronization, for both sides."""
    _require_admin(caller, space, now=now)
    standing.move(standing.find(caller.site_id, space, synchronization_id), Action.STOP, now=now)


def delete(caller: Caller, space: str, synchronization_id: uuid.UUID, *, now: datetime) -> None:
    """Delete a synchronization, for both sides; the twins stay in Jira as they are.

    A running one needs no stop before: its pairs go with it, and a worker that
    still holds one of them loses its lease.
    """
    _require_admin(caller, space, now=now)
    standing.move(standing.find(caller.site_id, space, synchronization_id), Action.DELETE, now=now)


def _require_admin(caller: Caller, space: str, *, now: datetime) -> None:
    access.ask_space_admin(
        _client(caller, now=now), site_id=caller.site_id, account=caller.account, space=space, now=now
    )


def _require_reader(caller: Caller, space: str, *, now: datetime) -> None:
    access.known_space_admin(
        _client(caller, now=now), site_id=caller.site_id, account=caller.account, space=space, now=now
    )


def _client(caller: Caller, *, now: datetime) -> JiraClient:
    return gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)


def _row(seen: Standing, pairs: int, aside: Sequence[SetAside], *, now: datetime) -> Row:
    return Row(
        id=seen.row.id,
        name=seen.own.name,
        description=seen.own.description,
        partner=Partner(seen.partner.space_key, seen.partner.space_name),
        status=seen.status(now),
        actions=seen.actions(now),
        has_request=seen.state in (State.REQUESTED, State.DECLINED),
        awaits_start=seen.state is State.STOPPED and seen.row.started_at is None,
        pairs=pairs,
        set_aside=tuple(aside),
    )


def _count_pairs(standings: Sequence[Standing]) -> dict[uuid.UUID, int]:
    rows = Pair.objects.filter(synchronization__in=[each.row for each in standings])
    return dict(rows.values_list("synchronization").annotate(Count("pk")))


def _set_aside(standings: Sequence[Standing]) -> dict[uuid.UUID, list[SetAside]]:
    """Per synchronization the own side's items of pairs that are set aside, by key."""
    own = {each.row.id: each.side for each in standings}
    halves = PairSide.objects.filter(synchronization__in=own, pair__state=PairState.SET_ASIDE)
    found: dict[uuid.UUID, list[SetAside]] = defaultdict(list)
    for half in halves.select_related("pair").order_by("item_key", "pk"):
        if half.side == own[half.synchronization_id]:
            reason = _REASONS.get(half.pair.reason, _UNKNOWN_REASON)
            found[half.synchronization_id].append(SetAside(half.item_key or "New work item", reason))
    return found
