"""200 random orders of two sites' lives: each ends as Atlassian's clock says, with its own secret."""

import random
from functools import partial

import pytest
from django.db import connection

from backbone_app import gateway, jobs
from backbone_app.models import AuditEntry, Site
from jira_sandbox.world import World
from tests.support.app import Jira
from tests.support.atlassian import Customer
from tests.support.lives import Life, arriving, drawn, mixed_up
from tests.support.sandbox import VirtualClock
from tests.support.slices import slice_of
from tests.support.workers import together

pytestmark = pytest.mark.django_db(transaction=True)
ORDERS = 200
WHAT_HAPPENS = {
    *("installed", "reinstalled", "enabled", "disabled", "uninstalled"),
    *("address_waiting", "address_changed"),
}
"""Acts that come about in every test of orders: else it would not have shown much."""
AT_ONCE = 50
IN_CI = ORDERS // AT_ONCE if connection.vendor == "sqlite" else 2
"""So many batches: all of them here, and again some where other locks are taken."""


def born(world: World, number: int) -> list[Life]:
    """Two sites that we never met, on the two Jiras there are."""
    return [
        Life(Customer(world, key=f"{name}-{number}", address=f"https://{name}-{number}.atlassian.net"), site)
        for name, site in world.sites.items()
    ]


@pytest.mark.parametrize("first", slice_of(range(0, ORDERS, AT_ONCE), IN_CI))
def test_the_final_state_is_right_and_no_secret_mixed_up(
    jira: Jira, other_jira: Jira, clock: VirtualClock, first: int
) -> None:
    wrong: dict[str, list[str]] = {}
    for number in range(first, first + AT_ONCE):
        chance = random.Random(number)
        lives = born(jira.world, number)
        drawn(lives, chance, clock)
        arriving(lives, chance)
        clock.advance(minutes=2)
        jobs.maintain_sites()
        wrong |= {f"{number} {life.customer.key}": mixed_up(life) for life in lives if life.happenings}

    assert {name: found for name, found in wrong.items() if found} == {}
    assert set(AuditEntry.objects.values_list("act", flat=True)) >= WHAT_HAPPENS


@pytest.mark.parametrize("number", range(8))
def test_of_installations_of_one_site_at_one_moment_exactly_one_is_taken(world: World, number: int) -> None:
    """Four, all of one second, each with another secret; Atlassian makes one, whoever makes the others up."""
    customer = Customer(world, key=f"at-once-{number}")
    calls = [customer.installed() for _ in range(4)]
    answers: dict[int, int] = {}

    def send(place: int) -> None:
        answers[place] = calls[place].send()

    assert together(*(partial(send, place) for place in range(4))) == []

    assert sorted(answers.values()) == [204, 401, 401, 401]
    (taken,) = (place for place, answer in answers.items() if answer == 204)
    assert gateway.shared_secret(customer.row) == customer.secrets[taken]
    assert AuditEntry.objects.filter(site=customer.row).count() == 1


@pytest.mark.parametrize("number", range(8))
def test_of_two_sites_that_claim_one_address_at_one_moment_one_is_taken(world: World, number: int) -> None:
    calls = [Customer(world, key=f"{name}-{number}").installed() for name in ("first", "second")]
    answers: list[int] = []

    assert together(*(partial(lambda call: answers.append(call.send()), call) for call in calls)) == []

    assert sorted(answers) == [204, 409]
    assert Site.objects.count() == 1
