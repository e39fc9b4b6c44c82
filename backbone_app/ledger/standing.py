"""Where a space stands in a synchronization, and the one step from state to state.

A synchronization is seen from one of its two spaces: the half of that space is
its *own*. Of the other half a page is told what ``partner`` says and no more.
Whoever names a synchronization that the space has no half of gets the answer of
one that does not exist.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F, Prefetch, QuerySet

from backbone_app.core import handshake
from backbone_app.core.handshake import Action, State
from backbone_app.core.values import Side
from backbone_app.errors import NotFound, Outdated
from backbone_app.models import Pair, Synchronization, SynchronizationSide
from backbone_app.models.site import SiteStatus

MOST_STOPS: Final = 100
_HALVES: Final = Prefetch("sides", SynchronizationSide.objects.select_related("site"))


class Where(StrEnum):
    """A side as people of the own space see it; NEITHER is empty."""

    OWN = "own"
    PARTNER = "partner"
    NEITHER = ""

    @property
    def words(self) -> str:
        """What a page says for it; empty for neither."""
        return {Where.OWN: "your space", Where.PARTNER: "the partner space"}.get(self, "")


@dataclass(frozen=True, slots=True)
class Partner:
    """What people of a space may know of the space on the other side.

    Until they are connected whoever asked another site knows the key it typed
    and no ``name``: the answer must not tell whether that space exists.
    ``base_url`` is None where both spaces are on one site.
    """

    key: str
    name: str
    base_url: str | None

    @property
    def label(self) -> str:
        """What a page calls the space."""
        return f"{self.name} ({self.key})" if self.name else self.key


@dataclass(frozen=True, slots=True)
class Standing:
    """One synchronization as one of its spaces sees it.

    ``other`` is the partner's half, for acting on its site; it belongs to that
    site and nothing of it is shown but ``partner``.
    """

    row: Synchronization
    own: SynchronizationSide
    other: SynchronizationSide

    @property
    def partner(self) -> Partner:
        """The space on the other side, as far as it may be shown."""
        other = self.other
        base_url = other.site.base_url if other.site_id != self.own.site_id else None
        is_connected = self.state in handshake.CONNECTED
        if self.own.asked_key and not is_connected:
            return Partner(self.own.asked_key, "", base_url)
        return Partner(other.space_key, other.space_name, base_url)

    @property
    def side(self) -> Side:
        """The side that the own space is on."""
        return Side(self.own.side)

    @property
    def state(self) -> State:
        """The state that both sides share."""
        return State(self.row.state)

    def where(self, side: str) -> Where:
        """Say how people of the own space see a side; empty is neither."""
        return {"": Where.NEITHER, self.side: Where.OWN}.get(side, Where.PARTNER)

    @property
    def partner_left(self) -> bool:
        """Whether the site on the other side has removed the app."""
        return self.other.site.status == SiteStatus.UNINSTALLED

    def current(self, now: datetime) -> State:
        """Give the state by the clock as well: what nobody answered in time has expired."""
        return handshake.current(self.state, expires_at=self.row.expires_at, now=now)

    def status(self, now: datetime) -> str:
        """Give the word that a page of the own space shows."""
        return handshake.shown(self.current(now), self.side)

    def actions(self, now: datetime) -> tuple[Action, ...]:
        """List what the own space's people may do now and something can come of, in the order of a page."""
        possible = handshake.actions(self.current(now), self.side)
        return tuple(each for each in possible if not (each is Action.START and self.partner_left))


def of_space(site_id: uuid.UUID, space: str) -> tuple[Standing, ...]:
    """List all synchronizations of a space, oldest first, in two queries."""
    rows = Synchronization.objects.of_space(site_id, space).prefetch_related(_HALVES)
    seen = (_seen_from(row.sides.all(), row, site_id, space) for row in rows)
    return tuple(each for each in seen if each is not None)


def find(site_id: uuid.UUID, space: str, synchronization_id: uuid.UUID) -> Standing:
    """Look up one synchronization of a space; raises NotFound for every other one."""
    rows = Synchronization.objects.of_space(site_id, space).prefetch_related(_HALVES)
    row = rows.filter(pk=synchronization_id).first()
    seen = _seen_from(row.sides.all(), row, site_id, space) if row else None
    if seen is None:
        raise NotFound("synchronization")
    return seen


def require(standing: Standing, action: Action, *, now: datetime) -> State | None:
    """Give the state that ``action`` leads to (None: gone); raises Outdated when it does not fit."""
    target = handshake.after(standing.current(now), standing.side, action)
    if action is Action.START and standing.partner_left:
        raise Outdated(
            "The partner site has removed Backbone Work Sync. Its Jira admins can install it again."
        )
    return target


def nothing(_pairs: QuerySet[Pair]) -> None:
    """Leave nothing behind: for what never had a pair, and for steps that delete nothing."""


