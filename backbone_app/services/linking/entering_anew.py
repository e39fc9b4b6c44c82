"""An application link that was made anew over there, or got another secret: entered here once more."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from backbone_app.errors import NotFound, Outdated
from backbone_app.ledger import access, audit, standing
from backbone_app.ledger.audit import Act
from backbone_app.models import ApplicationLink, Link, LinkAttempt
from backbone_app.models.callers import Caller
from backbone_app.models.link import LinkStatus
from backbone_app.services.linking.applications import Application, known_as, shown, usable


def application_of(caller: Caller, space: str, synchronization: UUID, *, now: datetime) -> UUID | None:
    """Find the application link that a synchronization goes over; None for one with a Cloud site."""
    access.reader_of_space(caller, space, now=now)
    seen = standing.find(caller.site_id, space, synchronization)
    link = Link.objects.filter(pk=seen.other.site_id, owner=caller.site_id).first()
    if link is None:
        raise NotFound("link")
    return link.application_id


def to_enter_anew(caller: Caller, space: str, application: UUID, *, now: datetime) -> Application:
    """Show an application link that can be entered anew; raises NotFound, Outdated where its link works."""
    access.reader_of_space(caller, space, now=now)
    row = usable(caller, application)
    _must_not_work(row)
    return shown(row, in_use=False)


def enter_anew(
    caller: Caller, space: str, application: UUID, *, client_id: str, client_secret: str, now: datetime
) -> None:
    """Keep what the Data Center knows us as by now; whether it fits shows at the next sign-in.

    Sign-ins that were begun before come to nothing. Raises InvalidInput beside the field, NotFound, Outdated
    where a link works by what is known.
    """
    access.admin_of_space(caller, space, now=now)
    changes = known_as(usable(caller, application), client_id, client_secret)
    with transaction.atomic():
        # Whoever comes back from a sign-in just now holds this row: of the two one is first.
        row = ApplicationLink.objects.select_for_update().filter(pk=application, site=caller.site_id).first()
        if row is None:
            raise NotFound("application link")
        _must_not_work(row)
        ApplicationLink.objects.filter(pk=row.pk).update(**changes)
        LinkAttempt.objects.filter(application=row, ended_at=None).update(state_digest="")
        detail = {"address": row.base_url}
        audit.note(caller, Act.APPLICATION_LINK_CHANGED, space=space, detail=detail, now=now)


def _must_not_work(row: ApplicationLink) -> None:
    if Link.objects.filter(application=row, status=LinkStatus.WORKING).exists():
        raise Outdated(
            "Somebody has signed in by this application link, and that works. It can be entered anew once "
            "the other site no longer takes it."
        )
