"""Erase everything of one site, a few rows at a time; cut anywhere, it goes on where it was.

First its digest key and whatever is left of its secrets are destroyed: no digest that is still there can be
compared from then on. Of a backup's copy nothing is erased: whoever has the backup and the operator's keys
opens everything in it, until the backup itself is deleted; restored, it is erased again (``erase_again``).

Sites that a link of its own leads to go with it: they are there for nobody else. Who signed in there is told,
if that site answers.

More goes than the site's own half: a synchronization with one half could do nothing, so it ends with the
partner's half, its pairs and its activity. The partner was told so for as long as the grace lasted, on pages
and in its audit log, could download the pairs, and keeps its work items and that log.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet

from backbone_app import queue
from backbone_app.core.values import Side
from backbone_app.gateway import returning
from backbone_app.ledger import audit, departures, erasures, leftovers, standing
from backbone_app.models import (
    AccountReport,
    AllowedGroup,
    ApplicationLink,
    AuditEntry,
    Delivery,
    DownloadTicket,
    Endpoint,
    ForgeInstallation,
    LateWrite,
    Leftover,
    Link,
    LinkAttempt,
    NoticeAddress,
    NoticeMail,
    Pace,
    Pair,
    Pause,
    RemoteLicence,
    Site,
    Spending,
    Synchronization,
    SynchronizationSide,
    Tombstone,
    Unfinished,
    WorkflowStep,
)
from backbone_app.models.site import SiteStatus
from backbone_app.queue import Job

BATCH: Final = 500
"""So many rows go in one transaction, each with what hangs on it."""
OWN: Final[tuple[type[Model], ...]] = (
    AccountReport,
    AllowedGroup,
    AuditEntry,
    Delivery,
    DownloadTicket,
    Endpoint,
    ForgeInstallation,
    LateWrite,
    Leftover,
    LinkAttempt,
    ApplicationLink,
    NoticeMail,
    NoticeAddress,
    Pace,
    Pause,
    RemoteLicence,
    Spending,
    Unfinished,
    WorkflowStep,
)
"""Tables whose rows belong to one site alone."""
NOBODY: Final = UUID(int=0)
"""Stands for an erased site in the lineage of a pair that others share."""

Clock = Callable[[], datetime]
MayGoOn = Callable[[], bool]


def erase(site_id: UUID, clock: Clock, may_go_on: MayGoOn = lambda: True) -> bool:
    """Erase a site that removed the app, whenever that was; returns whether nothing is left.

    False: it was cut, and is to be called again; or the site is here again. Raises LogUnwritable.
    """
    if not _begin(site_id, clock()):
        return not Site.objects.filter(pk=site_id).exists()
    _give_back(site_id, clock())
    for half in SynchronizationSide.objects.filter(site=site_id).order_by("pk"):
        if not _end(half.synchronization_id, site_id, clock, may_go_on):
            return False
    if not _end_links(site_id, may_go_on):
        return False
    for model in OWN:
        if not _in_batches(model._default_manager.filter(site=site_id), site_id, may_go_on):
            return False
    Pair.objects.filter(origin_site=site_id).update(origin_site=NOBODY, origin_item="")
    with transaction.atomic():
        _count(site_id, Site.objects.filter(pk=site_id, status=SiteStatus.UNINSTALLED).delete())
        Tombstone.objects.filter(pk=site_id).update(erased_at=clock())
    return True


def erase_again(clock: Clock) -> tuple[UUID, ...]:
    """Erase the sites that the erasure log names and a restored copy of the tables has brought back.

    Returns them. A site that was installed again after its erasure has another id.
    """
    again = Site.objects.filter(pk__in=list(erasures.read().sites))
    ids = tuple(again.values_list("pk", flat=True))
    now = clock()
    for site in again:
        left = {"status": SiteStatus.UNINSTALLED, "uninstalled_at": site.uninstalled_at or now}
        Site.objects.filter(pk=site.pk).update(**left)
        erase(site.pk, clock)
    return ids


def _begin(site_id: UUID, now: datetime) -> bool:
    """Make an empty shell of the site's row: from here on there is no way back. False: it is not gone."""
    with transaction.atomic():
        site = Site.objects.select_for_update().filter(pk=site_id, status=SiteStatus.UNINSTALLED).first()
        if site is None:
            return False
        Tombstone.objects.get_or_create(pk=site_id, defaults={"erased_at": now})
        if not site.client_key.startswith(departures.ERASED):
            _tell_partners(site_id, now=now)
            _forget_forge(site, now=now)
            _empty(site)
            # Last: of a site that is noted nothing must fail any more, or it could come back and be live.
            erasures.note_site(site_id, now=now)
    return True


