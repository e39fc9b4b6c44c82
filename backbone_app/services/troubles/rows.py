"""Which pairs wait, which can be tried again, and what a person may do about a failure."""

from typing import Final

from django.db.models import Q, QuerySet

from backbone_app.core.failures import RULES, Response, WayOut, rule
from backbone_app.ledger import workflow_calls
from backbone_app.ledger.standing import Standing
from backbone_app.models import Failure, Pair
from backbone_app.models.pair import PairState

_BY_ITSELF: Final = tuple(code for code, each in RULES.items() if each.response is Response.RETRY)


def active(seen: Standing) -> QuerySet[Pair]:
    """Give the pairs that are kept in step, or would be."""
    return Pair.objects.filter(synchronization=seen.row, state=PairState.ACTIVE)


def waiting(seen: Standing) -> QuerySet[Pair]:
    """Give the pairs that are tried again by themselves."""
    return active(seen).filter(reason__in=_BY_ITSELF)


def retriable(seen: Standing) -> QuerySet[Pair]:
    """Give the pairs that fail or wait, those left out of which all is ignored."""
    failed = Failure.objects.filter(synchronization=seen.row, ignored=False).values("pair_id")
    return active(seen).filter(Q(pk__in=failed) | ~Q(reason=""))


def ways_out(failure: Failure) -> tuple[WayOut, ...]:
    """Tell what a person may do about a failure; an ignored one can still be tried again."""
    ways = tuple(way for way in rule(failure.code).ways_out if _leads_out(way, failure))
    return ways if failure.ignored else (*ways, WayOut.IGNORE)


def _leads_out(way: WayOut, failure: Failure) -> bool:
    """Nobody looks at a pair that is set aside; a new twin is made on one side of what is on the other."""
    if way is WayOut.CREATE_TWIN:
        left = [half for half in failure.pair.sides.all() if half.item and half.side != failure.side]
        return bool(failure.side and left)
    if way is WayOut.TAKE_UP:
        return failure.pair.reason == workflow_calls.STOPPED
    return failure.pair.state == PairState.ACTIVE
