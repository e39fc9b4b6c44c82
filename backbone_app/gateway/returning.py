"""Tokens that are given back: first nobody here has them any more, then their own site is told.

Whether it hears that is its own matter: what is destroyed here calls nobody.
"""

from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db.models import F

from backbone_app.errors import BackboneError, SecretUnreadable
from backbone_app.gateway import tokens
from backbone_app.gateway.linked import door_to
from backbone_app.jira.oauth import Application, data_center
from backbone_app.models import Link, Site
from backbone_app.models.link import LinkStatus

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Returned:
    """A token that no row holds any more, and where it is to be forgotten; empty where none could be read."""

    site: Site
    address: str
    application: Application | None
    token: str = field(repr=False)

    def tell(self) -> bool:
        """Have its site forget it; False where that cannot be had, and it ends there by itself.

        Not inside a transaction: the site is asked. A Cloud site has no address for it.
        """
        if self.application is None or not self.token:
            return False
        try:
            door = door_to(self.site)
            data_center.revoke(door, self.address, self.application, token=self.token)
        except BackboneError as trouble:
            _log.info("tokens_not_revoked", code=trouble.code)
            return False
        return True


def take_back(link: Link, *, reason: str, now: datetime) -> Returned:
    """Destroy the tokens of a link, which is broken from then on; ``link`` has its site and application.

    In a transaction that has locked the row. Who is getting new ones just now gets them for nobody.
    """
    returned = _opened(link)
    Link.objects.filter(pk=link.pk).update(
        status=LinkStatus.BROKEN,
        access_sealed=b"",
        refresh_sealed=b"",
        generation=F("generation") + 1,
        refreshing_until=None,
        broken_reason=reason,
        broken_at=now,
    )
    return returned


def _opened(link: Link) -> Returned:
    """Read what is to be given back; of what cannot be read any more nobody can be told."""
    try:
        known_as = tokens.of_data_center(link.application) if link.application else None
        return Returned(link.site, link.address, known_as, tokens.newest(link))
    except SecretUnreadable:
        return Returned(link.site, link.address, None, "")
