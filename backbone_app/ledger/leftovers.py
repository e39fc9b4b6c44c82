"""What of ours stays behind on a site's work items, noted when their pairs go, and who may take it away.

``backbone-twin`` is on work items that we created: the half of a pair on the side that is not its origin's,
unless that work item was there before (``joined``), and whatever another creation of the same pair made.
``backbone-copy`` is on our copies of comments. Each belongs to the one synchronization that wrote it: a work
item that we created for one and that was paired by hand in another keeps nothing that the other one needs.
"""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final, TypeVar

import structlog
from django.conf import settings
from django.db.models import Exists, F, Min, Q, QuerySet

from backbone_app.core.values import Side
from backbone_app.core.waits import Waits
from backbone_app.models import (
    CommentTwin,
    Intent,
    LateWrite,
    Leftover,
    Pair,
    PairSide,
    ServiceHold,
    SynchronizationSide,
)
from backbone_app.models.intent import IntentKind, IntentState
from backbone_app.models.prepared import Rows
from backbone_app.models.site import SiteStatus

BATCH: Final = 1_000
MOST_TRIES: Final = 6
"""So often Jira may refuse a removal; whoever asks again for months only costs."""
REFUSED: Final = Waits(timedelta(minutes=5), timedelta(hours=6))

Row = TypeVar("Row", Leftover, LateWrite)
Spot = tuple[uuid.UUID, str, str]
"""Site, work item, comment (empty for the work item's own property)."""

_log = structlog.get_logger()


def note(pairs: QuerySet[Pair], *, now: datetime) -> None:
    """Note what has to be removed once ``pairs`` are gone. In the transaction that deletes them.

    Every pair has to be fenced before: what a worker commits after this look would stay behind. A site
    that is being erased (its digest key is destroyed) is left alone: there is nobody to call.
    """
    ids = pairs.order_by().only("pk")
    spots = {*_created(ids), *_copies(ids)}
    rows = [Leftover(site_id=site, item=item, comment=one, not_before=now) for site, item, one in spots]
    Leftover.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    LateWrite.objects.bulk_create(_under_way(ids), batch_size=BATCH, ignore_conflicts=True)


def is_due(now: datetime) -> bool:
    """Whether there is anything to do at a site that may be called."""
    return _TO_REMOVE.exist(now) or _TO_SEEK.exist(now)


def sites_due(now: datetime) -> list[uuid.UUID]:
    """List the sites with something to do, who has waited longest first."""
    removed = _due(Leftover.objects.all(), now).values_list("site_id").annotate(Min("not_before"))
    sought = _due(LateWrite.objects.all(), now).values_list("site_id").annotate(Min("not_before"))
    since: dict[uuid.UUID, datetime] = dict(sought.order_by())
    for site, at in removed.order_by():
        since[site] = min(at, since.get(site, at))
    return sorted(since, key=lambda site: (since[site], str(site)))


def due(site_id: uuid.UUID, now: datetime) -> QuerySet[Leftover]:
    """Give what may be removed from a site now, the longest overdue first."""
    return _due(Leftover.objects.filter(site=site_id), now).order_by("not_before", "pk")


def late_writes_due(site_id: uuid.UUID, now: datetime) -> QuerySet[LateWrite]:
    """Give what has to be looked for on a site now."""
    return _due(LateWrite.objects.filter(site=site_id), now).order_by("not_before", "pk")


def done(ids: Collection[int]) -> None:
    """Forget what is removed, or was gone already."""
    Leftover.objects.filter(pk__in=ids).delete()


def begun(ids: Collection[int], *, task: str, until: datetime) -> None:
    """Note that a task of Jira's removes these; it is asked what came of it at ``until``."""
    Leftover.objects.filter(pk__in=ids).update(task=task, not_before=until)


def one_by_one(rows: QuerySet[Leftover], *, now: datetime) -> None:
    """Have these removed singly: together they were refused, and nobody knows for the sake of which."""
    rows.update(task="", attempts=F("attempts") + 1, not_before=now)


def refused(row: Leftover, *, now: datetime) -> None:
    """Put a refused one off, ever longer; after ``MOST_TRIES`` it stays where it is, and the log says so."""
    if row.attempts + 1 >= MOST_TRIES:
        _log.warning("leftover_given_up", tenant=str(row.site_id))
        done([row.pk])
        return
    until = now + REFUSED.after(row.attempts)
    Leftover.objects.filter(pk=row.pk).update(attempts=F("attempts") + 1, not_before=until)


