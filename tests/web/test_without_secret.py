"""Jira installs us and gives no secret: nothing of that site can be checked, and its page says so."""

import json
from collections.abc import Callable

import pytest

from backbone_app import jobs
from backbone_app.models import AuditEntry
from backbone_app.models.site import SiteStatus
from jira_sandbox.world import World
from tests.support.app import Jira, call_app
from tests.support.atlassian import NULL, PAGE, Call, Customer, opens
from tests.support.hostile import REFUSAL, Attack, Outgoing, everything
from tests.support.sandbox import VirtualClock

pytestmark = pytest.mark.django_db
GUESSED = "a secret that somebody has guessed, long enough"
NO_SECRET: dict[str, Callable[[Customer], Call]] = {
    "absent": lambda customer: customer.installed(sharedSecret=None),
    "null": lambda customer: customer.installed(sharedSecret=NULL),
    "empty": lambda customer: customer.installed(sharedSecret=""),
}


@pytest.fixture(params=NO_SECRET)
def customer(world: World, request: pytest.FixtureRequest) -> Customer:
    """A site that has just installed us without a secret."""
    customer = Customer(world)
    assert NO_SECRET[request.param](customer).send() == 204
    return customer


def test_it_is_taken_in_noted_and_not_in_use(customer: Customer, outgoing: Outgoing) -> None:
    row = customer.row

    assert (row.status, bytes(row.secret_sealed), row.base_url) == (
        SiteStatus.DISABLED,
        b"",
        customer.address,
    )
    assert list(AuditEntry.objects.values_list("act", flat=True)) == ["installed_without_secret"]
    jobs.sweep()
    jobs.maintain_sites()
    assert outgoing.urls == []


def test_its_page_says_what_happened_and_what_to_do_where_jira_shows_it(customer: Customer) -> None:
    page = opens(customer, secret=GUESSED)

    assert page.status_code == 401
    assert b"Jira gave this app no secret when it was installed on this site" in page.content
    assert b"Remove the app from Jira and install it again" in page.content
    assert f"frame-ancestors {customer.address}" in page["Content-Security-Policy"]


def test_machines_learn_no_more_than_of_any_other_site(customer: Customer) -> None:
    before = everything()
    webhook = customer.request_token("POST", "/webhooks/jira", secret=GUESSED)
    answers = [
        opens(customer, secret=GUESSED, accept="application/json"),
        call_app("POST", "/webhooks/jira", headers={"Authorization": f"JWT {webhook}"}, body=b"{}"),
    ]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert [json.loads(answer.content) for answer in answers] == [REFUSAL, REFUSAL]
    assert customer.notice("enabled", secret=GUESSED).send() == 401
    assert everything() == before


@pytest.mark.parametrize("secret", ["", "\x00" * 32, GUESSED])
def test_no_secret_is_not_a_secret_that_anybody_could_sign_with(
    attack: Attack, customer: Customer, secret: str
) -> None:
    token = customer.request_token("GET", PAGE, secret=secret or GUESSED)

    attack.refused("GET", PAGE, headers={"Authorization": f"JWT {token}"}, body=b"")


def test_a_site_that_had_one_loses_it(jira: Jira, clock: VirtualClock) -> None:
    clock.advance(seconds=1)
    customer = Customer(
        jira.world, key=jira.app.client_key, address=jira.site.base_url, secrets=[jira.app.shared_secret]
    )

    assert customer.installed(sharedSecret=None).send() == 204

    row = customer.row
    assert (row.status, bytes(row.secret_sealed), bytes(row.previous_secret_sealed)) == (
        SiteStatus.DISABLED,
        b"",
        b"",
    )
    assert opens(customer, secret=jira.app.shared_secret).status_code == 401


def test_with_a_secret_it_comes_into_use(customer: Customer, clock: VirtualClock) -> None:
    clock.advance(seconds=1)

    assert customer.installed().send() == 204

    assert customer.row.status == SiteStatus.ENABLED
    assert opens(customer).status_code == 200
    acts = AuditEntry.objects.order_by("pk").values_list("act", flat=True)
    assert list(acts) == ["installed_without_secret", "reinstalled"]


def test_a_site_that_is_gone_and_one_we_never_met_are_not_told_apart(
    customer: Customer, clock: VirtualClock
) -> None:
    clock.advance(seconds=1)
    customer.uninstalled().send()

    gone = opens(customer, secret=GUESSED)
    never = opens(Customer(customer.world, key="never-met"), secret=GUESSED)

    assert gone.content == never.content
    assert b"no secret" not in gone.content
