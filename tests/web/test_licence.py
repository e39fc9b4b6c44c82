"""What Jira says of our licence on a site: asked, refreshed, read off verified pages; it blocks nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from backbone_app import jobs
from backbone_app.models import Site, WakeUp
from backbone_app.models.site import Licence
from backbone_app.queue import Job
from jira_sandbox.state.apps import License
from tests.support.app import Jira, call_app
from tests.support.hostile import Outgoing
from tests.support.sandbox import VirtualClock

pytestmark = pytest.mark.django_db
ASKED = "/rest/atlassian-connect/1/addons/backbone-work-sync"
HELD = {
    Licence.NONE: None,
    Licence.ACTIVE: License(active=True, evaluation=False, entitlement_number="SEN-1"),
    Licence.EVALUATION: License(active=True, evaluation=True, entitlement_number="SEN-1"),
}


def known(jira: Jira, licence: Licence) -> None:
    """Let us believe something of the site's licence."""
    Site.objects.filter(pk=jira.row.pk).update(licence=licence)


def open_page(jira: Jira, query: str, *, signed: str | None = None) -> int:
    """Open a page with this in its address; ``signed`` is what the token was made for instead."""
    target = f"/global-settings?{query}"
    token = jira.request_token(
        "GET", f"/global-settings?{query if signed is None else signed}", person="dana"
    )
    return call_app("GET", f"{target}&jwt={token}").status_code


@pytest.mark.parametrize("licence", HELD)
def test_it_is_asked_for_when_the_site_enables_us(
    jira: Jira, clock: VirtualClock, outgoing: Outgoing, licence: Licence
) -> None:
    jira.app.license = HELD[licence]

    jira.enable()

    assert (jira.row.licence, jira.row.licence_at) == (licence, clock())
    assert [url for url in outgoing.urls if url.endswith(ASKED)] == [f"{jira.site.base_url}{ASKED}"]


def test_a_licence_that_is_over_is_none(jira: Jira) -> None:
    jira.app.license = License(active=False, evaluation=True, entitlement_number="SEN-1")

    jira.enable()

    assert jira.row.licence == Licence.NONE


def test_a_site_that_does_not_answer_is_enabled_all_the_same(jira: Jira, outgoing: Outgoing) -> None:
    known(jira, Licence.ACTIVE)
    outgoing.down.add("acme.atlassian.net")

    jira.enable()

    assert (jira.row.status, jira.row.licence) == ("enabled", Licence.ACTIVE)


def test_a_site_whose_address_may_not_be_called_is_enabled_all_the_same(jira: Jira) -> None:
    """The operator took its domain out of the allowed ones since."""
    Site.objects.filter(pk=jira.row.pk).update(base_url="https://acme.example", app_account="")

    jira.enable()

    assert Site.objects.get(client_key=jira.app.client_key).status == "enabled"


def test_it_is_asked_for_again_once_a_day(jira: Jira, clock: VirtualClock, outgoing: Outgoing) -> None:
    began, asked = clock(), list[timedelta]()
    for _ in range(60):
        clock.advance(hours=1)
        before = len(outgoing.urls)
        jobs.maintain_sites()
        asked += [clock() - began] * (len(outgoing.urls) - before)

    hours = [each // timedelta(hours=1) for each in asked]
    assert hours == [24, 49]  # it was last asked a second before


def test_a_site_that_does_not_answer_is_asked_again_an_hour_later(
    jira: Jira, clock: VirtualClock, outgoing: Outgoing
) -> None:
    clock.advance(hours=25)
    outgoing.down.add("acme.atlassian.net")
    jobs.maintain_sites()
    outgoing.down.clear()
    jira.app.license = HELD[Licence.ACTIVE]
    clock.advance(minutes=59)
    jobs.sweep()
    assert not WakeUp.objects.filter(job=Job.MAINTAIN_SITES, pending=True).exists()

    clock.advance(minutes=2)
    jobs.sweep()
    assert WakeUp.objects.filter(job=Job.MAINTAIN_SITES, pending=True).exists()
    jobs.maintain_sites()

    assert jira.row.licence == Licence.ACTIVE


def test_a_site_that_refuses_is_asked_again_tomorrow(
    jira: Jira, clock: VirtualClock, outgoing: Outgoing
) -> None:
    clock.advance(hours=25)
    jira.site.forget_secret()

    jobs.maintain_sites()
    clock.advance(hours=2)
    jobs.maintain_sites()

    assert len(outgoing.urls) == 1


def test_a_disabled_site_is_not_asked(jira: Jira, clock: VirtualClock, outgoing: Outgoing) -> None:
    jira.disable()
    clock.advance(days=2)

    jobs.sweep()
    jobs.maintain_sites()

    assert outgoing.urls == []


@pytest.mark.parametrize(
    ("before", "told", "after"),
    [
        (Licence.UNKNOWN, "active", Licence.ACTIVE),
        (Licence.NONE, "active", Licence.ACTIVE),
        (Licence.EVALUATION, "active", Licence.EVALUATION),
        (Licence.ACTIVE, "none", Licence.NONE),
        (Licence.EVALUATION, "none", Licence.NONE),
        (Licence.ACTIVE, "expired", Licence.ACTIVE),
        (Licence.ACTIVE, "", Licence.ACTIVE),
    ],
)
def test_a_verified_page_tells_of_it(jira: Jira, before: Licence, told: str, after: Licence) -> None:
    known(jira, before)

    assert open_page(jira, f"lic={told}") == 200

    assert jira.row.licence == after


@pytest.mark.parametrize("query", ["lic=active", "lic=expired", "lic=active&lic=none", "x=1"])
def test_a_page_that_tells_no_news_writes_nothing(
    jira: Jira, query: str, django_assert_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    """It is read with the site, and who only looks must not wait for those who write."""
    known(jira, Licence.ACTIVE)
    open_page(jira, query)

    with django_assert_num_queries(1):
        assert open_page(jira, query) == 200


def test_a_page_that_is_not_verified_tells_nothing(jira: Jira) -> None:
    known(jira, Licence.NONE)

    assert open_page(jira, "lic=active", signed="lic=none") == 401
    assert open_page(jira, "lic=active&lic=none") == 200

    assert jira.row.licence == Licence.NONE


def test_nothing_is_blocked_where_there_is_none(jira: Jira) -> None:
    known(jira, Licence.NONE)

    assert jira.visitor("alice").open("ALPHA").status_code == 200
    assert jira.visitor("alice").get(f"/spaces/{jira.space_id('ALPHA')}/overview").status_code == 200
