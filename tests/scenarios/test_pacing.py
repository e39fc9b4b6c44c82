"""Jira says "not now": nobody calls who was told to wait, everybody else goes on, nothing is lost."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.conf import LazySettings

from backbone_app import jobs
from backbone_app.models import Delivery, Pair, PairSide, Pause, Spending
from backbone_app.models.pair import PairLane
from backbone_app.queue import Job
from backbone_app.services.tenants import Caller
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.quotas import Figures
from tests.support.app import Jira
from tests.support.sandbox import VirtualClock
from tests.support.scenario import Story, synchronize
from tests.support.workers import EDIT, READ, altered, elsewhere, is_awake, together

REASONS = {
    "site": "jira-quota-tenant-based",
    "app": "jira-quota-global-based",
    "endpoint": "jira-burst-based",
    "item": "jira-per-issue-on-write",
    "unknown": "jira-cost-based",
    "none": "",
}
SPREAD = 1.3
"""By how much a pause may be longer than what was asked for."""


@pytest.fixture
def pairs(story: Story) -> list[tuple[str, str]]:
    """Two work items of ALPHA with their twins in BETA, at rest, with the counters at zero."""
    items = [story.create("ALPHA", f"Lamp {number}") for number in range(2)]
    story.settle()
    story.jira.world.meters.reset()
    return [(item, story.twin_of(item)) for item in items]


@pytest.fixture
def initech(other_jira: Jira, story: Story, clock: VirtualClock) -> Story:
    """The same on another site that has nothing to do with the first."""
    row = other_jira.row
    alice = Caller(row.pk, other_jira.account("alice"), row.base_url)
    bob = Caller(row.pk, other_jira.account("bob"), row.base_url)
    made = synchronize(other_jira, alice, "ALPHA", bob, "BETA", now=clock())
    clock.advance(seconds=1)
    return Story(other_jira, clock, alice, made)


def busy(story: Story, call: tuple[str, str], reason: str, wait: str = "10") -> None:
    """Let the site refuse the next such call of ours, for this reason."""
    said = {"Retry-After": wait, "RateLimit-Reason": reason}
    headers = {name: value for name, value in said.items() if value}
    site = story.jira.site.name
    story.jira.world.misfortunes.add(Misfortune(match=call, kind="busy", headers=headers, site=site))


def unmarked(story: Story, summary: str) -> str:
    """Create a work item whose delivery, which has arrived, does not show enough: it has to be read."""
    item = story.create("ALPHA", summary)
    (delivery,) = story.hold_back(item)
    assert story.jira.deliver(altered(delivery, lambda body: body["issue"].pop("properties")))
    return item


def slow(story: Story, call: tuple[str, str], seconds: float) -> None:
    """Let each such call of ours take that long."""

    def take_time(_: object) -> None:
        story.clock.advance(seconds=seconds)
        slow(story, call, seconds)

    story.jira.world.hooks.before(*call, take_time)


def all_settle(*stories: Story) -> None:
    """Deliver everything and work until nothing happens any more."""
    for _ in range(30):
        stories[0].clock.advance(seconds=1)
        delivered = sum(story.jira.deliver_all() for story in stories)
        stories[0].work()
        if not delivered and not Pair.objects.filter(due__gt=0).exists():
            return
    raise AssertionError("It does not come to rest.")


# --- who waits, and who goes on ----------------------------------------------------------------


@pytest.mark.parametrize("reason", REASONS.values(), ids=list(REASONS))
def test_nobody_calls_who_was_told_to_wait_and_afterwards_everything_arrives(
    story: Story, pairs: list[tuple[str, str]], reason: str
) -> None:
    (first, its_twin), (second, other_twin) = pairs
    busy(story, EDIT, reason)
    story.edit("alice", first, summary="First")
    story.jira.deliver_all()
    story.work()
    story.edit("alice", second, summary="Second")
    story.jira.deliver_all()
    story.jira.world.meters.reset()

    for _ in range(9):
        story.work()
        story.clock.advance(seconds=1)

    calls = story.app_calls()
    assert story.holds(its_twin)["summary"] == "Lamp 0"
    if reason == REASONS["item"]:
        assert story.holds(other_twin)["summary"] == "Second"
    elif reason == REASONS["endpoint"]:
        assert not [call for call in calls if call.startswith("PUT")]
    else:
        assert calls == []
    story.settle()
    assert [story.holds(twin)["summary"] for _, twin in pairs] == ["First", "Second"]


def test_a_site_that_is_busy_delays_no_other_and_a_common_quota_stops_all(
    story: Story, initech: Story
) -> None:
    ours, theirs = story.create("ALPHA", "Lamp"), initech.create("ALPHA", "Sofa")
    all_settle(story, initech)
    for reason, goes_on in (("jira-quota-tenant-based", True), ("jira-quota-global-based", False)):
        busy(story, EDIT, reason)
        story.edit("alice", ours, summary=f"Until {reason}")
        story.jira.deliver_all()
        story.work()
        initech.edit("alice", theirs, summary=f"Until {reason}")
        initech.jira.deliver_all()
        story.jira.world.meters.reset()

        story.work()

        assert story.jira.world.meters.calls(site="acme", caller="app") == 0
        assert (story.jira.world.meters.calls(site="initech", caller="app") > 0) is goes_on
        all_settle(story, initech)
        assert initech.holds(initech.twin_of(theirs))["summary"] == f"Until {reason}"
        assert story.holds(story.twin_of(ours))["summary"] == f"Until {reason}"


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (lambda _: "7", 7),
        (lambda _: "0", 1),
        (lambda _: "-1", 1),
        (lambda _: "1e9", 3600),
        (lambda now: format_datetime(now.replace(microsecond=0) + timedelta(seconds=30), usegmt=True), 29),
        (lambda _: "soon", 2),
        (lambda _: "", 2),
    ],
    ids=["seconds", "zero", "negative", "absurd", "a date", "text", "none"],
)
def test_what_the_site_asks_for_is_the_least_we_wait(
    story: Story, pairs: list[tuple[str, str]], said: Callable[[object], str], seconds: float
) -> None:
    left, right = pairs[0]
    busy(story, EDIT, "", said(story.clock()))
    story.edit("alice", left, summary="Late")
    story.jira.deliver_all()
    story.work()
    asked_at = story.clock()

    until = Pause.objects.get().until

    assert seconds <= (until - asked_at).total_seconds() <= (seconds + 1) * SPREAD
    put_off = Pair.objects.get(due__gt=0).not_before
    assert put_off is not None
    assert until <= put_off < until + timedelta(milliseconds=2)
    story.jira.world.meters.reset()
    story.clock.now = until - timedelta(milliseconds=10)
    story.work()
    assert story.app_calls() == []
    story.clock.now = until + timedelta(milliseconds=2)
    story.work()
    assert story.holds(right)["summary"] == "Late"


def test_workers_share_a_pause(story: Story, pairs: list[tuple[str, str]]) -> None:
    busy(story, EDIT, "jira-quota-tenant-based")
    story.edit("alice", pairs[0][0], summary="One")
    story.jira.deliver_all()
    elsewhere(story.work)
    story.edit("alice", pairs[1][0], summary="Two")
    story.jira.deliver_all()
    story.jira.world.meters.reset()

    raised = together(jobs.sync, jobs.sync)

    assert raised == []
    assert story.app_calls() == []


def test_a_page_that_meets_a_pause_says_when_to_come_again(story: Story) -> None:
    unmarked(story, "Lamp")
    busy(story, READ, "jira-quota-tenant-based", "20")
    story.pair_up()
    story.jira.world.meters.reset()
    space = story.jira.space_id("ALPHA")

    answer = story.jira.visitor("alice").post(
        f"/spaces/{space}/synchronizations/{story.synchronization_id}/stop"
    )

    assert answer.status_code == 503
    assert 20 <= int(answer["Retry-After"]) <= 20 * SPREAD + 1
    assert story.app_calls() == []


def test_a_site_that_cannot_be_reached_is_left_alone_until_it_answers(
    story: Story, pairs: list[tuple[str, str]]
) -> None:
    story.jira.world.misfortunes.add(Misfortune(match=READ, kind="lose_before_effect", times=2))
    story.edit("alice", pairs[0][0], summary="Into the void")
    story.jira.deliver_all()
    story.work()
    story.edit("alice", pairs[1][0], summary="Into the void")
    story.jira.deliver_all()
    story.jira.world.meters.reset()

    story.work()

    assert story.app_calls() == []
    assert Pause.objects.get().reason == "unreachable"
    for _ in range(4):
        story.clock.advance(seconds=30)
        story.settle()
    assert {story.holds(twin)["summary"] for _, twin in pairs} == {"Into the void"}
    assert not Pause.objects.exists()


# --- the limits themselves ---------------------------------------------------------------------


def test_a_great_deal_of_work_at_once_meets_no_limit_of_jira(story: Story) -> None:
    story.jira.world.limits.enforce(Figures())
    item = story.create("ALPHA", "Much discussed")
    for number in range(25):
        story.comment("alice", item, f"Remark {number}")
    story.jira.deliver_all()

    for _ in range(10):
        story.work()
        story.clock.advance(milliseconds=400)
    story.settle()

    assert len(story.comments(story.twin_of(item))) == 25
    assert story.jira.world.limits.violations == []
    assert not Pause.objects.exists()


def test_points_are_counted_as_jira_counts_them(story: Story, pairs: list[tuple[str, str]]) -> None:
    before = sum(Spending.objects.values_list("points", flat=True))
    left, _ = pairs[0]
    story.comment("alice", left, "Hello")
    story.move("alice", left, "In Progress")
    story.edit("alice", left, summary="Edited")

    story.settle()

    rows = story.jira.world.meters.snapshot()
    charged = sum(int(row["points"]) for row in rows if row["caller"] == "app")
    assert charged > 5
    assert sum(Spending.objects.values_list("points", flat=True)) - before == charged


def test_a_site_without_points_waits_for_the_next_hour_and_the_others_go_on(
    story: Story, initech: Story, settings: LazySettings
) -> None:
    ours, theirs = story.create("ALPHA", "Lamp"), initech.create("ALPHA", "Sofa")
    all_settle(story, initech)
    settings.BACKBONE_POINTS_PER_HOUR = 1000
    Spending.objects.filter(site=story.jira.row).update(points=790)
    story.edit("alice", ours, summary="Edited")
    initech.edit("alice", theirs, summary="Edited")
    story.jira.world.meters.reset()
    for one in (story, initech):
        one.jira.deliver_all()

    story.work()

    assert initech.holds(initech.twin_of(theirs))["summary"] == "Edited"
    assert story.jira.world.meters.calls(site="acme", caller="app") == 0
    put_off = Pair.objects.get(due__gt=0).not_before
    assert put_off is not None
    hour = story.clock().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    assert timedelta(0) <= put_off - hour < timedelta(milliseconds=2)
    story.clock.now = hour + timedelta(seconds=1)
    all_settle(story, initech)
    assert story.holds(story.twin_of(ours))["summary"] == "Edited"


# --- a busy site delays no other ---------------------------------------------------------------


@pytest.fixture
def one_thread(settings: LazySettings) -> None:
    """One work item is worked on after the other."""
    settings.BACKBONE_WORKER_THREADS = 1


def due(jira: Jira) -> int:
    """How many pairs of the site wait."""
    return Pair.objects.filter(due__gt=0, sides__site=jira.row).distinct().count()


@pytest.mark.usefixtures("one_thread")
def test_a_change_on_another_site_is_among_the_next_two_however_much_waits(
    story: Story, initech: Story
) -> None:
    many, one = (
        [story.create("ALPHA", f"Lamp {number}") for number in range(9)],
        initech.create("ALPHA", "Sofa"),
    )
    all_settle(story, initech)
    for item in many:
        story.edit("alice", item, summary="Edited")
    story.jira.deliver_all()
    slow(story, EDIT, 3)  # a drain goes on for five seconds: two pairs each
    jobs.sync()
    assert due(story.jira) == 7
    initech.edit("alice", one, summary="Edited")
    initech.jira.deliver_all()

    jobs.sync()

    assert (due(initech.jira), due(story.jira)) == (0, 6)
    assert initech.holds(initech.twin_of(one))["summary"] == "Edited"


def test_a_new_item_on_another_site_is_among_the_next_two_however_many_wait(
    story: Story, initech: Story
) -> None:
    for number in range(9):
        unmarked(story, f"Lamp {number}")
    slow(story, READ, 11)  # a drain goes on for twenty seconds: two decisions each
    jobs.pair_up()
    assert Pair.objects.count() == 2
    one = unmarked(initech, "Sofa")

    jobs.pair_up()

    assert PairSide.objects.filter(site=initech.jira.row, item=one).exists()
    assert Pair.objects.count() == 4
    assert Delivery.objects.filter(unpaired=True).count() == 6


@pytest.mark.usefixtures("one_thread")
def test_what_people_just_did_comes_before_what_a_check_found(story: Story, settings: LazySettings) -> None:
    settings.BACKBONE_LANES = ("live",)
    many = [story.create("ALPHA", f"Lamp {number}") for number in range(6)]
    story.settle()
    for item in many[1:]:
        story.edit("alice", item, summary="Found")
    story.jira.deliver_all()
    Pair.objects.filter(due__gt=0).update(lane=PairLane.BULK)
    jobs.sync()
    assert due(story.jira) == 5

    def meanwhile(_: object) -> None:
        story.edit("alice", many[0], summary="Just done")
        elsewhere(story.jira.deliver_all)

    story.jira.world.hooks.before(*EDIT, meanwhile)
    jobs.sync_bulk()

    assert Pair.objects.filter(due__gt=0, lane=PairLane.BULK).count() == 4
    assert is_awake(Job.SYNC)
    assert is_awake(Job.SYNC_BULK)
    jobs.sync()
    assert story.holds(story.twin_of(many[0]))["summary"] == "Just done"
