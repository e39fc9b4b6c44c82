"""A pair whose one work item is gone begins anew with the other one."""

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
)
from backbone_app.models.intent import IntentKind, IntentState
from backbone_app.models.pair import PairLane, PairState


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
