"""A site that names another address: nothing of it is in force until Jira there confirms it (case 20)."""

from urllib.parse import urlsplit

import pytest

from backbone_app import gateway, jobs
from backbone_app.gateway import pauses
from backbone_app.models import AuditEntry, Pause, Site, WakeUp
from backbone_app.models.site import SiteStatus
from backbone_app.queue import Job
from jira_sandbox.connect import lifecycle
from tests.support.app import INITECH, Jira, call_app, send
from tests.support.atlassian import Customer, opens
from tests.support.hostile import Attack, Outgoing, everything
from tests.support.sandbox import VirtualClock

pytestmark = pytest.mark.django_db
NEW = "https://acme-renamed.atlassian.net"


@pytest.fixture
def customer(jira: Jira) -> Customer:
    """Acme, whose calls are made by hand: whoever makes them can alter the body."""
    return Customer(jira.world, key=jira.app.client_key, address=NEW, secrets=[jira.app.shared_secret])


def move(jira: Jira, clock: VirtualClock) -> None:
    """Give acme another address, and let it install us anew, which Jira does then."""
    clock.advance(seconds=1)
    jira.world.rename(jira.site, NEW)
    jira.install()


def row(jira: Jira) -> Site:
    """Our row of acme, wherever it is."""
    return Site.objects.get(client_key=jira.app.client_key)


def acts(jira: Jira) -> list[tuple[str, object]]:
    """What the audit log says of addresses."""
    entries = AuditEntry.objects.filter(site=row(jira), act__startswith="address").order_by("pk")
    return [(entry.act, entry.detail.get("address")) for entry in entries]


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example",
        "https://acme.atlassian.net.evil.example",
        "https://evil.example/.atlassian.net",
        "http://new.atlassian.net",
        "https://new.atlassian.net:8443",
        "https://evil@new.atlassian.net",
    ],
)
def test_case_20_an_address_that_is_no_jiras_is_refused_and_the_old_one_kept(
    attack: Attack, jira: Jira, customer: Customer, address: str
) -> None:
    with attack.changing_nothing():
        assert customer.installed(baseUrl=address).send() == 400

    assert gateway.shared_secret(row(jira)) == jira.app.shared_secret


def test_case_20_another_address_waits_and_what_was_proven_stays_in_force(
    jira: Jira, customer: Customer, outgoing: Outgoing
) -> None:
    assert customer.installed().send() == 204

    now = row(jira)
    assert (now.base_url, now.status, now.pending_base_url) == (jira.site.base_url, SiteStatus.ENABLED, NEW)
    assert gateway.shared_secret(now) == jira.app.shared_secret
    assert jira.visitor("alice").open("ALPHA").status_code == 200
    assert acts(jira) == [("address_waiting", NEW)]
    assert outgoing.urls == []


def test_case_20_who_made_the_body_up_gains_nothing_by_the_address_of_another_site(
    jira: Jira, other_jira: Jira, clock: VirtualClock
) -> None:
    """The Jira at the address does not take a secret that it has not given away itself."""
    clock.advance(seconds=1)
    hoax = Customer(jira.world, key=jira.app.client_key, address=INITECH)
    before = Site.objects.values_list("base_url", "secret_sealed").get(pk=jira.row.pk)
    hoax.installed().send()

    assert hoax.notice("enabled").send() == 204
    for _ in range(30):
        clock.advance(hours=1)
        jobs.attend()

    assert Site.objects.values_list("base_url", "secret_sealed").get(pk=jira.row.pk) == before
    assert acts(jira) == [("address_waiting", INITECH), ("address_dropped", INITECH)]
    assert bytes(jira.row.pending_secret_sealed) == b""
    assert gateway.shared_secret(other_jira.row) == other_jira.app.shared_secret


def test_case_20_the_waiting_secret_opens_nothing(
    jira: Jira, customer: Customer, clock: VirtualClock
) -> None:
    customer.installed().send()
    before = everything()
    body = b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "1"}}'
    token = customer.request_token("POST", "/webhooks/jira")

    webhook = call_app("POST", "/webhooks/jira", headers={"Authorization": f"JWT {token}"}, body=body)
    page, machine = opens(customer), opens(customer, accept="application/json")

    assert (webhook.status_code, page.status_code, machine.status_code) == (503, 503, 503)
    assert everything() == before


