"""Two spaces of one site in step: the everyday story, with its cost in calls."""

from tests.support.scenario import Story


def test_a_new_work_item_gets_a_twin_and_edits_travel_both_ways(story: Story) -> None:
    left = story.create("ALPHA", "Broken lamp", labels=["hall"], priority={"name": "High"})
    story.settle()
    right = story.twin_of(left)

    story.edit("alice", left, summary="Broken lamp in the hall")
    story.settle()
    story.edit("bob", right, priority={"name": "Low"}, labels=["hall", "urgent"])
    story.settle()

    expected = {"summary": "Broken lamp in the hall", "priority": "Low", "labels": ["hall", "urgent"]}
    assert story.holds(left) == story.holds(right) == expected
