"""Lifecycle calls that come late, twice or in another order than they were made (case 19)."""

from collections.abc import Callable

import pytest

from backbone_app import gateway
from backbone_app.models import AuditEntry, Site
from backbone_app.models.site import SiteStatus
from jira_sandbox.world import World
from tests.support.atlassian import Call, Customer, opens
from tests.support.hostile import Attack, Outgoing, everything
from tests.support.sandbox import VirtualClock

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(world: World) -> Customer:
    """A site we never met."""
    return Customer(world)


@pytest.fixture
def refused(attack: Attack, customer: Customer) -> Callable[[Call], None]:
    """Send a call that must come to nothing."""

    def send(call: Call) -> None:
        headers = {"Authorization": f"JWT {call.token}"}
        attack.refused("POST", f"/{call.event}", headers=headers, body=call.body)

    return send


def acts(customer: Customer) -> list[str]:
    """What the audit log says, oldest first."""
    return list(AuditEntry.objects.filter(site=customer.row).order_by("pk").values_list("act", flat=True))


def test_case_19_an_installation_repeated_word_for_word_changes_nothing(
    customer: Customer, outgoing: Outgoing
) -> None:
    call = customer.installed()
    assert call.send() == 204
    before, calls = everything(), len(outgoing.urls)

    assert [call.send(), call.send()] == [204, 204]

    assert everything() == before
    assert len(outgoing.urls) == calls
    assert acts(customer) == ["installed"]


def test_case_19_an_uninstall_repeated_word_for_word_changes_nothing(
    customer: Customer, clock: VirtualClock, outgoing: Outgoing
) -> None:
    customer.installed().send()
    clock.advance(seconds=1)
    call = customer.uninstalled()
    assert call.send() == 204
    before, calls = everything(), len(outgoing.urls)
    clock.advance(seconds=1)

    assert [call.send(), call.send()] == [204, 204]

    assert everything() == before
    assert len(outgoing.urls) == calls


def test_case_19_the_token_of_an_installation_with_another_body_changes_nothing(
    customer: Customer, refused: Callable[[Call], None]
) -> None:
    first = customer.installed()
    first.send()
    altered = first.body.replace(customer.secret.encode(), b"a secret of the attacker's, also long enough")
    assert altered != first.body

    refused(Call("installed", first.token, altered))

    assert gateway.shared_secret(customer.row) == customer.secret


def test_case_19_an_older_installation_changes_nothing(
    customer: Customer, clock: VirtualClock, refused: Callable[[Call], None]
) -> None:
    older = customer.installed()
    clock.advance(seconds=1)
    customer.installed().send()

    refused(older)

    assert gateway.shared_secret(customer.row) == customer.secret
    assert opens(customer).status_code == 200


def test_case_19_an_installation_kept_from_before_an_uninstall_never_brings_its_secret_back(
    customer: Customer, clock: VirtualClock, refused: Callable[[Call], None]
) -> None:
    kept = customer.installed()
    kept.send()
    clock.advance(seconds=1)
    customer.uninstalled().send()

    refused(kept)

    assert bytes(customer.row.secret_sealed) == b""
    assert opens(customer).status_code == 401


@pytest.mark.parametrize("seconds", [0, 1])
def test_case_19_an_uninstall_that_overtakes_the_installation_of_a_site_we_never_met_is_remembered(
    customer: Customer, clock: VirtualClock, refused: Callable[[Call], None], seconds: int
) -> None:
    installed = customer.installed()
    clock.advance(seconds=seconds)
    assert customer.uninstalled().send() == 204
    assert (customer.row.status, customer.row.base_url) == (SiteStatus.UNINSTALLED, "")

    refused(installed)

    assert bytes(customer.row.secret_sealed) == b""
    assert acts(customer) == []


def test_a_site_that_we_only_knew_as_gone_may_still_install_us(
    customer: Customer, clock: VirtualClock
) -> None:
    customer.uninstalled().send()
    clock.advance(seconds=1)

    assert customer.installed().send() == 204

    assert (customer.row.status, customer.row.base_url) == (SiteStatus.ENABLED, customer.address)
    assert customer.row.uninstalled_at is None
    assert bytes(customer.row.digest_key_sealed)
    assert acts(customer) == ["installed"]


