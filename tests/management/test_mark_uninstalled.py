"""A site removed the app without our hearing of it: our operator says so."""

import io

import pytest
from django.core.management import CommandError, call_command
from structlog.testing import capture_logs

from backbone_app.models import AuditEntry
from jira_sandbox.world import World
from tests.support.atlassian import ADDRESS, Customer, opens
from tests.support.hostile import everything
from tests.support.sandbox import VirtualClock

pytestmark = pytest.mark.django_db


def said_by(name: str) -> str:
    said = io.StringIO()
    call_command("mark_uninstalled", name, stdout=said)
    return said.getvalue()


@pytest.fixture
def customer(world: World, clock: VirtualClock) -> Customer:
    """A site that installed us a while ago."""
    customer = Customer(world)
    assert customer.installed().send() == 204
    clock.advance(minutes=1)
    return customer


def test_a_jira_that_was_reset_installs_us_again_once_its_old_row_is_marked(
    customer: Customer, world: World, clock: VirtualClock
) -> None:
    reset = Customer(world, key="key-after-the-reset")
    with capture_logs() as logged:
        refused = reset.installed().send()

    said = said_by(f"{ADDRESS}/")

    old = customer.row
    (hint,) = (line for line in logged if line["event"] == "address_taken")
    assert (refused, hint["tenant"], hint["command"]) == (409, str(old.pk), "mark_uninstalled")
    assert f"site={old.pk} is marked as uninstalled: its secrets are gone" in said
    assert (old.status, bytes(old.secret_sealed), old.uninstalled_at) == ("uninstalled", b"", clock())
    entry = AuditEntry.objects.filter(site=old).latest("pk")
    assert (entry.act, entry.actor) == ("marked_uninstalled", "backbone")
    assert reset.installed().send() == 204
    assert (opens(customer).status_code, opens(reset).status_code) == (401, 200)


def test_a_site_that_is_disabled_can_be_marked_too(customer: Customer) -> None:
    assert customer.notice("disabled").send() == 204

    said_by(str(customer.row.pk))

    assert customer.row.status == "uninstalled"


def test_an_installation_that_atlassian_signed_before_the_mark_is_believed(
    customer: Customer, clock: VirtualClock
) -> None:
    on_its_way = customer.installed()
    clock.advance(seconds=5)
    said_by(ADDRESS)

    assert on_its_way.send() == 204
    assert (customer.row.status, customer.row.uninstalled_at) == ("enabled", None)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("https://nobody.atlassian.net", "No site has this address"),
        ("00000000-0000-4000-a000-000000000000", "This site does not exist"),
        (ADDRESS, "has removed the app already"),
    ],
)
def test_a_site_that_cannot_be_marked_is_refused(customer: Customer, name: str, why: str) -> None:
    assert customer.uninstalled().send() == 204
    before = everything()

    with pytest.raises(CommandError, match=why):
        said_by(name)

    assert everything() == before
