"""Send a request, to a space of the same site or of another one."""

import uuid
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from backbone_app import gateway
from backbone_app.core.handshake import EXPIRY, State
from backbone_app.core.notices import Event
from backbone_app.core.values import Side
from backbone_app.errors import InvalidInput, Outdated, RemoteMissing, TooMany
from backbone_app.jira import items, read
from backbone_app.jira.client import JiraClient
from backbone_app.jira.read import SpaceRef
from backbone_app.ledger import audit, notices, standing
from backbone_app.ledger.audit import Act
from backbone_app.models import Site, Synchronization, SynchronizationSide
from backbone_app.models.callers import Caller
from backbone_app.models.synchronization import Mode
from backbone_app.services.requests.addressing import Addressee, enabled_site, parsed
from backbone_app.services.requests.rights import as_admin
from backbone_app.services.requests.spaces import Title, checked

_NOWHERE: Final = SpaceRef(id="", key="", name="")
_AN_HOUR: Final = timedelta(hours=1)
_MOST_AN_HOUR: Final = 60
"""Nobody needs more; somebody who tries keys would, and each is a call to the other site."""


def send(
    caller: Caller, space: str, *, partner_space: str, name: str, description: str, now: datetime
) -> uuid.UUID:
    """Send a request from ``space`` to ``partner_space`` of the same site; returns its id.

    Raises InvalidInput for what cannot be used and Outdated when the two spaces
    already share a synchronization or an open request.
    """
    client = as_admin(caller, space, now=now)
    title = checked(Title(name, description))
    own, partner = read.space(client, space), _partner(client, caller, partner_space)
    if partner.id == own.id:
        raise InvalidInput("partner_space", "A space cannot be synchronized with itself. Choose another one.")
    left = _half(Side.LEFT, caller.site_id, own, acted_by=caller.account or "")
    right = _half(Side.RIGHT, caller.site_id, partner)
    spaces = standing.spaces_of(left, right)
    return _open(caller, left, right, title, spaces=spaces, called=partner.name, now=now)


def send_across(
    caller: Caller,
    space: str,
    *,
    base_url: str,
    space_key: str,
    mode: str,
    name: str,
    description: str,
    now: datetime,
) -> uuid.UUID:
    """Send a request from ``space`` to the space with this key on another site; returns its id.

    Whether that space exists changes nothing here but the half that its own site
    will read. Raises InvalidInput for what cannot be used and Outdated when the
    caller's space already shows a synchronization or an open request with that key,
    TooMany where people of this site have sent very many within an hour.
    """
    client = as_admin(caller, space, now=now)
    _bound(caller, now=now)
    title = checked(Title(name, description))
    to = parsed(caller, base_url=base_url, space_key=space_key)
    if mode != Mode.IMMEDIATE:
        raise InvalidInput("mode", "Only immediate can be chosen.")
    site = enabled_site(to.base_url)
    if site is None:
        raise InvalidInput("base_url", f"Backbone Work Sync is not enabled on {to.base_url}.")
    own, partner = read.space(client, space), _sought(site, to.space_key, now=now)
    called = f"{to.space_key} on {urlsplit(to.base_url).netloc}"
    if _shows(caller, space, site, to, now=now):
        raise _taken(own.name, called)
    left = _half(Side.LEFT, caller.site_id, own, acted_by=caller.account or "", asked_key=to.space_key)
    right = _half(Side.RIGHT, site.pk, partner)
    # By the key, not by what was found: a second request must be refused alike for an unknown space.
    spaces = f"{caller.site_id}:{own.id}>{site.pk}:{to.space_key}"
    return _open(caller, left, right, title, spaces=spaces, called=called, now=now)


def _bound(caller: Caller, *, now: datetime) -> None:
    if audit.count_of_people(caller.site_id, Act.REQUEST_SENT, since=now - _AN_HOUR) >= _MOST_AN_HOUR:
        raise TooMany(
            _AN_HOUR.total_seconds(),
            sentence=f"From this Jira site {_MOST_AN_HOUR} requests were sent within the last hour.",
        )


def _partner(client: JiraClient, caller: Caller, space: str) -> SpaceRef:
    """Read a space of the same site; one that the person may not browse is none."""
    if not items.identifier(space):
        raise _unusable()
    try:
        found = read.space(client, space)
    except RemoteMissing as missing:
        raise _unusable() from missing
    if not read.may_browse(client, account=caller.account or "", spaces=[found.id]):
        raise _unusable()
    return found


def _unusable() -> InvalidInput:
    return InvalidInput("partner_space", "This space does not exist any more. Choose another one.")


def _sought(site: Site, key: str, *, now: datetime) -> SpaceRef:
    """Look the space up with that site's own client; nowhere when it is not there or hidden from us."""
    try:
        return read.space(gateway.client(site, clock=lambda: now), key)
    except RemoteMissing:
        return _NOWHERE


def _shows(caller: Caller, space: str, site: Site, to: Addressee, *, now: datetime) -> bool:
    """Whether the overview of ``space`` already shows something with that key of that site."""
    return any(
        each.other.site_id == site.pk
        and each.partner.key == to.space_key
        and each.state is not State.DECLINED
        and not each.is_expired(now)
        for each in standing.of_space(caller.site_id, space)
    )


def _half(
    side: Side, site_id: uuid.UUID, ref: SpaceRef, *, acted_by: str = "", asked_key: str = ""
) -> SynchronizationSide:
    return SynchronizationSide(
        side=side,
        site_id=site_id,
        space=ref.id,
        space_key=ref.key,
        space_name=ref.name,
        asked_key=asked_key,
        acted_by=acted_by,
    )


def _open(
    caller: Caller,
    left: SynchronizationSide,
    right: SynchronizationSide,
    title: Title,
    *,
    spaces: str,
    called: str,
    now: datetime,
) -> uuid.UUID:
    """Store the request; the unique constraint on ``spaces`` settles the race of two."""
    try:
        with transaction.atomic():
            made = _store(left, right, title, spaces=spaces, now=now)
            audit.note_shared(caller, Act.REQUEST_SENT, left, right, now=now)
            notices.note_half(right, left, Event.REQUEST_SENT, now=now)
            return made
    except IntegrityError as taken:
        raise _taken(left.space_name, called) from taken


def _store(
    left: SynchronizationSide, right: SynchronizationSide, title: Title, *, spaces: str, now: datetime
) -> uuid.UUID:
    _drop_expired(spaces, now=now)
    row = Synchronization.objects.create(
        state=State.REQUESTED, spaces=spaces, created_at=now, expires_at=now + EXPIRY
    )
    for half in (left, right):
        half.synchronization, half.name, half.description = row, title.name, title.description
        half.save()
    return row.id


def _drop_expired(spaces: str, *, now: datetime) -> None:
    """Make room for a new request between the same spaces."""
    expired = Synchronization.objects.filter(spaces=spaces, state=State.REQUESTED, expires_at__lte=now)
    for row in expired.prefetch_related("sides__site"):
        left, right = sorted(row.sides.all(), key=lambda half: half.side)
        audit.note_dropped(left, right, now=now)
        row.delete()


def _taken(own: str, partner: str) -> Outdated:
    return Outdated(
        f"{own} and {partner} already have a synchronization or an open request. "
        "Use that one, or delete it before you send a new request."
    )
