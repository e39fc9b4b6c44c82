"""The synchronizations of a space: the overview, and start, stop, delete."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from backbone_app import queue
from backbone_app.core.failures import rule
from backbone_app.core.handshake import CONNECTED, Action, State, reminders
from backbone_app.core.values import Side
from backbone_app.ledger import (
    access,
    audit,
    condition,
    departures,
    endpoints,
    hooks,
    leftovers,
    links,
    points,
    restores,
    standing,
)
from backbone_app.ledger.audit import Act
from backbone_app.ledger.standing import Partner, Standing
from backbone_app.models import Failure, Pair, PairSide
from backbone_app.models.callers import Caller
from backbone_app.models.pair import PairState
from backbone_app.models.site import SiteStatus

_EXAMPLES: Final = 50  # of all synchronizations together: the page is asked for every few seconds


@dataclass(frozen=True, slots=True)
class OutOfStep:
    """A work item of the own space that is not in step now, and why, in a sentence."""

    item: str
    reason: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that can still be answered: sent so many whole ``days`` ago, reminded of so often by now.

    ``message`` is what whoever asked wrote; it is for those who were asked, and empty for the others.
    """

    since: datetime
    expires_at: datetime
    days: int
    reminders: int
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the overview.

    ``has_request`` says that the request itself can be looked at, ``waiting`` that it can be answered;
    ``awaits_start`` that it was accepted and never started. ``out_of_step``
    counts the pairs that ``examples`` shows the first of; ``notice`` says why
    it is paused, ``warning`` that it will be before long. ``is_linked``: the partner site is reached by a
    link, ``link_broken``: somebody has to sign in there again. ``is_connected``: it was
    accepted, so that there is a page of it.
    """

    id: uuid.UUID
    name: str
    description: str
    partner: Partner
    status: str
    actions: tuple[Action, ...]
    has_request: bool
    waiting: Waiting | None
    awaits_start: bool
    is_connected: bool
    notice: str
    warning: str
    is_linked: bool
    link_broken: bool
    pairs: int
    out_of_step: int
    examples: tuple[OutOfStep, ...]


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many pairs a synchronization has, and how many of them are not in step."""

    pairs: int = 0
    out_of_step: int = 0


_NO_PAIRS: Final = _Counts()


def overview(caller: Caller, space: str, *, now: datetime) -> tuple[Row, ...]:
    """List all synchronizations of a space, oldest first; the number of queries does not grow with them."""
    access.reader_of_space(caller, space, now=now)
    standings = standing.of_space(caller.site_id, space)
    counts, examples = _counts(standings), _examples(standings)
    ending = _ending(caller.site_id, standings, now=now)
    broken = links.broken_among([each.other.site_id for each in standings])
    rows = (
        replace(
            _row(each, counts.get(each.row.id, _NO_PAIRS), examples.get(each.row.id, ()), now=now),
            warning=ending if _may_run_out(each) else "",
            link_broken=each.other.site_id in broken,
        )
        for each in standings
    )
    held = restores.lasting(now)
    return tuple(rows) if held is None else tuple(_held(row, held.sentence(now)) for row in rows)


def start(caller: Caller, space: str, synchronization_id: uuid.UUID, *, now: datetime) -> None:
    """Start a stopped synchronization, for both sides, and wake the worker.

    Raises LinkToMend where its link is broken, NotLicensed where the partner site is beyond what the remote
    licence covers.
    """
    access.admin_of_space(caller, space, now=now)
    seen = standing.find(caller.site_id, space, synchronization_id)
    standing.require(seen, Action.START, now=now)
    links.require_working(seen.other.site_id)
    with transaction.atomic():
        endpoints.take(caller.site_id, seen.other.site, now=now)
        standing.move(seen, Action.START, now=now)
        audit.note_shared(caller, Act.STARTED, seen.own, seen.other, now=now)
        points.want(synchronization_id, now=now)  # whatever changed on paired items meanwhile is brought over
        queue.wake(queue.Job.SYNC, now=now)
        queue.wake(queue.Job.RECONCILE, now=now)


def stop(caller: Caller, space: str, synchronization_id: uuid.UUID, *, now: datetime) -> None:
    """Stop a running synchronization, for both sides."""
    access.admin_of_space(caller, space, now=now)
    seen = standing.find(caller.site_id, space, synchronization_id)
    with transaction.atomic():
        endpoints.release(caller.site_id, seen.other.site_id, stopping=synchronization_id)
        standing.move(seen, Action.STOP, now=now)
        audit.note_shared(caller, Act.STOPPED, seen.own, seen.other, now=now)


