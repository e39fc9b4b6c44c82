"""A known site that names another address: it waits until Jira there has confirmed it.

No signature covers the body of ``installed``, so whoever can alter it could name an address of his own.
What he cannot know is a secret that the Jira there takes: Jira gives it to us alone, with that very body.
So we ask Jira at the new address for our own app, signed with the secret that waits. Until it answers,
address and secret that were proven stay in force.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction

from backbone_app import queue
from backbone_app.errors import EgressRefused, RemoteError, SecretUnreadable
from backbone_app.gateway import credentials, pauses
from backbone_app.jira import read
from backbone_app.jira.read import OwnApp
from backbone_app.ledger import audit, heartbeats, points, sites
from backbone_app.ledger.audit import Act
from backbone_app.models import Site
from backbone_app.models.sealing import unseal
from backbone_app.models.site import SiteStatus
from backbone_app.queue import Job
from backbone_app.services.tenants import licences, rows

BUDGET: Final = timedelta(seconds=30)
"""How long one round goes on: a silent site takes 20 seconds, a worker is killed after a few minutes."""

_log = structlog.get_logger()


def maintain(clock: Callable[[], datetime]) -> None:
    """Do for all sites what is due by itself: confirm addresses, ask for licences, drop old secrets.

    Of the addresses, those that have waited longest come first; who was not asked for want of time is
    asked at its next turn, or silent ones were asked in every round. What is left when others need the
    worker comes in the next round, as licences always do.
    """
    queue.taken(Job.MAINTAIN_SITES)
    start = clock()
    sites.with_old_secret(start).update(previous_secret_sealed=b"", previous_until=None)
    for site_id in sites.to_confirm(start, last=heartbeats.last_at(sites.ADDRESSES)):
        if queue.must_yield(Job.MAINTAIN_SITES, since=start):
            return
        if clock() >= start + BUDGET:
            break
        if not confirm(site_id, now=clock()):
            _give_up(site_id, now=clock())
    heartbeats.end(sites.ADDRESSES, now=start)
    for site in sites.without_licence(start):
        if clock() >= start + BUDGET or queue.must_yield(Job.MAINTAIN_SITES, since=start):
            return
        licences.ask_again(site, now=clock())
    heartbeats.end(sites.LICENCES, now=start)


def confirm(site_id: UUID, *, now: datetime) -> bool:
    """Ask Jira at the address that waits, and change over to it if it takes the secret that waits.

    Tells whether the site is at the new address now. Where another site is enabled there, the address is
    dropped: of two sites at one address only one can be who calls from it.
    """
    waiting = Site.objects.exclude(pending_base_url="").filter(pk=site_id).first()
    app = _asked(waiting, now=now) if waiting else None
    if waiting is None or app is None:
        return False
    try:
        with transaction.atomic():
            if not _changed_over(waiting, now=now):
                return False
    except IntegrityError:
        _drop(waiting, "taken", now=now)
        return False
    licences.keep(site_id, app, now=now)
    return True


def _asked(site: Site, *, now: datetime) -> OwnApp | None:
    """Give our app as Jira at the waiting address knows it; None unless it took the secret."""
    try:
        app = read.own_app(credentials.waiting_client(site, clock=lambda: now), settings.BACKBONE_APP_KEY)
    except (RemoteError, EgressRefused, SecretUnreadable) as trouble:
        _log.info("address_not_confirmed", tenant=str(site.id), code=trouble.code)
        return None
    return app if app.key == settings.BACKBONE_APP_KEY else None


def _changed_over(asked: Site, *, now: datetime) -> bool:
    """Put address and secret in force that Jira confirmed, unless others wait there by now."""
    site = Site.objects.select_for_update().get(pk=asked.pk)
    if not _is_same(site, asked):
        return False
    former, secret = (
        site.base_url,
        unseal(site.pending_secret_sealed, at=Site.pending_secret_sealed.field.at(site.id)),
    )
    site.base_url = site.pending_base_url
    rows.change_secret(site, secret.decode(), now=now)
    rows.give_digest_key(site)
    site.status, site.uninstalled_at = SiteStatus.ENABLED, None
    site.installed_at = site.lifecycle_at or site.installed_at
    # What was learnt at the old address, or told with the old body, is asked for anew.
    site.app_account = site.display_url = ""
    site.save()
    audit.note_lifecycle(
        site.id, Act.ADDRESS_CHANGED, detail={"address": site.base_url, "former_address": former}, now=now
    )
    pauses.forget_outage(site.id)
    if points.want_for_site(site.id, now=now):
        queue.wake(Job.RECONCILE, now=now)
    return True


def _give_up(site_id: UUID, *, now: datetime) -> None:
    """Drop an address that nobody has confirmed in time."""
    late = Site.objects.filter(pk=site_id, pending_since__lte=now - sites.WAITS).first()
    if late:
        _drop(late, "unconfirmed", now=now)


def _drop(seen: Site, reason: str, *, now: datetime) -> None:
    with transaction.atomic():
        site = Site.objects.select_for_update().get(pk=seen.pk)
        if not _is_same(site, seen):
            return
        audit.note_address_dropped(site.id, site.pending_base_url, reason=reason, now=now)
        rows.forget_waiting(site)
        site.save()


def _is_same(site: Site, seen: Site) -> bool:
    """Whether what waits is still what was seen before: no two sealed values are alike."""
    return bytes(site.pending_secret_sealed) == bytes(seen.pending_secret_sealed) != b""
