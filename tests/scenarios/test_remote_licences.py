"""A remote licence lived with: its end is told, then what it covers pauses, and goes on where it was."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import LazySettings

from backbone_app import jobs
from backbone_app.errors import NotLicensed
from backbone_app.gateway.tokens import Bearer
from backbone_app.models import Endpoint, Notice, NoticeAddress, Site, Synchronization
from backbone_app.models.site import Product
from backbone_app.queue import Job
from backbone_app.services import remote_licences, synchronizations, troubles
from backbone_app.services.synchronizations import Row
from backbone_app.services.tenants import Caller
from tests.scenarios.test_remote_cloud import Remote, pair, remote, world
from tests.support import licences, links
from tests.support.addressees import add_address
from tests.support.app import Jira
from tests.support.licences import TERMS, signed
from tests.support.mail import Post, post
from tests.support.workers import is_awake

__all__ = ["pair", "post", "remote", "world"]

END = datetime(2028, 1, 1, tzinfo=UTC)


def until(remote: Remote, moment: datetime) -> None:
    """Let time pass, and the sweep with it."""
    clock = remote.acme.clock
    clock.advance(seconds=(moment - clock()).total_seconds())
    jobs.sweep()
    if is_awake(Job.FOLLOW_LICENCES):
        jobs.follow_licences()


def upload(remote: Remote, expires_on: date, *, endpoints: int = 1) -> None:
    """Let dana upload a licence to acme."""
    jira = remote.acme.jira
    dana = Caller(jira.row.pk, jira.account("dana"), jira.row.base_url, "Global settings")
    text = signed(replace(TERMS, expires_on=expires_on, endpoints=endpoints))
    remote_licences.upload(dana, text, is_confirmed=False, now=remote.acme.clock())


def of_alpha(remote: Remote) -> Row:
    """What alice's overview says."""
    acme = remote.acme
    (row,) = synchronizations.overview(acme.alice, acme.jira.space_id("ALPHA"), now=acme.clock())
    return row


def in_beta(remote: Remote) -> tuple[Caller, str]:
    """Bob, who administers another space of acme."""
    jira = remote.acme.jira
    return Caller(jira.row.pk, jira.account("bob"), jira.row.base_url), jira.space_id("BETA")


@pytest.mark.parametrize(
    ("days", "said"),
    [(31, ""), (30, "ends in 29 days"), (7, "ends in 6 days"), (1, "ends today")],
)
def test_the_overview_tells_of_the_end_from_thirty_days_before_on(
    remote: Remote, days: int, said: str
) -> None:
    until(remote, END - timedelta(days=days))

    row = of_alpha(remote)
    assert row.status == "RUNNING"
    assert said in row.warning
    assert bool(said) == bool(row.warning)
    assert not said or row.warning.endswith("pauses, unless a Jira admin has uploaded another one.")


def test_a_space_that_needs_no_licence_is_told_nothing(remote: Remote) -> None:
    remote.acme.synchronize("BETA", "GAMMA")
    until(remote, END - timedelta(days=1))

    (row,) = synchronizations.overview(*in_beta(remote), now=remote.acme.clock())

    assert (row.status, row.warning) == ("RUNNING", "")


def test_it_runs_to_its_last_moment_and_then_pauses(remote: Remote) -> None:
    until(remote, END - timedelta(seconds=1))
    before = of_alpha(remote).status

    until(remote, END)

    row = of_alpha(remote)
    assert (before, row.status, row.warning) == ("RUNNING", "PAUSED", "")
    assert row.notice == "The remote licence does not cover the partner site any more."


def test_whoever_wants_to_hear_of_pauses_hears_of_this_one_and_of_its_end(remote: Remote, post: Post) -> None:
    jira, now = remote.acme.jira, remote.acme.clock()
    add_address(jira, "carol@mail.example", space="ALPHA", now=now, is_confirmed=True)
    NoticeAddress.objects.update(kinds=["pause"])

    until(remote, END)
    upload(remote, (END + timedelta(days=90)).date())

    told = Notice.objects.order_by("pk").values_list("event", flat=True)
    assert list(told) == ["paused", "resumed"]


