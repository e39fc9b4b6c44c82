"""Where a site's people see it, if that is another address: it may frame our pages, and say nothing more."""

import pytest

from backbone_app.models import Site
from jira_sandbox.world import World
from tests.support.app import Jira
from tests.support.atlassian import Customer, opens
from tests.support.headers import directives
from tests.support.sandbox import VirtualClock

pytestmark = pytest.mark.django_db
SEEN_AT = "https://tracker.globex.example"


@pytest.mark.parametrize("told", [SEEN_AT, f"{SEEN_AT}/", "https://Tracker.Globex.example"])
def test_both_addresses_may_frame_our_pages(world: World, told: str) -> None:
    customer = Customer(world)
    customer.installed(displayUrl=told).send()

    page = opens(customer)

    assert customer.row.display_url == SEEN_AT
    assert directives(page)["frame-ancestors"] == f"{customer.address} {SEEN_AT}"


@pytest.mark.parametrize(
    "told",
    [
        "http://tracker.globex.example",
        "https://*.globex.example",
        "https://tracker.globex.example; script-src *",
        "https://tracker.globex.example https://evil.example",
        "https://tracker.globex.example,https://evil.example",
        "https://tracker.globex.example'unsafe-inline'",
        "https://a@tracker.globex.example",
        "https://tracker.globex.example:8443",
        "https://tracker.globex.example/path",
        "https://tracker.globex.example?x",
        "https://tracker.globex.example#x",
        "https://tracker.globex.example\n",
        "https://tracker.globex.example\u0000",
        "https://tr\u00e4cker.globex.example",
        "https://tracker..example",
        "https://-tracker.example",
        "https://127.0.0.1",
        "https://[::1]",
        "https://localhost",
        "https://",
        "*",
        "'none'",
        "data:",
        "javascript:alert(1)",
        f"https://{'a.' * 200}example",
        7,
        ["https://tracker.globex.example"],
        {"a": "https://tracker.globex.example"},
    ],
    ids=lambda told: ascii(told)[:40],
)
def test_what_is_no_plain_address_of_a_host_is_left_out(world: World, told: object) -> None:
    customer = Customer(world)

    assert customer.installed(displayUrl=told).send() == 204

    assert customer.row.display_url == ""
    assert directives(opens(customer))["frame-ancestors"] == customer.address


@pytest.mark.parametrize("row", ["https://*.example", "https://a.example; script-src *", "'none'", "x\ny"])
def test_a_row_that_went_bad_becomes_no_directive(world: World, row: str) -> None:
    customer = Customer(world)
    customer.installed().send()
    Site.objects.update(display_url=row)

    page = opens(customer)

    assert directives(page)["frame-ancestors"] == customer.address
    assert directives(page)["script-src"] == "'self' https://connect-cdn.atl-paas.net"


def test_the_own_address_is_named_once(jira: Jira) -> None:
    assert jira.row.display_url == ""
    assert directives(jira.visitor("alice").open("ALPHA"))["frame-ancestors"] == jira.site.base_url


def test_one_that_is_no_longer_told_is_gone(world: World, clock: VirtualClock) -> None:
    customer = Customer(world)
    customer.installed(displayUrl=SEEN_AT).send()
    clock.advance(seconds=1)

    customer.installed().send()

    assert customer.row.display_url == ""


@pytest.mark.parametrize(
    ("name", "column", "good", "bad"),
    [
        (
            "cloudId",
            "cloud_id",
            "f2a8d2c4-0b1f-4c36-9d3b-0c7c0d5e8f11",
            ["f2a8d2c4", "f2a8d2c4-0b1f-4c36-9d3b-0c7c0d5e8f1g", 7, None, "", "' OR 1=1"],
        ),
        (
            "installationId",
            "installation",
            "ari:cloud:ecosystem::installation/3ad7b15e-0b1f-4c36-9d3b-0c7c0d5e8f11",
            ["3ad7b15e", "ari:cloud:ecosystem::app/1", "ari:cloud:ecosystem::installation/../x", 7, [], ""],
        ),
    ],
)
def test_an_id_is_kept_in_its_own_form_only_and_stays_where_it_is_left_out(
    world: World, clock: VirtualClock, name: str, column: str, good: str, bad: list[object]
) -> None:
    customer = Customer(world)
    customer.installed(**{name: good}).send()
    kept = []
    for odd in bad:
        clock.advance(seconds=1)
        assert customer.installed(**{name: odd}).send() == 204
        kept.append(getattr(customer.row, column))

    assert kept == [good] * len(bad)
