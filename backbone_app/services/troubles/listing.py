"""List what stands in the way, in a number of queries that does not grow with it."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.core.paginator import Paginator
from django.db.models import QuerySet

from backbone_app import gateway
from backbone_app.core.configuration import field_name
from backbone_app.core.failures import RULES, Response, rule
from backbone_app.core.handshake import State
from backbone_app.ledger import access, holds, journal, standing
from backbone_app.ledger.standing import Caller, Standing
from backbone_app.models import Failure, JournalEntry, Pair, PairSide, Reconciliation, Site
from backbone_app.models.intent import JournalKind
from backbone_app.models.pair import PairState
from backbone_app.services.troubles.shown import Health, Item, Paused, Remedy, Trouble, Troubles, Waiting

PAGE: Final = 50
_RENEWABLE: Final = frozenset({"deleted", "remote_missing", "twin_taken"})
_DECIDABLE: Final = frozenset({"needs_decision"})
_TOLD: Final = (JournalKind.FAILED, JournalKind.STUCK)
_MOST_LINES: Final = 500
_BY_ITSELF: Final = tuple(code for code, each in RULES.items() if each.response is Response.RETRY)


def listed(
    caller: Caller, space: str, synchronization_id: uuid.UUID, *, page: int, now: datetime
) -> Troubles:
    """List what stands in the way; raises NotFound for a synchronization the space has no part in."""
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.known_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    seen = standing.find(caller.site_id, space, synchronization_id)
    rows = Failure.objects.filter(synchronization=seen.row).order_by("-last_at", "-pk")
    paged = Paginator(rows.filter(ignored=False), PAGE)
    shown = list(paged.page(page).object_list) if page <= paged.num_pages else []
    ignored = list(rows.filter(ignored=True)[:PAGE])
    waiting = list(_waiting(seen).order_by("not_before", "pk")[:PAGE])
    view = _View(seen, [*(each.pair_id for each in (*shown, *ignored)), *(pair.pk for pair in waiting)])
    return Troubles(
        health=_health(seen, now),
        open=tuple(view.trouble(each) for each in shown),
        ignored=tuple(view.trouble(each) for each in ignored),
        waiting=tuple(view.waiting(pair) for pair in waiting),
        page=page,
        pages=paged.num_pages,
    )


def ways_out(failure: Failure) -> tuple[Remedy, ...]:
    """Tell what a person may do about a failure; an ignored one can still be tried again."""
    ways: list[Remedy] = []
    if failure.code in _DECIDABLE:
        ways.append(Remedy.DECIDE)
    elif failure.code != "deleted":
        ways.append(Remedy.RETRY)
    if failure.code in _RENEWABLE and failure.side:
        ways.append(Remedy.CREATE_TWIN)
    return tuple(ways) if failure.ignored else (*ways, Remedy.IGNORE)


def _waiting(seen: Standing) -> QuerySet[Pair]:
    """Give the pairs that are tried again by themselves."""
    return Pair.objects.filter(synchronization=seen.row, state=PairState.ACTIVE, reason__in=_BY_ITSELF)


def _at_work(pairs: QuerySet[Pair], now: datetime) -> QuerySet[Pair]:
    """Of these pairs give those that nothing holds back."""
    return pairs.filter(state=PairState.ACTIVE, due__gt=0).exclude(not_before__gt=now)


def _health(seen: Standing, now: datetime) -> Health:
    pairs = Pair.objects.filter(synchronization=seen.row)
    found = Failure.objects.filter(synchronization=seen.row)
    checks = list(Reconciliation.objects.filter(half__synchronization=seen.row))
    return Health(
        name=seen.own.name,
        description=seen.own.description,
        partner=seen.partner,
        status=seen.status(now),
        pairs=pairs.count(),
        in_step=pairs.filter(state=PairState.ACTIVE, reason="", due=0).count(),
        failing=found.filter(ignored=False).count(),
        ignored=found.filter(ignored=True).count(),
        waiting=_waiting(seen).count(),
        at_work=_at_work(pairs, now).count() if seen.state is State.RUNNING else 0,
        paused=_paused(seen) if seen.state is State.PAUSED else None,
        holds=holds.sentences(seen.own, seen.other, now),
        checked_at=min((each.last_at for each in checks if each.last_at), default=None),
        found=sum(each.found for each in checks),
        checking=seen.state is State.RUNNING and any(each.whole for each in checks),
    )


def _paused(seen: Standing) -> Paused:
    known = rule(seen.row.pause_reason)
    return Paused(seen.place(seen.row.pause_side), known.sentence, known.remedy, seen.row.paused_at)


class _View:
    """Failures as the people of one space may see them; everything they need is loaded at once."""

    def __init__(self, seen: Standing, pair_ids: Sequence[int]) -> None:
        self._seen = seen
        halves = PairSide.objects.filter(pair__in=pair_ids).exclude(item="")
        self._keys = {(half.pair_id, half.side): half.item_key for half in halves}
        self._said = _said(seen, pair_ids)

    def trouble(self, one: Failure) -> Trouble:
        known, own_side = rule(one.code), self._seen.side
        return Trouble(
            id=one.pk,
            pair=one.pair_id,
            own=self._own(one.pair_id),
            partner_key=self._keys.get((one.pair_id, own_side.other), ""),
            place=self._seen.place(one.side),
            field=field_name(one.row) if one.row else "",
            sentence=known.sentence,
            remedy=known.remedy,
            said=self._said.get((one.pair_id, one.row), "") if one.side in {"", own_side} else "",
            since=one.first_at,
            last_at=one.last_at,
            attempts=one.attempts,
            ways_out=ways_out(one),
        )

    def waiting(self, pair: Pair) -> Waiting:
        partner_key = self._keys.get((pair.pk, self._seen.side.other), "")
        return Waiting(self._own(pair.pk), partner_key, rule(pair.reason).sentence, pair.not_before)

    def _own(self, pair_id: int) -> Item | None:
        key = self._keys.get((pair_id, self._seen.side))
        return Item(key, f"{self._seen.own.site.base_url}/browse/{key}") if key else None


def _said(seen: Standing, pair_ids: Sequence[int]) -> dict[tuple[int, str], str]:
    """Open what the own half's feed says last of each row of these pairs that failed."""
    lines = JournalEntry.objects.filter(
        pair__in=pair_ids, site=seen.own.site_id, side=seen.side, kind__in=_TOLD
    )
    newest = list(lines.order_by("-pk")[:_MOST_LINES])
    return {
        (line.pair_id, row): str(text or "")
        for line in reversed(newest)
        for row, text in journal.values(line).items()
    }
