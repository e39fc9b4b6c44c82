"""What the app knows of and leaves lying: work that nobody was woken for, news that nobody will look at.

The sweep and the checks would come upon it some day, and so hide that it was forgotten.
"""

from collections.abc import Iterator

from backbone_app.core.handshake import State
from backbone_app.jira import hints
from backbone_app.models import Delivery, DeliveryUse, Pair, PairSide, Pause
from backbone_app.models.link import LinkStatus
from backbone_app.models.pair import PairState
from jira_sandbox import outbox


def unannounced() -> Iterator[str]:
    """Say a sentence for what is due while all processes are idle: nobody was woken for it.

    What was put off, which has a reason, comes due by itself, and is the sweep's to find; so is what waits
    for a site's pause to end, or for a link to be mended.
    """
    if Pause.objects.exists():
        return
    due = Pair.objects.filter(due__gt=0, state=PairState.ACTIVE, reason="", lease_until=None)
    for pair in due.filter(synchronization__state=State.RUNNING).order_by("pk"):
        yield f"I10: pair {pair.pk} is due, and nobody was woken for it"
    undecided = Delivery.objects.filter(unpaired=True, not_before=None)
    for delivery in undecided.exclude(site__link__status=LinkStatus.BROKEN).order_by("pk"):
        yield f"I10: delivery {delivery.pk} waits for its decision, and nobody was woken for it"


def left_lying() -> Iterator[str]:
    """Say a sentence for each delivery that waits for a pair that nobody is going to look at."""
    uses = DeliveryUse.objects.filter(pair__due=0, pair__state=PairState.ACTIVE, pair__reason="")
    for use in uses.select_related("delivery").order_by("pk"):
        yield f"I10: {use.delivery.event} waits for pair {use.pair_id}, which is not due"


def pairs_of(sent: outbox.Delivery) -> frozenset[int]:
    """Give the pairs at work of which a webhook of Jira's has news."""
    return frozenset(_at_work(sent)) if sent.flow else frozenset()


def unkept(sent: outbox.Delivery, pairs: frozenset[int]) -> Iterator[str]:
    """Say a sentence where a webhook was answered with yes, and the app has nothing of it for these pairs.

    Jira does not send it again, and where a check does not come upon what it told, nothing ever will.
    """
    if pairs & _at_work(sent) and not any(Delivery.objects.filter(key=key).exists() for key in _keys(sent)):
        yield f"lost: the app said yes to {sent.event} of {sent.issue_id}, and has kept nothing of it"


def _keys(sent: outbox.Delivery) -> Iterator[str]:
    """Give what the app may have kept it under: nobody's word, which is a hint only, it renames."""
    yield sent.identifier
    yield hints.hint(sent.body, identifier=sent.identifier).key


def _at_work(sent: outbox.Delivery) -> set[int]:
    halves = PairSide.objects.filter(item=sent.issue_id, pair__state=PairState.ACTIVE)
    return set(halves.values_list("pair_id", flat=True))
