"""A request from one space to another: send, look at, accept, decline, withdraw.

Jira is asked first and outside any transaction (for the person's rights, names,
shapes of spaces); then one short transaction takes the step, on the condition
that nobody else took one meanwhile.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from backbone_app import gateway
from backbone_app.core.configuration import Configuration, propose, to_document
from backbone_app.core.handshake import EXPIRY, Action, State
from backbone_app.core.values import Side
from backbone_app.errors import InvalidInput, NotAllowed, Outdated, RemoteMissing
from backbone_app.jira import read
from backbone_app.jira.client import JiraClient
from backbone_app.jira.read import SpaceRef
from backbone_app.ledger import access, standing
from backbone_app.ledger.standing import Caller, Standing
from backbone_app.models import PublishedConfiguration, Site, Synchronization, SynchronizationSide


@dataclass(frozen=True, slots=True)
class SpaceChoice:
    """A space as pages name it; ``id`` is Jira's project id."""

    id: str
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class SpaceChoices:
    """The caller's own space and all others of its site, by name."""

    own: SpaceChoice
    others: tuple[SpaceChoice, ...]


@dataclass(frozen=True, slots=True)
class Title:
    """What a synchronization is called."""

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as one of its two spaces may see it: names, before acceptance nothing else.

    ``message`` is what the declining side said; ``is_open`` is also true of an expired one.
    """

    id: uuid.UUID
    name: str
    description: str
    own: SpaceChoice
    partner: SpaceChoice
    status: str
    sent_at: datetime
    expires_at: datetime
    is_open: bool
    is_expired: bool
    message: str
    actions: tuple[Action, ...]


def spaces_to_choose(caller: Caller, space: str, *, now: datetime) -> SpaceChoices:
    """List the spaces of the site that ``space`` can be synchronized with."""
    client = _as_reader(caller, space, now=now)
    found = tuple(_choice(ref) for ref in read.spaces(client))
    own = next((each for each in found if each.id == space), None)
    if own is None:
        own = _choice(read.space(client, space))
    others = (each for each in found if each.id != space)
    return SpaceChoices(own, tuple(sorted(others, key=lambda each: (each.name.casefold(), each.key))))


def defaults(own: SpaceChoice, partner: SpaceChoice) -> Title:
    """Offer a name and a description for two spaces."""
    name = f"{own.key} \N{EN DASH} {partner.key}"
    return Title(name, f"Keeps work items of {own.name} and {partner.name} in step.")


def send(
    caller: Caller, space: str, *, partner_space: str, name: str, description: str, now: datetime
) -> uuid.UUID:
    """Send a request from ``space`` to ``partner_space`` of the same site; returns its id.

    Raises InvalidInput for what cannot be used and Outdated when the two spaces
    already share a synchronization or an open request.
    """
    client = _as_admin(caller, space, now=now)
    title = _checked(Title(name.strip(), description.strip()))
    if partner_space == space:
        raise InvalidInput("partner", "A space cannot be synchronized with itself. Choose another one.")
    own, partner = read.space(client, space), _partner(client, partner_space)
    try:
        return _open(caller, own, partner, title, now=now)
    except IntegrityError as taken:
        raise Outdated(
            f"{own.name} and {partner.name} already have a synchronization or an open request. "
            "Use that one, or delete it before you send a new request."
        ) from taken


def view(caller: Caller, space: str, request_id: uuid.UUID, *, now: datetime) -> RequestView:
    """Show a request to either of its spaces, also when it was declined or has expired."""
    _as_reader(caller, space, now=now)
    seen = standing.find(caller.site_id, space, request_id)
    return RequestView(
        id=seen.row.id,
        name=seen.own.name,
        description=seen.own.description,
        own=_half(seen.own),
        partner=_half(seen.partner),
        status=seen.status(now),
        sent_at=seen.row.created_at,
        expires_at=seen.row.expires_at,
        is_open=seen.state is State.REQUESTED,
        is_expired=seen.is_expired(now),
        message=seen.own.message or seen.partner.message,
        actions=seen.actions(now),
    )


def accept(caller: Caller, space: str, request_id: uuid.UUID, *, now: datetime) -> None:
    """Accept a request as an admin of the space it was sent to; it is STOPPED then.

    Whoever sent it must still administer the sending space. The first
    configuration is read from both spaces now: same-named types and fields.
    """
    client = _as_admin(caller, space, now=now)
    seen = standing.find(caller.site_id, space, request_id)
    standing.require(seen, Action.ACCEPT, now=now)
    sender = _client_of_sender(seen, now=now)
    offered = propose(read.shape(sender, seen.partner.space), read.shape(client, seen.own.space))
    _conclude(seen, caller, offered, now=now)


def decline(caller: Caller, space: str, request_id: uuid.UUID, *, message: str, now: datetime) -> None:
    """Decline a request as an admin of the space it was sent to; ``message`` may be empty."""
    _as_admin(caller, space, now=now)
    seen = standing.find(caller.site_id, space, request_id)
    with transaction.atomic():
        standing.move(seen, Action.DECLINE, now=now)
        _sign(seen, caller, message=_short("message", message.strip()))


def withdraw(caller: Caller, space: str, request_id: uuid.UUID, *, now: datetime) -> None:
    """Take a request back as an admin of the space that sent it; nothing of it remains."""
    _as_admin(caller, space, now=now)
    standing.move(standing.find(caller.site_id, space, request_id), Action.WITHDRAW, now=now)


@transaction.atomic
def _open(caller: Caller, own: SpaceRef, partner: SpaceRef, title: Title, *, now: datetime) -> uuid.UUID:
    """Store the request; the unique constraint on ``spaces`` raises IntegrityError for a second one."""
    spaces = "|".join(sorted(f"{caller.site_id}:{ref.id}" for ref in (own, partner)))
    expired = Synchronization.objects.filter(spaces=spaces, state=State.REQUESTED, expires_at__lte=now)
    expired.delete()
    row = Synchronization.objects.create(
        state=State.REQUESTED, spaces=spaces, created_at=now, expires_at=now + EXPIRY
    )
    for side, ref in ((Side.LEFT, own), (Side.RIGHT, partner)):
        SynchronizationSide.objects.create(
            synchronization=row,
            side=side,
            site_id=caller.site_id,
            space=ref.id,
            space_key=ref.key,
            space_name=ref.name,
            name=title.name,
            description=title.description,
            acted_by=(caller.account or "") if side is Side.LEFT else "",
        )
    return row.id


@transaction.atomic
def _conclude(seen: Standing, caller: Caller, offered: Configuration, *, now: datetime) -> None:
    standing.move(seen, Action.ACCEPT, now=now)
    _sign(seen, caller, message="")
    PublishedConfiguration.objects.create(
        synchronization=seen.row, version=1, document=to_document(offered), published_at=now
    )


def _sign(seen: Standing, caller: Caller, *, message: str) -> None:
    SynchronizationSide.objects.filter(pk=seen.own.pk).update(acted_by=caller.account or "", message=message)


def _client_of_sender(seen: Standing, *, now: datetime) -> JiraClient:
    """Make a client for the sending site, once Jira has confirmed the sender's right there again."""
    half = seen.partner
    client = gateway.client(half.site, clock=lambda: now)
    try:
        access.ask_space_admin(client, site_id=half.site_id, account=half.acted_by, space=half.space, now=now)
    except NotAllowed as lost:
        raise NotAllowed(
            "Whoever sent this request no longer has the Administer Space permission in "
            f"{half.space_name}. Ask an admin of that space to send a new request."
        ) from lost
    return client


