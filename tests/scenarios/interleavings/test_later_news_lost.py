"""Somebody edits a field twice, and the news of the second edit is lost.

1. Bob edits a field, and once more; only the delivery of the first edit arrives.
2. He edits something else. The delivery of that arrives and shows all plain fields: the value of his second
   edit, for which no entry of any delivery speaks.
3. Alice edits the same field on her side, between his two edits or after them.

What stands against Alice's edit is Bob's second one: its time decides, and it is what the feed tells of.
"""

import pytest

from tests.support.ending import Ending
from tests.support.scenario import Story


@pytest.mark.parametrize("field", ["summary", "duedate"])
@pytest.mark.parametrize("newest", ["alice", "bob"])
def test_an_edit_whose_own_news_are_lost_is_weighed_by_its_own_time_and_kept_where_it_loses(
    story: Story, ending: Ending, pair: tuple[str, str], field: str, newest: str
) -> None:
    left, right = pair
    first, hers, second = ("2027-01-01", "2027-01-02", "2027-01-03")

    def alice_edits() -> None:
        story.clock.advance(seconds=30)
        story.edit("alice", left, **{field: hers})
        story.clock.advance(seconds=30)

    story.edit("bob", right, **{field: first})
    story.jira.deliver_all()
    if newest == "bob":
        alice_edits()
    story.edit("bob", right, **{field: second})
    story.hold_back(right)
    story.edit("bob", right, labels=["hall", "new"])
    if newest == "alice":
        alice_edits()
    story.settle()

    assert ending.faults() == []
    assert story.field(left, field) == (hers if newest == "alice" else second)


def test_who_went_on_from_what_the_other_side_says_as_well_is_heard_before_both_are_agreed(
    story: Story, ending: Ending, pair: tuple[str, str]
) -> None:
    left, right = pair

    story.edit("bob", right, summary="Said by both")
    story.jira.deliver_all()
    story.edit("bob", right, summary="Bob's second thought")
    late = story.hold_back(right)
    story.clock.advance(seconds=60)
    story.edit("alice", left, summary="Said by both")
    story.hold_back(left)
    story.edit("alice", left, labels=["hall", "new"])
    story.settle()
    for delivery in late:
        story.jira.deliver(delivery)
    story.settle()

    assert ending.faults() == []
    assert [story.field(item, "summary") for item in pair] == ["Said by both"] * 2
    told = [line for line in story.journal() if line.startswith("conflict")]
    assert told == ["conflict summary"]
