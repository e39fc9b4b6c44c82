"""The ways out: retry, ignore, a new twin."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from backbone_app import gateway, queue
from backbone_app.core.failures import WayOut
from backbone_app.core.values import Side
from backbone_app.errors import NotFound, Outdated
from backbone_app.ledger import access, failures, pairings, standing
from backbone_app.ledger.standing import Caller, Standing, Where
from backbone_app.models import Failure, Pair, Site
from backbone_app.models.pair import PairLane, PairState
from backbone_app.services.troubles import rows


def retry(
    caller: Caller, space: str, synchronization_id: uuid.UUID, failure_id: int, *, now: datetime
) -> None:
    """Look at a failed work item again, and send what this failure refused.

    Other refusals on it that are ignored stay so. Raises Outdated for a pair
    that is set aside.
    """
    seen = _required(caller, space, synchronization_id, now=now)
    failure = _found(seen, failure_id)
    pairs, refused = rows.active(seen).filter(pk=failure.pair_id), Failure.objects.filter(pk=failure.pk)
    if not _retry(pairs, refused, now=now):
        raise Outdated("It cannot be tried again as it stands. Look at the page again.")


def retry_all(caller: Caller, space: str, synchronization_id: uuid.UUID, *, now: datetime) -> int:
    """Try again whatever failed or waits and is not ignored; returns how many work items that are."""
    seen = _required(caller, space, synchronization_id, now=now)
    refused = Failure.objects.filter(synchronization=seen.row, ignored=False)
    return _retry(rows.retriable(seen), refused, now=now)


def ignore(
    caller: Caller, space: str, synchronization_id: uuid.UUID, failure_id: int, *, now: datetime
) -> None:
    """Take a failure off the list until it becomes another one; both sides stay as they are."""
    seen = _required(caller, space, synchronization_id, now=now)
    failure = _found(seen, failure_id)
    with transaction.atomic():
        Failure.objects.filter(pk=failure.pk).update(ignored=True)
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


def _retry(pairs: QuerySet[Pair], refused: QuerySet[Failure], *, now: datetime) -> int:
    """Make the pairs due at once and send again what was ``refused`` on them; returns how many pairs."""
    ids = list(pairs.values_list("pk", flat=True))
    with transaction.atomic():
        refused.filter(pair__in=ids).update(wish="", ignored=False)
        Pair.objects.filter(pk__in=ids).update(
            due=F("due") + 1, not_before=None, incomplete=True, lane=PairLane.LIVE, attempts=0
        )
        queue.wake(queue.Job.SYNC, now=now)
    return len(ids)
