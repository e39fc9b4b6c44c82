"""Mending a link that broke: the same sign-in once more, asked for from a synchronization that needs it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backbone_app.errors import NotFound, Outdated
from backbone_app.jira import read
from backbone_app.ledger import access, audit, standing
from backbone_app.ledger.audit import Act
from backbone_app.models import ApplicationLink, Link
from backbone_app.models.callers import Caller
from backbone_app.models.link import LinkStatus
from backbone_app.services.linking.applications import Application, known_as, shown
from backbone_app.services.linking.asking import Place, Progress, make, progress
from backbone_app.services.linking.clouds import require_oauth_app


def mending(caller: Caller, space: str, synchronization: UUID, attempt: UUID, *, now: datetime) -> Progress:
    """Tell how far an attempt to mend the link of a synchronization has come; raises NotFound for others."""
    found = progress(caller, space, attempt, now=now)
    if standing.find(caller.site_id, space, synchronization).other.site.base_url != found.address:
        raise NotFound("link")
    return found


def mend(
    caller: Caller, space: str, synchronization: UUID, token: str, *, is_copied: bool, now: datetime
) -> Progress:
    """Make ``token`` a link to sign in with where the broken link of a synchronization leads.

    Once somebody has, all that is paused for it goes on. Raises NotFound for a synchronization without a
    link, Outdated where it works, NoOAuthApp.
    """
    client = access.admin_of_space(caller, space, now=now)
    link = _broken(caller, space, synchronization)
    place = Place(link.address, link.application)
    if place.application is None:
        require_oauth_app()
    own = read.space(client, space)
    return make(caller, own, place, token, is_copied=is_copied, now=now)


def application(caller: Caller, space: str, synchronization: UUID, *, now: datetime) -> Application | None:
    """Show the application link of a synchronization, to be entered anew; None for a Cloud site."""
    access.reader_of_space(caller, space, now=now)
    link = _link(caller, space, synchronization)
    return shown(link.application, in_use=True) if link.application else None


def enter_anew(
    caller: Caller, space: str, synchronization: UUID, *, client_id: str, client_secret: str, now: datetime
) -> None:
    """Keep what the Data Center knows us as by now: its application link was made anew, or has a new secret.

    Whether it fits shows at the next sign-in. Raises InvalidInput beside the field; NotFound for a
    synchronization without an application link; Outdated where the link works.
    """
    access.admin_of_space(caller, space, now=now)
    link = _broken(caller, space, synchronization)
    if link.application is None:
        raise NotFound("application link")
    changes = known_as(link.application, client_id, client_secret)
    with transaction.atomic():
        if not ApplicationLink.objects.filter(pk=link.application.pk).update(**changes):
            raise NotFound("application link")
        detail = {"address": link.address}
        audit.note(
            caller,
            Act.APPLICATION_LINK_CHANGED,
            space=space,
            synchronization=synchronization,
            detail=detail,
            now=now,
        )


def _broken(caller: Caller, space: str, synchronization: UUID) -> Link:
    link = _link(caller, space, synchronization)
    if link.status == LinkStatus.WORKING:
        raise Outdated("This link works: nobody has to sign in.")
    return link


def _link(caller: Caller, space: str, synchronization: UUID) -> Link:
    seen = standing.find(caller.site_id, space, synchronization)
    owned = Link.objects.filter(pk=seen.other.site_id, owner=caller.site_id)
    link = owned.select_related("application").first()
    if link is None:
        raise NotFound("link")
    return link
