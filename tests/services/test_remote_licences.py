"""A Jira admin uploads, replaces and removes the remote licence of a site: what is refused, said and done."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backbone_app.core.remote_licence import Terms, public_key, write
from backbone_app.errors import InvalidInput, NotAllowed, NotLicensed
from backbone_app.models import (
    AuditEntry,
    Endpoint,
    RemoteLicence,
    Site,
    Synchronization,
    SynchronizationSide,
)
from backbone_app.services import remote_licences, synchronizations
from backbone_app.services.remote_licences import Shown
from backbone_app.services.tenants import Caller
from tests.support import licences
from tests.support.app import Jira
from tests.support.licences import TERMS, signed
from tests.support.rows import make_site
from tests.support.sandbox import VirtualClock
from tests.support.workers import together


@dataclass(frozen=True, slots=True)
class Desk:
    """Dana, who administers acme's Jira, or whoever would like to."""

    jira: Jira
    clock: VirtualClock

    def caller(self, name: str) -> Caller:
        row = self.jira.row
        return Caller(row.id, self.jira.account(name), row.base_url, "Global settings")

    def upload(self, text: str, *, by: str = "dana", is_confirmed: bool = False) -> None:
        remote_licences.upload(self.caller(by), text, is_confirmed=is_confirmed, now=self.clock())

    def remove(self, by: str = "dana") -> None:
        remote_licences.remove(self.caller(by), now=self.clock())

    def shown(self, by: str = "dana") -> Shown:
        return remote_licences.show(self.caller(by), now=self.clock())

    def running(self, name: str, space: str = "10000") -> Synchronization:
        """A synchronization of a space of acme with a site that a link leads to."""
        self.clock.advance(seconds=1)
        return licences.running(self.jira.row, name, now=self.clock(), space=space)


@pytest.fixture
def desk(jira: Jira, clock: VirtualClock) -> Desk:
    return Desk(jira, clock)


def states() -> dict[str, str]:
    """The state of every synchronization, by the partner site's name."""
    halves = SynchronizationSide.objects.filter(side="right").select_related("synchronization", "site")
    return {half.site.client_key: half.synchronization.state for half in halves}


def acts() -> list[str]:
    """What was done lately, as acme's log has it."""
    return list(
        AuditEntry.objects.filter(
            site__base_url="https://acme.atlassian.net", actor__in=("person", "backbone")
        )
        .order_by("pk")
        .values_list("act", flat=True)
    )


def refusal(act: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(InvalidInput) as refused:
        act()
    return refused.value.field, str(refused.value)


def test_at_first_there_is_none(desk: Desk) -> None:
    assert desk.shown() == Shown(is_offered=True, licence=None, free=0, taken=(), notice="", is_urgent=False)


def test_one_that_is_uploaded_is_in_force_and_shown(desk: Desk) -> None:
    desk.upload(signed(replace(TERMS, endpoints=3, is_evaluation=True)))

    shown = desk.shown()
    assert shown.licence is not None
    assert (shown.licence.holder, shown.licence.expires_on) == ("Acme Ltd", date(2027, 12, 31))
    assert (shown.licence.endpoints, shown.licence.is_evaluation) == (3, True)
    assert (shown.licence.is_accepted, shown.licence.is_over) == (True, False)
    assert (shown.free, shown.notice) == (3, "")
    (entry,) = AuditEntry.objects.filter(act="remote_licence_uploaded")
    assert entry.detail == {"holder": "Acme Ltd", "endpoints": 3, "expires_on": "2027-12-31"}


def test_it_takes_the_place_of_the_one_before_whoever_holds_it(desk: Desk) -> None:
    desk.upload(signed())
    desk.clock.advance(seconds=1)

    desk.upload(signed(replace(TERMS, holder="Somebody else")))

    row = RemoteLicence.objects.get()
    assert (row.holder, row.uploaded_at) == ("Somebody else", desk.clock())


def test_the_same_one_again_is_no_act(desk: Desk) -> None:
    desk.upload(signed())
    before = RemoteLicence.objects.get().uploaded_at
    desk.clock.advance(days=1)

    desk.upload(signed())

    assert RemoteLicence.objects.get().uploaded_at == before
    assert acts() == ["remote_licence_uploaded"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not XML"),
        ("<license/>", "no remote licence"),
        ("<!DOCTYPE license [<!ENTITY a 'a'>]><license>&a;</license>", "document type or entities"),
        (signed(private=bytes(32)), "changed after it was signed"),
        (signed().replace(">1<", ">9<"), "changed after it was signed"),
        (signed(replace(TERMS, expires_on=date(2026, 11, 21))), "expired: its last day was 21 November 2026"),
        (signed() + " " * 65_536, "larger than 64 KB"),
        (write(TERMS, private=licences.PRIVATE, product_key="other"), "for another product"),
    ],
    ids=["empty", "shape", "entities", "key", "changed", "expired", "large", "product"],
)
def test_what_is_refused_leaves_the_one_in_force(desk: Desk, text: str, said: str) -> None:
    desk.upload(signed())

    field, why = refusal(lambda: desk.upload(text, is_confirmed=True))

    assert (field, said in why) == ("document", True)
    assert desk.shown().free == 1
    assert acts() == ["remote_licence_uploaded"]


