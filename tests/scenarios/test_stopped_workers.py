"""A process is stopped between laying down what it will write and the call, and goes on much later."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db.models.signals import post_save

from backbone_app.models import Intent
from tests.support.scenario import Story


@contextmanager
def stopped_before_writing(story: Story, *, seconds: float) -> Iterator[None]:
    """Let so much time pass right after an intent is laid down, in whatever thread that is."""

    def stand_still(*, created: bool, **_: Any) -> None:
        if created:
            story.clock.advance(seconds=seconds)

    post_save.connect(stand_still, sender=Intent)
    try:
        yield
    finally:
        post_save.disconnect(stand_still, sender=Intent)


@pytest.fixture
def item(story: Story) -> str:
    """A work item of ALPHA, in step with its twin."""
    made = story.create("ALPHA", "Lamp")
    story.settle()
    return made


def test_a_copy_of_a_comment_is_not_written_when_its_time_is_over(story: Story, item: str) -> None:
    story.comment("alice", item, "Said once")
    story.jira.deliver_all()
    with stopped_before_writing(story, seconds=116):
        story.work()
    after_waking = story.comments(story.twin_of(item))

    story.clock.advance(seconds=120)
    story.settle()

    assert after_waking == []
    assert len(story.comments(story.twin_of(item))) == 1


def test_a_twin_is_not_made_when_its_time_is_over(story: Story) -> None:
    made = story.create("ALPHA", "Chair")
    story.jira.deliver_all()
    with stopped_before_writing(story, seconds=116):
        story.work()
    after_waking = story.twins_of(made)

    story.clock.advance(seconds=500)
    story.settle()

    assert after_waking == []
    assert len(story.twins_of(made)) == 1


def test_an_edit_is_not_carried_over_when_its_time_is_over(story: Story, item: str) -> None:
    story.edit("alice", item, summary="Lamp, on")
    story.jira.deliver_all()
    with stopped_before_writing(story, seconds=116):
        story.work()
    after_waking = story.holds(story.twin_of(item))["summary"]

    story.clock.advance(seconds=120)
    story.settle()

    assert after_waking == "Lamp"
    assert story.holds(story.twin_of(item))["summary"] == "Lamp, on"
