"""Who may come in, seen from the service: what the callbacks cannot show."""

import dataclasses
from collections.abc import Callable

import pytest

from backbone_app import gateway
from backbone_app.errors import NotAllowed, NotAuthenticated, Outdated
from backbone_app.models import Site
from backbone_app.models.site import SiteStatus
from backbone_app.services import tenants
from backbone_app.services.tenants import InstallPayload
from tests.support.app import Jira
from tests.support.hostile import everything
from tests.support.sandbox import VirtualClock

PAYLOAD = InstallPayload(
    client_key="a-client-key",
    base_url="https://globex.atlassian.net/",
    shared_secret="top-secret, and longer than any hash",
)

pytestmark = pytest.mark.django_db


def install(payload: InstallPayload, clock: VirtualClock) -> None:
    """Let a site install us now, by Atlassian's clock and by ours."""
    digest = f"{payload.client_key} at {clock()}"
    tenants.install(payload, signed_at=clock(), digest=digest, now=clock())


def test_the_address_is_kept_without_its_slash(clock: VirtualClock) -> None:
    install(PAYLOAD, clock)

    site = Site.objects.get()
    assert site.base_url == "https://globex.atlassian.net"
    assert site.installed_at == clock()


def test_each_site_gets_a_digest_key_of_its_own(clock: VirtualClock) -> None:
    install(PAYLOAD, clock)
    other = dataclasses.replace(PAYLOAD, client_key="other", base_url="https://hooli.atlassian.net")
    install(other, clock)

    first, second = Site.objects.values_list("digest_key_sealed", flat=True)
    assert bytes(first) != bytes(second)


def test_an_address_with_other_capitals_is_the_same_address(clock: VirtualClock) -> None:
    install(PAYLOAD, clock)

    clock.advance(seconds=1)
    install(dataclasses.replace(PAYLOAD, base_url="https://GLOBEX.atlassian.net"), clock)

    assert Site.objects.count() == 1
    assert Site.objects.get().pending_base_url == ""


def test_two_client_keys_at_one_address_are_refused_and_nothing_is_left_of_the_second(
    clock: VirtualClock,
) -> None:
    install(PAYLOAD, clock)

    with pytest.raises(Outdated):
        install(dataclasses.replace(PAYLOAD, client_key="other"), clock)

    assert Site.objects.count() == 1


def test_the_secret_does_not_show_when_a_payload_is_printed() -> None:
    assert PAYLOAD.shared_secret not in repr(PAYLOAD)


def test_a_move_without_a_secret_to_confirm_it_with_is_refused(clock: VirtualClock) -> None:
    install(PAYLOAD, clock)
    before = everything()
    clock.advance(seconds=1)

    elsewhere = dataclasses.replace(PAYLOAD, base_url="https://hooli.atlassian.net", shared_secret="")
    with pytest.raises(NotAllowed):
        install(elsewhere, clock)

    assert everything() == before


def test_a_key_that_is_lost_does_not_keep_a_site_from_installing_us_again(clock: VirtualClock) -> None:
    install(PAYLOAD, clock)
    Site.objects.update(secret_sealed=b"\x01\x04goneof no use any more")
    clock.advance(seconds=1)

    install(PAYLOAD, clock)

    site = Site.objects.get()
    assert gateway.shared_secret(site) == PAYLOAD.shared_secret
    assert (bytes(site.previous_secret_sealed), site.previous_until) == (b"", None)


@pytest.mark.parametrize("notice", [tenants.disable, tenants.enable])
def test_a_notice_that_was_verified_before_the_uninstall_changes_nothing_after_it(
    jira: Jira, clock: VirtualClock, notice: Callable[..., object]
) -> None:
    notifier = tenants.Notifier(jira.row.id, jira.row.client_key, signed_at=clock())
    Site.objects.update(app_account="")  # it was never learnt, so that a notice would have to ask
    jira.uninstall()

    notice(notifier, now=clock())

    assert (jira.row.status, jira.row.app_account) == (SiteStatus.UNINSTALLED, "")


def test_a_caller_is_our_site_and_jiras_account(jira: Jira, clock: VirtualClock) -> None:
    caller = tenants.authenticate_page(jira.page_token("alice"), now=clock())

    assert caller.site_id == jira.row.id
    assert caller.account == jira.account("alice")
    assert caller.base_url == jira.site.base_url


def test_a_webhook_has_no_person_behind_it(jira: Jira, clock: VirtualClock) -> None:
    token = jira.request_token("POST", "/webhooks/jira")

    caller = tenants.authenticate_signed(token, "POST", "/webhooks/jira", "", now=clock())

    assert caller.account is None


def test_a_token_is_good_a_little_beyond_its_end_and_no_longer(jira: Jira, clock: VirtualClock) -> None:
    token = jira.page_token("alice")

    clock.advance(seconds=180 + 30)
    assert tenants.authenticate_page(token, now=clock()).account == jira.account("alice")

    clock.advance(seconds=1)
    with pytest.raises(NotAuthenticated) as refused:
        tenants.authenticate_page(token, now=clock())
    assert refused.value.case == "expired"


def test_an_unknown_site_is_refused_as_such_for_our_counters_only(jira: Jira, clock: VirtualClock) -> None:
    token = jira.page_token("alice", iss="never-met")

    with pytest.raises(NotAuthenticated) as refused:
        tenants.authenticate_page(token, now=clock())

    assert refused.value.case == "unknown_site"
    assert "never-met" not in str(refused.value)
