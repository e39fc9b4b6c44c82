"""A pair whose one work item is gone begins anew with the other one; one that was forgotten is made again."""

from datetime import datetime

from django.db.models import F

from backbone_app.core.values import Side
from backbone_app.errors import Outdated
from backbone_app.models import (
    CommentTwin,
    ElementBase,
    Failure,
    FieldBase,
    Intent,
    JournalEntry,
    Pair,
    PairSide,
    SynchronizationSide,
)
from backbone_app.models.intent import IntentKind, IntentState
from backbone_app.models.pair import Choice, PairLane, PairState


def renew(pair_id: int, *, gone: Side, now: datetime) -> None:
    """Let the work item opposite ``gone`` get a new twin; the lineage of the pair stays.

    What the two agreed on is forgotten: the new twin is made from what is there.
    Raises Outdated where nothing is left, and while a write to what is left, or
    the creation of a twin, is not settled. In the caller's transaction.
    """
    # The epoch first: a worker that still holds the pair loses it, its row stays locked for us.
    Pair.objects.filter(pk=pair_id).update(
        epoch=F("epoch") + 1,
        lease_until=None,
        not_before=now,
        state=PairState.ACTIVE,
        reason="",
        due=F("due") + 1,
        lane=PairLane.LIVE,
        attempts=0,
        incomplete=True,
        origin_side=gone.other,
    )
    _close_writes(pair_id, gone)
    if not PairSide.objects.filter(pair_id=pair_id, side=gone.other).exclude(item="").exists():
        raise Outdated("There is no work item left that a new twin could be created for.")
    FieldBase.objects.filter(half__pair_id=pair_id).delete()
    for table in (ElementBase, CommentTwin, Failure):
        table.objects.filter(pair_id=pair_id).delete()
    PairSide.objects.filter(pair_id=pair_id, side=gone).update(item="", item_key="", joined=None)
    PairSide.objects.filter(pair_id=pair_id).update(
        stamp_entry=None,
        stamp_updated=None,
        rich_entry=None,
        rich_updated=None,
        confirmed=None,
        stale=False,
    )


def _close_writes(pair_id: int, gone: Side) -> None:
    """Give up the writes to the work item that is gone, and edits of it that were not weighed."""
    mine = Intent.objects.filter(pair_id=pair_id)
    mine.filter(state=IntentState.CROSSED).update(state=IntentState.DONE, crossed={})
    lost = mine.filter(state=IntentState.OPEN, side=gone).exclude(kind=IntentKind.CREATE)
    JournalEntry.objects.filter(intent__in=lost).delete()
    lost.update(state=IntentState.VOID)
    if mine.filter(state=IntentState.OPEN).exists():
        raise Outdated("Backbone is still at work on this work item. Try again in a few minutes.")


def adopt(
    half: SynchronizationSide,
    twin: tuple[str, str],
    *,
    other: SynchronizationSide,
    original: tuple[str, str],
    now: datetime,
) -> int:
    """Insert the pair of a twin on ``half`` and its original on ``other``; returns its id.

    ``twin`` and ``original`` are Jira's id and key. In the caller's transaction; the database
    refuses a work item that is in a pair of the synchronization already (IntegrityError).
    """
    pair = Pair.objects.create(
        synchronization_id=half.synchronization_id,
        origin_side=other.side,
        origin_site=other.site_id,
        origin_item=original[0],
        created_at=now,
    )
    PairSide.objects.bulk_create(
        PairSide(
            pair=pair,
            side=one.side,
            synchronization_id=half.synchronization_id,
            site_id=one.site_id,
            item=item,
            item_key=key[:255],
        )
        for one, (item, key) in ((half, twin), (other, original))
    )
    return pair.pk


def reconsider(pair_id: int) -> None:
    """Have the next look read both sides; where it is unknown what they agreed on, the newer value stands.

    In the caller's transaction.
    """
    Pair.objects.filter(pk=pair_id).update(incomplete=True, choice=Choice.NEWER)
