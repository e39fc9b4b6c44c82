"""The two work items that somebody names by their keys, and what keeps them from being a pair.

What is wrong is said beside the key it is about. The own work item has to be
one that the person may browse. Of the partner space nothing is told but whether
the work item can be used: one of another space or work type, one that the app
may not see and one that never existed have the same answer.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from backbone_app import gateway
from backbone_app.core import handshake, texts
from backbone_app.core.configuration import Configuration, from_document
from backbone_app.core.state import View
from backbone_app.core.values import Item, Side
from backbone_app.errors import InvalidInput, Outdated, RemoteMissing
from backbone_app.jira import read
from backbone_app.jira.client import JiraClient
from backbone_app.ledger import glances, observations, people, standing
from backbone_app.ledger.standing import Standing
from backbone_app.models import PairSide, SynchronizationSide
from backbone_app.models.callers import Caller
from backbone_app.models.intent import IntentState
from backbone_app.models.site import AT_WORK

OWN: Final = "own_key"
PARTNER: Final = "partner_key"
_KEY: Final = re.compile(r"[A-Z][A-Z0-9_]{0,60}-[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the two, in its half of the synchronization."""

    half: SynchronizationSide
    client: JiraClient
    item: Item

    @property
    def side(self) -> Side:
        """The side it is on."""
        return Side(self.half.side)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Two work items that may become a pair of the synchronization."""

    seen: Standing
    configuration: Configuration
    own: Candidate
    partner: Candidate

    @property
    def by_side(self) -> Mapping[Side, Candidate]:
        """The two by their sides."""
        return {each.side: each for each in (self.own, self.partner)}

    def views(self) -> dict[Side, View]:
        """Give what the planner takes; raises the client's errors where somebody mentioned is asked for."""
        return {side: self._view(each) for side, each in self.by_side.items()}

    def _view(self, one: Candidate) -> View:
        other = self.by_side[one.side.other]
        known, site = None, one.half.site_id
        if site != other.half.site_id:
            known = people.known(one.client, site, _mentions(other.item), of=other.client)
        names = people.names_for(one.client, site, _mentions(one.item), to=other.client)
        key = gateway.digest_key(one.half.site)
        return View(one.item.fields, key, type_id=one.item.type_id, people=known, names=names)


def connected(caller: Caller, space: str, synchronization_id: uuid.UUID) -> Standing:
    """Look the synchronization up; raises NotFound, and Outdated where its two sites cannot be asked."""
    seen = standing.find(caller.site_id, space, synchronization_id)
    must_be_connected(seen)
    return seen


def must_be_connected(seen: Standing) -> None:
    """Raise Outdated unless both sites of a synchronization can be asked about their work items."""
    if seen.state not in handshake.CONNECTED:
        raise Outdated("These two spaces are not connected: the request was not accepted.")
    if seen.other.site.status not in AT_WORK:
        raise Outdated("Backbone Work Sync is not enabled on the partner's site at the moment.")


def configuration_of(seen: Standing) -> Configuration:
    """Load the configuration in force."""
    return from_document(seen.row.configurations.latest("version").document)


def client_of(half: SynchronizationSide, *, beside: SynchronizationSide, now: datetime) -> JiraClient:
    """Make a client for a half's site, whose texts are held against those ``beside`` it.

    The site's own account is known from then on.
    """
    gateway.known_account(half.site, clock=lambda: now)
    return gateway.client(half.site, clock=lambda: now, beside=beside.site)


def may_browse(client: JiraClient, caller: Caller, item: str, *, now: datetime) -> bool:
    """Whether the caller may see a work item of the own site; Jira's answer, at most a minute old."""
    account = caller.account or ""
    return item in glances.browsable(client, site_id=caller.site_id, account=account, items=[item], now=now)


def keeps_values(seen: Standing) -> bool:
    """Whether both sides' activity keeps a value that gives way; else it is in Jira's history only."""
    return all(half.site.retention_days for half in (seen.own, seen.other))


