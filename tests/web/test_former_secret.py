"""After a new installation the former secret opens, for a quarter of an hour, what was signed with it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from backbone_app import gateway, jobs
from backbone_app.gateway import credentials
from backbone_app.models import Site
from jira_sandbox.world import World
from tests.support.app import Jira, call_app
from tests.support.atlassian import Customer, opens
from tests.support.hostile import Attack
from tests.support.sandbox import VirtualClock

pytestmark = pytest.mark.django_db
Queries = Callable[[int], AbstractContextManager[object]]


@pytest.fixture
def customer(world: World, clock: VirtualClock) -> Customer:
    """A site that has just installed us for the second time."""
    customer = Customer(world)
    customer.installed().send()
    clock.advance(seconds=1)
    customer.installed().send()
    return customer


def former(customer: Customer, *, back: int = 1) -> int:
    """What a page gets that carries an older secret."""
    return opens(customer, secret=customer.secrets[-1 - back]).status_code


def delivered(customer: Customer, *, secret: str) -> int:
    """What a webhook gets that was signed with this secret."""
    token = customer.request_token("POST", "/webhooks/jira", secret=secret)
    body = b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "1"}}'
    return call_app(
        "POST", "/webhooks/jira", headers={"Authorization": f"JWT {token}"}, body=body
    ).status_code


def test_a_page_that_was_open_works_on_for_as_long_as_its_token(
    customer: Customer, clock: VirtualClock
) -> None:
    clock.advance(minutes=14, seconds=59)
    assert (former(customer), opens(customer).status_code) == (200, 200)

    clock.advance(seconds=1)
    assert (former(customer), opens(customer).status_code) == (401, 200)


def test_a_webhook_that_was_under_way_is_taken(customer: Customer) -> None:
    assert delivered(customer, secret=customer.secrets[0]) == 204


def test_only_the_one_before_the_newest_opens_anything(customer: Customer, clock: VirtualClock) -> None:
    clock.advance(seconds=1)
    customer.installed().send()

    assert [former(customer, back=back) for back in (0, 1, 2)] == [200, 200, 401]


def test_however_many_secrets_a_site_has_a_call_of_its_costs_the_same(
    customer: Customer, clock: VirtualClock, django_assert_num_queries: Queries
) -> None:
    """One row tells who calls; the rest is what it takes to see that nobody synchronizes the item."""
    clock.advance(seconds=1)
    customer.installed(baseUrl="https://globex-renamed.atlassian.net").send()
    assert all(credentials.opening(customer.row, now=clock()))
    in_force, before = customer.secrets[1], customer.secrets[0]

    for secret in (in_force, before):
        with django_assert_num_queries(1):
            assert opens(customer, secret=secret).status_code == 200
        with django_assert_num_queries(6):
            assert delivered(customer, secret=secret) == 204


def test_our_own_calls_carry_the_newest_only(jira: Jira, clock: VirtualClock) -> None:
    former = jira.app.shared_secret
    jira.install()

    assert gateway.known_account(jira.row, clock=clock) == jira.app.user.account_id
    assert gateway.shared_secret(jira.row) == jira.app.shared_secret != former


def test_a_page_of_before_works_on_in_the_real_order_of_things(jira: Jira) -> None:
    token = jira.page_token("alice")

    jira.install()

    path = f"/spaces/{jira.space_id('ALPHA')}/overview"
    assert call_app("GET", path, headers={"Authorization": f"JWT {token}"}).status_code == 200


def test_an_uninstall_leaves_neither(customer: Customer, clock: VirtualClock) -> None:
    clock.advance(seconds=1)

    customer.uninstalled().send()

    row = customer.row
    assert (former(customer), opens(customer).status_code) == (401, 401)
    assert bytes(row.secret_sealed) == bytes(row.previous_secret_sealed) == b""
    assert row.previous_until is None


def test_what_is_over_is_wiped_by_the_sweep(customer: Customer, clock: VirtualClock) -> None:
    clock.advance(minutes=15)

    jobs.sweep()
    jobs.maintain_sites()

    assert bytes(customer.row.previous_secret_sealed) == b""
    assert customer.row.previous_until is None
    assert opens(customer).status_code == 200


def test_what_is_not_over_stays(customer: Customer, clock: VirtualClock) -> None:
    clock.advance(minutes=14)

    jobs.maintain_sites()

    assert former(customer) == 200


def test_a_former_secret_moved_into_another_sites_row_opens_nothing(
    attack: Attack, customer: Customer, other_jira: Jira
) -> None:
    """What lies there is bound to its site: the answer is an alarm, and no way in."""
    row = customer.row
    Site.objects.filter(pk=other_jira.row.pk).update(
        previous_secret_sealed=row.previous_secret_sealed, previous_until=row.previous_until
    )
    thief = Customer(customer.world, key=other_jira.app.client_key, secrets=customer.secrets[:1])

    with attack.changing_nothing():
        assert opens(thief).status_code == 503
