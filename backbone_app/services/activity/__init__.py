"""What was done to work items, why, and through whose edit: a synchronization's feed, and one work item's.

Whoever administers a space may read the feed of its synchronizations; values
only of work items that Jira lets them see. Whoever may see a work item may read
what happened to it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from backbone_app import gateway
from backbone_app.core.values import Side
from backbone_app.errors import HeldOff, RemoteError
from backbone_app.jira.client import JiraClient
from backbone_app.ledger import access, glances, people, standing
from backbone_app.models import JournalEntry, PairSide, Site
from backbone_app.models.callers import Caller
from backbone_app.models.intent import JournalKind
from backbone_app.services.activity.lines import Activity, Flow, Line, Only, Person, Row, Source, Values
from backbone_app.services.activity.reading import COMMENTS, WRITES, Reader, Seen, line, see

__all__ = [
    "Activity",
    "Flow",
    "Line",
    "Only",
    "Person",
    "Row",
    "Source",
    "Stretch",
    "Values",
    "of_item",
    "of_synchronization",
]

PAGE: Final = 25
MOST: Final = 200
RECENT: Final = 10

TROUBLE: Final = frozenset({JournalKind.STUCK, JournalKind.FAILED})
CONFLICTS: Final = frozenset({JournalKind.CONFLICT})
SHARED: Final = WRITES | TROUBLE
"""What a side may know of the partner's half: that it was written to, or could not be."""

KINDS: Final[Mapping[Only, tuple[frozenset[JournalKind], frozenset[JournalKind]]]] = {
    Only.ALL: (frozenset(JournalKind), SHARED),
    Only.RECEIVED: (WRITES, frozenset()),
    Only.SENT: (frozenset(), WRITES),
    Only.COMMENTS: (COMMENTS, COMMENTS & SHARED),
    Only.CONFLICTS: (CONFLICTS, frozenset()),
    Only.TROUBLE: (TROUBLE, TROUBLE),
}
"""By filter: kinds of the own half, kinds of the partner's."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which part of the feed: what is older than line ``before``, or the newest down to line ``down_to``.

    Neither: the newest page.
    """

    before: int | None = None
    down_to: int | None = None


NEWEST: Final = Stretch()


def of_synchronization(
    caller: Caller,
    space: str,
    synchronization_id: UUID,
    *,
    stretch: Stretch = NEWEST,
    only: Only = Only.ALL,
    now: datetime,
) -> Activity:
    """Tell what happened in a synchronization of a space, newest first, a page at a time.

    Raises NotFound for a synchronization the space has no part in, NotAllowed
    for who does not administer the space, and RemoteError.
    """
    site = Site.objects.get(pk=caller.site_id)
    client = gateway.client(site, clock=lambda: now)
    access.known_space_admin(client, site_id=site.pk, account=caller.account, space=space, now=now)
    seen = standing.find(site.pk, space, synchronization_id)
    scope = Q(synchronization=seen.row) & _of_side(seen.side, only)
    entries, older = _entries(scope, stretch, size=PAGE)
    told = see(entries, {entry.pair_id: seen.side for entry in entries})
    items = {one.half(one.own).item for one in told if one.is_own} - {""}
    browsable = _browsable(client, caller, items, now=now)
    reader = Reader(site.base_url, _names(client, site, told), browsable)
    return Activity(tuple(line(one, reader) for one in told), older, seen.own.name)


def of_item(caller: Caller, item: str, *, stretch: Stretch = NEWEST, now: datetime) -> Activity:
    """Tell what happened to a work item (Jira's id) and its twins, newest first; the last ten, then more.

    Raises NotFound for who may not browse the work item, and RemoteError.
    """
    site = Site.objects.get(pk=caller.site_id)
    client = gateway.client(site, clock=lambda: now)
    glances.known_place(client, site_id=site.pk, account=caller.account, item=item, now=now)
    halves = PairSide.objects.filter(site=site, item=item).values_list("pair_id", "side")
    sides = {pair_id: Side(side) for pair_id, side in halves}
    scope = Q(pk__in=[])
    for side in Side:
        mine = [pair_id for pair_id, own in sides.items() if own is side]
        scope |= Q(pair__in=mine) & _of_side(side, Only.ALL)
    entries, older = _entries(scope, stretch, size=RECENT)
    told = see(entries, sides)
    reader = Reader(site.base_url, _names(client, site, told), frozenset({item}))
    return Activity(tuple(line(one, reader) for one in told), older)


def _browsable(
    client: JiraClient, caller: Caller, items: Collection[str], *, now: datetime
) -> frozenset[str]:
    """Leave what the person may see; where Jira must not be asked now, what is still remembered."""
    site_id, account = caller.site_id, caller.account or ""
    try:
        return glances.browsable(client, site_id=site_id, account=account, items=items, now=now)
    except HeldOff:
        return glances.remembered(site_id=site_id, account=account, items=items, now=now)


def _of_side(side: Side, only: Only) -> Q:
    own, partner = KINDS[only]
    return Q(side=side, kind__in=own) | Q(side=side.other, kind__in=partner)


def _entries(scope: Q, stretch: Stretch, *, size: int) -> tuple[Sequence[JournalEntry], int | None]:
    """Load one stretch, and what to ask for next; three queries however many lines there are."""
    found = (
        JournalEntry.objects.filter(scope).select_related("intent", "pair").prefetch_related("pair__sides")
    )
    if stretch.before is not None:
        found = found.filter(pk__lt=stretch.before)
    if stretch.down_to is not None:
        found, size = found.filter(pk__gte=stretch.down_to), MOST
    entries = list(found.order_by("-pk")[: size + 1])
    shown = entries[:size]
    older = shown[-1].pk if len(entries) > size else None
    # Of a pair that was deleted since only the entry was read, not its halves.
    return [entry for entry in shown if entry.pair.sides.all()], older


def _names(client: JiraClient, site: Site, told: Sequence[Seen]) -> Mapping[str, str]:
    """Look up the names a page needs; where Jira does not answer, people go without one."""
    accounts = frozenset[str]().union(*(one.accounts() for one in told))
    try:
        return people.names(client, site.pk, accounts)
    except RemoteError:
        return {}
