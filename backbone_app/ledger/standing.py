"""Where a space stands in a synchronization, and the one step from state to state.

A synchronization is seen from one of its two spaces: the half of that space is
its *own*, the other half the *partner*. Whoever names a synchronization that
the space has no half of gets the answer of one that does not exist.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import transaction

from backbone_app.core import handshake
from backbone_app.core.handshake import Action, State
from backbone_app.core.values import Side
from backbone_app.errors import NotFound, Outdated
from backbone_app.models import Synchronization, SynchronizationSide


class Caller(Protocol):
    """Who asks: a proven site and, where Jira told it, the person's account id."""

    @property
    def site_id(self) -> uuid.UUID:
        """Our id of the site."""
        ...

    @property
    def account(self) -> str | None:
        """Jira's id of the person; None where Jira did not say."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """One synchronization as one of its spaces sees it."""

    row: Synchronization
    own: SynchronizationSide
    partner: SynchronizationSide

    @property
    def side(self) -> Side:
        """The side that the own space is on."""
        return Side(self.own.side)

    @property
    def state(self) -> State:
        """The state that both sides share."""
        return State(self.row.state)

    def is_expired(self, now: datetime) -> bool:
        """Whether this is a request that nobody answered in time."""
        return self.state is State.REQUESTED and now >= self.row.expires_at

    def status(self, now: datetime) -> str:
        """Give the word that a page of the own space shows."""
        return "EXPIRED" if self.is_expired(now) else handshake.shown(self.state, self.side)

    def actions(self, now: datetime) -> tuple[Action, ...]:
        """List what the own space's people may do now, in the order of a page."""
        possible = handshake.actions(self.state, self.side)
        return tuple(each for each in possible if each is not Action.ACCEPT or not self.is_expired(now))


def of_space(site_id: uuid.UUID, space: str) -> tuple[Standing, ...]:
    """List all synchronizations of a space, oldest first, in two queries."""
    rows = Synchronization.objects.of_space(site_id, space).prefetch_related("sides")
    return tuple(_seen_from(row.sides.all(), row, site_id, space) for row in rows)


def find(site_id: uuid.UUID, space: str, synchronization_id: uuid.UUID) -> Standing:
    """Look up one synchronization of a space; raises NotFound for every other one."""
    rows = Synchronization.objects.of_space(site_id, space).prefetch_related("sides")
    row = rows.filter(pk=synchronization_id).first()
    if row is None:
        raise NotFound("synchronization")
    return _seen_from(row.sides.all(), row, site_id, space)


def require(standing: Standing, action: Action, *, now: datetime) -> State | None:
    """Give the state that ``action`` leads to (None: gone); raises Outdated when it does not fit."""
    target = handshake.after(standing.state, standing.side, action)
    if action is Action.ACCEPT and standing.is_expired(now):
        raise Outdated("This request has expired. Ask the other space's admin to send a new one.")
    return target


@transaction.atomic
def move(standing: Standing, action: Action, *, now: datetime) -> None:
    """Take the step, unless somebody else took one since ``standing`` was read.

    The conditional UPDATE settles the race of two people: its row lock holds
    until the transaction ends, also when the step is a deletion.
    """
    target = require(standing, action, now=now)
    changes: dict[str, object] = {"state": target or standing.state}
    if action is Action.START:
        changes["started_at"] = now
    if not Synchronization.objects.filter(pk=standing.row.pk, state=standing.state).update(**changes):
        raise Outdated(
            "Somebody else was faster: this synchronization has changed meanwhile. Look at it again."
        )
    if target is None:
        standing.row.delete()


def _seen_from(
    halves: Iterable[SynchronizationSide], row: Synchronization, site_id: uuid.UUID, space: str
) -> Standing:
    by_nearness = sorted(halves, key=lambda half: (half.site_id, half.space) != (site_id, space))
    own, partner = by_nearness
    return Standing(row, own, partner)
