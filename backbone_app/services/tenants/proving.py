"""Who is calling: what Atlassian signed, and what a site signed with one of its secrets."""

from datetime import UTC, datetime
from typing import Final, NoReturn

from django.conf import settings

from backbone_app import gateway
from backbone_app.errors import AddressWaiting, NotAllowed, NotAuthenticated, WithoutSecret
from backbone_app.gateway import credentials
from backbone_app.gateway.credentials import Standing
from backbone_app.jira import connect_jwt
from backbone_app.models import Site
from backbone_app.models.prepared import Rows, objects
from backbone_app.models.site import SiteStatus
from backbone_app.services.tenants.calls import Caller, LifecycleCall, Notifier


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
    return LifecycleCall(claims.issuer, signed_at=_moment(claims.issued_at), token=token)


def authenticate_signed(
    token: str, method: str, path: str, query: str, *, page: str = "", now: datetime
) -> Caller:
    """Tell who signed exactly this request: webhooks and the entries of pages.

    ``path`` is as received without our base path, ``query`` the raw query string.
    Raises NotAuthenticated, NotAllowed for a disabled site, and AddressWaiting for one whose new
    address is not confirmed: what it sends then it has to send again.
    """
    return _enabled(*_proven(token, qsh=connect_jwt.query_hash(method, path, query), now=now), page=page)


def authenticate_notice(token: str, method: str, path: str, query: str, *, now: datetime) -> Notifier:
    """Tell which site signed this ``enabled`` or ``disabled`` notice; a disabled one may send them.

    So may one whose new address waits: its notice is the moment to have it confirmed.
    """
    qsh = connect_jwt.query_hash(method, path, query)
    site, claims, standing = _opened(token, qsh=qsh, now=now)
    return Notifier(
        site_id=site.id,
        client_key=site.client_key,
        signed_at=_moment(claims.issued_at),
        standing=standing,
        token=token,
        qsh=qsh,
    )


def standing_now(notifier: Notifier, *, now: datetime) -> Standing:
    """Tell what the secret is worth by now that a notice was signed with; raises NotAuthenticated."""
    return _opened(notifier.token, qsh=notifier.qsh, now=now)[2]


def authenticate_page(token: str, *, page: str = "", now: datetime) -> Caller:
    """Tell who calls from inside one of our pages.

    Only tokens of ``AP.context.getToken`` count here; one made for a certain
    request is refused. Raises what ``authenticate_signed`` raises.
    """
    return _enabled(*_proven(token, qsh=connect_jwt.CONTEXT_QSH, now=now), page=page)


def _proven(token: str, *, qsh: str, now: datetime) -> tuple[Site, connect_jwt.Claims]:
    site, claims, standing = _opened(token, qsh=qsh, now=now)
    if standing is Standing.WAITING:
        raise AddressWaiting(site.pending_base_url)
    return site, claims


_NAMED: Final = Rows(lambda key: Site.objects.filter(client_key=key))


def _opened(token: str, *, qsh: str, now: datetime) -> tuple[Site, connect_jwt.Claims, Standing]:
    """Find the site that a token names, and which of its secrets signed it; all are tried, always."""
    site = next(iter(objects(Site, _NAMED(connect_jwt.peek(token).issuer))), None)
    secrets = credentials.opening(site, now=now) if site else ()
    if site is None or not any(secrets):
        _refuse(token, site)
    claims, place = connect_jwt.verify_shared(token, secrets=secrets, now=now, qsh=qsh)
    return site, claims, Standing(place)


def _refuse(token: str, site: Site | None) -> NoReturn:
    """Refuse the token of a site that has no secret, at the cost of a bad signature."""
    try:
        connect_jwt.dummy_verify(token, places=len(Standing))
    except NotAuthenticated:
        if site and site.status not in {SiteStatus.UNINSTALLED, SiteStatus.LINKED}:
            raise WithoutSecret(site.base_url) from None
        raise


def _enabled(site: Site, claims: connect_jwt.Claims, *, page: str) -> Caller:
    if site.status != SiteStatus.ENABLED:
        raise NotAllowed(
            "Backbone Work Sync is disabled on this Jira site. A Jira admin can enable it again."
        )
    return Caller(
        site_id=site.id,
        account=claims.account,
        base_url=site.base_url,
        page=page,
        display_url=site.display_url,
        licence=site.licence,
    )


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
