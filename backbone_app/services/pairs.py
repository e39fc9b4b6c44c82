"""The pairs of a synchronization, as the people of one of its spaces may list them."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final

from django.core.paginator import Paginator

from backbone_app import gateway
from backbone_app.core.handshake import State
from backbone_app.errors import NotFound
from backbone_app.ledger import access, audit, condition, failures, standing, tickets
from backbone_app.ledger.audit import Act
from backbone_app.ledger.condition import Condition, Ignored
from backbone_app.ledger.standing import Standing
from backbone_app.ledger.tickets import Grant, What
from backbone_app.models import Pair, PairSide, Site
from backbone_app.models.callers import Caller

PAGE: Final = 100
AT_ONCE: Final = 500
"""So many pairs of a download are loaded at a time."""
COLUMNS: Final = ("Your work item", "Partner's work item", "State", "Reason")


@dataclass(frozen=True, slots=True)
class OwnItem:
    """A work item of the own space; ``id`` is Jira's."""

    id: str
    key: str


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair seen from its own side; None is the work item that does not exist yet."""

    own: OwnItem | None
    partner_key: str | None
    state: Condition
    reason: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """One page of pairs, oldest first; a page beyond the last one is empty."""

    pairs: tuple[PairRow, ...]
    page: int
    pages: int
    total: int


def listed(caller: Caller, space: str, synchronization_id: uuid.UUID, *, page: int, now: datetime) -> Pairs:
    """List one page of the pairs; raises NotFound for a synchronization the space has no part in."""
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.known_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    seen = standing.find(caller.site_id, space, synchronization_id)
    found = Pair.objects.filter(synchronization=seen.row).order_by("pk").prefetch_related("sides")
    paged = Paginator(found, PAGE)
    shown = list(paged.page(page).object_list) if page <= paged.num_pages else []
    return Pairs(_rows(shown, seen), page, paged.num_pages, paged.count)


def offer(caller: Caller, space: str, synchronization_id: uuid.UUID, *, ticket: str, now: datetime) -> None:
    """Make ``ticket`` good for a download of all pairs, if Jira says now that they may act for the space.

    Raises what ``listed`` raises.
    """
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.ask_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    seen = standing.find(caller.site_id, space, synchronization_id)
    tickets.issue(caller, What.PAIRS, ticket, space=space, synchronization=seen.row.pk, now=now)


def sheet(grant: Grant, *, now: datetime) -> Iterator[tuple[str, ...]]:
    """Give all pairs as rows of text, oldest first, after the names of the columns; that is noted in the log.

    Raises NotFound where the synchronization was deleted meanwhile.
    """
    if grant.synchronization is None:
        raise NotFound("synchronization")
    seen = standing.find(grant.site_id, grant.space, grant.synchronization)
    detail = {"space_key": seen.own.space_key, "partner_key": seen.partner.key}
    audit.note(
        grant,
        Act.PAIRS_DOWNLOADED,
        space=grant.space,
        synchronization=grant.synchronization,
        detail=detail,
        now=now,
    )
    return chain([COLUMNS], map(_cells, _all(seen)))


def _all(seen: Standing) -> Iterator[PairRow]:
    found = Pair.objects.filter(synchronization=seen.row).order_by("pk").prefetch_related("sides")
    last = 0
    while shown := list(found.filter(pk__gt=last)[:AT_ONCE]):
        yield from _rows(shown, seen)
        last = shown[-1].pk


def _cells(row: PairRow) -> tuple[str, ...]:
    return row.own.key if row.own else "", row.partner_key or "", row.state, row.reason


def _rows(shown: Sequence[Pair], seen: Standing) -> tuple[PairRow, ...]:
    ignored = failures.ignored(pair.pk for pair in shown)
    return tuple(_row(pair, seen, ignored.get(pair.pk, condition.NOTHING)) for pair in shown)


def _row(pair: Pair, seen: Standing, ignored: Ignored) -> PairRow:
    own, other = _existing(pair.sides.all(), seen)
    twins = sum(half is not None for half in (own, other))
    state = condition.of(pair, twins=twins, is_running=seen.state is State.RUNNING, ignored=ignored)
    but_for = condition.but_for(ignored) if state is Condition.IGNORED else ""
    return PairRow(
        own=OwnItem(own.item, own.item_key) if own else None,
        partner_key=other.item_key if other else None,
        state=state,
        reason=condition.sentence(pair) or but_for,
    )


def _existing(halves: Iterable[PairSide], seen: Standing) -> tuple[PairSide | None, PairSide | None]:
    """Give the own and the partner's half, as far as their work items exist."""
    by_side = {half.side: half for half in halves if half.item}
    return by_side.get(seen.side), by_side.get(seen.side.other)
