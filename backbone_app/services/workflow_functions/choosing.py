"""Which synchronizations a Jira admin can choose for a post function, and which one a workflow has."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from backbone_app import gateway
from backbone_app.core import handshake
from backbone_app.jira import post_functions
from backbone_app.ledger import access
from backbone_app.ledger.standing import Standing
from backbone_app.models import Site, SynchronizationSide
from backbone_app.models.callers import Caller


@dataclass(frozen=True, slots=True)
class Choice:
    """A synchronization of the site: its name there, the own space and the partner as pages call them."""

    id: uuid.UUID
    name: str
    own: str
    partner: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen, by name, and what a workflow has; ``is_lost``: that is not there any more."""

    all: tuple[Choice, ...]
    chosen: Choice | None
    is_lost: bool


def choices(caller: Caller, configuration: str, *, now: datetime) -> Choices:
    """List the accepted synchronizations of the site, and look up the one that ``configuration`` names.

    ``configuration`` is what our page once stored in a workflow, empty for a new post function; nobody
    vouches for it. Raises NotAllowed for who is no Jira admin.
    """
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.known_jira_admin(client, site_id=caller.site_id, account=caller.account, now=now)
    found = sorted(_accepted(caller.site_id), key=lambda each: (each.name.casefold(), each.id))
    named = post_functions.chosen(configuration) if configuration else None
    chosen = next((each for each in found if each.id == named), None)
    return Choices(tuple(found), chosen, is_lost=bool(configuration) and chosen is None)


def _accepted(site_id: uuid.UUID) -> Iterable[Choice]:
    """Give each once: one within the site from its left side."""
    mine = SynchronizationSide.objects.filter(
        site_id=site_id, synchronization__state__in=handshake.CONNECTED
    ).values("synchronization_id")
    halves = SynchronizationSide.objects.filter(synchronization__in=mine).select_related(
        "site", "synchronization"
    )
    by_row: dict[uuid.UUID, list[SynchronizationSide]] = {}
    for half in halves.order_by("side"):
        by_row.setdefault(half.synchronization_id, []).append(half)
    for row, both in by_row.items():
        own, other = sorted(both, key=lambda half: half.site_id != site_id)
        partner = Standing(own.synchronization, own, other).partner
        yield Choice(row, own.name, f"{own.space_name} ({own.space_key})", partner.label)
