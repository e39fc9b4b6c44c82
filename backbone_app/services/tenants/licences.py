"""What Jira says of our licence on a site: kept and shown. Nothing is blocked by it.

Atlassian asks a paid app to heed it; whether a site without a licence may go on is the operator's to
decide, and a synchronization that stops on its own for it would lose changes.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.conf import settings

from backbone_app import gateway
from backbone_app.errors import EgressRefused, RemoteError, RemoteRefused, SecretUnreadable
from backbone_app.jira import read
from backbone_app.jira.client import JiraClient
from backbone_app.jira.read import OwnApp
from backbone_app.models import Site
from backbone_app.models.pair import PairLane
from backbone_app.models.site import Licence
from backbone_app.services.tenants.calls import Caller

ON_PAGES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {"active": frozenset({Licence.ACTIVE, Licence.EVALUATION}), "none": frozenset({Licence.NONE})}
)
"""What ``lic`` in the address of a page may stand for; the first that is kept where none of them is known."""


def ask(site: Site, client: JiraClient, *, key: str, now: datetime) -> None:
    """Ask the site for our licence and keep it; raises the client's errors."""
    keep(site.id, read.own_app(client, key), now=now)


def keep(site_id: UUID, app: OwnApp, *, now: datetime) -> None:
    """Keep what the site said of us."""
    licence = Licence.EVALUATION if app.is_evaluation else Licence.ACTIVE
    _set(site_id, licence if app.is_licensed else Licence.NONE, now=now)


def ask_again(site: Site, *, now: datetime) -> None:
    """Ask for the licence in passing; who does not answer is asked another time, who refuses tomorrow."""
    try:
        client = gateway.client(site, clock=lambda: now, lane=PairLane.BULK)
        ask(site, client, key=settings.BACKBONE_APP_KEY, now=now)
    except RemoteRefused:
        Site.objects.filter(pk=site.pk).update(licence_at=now)
    except (RemoteError, EgressRefused, SecretUnreadable):
        return


def heed(caller: Caller, told: list[str], *, now: datetime) -> None:
    """Take note of ``lic`` in the address of a page, every value of it as it came.

    The signature of ``caller`` was verified over that address. Anything but one known word is nothing, and
    what is known already is not written again: every page that is opened comes by here.
    """
    if len(told) != 1 or caller.licence in ON_PAGES.get(told[0], {caller.licence}):
        return
    _set(caller.site_id, Licence.ACTIVE if told[0] == "active" else Licence.NONE, now=now)


def _set(site_id: UUID, licence: Licence, *, now: datetime) -> None:
    Site.objects.filter(pk=site_id).update(licence=licence, licence_at=now)