def test_the_page_says_that_the_address_waits_where_jira_shows_it(customer: Customer) -> None:
    customer.installed().send()

    page = opens(customer)

    assert b"has moved to another address, which is not confirmed yet" in page.content
    assert b"Reload the page in a while" in page.content
    assert f"frame-ancestors {NEW}" in page["Content-Security-Policy"]


def test_jira_at_the_new_address_confirms_it_as_soon_as_it_enables_us(
    jira: Jira, clock: VirtualClock, outgoing: Outgoing
) -> None:
    former = jira.app.shared_secret

    move(jira, clock)

    now = row(jira)
    assert (now.base_url, now.status, now.pending_base_url) == (NEW, SiteStatus.ENABLED, "")
    assert gateway.shared_secret(now) == jira.app.shared_secret != former
    assert now.app_account == jira.app.user.account_id
    assert {urlsplit(url).netloc for url in outgoing.urls} == {urlsplit(NEW).netloc}
    assert acts(jira) == [("address_waiting", NEW), ("address_changed", NEW)]
    assert jira.visitor("alice").open("ALPHA").status_code == 200


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
        jobs.attend()
        asked += [(clock() - began).total_seconds() / 60] * (len(outgoing.urls) - before)

    assert asked == [1, 2, 4, 8, 16, 32, 64, 124]
    jira.world.down.clear()
    clock.advance(minutes=60)
    jobs.attend()
    assert row(jira).base_url == NEW


def test_the_sweep_wakes_what_asks_again(jira: Jira, clock: VirtualClock) -> None:
    jira.world.down.add("acme")
    move(jira, clock)
    jobs.attend()
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
        jobs.attend()
    assert row(jira).pending_base_url == NEW

    for _ in range(2):
        clock.advance(hours=1)
        jobs.attend()

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
    jira.world.down.add("acme")
    move(jira, clock)
    assert (row(jira).status, bytes(row(jira).secret_sealed)) == (SiteStatus.UNINSTALLED, b"")

    jira.world.down.clear()
    clock.advance(minutes=1)
    jobs.attend()

    now = row(jira)
    assert (now.status, now.base_url, now.uninstalled_at) == (SiteStatus.ENABLED, NEW, None)
    assert gateway.shared_secret(now) == jira.app.shared_secret
    assert now.previous_until is None


def test_an_uninstall_ends_the_waiting(jira: Jira, customer: Customer, clock: VirtualClock) -> None:
    customer.installed().send()
    clock.advance(seconds=1)

    customer.uninstalled().send()

    now = row(jira)
    assert (now.status, now.pending_base_url) == (SiteStatus.UNINSTALLED, "")
    assert bytes(now.pending_secret_sealed) == b""
    assert opens(customer).status_code == 401


def test_an_installation_at_the_old_address_ends_the_waiting(
    jira: Jira, customer: Customer, clock: VirtualClock
) -> None:
    customer.installed().send()
    clock.advance(seconds=1)

    jira.install()

    assert (row(jira).base_url, row(jira).pending_base_url) == (jira.site.base_url, "")
    assert gateway.shared_secret(row(jira)) == jira.app.shared_secret


def test_of_two_new_addresses_the_newer_one_waits(
    jira: Jira, customer: Customer, clock: VirtualClock
) -> None:
    customer.installed(baseUrl="https://first.atlassian.net").send()
    clock.advance(seconds=1)

    customer.installed().send()

    assert row(jira).pending_base_url == NEW
    assert opens(customer).status_code == 503
    assert opens(customer, secret=customer.secrets[-2]).status_code == 401


def test_a_site_in_force_still_tells_that_it_is_disabled_while_a_hoax_waits(
    jira: Jira, customer: Customer
) -> None:
    customer.installed().send()

    jira.disable()

    assert row(jira).status == SiteStatus.DISABLED


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


def test_an_answer_that_speaks_of_another_app_confirms_nothing(
    jira: Jira, customer: Customer, clock: VirtualClock
) -> None:
    """Something else than a Jira may answer 200 to anything."""
    clock.advance(seconds=1)
    jira.world.rename(jira.site, NEW)
    call = lifecycle.lifecycle_call(jira.world, jira.site, jira.app, "installed")
    assert call is not None
    assert send(call) == 204
    jira.app.key = "another-app"

    clock.advance(minutes=1)
    jobs.attend()

    assert row(jira).pending_base_url == NEW


def jobs_waiting() -> bool:
    """Whether somebody was woken to attend to sites."""
    return WakeUp.objects.filter(job=Job.ATTEND, pending=True).exists()
