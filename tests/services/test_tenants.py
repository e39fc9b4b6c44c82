"""Who may come in, seen from the service: what the callbacks cannot show."""

import dataclasses
from collections.abc import Callable

import pytest

from backbone_app.errors import NotAllowed, NotAuthenticated, Outdated
from backbone_app.models import Site
from backbone_app.models.site import SiteStatus
from backbone_app.services import tenants
from backbone_app.services.tenants import InstallPayload
from tests.support.app import Jira
from tests.support.sandbox import VirtualClock

PAYLOAD = InstallPayload(
    client_key="a-client-key",
    base_url="https://globex.atlassian.net/",
    shared_secret="top-secret, and longer than any hash",
)

pytestmark = pytest.mark.django_db


def test_the_address_is_kept_without_its_slash(clock: VirtualClock) -> None:
    tenants.install(PAYLOAD, signed_at=clock(), now=clock())

    site = Site.objects.get()
    assert site.base_url == "https://globex.atlassian.net"
    assert site.installed_at == clock()


def test_each_site_gets_a_digest_key_of_its_own(clock: VirtualClock) -> None:
    tenants.install(PAYLOAD, signed_at=clock(), now=clock())
    other = dataclasses.replace(PAYLOAD, client_key="other", base_url="https://hooli.atlassian.net")
    tenants.install(other, signed_at=clock(), now=clock())

    first, second = Site.objects.values_list("digest_key_sealed", flat=True)
    assert bytes(first) != bytes(second)


def test_an_address_with_other_capitals_is_the_same_address(clock: VirtualClock) -> None:
    tenants.install(PAYLOAD, signed_at=clock(), now=clock())

    tenants.install(
        dataclasses.replace(PAYLOAD, base_url="https://GLOBEX.atlassian.net"), signed_at=clock(), now=clock()
    )

    assert Site.objects.count() == 1


def test_two_client_keys_at_one_address_are_refused_and_told_apart_from_a_move(clock: VirtualClock) -> None:
    tenants.install(PAYLOAD, signed_at=clock(), now=clock())

    with pytest.raises(Outdated):
        tenants.install(dataclasses.replace(PAYLOAD, client_key="other"), signed_at=clock(), now=clock())
    elsewhere = dataclasses.replace(PAYLOAD, base_url="https://hooli.atlassian.net")
    with pytest.raises(NotAllowed):
        tenants.install(elsewhere, signed_at=clock(), now=clock())


def test_the_secret_does_not_show_when_a_payload_is_printed() -> None:
    assert PAYLOAD.shared_secret not in repr(PAYLOAD)


def test_uninstalling_a_site_we_never_met_changes_nothing(clock: VirtualClock) -> None:
    tenants.install(PAYLOAD, signed_at=clock(), now=clock())

    tenants.uninstall("never-met", signed_at=clock(), now=clock())

    assert Site.objects.get().status == SiteStatus.ENABLED


@pytest.mark.parametrize("notice", [tenants.disable, tenants.enable])
def test_a_notice_that_was_verified_before_the_uninstall_changes_nothing_after_it(
    jira: Jira, clock: VirtualClock, notice: Callable[..., None]
) -> None:
    site_id = jira.row.id
    Site.objects.update(app_account="")  # it was never learnt, so that a notice would have to ask
    jira.uninstall()

    notice(site_id, now=clock())

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
