"""Bodies are kept sealed, for those who need them."""

from datetime import timedelta

import pytest

from backbone_app.errors import SecretUnreadable
from backbone_app.ledger import deliveries
from backbone_app.models import Delivery, Pair, Site, Synchronization
from tests.support.rows import NOW, make_pair, make_site

BODY = b'{"webhookEvent": "jira:issue_updated", "secret words": 1}'


@pytest.fixture
def delivery(site: Site) -> Delivery:
    """One delivery about work item 1."""
    sealed = deliveries.sealed(site.pk, BODY)
    return Delivery.objects.create(
        site=site, key="d-1", event="jira:issue_updated", item="1", body_sealed=sealed, received_at=NOW
    )


def kept() -> bool:
    return bool(Delivery.objects.get().body_sealed)


def test_a_body_opens_for_its_site_only(delivery: Delivery) -> None:
    assert deliveries.body(delivery) == BODY
    assert b"secret words" not in bytes(delivery.body_sealed)

    delivery.site = make_site("initech")

    with pytest.raises(SecretUnreadable):
        deliveries.body(delivery)


def test_a_body_is_dropped_when_every_pair_has_used_it(
    delivery: Delivery, pair: Pair, synchronization: Synchronization, site: Site
) -> None:
    other = make_pair(synchronization, site, "3", "4")
    deliveries.attach(delivery, [pair.pk, other.pk], now=NOW)

    deliveries.used(pair.pk, [delivery.pk])
    assert kept()
    deliveries.used(other.pk, [delivery.pk])
    assert not kept()


def test_a_delivery_still_to_be_decided_keeps_its_body(delivery: Delivery, pair: Pair) -> None:
    Delivery.objects.update(unpaired=True)
    deliveries.attach(delivery, [pair.pk], now=NOW)

    deliveries.used(pair.pk, [delivery.pk])
    assert kept()
    deliveries.decided(delivery)
    assert not kept()


def test_attaching_twice_makes_one_use_and_the_pair_due(delivery: Delivery, pair: Pair) -> None:
    deliveries.attach(delivery, [pair.pk], now=NOW)
    deliveries.attach(delivery, [pair.pk], now=NOW)

    assert deliveries.waiting(pair.pk) == (delivery,)
    assert Pair.objects.get().due == 2


def test_a_decision_put_off_waits_for_its_time(delivery: Delivery) -> None:
    Delivery.objects.update(unpaired=True)

    deliveries.put_off(delivery, until=NOW + timedelta(seconds=30))

    assert not deliveries.undecided(NOW + timedelta(seconds=29)).exists()
    assert deliveries.undecided(NOW + timedelta(seconds=30)).get() == delivery
    assert kept()


def test_a_deleted_items_decision_is_dropped_and_no_other_ones(delivery: Delivery, site: Site) -> None:
    Delivery.objects.update(unpaired=True)
    stranger = make_site("initech")
    for number, (owner, item) in enumerate([(site, "2"), (stranger, "1")]):
        Delivery.objects.create(
            site=owner, key=f"o-{number}", event="e", item=item, unpaired=True, received_at=NOW
        )

    deliveries.dismiss(site.pk, "1")

    assert [(row.site, row.item) for row in deliveries.undecided(NOW)] == [(site, "2"), (stranger, "1")]
    assert not Delivery.objects.get(pk=delivery.pk).body_sealed


def test_what_waits_for_a_pair_that_is_set_aside_is_ticked_off(delivery: Delivery, pair: Pair) -> None:
    deliveries.attach(delivery, [pair.pk], now=NOW)

    deliveries.useless(pair.pk)

    assert deliveries.waiting(pair.pk) == ()
    assert not kept()