def put_off(site_id: uuid.UUID, *, now: datetime, until: datetime) -> None:
    """Leave a site alone until then: it does not answer, or takes no calls."""
    _due(Leftover.objects.filter(site=site_id), now).update(not_before=until)
    _due(LateWrite.objects.filter(site=site_id), now).update(not_before=until)


def found(late: LateWrite, *, item: str, comment: str, now: datetime) -> None:
    """Note what a late write has made: it is removed like everything else. In a transaction."""
    spot = {"site_id": late.site_id, "item": item, "comment": comment}
    Leftover.objects.get_or_create(**spot, defaults={"not_before": now})


def settled(late: LateWrite) -> None:
    """Forget a late write that was looked for: it is found, or did not happen."""
    LateWrite.objects.filter(pk=late.pk).delete()


def _created(ids: QuerySet[Pair]) -> Iterable[Spot]:
    twins = PairSide.objects.filter(_is_cleaned(), pair__in=ids, joined__isnull=True)
    yield from ((*one, "") for one in _with_item(twins.exclude(side=F("pair__origin_side"))))
    made = Intent.objects.filter(_is_cleaned(), pair__in=ids, kind=IntentKind.CREATE, state=IntentState.DONE)
    yield from ((*one, "") for one in _with_item(made))


def _with_item(rows: "QuerySet[PairSide] | QuerySet[Intent]") -> Iterable[tuple[uuid.UUID, str]]:
    return rows.exclude(item="").values_list("site_id", "item").iterator()


def _copies(ids: QuerySet[Pair]) -> Iterable[Spot]:
    """Give our copies of comments, each on the side that its original is not on; see ``_is_cleaned``."""
    for side in Side:
        twins = CommentTwin.objects.filter(
            pair__in=ids,
            origin=side.other,
            pair__sides__side=side,
            pair__sides__site__status__in=set(SiteStatus) - {SiteStatus.LINKED},
        )
        kept = twins.exclude(**{str(side): ""}).exclude(pair__sides__site__digest_key_sealed=b"")
        yield from kept.values_list("pair__sides__site_id", "pair__sides__item", str(side)).iterator()


def _under_way(ids: QuerySet[Pair]) -> list[LateWrite]:
    """Give the creations whose outcome nobody knows; each waits until a search would show what it made."""
    unknown = Intent.objects.filter(
        _is_cleaned(),
        pair__in=ids,
        kind__in=(IntentKind.CREATE, IntentKind.COMMENT),
        state=IntentState.OPEN,
    )
    return [_late(intent) for intent in unknown.select_related("pair") if _creates(intent)]


def _creates(intent: Intent) -> bool:
    return intent.kind == IntentKind.CREATE or intent.expectation.get("action") == "add"


def _late(intent: Intent) -> LateWrite:
    is_item = intent.kind == IntentKind.CREATE
    halves = SynchronizationSide.objects.filter(synchronization=intent.pair.synchronization_id)
    seconds = settings.BACKBONE_INDEX_LAG_SECONDS if is_item else settings.BACKBONE_LATE_EFFECT_SECONDS
    return LateWrite(
        nonce=intent.pk,
        site_id=intent.site_id,
        space=halves.get(side=intent.side).space if is_item else "",
        item="" if is_item else intent.item,
        since=intent.started_at,
        not_before=intent.deadline + timedelta(seconds=seconds),
    )


def _is_cleaned() -> Q:
    """Leave out sites that are being erased, and linked ones, where the account is a person's.

    Without its mark what we made there would be that person's: another synchronization would carry it on,
    from one partner to the next.
    """
    return ~Q(site__digest_key_sealed=b"") & ~Q(site__status=SiteStatus.LINKED)


def _due(rows: QuerySet[Row], now: datetime) -> QuerySet[Row]:
    """Leave out sites without us, and everything while the whole service is held."""
    held = Exists(ServiceHold.objects.all())
    return rows.filter(~held, not_before__lte=now, site__status=SiteStatus.ENABLED)


_TO_REMOVE: Final = Rows(lambda now: _due(Leftover.objects.all(), now).values_list("pk")[:1])
_TO_SEEK: Final = Rows(lambda now: _due(LateWrite.objects.all(), now).values_list("pk")[:1])
