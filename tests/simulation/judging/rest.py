"""I10: after the last fault everything comes to rest within a bound. I2: a further check writes nothing."""

from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from django.db.models import Q, QuerySet

from backbone_app.errors import RemoteBusy
from backbone_app.gateway.clocks import SAMPLES
from backbone_app.ledger import links
from backbone_app.models import Delivery, Failure, Intent, Link, Pair, Reconciliation, Site, Synchronization
from backbone_app.models.link import LinkStatus
from backbone_app.services import reconciling, synchronizations, troubles
from tests.simulation.clock import clock
from tests.simulation.ground import Agreement
from tests.simulation.judging.policy import DOUBT

if TYPE_CHECKING:
    from tests.simulation.life import _Life


SOON: Final = 2 * 3600.0
"""Virtual seconds within which everything is done once nothing goes wrong any more and somebody asked for
it: twice what the app waits between two checks at most."""
LASTING: Final = ("no_path", "deleted", "remote_missing")
"""Failures that stay: of a status that no way leads to, and of a work item that somebody deleted."""
DOUBT_MS: Final = DOUBT // timedelta(milliseconds=1)


def is_at_rest() -> bool:
    """Whether the app has nothing left to do that it knows of."""
    return not (
        _work().exists()
        or _checks_under_way().exists()
        or Delivery.objects.filter(unpaired=True).exists()
        or _unsettled().exists()
        or Link.objects.filter(status=LinkStatus.BROKEN).exists()
        or links.is_wanted()
    )


def _work() -> QuerySet[Pair]:
    """Give the pairs that wait for somebody, or that somebody has taken up."""
    return Pair.objects.filter(state="active").filter(Q(due__gt=0) | Q(lease_until__isnull=False))


def _unsettled() -> QuerySet[Intent]:
    """Give the writes whose end is still to be found out, or what they crossed still to be weighed.

    Where a work item is not found, or is in another space, neither can be, until it is there again.
    """
    unsettled = Intent.objects.filter(state__in=("open", "crossed"))
    return unsettled.exclude(pair__reason__in=("remote_missing", "moved_away"))


def _checks_under_way() -> QuerySet[Reconciliation]:
    """Give the checks that somebody asked for or that have begun; whoever was killed in one left it so."""
    wanted = Q(whole=True) | Q(begun_at__isnull=False)
    return Reconciliation.objects.filter(wanted, half__synchronization__state="running")


def mended_and_checked(life: "_Life") -> Iterator[str]:
    """Bring everything to its end as an admin would; then check everything once more."""
    yield from unhelped({each.kind for each in life.script.happenings})
    knew = _knows_the_time()
    for each in life.ground.agreements:
        _patiently(life, partial(_mend, life, each))
    yield from _rested(life)
    for _ in range(SAMPLES):
        if knew:
            break
        knew = _knows_the_time()
        _check_all(life)
        yield from _rested(life)
    before = calls_so_far(life)
    _check_all(life)
    yield from _rested(life)
    more = life.jira.witness.calls[before:]
    found = [str(call) for call in more if call.kind]
    if found:
        yield f"I2: a further complete check wrote {len(found)} times: {'; '.join(found[:5])}"


def unhelped(kinds: Collection[str]) -> Iterator[str]:
    """Say a sentence for what is left once everything is over and before anybody has helped.

    What belongs to a synchronization that stands still waits rightly. ``kinds`` are the disasters there were:
    where nobody lost a right and nothing was archived or moved (F13, F14), no synchronization has a reason to
    stand still, and nothing is in the way that does not go by itself.
    """
    left = list(_unrest(Synchronization.objects.filter(state="running")))
    if left:
        yield "I10: it did not come to rest before anybody helped: " + "; ".join(left)
    if {"F13", "F14"} & set(kinds):
        return
    for each in Synchronization.objects.exclude(state="running").order_by("pk"):
        yield f"I10: before anybody helped {each.spaces} was {each.state} {each.pause_reason}".rstrip()
    for one in Failure.objects.exclude(code__in=LASTING).order_by("pk"):
        where = " ".join(filter(None, (one.side, one.row)))
        yield f"I10: before anybody helped {one.code} stood in the way of pair {one.pair_id} ({where})"


def _rested(life: "_Life") -> Iterator[str]:
    """Live on until there is rest, and tell where it does not come, or late."""
    begin = clock.seconds
    life.rest()
    if not is_at_rest():
        yield "I10: it does not come to rest: " + "; ".join(_unrest(Synchronization.objects.all()))
    elif clock.seconds - begin > SOON:
        yield f"I10: it took {clock.seconds - begin:.0f} s to come to rest with nothing in its way"


def _knows_the_time() -> bool:
    """Whether the app has noticed that all clocks are right again: the last fault is over for it only then.

    It goes by the median of its last answers, so that what it was told while a clock was wrong counts until
    as many answers have come since.
    """
    return not Site.objects.exclude(clock_offset_ms__range=(-DOUBT_MS, DOUBT_MS)).exists()


def _check_all(life: "_Life") -> None:
    for each in life.ground.agreements:
        _patiently(life, partial(_check, life, each))


def calls_so_far(life: "_Life") -> int:
    """Count the calls so far."""
    return len(life.jira.witness.calls)


def _mend(life: "_Life", agreement: Agreement) -> None:
    caller, space = agreement.caller, _space(life, agreement)
    if Synchronization.objects.get(pk=agreement.id).state != "running":
        synchronizations.start(caller, space, agreement.id, now=clock.now())
    troubles.retry_all(caller, space, agreement.id, now=clock.now())
    _check(life, agreement)


def _check(life: "_Life", agreement: Agreement) -> None:
    reconciling.check_now(agreement.caller, _space(life, agreement), agreement.id, now=clock.now())


def _patiently(life: "_Life", act: Callable[[], None]) -> None:
    """Let an admin act; as long as a site takes no calls, nobody's rights can be asked: they come back."""
    while True:
        try:
            return act()
        except RemoteBusy as busy:
            end = clock.seconds + busy.retry_after
            while clock.seconds <= end:
                life.turn()


def _space(life: "_Life", agreement: Agreement) -> str:
    key = agreement.spaces[0]
    return life.jira.site_of(key).space(key).id


def _unrest(among: QuerySet[Synchronization]) -> Iterator[str]:
    for pair in _work().filter(synchronization__in=among):
        lease = f"lease={pair.lease_until} not_before={pair.not_before}"
        yield f"pair {pair.pk} due={pair.due} {lease} {pair.reason}"
    for row in _checks_under_way().filter(half__synchronization__in=among):
        yield f"check of half {row.half_id} due={row.due_at} busy={row.busy_until}"
    for intent in _unsettled().filter(pair__synchronization__in=among):
        yield f"intent {intent.kind} {intent.state} on {intent.item}"
    is_all = among.count() == Synchronization.objects.count()  # nobody can tell whom its news would be for
    for delivery in Delivery.objects.filter(unpaired=True) if is_all else ():
        yield f"delivery {delivery.event} of {delivery.item} not_before={delivery.not_before}"
