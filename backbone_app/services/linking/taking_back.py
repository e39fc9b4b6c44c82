"""Somebody who let us in takes it back, on the page behind the link they were sent."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F

from backbone_app.errors import Outdated
from backbone_app.gateway import returning
from backbone_app.ledger import audit, links
from backbone_app.ledger.audit import Act
from backbone_app.models import Link, LinkAttempt
from backbone_app.models.link import LinkStatus
from backbone_app.services.linking.following import pause
from backbone_app.services.linking.landing import Landing

REVOKED: Final = "revoked"


def take_back(opened: Landing, *, now: datetime) -> bool:
    """End what was allowed with this link: its tokens are destroyed, and what it carries pauses.

    Whoever calls has shown that they hold it. Returns whether the other site has heard of it. Raises Outdated
    where it was taken back already, or somebody has signed in again since: that is for those to take back.
    """
    with transaction.atomic():
        given = Link.objects.filter(
            attempts=opened.attempt, status=LinkStatus.WORKING, authorized_at=F("attempts__ended_at")
        )
        link = given.select_for_update(of=("self",)).select_related("site", "application").first()
        if link is None:
            raise Outdated("It was taken back already, or somebody has signed in again since.")
        returned = returning.take_back(link, reason=REVOKED, now=now)
        pause(links.to_pause().filter(site=link.pk), now=now)
        space, detail = _about(opened)
        audit.note_signer(link.owner_id, Act.LINK_TAKEN_BACK, space=space, detail=detail, now=now)
    return returned.tell()


def _about(opened: Landing) -> tuple[str, dict[str, str]]:
    space = LinkAttempt.objects.values_list("space", flat=True).get(pk=opened.attempt)
    return space, {"address": opened.address, "space_key": opened.space_key}
