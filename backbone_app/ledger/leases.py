"""Who works on a pair: a compare-and-set on the pair's own row, with a rising epoch.

A worker that was paused for longer than its lease may wake up and go on; the
epoch makes sure that nothing of it is committed any more. Lease times are the
database's clock, the only one that all workers share.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Now

from backbone_app.core.handshake import State
from backbone_app.core.waits import OUR_TROUBLE, Waits
from backbone_app.errors import LeaseLost
from backbone_app.models import (
    Pair,
    PairSide,
    Pause,
    Reconciliation,
    ServiceHold,
    Site,
    Synchronization,
    SynchronizationSide,
)
from backbone_app.models.pair import Choice, PairLane, PairState
from backbone_app.models.prepared import Rows, Update
from backbone_app.models.site import AT_WORK

LEASE: Final = timedelta(seconds=30)
AMONG: Final = 8
"""Several threads look at once: each tries this many pairs before it goes without."""


NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
NOBODY: Final[frozenset[UUID]] = frozenset()


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a pair of both ``sites``; ``due`` is the count this look will answer for.

    ``attempt`` is 1 for the first look, one more after each that came to nothing.
    """

    pair_id: int
    epoch: int
    due: int
    sites: frozenset[UUID] = field(default=NOBODY, compare=False)
    attempt: int = field(default=1, compare=False)


def claim_due(
    *, now: datetime, limit: int, lane: PairLane = PairLane.LIVE, avoid: Collection[UUID] = NOBODY
) -> tuple[Claim, ...]:
    """Claim up to ``limit`` pairs of a lane that are due and free, in an order that is fair to all sites.

    Only where work is wanted and possible: the synchronization runs, both sites
    are enabled, neither is paused nor one to ``avoid``; nothing while the whole
    service is held, nor before both sides were checked after a restore. Each claim is a turn of
    both sites. Next are the two sites whose last turn is longest ago: first by
    the later of their two turns, so that a site that is always busy waits for
    the others however many partners it has, then by the earlier one, so that
    its partners take turns; then the pair that has waited longest.
    """
    # Most looks find nothing anywhere: that much is one probe of an index, and the order costs far more.
    if not _IS_ANY_DUE.exist():
        return ()
    claims: list[Claim] = []
    lost: list[UUID] = []  # other workers were faster there, again and again
    while len(claims) < limit:
        following = _next(now, lane, avoid, lost)
        if following is None:
            break
        claim = _claim_one(following, now, lane)
        if claim is None:
            lost.append(following)
        else:
            claims.append(claim)
    return tuple(claims)


def _next(now: datetime, lane: PairLane, avoid: Collection[UUID], lost: Collection[UUID]) -> UUID | None:
    if avoid or lost:
        others = _in_turn(now, lane, avoid).exclude(pk__in=lost)
        return others.values_list("pk", flat=True).first()
    return next((following for (following,) in _NEXT(now, lane)), None)


def _in_turn(now: datetime, lane: PairLane, avoid: Collection[UUID]) -> QuerySet[Synchronization]:
    """Give the synchronizations with work to do, who is next first; each is one probe of an index."""
    halves = SynchronizationSide.objects.filter(synchronization=OuterRef("pk"))
    paused = Pause.objects.filter(until__gt=now, scope__startswith="site:", site=OuterRef("site"))
    resting = halves.filter(~Q(site__status__in=AT_WORK) | Q(site__in=avoid) | Exists(paused))
    unchecked = Reconciliation.objects.filter(half__synchronization=OuterRef("pk"), whole_at__isnull=True)
    ready = _ready(now, lane).filter(synchronization=OuterRef("pk"))
    turn = Coalesce("sides__site__turn_at", Value(NEVER))
    return (
        Synchronization.objects.filter(Exists(ready), ~Exists(resting), state=State.RUNNING)
        .exclude(Exists(Pause.objects.filter(until__gt=now, scope="app")))
        .exclude(Exists(unchecked) | Exists(ServiceHold.objects.all()))
        .annotate(later=Max(turn), earlier=Min(turn), since=Subquery(ready.values("not_before")[:1]))
        .order_by("later", "earlier", F("since").asc(nulls_first=True), "pk")
    )


def _ready(now: datetime, lane: PairLane) -> QuerySet[Pair]:
    """Give the pairs of a lane that are due and free, longest waiting first."""
    return (
        Pair.objects.filter(_free(), due__gt=0, lane=lane, state=PairState.ACTIVE)
        .filter(Q(not_before__isnull=True) | Q(not_before__lte=now))
        .order_by(F("not_before").asc(nulls_first=True), "pk")
    )


def is_ready(pair_id: int, *, now: datetime, lane: PairLane) -> bool:
    """Whether the pair is due in the lane and free."""
    return _ready(now, lane).filter(pk=pair_id).exists()


def _claim_one(synchronization_id: UUID, now: datetime, lane: PairLane) -> Claim | None:
    """Claim the synchronization's next pair, and note the turn of its sites.

    The sites' rows are updated one by one, each committed by itself: two workers
    cannot wait for each other.
    """
    for pair_id, epoch, due, tried in _READY(synchronization_id, now, lane):
        if _CLAIM(pair_id, epoch, epoch + 1):
            sites = frozenset(site_id for (site_id,) in _SITES(synchronization_id))
            for site_id in sites:
                _TURN(site_id)
            return Claim(pair_id, epoch + 1, due, sites, tried + 1)
    return None