def test_a_service_without_a_key_has_none(desk: Desk, settings: LazySettings) -> None:
    settings.BACKBONE_LICENCE_PUBLIC_KEY = ()

    assert refusal(lambda: desk.upload(signed())) == (
        "document",
        "This service has no remote licences. Ask its operator if you need one.",
    )
    assert not desk.shown().is_offered


def test_one_of_a_key_that_is_out_of_use_is_shown_and_covers_nothing(
    desk: Desk, settings: LazySettings
) -> None:
    desk.upload(signed())
    settings.BACKBONE_LICENCE_PUBLIC_KEY = (public_key(bytes(32)),)

    shown = desk.shown()

    assert shown.licence is not None
    assert (shown.licence.is_accepted, shown.free) == (False, 0)
    assert "does not accept this licence any more" in shown.notice


def test_who_is_no_jira_admin_may_do_none_of_it(desk: Desk) -> None:
    desk.upload(signed())

    with pytest.raises(NotAllowed):
        desk.upload(signed(), by="alice")
    with pytest.raises(NotAllowed):
        desk.remove("alice")
    with pytest.raises(NotAllowed):
        desk.shown("alice")

    assert RemoteLicence.objects.count() == 1


def test_what_takes_an_endpoint_is_told_of_the_own_site_alone(desk: Desk) -> None:
    desk.upload(signed(replace(TERMS, endpoints=2)))
    mine = desk.running("initech")
    SynchronizationSide.objects.filter(synchronization=mine, side="left").update(
        name="Ours", space_key="ALPHA"
    )
    SynchronizationSide.objects.filter(synchronization=mine, side="right").update(
        name="Theirs", space_key="X"
    )
    desk.running("initech", "10001")
    other = make_site("other")
    Endpoint.objects.create(site=other, remote=Site.objects.get(client_key="initech"), taken_at=desk.clock())

    (taken,) = desk.shown().taken

    assert (taken.address, taken.is_covered) == ("https://initech.atlassian.net", True)
    assert [(use.name, use.space_key, use.is_running) for use in taken.uses] == [
        ("Ours", "ALPHA", True),
        ("n", "S10001", True),
    ]
    assert desk.shown().running == 2
    assert desk.shown().free == 1
    assert "Theirs" not in repr(desk.shown())


def test_the_number_of_queries_does_not_grow_with_what_is_taken(desk: Desk) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.shown()
        return len(captured)

    desk.upload(signed(replace(TERMS, endpoints=9)))
    desk.running("one")
    few = queries()
    for name in ("two", "three", "four"):
        desk.running(name, name)

    assert queries() == few


def test_fewer_endpoints_than_are_taken_have_to_be_confirmed_and_keep_those_taken_first(desk: Desk) -> None:
    desk.upload(signed(replace(TERMS, endpoints=5)))
    for name in ("first", "second", "third", "fourth", "fifth"):
        desk.running(name, name)

    field, said = refusal(lambda: desk.upload(signed()))
    before = states()
    desk.upload(signed(), is_confirmed=True)

    assert field == "confirmed"
    assert said.startswith(
        "This licence covers 1 of the 5 partner sites that are taken now: those that were taken"
    )
    assert "4 synchronizations would pause, n (Ssecond), n (Sthird), n (Sfourth) and 1 more, until" in said
    assert set(before.values()) == {"running"}
    assert states() == {"first": "running"} | dict.fromkeys(("second", "third", "fourth", "fifth"), "paused")
    assert [each.is_covered for each in desk.shown().taken] == [True, False, False, False, False]
    assert acts()[-5:] == ["remote_licence_uploaded", *["paused"] * 4]


