"""Whose turn it is: leaky buckets that all workers share (GCRA, a compare-and-set on one row each).

A row holds when its bucket will be empty. It is pushed on by each call, and a
call has to wait where it would overflow; no call is counted that was not made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Case, DateTimeField, ExpressionWrapper, F, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from backbone_app.jira.limits import Call
from backbone_app.models import Pace
from backbone_app.models.prepared import Update

SKEW: Final = timedelta(seconds=2)
"""How far the clocks of two workers may be apart."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """``burst`` calls at once, and one more every ``interval``."""

    key: str
    burst: int
    interval: timedelta

    @property
    def tolerance(self) -> timedelta:
        """How far ahead of now the bucket may be filled for another call to fit."""
        return (self.burst - 1) * self.interval

    @property
    def impossible(self) -> timedelta:
        """How far ahead of now no bucket was ever filled: the clock was set back."""
        return self.burst * self.interval + SKEW


# Jira takes 20 writes to a work item in 2 s and 100 in 30 s. Half of each may come at once and the other
# half trickles, so that no window holds more than its limit, wherever Jira lets it begin.
ITEM_BURSTS: Final = (("2s", 10, timedelta(milliseconds=200)), ("30s", 50, timedelta(milliseconds=600)))


def buckets(site_id: UUID, call: Call) -> tuple[Bucket, ...]:
    """Name the buckets a call falls into; the one that most calls share comes last and is locked shortest."""
    mine = [
        Bucket(f"item:{site_id}:{call.item}:{window}", burst, interval)
        for window, burst, interval in ITEM_BURSTS
        if call.write and call.item
    ]
    endpoint = f"endpoint:{site_id}:{call.method} {call.template}"
    return (*mine, Bucket(endpoint, call.rate, timedelta(seconds=1) / call.rate))


def take(site_id: UUID, wanted: tuple[Bucket, ...], *, now: datetime) -> timedelta:
    """Take a place in every bucket, or in none; returns how long to wait until it is worth trying again."""
    full = _full(site_id, wanted, now)
    if full is None:
        return timedelta(0)
    free_at = Pace.objects.filter(pk=full.key).values_list("free_at", flat=True).first()
    return max(free_at - full.tolerance - now, full.interval / 2) if free_at else full.interval


def _full(site_id: UUID, wanted: tuple[Bucket, ...], now: datetime) -> Bucket | None:
    """Take a place in every bucket; else name the one that had none, with no place taken."""
    if len(wanted) == 1:  # most calls: one statement needs no transaction around it
        return None if _take_one(site_id, wanted[0], now) else wanted[0]
    with transaction.atomic():
        full = next((bucket for bucket in wanted if not _take_one(site_id, bucket, now)), None)
        if full is not None:
            transaction.set_rollback(True)
    return full


def _take_one(site_id: UUID, bucket: Bucket, now: datetime) -> bool:
    if _push_on(bucket, now):
        return True
    first = {"site_id": site_id, "free_at": now + bucket.interval}
    _, is_new = Pace.objects.get_or_create(pk=bucket.key, defaults=first)
    return is_new or _push_on(bucket, now)


def _push_on(bucket: Bucket, now: datetime) -> bool:
    ends = now + bucket.tolerance, now + bucket.interval, now + bucket.impossible
    return _PUSH_ON(bucket.key, now, *ends, bucket.interval) > 0


def _pushed_on(
    key: str, now: datetime, latest: datetime, afresh: datetime, impossible: datetime, interval: timedelta
) -> tuple["QuerySet[Pace]", Mapping[str, Combinable]]:
    later = ExpressionWrapper(F("free_at") + Value(interval), output_field=DateTimeField())
    fits = Q(free_at__lte=latest)
    pushed = Case(When(fits, free_at__gt=now, then=later), default=Value(afresh))
    return Pace.objects.filter(fits | Q(free_at__gt=impossible), pk=key), {"free_at": pushed}


_PUSH_ON: Final = Update(_pushed_on)
