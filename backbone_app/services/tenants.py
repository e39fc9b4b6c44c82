"""Sites come, go, and prove who they are.

Everything that says *which Jira is calling* is decided here: the lifecycle
callbacks change a site's row, every other call is matched with one. Behind this
module nothing knows of Connect's tokens.
"""

import os
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction

from backbone_app import gateway, queue
from backbone_app.errors import NotAllowed, NotAuthenticated, Outdated, RemoteError
from backbone_app.jira import connect_jwt
from backbone_app.jira.egress import check_base_url
from backbone_app.ledger import audit, points
from backbone_app.ledger.audit import Act
from backbone_app.models import Site
from backbone_app.models.sealing import seal
from backbone_app.models.site import SiteStatus
from backbone_app.queue import Job

DIGEST_KEY_BYTES: Final = 32

_ACTS: Final = {SiteStatus.ENABLED: Act.ENABLED, SiteStatus.DISABLED: Act.DISABLED}

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class InstallPayload:
    """What ``installed`` tells us, as far as we keep it; the address is not checked yet."""

    client_key: str
    base_url: str
    shared_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, proven: a site of ours and, where a person is involved, Jira's account id.

    ``base_url`` is where that site's own pages live (the only ones that may frame ours);
    ``page`` names for the audit log where the call comes from.
    """

    site_id: uuid.UUID
    account: str | None
    base_url: str
    page: str = ""


@dataclass(frozen=True, slots=True)
class LifecycleCall:
    """What Atlassian signed: which site it is about, and when by Atlassian's clock (whole seconds)."""

    client_key: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class Notifier:
    """The site that signed an ``enabled`` or ``disabled`` notice, by our name for it and by Jira's."""

    site_id: uuid.UUID
    client_key: str


def install(payload: InstallPayload, *, signed_at: datetime, now: datetime) -> None:
    """Take in a new site, or the new secret of a known one; either is enabled from here on.

    Raises EgressRefused for an address that is no Jira's, NotAllowed when a known
    site names another address, Outdated when another site is enabled at this one,
    NotAuthenticated for a call that is older than the installation we know.
    """
    base_url = check_base_url(gateway.policy(), payload.base_url)
    try:
        with transaction.atomic():
            _keep_installation(payload, base_url=base_url, signed_at=signed_at, now=now)
    except IntegrityError:
        raise Outdated("Another installation of this app is enabled at this address.") from None


def _keep_installation(payload: InstallPayload, *, base_url: str, signed_at: datetime, now: datetime) -> None:
    known = Site.objects.select_for_update().filter(client_key=payload.client_key).first()
    if known and signed_at < known.installed_at:
        raise NotAuthenticated("old_news")
    site = known or Site(client_key=payload.client_key, base_url=base_url)
    if site.base_url != base_url:
        # The signature covers the client key but not the body: an address from there is never taken over.
        raise NotAllowed("This site is known at another address.")
    if not site.digest_key_sealed:
        fresh = os.urandom(DIGEST_KEY_BYTES)
        site.digest_key_sealed = seal(fresh, at=Site.digest_key_sealed.field.at(site.id))
    site.secret_sealed = seal(payload.shared_secret.encode(), at=Site.secret_sealed.field.at(site.id))
    site.status = SiteStatus.ENABLED
    site.uninstalled_at = None  # it is back: nothing of it is erased
    site.installed_at = signed_at
    site.save()
    audit.note_lifecycle(site.id, Act.REINSTALLED if known else Act.INSTALLED, now=now)


def uninstall(client_key: str, *, signed_at: datetime, now: datetime) -> None:
    """Forget the site's secret at once: from here on it can neither call nor be called.

    Its other rows stay for a re-install. A site we never met changes nothing. Raises
    NotAuthenticated for a call that is older than the installation we know: somebody
    kept it, or it was late, and the site has installed us again since.
    """
    known = Site.objects.filter(client_key=client_key)
    # Both times are Atlassian's, in whole seconds. Within one second the uninstall counts: nobody removes and
    # installs us that fast, and a site that has removed us must not stay in use.
    meant = known.filter(installed_at__lte=signed_at)
    with transaction.atomic():
        present = meant.exclude(status=SiteStatus.UNINSTALLED)
        if present.update(status=SiteStatus.UNINSTALLED, secret_sealed=b"", uninstalled_at=now):
            audit.note_lifecycle(known.get().id, Act.UNINSTALLED, now=now)
    if known.exists() and not meant.exists():
        raise NotAuthenticated("old_news")


