"""What Jira refuses, what cannot be decided, and what people must then be told."""

from typing import Any

import pytest

from backbone_app.models import Delivery, Pair
from jira_sandbox.misfortunes import Misfortune
from tests.support.scenario import Story

EDIT = ("PUT", r"/issue/[0-9]+$")


@pytest.fixture
def pair(story: Story) -> tuple[str, str]:
    """A work item of ALPHA and its twin in BETA, at rest."""
    left = story.create("ALPHA", "Broken lamp", labels=["hall"], priority={"name": "High"})
    story.settle()
    story.jira.world.meters.reset()
    return left, story.twin_of(left)


def test_a_refused_write_is_told_and_the_next_change_tries_again(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.jira.world.misfortunes.add(Misfortune(match=EDIT, kind="refuse_before_effect", status=403))

    story.edit("alice", left, summary="Refused")
    story.settle()
    assert (story.pair().reason, story.pair().incomplete) == ("edit_not_allowed", True)
    assert "edited summary" not in story.journal()
    story.edit("alice", left, priority={"name": "Low"})
    story.settle()

    assert (
        story.holds(right)
        == story.holds(left)
        == {"summary": "Refused", "priority": "Low", "labels": ["hall"]}
    )
    assert story.pair().reason == ""


def test_a_twin_that_cannot_be_seen_is_neither_deleted_nor_made_again(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    del story.jira.site.issues[right]

    story.edit("alice", left, summary="Into the void")
    story.settle()

    assert (story.pair().state, story.pair().reason) == ("active", "remote_missing")
    assert story.twins_of(left) == []


def test_an_unreachable_site_is_tried_again_later(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.jira.world.misfortunes.add(Misfortune(match=("GET", r"/issue/[0-9]+$"), kind="lose_before_effect"))

    story.edit("alice", left, summary="Patience")
    story.settle()
    assert story.pair().reason == "remote_unreachable"
    story.clock.advance(seconds=31)
    story.settle()

    assert story.holds(right)["summary"] == "Patience"


def test_a_type_outside_the_configuration_waits_until_it_returns(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    epic = next(kind.id for kind in story.jira.site.work_types.values() if kind.name == "Epic")
    task = story.issue(left).type_id
    story.issue(left).type_id = epic

    story.edit("alice", left, summary="An epic now")
    story.settle()
    assert story.pair().reason == "type_not_mapped"
    assert story.holds(right)["summary"] == "Broken lamp"
    story.issue(left).type_id = task
    story.edit("alice", left, priority={"name": "Low"})
    story.settle()

    assert story.holds(right)["summary"] == "An epic now"


def test_fields_that_never_agreed_and_differ_wait_for_a_decision(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.pair().sides.get(side="left").fields.filter(row="summary").delete()
    story.pair().sides.get(side="right").fields.filter(row="summary").delete()

    story.edit("alice", left, summary="Never agreed")
    story.settle()

    assert story.holds(right)["summary"] == "Broken lamp"
    assert story.pair().reason == "needs_decision"


def test_a_body_that_was_dropped_is_replaced_by_a_read(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.stop()
    story.edit("alice", left, summary="Old news")
    story.jira.deliver_all()
    Delivery.objects.update(body_sealed=b"")
    Pair.objects.update(incomplete=True)

    story.start()
    story.settle()

    assert story.holds(right)["summary"] == "Old news"


def test_a_delivery_whose_stamps_contradict_each_other_is_read(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.edit("alice", left, summary="Before the clock went back")
    story.settle()
    story.clock.advance(minutes=-10)

    story.edit("alice", left, summary="After it")
    story.settle()

    assert story.holds(right)["summary"] == "After it"


def test_people_who_never_stop_editing_get_another_turn_and_the_last_word(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    rounds = iter(range(30))

    def edit_again(_: Any) -> None:
        if (number := next(rounds, None)) is not None:
            story.edit("bob", right, priority={"name": ["Low", "High"][number % 2]}, summary=f"Take {number}")
            story.jira.world.hooks.before(*EDIT, edit_again)

    story.jira.world.hooks.before(*EDIT, edit_again)
    story.edit("alice", left, summary="Begin")
    for _ in range(10):
        story.clock.advance(seconds=40)
        story.settle()

    assert story.holds(left) == story.holds(right)
    assert next(rounds, None) is None
