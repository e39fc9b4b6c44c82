"""Mending a link that broke: the same sign-in once more, asked for from a synchronization that needs it."""

from datetime import datetime
from uuid import UUID

from backbone_app.errors import NotFound, Outdated
from backbone_app.jira import read
from backbone_app.ledger import access, standing
from backbone_app.models import Link
from backbone_app.models.callers import Caller
from backbone_app.models.link import LinkStatus
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
    seen = standing.find(caller.site_id, space, synchronization)
    owned = Link.objects.filter(pk=seen.other.site_id, owner=caller.site_id)
    link = owned.select_related("application").first()
    if link is None:
        raise NotFound("link")
    if link.status == LinkStatus.WORKING:
        raise Outdated("This link works: nobody has to sign in.")
    place = Place(link.address, link.application)
    if place.application is None:
        require_oauth_app()
    own = read.space(client, space)
    return make(caller, own, place, token, is_copied=is_copied, now=now)
