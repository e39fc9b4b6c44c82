"""The ways out: retry, ignore, a new twin."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from backbone_app import gateway, queue
from backbone_app.core.failures import WayOut
from backbone_app.core.values import Side
from backbone_app.errors import NotFound, Outdated
from backbone_app.ledger import access, audit, failures, pairings, standing, workflow_calls
from backbone_app.ledger.audit import Act
from backbone_app.ledger.standing import Standing, Where
from backbone_app.models import Failure, Pair, Site
from backbone_app.models.callers import Caller
from backbone_app.models.pair import PairLane, PairState
from backbone_app.services.troubles import rows


def retry(
    caller: Caller, space: str, synchronization_id: uuid.UUID, failure_id: int, *, now: datetime
) -> None:
    """Look at a failed work item again, and send what this failure refused; take up what a workflow stopped.

    Other refusals on it that are ignored stay so. Raises Outdated for a pair
    that is set aside for another reason.
    """
    seen = _required(caller, space, synchronization_id, now=now)
    failure = _found(seen, failure_id)
    pairs, refused = rows.active(seen).filter(pk=failure.pair_id), Failure.objects.filter(pk=failure.pk)
    with transaction.atomic():
        is_taken_up = workflow_calls.take_up(failure.pair_id)
        count, is_new = _retry(pairs, refused, now=now)
        if is_new or is_taken_up:
            _note(caller, Act.RETRIED, seen, failure, now=now)
    if not count:
        raise Outdated("It cannot be tried again as it stands. Look at the page again.")


def retry_all(caller: Caller, space: str, synchronization_id: uuid.UUID, *, now: datetime) -> int:
    """Try again whatever failed or waits and is not ignored; returns how many work items that are."""
    seen = _required(caller, space, synchronization_id, now=now)
    refused = Failure.objects.filter(synchronization=seen.row, ignored=False)
    with transaction.atomic():
        count, is_new = _retry(rows.retriable(seen), refused, now=now)
        if is_new:
            detail = {"count": count}
            audit.note_shared(caller, Act.RETRIED_ALL, seen.own, seen.other, detail=detail, now=now)
    return count


def ignore(
    caller: Caller, space: str, synchronization_id: uuid.UUID, failure_id: int, *, now: datetime
) -> None:
    """Take a failure off the list until it becomes another one; both sides stay as they are."""
    seen = _required(caller, space, synchronization_id, now=now)
    failure = _found(seen, failure_id)
    with transaction.atomic():
        if Failure.objects.filter(pk=failure.pk, ignored=False).update(ignored=True):
            _note(caller, Act.IGNORED, seen, failure, now=now)
        reason = failures.keep_only(failure.pair_id, failures.places(failure.pair_id))
        active = Pair.objects.filter(pk=failure.pair_id, state=PairState.ACTIVE)
        active.update(reason=reason, incomplete=bool(reason))


def create_twin(
    caller: Caller, space: str, synchronization_id: uuid.UUID, failure_id: int, *, now: datetime
) -> Where:
    """Let the work item that is left get a new twin; returns in which space.

    Raises Outdated where that is no way out.
    """
    seen = _required(caller, space, synchronization_id, now=now)
    failure = _found(seen, failure_id)
    if WayOut.CREATE_TWIN not in rows.ways_out(failure):
        raise Outdated("A new twin is no way out here any more. Look at the page again.")
    with transaction.atomic():
        _note(caller, Act.TWIN_RENEWED, seen, failure, now=now)
        pairings.renew(failure.pair_id, gone=Side(failure.side), now=now)
        queue.wake(queue.Job.SYNC, now=now)
    return seen.where(failure.side)


def _required(caller: Caller, space: str, synchronization_id: uuid.UUID, *, now: datetime) -> Standing:
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.ask_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    return standing.find(caller.site_id, space, synchronization_id)


def _found(seen: Standing, failure_id: int) -> Failure:
    found = Failure.objects.filter(synchronization=seen.row, pk=failure_id)
    failure = found.select_related("pair").first()
    if failure is None:
        raise NotFound("failure")
    return failure


def _note(caller: Caller, act: Act, seen: Standing, failure: Failure, *, now: datetime) -> None:
    keys = dict(failure.pair.sides.values_list("side", "item_key"))
    items = keys[seen.side], keys[seen.side.other]
    audit.note_shared(caller, act, seen.own, seen.other, items=items, now=now)


def _retry(pairs: QuerySet[Pair], refused: QuerySet[Failure], *, now: datetime) -> tuple[int, bool]:
    """Make the pairs due at once and send again what was ``refused`` on them. In the caller's transaction.

    Returns how many pairs, and whether any of them did not wait for that already.
    """
    ids = list(pairs.values_list("pk", flat=True))
    mine, at_once = Pair.objects.filter(pk__in=ids), {"not_before": None, "incomplete": True, "attempts": 0}
    held = refused.filter(pair__in=ids).exclude(wish="", ignored=False).update(wish="", ignored=False)
    idle = mine.exclude(due__gt=0, lease_until=None, lane=PairLane.LIVE, **at_once)
    woken = idle.update(lane=PairLane.LIVE, **at_once)
    mine.update(due=F("due") + 1)  # a worker that has just taken one up may have read its refusals before
    queue.wake(queue.Job.SYNC, now=now)
    return len(ids), bool(held or woken)