def enable(site_id: uuid.UUID, *, now: datetime) -> None:
    """Mark the site enabled and learn our account there, which cannot be asked for during ``installed``.

    What changed while it was off nobody told us: its synchronizations are checked.
    Raises Outdated when another site is enabled at this address.
    """
    try:
        _set_status(site_id, SiteStatus.ENABLED, now=now)
    except IntegrityError:
        raise Outdated("Another installation of this app is enabled at this address.") from None
    with transaction.atomic():
        if points.want_for_site(site_id, now=now):
            queue.wake(Job.RECONCILE, now=now)
    site = Site.objects.get(pk=site_id)
    if site.status != SiteStatus.ENABLED:
        return  # it removed us meanwhile, and its secret is gone
    try:
        gateway.known_account(site, clock=lambda: now)
    except RemoteError as trouble:
        # The callback must not fail for it: the first use of the site asks again.
        _log.warning("account_not_learnt", site=str(site.id), code=trouble.code)


def disable(site_id: uuid.UUID, *, now: datetime) -> None:
    """Mark the site disabled: its pages and webhooks are refused until it is enabled again."""
    _set_status(site_id, SiteStatus.DISABLED, now=now)


def _set_status(site_id: uuid.UUID, status: SiteStatus, *, now: datetime) -> None:
    # Uninstalled wins: a notice that was verified just before the uninstall came may arrive here after it.
    with transaction.atomic():
        others = Site.objects.filter(pk=site_id).exclude(status__in=(SiteStatus.UNINSTALLED, status))
        if others.update(status=status):
            audit.note_lifecycle(site_id, _ACTS[status], now=now)


def verify_install(token: str, method: str, path: str, query: str, *, now: datetime) -> LifecycleCall:
    """Verify a lifecycle call that Atlassian signed (RS256).

    The caller still has to compare the client key with the body's. Raises NotAuthenticated, and
    RemoteUnreachable when the key server does not answer: then Jira has to come again.
    """
    peek = connect_jwt.peek(token)
    if peek.algorithm != "RS256":
        raise NotAuthenticated("algorithm")
    if peek.key_id is None:
        raise NotAuthenticated("kid")
    claims = connect_jwt.verify_install(
        token,
        public_key_pem=gateway.install_keys().pem(peek.key_id),
        now=now,
        audience=settings.BACKBONE_BASE_URL,
        qsh=connect_jwt.query_hash(method, path, query),
    )
    return LifecycleCall(claims.issuer, signed_at=datetime.fromtimestamp(claims.issued_at, UTC))


def authenticate_signed(
    token: str, method: str, path: str, query: str, *, page: str = "", now: datetime
) -> Caller:
    """Tell who signed exactly this request: webhooks and the entries of pages.

    ``path`` is as received without our base path, ``query`` the raw query string.
    Raises NotAuthenticated, and NotAllowed for a disabled site.
    """
    return _enabled(*_proven(token, qsh=connect_jwt.query_hash(method, path, query), now=now), page=page)


def authenticate_notice(token: str, method: str, path: str, query: str, *, now: datetime) -> Notifier:
    """Tell which site signed this ``enabled`` or ``disabled`` notice; a disabled one may send them."""
    site, _ = _proven(token, qsh=connect_jwt.query_hash(method, path, query), now=now)
    return Notifier(site_id=site.id, client_key=site.client_key)


def authenticate_page(token: str, *, page: str = "", now: datetime) -> Caller:
    """Tell who calls from inside one of our pages.

    Only tokens of ``AP.context.getToken`` count here; one made for a certain
    request is refused. Raises NotAuthenticated, and NotAllowed for a disabled site.
    """
    return _enabled(*_proven(token, qsh=connect_jwt.CONTEXT_QSH, now=now), page=page)


def _proven(token: str, *, qsh: str, now: datetime) -> tuple[Site, connect_jwt.Claims]:
    issuer = connect_jwt.peek(token).issuer
    site = Site.objects.exclude(status=SiteStatus.UNINSTALLED).filter(client_key=issuer).first()
    if site is None:
        connect_jwt.dummy_verify(token)
    return site, connect_jwt.verify_shared(token, secret=gateway.shared_secret(site), now=now, qsh=qsh)


def _enabled(site: Site, claims: connect_jwt.Claims, *, page: str) -> Caller:
    if site.status != SiteStatus.ENABLED:
        raise NotAllowed(
            "Backbone Work Sync is disabled on this Jira site. A Jira admin can enable it again."
        )
    return Caller(site_id=site.id, account=claims.account, base_url=site.base_url, page=page)
