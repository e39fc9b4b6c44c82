"""Removing what nothing is synchronized over: an application link, or the link to a Cloud site."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from backbone_app.errors import NotFound, Outdated
from backbone_app.gateway import returning
from backbone_app.gateway.returning import Returned
from backbone_app.ledger import access, audit
from backbone_app.ledger.audit import Act
from backbone_app.models import ApplicationLink, Link, LinkAttempt, Site, SynchronizationSide
from backbone_app.models.callers import Caller
from backbone_app.models.site import SiteStatus


def remove(caller: Caller, space: str, application: UUID, *, now: datetime) -> None:
    """Remove an application link; its tokens are destroyed, and their site is told if it answers.

    Raises NotFound for one of another site, Outdated for one that a synchronization of the site uses.
    """
    access.admin_of_space(caller, space, now=now)
    with transaction.atomic():
        # Whoever signs in just now holds this row, whoever creates a synchronization that of its link.
        mine = ApplicationLink.objects.select_for_update().filter(pk=application, site=caller.site_id)
        row = mine.exclude(client_id="").first()
        if row is None:
            raise NotFound("application link")
        returned = _emptied(row, now=now)
        row.delete()
        detail = {"address": row.base_url}
        audit.note(caller, Act.APPLICATION_LINK_REMOVED, detail=detail, now=now)
    for each in returned:
        each.tell()


def remove_cloud(caller: Caller, space: str, link: UUID, *, now: datetime) -> None:
    """Remove the link to a Cloud site; its tokens are destroyed. Atlassian has no address to tell it.

    Raises NotFound for what is none of the site's, Outdated for one that a synchronization uses.
    """
    access.admin_of_space(caller, space, now=now)
    with transaction.atomic():
        # As whoever signs in on the Cloud just now does.
        Site.objects.select_for_update(no_key=True).filter(pk=caller.site_id).values_list("pk").first()
        mine = Link.objects.select_for_update(of=("self",)).filter(pk=link, owner=caller.site_id)
        row = mine.filter(application=None).select_related("site", "application").first()
        if row is None:
            raise NotFound("link")
        waiting = Q(site=caller.site_id, application=None, address=row.address)
        _end([row], waiting, in_use="A synchronization uses this link. Delete that one first.", now=now)
        audit.note(caller, Act.CLOUD_LINK_REMOVED, detail={"address": row.address}, now=now)


def _emptied(application: ApplicationLink, *, now: datetime) -> list[Returned]:
    made = Link.objects.select_for_update(of=("self",)).filter(application=application)
    rows = list(made.select_related("site", "application"))
    in_use = "A synchronization uses this application link. Delete that one first."
    return _end(rows, Q(application=application), in_use=in_use, now=now)


def _end(rows: list[Link], attempts: Q, *, in_use: str, now: datetime) -> list[Returned]:
    """End links that nothing uses, else raise Outdated, and with them their attempts and these."""
    there = [row.pk for row in rows]
    if SynchronizationSide.objects.filter(site__in=there).exists():
        raise Outdated(in_use)
    returned = [returning.take_back(row, reason="removed", now=now) for row in rows]
    LinkAttempt.objects.filter(attempts | Q(link__in=there)).delete()
    Site.objects.filter(pk__in=there, status=SiteStatus.LINKED).delete()
    return returned
