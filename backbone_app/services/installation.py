"""How Backbone is installed on a site, as its Jira admins see it; nothing here can be set."""

from dataclasses import dataclass
from datetime import datetime

from backbone_app import gateway
from backbone_app.ledger import access, installations
from backbone_app.models import ForgeInstallation, Site
from backbone_app.models.callers import Caller
from backbone_app.models.site import Licence


@dataclass(frozen=True, slots=True)
class Wrapping:
    """The Forge app that brought Backbone here; ``seen_at`` is when Forge told of it last."""

    version: str
    environment: str
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Installation:
    """What is known of a site's installation.

    ``address`` is the one that is called, ``display_address`` the one that people see (empty where
    it is the same), ``waiting_address`` one that Jira named and did not prove yet. ``licence`` is a
    value of ``Licence``, told at ``licence_at``. ``forge`` is None until Forge itself has told of this
    installation.
    """

    address: str
    display_address: str
    waiting_address: str
    licence: str
    licence_at: datetime | None
    forge: Wrapping | None

    @property
    def licence_in_words(self) -> str:
        """What the licence means, for a person."""
        return _LICENCES[Licence(self.licence)]


_LICENCES = {
    Licence.UNKNOWN: "Jira has not told yet",
    Licence.ACTIVE: "Active",
    Licence.EVALUATION: "Evaluation",
    Licence.NONE: "No active licence",
}


def show(caller: Caller, *, now: datetime) -> Installation:
    """Show the installation to a Jira admin; who that is is asked of Jira. Raises what asking raises."""
    site = Site.objects.get(pk=caller.site_id)
    client = gateway.client(site, clock=lambda: now)
    access.known_jira_admin(client, site_id=caller.site_id, account=caller.account, now=now)
    return Installation(
        address=site.base_url,
        display_address="" if site.display_url == site.base_url else site.display_url,
        waiting_address=site.pending_base_url,
        licence=site.licence,
        licence_at=site.licence_at,
        forge=_wrapping(installations.of_site(site.id)),
    )


def _wrapping(row: ForgeInstallation | None) -> Wrapping | None:
    return Wrapping(row.version, row.environment.lower(), row.seen_at) if row else None
