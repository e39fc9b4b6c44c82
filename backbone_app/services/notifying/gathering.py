"""What nobody notes when it happens: errors, told together after an hour, and requests that wait."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from backbone_app.core.handshake import State
from backbone_app.core.notices import BUNDLED_FOR, EXPIRED, REMINDERS, Event, Kind, turn
from backbone_app.core.values import Side
from backbone_app.ledger import notices, standing
from backbone_app.models import Failure, Notice, NoticeAddress, Synchronization

BATCH: Final = 200
MayGoOn = Callable[[], bool]


def gather_failures(now: datetime, may_go_on: MayGoOn) -> None:
    """Note the errors of each space that has had any for an hour and wants to know.

    Those are counted that still stand and nobody ignores: what has mended itself is told to nobody.
    """
    for row in notices.listening().exclude(failures_until=None).order_by("pk").iterator():
        if Kind.FAILURE in row.kinds and row.space:
            _gather_of(row, now)
        if not may_go_on():
            return


def _gather_of(row: NoticeAddress, now: datetime) -> None:
    standings = {each.row.pk: each for each in standing.of_space(row.site_id, row.space)}
    new = Failure.objects.filter(
        synchronization__in=standings.keys(),
        ignored=False,
        first_at__gt=row.failures_until,
        first_at__lte=now,
    )
    found = list(new.values_list("synchronization", "first_at"))
    if not found or min(first for _, first in found) > now - BUNDLED_FOR:
        return
    counts: Counter[UUID] = Counter(synchronization for synchronization, _ in found)
    with transaction.atomic():
        # Of two workers that have counted the same the other one comes too late.
        same = NoticeAddress.objects.filter(pk=row.pk, failures_until=row.failures_until)
        if same.update(failures_until=now):
            made = [_failed(row, standings[each], count, now) for each, count in counts.items()]
            Notice.objects.bulk_create(made)


def _failed(row: NoticeAddress, seen: standing.Standing, count: int, now: datetime) -> Notice:
    return notices.failed(row, seen.own, seen.other, count=count, now=now)


def remind(now: datetime) -> None:
    """Tell the addressee of an open request on its days, and its sender when nobody answered in time."""
    open_requests = Synchronization.objects.filter(
        state=State.REQUESTED, told_turn__lt=EXPIRED, created_at__lte=now - timedelta(days=min(REMINDERS))
    )
    for row in open_requests.order_by("created_at", "pk").prefetch_related("sides__site")[:BATCH]:
        today = turn(row.created_at, row.expires_at, now)
        if today > row.told_turn:
            _tell(row, today, now)


@transaction.atomic
def _tell(row: Synchronization, today: int, now: datetime) -> None:
    same = Synchronization.objects.filter(pk=row.pk, state=State.REQUESTED, told_turn=row.told_turn)
    if not same.update(told_turn=today):
        return
    halves = {Side(half.side): half for half in row.sides.all()}
    sender, asked = halves[Side.LEFT], halves[Side.RIGHT]
    if today == EXPIRED:
        notices.note_half(sender, asked, Event.REQUEST_EXPIRED, now=now)
    else:
        end = f"{row.expires_at.day} {row.expires_at:%B %Y}"
        notices.note_half(asked, sender, Event.REQUEST_WAITS, detail={"expires": end}, now=now)
