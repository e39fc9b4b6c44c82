"""A pair whose one work item is gone begins anew with the other one."""

from datetime import datetime

from django.db.models import F

from backbone_app.core.values import Side
from backbone_app.errors import Outdated
from backbone_app.models import CommentTwin, ElementBase, Failure, FieldBase, Intent, Pair, PairSide
from backbone_app.models.intent import IntentState
from backbone_app.models.pair import PairLane, PairState

_UNSETTLED = (IntentState.OPEN, IntentState.CROSSED)


def renew(pair_id: int, *, gone: Side, now: datetime) -> None:
    """Let the work item opposite ``gone`` get a new twin; the lineage of the pair stays.

    What the two agreed on is forgotten: the new twin is made from what is there.
    Raises Outdated while a write of the pair is not settled: it may be the very
    creation of a twin. In the caller's transaction.
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
    if Intent.objects.filter(pair_id=pair_id, state__in=_UNSETTLED).exists():
        raise Outdated("Backbone is still at work on this work item. Try again in a few minutes.")
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
