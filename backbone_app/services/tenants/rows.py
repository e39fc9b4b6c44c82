"""A site's row while a lifecycle callback changes it: which call counts, and which secrets stay."""

import os
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from backbone_app import gateway
from backbone_app.errors import NotAuthenticated, Outdated, SecretUnreadable
from backbone_app.models import Site
from backbone_app.models.sealing import seal
from backbone_app.models.site import SiteStatus

PREVIOUS_LASTS: Final = timedelta(minutes=15)
"""As long as the longest token of Jira's: a page's, whose ``exp`` is 900 seconds after its ``iat``."""
DIGEST_KEY_BYTES: Final = 32
NEVER: Final = datetime.fromtimestamp(0, UTC)
"""When a site was installed of which we only know that it removed us."""

_log = structlog.get_logger()


def locked(client_key: str) -> Site:
    """Lock the site's row until the transaction ends; of a site we never met it is made.

    That one has no address, counts as uninstalled, and was ``NEVER`` installed. Of two calls about
    such a site one makes the row, the other waits for that and finds it.
    """
    blank = {"status": SiteStatus.UNINSTALLED, "installed_at": NEVER, "base_url": ""}
    return Site.objects.select_for_update().get_or_create(client_key=client_key, defaults=blank)[0]


def counts(site: Site, *, signed_at: datetime, digest: str, is_last: bool) -> bool:
    """Tell whether a lifecycle call changes anything, and if so remember it as the newest one.

    Times are Atlassian's, in whole seconds. The very same call once more (Jira's retry) does not count.
    Of two calls of one second one that removes us counts, ``is_last``, whichever arrived first: nobody
    removes and installs us that fast, and a site that has removed us must not stay in use. Raises
    NotAuthenticated for what is older, or an installation beside another call of its second: somebody
    kept it, or it was late.
    """
    if digest == site.lifecycle_digest:
        return False
    newest = max(site.installed_at, site.lifecycle_at or site.installed_at)
    if signed_at < newest or (signed_at == newest and not is_last):
        raise NotAuthenticated("old_news")
    site.lifecycle_at, site.lifecycle_digest = signed_at, digest
    return True


def address_taken(base_url: str) -> Outdated:
    """Make the refusal of an installation where another is enabled, and tell our operator which one.

    A Jira that was reset comes with another client key, and nobody is left who would remove us under the old
    one: only our operator can say that it is gone.
    """
    taken = Site.objects.filter(base_url=base_url, status=SiteStatus.ENABLED).first()
    _log.warning("address_taken", tenant=str(taken.id if taken else ""), command="mark_uninstalled")
    return Outdated("Another installation of this app is enabled at this address.")


def give_digest_key(site: Site) -> None:
    """Make the key of the site's digests, unless it has one."""
    if not site.digest_key_sealed:
        fresh = os.urandom(DIGEST_KEY_BYTES)
        site.digest_key_sealed = seal(fresh, at=Site.digest_key_sealed.field.at(site.id))


def change_secret(site: Site, secret: str, *, now: datetime) -> None:
    """Put a new secret in force; the one before it opens for a while what was signed with it."""
    former = _in_force(site)
    forget_secrets(site)
    if former:
        site.previous_secret_sealed = seal(former, at=Site.previous_secret_sealed.field.at(site.id))
        site.previous_until = now + PREVIOUS_LASTS
    site.secret_sealed = seal(secret.encode(), at=Site.secret_sealed.field.at(site.id))


def let_wait(site: Site, secret: str, *, base_url: str, now: datetime) -> None:
    """Keep an address and its secret beside those in force, instead of what waited before."""
    site.pending_base_url, site.pending_since = base_url, now
    site.pending_secret_sealed = seal(secret.encode(), at=Site.pending_secret_sealed.field.at(site.id))


def forget_secrets(site: Site) -> None:
    """Leave no secret of the site at all: that in force, the one before it, the one that waits."""
    site.secret_sealed = site.previous_secret_sealed = b""
    site.previous_until = None
    forget_waiting(site)


def forget_waiting(site: Site) -> None:
    """Drop the address that waits, and its secret."""
    site.pending_base_url, site.pending_since, site.pending_secret_sealed = "", None, b""


def _in_force(site: Site) -> bytes:
    if not site.secret_sealed:
        return b""
    try:
        return gateway.shared_secret(site).encode()
    except SecretUnreadable:
        # A lost key must not keep a site from installing us again, which is what heals it.
        return b""
