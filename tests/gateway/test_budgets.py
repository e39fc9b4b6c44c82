"""The gate in front of a site: in a pause, without points or out of turn no call is let out."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from backbone_app.core.budget import Lane
from backbone_app.errors import HeldOff, RemoteBusy
from backbone_app.gateway.budgets import SiteGate
from backbone_app.jira.gate import Turn
from backbone_app.jira.limits import Asked, Call, Scope, describe
from backbone_app.models import Pace, Pause, Site, Spending
from backbone_app.models.site import Product
from tests.support.rows import NOW, make_site
from tests.support.sandbox import VirtualClock
from tests.support.workers import together

READ = describe("GET", "/rest/api/3/issue/7", write=False)
READ_OTHER = describe("GET", "/rest/api/3/issue/8", write=False)
LIST = describe("GET", "/rest/api/3/priority", write=False)
EDIT = describe("PUT", "/rest/api/3/issue/7", write=True)
SEARCH = describe("POST", "/rest/api/3/search/jql", write=False)
EDIT_OTHER = describe("PUT", "/rest/api/3/issue/8", write=True)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(NOW)


@pytest.fixture
def gate(site: Site, clock: VirtualClock) -> SiteGate:
    """The gate of acme, without chance: each pause lasts exactly what was asked."""
    return SiteGate(site, lane=Lane.LIVE, clock=clock, chance=lambda: 0)


@pytest.fixture
def elsewhere(db: None, clock: VirtualClock) -> SiteGate:
    """The gate of another site."""
    return SiteGate(make_site("initech"), lane=Lane.LIVE, clock=clock, chance=lambda: 0)


def refused(gate: SiteGate, call: Call = READ) -> RemoteBusy | None:
    """Why the call is not let out; None if it is."""
    try:
        gate.admit(call)
    except RemoteBusy as busy:
        return busy
    return None


def wait(gate: SiteGate, call: Call = READ) -> float:
    """How long the call has to wait, 0 if it is let out."""
    busy = refused(gate, call)
    return busy.retry_after if busy else 0


def ask(turn: Turn, scope: Scope = Scope.SITE, seconds: float | None = 10, reason: str = "r") -> float:
    return turn.asked(Asked(scope, reason, seconds))


# --- pauses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "stopped"),
    [
        (Scope.APP, {"read", "read other", "list", "edit", "elsewhere"}),
        (Scope.SITE, {"read", "read other", "list", "edit"}),
        (Scope.ENDPOINT, {"read", "read other"}),
        (Scope.ITEM, {"read", "edit"}),
    ],
)
def test_a_pause_stops_what_it_names_and_nothing_else_until_its_end(
    gate: SiteGate, elsewhere: SiteGate, clock: VirtualClock, scope: Scope, stopped: set[str]
) -> None:
    tries: dict[str, tuple[SiteGate, Call]] = {
        "read": (gate, READ),
        "read other": (gate, READ_OTHER),
        "list": (gate, LIST),
        "edit": (gate, EDIT),
        "elsewhere": (elsewhere, READ),
    }

    assert ask(gate.admit(READ), scope, 10) == 10

    assert {name for name, at in tries.items() if wait(*at) == 10} == stopped
    assert {name for name, at in tries.items() if wait(*at) == 0} == tries.keys() - stopped
    clock.advance(seconds=9.999)
    assert {name for name, at in tries.items() if refused(*at)} == stopped
    clock.advance(seconds=0.001)
    assert not any(refused(*at) for at in tries.values())


@pytest.mark.django_db(transaction=True)
def test_of_a_call_that_comes_back_after_its_site_was_erased_nothing_is_kept(clock: VirtualClock) -> None:
    site = make_site("globex")
    turn = SiteGate(site, lane=Lane.LIVE, clock=clock, chance=lambda: 0).admit(READ)
    Site.objects.get(pk=site.pk).delete()

    turn.spent(3)
    turn.unreachable()

    assert ask(turn, seconds=7) == 7
    assert (Spending.objects.count(), Pause.objects.count()) == (0, 0)


def test_a_refusal_within_a_pause_names_the_site_and_the_reason(gate: SiteGate) -> None:
    ask(gate.admit(READ), reason="jira-cost-based")

    busy = refused(gate)

    assert busy is not None
    assert (busy.site, busy.reason) == ("acme.atlassian.net", "jira-cost-based")


def test_a_refusal_says_to_people_since_when_or_until_when(
    gate: SiteGate, clock: VirtualClock, settings: LazySettings
) -> None:
    ask(gate.admit(READ), seconds=1800)
    assert str(refused(gate)) == "acme.atlassian.net asked us to make no calls until 08:30 UTC"
    Pause.objects.all().delete()

    gate.admit(READ).unreachable()
    clock.advance(seconds=1)
    assert str(refused(gate)) == "acme.atlassian.net cannot be reached since 08:00 UTC"
    Pause.objects.all().delete()

    settings.BACKBONE_POINTS_PER_HOUR = 0
    said = "acme.atlassian.net has spent its share of calls; it goes on at 09:00 UTC"
    assert str(refused(gate)) == said


def test_a_limit_on_an_item_without_an_item_pauses_the_site(gate: SiteGate) -> None:
    ask(gate.admit(LIST), Scope.ITEM)

    assert wait(gate) == 10


def test_chance_makes_pauses_longer_and_never_shorter(site: Site, clock: VirtualClock) -> None:
    assert 10 <= ask(SiteGate(site, Lane.LIVE, clock).admit(READ), seconds=10) <= 13
    Pause.objects.all().delete()

    assert ask(SiteGate(site, Lane.LIVE, clock, chance=lambda: 1).admit(READ), seconds=10) == 13


def test_a_pause_only_gets_longer_while_it_lasts(gate: SiteGate, clock: VirtualClock) -> None:
    first, second, third = gate.admit(READ), gate.admit(READ), gate.admit(READ)
    ask(first, seconds=10, reason="first")

    assert ask(second, seconds=3, reason="second") == 10
    assert (wait(gate), Pause.objects.get().reason) == (10, "first")
    assert ask(third, seconds=20, reason="third") == 20
    assert (wait(gate), Pause.objects.get().reason) == (20, "third")


def test_without_a_wait_pauses_double_from_two_to_thirty_seconds(gate: SiteGate, clock: VirtualClock) -> None:
    lasted = []
    for _ in range(6):
        lasted.append(ask(gate.admit(READ), seconds=None))
        clock.advance(seconds=lasted[-1])

    assert lasted == [2, 4, 8, 16, 30, 30]


def test_answers_to_calls_that_were_under_way_together_are_one_strike(gate: SiteGate) -> None:
    turns = [gate.admit(READ) for _ in range(4)]

    assert [ask(turn, seconds=None) for turn in turns] == [2, 2, 2, 2]


def test_a_call_that_succeeds_after_the_pause_ends_the_row_of_strikes(
    gate: SiteGate, clock: VirtualClock
) -> None:
    for _ in range(3):
        clock.advance(seconds=ask(gate.admit(READ), seconds=None))

    gate.admit(READ).spent(2)

    assert ask(gate.admit(READ), seconds=None) == 2


def test_an_outage_is_waited_out_five_seconds_at_first_and_five_minutes_at_last(
    gate: SiteGate, clock: VirtualClock
) -> None:
    lasted = []
    for _ in range(8):
        gate.admit(READ).unreachable()
        lasted.append(wait(gate))
        clock.advance(seconds=lasted[-1])
    gate.admit(READ).reached()
    gate.admit(READ).unreachable()

    assert lasted == [5, 10, 20, 40, 80, 160, 300, 300]
    assert (wait(gate), Pause.objects.get().reason) == (5, "unreachable")


def test_a_site_that_answers_to_slow_down_after_an_outage_is_asked_for_the_first_time(
    gate: SiteGate, clock: VirtualClock
) -> None:
    for _ in range(3):
        gate.admit(READ).unreachable()
        clock.advance(seconds=wait(gate))
    turn = gate.admit(READ)

    waits = ask(turn, seconds=None)
    turn.reached()

    assert (waits, wait(gate), Pause.objects.get().reason) == (2, 2, "r")


def test_an_answer_ends_no_pause_that_was_asked_for_meanwhile(gate: SiteGate, clock: VirtualClock) -> None:
    clock.advance(seconds=ask(gate.admit(READ), seconds=2))
    late, other = gate.admit(READ), gate.admit(READ)
    ask(other, seconds=60)

    late.reached()
    late.spent(2)

    assert wait(gate) == 60


# --- pace --------------------------------------------------------------------------------------


def calls_let_out(gate: SiteGate, call: Call, most: int = 400) -> int:
    return next((count for count in range(most) if refused(gate, call)), most)


def test_an_endpoint_takes_its_rate_at_once_and_then_one_call_after_the_other(
    gate: SiteGate, elsewhere: SiteGate, clock: VirtualClock
) -> None:
    assert calls_let_out(gate, LIST) == 100
    busy = refused(gate, LIST)
    assert busy is not None
    assert (busy.retry_after, busy.reason) == (0.01, "pace")
    assert not refused(gate, READ)
    assert not refused(elsewhere, LIST)

    clock.advance(seconds=busy.retry_after)

    assert calls_let_out(gate, LIST) == 1
    clock.advance(seconds=0.5)
    assert calls_let_out(gate, LIST) == 50
    clock.advance(hours=1)
    assert calls_let_out(gate, LIST) == 100


def test_no_window_holds_more_writes_to_an_item_than_jira_takes(gate: SiteGate, clock: VirtualClock) -> None:
    writes = []
    for _ in range(140):
        while not refused(gate, EDIT):
            writes.append(clock())
        clock.advance(milliseconds=500)

    for seconds, most in ((2, 20), (30, 100)):
        windows = [sum(at <= one < at + timedelta(seconds=seconds) for one in writes) for at in writes]
        assert most / 2 <= max(windows) <= most
    assert len(writes) >= 70 / 0.6


def test_a_write_out_of_turn_waits_for_exactly_the_next_turn(gate: SiteGate, clock: VirtualClock) -> None:
    assert calls_let_out(gate, EDIT) == 10
    assert wait(gate, EDIT) == 0.2
    assert not refused(gate, EDIT_OTHER)
    assert not refused(gate, READ)

    clock.advance(milliseconds=199)
    assert refused(gate, EDIT)
    clock.advance(milliseconds=1)
    assert not refused(gate, EDIT)


def test_a_write_that_is_not_let_out_takes_no_place_anywhere(gate: SiteGate) -> None:
    calls_let_out(gate, EDIT)
    before = sorted(Pace.objects.values_list("pk", "free_at"))

    assert refused(gate, EDIT)

    assert sorted(Pace.objects.values_list("pk", "free_at")) == before


def test_a_write_that_its_endpoint_has_no_turn_for_takes_none_of_its_items(gate: SiteGate) -> None:
    for item in range(100, 150):
        gate.admit(describe("PUT", f"/rest/api/3/issue/{item}", write=True))

    assert refused(gate, EDIT)

    assert not Pace.objects.filter(pk__contains=":7:").exists()


def test_a_clock_that_is_set_back_stops_nobody(gate: SiteGate, clock: VirtualClock) -> None:
    calls_let_out(gate, EDIT)

    clock.advance(hours=-1)

    assert calls_let_out(gate, EDIT) == 10


# --- points ------------------------------------------------------------------------------------


def spend(site: Site, points: int, lane: Lane = Lane.LIVE, *, hours_ago: int = 0) -> None:
    hour = NOW - hours_ago * HOUR
    Spending.objects.create(site=site, hour=hour, lane=lane, points=points)


def test_points_are_added_up_by_site_hour_and_lane(gate: SiteGate, clock: VirtualClock) -> None:
    bulk = replace(gate, lane=Lane.BULK)

    for _ in range(2):
        gate.admit(READ).spent(2)
    bulk.admit(LIST).spent(101)
    clock.advance(minutes=61)
    gate.admit(EDIT).spent(1)

    rows = Spending.objects.order_by("hour", "lane").values_list("hour", "lane", "points")
    assert list(rows) == [(NOW, "bulk", 101), (NOW, "live", 4), (NOW + HOUR, "live", 1)]


def test_without_points_a_site_waits_for_the_full_hour_and_the_others_go_on(
    gate: SiteGate, elsewhere: SiteGate, clock: VirtualClock, settings: LazySettings
) -> None:
    settings.BACKBONE_POINTS_PER_HOUR = 1000
    spend(gate.site, 799)
    clock.advance(minutes=20)

    busy = refused(gate)

    assert busy is not None
    assert (busy.retry_after, busy.reason) == (40 * 60, "points")
    assert not refused(gate, EDIT)
    assert not refused(elsewhere)
    clock.advance(minutes=40)
    assert not refused(gate)


def test_what_another_site_will_want_is_kept_for_it(
    gate: SiteGate, elsewhere: SiteGate, settings: LazySettings
) -> None:
    settings.BACKBONE_POINTS_PER_HOUR = 1000
    spend(elsewhere.site, 100, hours_ago=1)
    spend(gate.site, 598)

    assert not refused(gate)
    Spending.objects.filter(site=gate.site).update(points=599)
    assert refused(gate)
    Spending.objects.filter(site=elsewhere.site).update(hour=NOW - 2 * HOUR)
    assert not refused(gate)


def test_bulk_stops_at_the_reserve_where_people_go_on(
    gate: SiteGate, elsewhere: SiteGate, settings: LazySettings
) -> None:
    settings.BACKBONE_POINTS_PER_HOUR = 1000
    spend(gate.site, 100)
    spend(elsewhere.site, 699)

    busy = refused(replace(gate, lane=Lane.BULK))

    assert busy is not None
    assert busy.reason == "points"
    assert not refused(gate)


def test_bulk_has_half_of_the_share_for_itself_whatever_people_spent(
    gate: SiteGate, elsewhere: SiteGate, settings: LazySettings
) -> None:
    settings.BACKBONE_POINTS_PER_HOUR = 1000
    spend(gate.site, 190)
    spend(elsewhere.site, 400)
    bulk = replace(gate, lane=Lane.BULK)
    spend(gate.site, 198, Lane.BULK)

    assert not refused(bulk)
    Spending.objects.filter(lane=Lane.BULK).update(points=199)
    assert refused(bulk)
    assert not refused(gate)


def test_a_bulk_read_goes_out_only_where_a_full_page_is_left(gate: SiteGate, settings: LazySettings) -> None:
    settings.BACKBONE_POINTS_PER_HOUR = 1000
    spend(gate.site, 699)

    assert not refused(gate, SEARCH)
    Spending.objects.update(points=700)
    assert refused(gate, SEARCH)
    assert not refused(gate, READ)


def test_a_data_center_has_no_points_takes_none_and_keeps_to_its_pauses_and_its_pace(
    gate: SiteGate, clock: VirtualClock, settings: LazySettings
) -> None:
    settings.BACKBONE_POINTS_PER_HOUR = 0
    gate.site.product = Product.DATA_CENTER

    for lane in Lane:
        replace(gate, lane=lane).admit(READ).spent(500)

    assert not Spending.objects.exists()
    clock.advance(seconds=1)
    assert calls_let_out(gate, EDIT) == 10
    ask(gate.admit(READ))
    assert wait(gate) == 10


def test_a_data_center_that_names_the_quota_of_all_sites_pauses_itself_alone(
    gate: SiteGate, elsewhere: SiteGate
) -> None:
    gate.site.product = Product.DATA_CENTER

    ask(gate.admit(READ), Scope.APP)

    assert (wait(gate), wait(gate, LIST), wait(elsewhere)) == (10, 10, 0)


def test_a_busy_data_center_leaves_the_clouds_share_as_it_is(
    gate: SiteGate, elsewhere: SiteGate, settings: LazySettings
) -> None:
    settings.BACKBONE_POINTS_PER_HOUR = 1000
    elsewhere.site.product = Product.DATA_CENTER
    spend(gate.site, 798)

    elsewhere.admit(READ).spent(900)

    assert not refused(gate)
    Spending.objects.update(points=799)
    assert refused(gate)


# --- shared by all workers ---------------------------------------------------------------------


@pytest.fixture
def shared(transactional_db: None, clock: VirtualClock) -> SiteGate:
    """A gate that several connections use."""
    return SiteGate(make_site("acme"), lane=Lane.LIVE, clock=clock, chance=lambda: 0)


def test_what_one_worker_was_told_stops_the_others(shared: SiteGate) -> None:
    assert together(lambda: ask(shared.admit(READ), seconds=10)) == []

    raised = together(*[lambda: shared.admit(READ)] * 3)

    assert [type(one) for one in raised] == [HeldOff] * 3


def test_workers_at_one_moment_share_the_turns_the_pauses_and_the_points(shared: SiteGate) -> None:
    def work() -> None:
        for _ in range(4):
            shared.admit(EDIT).spent(1)

    raised: list[Any] = together(*[work] * 4)

    assert {type(one) for one in raised} == {RemoteBusy}
    assert Spending.objects.get().points == 10
    turns = [shared.admit(READ) for _ in range(4)]
    assert together(*[lambda turn=turn: ask(turn, seconds=None) for turn in turns]) == []
    assert (Pause.objects.get().strikes, wait(shared)) == (1, 2)
