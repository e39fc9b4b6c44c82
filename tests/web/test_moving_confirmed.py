"""Jira at another address is asked whether it is ours to call: at once, again and again, for a day."""

from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings

from backbone_app import gateway, jobs, queue
from backbone_app.gateway import pauses
from backbone_app.models import AuditEntry, Pause, Site, WakeUp
from backbone_app.models.site import SiteStatus
from backbone_app.queue import Job
from backbone_app.services import tenants
from jira_sandbox.connect import lifecycle
from jira_sandbox.world import World
from tests.support.app import Jira, send
from tests.support.atlassian import Customer, opens
from tests.support.hostile import Outgoing
from tests.support.moving import NEW, acts, move, row
from tests.support.sandbox import VirtualClock

pytestmark = pytest.mark.django_db
OLD = "https://acme.atlassian.net"


def waiting(jira: Jira, clock: VirtualClock) -> None:
    """Give acme another address that was not asked yet, and let a turn come to ask it."""
    jira.world.down.add("acme")
    move(jira, clock)
    jira.world.down.clear()
    clock.advance(minutes=1)


@pytest.fixture
def customer(jira: Jira) -> Customer:
    """Acme, whose calls are made by hand: whoever makes them can alter the body."""
    return Customer(jira.world, key=jira.app.client_key, address=NEW, secrets=[jira.app.shared_secret])


def test_jira_at_the_new_address_confirms_it_as_soon_as_it_enables_us(
    jira: Jira, clock: VirtualClock, outgoing: Outgoing
) -> None:
    former = jira.app.shared_secret
    told = {"app_account": "learnt at the old address", "display_url": "https://old.acme.example"}
    Site.objects.filter(pk=row(jira).pk).update(**told)

    move(jira, clock)

    now = row(jira)
    assert (now.base_url, now.status, now.pending_base_url) == (NEW, SiteStatus.ENABLED, "")
    assert gateway.shared_secret(now) == jira.app.shared_secret != former
    assert (now.app_account, now.display_url) == (jira.app.user.account_id, "")
    assert now.installed_at == now.lifecycle_at == clock().replace(microsecond=0)
    assert {urlsplit(url).netloc for url in outgoing.urls} == {urlsplit(NEW).netloc}
    assert acts(jira) == [("address_waiting", NEW), ("address_changed", NEW)]
    assert jira.visitor("alice").open("ALPHA").status_code == 200


def test_of_two_notices_that_come_while_jira_is_asked_the_newer_one_counts(
    jira: Jira, clock: VirtualClock, outgoing: Outgoing
) -> None:
    """The older one has the address confirmed first."""
    waiting(jira, clock)
    new = Customer(jira.world, key=jira.app.client_key, address=NEW, secrets=[jira.app.shared_secret])
    older = new.notice("disabled")
    clock.advance(seconds=1)
    outgoing.meanwhile = older.send

    answer = new.notice("enabled").send()

    assert answer == 204
    assert (row(jira).base_url, row(jira).status) == (NEW, SiteStatus.ENABLED)


def test_a_notice_counts_for_nothing_once_another_secret_was_confirmed(
    jira: Jira, clock: VirtualClock, outgoing: Outgoing
) -> None:
    waiting(jira, clock)
    new = Customer(jira.world, key=jira.app.client_key, address=NEW, secrets=[jira.app.shared_secret])
    overtaken = new.notice("disabled")
    clock.advance(seconds=1)
    outgoing.meanwhile = new.installed().send

    answer = overtaken.send()

    assert answer == 401
    assert row(jira).status == SiteStatus.ENABLED


def test_while_we_are_disabled_at_the_new_address_it_waits_until_we_are_enabled(
    jira: Jira, clock: VirtualClock
) -> None:
    """Jira answers no app that is switched off."""
    jira.world.down.add("acme")
    move(jira, clock)
    jira.world.down.clear()

    jira.disable()
    assert row(jira).pending_base_url == NEW
    jira.enable()

    assert (row(jira).base_url, row(jira).status) == (NEW, SiteStatus.ENABLED)


