"""What the tables show: how much waits and for how long, what stands still, and why."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from backbone_app.ledger import heartbeats, reports
from backbone_app.metrics import Reading
from backbone_app.models import (
    Delivery,
    DeliveryUse,
    Failure,
    Leftover,
    Link,
    Pair,
    Pause,
    ServiceHold,
    Site,
    Spending,
    Synchronization,
)
from backbone_app.models.sealing import seal
from backbone_app.services import telemetry
from tests.support.figures import Samples, samples
from tests.support.rows import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    made = Site(client_key="k", base_url="https://a.atlassian.net", status="enabled", installed_at=NOW)
    made.secret_sealed = seal(b"shared", at=Site.secret_sealed.field.at(made.pk))
    made.save()
    return made


@pytest.fixture
def pair(site: Site) -> Pair:
    running = Synchronization.objects.create(state="running", spaces="1", created_at=NOW, expires_at=NOW)
    return Pair.objects.create(
        synchronization=running, origin_side="left", origin_site=site.pk, origin_item="1", created_at=NOW
    )


def shown(now: datetime) -> Samples:
    found: tuple[Reading, ...] = telemetry.readings(now)
    return samples(found)


def after(**span: float) -> datetime:
    return NOW + timedelta(**span)


def test_webhooks_that_wait_are_counted_once_each_with_the_age_of_the_oldest(site: Site, pair: Pair) -> None:
    new = Delivery.objects.create(site=site, key="a", event="e", item="1", unpaired=True, received_at=NOW)
    used = Delivery.objects.create(site=site, key="b", event="e", item="2", received_at=after(seconds=5))
    Delivery.objects.create(site=site, key="c", event="e", item="2", received_at=NOW)  # nobody needs it
    DeliveryUse.objects.create(delivery=used, pair=pair)
    DeliveryUse.objects.create(delivery=new, pair=pair)
    another = Pair.objects.create(
        synchronization=pair.synchronization,
        origin_side="left",
        origin_site=site.pk,
        origin_item="2",
        created_at=NOW,
    )
    DeliveryUse.objects.create(delivery=used, pair=another)

    soon, late = shown(after(seconds=30)), shown(after(hours=25))

    assert (soon["sync_inbox_depth", ()], soon["sync_inbox_oldest_age_seconds", ()]) == (2, 30)
    assert (soon["sync_dead_letters", ()], late["sync_dead_letters", ()]) == (0, 2)


def test_pairs_whose_turn_was_long_ago_stand_still_unless_somebody_works_on_them(pair: Pair) -> None:
    Pair.objects.update(due=1, not_before=NOW)
    due, stalled = shown(after(minutes=9)), shown(after(minutes=11))

    Pair.objects.update(lease_until=after(minutes=12))
    at_work = shown(after(minutes=11))

    assert due["sync_pairs_due", ("live",)] == 1
    assert [each["sync_pairs_stalled", ()] for each in (due, stalled, at_work)] == [0, 1, 0]


def test_states_reasons_and_budgets_are_shown(site: Site, pair: Pair, settings: LazySettings) -> None:
    Synchronization.objects.update(state="paused", pause_reason="many_missing")
    Pause.objects.create(
        scope=f"site:{site.pk}", site=site, reason="unreachable", since=NOW, until=after(hours=1)
    )
    Spending.objects.create(site=site, hour=NOW.replace(minute=0), lane="live", points=100)
    heartbeats.end("live", now=NOW)

    found = shown(after(seconds=7))

    assert found["sync_synchronizations", ("paused",)] == 1
    assert found["sync_paused", ("many_missing",)] == 1
    assert found["sync_sites", ("enabled",)] == 1
    assert found["jira_held_off", ("unreachable",)] == 1
    assert found["jira_points_budget_remaining", ()] == settings.BACKBONE_POINTS_PER_HOUR - 100
    assert found["sync_sign_of_life_age_seconds", ("live",)] == 7


def test_a_round_of_reports_that_somebody_has_or_that_waits_holds_no_call_off(site: Site) -> None:
    site.reports_due_at = NOW
    site.save()
    assert reports.claim(site.pk, now=NOW)
    claimed = shown(NOW)
    reports.put_off(site, reason="remote_refused", now=NOW)
    waits = shown(NOW)

    assert [name for found in (claimed, waits) for name, _ in found if name == "jira_held_off"] == []


def test_secrets_are_counted_by_how_old_their_key_is(site: Site, settings: LazySettings) -> None:
    old = dict(settings.BACKBONE_ENCRYPTION_KEYS)

    def counted() -> list[float]:
        found = shown(NOW)
        return [found.get(("secrets_by_key_id", (age,)), 0.0) for age in ("first", "older", "missing")]

    assert counted() == [1, 0, 0]
    settings.BACKBONE_ENCRYPTION_KEYS = {"new": bytes(range(5, 37)), **old}
    assert counted() == [0, 1, 0]
    settings.BACKBONE_ENCRYPTION_KEYS = {"new": bytes(range(5, 37))}
    assert counted() == [0, 0, 1]


def test_what_is_over_ignored_or_of_another_state_is_not_shown(site: Site, pair: Pair) -> None:
    Pair.objects.update(due=1, not_before=NOW)
    Synchronization.objects.update(state="stopped", pause_reason="many_missing")
    Pause.objects.create(scope="site:a", site=site, reason="unreachable", since=NOW, until=NOW)
    Spending.objects.create(site=site, hour=after(hours=-1).replace(minute=0), lane="live", points=100)
    Site.objects.update(status="disabled", licence="active")

    found = shown(after(minutes=11))

    assert (found["sync_pairs_due", ("live",)], found["sync_pairs_stalled", ()]) == (0, 0)
    assert found["jira_points_budget_remaining", ()] == 65_000
    assert not [name for name, _ in found if name in {"sync_paused", "jira_held_off", "sync_licences"}]


def test_errors_leftovers_and_holds_are_counted(site: Site, pair: Pair) -> None:
    Site.objects.update(licence="active")
    for side, ignored in (("left", False), ("right", True)):
        Failure.objects.create(
            synchronization=pair.synchronization,
            pair=pair,
            code="remote_missing",
            side=side,
            ignored=ignored,
            first_at=NOW,
            last_at=NOW,
        )
    Leftover.objects.create(site=site, item="1", not_before=NOW)
    ServiceHold.objects.create(name="restore", since=NOW, point=NOW)
    ended = {"address": site.base_url, "status": "broken", "expires_at": NOW, "authorized_at": NOW}
    Link.objects.create(site=site, owner=site, **ended)

    found = shown(NOW)

    assert [found[name, ()] for name in ("sync_leftovers", "sync_service_holds")] == [1, 1]
    assert found["sync_licences", ("active",)] == 1
    assert [found["sync_links", (status,)] for status in ("working", "broken")] == [0, 1]
    assert sum(value for (name, _), value in found.items() if name == "sync_failures") == 1


def test_a_scrape_asks_a_few_questions_however_much_there_is(
    site: Site, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Delivery.objects.bulk_create(
        [
            Delivery(site=site, key=str(n), event="e", item=str(n), unpaired=True, received_at=NOW)
            for n in range(50)
        ]
    )

    with django_assert_max_num_queries(35) as asked:
        telemetry.readings(NOW)

    if connection.vendor == "postgresql":
        assert "statement_timeout = 1000" in asked.captured_queries[1]["sql"]
