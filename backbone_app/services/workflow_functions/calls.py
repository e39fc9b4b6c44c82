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
from backbone_app.ledger import deliveries, failures, workflow_calls
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
    known = list(halves)
    mine = next((half for half in known if half.synchronization_id == synchronization_id), None)
    if mine is not None:
        if workflow_calls.take_up(mine.pair_id):
            failures.keep_only(mine.pair_id, ())
            workflow_calls.tell(mine.pair_id, JournalKind.WORKFLOW_STARTED, now=now)
            queue.wake(queue.Job.SYNC, now=now)
    elif any(half.side != half.pair.origin_side for half in known):
        _ignore(call.site_id, Function.SYNCHRONIZE, "is_a_twin")
    else:
        workflow_calls.ask_for_twin(call)
        queue.wake(queue.Job.PAIR_UP, now=now)


def _stop(call: Delivery, synchronization_id: UUID, now: datetime) -> None:
    """Set the pair aside; what was asked before and has not come to a pair yet is taken back."""
    workflow_calls.take_back(call, synchronization_id)
    halves = PairSide.objects.filter(site=call.site_id, item=call.item, synchronization=synchronization_id)
    mine = halves.first()
    if mine is None or not workflow_calls.let_go(mine.pair_id):
        return
    deliveries.useless(mine.pair_id)
    failures.keep_only(mine.pair_id, ())
    place = (mine.side, "")
    failures.note(synchronization_id, mine.pair_id, place, workflow_calls.STOPPED, now=now)
    workflow_calls.tell(mine.pair_id, JournalKind.WORKFLOW_STOPPED, now=now)


_ACTS: Final[Mapping[Function, Act]] = MappingProxyType(
    {Function.SYNCHRONIZE: _synchronize, Function.STOP: _stop}
)


def _ignore(site_id: UUID, function: Function, why: str) -> None:
    _log.info("workflow_call_ignored", site=str(site_id), function=str(function), why=why)