def move(
    standing: Standing,
    action: Action,
    *,
    now: datetime,
    farewell: Callable[[QuerySet[Pair]], None] = nothing,
) -> None:
    """Take the step, unless somebody else took one since ``standing`` was read.

    A deletion calls ``farewell`` with the pairs that go, when all of them are taken from their
    workers. The conditional UPDATE settles the race of two people: its row lock holds
    until the transaction ends, also when the step is a deletion. Raises Outdated,
    also when two requests between the same spaces crossed and the other one was
    accepted first.
    """
    target = require(standing, action, now=now)
    changes: dict[str, object] = {"state": target or standing.state}
    if action is Action.ACCEPT:
        changes["spaces"] = spaces_of(standing.own, standing.other)
    changes |= {"paused_at": None, "pause_reason": "", "pause_side": ""}
    if action is Action.START and standing.state is State.STOPPED:
        changes |= {"started_at": standing.row.started_at or now, "resumed_at": now}
        changes["stops"] = _stops(standing.row, until=now)
    if action is Action.STOP:
        changes["stopped_at"] = now
    with transaction.atomic():
        _update(standing, changes)
        if "started_at" in changes and standing.row.started_at is None:
            _note_clocks(standing)
        if target is None:
            pairs = Pair.objects.filter(synchronization=standing.row)
            fence(pairs)
            farewell(pairs)
            standing.row.delete()


def pause(
    synchronization_id: uuid.UUID, *, reason: str, side: Side | None, now: datetime
) -> tuple[SynchronizationSide, ...]:
    """Pause a running synchronization for a reason of ours (a code); returns its halves if it ran, else none.

    ``side`` is the one whose site gave the reason, None where neither did.
    Workers claim none of its pairs from then on; what is due stays due.
    """
    running = Synchronization.objects.filter(pk=synchronization_id, state=State.RUNNING)
    paused = {"paused_at": now, "pause_reason": reason, "pause_side": side or ""}
    if not running.update(state=State.PAUSED, **paused):
        return ()
    halves = SynchronizationSide.objects.filter(synchronization=synchronization_id)
    return tuple(halves.select_related("site").order_by("side"))


def resume(synchronization_id: uuid.UUID, *, reason: str) -> tuple[SynchronizationSide, ...]:
    """End a pause if that is the reason of it; returns the synchronization's halves if it was, else none."""
    paused = Synchronization.objects.filter(pk=synchronization_id, state=State.PAUSED, pause_reason=reason)
    if not paused.update(state=State.RUNNING, paused_at=None, pause_reason="", pause_side=""):
        return ()
    halves = SynchronizationSide.objects.filter(synchronization=synchronization_id)
    return tuple(halves.select_related("site").order_by("side"))


def _stops(row: Synchronization, *, until: datetime) -> list[list[str]]:
    """Give the stops with the one that ends now; the oldest two become one before there are too many."""
    earlier: list[list[str]] = row.stops
    if row.stopped_at is None:
        return earlier
    stops = [*earlier, [row.stopped_at.isoformat(), until.isoformat()]]
    if len(stops) <= MOST_STOPS:
        return stops
    (since, _), (_, end), *others = stops
    return [[since, end], *others]


def fence(pairs: QuerySet[Pair]) -> None:
    """Take pairs from their workers: one that went on after their deletion would write rows about nothing."""
    pairs.update(epoch=F("epoch") + 1)


def _note_clocks(standing: Standing) -> None:
    """Keep how far the sites' clocks are ahead of ours at the first start: it says later what is new."""
    for half in (standing.own, standing.other):
        SynchronizationSide.objects.filter(pk=half.pk).update(started_ahead_ms=half.site.clock_offset_ms)


def spaces_of(*halves: SynchronizationSide) -> str:
    """Name two connected spaces for the constraint that allows them one synchronization."""
    return "|".join(sorted(f"{half.site_id}:{half.space}" for half in halves))


def _update(standing: Standing, changes: dict[str, object]) -> None:
    try:
        with transaction.atomic():
            unchanged = Synchronization.objects.filter(pk=standing.row.pk, state=standing.state)
            count = unchanged.update(**changes)
    except IntegrityError as taken:  # ``spaces`` is the one unique thing that changes
        raise Outdated("These two spaces already have a synchronization.") from taken
    if not count:
        raise Outdated("Somebody else was faster: this synchronization has changed meanwhile.")


def _seen_from(
    halves: Iterable[SynchronizationSide], row: Synchronization, site_id: uuid.UUID, space: str
) -> Standing | None:
    """Tell one's own half from the other; None where both were deleted since the row was read."""
    by_nearness = sorted(halves, key=lambda half: (half.site_id, half.space) != (site_id, space))
    if not by_nearness:
        return None
    own, other = by_nearness
    return Standing(row, own, other)