def _forget_forge(site: Site, *, now: datetime) -> None:
    """Forget what Forge told of the site until it left and nobody joined: its cloud id is known no longer.

    What is newer is about an installation of today.
    """
    told = ForgeInstallation.objects.filter(site=None, seen_at__lte=site.uninstalled_at or now)
    told.exclude(cloud_id="").filter(cloud_id=site.cloud_id).delete()


def _empty(site: Site) -> None:
    """Destroy keys and secrets, and forget every name that Jira has for the site, its address excepted."""
    site.client_key = f"{departures.ERASED}{site.pk}"
    site.digest_key_sealed = site.secret_sealed = b""
    site.previous_secret_sealed = site.pending_secret_sealed = b""
    site.app_account = site.cloud_id = site.installation = site.lifecycle_digest = ""
    site.pending_base_url = site.display_url = ""
    site.save()


def _end(synchronization_id: UUID, site_id: UUID, clock: Clock, may_go_on: MayGoOn) -> bool:
    """End one synchronization for both sides, its pairs first; returns whether it is gone."""
    pairs = Pair.objects.filter(synchronization=synchronization_id)
    while ids := list(pairs.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        if not may_go_on():
            return False
        with transaction.atomic():
            batch = Pair.objects.filter(pk__in=ids)
            standing.fence(batch)
            leftovers.note(batch, now=clock())
            _count(site_id, batch.delete())
            queue.wake(Job.REMOVE_PROPERTIES, now=clock())
    with transaction.atomic():
        _count(site_id, Synchronization.objects.filter(pk=synchronization_id).delete())
    return True


def _give_back(site_id: UUID, now: datetime) -> None:
    """Destroy the tokens of the site's links, and have who gave them hear of it; where that fails, they end.

    What is cut goes on with the links whose tokens are still here.
    """
    kept = Link.objects.filter(owner=site_id).exclude(access_sealed=b"", refresh_sealed=b"")
    for link in list(kept.values_list("pk", flat=True)):
        with transaction.atomic():
            locked = Link.objects.select_for_update(of=("self",)).select_related("site", "application")
            returned = returning.take_back(locked.get(pk=link), reason="erased", now=now)
        returned.tell()


def _end_links(site_id: UUID, may_go_on: MayGoOn) -> bool:
    """Delete where the site's links led, with all that belongs to it; its synchronizations are gone by then.

    Nobody has a link but the site that asked for it. False: it was cut.
    """
    for there in list(Link.objects.filter(owner=site_id).values_list("pk", flat=True)):
        for model in OWN:
            if not _in_batches(model._default_manager.filter(site=there), site_id, may_go_on):
                return False
        with transaction.atomic():
            _count(site_id, Site.objects.filter(pk=there, status=SiteStatus.LINKED).delete())
    return True


def _tell_partners(site_id: UUID, *, now: datetime) -> None:
    """Pause what still runs, and note in the partners' logs what ends and how many pairs it had."""
    for half in SynchronizationSide.objects.filter(site=site_id).select_related("site").order_by("pk"):
        standing.pause(half.synchronization_id, reason=departures.LEFT, side=Side(half.side), now=now)
        pairs = Pair.objects.filter(synchronization=half.synchronization_id).count()
        others = SynchronizationSide.objects.filter(synchronization=half.synchronization_id)
        for partner in others.exclude(site=site_id).exclude(space="").select_related("site"):
            audit.note_erased(partner, half, pairs=pairs, now=now)


def _in_batches(rows: "QuerySet[Any]", site_id: UUID, may_go_on: MayGoOn) -> bool:
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        if not may_go_on():
            return False
        with transaction.atomic():
            _count(site_id, rows.model._default_manager.filter(pk__in=ids).delete())
    return True


def _count(site_id: UUID, deleted: tuple[int, dict[str, int]]) -> None:
    """Add to the proof how many rows each table has lost. In the transaction that deleted them."""
    stone = Tombstone.objects.select_for_update().get(pk=site_id)
    for label, number in deleted[1].items():
        name = label.rpartition(".")[2]
        stone.rows[name] = stone.rows.get(name, 0) + number
    stone.save(update_fields=["rows"])
