"""What a call of a post function does: to the pair there is at once, to a work item without one by the queue.

The call is signed by its site, its body is not: of what it says only ids are used, and only those of rows
that the site has a half of.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction

from backbone_app import queue
from backbone_app.core import handshake
from backbone_app.jira import post_functions
from backbone_app.ledger import workflow_calls
from backbone_app.ledger.workflow_calls import Function
from backbone_app.models import Delivery, PairSide, SynchronizationSide
from backbone_app.models.intent import JournalKind

Act = Callable[[Delivery, UUID, datetime], None]

_log = structlog.get_logger()


def called(site_id: UUID, function: Function, body: bytes, *, now: datetime) -> None:
    """Do what a workflow asks; what names nothing of this site is logged and comes to nothing.

    Raises MalformedDelivery for what is no JSON object. The same call again does nothing.
    """
    call = post_functions.parse(body)
    if not call.item or call.synchronization is None:
        _ignore(site_id, function, "unreadable")
        return
    halves = SynchronizationSide.objects.filter(
        site=site_id,
        synchronization=call.synchronization,
        synchronization__state__in=handshake.CONNECTED,
    )
    if not halves.exists():
        _ignore(site_id, function, "unknown_synchronization")
        return
    with transaction.atomic():
        if kept := workflow_calls.keep(site_id, function, call, now=now):
            _ACTS[function](kept, call.synchronization, now)


def _synchronize(call: Delivery, synchronization_id: UUID, now: datetime) -> None:
    """Take the pair up again, or ask for one; a twin gets no twins itself, in whatever synchronization."""
    halves = PairSide.objects.filter(site=call.site_id, item=call.item).select_related("pair")
    known = {half.synchronization_id: half for half in halves}
    if synchronization_id in known:
        pair_id = known[synchronization_id].pair_id
        if workflow_calls.take_up(pair_id):
            workflow_calls.tell(pair_id, JournalKind.WORKFLOW_STARTED, now=now)
            queue.wake(queue.Job.SYNC, now=now)
    elif any(half.side != half.pair.origin_side for half in known.values()):
        _ignore(call.site_id, Function.SYNCHRONIZE, "is_a_twin")
    else:
        workflow_calls.leave_to_pairing(call)
        queue.wake(queue.Job.PAIR_UP, now=now)


def _stop(call: Delivery, synchronization_id: UUID, now: datetime) -> None:
    """Set the pair aside; one that older news may still bring about as soon as they are decided."""
    workflow_calls.take_back(call, synchronization_id)
    if workflow_calls.let_go(call.site_id, call.item, synchronization_id, now=now):
        return
    if workflow_calls.comes_after_news(call):
        workflow_calls.leave_to_pairing(call)
        queue.wake(queue.Job.PAIR_UP, now=now)


_ACTS: Final[Mapping[Function, Act]] = MappingProxyType(
    {Function.SYNCHRONIZE: _synchronize, Function.STOP: _stop}
)


def _ignore(site_id: UUID, function: Function, why: str) -> None:
    _log.info("workflow_call_ignored", tenant=str(site_id), function=str(function), why=why)