def begin(claim: Claim, *, span: timedelta) -> None:
    """Hold the pair for a call that takes up to ``span``; raises ``LeaseLost``, also if it was stopped.

    Whoever stops a synchronization, or holds the service, may rely on it that no write goes out from then on.
    """
    if not _BEGIN(claim.pair_id, claim.epoch, span):
        raise LeaseLost


def renew(claim: Claim, *, span: timedelta) -> None:
    """Hold the pair for ``span`` from now on, and fence the transaction this stands in.

    The row stays locked until that transaction ends, so nobody can take the
    pair over between this check and the commit. Raises ``LeaseLost``.
    """
    if not _RENEW(claim.pair_id, claim.epoch, span):
        raise LeaseLost


def settle(claim: Claim, *, reason: str = "", incomplete: bool = False) -> None:
    """Give the pair back; what became due meanwhile stays due, at its place in the line.

    ``reason`` is the code of what keeps the pair from being in step,
    ``incomplete`` asks the next look to read both sides. Where nothing does, all
    that had to be chosen has been written. Raises ``LeaseLost``.
    """
    answered = When(due=claim.due, then=Value(0))
    unchanged = Case(answered, default=F("due"), output_field=IntegerField())
    at_rest = When(due=claim.due, then=Value(None))
    place = Case(at_rest, default=F("not_before"), output_field=DateTimeField())
    live_again = When(due=claim.due, then=Value(PairLane.LIVE))
    lane = Case(live_again, default=F("lane"), output_field=CharField())
    settled = {} if reason else {"choice": Choice.ASK}
    given_back = _mine(claim).update(
        lease_until=None,
        not_before=place,
        due=unchanged,
        lane=lane,
        reason=reason,
        incomplete=incomplete,
        attempts=0,
        **settled,
    )
    if not given_back:
        raise LeaseLost


def postpone(claim: Claim, *, until: datetime, reason: str) -> None:
    """Give the pair back, still due, but not to be looked at before ``until``.

    Silent when the lease is lost: the new owner decides by then.
    """
    _mine(claim).update(lease_until=None, not_before=until, reason=reason)


def back_off(claim: Claim, *, now: datetime, reason: str, waits: Waits = OUR_TROUBLE) -> None:
    """Give the pair back after an attempt that came to nothing: tried again ever more rarely.

    The attempts count until the pair is settled. Silent when the lease is lost.
    """
    attempts = _mine(claim).values_list("attempts", flat=True).first() or 0
    _mine(claim).update(attempts=F("attempts") + 1)
    postpone(claim, until=now + waits.after(attempts), reason=reason)


def stay_incomplete(claim: Claim) -> None:
    """Have whoever goes on with the pair before it is settled read both sides whole. Raises ``LeaseLost``."""
    if not _mine(claim).update(incomplete=True):
        raise LeaseLost


def set_aside(claim: Claim, *, reason: str) -> None:
    """Take the pair out of work until somebody decides. Raises ``LeaseLost``."""
    if not _mine(claim).update(lease_until=None, due=0, state=PairState.SET_ASIDE, reason=reason):
        raise LeaseLost


def at_rest(pair_ids: Collection[int]) -> tuple[int, ...]:
    """Lock those of the pairs that nobody works on, and give them; who claims one sees what was done to it.

    Inside a transaction.
    """
    free = Pair.objects.select_for_update().filter(_free(), pk__in=pair_ids).order_by("pk")
    return tuple(free.values_list("pk", flat=True))


def _wanted() -> Q:
    off = PairSide.objects.filter(pair=OuterRef("pk")).exclude(site__status__in=AT_WORK)
    held = ServiceHold.objects.all()
    return Q(~Exists(off), ~Exists(held), state=PairState.ACTIVE, synchronization__state=State.RUNNING)


def _free() -> Q:
    return Q(lease_until__isnull=True) | Q(lease_until__lt=Now())


def _mine(claim: Claim) -> QuerySet[Pair]:
    return _of(claim.pair_id, claim.epoch)


def _of(pair_id: int, epoch: int) -> QuerySet[Pair]:
    return Pair.objects.filter(pk=pair_id, epoch=epoch)


def _until(span: timedelta) -> Combinable:
    return ExpressionWrapper(Now() + Value(span), output_field=DateTimeField())


_IS_ANY_DUE: Final = Rows(lambda: Pair.objects.filter(due__gt=0).values_list("pk")[:1])
_NEXT: Final = Rows(lambda now, lane: _in_turn(now, lane, NOBODY).values_list("pk")[:1])
_READY: Final = Rows(
    lambda synchronization, now, lane: (
        _ready(now, lane)
        .filter(synchronization=synchronization)
        .values_list("pk", "epoch", "due", "attempts")[:AMONG]
    )
)
_CLAIM: Final = Update(
    lambda pair, epoch, following: (
        _of(pair, epoch).filter(_free()),
        {"epoch": following, "lease_until": _until(LEASE)},
    )
)
_SITES: Final = Rows(
    lambda synchronization: SynchronizationSide.objects.filter(synchronization=synchronization).values_list(
        "site_id"
    )
)
_TURN: Final = Update(lambda site: (Site.objects.filter(pk=site), {"turn_at": Now()}))
_BEGIN: Final = Update(
    lambda pair, epoch, span: (_of(pair, epoch).filter(_wanted()), {"lease_until": _until(span)})
)
_RENEW: Final = Update(lambda pair, epoch, span: (_of(pair, epoch), {"lease_until": _until(span)}))