def found(seen: Standing, caller: Caller, *, own_key: str, partner_key: str, now: datetime) -> Candidates:
    """Read both work items as the app; a key that was moved leads to where its work item is now.

    Raises InvalidInput for what cannot be paired, with the reason, and the client's errors.
    """
    configuration = configuration_of(seen)
    own = _own(seen, configuration, caller, own_key, now=now)
    partner = _read(PARTNER, seen.other, partner_key, beside=seen.own, now=now)
    types = {one.side: one.item.type_id for one in (own, partner) if one}
    if partner is None or not configuration.joint_row(types[Side.LEFT], types[Side.RIGHT]):
        where = f"{seen.other.space_name} ({seen.other.space_key})"
        why = f"or its work type is not synchronized with that of {own.item.key}"
        raise InvalidInput(PARTNER, f"It was not found in the partner space, {where}, {why}.")
    candidates = Candidates(seen, configuration, own, partner)
    must_be_free(candidates)
    return candidates


def must_be_free(candidates: Candidates) -> None:
    """Raise InvalidInput for a work item that has a twin, or gets one, in this synchronization."""
    for entry, each in ((OWN, candidates.own), (PARTNER, candidates.partner)):
        obstacle = _paired(candidates, each) or _being_created(each)
        if obstacle:
            raise InvalidInput(entry, obstacle)


def _own(
    seen: Standing, configuration: Configuration, caller: Caller, key: str, *, now: datetime
) -> Candidate:
    own = _read(OWN, seen.own, key, beside=seen.other, now=now)
    if own is None or not may_browse(own.client, caller, own.item.id, now=now):
        where = f"{seen.own.space_name} ({seen.own.space_key})"
        raise InvalidInput(OWN, f"It was not found in your space, {where}.")
    if configuration.type_row(own.side, own.item.type_id) is None:
        raise InvalidInput(OWN, f"Its work type, {own.item.type_name}, is not synchronized.")
    return own


def _read(
    entry: str, half: SynchronizationSide, key: str, *, beside: SynchronizationSide, now: datetime
) -> Candidate | None:
    """Read a work item of the half's space; None for whatever is not there."""
    wanted, client = key.strip().upper(), client_of(half, beside=beside, now=now)
    if _KEY.fullmatch(wanted) is None:
        raise InvalidInput(entry, f"Enter the key of a work item; it looks like {half.space_key}-42.")
    try:
        item = read.item(client, wanted)
    except RemoteMissing:
        return None
    return Candidate(half, client, item) if item.space == half.space else None


def _paired(candidates: Candidates, one: Candidate) -> str:
    """Say whose twin the work item is; empty where it has no pair in this synchronization."""
    halves = PairSide.objects.filter(synchronization=candidates.seen.row)
    half = halves.filter(site=one.half.site_id, item=one.item.id).first()
    if half is None:
        return ""
    twin = halves.filter(pair=half.pair_id).exclude(pk=half.pk).get()
    if not twin.item:
        return "A twin of it is being created."
    partner = candidates.by_side[one.side.other]
    if (twin.site_id, twin.item) == (partner.half.site_id, partner.item.id):
        return "These two are a pair already."
    return f"It is already the twin of {twin.item_key}."


def _being_created(one: Candidate) -> str:
    """Say whose twin it is going to be: it carries the nonce of a creation that is not settled yet."""
    if one.item.mark is None or one.item.creator != one.client.account:
        return ""  # a mark on somebody else's work item is a clone's
    creation = observations.creation(one.half.site_id, one.item.mark.nonce)
    if creation is None or creation.state != IntentState.OPEN:
        return ""
    if creation.pair.synchronization_id != one.half.synchronization_id:
        return ""
    origin = PairSide.objects.filter(pair=creation.pair_id).exclude(side=creation.side).get()
    return f"It is being created as the twin of {origin.item_key}."


def _mentions(item: Item) -> frozenset[str]:
    return texts.mentions(item.fields.values())
