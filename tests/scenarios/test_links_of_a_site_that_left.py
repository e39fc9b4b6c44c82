"""A site with links removes the app: nothing is called over them, and after its grace they are gone."""

from datetime import timedelta

import pytest

from backbone_app import gateway, jobs
from backbone_app.errors import HeldOff
from backbone_app.jira import read
from backbone_app.models import ApplicationLink, Delivery, Link, LinkAttempt, Pair, Pause, Site
from backbone_app.services import leaving
from jira_sandbox.misfortunes import Misfortune
from tests.support.lasting import Lasting, edition, lasting, world

__all__ = ["edition", "lasting", "world"]


@pytest.fixture
def left(lasting: Lasting) -> Lasting:
    """A pair at rest, an attempt that nobody has used, news from there; and the app is removed."""
    lasting.acme.create("ALPHA", "Lamp")
    lasting.settle()
    application = ApplicationLink.objects.get().pk
    lasting.alice.post(f"application-links/{application}/sign-in", is_copied=True)
    lasting.acme.jira.uninstall()
    return lasting


def grace_passes(lasting: Lasting) -> None:
    """Let the workers run until everything is erased."""
    for days in (0, 31, 0):
        lasting.acme.clock.advance(days=days, seconds=1)
        jobs.sweep()
        jobs.follow_departures()


def test_while_it_is_gone_no_call_is_made_over_its_links(left: Lasting) -> None:
    left.office.world.meters.reset()

    with pytest.raises(HeldOff, match="is linked to a site that has removed Backbone Work Sync"):
        read.account(gateway.client(Site.objects.get(pk=left.link.pk), clock=left.acme.clock))

    assert [row for row in left.office.world.meters.snapshot() if "/rest/api/2" in str(row["route"])] == []


def test_one_that_is_back_within_its_grace_goes_on_over_its_link(left: Lasting) -> None:
    jobs.sweep()
    jobs.follow_departures()
    gone = left.state()
    left.acme.clock.advance(minutes=2)

    left.acme.jira.install()
    jobs.sweep()
    jobs.follow_departures()

    assert gone[:2] == ("paused", "site_left")
    assert left.state()[0] == "running"


def test_after_the_grace_its_links_and_where_they_led_are_gone_and_the_other_site_was_told(
    left: Lasting,
) -> None:
    owner, there = left.acme.jira.row.pk, left.link.pk
    now = left.acme.clock()
    Pause.objects.create(scope=f"site:{there}", site_id=there, reason="unreachable", since=now, until=now)
    before = len(left.office.site.provider.grants)

    grace_passes(left)

    gone = (Link, ApplicationLink, LinkAttempt, Pair, Delivery)
    assert [model.objects.count() for model in gone] == [0] * len(gone)
    assert not Site.objects.filter(pk__in=[owner, there]).exists()
    assert (before, left.office.site.provider.grants) == (1, {})
    assert (leaving.prove(owner).total, leaving.prove(there).total) == (0, 0)
    lost = leaving.prove(owner).lost
    assert (lost["Link"], lost["ApplicationLink"], lost["LinkAttempt"], lost["Site"]) == (1, 1, 1, 2)
    assert lost["Pause"] >= 1


def test_a_data_center_that_does_not_answer_holds_no_erasure_back(left: Lasting) -> None:
    owner, call = left.acme.jira.row.pk, ("POST", "/rest/oauth2/latest/revoke")
    left.office.world.misfortunes.add(
        Misfortune(match=call, kind="lose_before_effect", caller="anyone", times=9)
    )

    grace_passes(left)

    assert not Link.objects.exists()
    assert leaving.prove(owner).total == 0


def test_an_erasure_that_is_cut_goes_on_and_no_token_is_left_from_its_beginning_on(left: Lasting) -> None:
    owner = left.acme.jira.row.pk
    left.acme.clock.advance(days=31)

    cut = leaving.erase(owner, left.acme.clock, lambda: False)
    row = left.row
    whole = leaving.erase(owner, left.acme.clock)

    assert (cut, whole) == (False, True)
    assert (bytes(row.access_sealed), bytes(row.refresh_sealed)) == (b"", b"")
    assert row.broken_at is not None
    assert row.broken_at <= left.acme.clock() + timedelta(seconds=1)
    assert not Link.objects.exists()
