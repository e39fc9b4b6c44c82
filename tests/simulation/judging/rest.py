"""I10: after the last fault everything comes to rest within a bound. I2: a further check writes nothing."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Final

from django.db.models import Q

from backbone_app.errors import RemoteBusy
from backbone_app.models import Delivery, Intent, Pair, Synchronization
from backbone_app.services import reconciling, synchronizations, troubles
from tests.simulation.clock import clock
from tests.simulation.ground import Agreement

if TYPE_CHECKING:
    from tests.simulation.life import _Life


SOON: Final = 2 * 3600.0
"""Virtual seconds within which everything is done once nothing goes wrong any more and somebody asked for
it: twice what the app waits between two checks at most."""


def is_at_rest() -> bool:
    """Whether the app has nothing left to do that it knows of."""
    work = Pair.objects.filter(state="active").filter(Q(due__gt=0) | Q(lease_until__isnull=False))
    return not (
        work.exists()
        or Delivery.objects.filter(unpaired=True).exists()
        or Intent.objects.filter(state__in=("open", "crossed")).exists()
    )


def mended_and_checked(life: "_Life") -> Iterator[str]:
    """Bring everything to its end as an admin would; then check everything once more."""
    for each in life.ground.agreements:
        _patiently(life, partial(_mend, life, each))
    begin = clock.seconds
    life.rest()
    if not is_at_rest():
        yield "I10: it does not come to rest: " + "; ".join(_unrest())
    elif clock.seconds - begin > SOON:
        yield f"I10: it took {clock.seconds - begin:.0f} s to come to rest with nothing in its way"
    before = writes(life)
    for each in life.ground.agreements:
        _patiently(life, partial(_check, life, each))
    life.rest()
    more = life.jira.witness.calls[before:]
    found = [str(call) for call in more if call.kind]
    if found:
        yield f"I2: a further complete check wrote {len(found)} times: {'; '.join(found[:5])}"


def writes(life: "_Life") -> int:
    """Count the calls so far."""
    return len(life.jira.witness.calls)


def _mend(life: "_Life", agreement: Agreement) -> None:
    caller, space = agreement.callers[0], _space(life, agreement)
    if Synchronization.objects.get(pk=agreement.id).state != "running":
        synchronizations.start(caller, space, agreement.id, now=clock.now())
    troubles.retry_all(caller, space, agreement.id, now=clock.now())
    _check(life, agreement)


def _check(life: "_Life", agreement: Agreement) -> None:
    reconciling.check_now(agreement.callers[0], _space(life, agreement), agreement.id, now=clock.now())


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


def _unrest() -> Iterator[str]:
    for pair in Pair.objects.filter(state="active").filter(Q(due__gt=0) | Q(lease_until__isnull=False)):
        lease = f"lease={pair.lease_until} not_before={pair.not_before}"
        yield f"pair {pair.pk} due={pair.due} {lease} {pair.reason}"
    for intent in Intent.objects.filter(state__in=("open", "crossed")):
        yield f"intent {intent.kind} {intent.state} on {intent.item}"
    for delivery in Delivery.objects.filter(unpaired=True):
        yield f"delivery {delivery.event} of {delivery.item} not_before={delivery.not_before}"