def _as_admin(caller: Caller, space: str, *, now: datetime) -> JiraClient:
    """Make a client for the caller's site, after Jira said just now that they administer the space."""
    client = _client(caller, now=now)
    access.ask_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    return client


def _as_reader(caller: Caller, space: str, *, now: datetime) -> JiraClient:
    """Make one for looking only: Jira's answer may be a minute old."""
    client = _client(caller, now=now)
    access.known_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    return client


def _client(caller: Caller, *, now: datetime) -> JiraClient:
    return gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)


def _partner(client: JiraClient, space: str) -> SpaceRef:
    try:
        return read.space(client, space)
    except RemoteMissing as missing:
        raise InvalidInput("partner", "This space does not exist any more. Choose another one.") from missing


def _checked(title: Title) -> Title:
    if not title.name:
        raise InvalidInput("name", "Enter a name.")
    if len(title.name) > 120:
        raise InvalidInput("name", "The name is too long; it can have 120 characters.")
    _short("description", title.description)
    return title


def _short(field: str, text: str) -> str:
    if len(text) > 1000:
        raise InvalidInput(field, f"The {field} is too long; it can have 1000 characters.")
    return text


def _choice(ref: SpaceRef) -> SpaceChoice:
    return SpaceChoice(ref.id, ref.key, ref.name)


def _half(half: SynchronizationSide) -> SpaceChoice:
    return SpaceChoice(half.space, half.space_key, half.space_name)
