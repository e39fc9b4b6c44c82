"""Which secrets open what a site signs, and the client that proves a secret which waits.

A site has up to three. The one in force signs all our calls. The one before it opens, for a
while after a re-install, what was signed with it (a page's token lives for 900 seconds). The
one that waits came with an address that nobody has confirmed yet: it proves nothing so far.
"""

from datetime import datetime
from enum import IntEnum

from backbone_app.gateway.clients import Clock, shared_secret, signing
from backbone_app.gateway.doors import door, policy
from backbone_app.jira.client import JiraClient
from backbone_app.jira.egress import check_base_url
from backbone_app.models import Site
from backbone_app.models.sealing import unseal
from backbone_app.models.site import SiteStatus


class Standing(IntEnum):
    """What a secret of a site is worth; the number is its place among those that are tried."""

    IN_FORCE = 0
    FORMER = 1
    WAITING = 2


def opening(site: Site, *, now: datetime) -> tuple[str | None, str | None, str | None]:
    """Open the site's secrets for verifying, one for each ``Standing``; None where it has none such.

    Of a site that has removed us only one that waits can open anything, whatever its row still holds.
    A linked one has none: no call of its own is proven so.
    """
    is_here = site.status not in {SiteStatus.UNINSTALLED, SiteStatus.LINKED}
    lasts = site.previous_until is not None and now < site.previous_until
    return (
        shared_secret(site) if is_here and site.secret_sealed else None,
        _previous(site) if is_here and lasts and site.previous_secret_sealed else None,
        _waiting(site) if site.pending_secret_sealed else None,
    )


def waiting_client(site: Site, *, clock: Clock) -> JiraClient:
    """Make a client for the address that waits, which signs with the secret that waits.

    It stands outside the site's gate: pauses of the address in force do not hold it up, and
    what the new one answers pauses nothing.
    """
    authorize = signing(site, secret=_waiting(site), clock=clock)
    base_url = check_base_url(policy(), site.pending_base_url)
    return JiraClient(base_url=base_url, authorize=authorize, door=door(), account="")


def _previous(site: Site) -> str:
    return unseal(site.previous_secret_sealed, at=Site.previous_secret_sealed.field.at(site.id)).decode()


def _waiting(site: Site) -> str:
    return unseal(site.pending_secret_sealed, at=Site.pending_secret_sealed.field.at(site.id)).decode()
