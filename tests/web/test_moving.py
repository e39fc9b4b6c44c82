"""A site that names another address: nothing of it is in force until Jira there confirms it (case 20)."""

import json

import pytest
import structlog

from backbone_app import gateway, jobs
from backbone_app.models import Site
from backbone_app.models.site import SiteStatus
from tests.support.app import INITECH, Jira, call_app
from tests.support.atlassian import Customer, opens
from tests.support.hostile import Attack, Outgoing, everything
from tests.support.moving import NEW, acts, row
from tests.support.sandbox import VirtualClock

pytestmark = pytest.mark.django_db
NO_JIRA = {
    "code": "egress_refused",
    "message": "This address cannot be used: it is not a public https address of a Jira site.",
}
"""The same words whatever is wrong with an address."""


@pytest.fixture
def customer(jira: Jira) -> Customer:
    """Acme, whose calls are made by hand: whoever makes them can alter the body."""
    return Customer(jira.world, key=jira.app.client_key, address=NEW, secrets=[jira.app.shared_secret])


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
    call = customer.installed(baseUrl=address)
    headers, calls = {"Authorization": f"JWT {call.token}"}, len(attack.outgoing.urls)

    with attack.changing_nothing(), structlog.testing.capture_logs() as lines:
        answer = call_app("POST", "/installed", headers=headers, body=call.body)

    assert (answer.status_code, json.loads(answer.content)) == (400, NO_JIRA)
    assert len(attack.outgoing.urls) == calls
    assert [line["event"] for line in lines] == ["egress_refused"]
    assert customer.secret not in repr(lines)
    assert (row(jira).base_url, row(jira).pending_base_url) == (jira.site.base_url, "")
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
        jobs.maintain_sites()

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
