"""A site tells that it has switched us on or off: notices that may come late, twice or in any order."""

from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction

from backbone_app import gateway, queue
from backbone_app.errors import EgressRefused, RemoteError
from backbone_app.gateway.credentials import Standing
from backbone_app.ledger import audit, points
from backbone_app.ledger.audit import Act
from backbone_app.models import Site
from backbone_app.models.site import SiteStatus
from backbone_app.queue import Job
from backbone_app.services.tenants import licences, moving, proving, rows
from backbone_app.services.tenants.calls import Notifier

_ACTS: Final = {SiteStatus.ENABLED: Act.ENABLED, SiteStatus.DISABLED: Act.DISABLED}

_log = structlog.get_logger()


def enable(notifier: Notifier, *, now: datetime) -> None:
    """Mark the site enabled, and ask it what it would not tell during ``installed``.

    That is our account there and our licence; where an address waits, whether Jira there confirms it
    comes first. What changed while the site was off nobody told us: its synchronizations are checked.
    A notice from before the newest one, or from before the installation, changes nothing. Raises Outdated
    when another site is enabled at this address, NotAuthenticated when the secret that signed it is the
    site's no more.
    """
    if not _may_count(notifier, now=now):
        return
    try:
        is_news = _set_status(notifier, SiteStatus.ENABLED, now=now)
    except IntegrityError:
        raise rows.address_taken(Site.objects.get(pk=notifier.site_id).base_url) from None
    if is_news:
        _check_all(notifier.site_id, now=now)
        _ask(notifier.site_id, now=now)


def disable(notifier: Notifier, *, now: datetime) -> None:
    """Mark the site disabled: its pages and webhooks are refused until it is enabled again."""
    if _may_count(notifier, now=now):
        _set_status(notifier, SiteStatus.DISABLED, now=now)


def _may_count(notifier: Notifier, *, now: datetime) -> bool:
    """Whether the notice may count: what a former secret signed is from before the installation.

    A secret that waits has to be confirmed first; the notice is the moment to ask. Of two that come at
    once only one can change over: for the other one the secret is in force by then.
    """
    if notifier.standing is not Standing.WAITING:
        return notifier.standing is Standing.IN_FORCE
    if moving.confirm(notifier.site_id, now=now):
        return True
    return proving.standing_now(notifier, now=now) is Standing.IN_FORCE


def _set_status(notifier: Notifier, status: SiteStatus, *, now: datetime) -> bool:
    """Set the status unless something newer is known; tells whether the notice counts."""
    with transaction.atomic():
        site = Site.objects.select_for_update().get(pk=notifier.site_id)
        # Uninstalled wins: a notice that was verified before the uninstall came may arrive here after it.
        newest = max(site.installed_at, site.notice_at or site.installed_at)
        if site.status == SiteStatus.UNINSTALLED or notifier.signed_at < newest:
            return False
        if site.status != status:
            audit.note_lifecycle(site.id, _ACTS[status], now=now)
        site.status, site.notice_at = status, notifier.signed_at
        site.save(update_fields=["status", "notice_at"])
    return True


def _check_all(site_id: UUID, *, now: datetime) -> None:
    with transaction.atomic():
        if points.want_for_site(site_id, now=now):
            queue.wake(Job.RECONCILE, now=now)


def _ask(site_id: UUID, *, now: datetime) -> None:
    site = Site.objects.get(pk=site_id)
    if site.status != SiteStatus.ENABLED:
        return  # it removed us meanwhile, and its secret is gone
    try:
        gateway.known_account(site, clock=lambda: now)
        licences.ask(site, gateway.client(site, clock=lambda: now), key=settings.BACKBONE_APP_KEY, now=now)
    except (RemoteError, EgressRefused) as trouble:
        # The callback must not fail for it: the first use of the site asks again, and the sweep does.
        _log.warning("site_not_asked", tenant=str(site.id), code=trouble.code)
