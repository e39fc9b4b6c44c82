"""Look at a request and answer it: accept, decline, withdraw."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from backbone_app import gateway
from backbone_app.core.configuration import Configuration, propose, to_document
from backbone_app.core.handshake import Action, State
from backbone_app.core.notices import Event
from backbone_app.core.titles import short
from backbone_app.core.values import Side
from backbone_app.errors import NotAllowed, Outdated, RemoteError
from backbone_app.jira import read
from backbone_app.jira.client import JiraClient
from backbone_app.ledger import access, audit, departures, notices, people, standing
from backbone_app.ledger.audit import Act
from backbone_app.ledger.standing import Partner, Standing
from backbone_app.models import PublishedConfiguration, SynchronizationSide
from backbone_app.models.callers import Caller
from backbone_app.models.site import SiteStatus
from backbone_app.services.requests.spaces import MODES, SpaceChoice


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request as one of its two spaces may see it: names, before acceptance nothing else.

    ``asked_by`` is what the person is called who asked, and ``asking_message`` what they wrote; both are for
    those who were asked, and empty for the others. ``message`` is what the declining side said; ``is_open``
    is also true of an expired one.
    """

    id: uuid.UUID
    name: str
    description: str
    mode: str
    mode_means: str
    own: SpaceChoice
    partner: Partner
    status: str
    sent_at: datetime
    expires_at: datetime
    is_open: bool
    is_expired: bool
    asked_by: str
    asking_message: str
    message: str
    actions: tuple[Action, ...]


def view(caller: Caller, space: str, request_id: uuid.UUID, *, now: datetime) -> RequestView:
    """Show a request to either of its spaces, also when it was declined or has expired."""
    access.reader_of_space(caller, space, now=now)
    seen = standing.find(caller.site_id, space, request_id)
    own = seen.own
    return RequestView(
        id=seen.row.id,
        name=own.name,
        description=own.description,
        mode=seen.row.mode,
        mode_means=MODES[seen.row.mode],
        own=SpaceChoice(own.space, own.space_key, own.space_name),
        partner=seen.partner,
        status=seen.status(now),
        sent_at=seen.row.created_at,
        expires_at=seen.row.expires_at,
        is_open=seen.state is State.REQUESTED,
        is_expired=seen.current(now) is State.EXPIRED,
        asked_by=_asker(seen, now=now),
        asking_message=own.asking_message,
        message=own.message,
        actions=seen.actions(now),
    )


def asker(caller: Caller, space: str, request_id: uuid.UUID, *, now: datetime) -> str:
    """Say what the person is called who sent a request, to those who were asked; empty where nobody knows."""
    access.reader_of_space(caller, space, now=now)
    return _asker(standing.find(caller.site_id, space, request_id), now=now)


def accept(caller: Caller, space: str, request_id: uuid.UUID, *, now: datetime) -> None:
    """Accept a request as an admin of the space it was sent to; it is STOPPED then.

    Whoever sent it must still be allowed to act for the sending space. The first
    configuration is read from both spaces now: same-named types and fields. Raises Closed
    for one that was answered or has expired, Outdated where a site left or somebody was faster.
    """
    client = access.admin_of_space(caller, space, now=now)
    seen = standing.find(caller.site_id, space, request_id)
    standing.require(seen, Action.ACCEPT, now=now)
    sender = _client_of_sender(seen, now=now)
    offered = propose(read.shape(sender, seen.other.space), read.shape(client, seen.own.space))
    _conclude(seen, caller, offered, now=now)


@transaction.atomic
def _conclude(seen: Standing, caller: Caller, offered: Configuration, *, now: datetime) -> None:
    # Jira was asked outside the transaction: a site may have removed the app in the meantime.
    statuses = departures.hold(seen.own.site_id, seen.other.site_id)
    if statuses.get(seen.other.site_id) != SiteStatus.ENABLED:
        raise _sender_is_gone()
    if statuses.get(seen.own.site_id) != SiteStatus.ENABLED:
        raise Outdated("Backbone Work Sync is no longer enabled on this site, so nothing was accepted.")
    standing.move(seen, Action.ACCEPT, now=now)
    audit.note_shared(caller, Act.REQUEST_ACCEPTED, seen.own, seen.other, now=now)
    notices.note_half(seen.other, seen.own, Event.REQUEST_ACCEPTED, now=now)
    _sign(seen, caller)
    PublishedConfiguration.objects.create(
        synchronization=seen.row, version=1, document=to_document(offered), published_at=now
    )


def decline(caller: Caller, space: str, request_id: uuid.UUID, *, message: str, now: datetime) -> None:
    """Decline a request as an admin of the space it was sent to; ``message`` may be empty."""
    access.admin_of_space(caller, space, now=now)
    seen = standing.find(caller.site_id, space, request_id)
    said = short("message", message.strip())
    with transaction.atomic():
        standing.move(seen, Action.DECLINE, now=now)
        audit.note_shared(caller, Act.REQUEST_DECLINED, seen.own, seen.other, now=now)
        notices.note_half(seen.other, seen.own, Event.REQUEST_DECLINED, now=now)
        _sign(seen, caller)
        # To both halves: it is said to the other side, which reads its own half only.
        SynchronizationSide.objects.filter(synchronization=seen.row).update(message=said)


def withdraw(caller: Caller, space: str, request_id: uuid.UUID, *, now: datetime) -> None:
    """Take a request back as an admin of the space that sent it; nothing of it remains."""
    access.admin_of_space(caller, space, now=now)
    seen = standing.find(caller.site_id, space, request_id)
    with transaction.atomic():
        standing.move(seen, Action.WITHDRAW, now=now)
        audit.note_shared(caller, Act.REQUEST_WITHDRAWN, seen.own, seen.other, now=now)
        notices.note_half(seen.other, seen.own, Event.REQUEST_WITHDRAWN, now=now)


def _sign(seen: Standing, caller: Caller) -> None:
    SynchronizationSide.objects.filter(pk=seen.own.pk).update(acted_by=caller.account or "")


def _asker(seen: Standing, *, now: datetime) -> str:
    """Ask the sending site what the sender is called: a name is looked up when it is shown, never kept."""
    half = seen.other
    if seen.side is not Side.RIGHT or half.site.status != SiteStatus.ENABLED:
        return ""
    client = gateway.client(half.site, clock=lambda: now)
    try:
        return people.names(client, half.site_id, [half.acted_by]).get(half.acted_by, "")
    except RemoteError:
        return ""  # the page is about the request, and can do without


def _client_of_sender(seen: Standing, *, now: datetime) -> JiraClient:
    """Make a client for the sending site, once Jira has confirmed the sender's right there again."""
    half = seen.other
    if half.site.status != SiteStatus.ENABLED:
        raise _sender_is_gone()
    client = gateway.client(half.site, clock=lambda: now)
    try:
        access.ask_space_admin(client, site_id=half.site_id, account=half.acted_by, space=half.space, now=now)
    except NotAllowed as lost:
        raise NotAllowed(
            # Why is that site's own affair: its people, its groups.
            f"Whoever sent this request no longer has the right to act for {half.space_name}. "
            "Ask an admin of that space to send a new request."
        ) from lost
    return client


def _sender_is_gone() -> Outdated:
    return Outdated(
        "Backbone Work Sync is no longer enabled on the site that sent this request. "
        "Once a Jira admin there has enabled it again, the request can be accepted."
    )
