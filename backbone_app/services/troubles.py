"""What stands in the way in one synchronization, and the ways out: retry, ignore, a new twin.

Both sides see what failed where. Jira's own sentence about it is shown to the
people of the space it came from only.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import F, QuerySet

from backbone_app import gateway, queue
from backbone_app.core.configuration import field_name
from backbone_app.core.failures import RULES, Response, Rule, rule
from backbone_app.core.handshake import State
from backbone_app.core.values import Side
from backbone_app.errors import NotFound, Outdated
from backbone_app.ledger import access, failures, holds, journal, pairings, standing
from backbone_app.ledger.standing import Caller, Partner, Standing
from backbone_app.models import Failure, JournalEntry, Pair, PairSide, Reconciliation, Site
from backbone_app.models.intent import JournalKind
from backbone_app.models.pair import PairLane, PairState

PAGE: Final = 50
_RENEWABLE: Final = frozenset({"deleted", "remote_missing", "twin_taken"})
_DECIDABLE: Final = frozenset({"needs_decision"})
_TOLD: Final = (JournalKind.FAILED, JournalKind.STUCK)
_MOST_LINES: Final = 500
_BY_ITSELF: Final = tuple(code for code, each in RULES.items() if each.response is Response.RETRY)


class Remedy(StrEnum):
    """What a person may do about a failure."""

    RETRY = "retry"
    DECIDE = "decide"
    CREATE_TWIN = "create twin"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Item:
    """A work item of the own space and its address."""

    key: str
    url: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """One failure; ``place`` says which space refused, ``field`` which field (empty: the whole work item).

    ``said`` are Jira's own words, where the own space's Jira said them.
    """

    id: int
    pair: int
    own: Item | None
    partner_key: str
    place: str
    field: str
    sentence: str
    remedy: str
    said: str
    since: datetime
    last_at: datetime
    attempts: int
    ways_out: tuple[Remedy, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A pair that is tried again by itself, at ``until`` at the earliest."""

    own: Item | None
    partner_key: str
    sentence: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Health:
    """A synchronization in numbers, and why it is paused; ``paused`` is the rule of the reason.

    ``holds`` are sentences about sites that must not be called at present,
    ``checked_at`` and ``found`` what the checks for untold changes came to.
    """

    name: str
    description: str
    partner: Partner
    status: str
    pairs: int
    in_step: int
    failing: int
    ignored: int
    waiting: int
    paused: Rule | None
    paused_at: datetime | None
    holds: tuple[str, ...]
    checked_at: datetime | None
    found: int


@dataclass(frozen=True, slots=True)
class Troubles:
    """One page of failures, newest first, and the first of what waits."""

    health: Health
    open: tuple[Trouble, ...]
    ignored: tuple[Trouble, ...]
    waiting: tuple[Waiting, ...]
    page: int
    pages: int


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


def retry(
    caller: Caller, space: str, synchronization_id: uuid.UUID, failure_id: int, *, now: datetime
) -> None:
    """Try a failed work item again, everything that was refused on it included."""
    seen = _required(caller, space, synchronization_id, now=now)
    _retry(seen, Pair.objects.filter(pk=_found(seen, failure_id).pair_id), now=now)


def retry_all(caller: Caller, space: str, synchronization_id: uuid.UUID, *, now: datetime) -> int:
    """Try again whatever failed or waits and is not ignored; returns how many work items that are."""
    seen = _required(caller, space, synchronization_id, now=now)
    failed = Failure.objects.filter(synchronization=seen.row, ignored=False).values("pair_id")
    pairs = Pair.objects.filter(synchronization=seen.row, state=PairState.ACTIVE)
    return _retry(seen, pairs.filter(pk__in=failed) | pairs.exclude(reason=""), now=now)


