"""A site's remote licence as its Jira admins see it, and what takes its endpoints.

They administer the site, so they are told the names and keys of its own spaces; of a partner site they are
told the address and no more.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.conf import settings

from backbone_app import gateway
from backbone_app.core.handshake import State
from backbone_app.core.remote_licence import Terms
from backbone_app.ledger import access, endpoints
from backbone_app.models import RemoteLicence, Site, SynchronizationSide
from backbone_app.models.callers import Caller

URGENT: Final = 7


@dataclass(frozen=True, slots=True)
class Kept:
    """The licence that was uploaded last.

    ``is_accepted``: the service still takes what its key has signed. ``expires_on`` is its last day, by UTC.
    """

    holder: str
    creator: str
    created_on: date
    expires_on: date
    endpoints: int
    is_evaluation: bool
    is_accepted: bool
    is_over: bool
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class Use:
    """A synchronization of a space of the own site that holds an endpoint, running or paused."""

    id: UUID
    name: str
    space_key: str
    is_running: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A partner site that takes an endpoint; ``is_covered``: the licence reaches for it at present."""

    address: str
    is_covered: bool
    since: datetime
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """How it stands with a site's remote licence.

    ``is_offered``: this service has remote licences at all. ``notice`` says that the licence ends soon,
    or is over, or is not accepted; empty where all is well. ``is_urgent``: that is so within ``URGENT`` days.
    """

    is_offered: bool
    licence: Kept | None
    free: int
    taken: tuple[Taken, ...]
    notice: str
    is_urgent: bool

    @property
    def used(self) -> int:
        """How many of the licence's endpoints are taken."""
        return min(len(self.taken), self.licence.endpoints) if self.licence else 0

    @property
    def uncovered(self) -> int:
        """How many partner sites the licence does not reach for."""
        return sum(not each.is_covered for each in self.taken)

    @property
    def running(self) -> int:
        """How many synchronizations run that would pause without the licence."""
        return sum(use.is_running for each in self.taken for use in each.uses)


def show(caller: Caller, *, now: datetime) -> Shown:
    """Show the licence to a Jira admin; who that is is asked of Jira. Raises what asking raises."""
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.known_jira_admin(client, site_id=caller.site_id, account=caller.account, now=now)
    row = RemoteLicence.objects.filter(site=caller.site_id).first()
    terms = endpoints.terms(caller.site_id)
    notice, is_urgent = _notice(terms, now=now) if row else ("", False)
    return Shown(
        is_offered=bool(settings.BACKBONE_LICENCE_PUBLIC_KEY),
        licence=_kept(row, is_accepted=terms is not None, now=now) if row else None,
        free=endpoints.free(caller.site_id, now=now),
        taken=taken(caller.site_id, granted=terms.granted(now) if terms else 0),
        notice=notice,
        is_urgent=is_urgent,
    )


def taken(site_id: UUID, *, granted: int) -> tuple[Taken, ...]:
    """List the partner sites that take endpoints, in the order in which ``granted`` ones are covered."""
    rows = endpoints.in_order(site_id)
    uses = _uses(site_id, [each.remote_id for each in rows])
    return tuple(
        Taken(each.remote.base_url, place < granted, each.taken_at, tuple(uses.get(each.remote_id, ())))
        for place, each in enumerate(rows)
    )


def _kept(row: RemoteLicence, *, is_accepted: bool, now: datetime) -> Kept:
    return Kept(
        holder=row.holder,
        creator=row.creator,
        created_on=row.created_on,
        expires_on=row.expires_on,
        endpoints=row.endpoints,
        is_evaluation=row.is_evaluation,
        is_accepted=is_accepted,
        is_over=endpoints.terms_of(row).is_over(now),
        uploaded_at=row.uploaded_at,
    )


def _notice(terms: Terms | None, *, now: datetime) -> tuple[str, bool]:
    """Say what is the matter with the licence that was uploaded, and whether it is urgent."""
    if terms is None:
        refused = (
            "This service does not accept this licence any more: the key that signed it is out of use. "
            "It covers nothing. Ask for a new one and upload it."
        )
        return refused, True
    if terms.is_over(now):
        over = (
            f"This licence has expired: its last day was {terms.last_day}. It covers nothing. What it "
            "covered is paused and goes on by itself once you upload a new one."
        )
        return over, True
    if ending := terms.notice(now):
        soon = f"{ending.sentence} Then what it covers pauses. Upload a new one before."
        return soon, ending.days <= URGENT
    return "", False


def _uses(site_id: UUID, remotes: Sequence[UUID]) -> Mapping[UUID, Sequence[Use]]:
    """Give what holds the endpoints of these partner sites, by their ids, in two queries."""
    there = SynchronizationSide.objects.filter(
        site__in=remotes, synchronization__state__in=(State.RUNNING, State.PAUSED)
    )
    remote_of = dict(there.values_list("synchronization_id", "site_id"))
    here = SynchronizationSide.objects.filter(site=site_id, synchronization__in=remote_of)
    found: dict[UUID, list[Use]] = defaultdict(list)
    for half in here.select_related("synchronization").order_by("space_key", "name", "pk"):
        is_running = half.synchronization.state == State.RUNNING
        use = Use(half.synchronization_id, half.name, half.space_key, is_running)
        found[remote_of[half.synchronization_id]].append(use)
    return found
