"""Sites that have removed the app: what of them is still at work, and when their rows are erased.

Nobody tells us of it but the site's own row, whatever the order in which lifecycle calls came: the sweep asks
here whether anything is to be done. So a partner is told within a sweep or two, and a site that is back is
at work again as soon.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from backbone_app.core import moments
from backbone_app.core.handshake import State
from backbone_app.models import ServiceHold, Site, Synchronization, SynchronizationSide
from backbone_app.models.prepared import Rows
from backbone_app.models.site import SiteStatus

LEFT: Final = "site_left"
"""The reason (a code of ``core.failures``) of a pause because one of the two sites removed the app."""
ERASED: Final = "erased:"
"""What the client key begins with of a site whose erasure has begun: Jira's own name for it is gone first,
so that an installation from now on is that of a new site."""


def is_wanted(now: datetime) -> bool:
    """Whether there is anything to do about sites that left, or are back."""
    return any(each.exist() for each in _AT_WORK) or _TO_ERASE.exist(now - grace())


def unnoticed() -> QuerySet[Site]:
    """Give the sites that left before we kept the time: their grace begins when that is seen."""
    return Site.objects.filter(status=SiteStatus.UNINSTALLED, uninstalled_at__isnull=True)


def halves_left() -> QuerySet[SynchronizationSide]:
    """Give the halves of running synchronizations whose site has removed the app."""
    left = SynchronizationSide.objects.filter(
        site__status=SiteStatus.UNINSTALLED, synchronization__state=State.RUNNING
    )
    return left.select_related("site").order_by("pk")


def back() -> QuerySet[Synchronization]:
    """Give the synchronizations that were paused because a site left, and whose sites are both here."""
    gone = SynchronizationSide.objects.filter(
        synchronization=OuterRef("pk"), site__status=SiteStatus.UNINSTALLED
    )
    return Synchronization.objects.filter(~Exists(gone), state=State.PAUSED, pause_reason=LEFT)


def due(now: datetime) -> QuerySet[Site]:
    """Give the sites to erase now: none while the whole service is held.

    After a restore a site's row may be older than its latest installation: nothing goes before that was seen.
    """
    return _unheld(over(now))


def over(now: datetime) -> QuerySet[Site]:
    """Give the sites whose grace is over, and those whose erasure has begun."""
    return _left_before(now - grace())


def _unheld(sites: QuerySet[Site]) -> QuerySet[Site]:
    return sites.exclude(Exists(ServiceHold.objects.all()))


def _left_before(end: datetime) -> QuerySet[Site]:
    is_over = Q(uninstalled_at__lte=end)
    gone = Site.objects.filter(status=SiteStatus.UNINSTALLED)
    return gone.filter(is_over | Q(client_key__startswith=ERASED)).order_by("uninstalled_at", "pk")


def grace() -> timedelta:
    """How long the rows of a site are kept after it removed the app."""
    return timedelta(days=settings.BACKBONE_ERASE_AFTER_DAYS)


def hold(*site_ids: UUID) -> Mapping[UUID, SiteStatus]:
    """Let none of these sites come or go until the transaction ends; tells where each stands.

    They are locked in the order of their ids: two who hold the same two never wait for each other.
    """
    rows = Site.objects.select_for_update(no_key=True).filter(pk__in=site_ids).order_by("pk")
    return {site: SiteStatus(status) for site, status in rows.values_list("pk", "status")}


def erased_on(site: Site) -> str:
    """Say the day on which the rows of a site that left are erased, like ``22 December 2026``; in UTC."""
    return moments.day((site.uninstalled_at or site.installed_at) + grace())


def is_gone(site: Site) -> bool:
    """Whether the site has removed the app."""
    return site.status == SiteStatus.UNINSTALLED


def notices(site: Site) -> tuple[str, ...]:
    """Say to people of its partner that a site left, and until when it is kept; nothing where it did not."""
    if not is_gone(site):
        return ()
    name = urlsplit(site.base_url).hostname or site.base_url
    sentence = (
        f"{name} has removed Backbone Work Sync. It goes on by itself if the app is installed there again "
        f"before {erased_on(site)}; then that site's half is erased, and this synchronization ends: "
        "its pairs and its activity go with it. You can download the pairs until then. "
        "You can delete it before."
    )
    return (sentence,)


_AT_WORK: Final = (
    Rows(lambda: unnoticed().values_list("pk")[:1]),
    Rows(lambda: halves_left().select_related(None).values_list("pk")[:1]),
    Rows(lambda: back().values_list("pk")[:1]),
)
_TO_ERASE: Final = Rows(lambda end: _unheld(_left_before(end)).values_list("pk")[:1])