def test_where_it_does_not_answer_it_is_asked_again_after_1_2_4_to_64_minutes_and_then_every_hour(
    jira: Jira, clock: VirtualClock, outgoing: Outgoing
) -> None:
    jira.world.down.add("acme")
    move(jira, clock)
    asked, began = [], clock()
    for _ in range(2 * 130):
        clock.advance(seconds=30)
        before = len(outgoing.urls)
        jobs.maintain_sites()
        asked += [(clock() - began).total_seconds() / 60] * (len(outgoing.urls) - before)

    assert asked == [1, 2, 4, 8, 16, 32, 64, 124]
    jira.world.down.clear()
    clock.advance(minutes=60)
    jobs.maintain_sites()
    assert row(jira).base_url == NEW


def test_the_sweep_wakes_what_asks_again(jira: Jira, clock: VirtualClock) -> None:
    jira.world.down.add("acme")
    move(jira, clock)
    jobs.maintain_sites()
    jobs.sweep()
    assert not jobs_waiting()

    clock.advance(minutes=1)
    jobs.sweep()

    assert jobs_waiting()


def test_what_nobody_confirms_within_a_day_is_dropped(
    jira: Jira, customer: Customer, clock: VirtualClock
) -> None:
    customer.installed().send()
    for _ in range(23):
        clock.advance(hours=1)
        jobs.maintain_sites()
    assert row(jira).pending_base_url == NEW

    for _ in range(2):
        clock.advance(hours=1)
        jobs.maintain_sites()

    now = row(jira)
    assert (now.pending_base_url, bytes(now.pending_secret_sealed), now.pending_since) == ("", b"", None)
    (entry,) = AuditEntry.objects.filter(act="address_dropped")
    assert (entry.actor, entry.detail) == ("backbone", {"address": NEW, "dropped": "unconfirmed"})
    assert opens(customer).status_code == 401


