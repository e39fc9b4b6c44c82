"""What nobody notes when it happens: errors, told after an hour, requests that wait, licences that end."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from backbone_app.core.handshake import State
from backbone_app.core.notices import BUNDLED_FOR, EXPIRED, REMINDERS, Event, Kind, turn
from backbone_app.core.remote_licence import OVER
from backbone_app.core.values import Side
from backbone_app.ledger import endpoints, notices, standing
from backbone_app.models import Failure, Notice, NoticeAddress, RemoteLicence, Synchronization

BATCH: Final = 200
MayGoOn = Callable[[], bool]


def gather_failures(now: datetime, may_go_on: MayGoOn) -> bool:
    """Note the errors of each space that has had any for an hour; returns whether it was through.

    Those are counted that still stand and nobody ignores: what has mended itself is told to nobody.
    """
    old = _standing_errors().filter(
        first_at__gt=OuterRef("failures_until"),
        first_at__lte=now - BUNDLED_FOR,
        synchronization__sides__site=OuterRef("site"),
        synchronization__sides__space=OuterRef("space"),
    )
    for row in list(notices.listening().filter(Exists(old)).exclude(space="").order_by("pk")):
        if not may_go_on():
            return False
        if Kind.FAILURE in row.kinds:
            _gather_of(row, now)
    return True


def _standing_errors() -> QuerySet[Failure]:
    return Failure.objects.filter(ignored=False)


def _gather_of(row: NoticeAddress, now: datetime) -> None:
    """Note all errors that came since the last time, those of the last hour among them."""
    standings = {each.row.pk: each for each in standing.of_space(row.site_id, row.space)}
    new = _standing_errors().filter(
        synchronization__in=standings.keys(), first_at__gt=row.failures_until, first_at__lte=now
    )
    counts: Counter[UUID] = Counter(new.values_list("synchronization", flat=True))
    made = [
        notices.failed(row, standings[each].own, standings[each].other, count=count, now=now)
        for each, count in counts.items()
    ]
    with transaction.atomic():
        # Of two workers that have counted the same the other one comes too late.
        same = NoticeAddress.objects.filter(pk=row.pk, failures_until=row.failures_until)
        if same.update(failures_until=now):
            Notice.objects.bulk_create(made)


def remind(now: datetime) -> None:
    """Tell the addressee of an open request on its days, and its sender when nobody answered in time."""
    due = Q(expires_at__lte=now, told_turn__lt=EXPIRED)
    for day in REMINDERS:
        due |= Q(created_at__lte=now - timedelta(days=day), told_turn__lt=day)
    rows = Synchronization.objects.filter(due, state=State.REQUESTED).order_by("created_at", "pk")
    for row in rows.prefetch_related("sides__site")[:BATCH]:
        _tell(row, turn(row.created_at, row.expires_at, now), now)


@transaction.atomic
def _tell(row: Synchronization, today: int, now: datetime) -> None:
    # Of two workers, and of somebody who answers just now, one is first.
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


def warn(now: datetime) -> None:
    """Tell whoever listens for a site that its remote licence ends, on its days, and that it has ended."""
    for row in list(endpoints.ending(now)):
        _warn_of(row, now)


@transaction.atomic
def _warn_of(row: RemoteLicence, now: datetime) -> None:
    terms = endpoints.terms_of(row)
    turn_ = terms.turn(now)
    if turn_ is None or (row.told_turn is not None and row.told_turn <= turn_):
        return
    # Of two workers, and of an admin who uploads another one just now, one is first.
    same = RemoteLicence.objects.filter(pk=row.pk, uploaded_at=row.uploaded_at, told_turn=row.told_turn)
    if not same.update(told_turn=turn_):
        return
    event = Event.LICENCE_ENDED if turn_ == OVER else Event.LICENCE_ENDS
    left = {} if turn_ == OVER else {"days": terms.days_left(now)}
    notices.note(row.site_id, "", event, detail=left, now=now)
