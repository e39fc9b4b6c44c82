"""The ways out: retry, ignore, a new twin."""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from backbone_app import gateway, queue
from backbone_app.core.values import Side
from backbone_app.errors import NotFound, Outdated
from backbone_app.ledger import access, failures, pairings, standing
from backbone_app.ledger.standing import Caller, Standing
from backbone_app.models import Failure, Pair, Site
from backbone_app.models.pair import PairLane, PairState
from backbone_app.services.troubles.listing import ways_out
from backbone_app.services.troubles.shown import Remedy


def retry(
    caller: Caller, space: str, synchronization_id: uuid.UUID, failure_id: int, *, now: datetime
) -> None:
    """Try a failed work item again, everything that was refused on it included."""
    seen = _required(caller, space, synchronization_id, now=now)
    _retry(seen, Pair.objects.filter(pk=_found(seen, failure_id).pair_id), now=now)


def retry_all(caller: Caller, space: str, synchronization_id: uuid.UUID, *, now: datetime) -> int:
    """Try again whatever failed or waits and is not ignored; returns how many work items that are."""
    seen = _required(caller, space, synchronization_id, now=now)
    failed = Failure.objects.filter(synchronization=seen.row, ignored=False).values("pair_id")
    pairs = Pair.objects.filter(synchronization=seen.row, state=PairState.ACTIVE)
    return _retry(seen, pairs.filter(pk__in=failed) | pairs.exclude(reason=""), now=now)


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
) -> None:
    """Let the work item that is left get a new twin; raises Outdated where that is no way out."""
    seen = _required(caller, space, synchronization_id, now=now)
    failure = _found(seen, failure_id)
    if Remedy.CREATE_TWIN not in ways_out(failure):
        raise Outdated("A new twin is no way out here any more. Look at the page again.")
    with transaction.atomic():
        pairings.renew(failure.pair_id, gone=Side(failure.side), now=now)
        queue.wake(queue.Job.SYNC, now=now)


def _required(caller: Caller, space: str, synchronization_id: uuid.UUID, *, now: datetime) -> Standing:
    client = gateway.client(Site.objects.get(pk=caller.site_id), clock=lambda: now)
    access.ask_space_admin(client, site_id=caller.site_id, account=caller.account, space=space, now=now)
    return standing.find(caller.site_id, space, synchronization_id)


def _found(seen: Standing, failure_id: int) -> Failure:
    failure = Failure.objects.filter(synchronization=seen.row, pk=failure_id).first()
    if failure is None:
        raise NotFound("failure")
    return failure


def _retry(seen: Standing, pairs: QuerySet[Pair], *, now: datetime) -> int:
    """Make the pairs due at once; what was refused on them is sent again, ignored or not."""
    ids = list(pairs.filter(synchronization=seen.row, state=PairState.ACTIVE).values_list("pk", flat=True))
    with transaction.atomic():
        Failure.objects.filter(pair__in=ids).update(wish="", ignored=False)
        Pair.objects.filter(pk__in=ids).update(
            due=F("due") + 1, not_before=None, incomplete=True, lane=PairLane.LIVE, attempts=0
        )
        queue.wake(queue.Job.SYNC, now=now)
    return len(ids)
