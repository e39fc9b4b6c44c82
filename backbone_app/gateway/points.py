"""What our calls cost of Jira's points, hour by hour, and whether a site may spend more."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.expressions import Combinable

from backbone_app.core.budget import Hour, Lane, Spent, allows
from backbone_app.jira.limits import Call
from backbone_app.models import Spending
from backbone_app.models.prepared import Rows, Update

HOUR: Final = timedelta(hours=1)


def hour_of(now: datetime) -> datetime:
    """Give the beginning of the UTC hour; Jira's pool is full again at its end."""
    return now.replace(minute=0, second=0, microsecond=0)


def are_left(site_id: UUID, call: Call, *, lane: Lane, now: datetime) -> bool:
    """Whether the site may make the call: what it may well cost has to be left before."""
    hour = hour_of(now)
    return allows(
        _standing(site_id, hour), cost=call.reserved, lane=lane, others=lambda: _others(site_id, hour)
    )


def spend(site_id: UUID, points: int, *, lane: Lane, now: datetime) -> None:
    """Add the points of a call that was made."""
    hour = hour_of(now)
    if not _SPEND(site_id, hour, lane, points):
        first = Spending(site_id=site_id, hour=hour, lane=lane, points=0)
        Spending.objects.bulk_create(
            [first], ignore_conflicts=True
        )  # another worker may be the first as well
        _SPEND(site_id, hour, lane, points)


def _standing(site_id: UUID, hour: datetime) -> Hour:
    ((total, mine, bulk, others),) = _SUMS(site_id, hour, hour - HOUR)
    pool = settings.BACKBONE_POINTS_PER_HOUR
    return Hour(pool=pool, active=others + 1, total=total, mine=mine, bulk=bulk)


def _sums(site_id: UUID, hour: datetime, before: datetime) -> "QuerySet[Spending, tuple[int, ...]]":
    """Sum up this hour for all, for the site and for its bulk, and count the others since ``before``."""
    now, mine = Q(hour=hour), Q(site_id=site_id)
    all_in_one = Spending.objects.filter(hour__gte=before).annotate(one=Value(1)).values("one")
    return all_in_one.annotate(
        total=Sum("points", filter=now, default=0),
        mine=Sum("points", filter=now & mine, default=0),
        bulk=Sum("points", filter=now & mine & Q(lane=Lane.BULK), default=0),
        others=Count("site", filter=~mine, distinct=True),
    ).values_list("total", "mine", "bulk", "others")


def _spent(
    site_id: UUID, hour: datetime, lane: str, points: int
) -> tuple["QuerySet[Spending]", Mapping[str, Combinable]]:
    mine = Spending.objects.filter(site_id=site_id, hour=hour, lane=lane)
    return mine, {"points": F("points") + points}


_SUMS: Final = Rows(_sums)
_SPEND: Final = Update(_spent)


def _others(site_id: UUID, hour: datetime) -> list[Spent]:
    rows = (
        Spending.objects.filter(hour__gte=hour - HOUR)
        .exclude(site_id=site_id)
        .values("site_id")
        .annotate(
            now=Sum("points", filter=Q(hour=hour), default=0),
            before=Sum("points", filter=Q(hour__lt=hour), default=0),
        )
    )
    return [Spent(row["now"], row["before"]) for row in rows]
