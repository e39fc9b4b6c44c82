"""Endpoints: one a partner site, taken by the first start, released by the last stop, never too many."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.db import transaction

from backbone_app.core.remote_licence import public_key
from backbone_app.errors import NotLicensed
from backbone_app.ledger import endpoints
from backbone_app.models import Endpoint, RemoteLicence, Site, Synchronization, SynchronizationSide
from backbone_app.models.site import Product
from tests.support import licences
from tests.support.rows import NOW, make_site, make_synchronization
from tests.support.workers import together

END = datetime(2028, 1, 1, tzinfo=UTC)
"""The end of ``licences.TERMS``."""


@pytest.fixture
def acme(db: None) -> Site:
    """A site that our app is on."""
    return make_site("acme")


def remote(name: str, product: Product = Product.CLOUD) -> Site:
    """A site that a link leads to."""
    site = make_site(name)
    site.status, site.product = "linked", product
    site.save()
    return site


def leading(acme: Site, there: Site, *, state: str = "running") -> Synchronization:
    """A synchronization from acme to another site."""
    number = Synchronization.objects.count()
    row = make_synchronization(acme, spaces=(str(number), f"there{number}"))
    SynchronizationSide.objects.filter(synchronization=row, side="right").update(site=there)
    Synchronization.objects.filter(pk=row.pk).update(
        state=state, pause_reason=endpoints.UNLICENSED if state == "paused" else ""
    )
    return row


def start(acme: Site, there: Site, *, now: datetime = NOW) -> Synchronization:
    """One that is started, as a service does it."""
    row = leading(acme, there, state="stopped")
    run(acme, there, row, now=now)
    return row


def run(acme: Site, there: Site, row: Synchronization, *, now: datetime = NOW) -> None:
    with transaction.atomic():
        endpoints.take(acme.pk, there, now=now)
        Synchronization.objects.filter(pk=row.pk).update(state="running")


def stop(acme: Site, there: Site, row: Synchronization) -> None:
    with transaction.atomic():
        endpoints.release(acme.pk, there.pk, stopping=row.pk)
        Synchronization.objects.filter(pk=row.pk).update(state="stopped")


def give(acme: Site, number: int = 1, *, expires_on: date = licences.TERMS.expires_on) -> None:
    terms = replace(licences.TERMS, endpoints=number, expires_on=expires_on)
    licences.give(acme, now=NOW, terms=terms)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(NotLicensed) as refused, transaction.atomic():
        act()
    return str(refused.value)


def taken(acme: Site) -> list[str]:
    return [each.remote.client_key for each in endpoints.in_order(acme.pk)]


def test_the_first_start_takes_one_and_the_last_stop_releases_it(acme: Site) -> None:
    give(acme)
    there = remote("initech")

    first, second = start(acme, there), start(acme, there)
    assert (taken(acme), endpoints.free(acme.pk, now=NOW)) == (["initech"], 0)
    stop(acme, there, first)
    assert taken(acme) == ["initech"]
    stop(acme, there, second)

    assert (taken(acme), endpoints.free(acme.pk, now=NOW)) == ([], 1)


def test_a_pause_of_ours_gives_nothing_away(acme: Site) -> None:
    give(acme)
    there = remote("initech")
    first, second = start(acme, there), start(acme, there)
    Synchronization.objects.filter(pk=second.pk).update(state="paused", pause_reason="space_missing")

    stop(acme, there, first)

    assert taken(acme) == ["initech"]


def test_another_partner_site_takes_another_one(acme: Site) -> None:
    give(acme, 2)
    for name in ("initech", "globex"):
        start(acme, remote(name))

    assert taken(acme) == ["initech", "globex"]
    said = refusal(lambda: start(acme, remote("hooli")))
    assert said.startswith(
        "The remote licence of this site covers 2 partner sites, which are all taken. Stop"
    )
    assert taken(acme) == ["initech", "globex"]


def test_one_that_is_taken_is_said_in_the_singular(acme: Site) -> None:
    give(acme)
    start(acme, remote("initech"))

    assert "covers one partner site, which is taken." in refusal(lambda: start(acme, remote("globex")))


def test_what_it_needs_no_licence_for_takes_nothing(acme: Site) -> None:
    start(acme, make_site("partner"))
    start(acme, remote("initech", Product.DATA_CENTER))

    assert not Endpoint.objects.exists()


def test_a_data_center_needs_one_where_the_operator_says_so(acme: Site, settings: LazySettings) -> None:
    settings.BACKBONE_DATA_CENTER_NEEDS_LICENCE = True
    there = remote("initech", Product.DATA_CENTER)

    assert "this site has none. A Jira admin can upload one" in refusal(lambda: start(acme, there))
    give(acme)
    start(acme, there)

    assert taken(acme) == ["initech"]
    settings.BACKBONE_DATA_CENTER_NEEDS_LICENCE = False
    assert (taken(acme), endpoints.free(acme.pk, now=NOW)) == ([], 1)


def test_no_start_without_a_licence_that_counts(acme: Site, settings: LazySettings) -> None:
    there = remote("initech")

    assert "this site has none." in refusal(lambda: start(acme, there))
    give(acme)
    assert "expired: its last day was 31 December 2027." in refusal(lambda: start(acme, there, now=END))
    settings.BACKBONE_LICENCE_PUBLIC_KEY = (public_key(bytes(32)),)
    assert "this site has none." in refusal(lambda: start(acme, there))
    settings.BACKBONE_LICENCE_PUBLIC_KEY = ()
    assert "needs a remote licence, and this service has none." in refusal(lambda: start(acme, there))

    assert not Endpoint.objects.exists()


def test_of_several_keys_each_counts(acme: Site, settings: LazySettings) -> None:
    give(acme)
    settings.BACKBONE_LICENCE_PUBLIC_KEY = (public_key(bytes(32)), *settings.BACKBONE_LICENCE_PUBLIC_KEY)

    start(acme, remote("initech"))

    assert taken(acme) == ["initech"]


def test_whether_one_is_free_can_be_asked_before(acme: Site) -> None:
    give(acme)

    endpoints.require(acme.pk, now=NOW)
    start(acme, remote("initech"))

    assert "which is taken" in refusal(lambda: endpoints.require(acme.pk, now=NOW))
    assert "expired" in refusal(lambda: endpoints.require(acme.pk, now=END))
    assert endpoints.free(acme.pk, now=END) == 0


def test_of_another_sites_licence_and_endpoints_nothing_counts(acme: Site) -> None:
    other = make_site("other")
    give(other)
    give(acme)
    start(other, remote("initech"))

    start(acme, remote("globex"))

    assert (taken(acme), taken(other)) == (["globex"], ["initech"])


def at_odds(acme: Site, now: datetime = NOW) -> tuple[set[UUID], set[UUID], bool]:
    """What is to be paused, what to be resumed, and whether the sweep hears of it."""
    pausing = set(endpoints.to_pause(acme.pk, now=now).values_list("pk", flat=True))
    resuming = set(endpoints.to_resume(acme.pk, now=now).values_list("pk", flat=True))
    return pausing, resuming, acme.pk in endpoints.sites_at_odds(now)


def test_a_licence_that_ends_leaves_everything_uncovered_to_the_moment(acme: Site) -> None:
    give(acme, 2)
    rows = {start(acme, remote(name)).pk for name in ("initech", "globex")}

    assert at_odds(acme, END - timedelta(seconds=1)) == (set(), set(), False)
    assert at_odds(acme, END) == (rows, set(), True)


def test_those_taken_first_are_covered_first(acme: Site) -> None:
    give(acme, 3)
    rows = [
        start(acme, remote(name), now=NOW + timedelta(days=day))
        for day, name in ((3, "last"), (1, "first"), (2, "middle"))
    ]

    give(acme, 1)

    assert taken(acme) == ["first", "middle", "last"]
    assert at_odds(acme) == ({rows[0].pk, rows[2].pk}, set(), True)
    assert "which is taken" in refusal(
        lambda: endpoints.take(acme.pk, rows[0].sides.get(side="right").site, now=NOW)
    )


def test_what_is_covered_again_goes_on_and_nothing_that_has_another_reason(acme: Site) -> None:
    give(acme, 2)
    waiting, other = start(acme, remote("initech")), start(acme, remote("globex"))
    Synchronization.objects.filter(pk=waiting.pk).update(state="paused", pause_reason=endpoints.UNLICENSED)
    Synchronization.objects.filter(pk=other.pk).update(state="paused", pause_reason="space_missing")

    assert at_odds(acme) == (set(), {waiting.pk}, True)
    RemoteLicence.objects.all().delete()
    assert at_odds(acme) == (set(), set(), False)


def test_a_released_endpoint_covers_the_next_one(acme: Site) -> None:
    give(acme, 2)
    first, there = remote("initech"), remote("globex")
    running, waiting = start(acme, first), start(acme, there)
    give(acme, 1)
    Synchronization.objects.filter(pk=waiting.pk).update(state="paused", pause_reason=endpoints.UNLICENSED)
    assert at_odds(acme) == (set(), set(), False)

    stop(acme, first, running)

    assert at_odds(acme) == (set(), {waiting.pk}, True)


def test_an_endpoint_that_nothing_holds_is_found_and_given_back(acme: Site) -> None:
    give(acme)
    start(acme, remote("initech")).delete()
    assert at_odds(acme) == (set(), set(), True)

    with transaction.atomic():
        endpoints.release_idle(acme.pk)

    assert (taken(acme), at_odds(acme)) == ([], (set(), set(), False))


def test_at_rest_a_sweep_asks_once(
    acme: Site, django_assert_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    leading(acme, remote("initech", Product.DATA_CENTER))
    endpoints.sites_at_odds(NOW)

    with django_assert_num_queries(1):
        assert endpoints.sites_at_odds(NOW) == ()


def test_the_end_of_a_licence_is_told_before(acme: Site) -> None:
    assert endpoints.notice(acme.pk, now=END - timedelta(days=3)) == ""
    give(acme)

    assert endpoints.notice(acme.pk, now=END - timedelta(days=31)) == ""
    assert "ends in 2 days" in endpoints.notice(acme.pk, now=END - timedelta(days=3))


ROUNDS = 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(ROUNDS))
def test_of_two_starts_for_the_last_endpoint_exactly_one_gets_it(attempt: int) -> None:
    acme = make_site("acme")
    give(acme, 2)
    start(acme, remote("taken"))
    sites = [remote("initech"), remote("globex")]
    rows = [leading(acme, there, state="stopped") for there in sites]

    raised = together(*(partial(run, acme, there, row) for there, row in zip(sites, rows, strict=True)))

    assert [type(each) for each in raised] == [NotLicensed]
    assert len(taken(acme)) == 2
    assert Synchronization.objects.filter(state="running").count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(ROUNDS))
def test_two_starts_to_the_same_partner_site_take_one(attempt: int) -> None:
    acme = make_site("acme")
    give(acme)
    there = remote("initech")
    rows = [leading(acme, there, state="stopped") for _ in range(2)]

    raised = together(*(partial(run, acme, there, row) for row in rows))

    assert raised == []
    assert taken(acme) == ["initech"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(ROUNDS))
def test_a_start_beside_the_last_stop_keeps_its_endpoint(attempt: int) -> None:
    acme = make_site("acme")
    give(acme)
    there = remote("initech")
    running, starting = start(acme, there), leading(acme, there, state="stopped")

    raised = together(partial(stop, acme, there, running), partial(run, acme, there, starting))

    assert raised == []
    assert Synchronization.objects.get(pk=starting.pk).state == "running"
    assert taken(acme) == ["initech"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(ROUNDS))
def test_two_stops_at_once_release_it(attempt: int) -> None:
    acme = make_site("acme")
    give(acme)
    there = remote("initech")
    rows = [start(acme, there) for _ in range(2)]

    raised = together(*(partial(stop, acme, there, row) for row in rows))

    assert raised == []
    assert taken(acme) == []
