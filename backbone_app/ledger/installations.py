"""Which installation of the Forge app and which site are one: two callers tell of it, in either order.

Connect's ``installed`` brings a site, Forge's own calls bring a ``ForgeInstallation``. Whoever has stored its
own half calls ``join`` (or ``join_by_forge``) in a transaction *after* that one: of two that arrive at once
neither sees what the other has not committed yet, but whoever joins last sees both.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from backbone_app.models import ForgeInstallation, Site
from backbone_app.models.site import Licence, SiteStatus

MISSED_AFTER: Final = timedelta(minutes=10)
"""So long Connect's callback may take: then it has not come, and somebody should know."""


def join(site_id: UUID) -> bool:
    """Join a site with its installation of the Forge app; tells whether that is new.

    Its installation is the one that Connect's payload named; else the newest one of the same cloud id,
    where no other enabled site has that one. One of another cloud id never is. A join stands until
    something better comes. The licence that Forge told of last counts for the site from then on, unless
    something newer is known there. Call it in a transaction together with the note of the act.
    """
    with transaction.atomic():
        # Without the key: whoever keeps an installation may note an act of the site meanwhile.
        site = Site.objects.select_for_update(no_key=True).filter(pk=site_id).first()
        if site is None:
            return False
        joined = site.forge_installations.all()
        before = set(joined.values_list("pk", flat=True))
        chosen = _newest(_named(site)) or _newest(_of_cloud(site)) or _newest(_fitting(site, joined))
        joined.exclude(pk=chosen and chosen.pk).update(site=None)
        if chosen is None:
            return False
        ForgeInstallation.objects.filter(pk=chosen.pk).update(site=site)
        _take_licence(site, chosen)
        return chosen.pk not in before


def join_by_forge(installation: str) -> list[UUID]:
    """Join whichever site an installation of the Forge app may belong to; gives those where that is new."""
    row = ForgeInstallation.objects.get(pk=installation)
    related = Q(installation=row.pk) | Q(cloud_id=row.cloud_id) | Q(forge_installations=row)
    ids = Site.objects.filter(related).order_by("pk").values_list("pk", flat=True).distinct()
    return [site_id for site_id in list(ids) if join(site_id)]


def without_site(now: datetime) -> "QuerySet[ForgeInstallation]":
    """Give the installations that Forge told of and that no site came for in ``MISSED_AFTER``: none works."""
    told = ForgeInstallation.objects.annotate(told_at=Coalesce("installed_at", "seen_at"))
    return told.filter(site=None, told_at__lt=now - MISSED_AFTER)


def of_site(site_id: UUID) -> ForgeInstallation | None:
    """Give the installation of the Forge app that is joined with a site."""
    return ForgeInstallation.objects.filter(site=site_id).first()


def _named(site: Site) -> "QuerySet[ForgeInstallation]":
    """Give the installation that the site's payload named: no two sites have the same."""
    return _fitting(site, ForgeInstallation.objects.filter(pk=site.installation or None))


def _fitting(site: Site, found: "QuerySet[ForgeInstallation]") -> "QuerySet[ForgeInstallation]":
    """Leave out what is of another cloud id than the site, as far as that told one."""
    return found.filter(cloud_id=site.cloud_id) if site.cloud_id else found


def _of_cloud(site: Site) -> "QuerySet[ForgeInstallation]":
    """Give the installations of the site's cloud id, where it is the only enabled site that has it."""
    enabled = Site.objects.filter(cloud_id=site.cloud_id, status=SiteStatus.ENABLED)
    is_meant = site.cloud_id and list(enabled.values_list("pk", flat=True)) == [site.pk]
    found = ForgeInstallation.objects.filter(cloud_id=site.cloud_id)
    # One that another site's payload names is that site's, whatever cloud id that one told.
    others = Site.objects.exclude(pk=site.pk).exclude(installation="").values("installation")
    return found.exclude(pk__in=others) if is_meant else found.none()


def _newest(found: "QuerySet[ForgeInstallation]") -> ForgeInstallation | None:
    return found.order_by(Coalesce("installed_at", "seen_at").desc(), "pk").first()


def _take_licence(site: Site, row: ForgeInstallation) -> None:
    if row.licence != Licence.UNKNOWN and (site.licence_at is None or site.licence_at < row.seen_at):
        Site.objects.filter(pk=site.pk).update(licence=row.licence, licence_at=row.seen_at)
