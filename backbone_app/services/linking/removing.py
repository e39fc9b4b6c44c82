"""Removing an application link that nothing is synchronized over, with all that it has led to."""

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


def _emptied(application: ApplicationLink, *, now: datetime) -> list[Returned]:
    made = Link.objects.select_for_update(of=("self",)).filter(application=application)
    rows = list(made.select_related("site", "application"))
    there = [row.pk for row in rows]
    if SynchronizationSide.objects.filter(site__in=there).exists():
        raise Outdated("A synchronization uses this application link. Delete that one first.")
    returned = [returning.take_back(row, reason="removed", now=now) for row in rows]
    LinkAttempt.objects.filter(Q(application=application) | Q(link__in=there)).delete()
    Site.objects.filter(pk__in=there, status=SiteStatus.LINKED).delete()
    return returned
