"""Bob enters just what our write is about to bring him; Alice has gone on from that meanwhile.

1. Alice edits two fields, and our write of them is on its way.
2. Alice goes on to another value. Bob, who has seen nothing of all that, enters the value of our write.
3. In that field the write finds nothing to do. It is answered in time, or too late. What Jira tells of
   Alice's second edit arrives in time, late, or never.

Both have edited the field, neither having seen the other's edit: it is a conflict.
"""

import itertools
from typing import Final

import pytest

from jira_sandbox.outbox import Delivery
from tests.support.ending import Ending
from tests.support.scenario import Story
from tests.support.slices import slice_of
from tests.support.workers import EDIT

VALUES: Final = {
    "summary": ("Said by both", "Her second thought"),
    "duedate": ("2027-01-01", "2027-01-02"),
}
ENDS: Final = (("alice", 6, 0), ("alice", 30, 0), ("alice", 0, 1), ("bob", 6, 1), ("bob", 30, 1))
"""Who was first, by how many seconds, and which value stands; after 15 s the call is given up."""
CASES: Final = list(itertools.product(VALUES, ENDS, ("told", "late", "lost")))


@pytest.mark.parametrize(("name", "end", "news"), slice_of(CASES, 2))
def test_who_enters_what_we_bring_is_not_overwritten_unsaid_by_who_went_on_from_it(
    story: Story, ending: Ending, pair: tuple[str, str], name: str, end: tuple[str, int, int], news: str
) -> None:
    (left, right), (first, gap, stands) = pair, end
    values = VALUES[name]
    late: list[Delivery] = []

    def alice_goes_on() -> None:
        story.edit("alice", left, **{name: values[1]})
        if news != "told":
            late.extend(story.hold_back(left))

    def bob_enters_it() -> None:
        story.edit("bob", right, **{name: values[0]})

    def meanwhile(_: object) -> None:
        story.clock.advance(seconds=1)
        acts = [alice_goes_on, bob_enters_it]
        for act in acts if first == "alice" else reversed(acts):
            act()
            story.clock.advance(seconds=gap)

    story.jira.world.hooks.before(*EDIT, meanwhile)
    story.edit("alice", left, **{name: values[0]}, priority={"name": "Low"})
    story.settle()
    if news == "late":
        for delivery in late:
            story.jira.deliver(delivery)
        story.settle()

    assert ending.faults() == []
    assert [story.field(item, name) for item in pair] == [values[stands]] * 2
    assert [line for line in story.journal() if line.startswith("conflict")] == [f"conflict {name}"]
