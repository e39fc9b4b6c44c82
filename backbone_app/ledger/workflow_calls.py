"""What workflows ask by post functions: to give a work item its twin in a synchronization, or to let it go.

A call is kept as a delivery, so that Jira's repetition of it does nothing twice. One that asks for a twin is
itself the work then, as other deliveries about work items without a pair are.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db.models import F

from backbone_app.jira.post_functions import Call
from backbone_app.models import (
    Delivery,
    DeliveryUse,
    Failure,
    JournalEntry,
    Pair,
    PairSide,
    PublishedConfiguration,
)
from backbone_app.models.intent import JournalKind
from backbone_app.models.pair import PairLane, PairState

STOPPED: Final = "stopped_by_workflow"
"""The reason, and the failure's code, of a pair that a workflow has set aside."""


class Function(StrEnum):
    """Our post functions; the values stand in stored workflows and in the events of kept calls."""

    SYNCHRONIZE = "synchronize"
    STOP = "stop"


_AT_REST: Final[Mapping[str, object]] = MappingProxyType(
    {"lease_until": None, "not_before": None, "attempts": 0, "epoch": F("epoch") + 1}
)
"""The epoch takes the pair from its worker: what that one still has to say of it comes too late."""


def keep(site_id: UUID, function: Function, call: Call, *, now: datetime) -> Delivery | None:
    """Keep a call; None where it was kept before. In the caller's transaction, together with its effect."""
    kept, is_new = Delivery.objects.get_or_create(
        site_id=site_id,
        key=f"{function}:{call.key}",
        defaults={
            "event": f"{function}:{call.synchronization}",
            "item": call.item,
            "space": call.space,
            "received_at": now,
        },
    )
    return kept if is_new else None


def leave_to_pairing(call: Delivery) -> None:
    """Have a kept call decided about by whoever pairs work items."""
    Delivery.objects.filter(pk=call.pk).update(unpaired=True)


def function_of(delivery: Delivery) -> tuple[Function, UUID] | None:
    """Give what a workflow wants, and in which synchronization; None for what is no such call."""
    function, _, synchronization = delivery.event.partition(":")
    return (Function(function), UUID(synchronization)) if function in set(Function) else None


def is_still_asked(call: Delivery) -> bool:
    """Whether nobody has taken a call back since; it is locked, who wants to sees what comes of it.

    Inside a transaction.
    """
    return Delivery.objects.select_for_update().filter(pk=call.pk, unpaired=True).exists()


def take_back(call: Delivery, synchronization_id: UUID) -> None:
    """Drop what was asked for the same work item before and is not decided yet."""
    event = f"{Function.SYNCHRONIZE}:{synchronization_id}"
    asked = Delivery.objects.filter(site=call.site_id, item=call.item, event=event, unpaired=True)
    asked.update(unpaired=False)


def comes_after_news(call: Delivery) -> bool:
    """Whether older news of the same work item wait to be decided: it may get its pair by them."""
    older = Delivery.objects.filter(site=call.site_id, item=call.item, unpaired=True, pk__lt=call.pk)
    return older.exists()


def let_go(site_id: UUID, item: str, synchronization_id: UUID, *, now: datetime) -> bool:
    """Set the pair of a work item aside, whatever its worker is about; tells whether there was one.

    A write that is under way stays an open intent, which whoever takes the pair up again settles first.
    In the caller's transaction.
    """
    half = PairSide.objects.filter(site=site_id, item=item, synchronization=synchronization_id).first()
    if half is None:
        return False
    active = Pair.objects.filter(pk=half.pair_id, state=PairState.ACTIVE)
    if active.update(state=PairState.SET_ASIDE, reason=STOPPED, due=0, **_AT_REST):
        DeliveryUse.objects.filter(pair=half.pair_id).delete()
        Failure.objects.filter(pair=half.pair_id).delete()
        Failure.objects.create(
            pair_id=half.pair_id,
            synchronization_id=synchronization_id,
            side=half.side,
            code=STOPPED,
            first_at=now,
            last_at=now,
        )
        tell(half.pair_id, JournalKind.WORKFLOW_STOPPED, now=now)
    return True


def take_up(pair_id: int) -> bool:
    """Keep a pair in step again that a workflow has set aside: both sides are read, nothing is lost.

    Tells whether it was one. In the caller's transaction.
    """
    stopped = Pair.objects.filter(pk=pair_id, state=PairState.SET_ASIDE, reason=STOPPED)
    active = {"state": PairState.ACTIVE, "reason": "", "lane": PairLane.LIVE, "incomplete": True}
    if not stopped.update(due=F("due") + 1, **active, **_AT_REST):
        return False
    Failure.objects.filter(pair=pair_id).delete()
    return True


def tell(pair_id: int, kind: JournalKind, *, now: datetime) -> None:
    """Note in both halves' activity what a workflow did: in no Jira's history stands a word of it."""
    halves = list(PairSide.objects.filter(pair=pair_id))
    of_pair = PublishedConfiguration.objects.filter(synchronization__pairs=pair_id)
    version = of_pair.order_by("-version").values_list("version", flat=True).first() or 0
    JournalEntry.objects.bulk_create(
        JournalEntry(
            synchronization_id=half.synchronization_id,
            pair_id=pair_id,
            site_id=half.site_id,
            side=half.side,
            kind=kind,
            at=now,
            version=version,
        )
        for half in halves
    )
