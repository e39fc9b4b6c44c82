"""A Jira client for a site, with credentials that are fresh.

The one place where a site's secret leaves its sealed column on the way out; it
goes into the signature of each call and nowhere else.
"""

import time
from collections.abc import Callable
from datetime import datetime
from functools import cache

from django.conf import settings

from backbone_app.core.budget import Lane
from backbone_app.gateway import clocks, linked, tokens
from backbone_app.gateway.budgets import SiteGate
from backbone_app.gateway.doors import door, policy
from backbone_app.jira import connect_jwt, read
from backbone_app.jira.client import Authorize, JiraClient, take_the_refusal
from backbone_app.jira.dialects import CLOUD, CLOUD_IN_WIKI, DATA_CENTER, Dialect
from backbone_app.jira.egress import check_base_url
from backbone_app.jira.forge_jwt import ForgeKeys
from backbone_app.jira.install_keys import InstallKeys
from backbone_app.models import Site
from backbone_app.models.pair import PairLane
from backbone_app.models.sealing import unseal
from backbone_app.models.site import Product, SiteStatus

Clock = Callable[[], datetime]


@cache
def install_keys() -> InstallKeys:
    """Give Atlassian's public install keys, cached for the process."""
    return InstallKeys(tuple(settings.BACKBONE_INSTALL_KEY_HOSTS), door(), time.monotonic)


@cache
def forge_keys() -> ForgeKeys:
    """Give the public keys of Forge's own calls, cached for the process."""
    return ForgeKeys(settings.BACKBONE_FORGE_KEYS_URL, door(), time.monotonic)


def shared_secret(site: Site) -> str:
    """Open the site's shared secret for signing and verifying only."""
    return unseal(site.secret_sealed, at=Site.secret_sealed.field.at(site.id)).decode()


def digest_key(site: Site) -> bytes:
    """Open the key that this site's digests are made with; destroyed at erasure."""
    return unseal(site.digest_key_sealed, at=Site.digest_key_sealed.field.at(site.id))


def signing(site: Site, *, secret: str, clock: Clock) -> Authorize:
    """Sign each call as our app on ``site``, with one of its secrets, at the time of the call."""

    def authorize(method: str, path: str, query: str) -> str:
        token = connect_jwt.sign(
            app_key=settings.BACKBONE_APP_KEY,
            secret=secret,
            client_key=site.client_key,
            method=method,
            path=path,
            query=query,
            now=clock(),
        )
        return f"JWT {token}"

    return authorize


def client(
    site: Site, *, clock: Clock, lane: PairLane = PairLane.LIVE, beside: Site | None = None
) -> JiraClient:
    """Make a client that speaks for us on ``site``: signing as our app, or bearing a link's token.

    ``beside`` is the site of the partner whose texts are held against those of this one; without it each
    Jira tells rich text in its own form.
    Its calls raise ``RemoteBusy``, before any of them is made, while the site or a
    part of it is paused, and where the limits leave no room for the ``lane``. Where the
    row's address may not be called they raise EgressRefused, and nothing is signed for it.
    """
    authorize, unauthorized = _authorized(site, clock=clock)
    is_linked = site.status == SiteStatus.LINKED
    return JiraClient(
        base_url=linked.base_url(site) if is_linked else site.base_url,
        authorize=authorize,
        door=linked.door_to(site) if is_linked else door(),
        account=site.app_account,
        gate=SiteGate(site, lane=Lane(lane), clock=clock),
        server_offset=lambda offset: clocks.measured(site, offset),
        dialect=_dialect(site, beside),
        unauthorized=unauthorized,
    )


def _authorized(site: Site, *, clock: Clock) -> tuple[Authorize, Callable[[str], None]]:
    """Say what calls to a site bear, and who hears that it was refused: a link may have a newer token."""
    if site.status != SiteStatus.LINKED:
        return _installed(site, clock=clock), take_the_refusal
    bearer = tokens.Bearer(site, clock)
    return bearer, bearer.refused


def _installed(site: Site, *, clock: Clock) -> Authorize:
    signed = signing(site, secret=shared_secret(site), clock=clock)

    def authorize(method: str, path: str, query: str) -> str:
        check_base_url(policy(), site.base_url)
        return signed(method, path, query)

    return authorize


def _dialect(site: Site, beside: Site | None) -> Dialect:
    """Choose how a site is asked: of a pair with a Data Center both sides tell their texts as wiki text."""
    if site.product == Product.DATA_CENTER:
        return DATA_CENTER
    return CLOUD_IN_WIKI if beside is not None and beside.product == Product.DATA_CENTER else CLOUD


def known_account(site: Site, *, clock: Clock) -> str:
    """Give the account our writes carry on ``site``, asking Jira the first time.

    The app cannot call back while it is being installed, so the account is
    learnt when it is first needed. Raises the client's errors.
    """
    if not site.app_account:
        site.app_account = read.account(client(site, clock=clock))
        Site.objects.filter(pk=site.pk).update(app_account=site.app_account)
    return site.app_account