def test_an_address_where_another_site_is_enabled_is_dropped(
    jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    clock.advance(seconds=1)
    Site.objects.filter(pk=other_jira.row.pk).update(base_url=NEW)  # it calls itself so, and was there first
    before = row(jira).base_url

    jira.world.rename(jira.site, NEW)
    jira.install()

    assert (row(jira).base_url, row(jira).pending_base_url) == (before, "")
    (entry,) = AuditEntry.objects.filter(act="address_dropped")
    assert entry.detail == {"address": NEW, "dropped": "taken"}


def test_an_uninstalled_site_that_comes_back_elsewhere_waits_too(jira: Jira, clock: VirtualClock) -> None:
    jira.uninstall()
    Site.objects.update(digest_key_sealed=b"")  # its half was erased since
    jira.world.down.add("acme")
    move(jira, clock)
    assert (row(jira).status, bytes(row(jira).secret_sealed)) == (SiteStatus.UNINSTALLED, b"")

    jira.world.down.clear()
    clock.advance(minutes=1)
    jobs.maintain_sites()

    now = row(jira)
    assert (now.status, now.base_url, now.uninstalled_at) == (SiteStatus.ENABLED, NEW, None)
    assert gateway.shared_secret(now) == jira.app.shared_secret
    assert now.previous_until is None
    assert bytes(now.digest_key_sealed)


def test_the_outage_of_the_old_address_is_over_at_the_new_one_and_what_jira_asked_for_is_not(
    jira: Jira, clock: VirtualClock
) -> None:
    clock.advance(seconds=1)
    later = clock.now.replace(hour=23)
    reasons = (pauses.UNREACHABLE, "jira-quota-tenant-based")
    for reason in reasons:
        Pause.objects.create(
            scope=f"endpoint:{jira.row.pk}:{reason}", site=jira.row, reason=reason, since=clock(), until=later
        )

    jira.world.rename(jira.site, NEW)
    jira.install()

    assert set(Pause.objects.values_list("reason", flat=True)) == {"jira-quota-tenant-based"}


@pytest.mark.parametrize(
    "said", [b"", b"{}", b"[]", b'"backbone-work-sync"', b'{"key": "another-app"}', b"<p>"]
)
def test_whoever_answers_anything_to_anybody_confirms_nothing(
    jira: Jira, customer: Customer, clock: VirtualClock, outgoing: Outgoing, said: bytes
) -> None:
    """An allowed domain may have other machines in it, which answer 200 whatever they are asked."""
    outgoing.instead[urlsplit(NEW).netloc] = said
    customer.installed().send()

    assert customer.notice("enabled").send() == 204
    clock.advance(minutes=1)
    jobs.maintain_sites()

    assert len(outgoing.urls) == 2
    assert (row(jira).base_url, row(jira).pending_base_url) == (jira.site.base_url, NEW)
    assert gateway.shared_secret(row(jira)) == jira.app.shared_secret


def test_what_was_asked_for_is_not_put_in_force_once_the_site_has_removed_us(
    jira: Jira, clock: VirtualClock, outgoing: Outgoing
) -> None:
    """The uninstall arrives while Jira is about to answer."""
    waiting(jira, clock)
    gone = lifecycle.lifecycle_call(jira.world, jira.site, jira.app, "uninstalled")
    assert gone is not None
    outgoing.meanwhile = partial(send, gone)

    jobs.maintain_sites()

    now = row(jira)
    assert (now.status, now.base_url) == (SiteStatus.UNINSTALLED, OLD)
    assert bytes(now.secret_sealed) == bytes(now.pending_secret_sealed) == b""
    assert acts(jira) == [("address_waiting", NEW)]


@pytest.mark.parametrize("is_taken", [True, False])
def test_what_was_asked_for_says_nothing_of_what_waits_by_now(
    jira: Jira, clock: VirtualClock, outgoing: Outgoing, is_taken: bool
) -> None:
    """Another address is named while Jira at the first one is about to answer, or a day after it was."""
    waiting(jira, clock)
    if not is_taken:
        clock.advance(hours=24)
        outgoing.instead[urlsplit(NEW).netloc] = b"{}"
    other = Customer(jira.world, key=jira.app.client_key, address="https://acme-again.atlassian.net")
    outgoing.meanwhile = other.installed().send

    jobs.maintain_sites()

    now = row(jira)
    assert (now.base_url, now.pending_base_url) == (OLD, other.address)
    assert opens(other).status_code == 503


def silent(world: World, clock: VirtualClock, outgoing: Outgoing, *, number: int) -> list[str]:
    """Let so many sites move where nobody answers, and a turn come to ask all; where that is."""
    found = []
    for each in range(number):
        customer = Customer(world, key=f"silent-{each}", address=f"https://silent-{each}.atlassian.net")
        customer.installed().send()
        clock.advance(seconds=1)
        customer.installed(baseUrl=f"https://moved-{each}.atlassian.net").send()
        found.append(f"moved-{each}.atlassian.net")
    clock.advance(minutes=1)
    outgoing.urls.clear()
    return found


def asked(outgoing: Outgoing) -> list[str]:
    """Whom we have asked whether the address is theirs, not those whose licence is due."""
    hosts = [urlsplit(url).netloc for url in outgoing.urls]
    return [host for host in hosts if host.startswith("moved-")]


def test_a_round_ends_in_time_and_those_who_waited_longest_come_first(
    world: World, clock: VirtualClock, outgoing: Outgoing
) -> None:
    """Silent ones must not keep the worker for so long that it is killed, and the rest with it."""
    everybody = silent(world, clock, outgoing, number=4)

    def ticking() -> datetime:
        return clock() + timedelta(seconds=20) * len(outgoing.urls)

    tenants.maintain(ticking)

    assert asked(outgoing) == everybody[:2]
    jobs.maintain_sites()
    assert asked(outgoing) == everybody[:2]  # the others wait for their next turn


def test_where_one_worker_does_everything_a_round_lets_people_pass_and_is_begun_anew(
    world: World, clock: VirtualClock, outgoing: Outgoing, settings: LazySettings
) -> None:
    settings.BACKBONE_LANES = ("live",)
    everybody = silent(world, clock, outgoing, number=2)
    outgoing.meanwhile = partial(queue.wake, Job.SYNC, now=clock() + timedelta(seconds=1))

    jobs.maintain_sites()
    assert asked(outgoing) == everybody[:1]
    WakeUp.objects.update(pending=False)
    jobs.maintain_sites()

    assert asked(outgoing) == [*everybody[:1], *everybody]


def jobs_waiting() -> bool:
    """Whether somebody was woken to maintain sites."""
    return WakeUp.objects.filter(job=Job.MAINTAIN_SITES, pending=True).exists()
