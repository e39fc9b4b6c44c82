"""What is kept too long goes, a thousand rows at a time; what somebody still needs stays."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django_q.models import OrmQ, Task

from backbone_app import queue
from backbone_app.ledger import deliveries, leases
from backbone_app.models import (
    ApplicationLink,
    AuditEntry,
    Delivery,
    DeliveryUse,
    DownloadTicket,
    ForgeInstallation,
    Intent,
    JournalEntry,
    LinkAttempt,
    Pace,
    Pair,
    Pause,
    Site,
    Spending,
    Unfinished,
    WorkflowStep,
)
from backbone_app.queue import Job
from backbone_app.services import housekeeping
from tests.support.rows import NOW, make_pair, make_site, make_synchronization
from tests.support.workers import is_awake

Make = Callable[[Pair, datetime, int], Model]
SECOND = timedelta(seconds=1)


@pytest.fixture
def pair(db: None) -> Pair:
    """A pair on one site."""
    site = make_site("acme")
    return make_pair(make_synchronization(site), site, "1", "2")


def site() -> Site:
    return Site.objects.get()


def a_delivery(_: Pair, at: datetime, number: int, **more: Any) -> Delivery:
    return Delivery(site=site(), key=f"d-{number}", event="e", item="1", received_at=at, **more)


def an_intent(pair: Pair, at: datetime, _: int, **more: Any) -> Intent:
    fields = {"side": "left", "kind": "edit", "state": "done", "epoch": 1, "deadline": at, **more}
    return Intent(pair=pair, site=site(), started_at=at, **fields)


def a_line(pair: Pair, at: datetime, _: int, **more: Any) -> JournalEntry:
    fields = {"side": "left", "kind": "edited", "values_sealed": b"sealed", **more}
    return JournalEntry(synchronization=pair.synchronization, pair=pair, site=site(), at=at, **fields)


def a_pause(_: Pair, at: datetime, number: int) -> Pause:
    return Pause(scope=f"item:{number}", reason="busy", until=at, since=at)


def a_pace(_: Pair, at: datetime, number: int) -> Pace:
    return Pace(key=str(number), site=site(), free_at=at)


def a_spending(_: Pair, at: datetime, number: int) -> Spending:
    return Spending(site=site(), hour=at, lane=str(number))


def a_step(_: Pair, at: datetime, number: int) -> WorkflowStep:
    return WorkflowStep(
        site=site(), space="1", type_id="1", source="A", transition=str(number), target="B", seen_at=at
    )


def a_task(_: Pair, at: datetime, number: int) -> Task:
    return Task(id=str(number), name=str(number), func="f", started=at, stopped=at, success=number % 2 == 0)


def a_wake_up(_: Pair, at: datetime, __: int) -> OrmQ:
    return OrmQ(key="gone", payload="p", lock=at)


def an_act(_: Pair, at: datetime, __: int) -> AuditEntry:
    return AuditEntry(site=site(), at=at, actor="jira", act="enabled")


def a_ticket(_: Pair, at: datetime, number: int) -> DownloadTicket:
    return DownloadTicket(site=site(), digest=str(number), account="a", what="pairs", expires_at=at)


def an_unfinished(_: Pair, at: datetime, number: int) -> Unfinished:
    return Unfinished(site=site(), space=str(number), account="a", way="space", touched_at=at)


def an_unjoined(_: Pair, at: datetime, number: int) -> ForgeInstallation:
    return ForgeInstallation(installation=str(number), cloud_id="c", seen_at=at)


def an_attempt(_: Pair, at: datetime, number: int, **more: Any) -> LinkAttempt:
    fields = {"expires_at": at, "created_at": at, "is_copied": True, **more}
    return LinkAttempt(site=site(), address="https://j.example", digest=str(number), **fields)


def a_used_attempt(pair: Pair, at: datetime, number: int) -> LinkAttempt:
    return an_attempt(pair, at, number, expires_at=at + timedelta(days=7), ended_at=at)


def a_begun_link(_: Pair, at: datetime, __: int) -> ApplicationLink:
    return ApplicationLink(site=site(), created_at=at)


BOUNDS: dict[str, tuple[Make, timedelta]] = {
    "deliveries": (a_delivery, timedelta(days=7)),
    "intents": (an_intent, timedelta(days=90)),
    "activity": (a_line, timedelta(days=400)),
    "pauses": (a_pause, timedelta(days=1)),
    "paces": (a_pace, timedelta(hours=1)),
    "spendings": (a_spending, timedelta(hours=48)),
    "workflow steps": (a_step, timedelta(days=180)),
    "results of jobs": (a_task, timedelta(days=7)),
    "wake-ups": (a_wake_up, timedelta(days=1)),
    "acts": (an_act, timedelta(days=365)),
    "Forge installations without a site": (an_unjoined, timedelta(days=90)),
    "what was begun and not sent": (an_unfinished, timedelta(days=30)),
    "links to sign in that expired": (an_attempt, timedelta(days=30)),
    "links that somebody has signed in with": (a_used_attempt, timedelta(days=30)),
    "application links that nobody entered": (a_begun_link, timedelta(days=30)),
    "tickets": (a_ticket, timedelta(0)),
}


NAMELESS = (Intent, LinkAttempt, ApplicationLink)
"""Their ids are no numbers: of two the first one may be either."""


def keep(rows: Iterable[Model]) -> type[Model]:
    made = list(rows)
    kind = type(made[0])
    kind._default_manager.bulk_create(made)
    return kind


def tidy(now: datetime = NOW) -> None:
    housekeeping.tidy(lambda: now)


@pytest.mark.parametrize(("make", "age"), BOUNDS.values(), ids=list(BOUNDS))
def test_what_is_just_inside_its_bound_stays_and_what_is_just_outside_goes(
    pair: Pair, make: Make, age: timedelta
) -> None:
    kind = keep([make(pair, NOW - age + SECOND, 1), make(pair, NOW - age - SECOND, 2)])
    inside = kind._default_manager.order_by("pk").first()

    tidy()

    assert inside is not None
    if kind not in NAMELESS:
        assert list(kind._default_manager.all()) == [inside]
    assert kind._default_manager.count() == 1


@pytest.mark.parametrize(("make", "age"), BOUNDS.values(), ids=list(BOUNDS))
def test_many_rows_go_in_batches(pair: Pair, make: Make, age: timedelta) -> None:
    kind = keep(make(pair, NOW - age - SECOND, number) for number in range(2_500))

    with CaptureQueriesContext(
        connection,
    ) as told:
        tidy()

    table = f'FROM "{kind._meta.db_table}"'
    drops = [one["sql"] for one in told if one["sql"].startswith(f"DELETE {table}")]
    assert not kind._default_manager.exists()
    assert len(drops) >= 3
    assert not is_awake(Job.TIDY)


def test_an_application_link_that_was_entered_stays_however_old(pair: Pair) -> None:
    entered = {"base_url": "https://j.example", "client_id": "c", "created_at": NOW - timedelta(days=900)}
    ApplicationLink.objects.create(site=site(), **entered)

    tidy()

    assert ApplicationLink.objects.count() == 1


def test_a_run_that_takes_too_long_goes_on_through_the_queue(pair: Pair) -> None:
    keep(a_delivery(pair, NOW - timedelta(days=8), number) for number in range(2_500))
    times = iter(NOW + number * SECOND for number in range(1_000))

    housekeeping.tidy(lambda: next(times))
    assert is_awake(Job.TIDY)
    assert 0 < Delivery.objects.count() < 2_500
    for _ in range(5):
        housekeeping.tidy(lambda: next(times))

    assert not Delivery.objects.exists()
    assert not is_awake(Job.TIDY)


@pytest.mark.parametrize(("age", "is_kept"), [(-SECOND, True), (SECOND, False)])
def test_a_body_goes_after_three_days_and_a_pair_that_waits_for_it_reads_both_sides(
    pair: Pair, age: timedelta, *, is_kept: bool
) -> None:
    row = a_delivery(
        pair, NOW - timedelta(hours=72) - age, 1, body_sealed=deliveries.sealed(site().pk, b"{}")
    )
    row.save()
    deliveries.attach(row, [pair.pk], now=NOW)

    tidy()

    assert bool(Delivery.objects.get().body_sealed) is is_kept
    assert DeliveryUse.objects.exists() is is_kept
    assert Pair.objects.get().incomplete is not is_kept


def test_a_deletion_is_told_to_its_pair_however_late(pair: Pair) -> None:
    old = NOW - timedelta(days=30)
    for number, event in enumerate(("jira:issue_deleted", "comment_deleted", "jira:issue_updated")):
        row = a_delivery(pair, old, number)
        row.event = event
        row.save()
        deliveries.attach(row, [pair.pk], now=NOW)

    tidy()

    assert set(Delivery.objects.values_list("event", flat=True)) == {"jira:issue_deleted", "comment_deleted"}
    assert DeliveryUse.objects.count() == 2


def test_what_waits_for_a_pair_that_is_at_work_is_left_to_its_worker(pair: Pair) -> None:
    row = a_delivery(pair, NOW - timedelta(days=30), 1)
    row.save()
    deliveries.attach(row, [pair.pk], now=NOW)
    (claim,) = leases.claim_due(now=NOW, limit=1)

    tidy()
    assert DeliveryUse.objects.exists()
    assert not Pair.objects.get().incomplete
    leases.postpone(claim, until=NOW, reason="")
    tidy()

    assert not DeliveryUse.objects.exists()
    assert Pair.objects.get().incomplete


def test_what_waits_too_long_goes_in_batches_too(pair: Pair) -> None:
    keep(a_delivery(pair, NOW - timedelta(days=4), number) for number in range(2_500))
    waiting = Delivery.objects.values_list("pk", flat=True)
    DeliveryUse.objects.bulk_create(DeliveryUse(delivery_id=one, pair=pair) for one in waiting)

    tidy()

    assert not DeliveryUse.objects.exists()


def test_bodies_go_in_batches_too(pair: Pair) -> None:
    old = NOW - timedelta(hours=73)
    keep(a_delivery(pair, old, number, body_sealed=b"sealed", unpaired=True) for number in range(2_500))

    tidy()

    assert Delivery.objects.filter(body_sealed=b"").count() == 2_500


def test_deliveries_that_somebody_still_has_to_look_at_stay(pair: Pair) -> None:
    old = NOW - timedelta(days=30)
    waiting = a_delivery(pair, old, 1)
    waiting.event = "jira:issue_deleted"
    waiting.save()
    DeliveryUse.objects.create(delivery=waiting, pair=pair)
    a_delivery(pair, old, 2, unpaired=True).save()

    tidy()

    assert Delivery.objects.count() == 2


@pytest.mark.parametrize("state", ["open", "crossed"])
def test_writes_that_are_not_over_stay(pair: Pair, state: str) -> None:
    an_intent(pair, NOW - timedelta(days=500), 1, state=state).save()

    tidy()

    assert Intent.objects.count() == 1


def test_a_write_stays_as_long_as_its_line_in_the_activity(pair: Pair) -> None:
    written = an_intent(pair, NOW - timedelta(days=200), 1)
    written.save()
    a_line(pair, NOW - timedelta(days=200), 1, intent=written).save()

    tidy()
    assert Intent.objects.count() == JournalEntry.objects.count() == 1
    tidy(NOW + timedelta(days=201))

    assert Intent.objects.count() == JournalEntry.objects.count() == 0


def test_values_are_forgotten_when_their_site_keeps_them_no_longer(pair: Pair) -> None:
    Site.objects.update(retention_days=30)
    keep([a_line(pair, NOW - timedelta(days=30) + age, 1) for age in (SECOND, -SECOND)])

    tidy()

    assert JournalEntry.objects.exclude(values_sealed=b"").count() == 1
    assert JournalEntry.objects.count() == 2


def test_values_are_forgotten_in_batches(pair: Pair) -> None:
    Site.objects.update(retention_days=30)
    keep(a_line(pair, NOW - timedelta(days=31), number) for number in range(2_500))

    tidy()

    assert not JournalEntry.objects.exclude(values_sealed=b"").exists()


def test_a_lane_that_is_to_end_goes_on_later(pair: Pair) -> None:
    keep(a_delivery(pair, NOW - timedelta(days=8), number) for number in range(2_500))
    queue._ENDING[0] = 1

    try:
        tidy()
    finally:
        queue._ENDING[0] = 0

    assert Delivery.objects.count() == 1_500
    assert is_awake(Job.TIDY)
