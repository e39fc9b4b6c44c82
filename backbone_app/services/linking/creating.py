"""A synchronization over a link: the space from what our account there sees; it is stopped at first."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from django.db import IntegrityError, transaction

from backbone_app import gateway, queue
from backbone_app.core import linking
from backbone_app.core.configuration import Configuration, SpaceShape, propose, to_document
from backbone_app.core.handshake import State
from backbone_app.core.titles import Title, checked, offered
from backbone_app.core.values import Side
from backbone_app.errors import InvalidInput, NotFound, Outdated, RemoteMissing, RemoteRefused
from backbone_app.jira import items, read
from backbone_app.jira.client import JiraClient
from backbone_app.jira.read import SpaceRef
from backbone_app.ledger import access, audit, endpoints, hooks, standing, unfinished
from backbone_app.ledger.audit import Act
from backbone_app.models import Link, PublishedConfiguration, Synchronization, SynchronizationSide
from backbone_app.models.callers import Caller
from backbone_app.models.site import Product
from backbone_app.queue import Job


@dataclass(frozen=True, slots=True)
class Offer:
    """What is about to be created: both spaces, defaults for its title, and what our account there lacks.

    ``missing`` are Jira's labels of permissions, each with what is lost without it.
    """

    own: SpaceRef
    partner: SpaceRef
    address: str
    title: Title
    missing: tuple[tuple[str, str], ...]


def spaces(caller: Caller, space: str, link: UUID, *, now: datetime) -> tuple[SpaceRef, ...]:
    """List the spaces that our account on the linked site sees, by name."""
    access.reader_of_space(caller, space, now=now)
    there = _client(_link(caller, link), now=now)
    return tuple(sorted(read.spaces(there), key=lambda each: (each.name.casefold(), each.key)))


def offer(caller: Caller, space: str, link: UUID, *, partner_space: str, now: datetime) -> Offer:
    """Look at what would be created; raises InvalidInput for a space that our account there does not see."""
    client = access.reader_of_space(caller, space, now=now)
    row = _link(caller, link)
    own = read.space(client, space)
    there = _client(row, now=now)
    partner = _partner(there, partner_space)
    held = read.own_rights(there, space=partner.id, permissions=linking.NEEDED)
    host = urlsplit(row.address).netloc
    title = offered(
        f"{own.key} \N{EN DASH} {partner.key}",
        f"Keeps work items of {own.name} and {partner.name} on {host} in step.",
    )
    return Offer(own, partner, row.address, title, linking.missing(held))


def create(
    caller: Caller, space: str, link: UUID, *, partner_space: str, title: Title, now: datetime
) -> UUID:
    """Create a synchronization that is stopped, with the first configuration of both spaces as they are now.

    The webhook follows by itself: whatever becomes of that, the synchronization is there.

    Raises InvalidInput for what cannot be used, Outdated where the two spaces have one already, NotLicensed
    where the remote licence covers no further Cloud site; what a Data Center takes is asked at its start.
    """
    client = access.admin_of_space(caller, space, now=now)
    entered = checked(title)
    row = _link(caller, link)
    if row.site.product == Product.CLOUD:
        endpoints.require(caller.site_id, remote=row.site_id, now=now)
    there = _client(row, now=now)
    own, partner = read.space(client, space), _partner(there, partner_space)
    first = propose(read.shape(client, own.id), _shape(there, partner))
    left = _half(Side.LEFT, caller.site_id, own, acted_by=caller.account or "")
    right = _half(Side.RIGHT, row.site_id, partner)
    try:
        with transaction.atomic():
            # Locked, so that nobody removes its application link meanwhile.
            if not Link.objects.select_for_update().filter(pk=row.pk).exists():
                raise NotFound("link")
            made = _store(left, right, entered, first, now=now)
            audit.note_shared(caller, Act.CREATED, left, right, now=now)
            unfinished.drop(caller.site_id, own.id, caller.account or "")
            hooks.ask(row.site_id, now=now)  # one that is there tells of this space as well from now on
            queue.wake(Job.FOLLOW_HOOKS, now=now)
    except IntegrityError as taken:
        raise Outdated(
            f"{own.name} and {partner.name} already have a synchronization. Use that one, or delete it first."
        ) from taken
    return made


def _link(caller: Caller, link: UUID) -> Link:
    row = Link.objects.select_related("site").filter(pk=link, owner=caller.site_id).first()
    if row is None:
        raise NotFound("link")
    return row


def _client(row: Link, *, now: datetime) -> JiraClient:
    return gateway.client(row.site, clock=lambda: now)


def _partner(there: JiraClient, space: str) -> SpaceRef:
    try:
        if items.identifier(space):
            return read.space(there, space)
    except RemoteMissing:
        pass
    raise InvalidInput(
        "partner_space",
        "The account that signed in there does not see this space any more. Choose another one.",
    )


def _shape(there: JiraClient, partner: SpaceRef) -> SpaceShape:
    """Read what a work item has there; Jira shows that only to who may create one."""
    try:
        return read.shape(there, partner.id)
    except RemoteRefused as refused:
        raise InvalidInput(
            "partner_space",
            f"The account that signed in there may not create work items in {partner.name}, so that Jira "
            "does not show it what one has. Ask an admin there to give it Create Issues, then try again.",
        ) from refused


def _half(side: Side, site_id: UUID, ref: SpaceRef, *, acted_by: str = "") -> SynchronizationSide:
    return SynchronizationSide(
        side=side,
        site_id=site_id,
        space=ref.id,
        space_key=ref.key,
        space_name=ref.name,
        acted_by=acted_by,
    )


def _store(
    left: SynchronizationSide,
    right: SynchronizationSide,
    title: Title,
    first: Configuration,
    *,
    now: datetime,
) -> UUID:
    spaces = standing.spaces_of(left, right)
    row = Synchronization.objects.create(state=State.STOPPED, spaces=spaces, created_at=now, expires_at=now)
    for half in (left, right):
        half.synchronization, half.name, half.description = row, title.name, title.description
        half.save()
    PublishedConfiguration.objects.create(
        synchronization=row, version=1, document=to_document(first), published_at=now
    )
    return row.pk
