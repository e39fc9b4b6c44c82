"""The two work items that somebody names by their keys, and what keeps them from being a pair.

What is wrong is said beside the key it is about. Of the partner space nothing
is told but whether the work item can be used: one in another space, one that
the app may not see and one that never existed have the same answer.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from backbone_app import gateway
from backbone_app.core import handshake, richtext
from backbone_app.core.configuration import Configuration, from_document
from backbone_app.core.state import View
from backbone_app.core.values import Item, Rich, Side
from backbone_app.errors import InvalidInput, Outdated, RemoteMissing
from backbone_app.jira import read
from backbone_app.jira.client import JiraClient
from backbone_app.ledger import people, standing
from backbone_app.ledger.standing import Caller, Standing
from backbone_app.models import Intent, PairSide, SynchronizationSide
from backbone_app.models.intent import IntentKind, IntentState
from backbone_app.models.site import SiteStatus

OWN: Final = "own_key"
PARTNER: Final = "partner_key"
_KEY: Final = re.compile(r"[A-Z][A-Z0-9_]{0,60}-[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the two, in its half of the synchronization; ``entry`` is where its key was entered."""

    entry: str
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
        known = None
        if one.half.site_id != other.half.site_id:
            known = people.known(one.client, one.half.site_id, _mentions(other.item))
        key = gateway.digest_key(one.half.site)
        return View(one.item.fields, key, type_id=one.item.type_id, people=known)


def connected(caller: Caller, space: str, synchronization_id: uuid.UUID) -> Standing:
    """Look the synchronization up; raises NotFound, and Outdated where its two sites cannot be asked."""
    seen = standing.find(caller.site_id, space, synchronization_id)
    must_be_connected(seen)
    return seen


def must_be_connected(seen: Standing) -> None:
    """Raise Outdated unless both sites of a synchronization can be asked about their work items."""
    if seen.state not in handshake.CONNECTED:
        raise Outdated("These two spaces are not connected: the request was not accepted.")
    if seen.other.site.status != SiteStatus.ENABLED:
        raise Outdated("Backbone Work Sync is not enabled on the partner's site at the moment.")


def configuration_of(seen: Standing) -> Configuration:
    """Load the configuration in force."""
    return from_document(seen.row.configurations.latest("version").document)


def client_of(half: SynchronizationSide, *, now: datetime) -> JiraClient:
    """Make a client for a half's site; the site's own account is known from then on."""
    gateway.known_account(half.site, clock=lambda: now)
    return gateway.client(half.site, clock=lambda: now)


def found(seen: Standing, *, own_key: str, partner_key: str, now: datetime) -> Candidates:
    """Read both work items as the app; a key that was moved leads to where its work item is now.

    Raises InvalidInput for what cannot be paired, with the reason, and the client's errors.
    """
    own = _read(OWN, seen.own, own_key, now=now)
    partner = _read(PARTNER, seen.other, partner_key, now=now)
    if (own.half.site_id, own.item.id) == (partner.half.site_id, partner.item.id):
        raise InvalidInput(PARTNER, "That is the same work item. Enter the one in the partner space.")
    candidates = Candidates(seen, configuration_of(seen), own, partner)
    for each in (own, partner):
        if each.item.space != each.half.space:
            raise _not_found(each.entry, each.half)
    _must_be_of_one_type(candidates)
    must_be_free(candidates)
    return candidates


def must_be_free(candidates: Candidates) -> None:
    """Raise InvalidInput for a work item that has a twin, or gets one, in this synchronization."""
    for each in (candidates.own, candidates.partner):
        obstacle = _paired(candidates, each) or _being_created(each)
        if obstacle:
            raise InvalidInput(each.entry, obstacle)


def _read(entry: str, half: SynchronizationSide, key: str, *, now: datetime) -> Candidate:
    wanted, client = key.strip().upper(), client_of(half, now=now)
    if _KEY.fullmatch(wanted) is None:
        raise InvalidInput(entry, f"Enter the key of a work item; it looks like {half.space_key}-42.")
    try:
        return Candidate(entry, half, client, read.item(client, wanted))
    except RemoteMissing as missing:
        raise _not_found(entry, half) from missing


def _not_found(entry: str, half: SynchronizationSide) -> InvalidInput:
    where = "your space" if entry == OWN else "the partner space"
    return InvalidInput(entry, f"It was not found in {where}, {half.space_name} ({half.space_key}).")


def _must_be_of_one_type(candidates: Candidates) -> None:
    types = {side: each.item.type_id for side, each in candidates.by_side.items()}
    if candidates.configuration.joint_row(types[Side.LEFT], types[Side.RIGHT]):
        return
    for each in (candidates.own, candidates.partner):
        if candidates.configuration.type_row(each.side, each.item.type_id) is None:
            name = each.item.type_name
            raise InvalidInput(each.entry, f"Its work type, {name}, is not synchronized.")
    own, partner = candidates.own.item.type_name, candidates.partner.item.type_name
    raise InvalidInput(PARTNER, f"Its work type, {partner}, is not synchronized with {own}.")


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
    creation = _creation(one, one.item.mark.nonce)
    if creation is None:
        return ""
    origin = PairSide.objects.filter(pair=creation.pair_id).exclude(side=creation.side).get()
    return f"It is being created as the twin of {origin.item_key}."


def _creation(one: Candidate, nonce: str) -> Intent | None:
    try:
        named = Intent.objects.filter(pk=uuid.UUID(nonce), site=one.half.site_id, kind=IntentKind.CREATE)
    except ValueError:
        return None  # not a nonce of ours: somebody wrote into the property
    of_this = named.filter(pair__synchronization=one.half.synchronization_id)
    return of_this.filter(state=IntentState.OPEN).first()


def _mentions(item: Item) -> frozenset[str]:
    texts = (text for text in item.fields.values() if isinstance(text, Rich))
    return frozenset[str]().union(*(richtext.mentions(text) for text in texts))
