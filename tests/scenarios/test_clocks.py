"""Sites whose clocks are wrong: what is newer is decided by one clock, and nothing is taken for old."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backbone_app import gateway
from backbone_app.jira import read
from backbone_app.models import Intent, Site
from backbone_app.models.intent import IntentKind, IntentState
from jira_sandbox.misfortunes import Misfortune
from tests.support.scenario import Story
from tests.support.workers import EDIT

AHEAD = timedelta(minutes=10)
SHIFTS = [AHEAD, -AHEAD]


def shift(story: Story, by: timedelta) -> None:
    """Set the site's clock, and let the app make enough calls to notice."""
    story.jira.site.clock_shift = by
    for _ in range(20):
        read.account(gateway.client(Site.objects.get(), clock=story.clock))
    assert abs(Site.objects.get().clock_offset_ms - by / timedelta(milliseconds=1)) <= 1000


@pytest.mark.parametrize("by", SHIFTS)
def test_a_work_item_created_just_after_the_start_gets_a_twin_whatever_its_site_thinks_the_time_is(
    story: Story, by: timedelta
) -> None:
    shift(story, by)

    item = story.create("ALPHA", "Just now")
    story.settle()

    assert len(story.twins_of(item)) == 1


def test_a_work_item_gets_its_twin_though_the_clock_was_set_forward_before_the_app_heard_of_it(
    story: Story,
) -> None:
    item = story.create("ALPHA", "Just now")
    story.lose()

    shift(story, AHEAD)
    story.edit("alice", item, summary="Later")
    story.settle()

    assert len(story.twins_of(item)) == 1


def test_what_was_created_while_it_was_stopped_is_told_by_our_clock(story: Story) -> None:
    shift(story, AHEAD)
    story.stop()
    item = story.create("ALPHA", "In between")
    story.start()
    story.settle()

    story.edit("alice", item, summary="Later")
    story.settle()

    assert story.twins_of(item) == []


@pytest.mark.parametrize("by", SHIFTS)
def test_our_own_entry_is_known_by_its_time_on_a_site_that_drops_what_edits_say(
    story: Story, by: timedelta
) -> None:
    shift(story, by)
    left = story.create("ALPHA", "First")
    story.settle()
    right = story.twin_of(left)
    story.jira.world.misfortunes.add(Misfortune(match=EDIT, kind="lose_answer_after_effect"))
    story.edit("alice", left, summary="Second")
    story.jira.deliver_all()
    story.work()
    history = story.issue(right).changelog
    history[-1] = replace(history[-1], history_metadata=None)

    story.clock.advance(minutes=10)
    story.release_leases()
    story.settle()

    assert story.holds(right)["summary"] == "Second"
    assert len([line for line in story.journal() if line == "edited summary"]) == 1


@pytest.mark.parametrize("by", SHIFTS)
def test_our_own_entry_is_known_though_the_clock_that_dated_it_was_set_right_since(
    story: Story, by: timedelta
) -> None:
    left = story.create("ALPHA", "First")
    story.settle()
    right = story.twin_of(left)
    shift(story, by)
    story.jira.world.misfortunes.add(Misfortune(match=EDIT, kind="lose_answer_after_effect"))
    story.edit("alice", left, summary="Second")
    story.jira.deliver_all()
    story.work()
    history = story.issue(right).changelog
    history[-1] = replace(history[-1], history_metadata=None)

    shift(story, timedelta(0))
    story.clock.advance(minutes=10)
    story.release_leases()
    story.settle()

    (mine,) = Intent.objects.filter(kind=IntentKind.EDIT)
    assert mine.state == IntentState.DONE
    assert len([line for line in story.journal() if line == "edited summary"]) == 1


@pytest.mark.parametrize("edits", [0, 1])
def test_a_clock_set_back_lets_the_later_edit_stand_the_very_first_one_too(story: Story, edits: int) -> None:
    left = story.create("ALPHA", "Lamp")
    story.settle()
    right = story.twin_of(left)
    for number in range(edits):
        story.edit("alice", left, summary=f"Edit {number}")
        story.settle()

    story.jira.site.clock_shift = -AHEAD
    story.edit("alice", left, summary="Second")
    story.settle()

    assert story.holds(right)["summary"] == story.holds(left)["summary"] == "Second"


def test_the_news_of_a_creation_does_not_undo_an_edit_that_the_clock_dates_before_it(story: Story) -> None:
    left = story.create("ALPHA", "Lamp")
    creation = story.hold_back(left)
    story.jira.site.clock_shift = -AHEAD
    story.edit("alice", left, summary="Second")
    story.settle()

    story.jira.world.outbox += creation
    story.settle()

    assert story.holds(story.twin_of(left))["summary"] == story.holds(left)["summary"] == "Second"