def delete(caller: Caller, space: str, synchronization_id: uuid.UUID, *, now: datetime) -> None:
    """Delete a synchronization, for both sides; the twins stay in Jira, and lose our properties later.

    A request that was declined or has expired goes the same way. A running one needs no
    stop before: its pairs go with it, and a worker that still holds one of them loses its lease.
    """
    access.admin_of_space(caller, space, now=now)
    seen = standing.find(caller.site_id, space, synchronization_id)
    with transaction.atomic():
        endpoints.release(caller.site_id, seen.other.site_id, stopping=synchronization_id)
        standing.move(seen, Action.DELETE, now=now, farewell=lambda pairs: leftovers.note(pairs, now=now))
        audit.note_shared(caller, Act.DELETED, seen.own, seen.other, now=now)
        queue.wake(queue.Job.REMOVE_PROPERTIES, now=now)
        hooks.ask(seen.other.site_id, now=now)  # that of a link nobody uses any more goes
        queue.wake(queue.Job.FOLLOW_HOOKS, now=now)


def _row(seen: Standing, counts: _Counts, examples: Sequence[OutOfStep], *, now: datetime) -> Row:
    return Row(
        id=seen.row.id,
        name=seen.own.name,
        description=seen.own.description,
        partner=seen.partner,
        status=seen.status(now),
        actions=seen.actions(now),
        has_request=seen.state in (State.REQUESTED, State.DECLINED),
        waiting=_waiting(seen, now=now),
        awaits_start=seen.state is State.STOPPED and seen.row.started_at is None,
        is_connected=seen.state in CONNECTED,
        notice=_notice(seen),
        warning="",
        is_linked=seen.other.site.status == SiteStatus.LINKED,
        link_broken=False,
        pairs=counts.pairs,
        out_of_step=counts.out_of_step,
        examples=tuple(examples),
    )


def _waiting(seen: Standing, *, now: datetime) -> Waiting | None:
    if seen.current(now) is not State.REQUESTED:
        return None
    since, end = seen.row.created_at, seen.row.expires_at
    return Waiting(
        since=since,
        expires_at=end,
        days=(now - since).days,
        reminders=len(reminders(since, expires_at=end, now=now)),
        message=seen.own.asking_message,
    )


def _may_run_out(seen: Standing) -> bool:
    return seen.state is State.RUNNING and endpoints.needs_one(seen.other.site)


def _ending(site_id: uuid.UUID, standings: Sequence[Standing], *, now: datetime) -> str:
    """Say that the remote licence ends soon, where one of these runs by it; empty where it does not."""
    if not any(map(_may_run_out, standings)) or not (notice := endpoints.notice(site_id, now=now)):
        return ""
    return f"{notice} Then this synchronization pauses, unless a Jira admin has uploaded another one."


def _held(row: Row, sentence: str) -> Row:
    """Say that the whole service is held, unless there is another reason why nothing is written."""
    return replace(row, notice=row.notice or sentence)


def _notice(seen: Standing) -> str:
    """Say that the partner site left, or why it is paused and where the reason lies; empty for neither."""
    if left := departures.notices(seen.other.site):
        return left[0]
    if seen.state is not State.PAUSED:
        return ""
    place = seen.where(seen.row.pause_side).words
    return f"{f'In {place}: ' if place else ''}{rule(seen.row.pause_reason).sentence}"


def _counts(standings: Sequence[Standing]) -> dict[uuid.UUID, _Counts]:
    pairs = Pair.objects.filter(synchronization__in=[each.row for each in standings])
    trouble = Count("pk", filter=Q(pk__in=_troubled(standings)))
    rows = pairs.values_list("synchronization").annotate(pairs=Count("pk"), troubled=trouble)
    return {row_id: _Counts(pairs=count, out_of_step=troubled) for row_id, count, troubled in rows}


def _examples(standings: Sequence[Standing]) -> dict[uuid.UUID, list[OutOfStep]]:
    """Per synchronization the own side's items of pairs that are set aside or held up, by key."""
    own = Q(pk__in=[])
    for side in Side:
        own |= Q(side=side, synchronization__in=[each.row for each in standings if each.side is side])
    halves = PairSide.objects.filter(own, pair__in=_troubled(standings)).select_related("pair")
    found: dict[uuid.UUID, list[OutOfStep]] = defaultdict(list)
    for half in halves.order_by("item_key", "pk")[:_EXAMPLES]:
        reason = condition.sentence(half.pair) or condition.UNKNOWN_REASON
        found[half.synchronization_id].append(OutOfStep(half.item_key or "New work item", reason))
    return found


def _troubled(standings: Sequence[Standing]) -> QuerySet[Pair]:
    """Give the pairs that are set aside or held up, those left out that a person said to ignore."""
    ignored = Failure.objects.filter(pair=OuterRef("pk"), code=OuterRef("reason"), ignored=True)
    pairs = Pair.objects.filter(synchronization__in=[each.row for each in standings])
    return pairs.filter(Q(state=PairState.SET_ASIDE) | ~Q(reason="")).exclude(Exists(ignored))
