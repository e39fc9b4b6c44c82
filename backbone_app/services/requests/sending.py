"""Send a request, to a space of the same site or of another one."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NotRequired, TypedDict, Unpack
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from backbone_app import gateway
from backbone_app.core.handshake import EXPIRY, State
from backbone_app.core.notices import Event
from backbone_app.core.titles import Title, checked, short
from backbone_app.core.values import Side
from backbone_app.errors import InvalidInput, Outdated, RemoteMissing, TooMany
from backbone_app.jira import items, read
from backbone_app.jira.client import JiraClient
from backbone_app.jira.read import SpaceRef
from backbone_app.ledger import access, audit, departures, distant, notices, standing, unfinished
from backbone_app.ledger.audit import Act
from backbone_app.models import Site, Synchronization, SynchronizationSide
from backbone_app.models.callers import Caller
from backbone_app.models.site import SiteStatus
from backbone_app.models.synchronization import Mode
from backbone_app.services.requests.addressing import Addressee, parsed

_NOWHERE: Final = SpaceRef(id="", key="", name="")
_AN_HOUR: Final = timedelta(hours=1)
_MOST_AN_HOUR: Final = 60
"""Nobody needs more; somebody who tries keys would, and each is a call to the other site."""


class Entered(TypedDict):
    """What is entered for a request to another site; ``message`` is for those who are asked."""

    base_url: str
    space_key: str
    mode: str
    name: str
    description: str
    message: NotRequired[str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request before it is stored; ``spaces`` as its row has it, ``called``: the partner in words."""

    left: SynchronizationSide
    right: SynchronizationSide
    title: Title
    mode: Mode
    spaces: str
    called: str


def send(
    caller: Caller,
    space: str,
    *,
    partner_space: str,
    name: str,
    description: str,
    message: str = "",
    now: datetime,
) -> uuid.UUID:
    """Send a request from ``space`` to ``partner_space`` of the same site; returns its id.

    ``message`` is for those who are asked and may be empty. On one site every edit of the configuration is
    live at once. Raises InvalidInput for what cannot be used and Outdated when the two spaces already share
    a synchronization or an open request.
    """
    client = access.admin_of_space(caller, space, now=now)
    title, said = checked(Title(name, description)), short("message", message.strip())
    own, partner = read.space(client, space), _partner(client, caller, partner_space)
    if partner.id == own.id:
        raise InvalidInput("partner_space", "A space cannot be synchronized with itself. Choose another one.")
    left = _half(Side.LEFT, caller.site_id, own, acted_by=caller.account or "")
    right = _half(Side.RIGHT, caller.site_id, partner, asking_message=said)
    asked = _Asked(left, right, title, Mode.IMMEDIATE, standing.spaces_of(left, right), partner.name)
    with _as_the_only_one(asked):
        return _store(caller, asked, now=now)


def send_across(caller: Caller, space: str, *, now: datetime, **entered: Unpack[Entered]) -> uuid.UUID:
    """Send a request from ``space`` to the space with this key on another site; returns its id.

    Whether that space exists changes nothing here but the half that its own site
    will read. Raises InvalidInput for what cannot be used and Outdated when the
    caller's space already shows a synchronization or an open request with that key,
    TooMany where people of this site have sent very many within an hour.
    """
    client = access.admin_of_space(caller, space, now=now)
    _bound(caller, now=now)
    title = checked(Title(entered["name"], entered["description"]))
    said = short("message", entered.get("message", "").strip())
    to = parsed(caller, base_url=entered["base_url"], space_key=entered["space_key"])
    mode, site = _mode(entered["mode"]), distant.enabled_at(to.base_url)
    if site is None:
        raise _not_enabled(to)
    own, partner = read.space(client, space), _sought(site, to.space_key, now=now)
    left = _half(Side.LEFT, caller.site_id, own, acted_by=caller.account or "", asked_key=to.space_key)
    right = _half(Side.RIGHT, site.pk, partner, asking_message=said)
    # By the key, not by what was found: a second request must be refused alike for an unknown space.
    spaces = f"{caller.site_id}:{own.id}>{site.pk}:{to.space_key}"
    called = f"{to.space_key} on {urlsplit(to.base_url).netloc}"
    asked = _Asked(left, right, title, mode, spaces, called)
    with _as_the_only_one(asked):
        # Two requests that cross have nothing in common that is unique: they are sent one after the other.
        if departures.hold(caller.site_id, site.pk).get(site.pk) != SiteStatus.ENABLED:
            raise _not_enabled(to)
        if _shows(caller, space, site, to, now=now):
            raise _taken(asked)
        return _store(caller, asked, now=now)


def _mode(entered: str) -> Mode:
    if entered not in Mode.values:
        raise InvalidInput("mode", "Choose immediate or review.")
    return Mode(entered)


def _not_enabled(to: Addressee) -> InvalidInput:
    return InvalidInput("base_url", f"Backbone Work Sync is not enabled on {to.base_url}.")


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
        and each.current(now) not in (State.DECLINED, State.EXPIRED)
        for each in standing.of_space(caller.site_id, space)
    )


def _half(side: Side, site_id: uuid.UUID, ref: SpaceRef, **more: str) -> SynchronizationSide:
    """Make the half of a space; ``more`` are further columns of it."""
    names = {"space": ref.id, "space_key": ref.key, "space_name": ref.name}
    return SynchronizationSide(side=side, site_id=site_id, **names, **more)


@contextmanager
def _as_the_only_one(asked: _Asked) -> Iterator[None]:
    """Begin the transaction that stores a request; the constraint on ``spaces`` settles a race of two."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as taken:
        raise _taken(asked) from taken


def _store(caller: Caller, asked: _Asked, *, now: datetime) -> uuid.UUID:
    _drop_expired(asked.spaces, now=now)
    row = Synchronization.objects.create(
        state=State.REQUESTED,
        mode=asked.mode,
        spaces=asked.spaces,
        created_at=now,
        expires_at=now + EXPIRY,
    )
    for half in (asked.left, asked.right):
        half.synchronization, half.name, half.description = row, asked.title.name, asked.title.description
        half.save()
    audit.note_shared(caller, Act.REQUEST_SENT, asked.left, asked.right, now=now)
    notices.note_half(asked.right, asked.left, Event.REQUEST_SENT, now=now)
    unfinished.drop(caller.site_id, asked.left.space, caller.account or "")
    return row.id


def _drop_expired(spaces: str, *, now: datetime) -> None:
    """Make room for a new request between the same spaces.

    The rows are locked: somebody whose clock is behind ours may be accepting one just now.
    """
    expired = Synchronization.objects.filter(spaces=spaces, state=State.REQUESTED, expires_at__lte=now)
    for row in expired.select_for_update().prefetch_related("sides__site"):
        left, right = sorted(row.sides.all(), key=lambda half: half.side)
        audit.note_dropped(left, right, now=now)
        row.delete()


def _taken(asked: _Asked) -> Outdated:
    return Outdated(
        f"{asked.left.space_name} and {asked.called} already have a synchronization or an open request. "
        "Use that one, or delete it before you send a new request."
    )
