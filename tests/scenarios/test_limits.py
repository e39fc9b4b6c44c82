"""Where the engine stops: at its budgets, at a stop, at what must not be written; and how it goes on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from backbone_app import jobs
from backbone_app.models import Delivery, DeliveryUse, Intent, Pair, Synchronization
from backbone_app.queue import Job
from jira_sandbox.misfortunes import Misfortune
from tests.support.scenario import Story, paragraphs
from tests.support.workers import EDIT, READ, altered, elsewhere, is_awake, publish, wake_ups


@pytest.fixture
def pair(story: Story) -> tuple[str, str]:
    """A work item of ALPHA and its twin in BETA, at rest, with the counters at zero."""
    left = story.create("ALPHA", "Broken lamp", labels=["hall"], priority={"name": "High"})
    story.settle()
    story.jira.world.meters.reset()
    return left, story.twin_of(left)


def slow_down(story: Story, call: tuple[str, str], seconds: int) -> None:
    """Let each such call of ours take that long."""

    def take_time(_: object) -> None:
        story.clock.advance(seconds=seconds)
        slow_down(story, call, seconds)

    story.jira.world.hooks.before(*call, take_time)


def writes(story: Story) -> int:
    """How many edits the app has written since the counters were reset."""
    return len([call for call in story.app_calls() if call.startswith("PUT")])


# --- a drain -----------------------------------------------------------------------------------


def test_a_drain_ends_at_its_budget_and_wakes_the_next_one(story: Story, settings: LazySettings) -> None:
    settings.BACKBONE_WORKER_THREADS = 1
    items = [story.create("ALPHA", f"Number {number}") for number in range(3)]
    story.settle()
    for item in items:
        story.edit("alice", item, summary="Edited")
    story.jira.deliver_all()
    slow_down(story, READ, 6)

    jobs.sync()

    assert Pair.objects.filter(due__gt=0).count() == 2
    assert is_awake(Job.SYNC)


def test_news_that_come_during_a_drain_wake_the_next_one(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.edit("alice", left, summary="First")
    story.jira.deliver_all()
    before = wake_ups(Job.SYNC)

    def another(_: object) -> None:
        story.edit("bob", right, labels=["second"])
        elsewhere(story.jira.deliver_all)

    story.jira.world.hooks.before(*READ, another)
    jobs.sync()

    assert is_awake(Job.SYNC)
    assert wake_ups(Job.SYNC) == before + 1


def test_a_pair_that_goes_on_for_too_long_makes_room_and_comes_back_without_further_news(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    numbers = iter(range(4))

    def cross(_: object) -> None:
        if (number := next(numbers, None)) is not None:
            story.clock.advance(seconds=8)
            story.edit("bob", right, summary=f"Take {number}")
            story.jira.world.hooks.before(*EDIT, cross)

    story.jira.world.hooks.before(*EDIT, cross)
    story.edit("alice", left, summary="Begin")
    story.jira.deliver_all()
    story.work()
    assert story.pair().reason == "still_changing"
    assert writes(story) == 2
    story.hold_back(right)
    story.hold_back(left)
    for _ in range(10):
        story.clock.advance(seconds=6)
        story.work()

    assert story.holds(left) == story.holds(right)
    assert (story.pair().reason, story.pair().due) == ("", 0)


# --- a stop ------------------------------------------------------------------------------------


CHANGES: dict[str, Callable[[Story, str], object]] = {
    "summary": lambda story, left: story.edit("alice", left, summary="Too late"),
    "status": lambda story, left: story.move("alice", left, "In Progress"),
    "comment": lambda story, left: story.comment("alice", left, "Too late"),
    "creation": lambda story, _: story.create("ALPHA", "Too late", description=paragraphs("Read it first")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_nothing_is_written_once_it_was_stopped(
    story: Story, pair: tuple[str, str], change: Callable[[Story, str], object]
) -> None:
    left, right = pair
    change(story, left)
    before, there = story.holds(right), len(story.jira.site.issues)
    story.jira.world.meters.reset()

    story.jira.world.hooks.before("GET", "/issue/", lambda _: elsewhere(story.stop))
    story.settle()

    assert Synchronization.objects.get().state == "stopped"
    assert {call.split()[0] for call in story.app_calls() if "/issue" in call} == {"GET"}
    assert not Intent.objects.filter(state="open").exists()
    assert (story.holds(right), len(story.jira.site.issues)) == (before, there)


def test_what_was_under_way_at_a_stop_is_done_after_the_start(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.edit("alice", left, summary="Later")
    story.jira.world.hooks.before(*READ, lambda _: elsewhere(story.stop))
    story.settle()
    assert story.holds(right)["summary"] == "Broken lamp"

    story.start()
    story.release_leases()
    story.settle()

    assert story.holds(right)["summary"] == "Later"


@pytest.mark.parametrize("way", ["disable", "uninstall"])
def test_a_site_without_the_app_is_not_called(story: Story, pair: tuple[str, str], way: str) -> None:
    left, _ = pair
    story.edit("alice", left, summary="Into the void")
    story.jira.deliver_all()
    getattr(story.jira, way)()
    story.jira.world.meters.reset()

    story.work()

    assert story.app_calls() == []
    assert story.pair().reason == ""


# --- what must not be written ------------------------------------------------------------------


def test_an_empty_summary_is_refused_by_us_before_jira_can(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.edit("alice", left, priority={"name": "Low"})
    (delivery,) = story.hold_back(left)
    story.jira.deliver(altered(delivery, lambda body: body["issue"]["fields"].update(summary=None)))

    story.settle()

    assert story.pair().reason == "empty_summary"
    assert writes(story) == 1
    assert story.holds(right) | {"labels": []} == {"summary": "Broken lamp", "priority": "Low", "labels": []}


def test_an_empty_priority_is_not_filled_by_the_twins_default(story: Story) -> None:
    left = story.create("ALPHA", "No priority", priority=None)

    story.settle()
    twin = story.twin_of(left)
    story.edit("bob", twin, summary="Edited")
    story.settle()

    assert story.holds(left) == {"summary": "Edited", "priority": None, "labels": []}
    story.edit("bob", twin, priority={"name": "Low"})
    story.settle()
    assert story.holds(left)["priority"] == "Low"


# --- while something stands in the way ---------------------------------------------------------


def turn_into_an_epic(story: Story, item: str) -> str:
    """Give the work item a type outside the configuration; returns the one it had."""
    had = story.issue(item).type_id
    story.issue(item).type_id = story.jira.site.work_type("Epic").id
    return had


def test_the_reason_stays_as_long_as_the_difference_does(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    turn_into_an_epic(story, left)
    story.edit("alice", left, summary="An epic now")
    story.settle()

    story.edit("bob", right, priority={"name": "Low"})
    story.edit("bob", right, priority={"name": "High"})
    story.settle()

    assert story.pair().reason == "type_not_mapped"
    assert story.holds(right)["summary"] == "Broken lamp"


def test_the_times_of_edits_are_remembered_while_something_stands_in_the_way(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    task = turn_into_an_epic(story, left)
    story.edit("alice", left, summary="Older")
    story.settle()
    story.clock.advance(seconds=60)
    story.edit("bob", right, summary="Newer")
    story.settle()

    story.issue(left).type_id = task
    story.edit("alice", left, priority={"name": "Low"})
    story.settle()

    assert story.holds(left)["summary"] == story.holds(right)["summary"] == "Newer"


def test_the_time_of_an_edit_is_remembered_when_its_write_is_refused(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.jira.world.misfortunes.add(Misfortune(match=EDIT, kind="refuse_before_effect", status=403))
    story.edit("alice", left, summary="Older")
    story.settle()
    story.clock.advance(seconds=60)

    story.edit("bob", right, summary="Newer")
    story.settle()

    assert story.holds(left)["summary"] == story.holds(right)["summary"] == "Newer"
    assert story.journal().count("conflict summary") == 1


def test_a_status_without_a_way_is_told_once_however_often_it_is_tried(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.forbid_moves(right)
    story.move("alice", left, "In Progress")
    story.settle()

    for number in range(3):
        story.edit("alice", left, summary=f"Meanwhile {number}")
        story.settle()

    assert story.pair().reason == "no_path"
    assert story.journal().count("stuck status") == 1


@pytest.mark.parametrize(("due", "arrives"), [("2026-12-24", "Selected"), (None, "Open")], ids=str)
def test_a_screen_that_asks_for_a_field_stands_in_the_way_only_where_the_field_is_empty(
    story: Story, due: str | None, arrives: str
) -> None:
    left = story.create("ALPHA", "Broken lamp", duedate=due)
    story.settle()
    right = story.twin_of(left)
    space, kind = story.jira.site.space("BETA"), story.issue(right).type_id
    space.workflows[kind] = space.workflows[kind].changed("Select", required=("duedate",))
    only_to_selected = [[name, "Selected"] for name in ("To Do", "In Progress", "Done")]
    publish(story.synchronization_id, lambda document: document.update(statuses_to_right=only_to_selected))

    story.move("alice", left, "In Progress")
    story.settle()

    assert story.status(right) == arrives
    assert story.pair().reason == ("" if due else "no_path")


def test_a_copy_that_somebody_edits_is_left_alone_and_told_once(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.comment("alice", left, "Original")
    story.settle()
    (copy,) = story.comment_ids(right)

    for number in range(2):
        story.change_comment("dana", right, copy, f"Edited {number}")
        story.settle()

    assert story.comments(right) == ["Edited 1"]
    assert story.comments(left) == ["Original"]
    assert story.journal().count("comment left comment") == 1


# --- what a delivery does not show -------------------------------------------------------------


def test_a_text_edited_while_the_partners_plain_fields_were_arrives(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("alice", left, description=paragraphs("An older text"))
    story.settle()
    story.edit("alice", left, description=paragraphs("A text"))
    story.edit("bob", right, priority={"name": "Low"})

    story.settle()

    assert story.field(right, "description") == paragraphs("A text")
    assert story.holds(left)["priority"] == "Low"


# --- what is kept ------------------------------------------------------------------------------


def test_a_delivery_that_was_used_is_used_up(story: Story, pair: tuple[str, str]) -> None:
    left, _ = pair

    story.edit("alice", left, summary="Once")
    story.comment("alice", left, "Twice")
    story.settle()

    assert Delivery.objects.count() > 0
    assert not DeliveryUse.objects.exists()
    assert not any(delivery.body_sealed for delivery in Delivery.objects.all())


@pytest.mark.parametrize("what", ["edit", "comment"])
def test_news_whose_body_went_after_72_hours_are_read(story: Story, pair: tuple[str, str], what: str) -> None:
    left, right = pair
    story.stop()
    if what == "edit":
        story.edit("alice", left, summary="Old news")
    else:
        story.comment("alice", left, "Old news")
    story.jira.deliver_all()
    story.clock.advance(hours=73)
    jobs.sweep()

    story.start()
    story.settle()

    if what == "edit":
        assert story.holds(right)["summary"] == "Old news"
    else:
        assert story.comments(right) == ["Alice Archer commented:\nOld news"]


# --- what fits no column -----------------------------------------------------------------------


@pytest.mark.parametrize("length", [128, 150])
def test_a_long_identifier_is_an_identifier(story: Story, pair: tuple[str, str], length: int) -> None:
    left, right = pair
    story.edit("alice", left, summary="Hello")
    (delivery,) = story.hold_back(left)

    assert story.jira.deliver(altered(delivery, lambda _: None, name="x" * length))
    story.settle()

    assert story.holds(right)["summary"] == "Hello"


def test_an_event_with_a_long_name_is_kept_or_refused_and_breaks_nothing(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("alice", left, summary="Hello")
    (delivery,) = story.hold_back(left)

    story.jira.deliver(altered(delivery, lambda body: body.update(webhookEvent="jira:" + "x" * 80)))
    story.edit("alice", left, priority={"name": "Low"})
    story.settle()

    assert delivery.answers[0] is not None
    assert delivery.answers[0] < 500
    assert story.holds(right)["summary"] == "Hello"


def test_a_changelog_id_that_no_column_takes_is_no_bug_of_ours(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.edit("alice", left, summary="Hello")
    (delivery,) = story.hold_back(left)
    story.jira.deliver(altered(delivery, lambda body: body["changelog"].update(id=2**63 + 5)))

    story.settle()

    assert story.pair().reason == ""
    assert story.holds(right)["summary"] == "Hello"


def test_a_pairs_budget_leaves_room_before_its_tasks_time_out(story: Story, pair: tuple[str, str]) -> None:
    left, _ = pair
    slow_down(story, READ, 14)
    slow_down(story, EDIT, 14)
    story.edit("alice", left, summary="Slowly")
    story.jira.deliver_all()
    started = story.clock()

    jobs.sync()

    assert story.clock() - started < timedelta(seconds=60)


def test_one_work_item_takes_everything_at_once(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    everything: dict[str, Any] = {"summary": "Both", "labels": ["new"], "priority": {"name": "Low"}}

    story.edit("alice", left, **everything)
    story.settle()

    assert story.holds(right) == {"summary": "Both", "labels": ["new"], "priority": "Low"}
    assert writes(story) == 1
