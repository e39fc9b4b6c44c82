"""Links to sites that our app is not installed on, and synchronizations across them, made without pages."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from backbone_app import gateway
from backbone_app.core.configuration import propose, to_document
from backbone_app.core.handshake import State
from backbone_app.core.values import Side
from backbone_app.gateway.tokens import sealed
from backbone_app.jira import read
from backbone_app.jira.oauth import Tokens
from backbone_app.ledger import endpoints
from backbone_app.models import (
    Link,
    PublishedConfiguration,
    Reconciliation,
    Site,
    Synchronization,
    SynchronizationSide,
)
from backbone_app.models.sealing import seal
from backbone_app.models.site import Product, SiteStatus
from backbone_app.services import intake
from jira_sandbox.outbox import Delivery
from jira_sandbox.wire import OutgoingCall
from jira_sandbox.world import World
from tests.support import licences

EVENTS = (
    "jira:issue_created",
    "jira:issue_updated",
    "jira:issue_deleted",
    "comment_created",
    "comment_updated",
    "comment_deleted",
)
MANY_AT_ONCE = {
    "POST /rest/api/3/search/jql",
    "POST /rest/api/3/issue/bulkfetch",
    "POST /rest/api/2/search",
}
"""How a check reads: nothing is written with it, and no work item asked for by itself."""
Clock = Callable[[], datetime]


def linked(
    base_url: str,
    product: Product,
    token: str,
    *,
    clock: Clock,
    cloud_id: str = "",
    owner: Site | None = None,
) -> Site:
    """A site whose calls bear this token for a year; whose account that is, is asked at once."""
    row = Site(
        client_key=f"link:{uuid.uuid4()}",
        base_url=base_url,
        cloud_id=cloud_id,
        status=SiteStatus.LINKED,
        product=product,
        installed_at=clock(),
    )
    row.digest_key_sealed = seal(bytes(range(32)), at=Site.digest_key_sealed.field.at(row.pk))
    row.save()
    tokens = Tokens(token, refresh="", expires=clock() + timedelta(days=365), scope="")
    columns = sealed(tokens, row)
    Link.objects.create(site=row, owner=owner or row, address=base_url, authorized_at=clock(), **columns)
    gateway.known_account(row, clock=clock)
    return row


def in_step(here: Site, space: str, there: Site, other: str, *, clock: Clock) -> uuid.UUID:
    """A synchronization that runs between two spaces by their keys; ``here`` is left."""
    made = agreed(here, space, there, other, clock=clock)
    with transaction.atomic():
        endpoints.take(here.pk, there, now=clock())
        Synchronization.objects.filter(pk=made).update(state=State.RUNNING, started_at=clock())
    SynchronizationSide.objects.filter(synchronization=made).update(started_ahead_ms=0)
    return made


def agreed(here: Site, space: str, there: Site, other: str, *, clock: Clock) -> uuid.UUID:
    """A synchronization that nobody has started yet; a licence for its start where that takes one."""
    now = clock()
    if endpoints.needs_one(there):
        licences.give(here, now=now)
    clients = [gateway.client(site, clock=clock) for site in (here, there)]
    spaces = [read.space(client, key) for client, key in zip(clients, (space, other), strict=True)]
    row = Synchronization.objects.create(
        state=State.STOPPED,
        spaces=f"{here.pk}:{spaces[0].id}>{there.pk}:{other}",
        created_at=now,
        expires_at=now,
    )
    for side, site, ref in zip(Side, (here, there), spaces, strict=True):
        SynchronizationSide.objects.create(
            synchronization=row,
            side=side,
            site=site,
            space=ref.id,
            space_key=ref.key,
            space_name=ref.name,
            name=f"{space} and {other}",
        )
    shapes = (read.shape(client, ref.id) for client, ref in zip(clients, spaces, strict=True))
    PublishedConfiguration.objects.create(
        synchronization=row, version=1, document=to_document(propose(*shapes)), published_at=now
    )
    return row.pk


def take_in(world: World, site: str, link: Site, *, clock: Clock) -> int:
    """Take in all that the linked site has to tell, as it becomes due; returns how much that was."""
    waiting = sorted((one for one in world.outbox if one.site == site), key=lambda one: one.due)
    return sum(hear(world, one, link, clock=clock) for one in waiting)


def hear(world: World, delivery: Delivery, link: Site, *, clock: Clock) -> bool:
    """Take in one thing that the linked site has to tell, the second time as well; whether it arrived."""

    def taken(call: OutgoingCall) -> int:
        identifier = call.headers.get("X-Atlassian-Webhook-Identifier")
        intake.take_in(site_id=link.pk, body=call.body, identifier=identifier, now=clock())
        return 200

    return world.send_one(delivery, taken)


def calls_of_a_whole_check(world: World, check: Callable[[], None], *, clock: Clock) -> set[str]:
    """Have every pair of either side checked; returns how the sites were called: method and route."""
    Reconciliation.objects.update(whole=True, due_at=clock())
    world.meters.reset()
    check()
    assert not Reconciliation.objects.filter(whole=True).exists()
    return {str(row["route"]) for row in world.meters.snapshot()}