def test_of_one_that_would_pause_is_spoken_in_the_singular(desk: Desk) -> None:
    desk.upload(signed(replace(TERMS, endpoints=2)))
    desk.running("first")
    desk.running("second", "10001")

    assert "one synchronization would pause, n (S10001), until" in refusal(lambda: desk.upload(signed()))[1]


def test_a_larger_one_lets_go_on_what_waited(desk: Desk) -> None:
    desk.upload(signed(replace(TERMS, endpoints=2)))
    desk.running("first")
    desk.running("second", "10001")
    desk.upload(signed(), is_confirmed=True)

    desk.upload(signed(replace(TERMS, endpoints=2)))

    assert set(states().values()) == {"running"}
    assert acts()[-2:] == ["remote_licence_uploaded", "resumed"]


def test_one_that_is_removed_pauses_what_ran_by_it_until_there_is_another(desk: Desk) -> None:
    desk.upload(signed())
    row = desk.running("initech")

    desk.remove()

    row.refresh_from_db()
    assert (row.state, row.pause_reason, row.pause_side) == ("paused", "not_licensed", "")
    assert desk.shown().licence is None
    assert [use.is_running for each in desk.shown().taken for use in each.uses] == [False]
    desk.upload(signed())
    assert states() == {"initech": "running"}
    assert acts()[1:] == ["remote_licence_removed", "paused", "remote_licence_uploaded", "resumed"]


def test_where_there_is_none_nothing_is_removed(desk: Desk) -> None:
    desk.remove()

    assert acts() == []


def test_the_end_is_told_from_thirty_days_before_on(desk: Desk) -> None:
    day = desk.clock().date()
    desk.upload(signed(replace(TERMS, expires_on=day + timedelta(days=31))))
    assert desk.shown().notice == ""

    desk.clock.advance(days=20)
    early = desk.shown()
    desk.clock.advance(days=5)
    late = desk.shown()
    assert early.notice.startswith("The remote licence of this site ends in 11 days")
    assert late.notice.startswith("The remote licence of this site ends in 6 days")
    assert (early.is_urgent, late.is_urgent) == (False, True)
    desk.clock.advance(days=7)

    shown = desk.shown()
    assert "This licence has expired: its last day was" in shown.notice
    assert (shown.licence is not None and shown.licence.is_over, shown.free) == (True, 0)


def test_what_a_licence_says_is_what_its_file_says(desk: Desk) -> None:
    terms = Terms("Ä & <b>", "Op", date(2026, 1, 2), date(2030, 1, 2), 7, is_evaluation=True)

    desk.upload(signed(terms))

    row = RemoteLicence.objects.get()
    assert Terms(**{name: getattr(row, name) for name in Terms.__slots__}) == terms


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_a_start_beside_the_removal_never_runs_without_a_licence(desk: Desk, attempt: int) -> None:
    desk.upload(signed())
    jira = desk.jira
    row = desk.running("initech", jira.space_id("ALPHA"))
    Synchronization.objects.filter(pk=row.pk).update(state="stopped")
    Endpoint.objects.all().delete()
    alice = Caller(jira.row.pk, jira.account("alice"), jira.row.base_url)

    raised = together(
        lambda: synchronizations.start(alice, jira.space_id("ALPHA"), row.pk, now=desk.clock()),
        desk.remove,
    )

    assert {type(each) for each in raised} <= {NotLicensed}
    assert states() == {"initech": "stopped" if raised else "paused"}
    assert not RemoteLicence.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(3))
def test_of_two_that_are_uploaded_at_once_one_is_in_force(desk: Desk, attempt: int) -> None:
    texts = [signed(replace(TERMS, holder=name)) for name in ("One", "Two")]

    raised = together(*(partial(desk.upload, text) for text in texts))

    assert raised == []
    assert RemoteLicence.objects.get().holder in {"One", "Two"}
    assert acts() == ["remote_licence_uploaded"] * 2