def test_the_page_of_what_is_paused_says_what_to_do(remote: Remote) -> None:
    acme = remote.acme
    until(remote, END)

    space = acme.jira.space_id("ALPHA")
    found = troubles.listed(acme.alice, space, acme.synchronization_id, page=1, now=acme.clock())

    assert found.health.paused is not None
    assert found.health.paused.code == "not_licensed"
    assert "under Apps > Backbone Work Sync > Remote licence" in found.health.paused.remedy


def test_a_start_by_hand_does_not_get_round_it(remote: Remote) -> None:
    until(remote, END)

    with pytest.raises(NotLicensed, match="expired: its last day was 31 December 2027"):
        remote.acme.start()

    assert of_alpha(remote).status == "PAUSED"


def test_two_spaces_with_one_partner_site_take_one_endpoint(remote: Remote) -> None:
    acme = remote.acme
    bob, beta = in_beta(remote)
    second = links.agreed(acme.jira.row, "BETA", remote.link, "GOLD", clock=acme.clock)
    synchronizations.start(bob, beta, second, now=acme.clock())
    acme.stop()
    assert Endpoint.objects.count() == 1

    synchronizations.delete(bob, beta, second, now=acme.clock())

    assert Endpoint.objects.count() == 0
    acme.start()
    assert Endpoint.objects.get().remote == remote.link


def test_a_deletion_gives_the_endpoint_back_to_what_waits_for_it(remote: Remote) -> None:
    acme = remote.acme
    bob, beta = in_beta(remote)
    elsewhere = another_link(remote)
    waiting = links.agreed(acme.jira.row, "BETA", elsewhere, "GOLD", clock=acme.clock)
    licences.give(acme.jira.row, now=acme.clock(), terms=replace(TERMS, endpoints=2))
    acme.clock.advance(seconds=1)
    synchronizations.start(bob, beta, waiting, now=acme.clock())
    licences.give(acme.jira.row, now=acme.clock(), terms=TERMS)
    until(remote, acme.clock())
    assert Synchronization.objects.get(pk=waiting).state == "paused"

    synchronizations.delete(
        acme.alice, acme.jira.space_id("ALPHA"), acme.synchronization_id, now=acme.clock()
    )
    until(remote, acme.clock())

    assert Synchronization.objects.get(pk=waiting).state == "running"
    assert Endpoint.objects.get().remote == elsewhere


def another_link(remote: Remote) -> Site:
    """A second site that a link leads to: for us, who go by its row, not the same as the first."""
    acme, link = remote.acme, remote.link
    token = Bearer(link, acme.clock)("GET", "/", "").removeprefix("Bearer ")
    return links.linked(link.base_url, Product.CLOUD, token, clock=acme.clock, cloud_id=link.cloud_id)


def test_what_the_operator_says_of_data_centers_holds_from_the_next_start_on(
    remote: Remote, settings: LazySettings
) -> None:
    acme = remote.acme
    Site.objects.filter(pk=remote.link.pk).update(product="data center")
    until(remote, END)
    assert of_alpha(remote).status == "RUNNING"

    settings.BACKBONE_DATA_CENTER_NEEDS_LICENCE = True
    Endpoint.objects.all().delete()
    until(remote, END)

    assert of_alpha(remote).status == "RUNNING"
    acme.stop()
    with pytest.raises(NotLicensed):
        acme.start()


def test_an_erased_site_leaves_neither_licence_nor_endpoints(remote: Remote, jira: Jira) -> None:
    jira.uninstall()
    jobs.follow_departures()
    remote.acme.clock.advance(days=31)

    jobs.follow_departures()

    assert not Site.objects.filter(base_url=jira.site.base_url).exists()
    assert not Endpoint.objects.exists()