def ignore(
    caller: Caller, space: str, synchronization_id: uuid.UUID, failure_id: int, *, now: datetime
) -> None:
    """Take a failure off the list until it becomes another one; both sides stay as they are."""
    seen = _required(caller, space, synchronization_id, now=now)
    failure = _found(seen, failure_id)
    with transaction.atomic():
        Failure.objects.filter(pk=failure.pk).update(ignored=True)
        reason = failures.keep_only(failure.pair_id, failures.places(failure.pair_id))
        active = Pair.objects.filter(pk=failure.pair_id, state=PairState.ACTIVE)
        active.update(reason=reason, incomplete=bool(reason))


def create_twin(
    caller: Caller, space: str, synchronization_id: uuid.UUID, failure_id: int, *, now: datetime
) -> None:
    """Let the work item that is left get a new twin; raises Outdated where that is no way out."""
    seen = _required(caller, space, synchronization_id, now=now)
    failure = _found(seen, failure_id)
    if Remedy.CREATE_TWIN not in _ways_out(failure):
        raise Outdated("A new twin is no way out here any more. Look at the page again.")
    with transaction.atomic():
        pairings.renew(failure.pair_id, gone=Side(failure.side), now=now)
        queue.wake(queue.Job.SYNC, now=now)


def _required(caller: Caller, space: str, synchronization_id: uuid.UUID, *, now: datetime) -> Standing:
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.ask_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    return standing.find(caller.site_id, space, synchronization_id)


def _found(seen: Standing, failure_id: int) -> Failure:
    failure = Failure.objects.filter(synchronization=seen.row, pk=failure_id).first()
    if failure is None:
        raise NotFound("failure")
    return failure


def _retry(seen: Standing, pairs: QuerySet[Pair], *, now: datetime) -> int:
    """Make the pairs due at once; what was refused on them is sent again, ignored or not."""
    ids = list(pairs.filter(synchronization=seen.row, state=PairState.ACTIVE).values_list("pk", flat=True))
    with transaction.atomic():
        Failure.objects.filter(pair__in=ids).update(wish="", ignored=False)
        Pair.objects.filter(pk__in=ids).update(
            due=F("due") + 1, not_before=None, incomplete=True, lane=PairLane.LIVE, attempts=0
        )
        queue.wake(queue.Job.SYNC, now=now)
    return len(ids)


def _waiting(seen: Standing) -> QuerySet[Pair]:
    """Give the pairs that are tried again by themselves."""
    return Pair.objects.filter(synchronization=seen.row, state=PairState.ACTIVE, reason__in=_BY_ITSELF)


def _health(seen: Standing, now: datetime) -> Health:
    pairs = Pair.objects.filter(synchronization=seen.row)
    found = Failure.objects.filter(synchronization=seen.row)
    checks = list(Reconciliation.objects.filter(half__synchronization=seen.row))
    is_paused = seen.state is State.PAUSED
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
        paused=rule(seen.row.pause_reason) if is_paused else None,
        paused_at=seen.row.paused_at if is_paused else None,
        holds=holds.sentences(seen.own, seen.other, now),
        checked_at=min((each.last_at for each in checks if each.last_at), default=None),
        found=sum(each.found for each in checks),
    )


def _ways_out(failure: Failure) -> tuple[Remedy, ...]:
    ways: list[Remedy] = []
    if failure.code in _DECIDABLE:
        ways.append(Remedy.DECIDE)
    elif failure.code != "deleted":
        ways.append(Remedy.RETRY)
    if failure.code in _RENEWABLE and failure.side:
        ways.append(Remedy.CREATE_TWIN)
    return tuple(ways) if failure.ignored else (*ways, Remedy.IGNORE)


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
            place={"": "", own_side: "your space"}.get(one.side, "the partner space"),
            field=field_name(one.row) if one.row else "",
            sentence=known.sentence,
            remedy=known.remedy,
            said=self._said.get((one.pair_id, one.row), "") if one.side in {"", own_side} else "",
            since=one.first_at,
            last_at=one.last_at,
            attempts=one.attempts,
            ways_out=_ways_out(one),
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
