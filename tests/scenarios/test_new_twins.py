"""A twin that somebody moves before the app has looked at it once: its first status was nobody's choice."""

import pytest

from jira_sandbox.misfortunes import Misfortune
from tests.support.scenario import Story
from tests.support.workers import CREATE, Killed, kill


def test_who_moves_a_twin_whose_maker_died_before_looking_at_it_has_moved_the_original_too(
    story: Story,
) -> None:
    left = story.create("ALPHA", "Broken lamp")
    story.jira.world.hooks.after(*CREATE, kill)
    with pytest.raises(Killed):
        story.settle()

    story.move("bob", story.twin_of(left), "Selected", "In Progress")
    story.clock.advance(seconds=100)
    story.release_leases()
    story.settle()

    assert (story.status(left), story.status(story.twin_of(left))) == ("In Progress", "In Progress")
    assert "conflict status" not in story.journal()


def test_where_the_original_was_moved_before_the_newer_move_stands_and_the_older_one_is_kept(
    story: Story,
) -> None:
    left = story.create("ALPHA", "Broken lamp")
    story.move("alice", left, "In Progress", "Done")
    story.jira.world.hooks.after(*CREATE, kill)
    with pytest.raises(Killed):
        story.settle()

    story.clock.advance(seconds=10)
    story.move("bob", story.twin_of(left), "Selected", "In Progress")
    story.clock.advance(seconds=100)
    story.release_leases()
    story.settle()

    assert (story.status(left), story.status(story.twin_of(left))) == ("In Progress", "In Progress")
    assert "conflict status" in story.journal()


def test_where_the_news_of_the_originals_move_is_lost_and_later_news_show_it_the_move_is_weighed(
    story: Story,
) -> None:
    left = story.create("ALPHA", "Broken lamp")
    story.jira.world.hooks.after(*CREATE, kill)
    with pytest.raises(Killed):
        story.settle()
    story.jira.deliver_all()  # so the creation is known to have come about

    story.move("alice", left, "In Progress")
    story.hold_back(left)
    story.edit("alice", left, labels=["hall"])
    story.clock.advance(seconds=10)
    story.move("bob", story.twin_of(left), "Selected", "In Progress", "In Review", "Done")
    story.clock.advance(seconds=100)
    story.release_leases()
    story.settle()

    assert (story.status(left), story.status(story.twin_of(left))) == ("Done", "Done")
    assert "conflict status" in story.journal()


@pytest.mark.parametrize("edited", ["priority", "labels"])
def test_where_the_news_of_the_twins_move_is_lost_and_later_news_show_it_the_move_stands(
    story: Story, edited: str
) -> None:
    left = story.create("ALPHA", "Broken lamp")
    story.jira.world.misfortunes.add(Misfortune(match=CREATE, kind="lose_answer_after_effect"))
    story.jira.deliver_all()
    story.work()
    right = story.twin_of(left)

    story.move("bob", right, "Selected", "In Progress")
    story.lose()  # neither its creation is heard of, nor its move
    mine, theirs = {"priority": ({"name": "High"}, {"name": "Low"}), "labels": (["hall"], ["roof"])}[edited]
    story.edit("bob", right, **{edited: theirs})
    story.edit("alice", left, **{edited: mine})
    story.jira.deliver_all()
    story.clock.advance(seconds=100)
    story.settle()

    assert (story.status(left), story.status(right)) == ("In Progress", "In Progress")
    assert story.holds(right) == story.holds(left)
