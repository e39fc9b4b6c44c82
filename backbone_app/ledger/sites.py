"""What is due at sites by itself: addresses to confirm, licences to ask for, secrets that are over."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from backbone_app.models import Site
from backbone_app.models.site import SiteStatus

ADDRESSES: Final = "addresses"
LICENCES: Final = "licences"
WAITS: Final = timedelta(hours=24)
"""An address that nobody has confirmed by then is dropped."""
LICENCE_LASTS: Final = timedelta(days=1)
LICENCES_EVERY: Final = timedelta(hours=1)
"""How often those are asked again that did not answer."""
FIRST: Final = timedelta(minutes=1)
LATER: Final = timedelta(hours=1)
DOUBLINGS: Final = 6


def to_confirm(now: datetime, *, last: datetime | None) -> list[UUID]:
    """List the sites whose waiting address is to be asked again, or has waited long enough.

    It is asked after 1, 2, 4 … 64 minutes, then every hour; those that came due since the ``last`` round are.
    """
    waiting = Site.objects.exclude(pending_base_url="").order_by("pending_since")
    since = waiting.values_list("pk", "pending_since")
    return [pk for pk, at in since if at and _is_due(at, last, now)]


def without_licence(now: datetime) -> "QuerySet[Site]":
    """Give the sites that have not been asked for our licence for a day, the longest unasked first."""
    old = Q(licence_at__isnull=True) | Q(licence_at__lt=now - LICENCE_LASTS)
    return Site.objects.filter(old, status=SiteStatus.ENABLED).order_by("licence_at", "pk")


def with_old_secret(now: datetime) -> "QuerySet[Site]":
    """Give the sites whose previous secret opens nothing any more."""
    return Site.objects.filter(previous_until__lte=now)


def _is_due(since: datetime, last: datetime | None, now: datetime) -> bool:
    newest = _newest_turn(since, now)
    return newest is not None and (last is None or last < newest)


def _newest_turn(since: datetime, now: datetime) -> datetime | None:
    """Give the newest time, up to now, at which the address was to be asked."""
    doubled = [since + FIRST * 2**doubling for doubling in range(DOUBLINGS + 1)]
    whole = max((now - doubled[-1]) // LATER, 0)
    passed = [turn for turn in (*doubled, doubled[-1] + whole * LATER) if turn <= now]
    return max(passed, default=None)
