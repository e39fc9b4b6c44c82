"""Deliveries that wait to be used: kept sealed, opened for the pair they concern."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, F, Q, QuerySet
from django.db.models.functions import Now

from backbone_app.core.waits import Waits
from backbone_app.models import Delivery, DeliveryUse, Pair, ServiceHold, Site
from backbone_app.models.link import LinkStatus
from backbone_app.models.pair import PairLane
from backbone_app.models.prepared import Rows, objects
from backbone_app.models.sealing import seal, unseal
from backbone_app.models.site import AT_WORK

CHECK: Final = "check"
"""The event of a delivery that Jira never sent: a check came upon the work item."""
GONE: Final = "gone"
"""The event of a row that only remembers that a work item was not there any more."""
_WAITING: Final = Rows(lambda pair: Delivery.objects.filter(uses__pair_id=pair).order_by("pk"))


_GONE: Final = Rows(
    lambda site, key: Delivery.objects.filter(site_id=site, key=key).order_by().values_list("pk")[:1]
)


def sealed(site_id: UUID, body: bytes) -> bytes:
    """Seal a body for its site."""
    return seal(body, at=Delivery.body_sealed.field.at(site_id))


def body(delivery: Delivery) -> bytes | None:
    """Open a delivery's body; None when it was dropped."""
    if not delivery.body_sealed:
        return None
    return unseal(delivery.body_sealed, at=Delivery.body_sealed.field.at(delivery.site_id))


def attach(
    delivery: Delivery, pair_ids: Iterable[int], *, now: datetime, lane: PairLane = PairLane.LIVE
) -> int:
    """Make the pairs due because of ``delivery``; returns how many. Inside a transaction."""
    ids = list(pair_ids)
    DeliveryUse.objects.bulk_create(
        [DeliveryUse(delivery=delivery, pair_id=pair_id) for pair_id in ids], ignore_conflicts=True
    )
    Pair.objects.filter(pk__in=ids).make_due(now=now, lane=lane)
    return len(ids)


def suspect(site_id: UUID, item: str, space: str, *, key: str, now: datetime) -> bool:
    """Ask for a decision about a work item that a check found without a pair; returns whether it is new.

    There is no body: who decides reads the work item. One whose news still wait
    for their decision is left to them. What was asked before is asked again: it
    may have been decided too early.
    """
    if Delivery.objects.filter(site_id=site_id, item=item, unpaired=True).exists():
        return False
    about = {"event": CHECK, "item": item, "space": space, "unpaired": True, "received_at": now}
    _, is_new = Delivery.objects.get_or_create(site_id=site_id, key=key, defaults=about)
    if not is_new:
        Delivery.objects.filter(site_id=site_id, key=key).update(unpaired=True, received_at=now)
    return is_new


def is_suspected(delivery: Delivery) -> bool:
    """Whether it was a check that came upon the work item, not Jira that told of it."""
    return delivery.event == CHECK


def note_gone(site_id: UUID, item: str, space: str, *, now: datetime) -> None:
    """Remember that a work item was deleted, or not found: older news may come later or wait for a pair."""
    about = {"event": GONE, "item": item, "space": space, "received_at": now}
    Delivery.objects.get_or_create(site_id=site_id, key=_gone(item), defaults=about)


def may_be_gone(site_id: UUID, item: str) -> bool:
    """Whether news of a work item may be of one that is no more, so that only a look tells."""
    return _GONE.exist(site_id, _gone(item))


def _gone(item: str) -> str:
    return f"{GONE}:{item}"


def undecided(now: datetime) -> QuerySet[Delivery]:
    """Give the deliveries whose items may deserve a twin, those put off and of sites without us left out.

    What comes over a broken link waits until it is mended. None while the whole service is held: what looks
    new then may have its twin already.
    """
    ready = Q(not_before__isnull=True) | Q(not_before__lte=now)
    held = Exists(ServiceHold.objects.all())
    found = Delivery.objects.filter(ready, ~held, unpaired=True, site__status__in=AT_WORK)
    mended = found.exclude(site__link__status=LinkStatus.BROKEN)
    return mended.select_related("site").order_by("pk")


def sites_in_turn(now: datetime) -> list[UUID]:
    """Give the sites that such a delivery waits for, the one whose last turn is longest ago first."""
    waiting = undecided(now).order_by().values("site_id")
    order = F("turn_at").asc(nulls_first=True)
    return list(Site.objects.filter(pk__in=waiting).order_by(order, "pk").values_list("pk", flat=True))


def take_turn(delivery: Delivery) -> None:
    """Note that the delivery's site has its turn now."""
    Site.objects.filter(pk=delivery.site_id).update(turn_at=Now())


def put_off(delivery: Delivery, *, until: datetime) -> None:
    """Decide about the delivery later: its site takes no calls until then."""
    Delivery.objects.filter(pk=delivery.pk).update(not_before=until)


def back_off(delivery: Delivery, *, now: datetime, waits: Waits) -> None:
    """Decide about the delivery later, and ever later: there was no answer, or a bug."""
    until = now + waits.after(delivery.attempts)
    Delivery.objects.filter(pk=delivery.pk).update(not_before=until, attempts=F("attempts") + 1)


def undecided_about(site_id: UUID, item: str) -> tuple[Delivery, ...]:
    """Give what was told of a work item that may yet get a twin."""
    return tuple(Delivery.objects.filter(site_id=site_id, item=item, unpaired=True).select_related("site"))


def dismiss(site_id: UUID, item: str) -> None:
    """Stop thinking about a twin for an item that was deleted. Inside a transaction."""
    mine = Delivery.objects.filter(site_id=site_id, item=item, unpaired=True)
    ids = list(mine.values_list("pk", flat=True))
    mine.update(unpaired=False)
    _drop_unneeded(ids)


def decided(delivery: Delivery) -> None:
    """Note that it is settled which pairs, if any, the delivery concerns."""
    Delivery.objects.filter(pk=delivery.pk).update(unpaired=False)
    _drop_unneeded([delivery.pk])


def waiting(pair_id: int) -> tuple[Delivery, ...]:
    """Every delivery the pair has yet to look at, in the order of receipt."""
    return tuple(objects(Delivery, _WAITING(pair_id)))


def useless(pair_id: int) -> None:
    """Tick off whatever waits for a pair that is not kept in step any more."""
    used(pair_id, [delivery.pk for delivery in waiting(pair_id)])


def used(pair_id: int, delivery_ids: Iterable[int]) -> None:
    """Tick off what the pair has settled with; a body that nobody needs any more is dropped."""
    ids = list(delivery_ids)
    if not ids:
        return
    DeliveryUse.objects.filter(pair_id=pair_id, delivery_id__in=ids).delete()
    _drop_unneeded(ids)


def _drop_unneeded(ids: list[int]) -> None:
    Delivery.objects.filter(pk__in=ids, unpaired=False, uses__isnull=True).update(body_sealed=b"")
