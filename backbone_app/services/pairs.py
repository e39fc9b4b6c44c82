"""The pairs of a synchronization, as the people of one of its spaces may list them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.paginator import Paginator

from backbone_app import gateway
from backbone_app.core.handshake import State
from backbone_app.ledger import access, condition, failures, standing
from backbone_app.ledger.condition import Condition, Ignored
from backbone_app.ledger.standing import Caller, Standing
from backbone_app.models import Pair, PairSide, Site

PAGE: Final = 100


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
    ignored = failures.ignored(pair.pk for pair in shown)
    rows = tuple(_row(pair, seen, ignored.get(pair.pk, condition.NOTHING)) for pair in shown)
    return Pairs(rows, page, paged.num_pages, paged.count)


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