def test_case_19_within_one_second_the_uninstall_counts_and_an_installation_beside_it_does_not(
    customer: Customer, refused: Callable[[Call], None]
) -> None:
    installed, uninstalled, again = customer.installed(), customer.uninstalled(), customer.installed()
    assert [installed.send(), uninstalled.send()] == [204, 204]

    refused(installed)
    refused(again)

    assert customer.row.status == SiteStatus.UNINSTALLED
    assert acts(customer) == ["installed", "uninstalled"]


def test_a_second_uninstall_neither_begins_the_grace_anew_nor_is_an_act(
    customer: Customer, clock: VirtualClock
) -> None:
    customer.installed().send()
    clock.advance(seconds=1)
    gone = clock()
    customer.uninstalled().send()
    clock.advance(days=1)

    assert customer.uninstalled().send() == 204

    assert customer.row.uninstalled_at == gone
    assert acts(customer) == ["installed", "uninstalled"]


def test_case_19_a_second_uninstall_outdates_what_was_signed_before_it_though_its_body_is_the_same(
    customer: Customer, clock: VirtualClock, refused: Callable[[Call], None]
) -> None:
    customer.uninstalled().send()
    clock.advance(seconds=1)
    between = customer.installed()
    clock.advance(seconds=1)
    assert customer.uninstalled().send() == 204

    refused(between)

    assert customer.row.status == SiteStatus.UNINSTALLED


def test_where_no_newest_call_was_noted_the_installation_stands_for_it(
    customer: Customer, clock: VirtualClock, refused: Callable[[Call], None]
) -> None:
    """A row of before, or of former code that still runs during an upgrade."""
    older = customer.installed()
    clock.advance(seconds=1)
    customer.installed().send()
    Site.objects.update(lifecycle_at=None, lifecycle_digest="")

    refused(older)

    assert customer.uninstalled().send() == 204
    assert customer.row.status == SiteStatus.UNINSTALLED


def test_a_late_notice_is_taken_and_has_no_effect(customer: Customer, clock: VirtualClock) -> None:
    customer.installed().send()
    early = customer.notice("enabled")
    clock.advance(seconds=1)
    customer.notice("disabled").send()

    assert early.send() == 204

    assert customer.row.status == SiteStatus.DISABLED
    assert acts(customer) == ["installed", "disabled"]


def test_of_two_notices_of_one_second_the_later_one_to_arrive_counts(customer: Customer) -> None:
    customer.installed().send()

    seen = []
    for event in ("disabled", "enabled", "disabled"):
        assert customer.notice(event).send() == 204
        seen.append(customer.row.status)

    assert seen == [SiteStatus.DISABLED, SiteStatus.ENABLED, SiteStatus.DISABLED]


@pytest.mark.parametrize("seconds", [0, 1])
def test_a_notice_from_before_a_new_installation_has_no_effect_on_it(
    customer: Customer, clock: VirtualClock, seconds: int
) -> None:
    customer.installed().send()
    clock.advance(seconds=1)
    late = customer.notice("disabled")
    clock.advance(seconds=seconds)
    again = customer.installed()
    assert again.send() == 204

    assert late.send() == 204  # the former secret still opens

    assert customer.row.status == SiteStatus.ENABLED


def test_a_notice_from_before_has_no_effect_where_the_new_installation_brings_the_same_secret(
    customer: Customer, clock: VirtualClock
) -> None:
    customer.installed().send()
    late = customer.notice("disabled")
    clock.advance(seconds=1)
    assert customer.installed(sharedSecret=customer.secret).send() == 204

    assert late.send() == 204

    assert customer.row.status == SiteStatus.ENABLED


def test_a_notice_repeated_word_for_word_is_no_second_act(customer: Customer, clock: VirtualClock) -> None:
    customer.installed().send()
    clock.advance(seconds=1)
    call = customer.notice("disabled")

    assert [call.send(), call.send()] == [204, 204]

    assert acts(customer) == ["installed", "disabled"]


def test_a_disabled_site_that_installs_us_again_is_enabled(customer: Customer, clock: VirtualClock) -> None:
    customer.installed().send()
    customer.notice("disabled").send()
    clock.advance(seconds=1)

    assert customer.installed().send() == 204

    assert customer.row.status == SiteStatus.ENABLED
    assert acts(customer) == ["installed", "disabled", "reinstalled"]
