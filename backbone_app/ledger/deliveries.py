"""Deliveries that wait to be used: kept sealed, opened for the pair they concern."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F

from backbone_app.models import Delivery, DeliveryUse, Pair
from backbone_app.models.sealing import context, seal, unseal

BODY_KEPT: Final = timedelta(hours=72)
ROW_KEPT: Final = timedelta(days=7)


def sealed(site_id: UUID, body: bytes) -> bytes:
    """Seal a body for its site."""
    return seal(body, at=context(site_id, "delivery", "body"))


def body(delivery: Delivery) -> bytes | None:
    """Open a delivery's body; None when it was dropped."""
    if not delivery.body_sealed:
        return None
    return unseal(delivery.body_sealed, at=context(delivery.site_id, "delivery", "body"))


def attach(delivery: Delivery, pair_ids: Iterable[int]) -> int:
    """Make the pairs due because of ``delivery``; returns how many. Inside a transaction."""
    ids = list(pair_ids)
    DeliveryUse.objects.bulk_create(
        [DeliveryUse(delivery=delivery, pair_id=pair_id) for pair_id in ids], ignore_conflicts=True
    )
    Pair.objects.filter(pk__in=ids).update(due=F("due") + 1)
    return len(ids)


def decided(delivery: Delivery) -> None:
    """Note that it is settled which pairs, if any, the delivery concerns."""
    Delivery.objects.filter(pk=delivery.pk).update(unpaired=False)
    _drop_unneeded([delivery.pk])


def waiting(pair_id: int) -> tuple[Delivery, ...]:
    """Every delivery the pair has yet to look at, in the order of receipt."""
    return tuple(Delivery.objects.filter(uses__pair_id=pair_id).order_by("pk"))


def used(pair_id: int, delivery_ids: Iterable[int]) -> None:
    """Tick off what the pair has settled with; a body that nobody needs any more is dropped."""
    ids = list(delivery_ids)
    DeliveryUse.objects.filter(pair_id=pair_id, delivery_id__in=ids).delete()
    _drop_unneeded(ids)


def drop_old(now: datetime) -> int:
    """Drop bodies after ``BODY_KEPT`` and rows after ``ROW_KEPT``; returns how many bodies.

    A pair that had not used a dropped body reads both its sides next time.
    """
    old = Delivery.objects.filter(received_at__lt=now - BODY_KEPT).exclude(body_sealed=b"")
    Pair.objects.filter(uses__delivery__in=old).update(incomplete=True)
    dropped = old.update(body_sealed=b"")
    Delivery.objects.filter(received_at__lt=now - ROW_KEPT, uses__isnull=True, unpaired=False).delete()
    return dropped


def _drop_unneeded(ids: list[int]) -> None:
    Delivery.objects.filter(pk__in=ids, unpaired=False, uses__isnull=True).update(body_sealed=b"")
