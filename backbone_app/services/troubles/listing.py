"""List what stands in the way, in a number of queries that does not grow with it."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.paginator import Paginator

from backbone_app import gateway
from backbone_app.core.configuration import field_name
from backbone_app.core.failures import rule
from backbone_app.core.values import Side
from backbone_app.ledger import access, standing
from backbone_app.ledger.standing import Standing
from backbone_app.models import Failure, Pair, PairSide, Site
from backbone_app.models.callers import Caller
from backbone_app.services.troubles import rows, words
from backbone_app.services.troubles.health import health
from backbone_app.services.troubles.shown import Item, Trouble, Troubles, Waiting

PAGE: Final = 50


def listed(
    caller: Caller, space: str, synchronization_id: uuid.UUID, *, page: int, now: datetime
) -> Troubles:
    """List what stands in the way; raises NotFound for a synchronization the space has no part in.

    Jira's own words are told of work items that the caller may see there.
    """
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.known_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    seen = standing.find(caller.site_id, space, synchronization_id)
    mine = Failure.objects.filter(synchronization=seen.row).prefetch_related("pair__sides")
    found = mine.order_by("-last_at", "-pk")
    paged = Paginator(found.filter(ignored=False), PAGE)
    shown = list(paged.page(page).object_list) if page <= paged.num_pages else []
    ignored = list(found.filter(ignored=True)[:PAGE])
    waiting = list(rows.waiting(seen).order_by("not_before", "pk")[:PAGE])
    halves = _halves([*(each.pair_id for each in (*shown, *ignored)), *(pair.pk for pair in waiting)])
    said = words.said(seen, (*shown, *ignored))
    own = {each.pk: halves.get((each.pair_id, seen.side)) for each in (*shown, *ignored) if each.pk in said}
    items = {pk: half.item for pk, half in own.items() if half}
    visible = words.browsable(client, caller, frozenset(items.values()), now=now)
    view = _View(seen, halves, {pk: said[pk] for pk, item in items.items() if item in visible})
    return Troubles(
        health=health(seen, now),
        open=tuple(view.trouble(each) for each in shown),
        ignored=tuple(view.trouble(each) for each in ignored),
        waiting=tuple(view.waiting(pair) for pair in waiting),
        can_retry=rows.retriable(seen).exists(),
        page=page,
        pages=paged.num_pages,
    )


_Halves = Mapping[tuple[int, str], PairSide]


def _halves(pair_ids: Collection[int]) -> _Halves:
    """Load the halves of these pairs, by pair and side."""
    return {(half.pair_id, half.side): half for half in PairSide.objects.filter(pair__in=pair_ids)}


@dataclass(frozen=True, slots=True)
class _View:
    """Failures as the people of one space may see them; ``said`` are Jira's words by failure."""

    seen: Standing
    halves: _Halves
    said: Mapping[int, str]

    def trouble(self, one: Failure) -> Trouble:
        known = rule(one.code)
        return Trouble(
            id=one.pk,
            pair=one.pair_id,
            code=one.code,
            own=self._own(one.pair_id),
            partner_key=self._key(one.pair_id, self.seen.side.other),
            place=self.seen.where(one.side),
            field=field_name(one.row) if one.row else "",
            sentence=known.sentence,
            remedy=known.remedy,
            said=self.said.get(one.pk, ""),
            since=one.first_at,
            last_at=one.last_at,
            attempts=one.attempts,
            ways_out=rows.ways_out(one),
        )

    def waiting(self, pair: Pair) -> Waiting:
        partner_key = self._key(pair.pk, self.seen.side.other)
        sentence = rule(pair.reason).sentence
        return Waiting(pair.reason, self._own(pair.pk), partner_key, sentence, pair.not_before)

    def _own(self, pair_id: int) -> Item | None:
        key = self._key(pair_id, self.seen.side)
        return Item(key, f"{self.seen.own.site.base_url}/browse/{key}") if key else None

    def _key(self, pair_id: int, side: Side) -> str:
        half = self.halves.get((pair_id, side))  # none where the pair was deleted since
        return half.item_key if half and half.item else ""
