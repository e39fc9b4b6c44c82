"""A site installs us, or removes us: both signed by Atlassian, neither with its body."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from backbone_app import gateway
from backbone_app.errors import NotAllowed, NotFound, Outdated
from backbone_app.jira.egress import check_base_url
from backbone_app.ledger import audit, installations
from backbone_app.ledger.audit import Act
from backbone_app.models import Site
from backbone_app.models.site import SiteStatus
from backbone_app.services.tenants import rows
from backbone_app.services.tenants.calls import InstallPayload


def install(payload: InstallPayload, *, signed_at: datetime, digest: str, now: datetime) -> None:
    """Take in a new site, or the new secret of a known one; either is enabled from here on.

    A known one that names another address waits until Jira there has confirmed it; the old address
    and secret stay in force. One that brings no secret can neither call nor be called. The same call once
    more changes nothing.

    Raises EgressRefused for an address that is no Jira's, Outdated when another site is enabled at this
    one, NotAllowed for another address without a secret to confirm it with, NotAuthenticated for a call
    that is older than what we know.
    """
    base_url = check_base_url(gateway.policy(), payload.base_url)
    try:
        with transaction.atomic():
            site = rows.locked(payload.client_key)
            if rows.counts(site, signed_at=signed_at, digest=digest, is_last=False):
                act = _kept(site, payload, base_url=base_url, signed_at=signed_at, now=now)
                site.save()
                detail = {"address": base_url} if act is Act.ADDRESS_WAITING else None
                audit.note_lifecycle(site.id, act, detail=detail, now=now)
    except IntegrityError:
        raise rows.address_taken(base_url) from None
    with transaction.atomic():
        if installations.join(site.id):
            audit.note_lifecycle(site.id, Act.FORGE_JOINED, now=now)


def _kept(site: Site, payload: InstallPayload, *, base_url: str, signed_at: datetime, now: datetime) -> Act:
    # No signature covers the body: what a site is known by is not taken over from there.
    if site.base_url not in {"", base_url}:
        if not payload.shared_secret:
            raise NotAllowed("This site is known at another address.")
        rows.let_wait(site, payload.shared_secret, base_url=base_url, now=now)
        return Act.ADDRESS_WAITING
    was_here = site.installed_at != rows.NEVER
    _describe(site, payload, base_url=base_url)
    rows.give_digest_key(site)
    site.base_url, site.installed_at, site.uninstalled_at = base_url, signed_at, None
    if not payload.shared_secret:
        rows.forget_secrets(site)
        site.status = SiteStatus.DISABLED
        return Act.INSTALLED_WITHOUT_SECRET
    rows.change_secret(site, payload.shared_secret, now=now)
    site.status = SiteStatus.ENABLED
    return Act.REINSTALLED if was_here else Act.INSTALLED


def _describe(site: Site, payload: InstallPayload, *, base_url: str) -> None:
    """Keep what the payload tells besides; an id that it leaves out stays as it was known."""
    site.cloud_id = payload.cloud_id or site.cloud_id
    site.installation = payload.installation or site.installation
    site.display_url = payload.display_url if payload.display_url != base_url else ""


def uninstall(client_key: str, *, signed_at: datetime, digest: str, now: datetime) -> None:
    """Forget the site's secrets at once: from here on it can neither call nor be called.

    Its other rows stay for a re-install until the grace is over. That a site we never met has removed us
    is remembered too: an installation from before may still be on its way. Raises NotAuthenticated for a
    call that is older than what we know: somebody kept it, or it was late.
    """
    with transaction.atomic():
        site = rows.locked(client_key)
        if not rows.counts(site, signed_at=signed_at, digest=digest, is_last=True):
            return
        is_news = site.status != SiteStatus.UNINSTALLED or bool(site.pending_base_url)
        _leave(site, now=now)
        if is_news:
            audit.note_lifecycle(site.id, Act.UNINSTALLED, now=now)


def mark_uninstalled(site_id: UUID, *, now: datetime) -> None:
    """Let our operator say that a site removed us, where Jira's word of it never came or was lost.

    What Atlassian signed last stays the newest known: an installation since then is believed. Raises NotFound
    for an id that is no site's, Outdated for a site that has removed us already.
    """
    with transaction.atomic():
        site = Site.objects.select_for_update().filter(pk=site_id).first()
        if site is None:
            raise NotFound("site")
        if site.status == SiteStatus.UNINSTALLED:
            raise Outdated("This site has removed the app already.")
        _leave(site, now=now)
        audit.note_marked_uninstalled(site.id, now=now)


def _leave(site: Site, *, now: datetime) -> None:
    rows.forget_secrets(site)
    site.status = SiteStatus.UNINSTALLED
    site.uninstalled_at = site.uninstalled_at or now
    site.save()
