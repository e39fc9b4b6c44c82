"""What the tables show of the service's state, each time somebody asks.

Every question is a count by an index, or of a table that is small as long as all is well. Together
they are bounded in time: on PostgreSQL each statement ends after a second, and the first one that
does not answer ends the look.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import structlog
from django.conf import settings
from django.db import Error, connection, transaction
from django.db.models import Count, Min, Q, Sum

from backbone_app.core.handshake import STORED, State
from backbone_app.gateway import points
from backbone_app.ledger import heartbeats, reports, sealed
from backbone_app.metrics import Reading, labels, named
from backbone_app.models import (
    Delivery,
    DeliveryUse,
    Failure,
    Heartbeat,
    Leftover,
    Link,
    Pair,
    Pause,
    ServiceHold,
    Site,
    Spending,
    Synchronization,
)
from backbone_app.models.link import LinkStatus
from backbone_app.models.sealing import first_key
from backbone_app.models.site import SiteStatus

STALLED: Final = timedelta(minutes=10)
DEAD: Final = timedelta(days=1)
STATEMENT_MS: Final = 1000

_log = structlog.get_logger()


def readings(now: datetime) -> tuple[Reading, ...]:
    """Read every gauge; where the database is away only that."""
    try:
        with transaction.atomic():
            _bound_statements()
            found = (*_inbox(now), *_pairs(now), *_synchronizations(), *_sites(now), *_service(now))
    except Error as trouble:
        _log.warning("database_unreachable", trouble=type(trouble).__name__)
        return (named.READABLE.shows(0),)
    return (named.READABLE.shows(1), *found)


def waiting(now: datetime) -> tuple[int, timedelta]:
    """Count the webhooks that are still to be used, and tell how old the oldest is."""
    unpaired = Delivery.objects.filter(unpaired=True).aggregate(count=Count("pk"), oldest=Min("received_at"))
    used = DeliveryUse.objects.exclude(delivery__unpaired=True).aggregate(
        count=Count("delivery", distinct=True), oldest=Min("delivery__received_at")
    )
    since = min((one["oldest"] for one in (unpaired, used) if one["oldest"]), default=now)
    return unpaired["count"] + used["count"], now - since


def _bound_statements() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {STATEMENT_MS}")


def _inbox(now: datetime) -> Iterator[Reading]:
    depth, age = waiting(now)
    yield named.INBOX_DEPTH.shows(depth)
    yield named.INBOX_AGE.shows(age.total_seconds())
    old = Delivery.objects.filter(received_at__lt=now - DEAD)
    dead = old.filter(Q(unpaired=True) | Q(uses__isnull=False)).distinct()
    yield named.DEAD_LETTERS.shows(dead.count())


def _pairs(now: datetime) -> Iterator[Reading]:
    due = Pair.objects.filter(due__gt=0, synchronization__state=State.RUNNING)
    counted = dict(due.values_list("lane").annotate(count=Count("pk")))
    yield from (named.DUE.shows(counted.get(lane, 0), lane=lane) for lane in labels.LANES)
    idle = Q(lease_until=None) | Q(lease_until__lt=now - STALLED)
    yield named.STALLED.shows(due.filter(idle, not_before__lt=now - STALLED).count())
    failing = Failure.objects.filter(ignored=False).values_list("code").annotate(count=Count("pk"))
    yield from (named.FAILURES.shows(count, code=code) for code, count in failing)


def _synchronizations() -> Iterator[Reading]:
    states = dict(Synchronization.objects.values_list("state").annotate(count=Count("pk")))
    yield from (named.SYNCHRONIZATIONS.shows(states.get(state, 0), state=state) for state in STORED)
    paused = Synchronization.objects.filter(state=State.PAUSED).values_list("pause_reason")
    yield from (named.PAUSED.shows(count, reason=why) for why, count in paused.annotate(count=Count("pk")))


def _sites(now: datetime) -> Iterator[Reading]:
    found = dict(Site.objects.values_list("status").annotate(count=Count("pk")))
    yield from (named.SITES.shows(found.get(status, 0), status=status) for status in SiteStatus)
    links = dict(Link.objects.values_list("status").annotate(count=Count("pk")))
    yield from (named.LINKS.shows(links.get(status, 0), status=status) for status in LinkStatus)
    licences = Site.objects.filter(status=SiteStatus.ENABLED).values_list("licence")
    for licence, count in licences.annotate(count=Count("pk")):
        yield named.LICENCES.shows(count, licence=licence or "unknown")
    # Whose round of reports it is stands among the pauses, and holds no call off.
    lasting = Pause.objects.filter(until__gt=now).exclude(scope__startswith=reports.SCOPE)
    held = lasting.values_list("reason").annotate(count=Count("pk"))
    yield from (named.HELD.shows(count, reason=reason) for reason, count in held)
    of_sites = [field for field in sealed.columns() if field.model is Site]
    ages = {first_key(): "first", sealed.NO_KEY: "missing"}
    for key, count in sealed.by_key(of_sites).items():
        yield named.SECRETS.shows(count, key=ages.get(key, "older"))


def _service(now: datetime) -> Iterator[Reading]:
    hour = points.hour_of(now)
    spent = Spending.objects.filter(hour=hour).aggregate(sum=Sum("points", default=0))["sum"]
    yield named.POINTS_LEFT.shows(max(0, settings.BACKBONE_POINTS_PER_HOUR - spent))
    yield named.LEFTOVERS.shows(Leftover.objects.count())
    yield named.HOLDS.shows(ServiceHold.objects.count())
    for name in Heartbeat.objects.values_list("lane", flat=True):
        silent = heartbeats.overdue(name, now=now)
        if silent is not None and name in labels.SIGNS:
            yield named.SIGN_AGE.shows(silent.total_seconds(), sign=name)
