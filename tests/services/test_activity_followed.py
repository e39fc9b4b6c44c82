"""What the feed tells of a crossed edit whose field somebody had edited again, before it was weighed."""

from backbone_app.services.activity import Only
from tests.services.test_activity import feed
from tests.support.scenario import Story, story
from tests.support.workers import EDIT, Killed, kill

__all__ = ["story"]


def test_an_edit_that_somebody_has_gone_on_from_is_told_to_have_won_by_that(story: Story) -> None:
    left = story.create("ALPHA", "Broken lamp")
    story.settle()
    right = story.twin_of(left)
    story.jira.world.hooks.before(*EDIT, lambda _: story.edit("bob", right, summary="Crossed"))
    story.jira.world.hooks.after(*EDIT, kill)
    story.edit("alice", left, summary="Carried")
    try:
        story.settle()
    except Killed:
        story.release_leases()

    story.edit("carol", right, summary="Followed")
    story.clock.advance(minutes=2)
    story.settle()

    (won,) = feed(story, only=Only.CONFLICTS).lines
    (lost,) = feed(story, "bob", "BETA", only=Only.CONFLICTS).lines
    goes_on = "Conflict on Summary: somebody had gone on from the edit made {} already, so that one won"
    assert won.sentence == goes_on.format("here")
    assert lost.sentence == goes_on.format(f"in {story.issue(left).key}")
    assert (won.rows[0].after, lost.rows[0].after) == ("Carried", "Crossed")
    assert won.rows[0].rule == lost.rows[0].rule == "Conflicts: an edit that somebody has gone on from wins"
