"""A Data Center that takes a licence, as the operator says: once there is a new one, nothing was lost."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings

from backbone_app import jobs
from backbone_app.errors import NotLicensed
from backbone_app.models import AuditEntry, Endpoint, Synchronization
from backbone_app.queue import Job
from backbone_app.services import remote_licences
from backbone_app.services.tenants import Caller
from tests.support import licences
from tests.support.beyond import Beyond, beyond, pair, world
from tests.support.licences import TERMS, signed
from tests.support.workers import is_awake

__all__ = ["beyond", "pair", "world"]

END = datetime(2028, 1, 1, tzinfo=UTC)


@pytest.fixture
def edition() -> str:
    """One version is enough: the licence is ours."""
    return "dc-9.12"


@pytest.fixture(autouse=True)
def takes_a_licence(settings: LazySettings) -> None:
    settings.BACKBONE_DATA_CENTER_NEEDS_LICENCE = True


@pytest.fixture
def ending(beyond: Beyond, pair: tuple[str, str]) -> Beyond:
    """A licence whose last day is tomorrow, and a pair at rest."""
    tomorrow = beyond.acme.clock().date() + timedelta(days=1)
    licences.give(beyond.acme.jira.row, now=beyond.acme.clock(), terms=replace(TERMS, expires_on=tomorrow))
    return beyond


def sweep(beyond: Beyond) -> None:
    jobs.sweep()
    if is_awake(Job.FOLLOW_LICENCES):
        jobs.follow_licences()


def state() -> str:
    return Synchronization.objects.get().state


def test_a_new_licence_brings_everything_over_that_happened_in_the_pause(
    ending: Beyond, pair: tuple[str, str]
) -> None:
    left, right = pair
    acme, office = ending.acme, ending.office
    acme.clock.advance(days=2)
    sweep(ending)
    paused = state()
    acme.edit("alice", left, summary="While it was paused")
    acme.lose()
    office.edit("alice", right, labels=["lost"])
    office.lose()
    fresh = acme.create("ALPHA", "New meanwhile")
    acme.jira.deliver_all()
    acme.work()
    untouched = office.field(right, "summary")

    jira = acme.jira
    dana = Caller(jira.row.pk, jira.account("dana"), jira.row.base_url, "Global settings")
    remote_licences.upload(dana, signed(), is_confirmed=False, now=acme.clock())
    jobs.reconcile()
    ending.settle()

    assert (paused, untouched, state()) == ("paused", "Broken lamp", "running")
    assert office.field(right, "summary") == "While it was paused"
    assert acme.field(left, "labels") == ["lost"]
    assert len(office.twins_of(fresh)) == 1
    assert AuditEntry.objects.filter(site=jira.row, actor="backbone").count() == 2


def test_nothing_is_written_once_it_is_over(ending: Beyond, pair: tuple[str, str]) -> None:
    left, right = pair
    acme = ending.acme
    acme.clock.advance(days=2)
    sweep(ending)

    acme.edit("alice", left, summary="Too late")
    acme.jira.deliver_all()
    acme.work()
    sweep(ending)

    assert ending.office.field(right, "summary") == "Broken lamp"
    with pytest.raises(NotLicensed, match="expired"):
        acme.start()


def test_where_the_operator_takes_that_back_it_goes_on_without(
    ending: Beyond, settings: LazySettings
) -> None:
    ending.acme.clock.advance(days=2)
    sweep(ending)
    before = state()

    settings.BACKBONE_DATA_CENTER_NEEDS_LICENCE = False
    sweep(ending)

    assert (before, state()) == ("paused", "running")
    assert Endpoint.objects.count() == 1
    ending.acme.stop()
    assert Endpoint.objects.count() == 0
