"""A description's delivery is lost, the summary's arrives.

1. Alice edits the description, which no delivery shows; the one that says that it was edited gets lost.
2. She edits something else. The delivery of that arrives and shows all plain fields: all seems to be known.
3. Meanwhile nobody edits the description of the twin, or Bob does, before her or after her.
4. The lost delivery never arrives, or long after everything else.

The description arrives with the next check at the latest. What settled with the other edit must not make it
old news, nor may it make Bob's edit look like the only one.
"""

import itertools
from collections.abc import Callable
from typing import Final

import pytest

from tests.support.ending import Ending
from tests.support.scenario import Story, paragraphs
from tests.support.slices import slice_of

ARRIVES: Final[dict[str, Callable[[Story, str, str], object]]] = {
    "summary": lambda story, who, item: story.edit(who, item, summary="Lamp, mended"),
    "labels": lambda story, who, item: story.edit(who, item, labels=["hall", "red"]),
    "status": lambda story, who, item: story.move(who, item, "In Progress"),
    "comment": lambda story, who, item: story.comment(who, item, "Look above"),
    "a further description": lambda story, who, item: story.edit(
        who, item, description=paragraphs("Once more")
    ),
}
CASES: Final = list(
    itertools.product(
        ARRIVES, ("alice", "bob"), ("nobody", "before", "after", "after it arrived"), ("never", "last")
    )
)


@pytest.mark.parametrize(("arrives", "who", "partner", "lost"), slice_of(CASES, 2))
def test_a_description_whose_delivery_is_lost_arrives_all_the_same(
    story: Story, ending: Ending, pair: tuple[str, str], arrives: str, who: str, partner: str, lost: str
) -> None:
    here, there = pair if who == "alice" else (pair[1], pair[0])
    other = "bob" if who == "alice" else "alice"
    if arrives == "status" and who == "bob":
        story.move("bob", here, "Selected")
        story.settle()

    if partner == "before":
        story.edit(other, there, description=paragraphs("By the partner"))
        story.clock.advance(seconds=30)
    story.edit(who, here, description=paragraphs("Lost on its way"))
    held = story.hold_back(here)
    if partner == "after":
        story.clock.advance(seconds=30)
        story.edit(other, there, description=paragraphs("By the partner"))
    ARRIVES[arrives](story, who, here)
    story.settle()
    if partner == "after it arrived":
        story.clock.advance(seconds=30)
        story.edit(other, there, description=paragraphs("By the partner"))
        story.settle()
    for each in held if lost == "last" else []:
        story.jira.deliver(each)

    assert ending.faults() == []
    newest = "By the partner" if partner.startswith("after") else "Lost on its way"
    expected = "Once more" if arrives == "a further description" and partner != "after it arrived" else newest
    if (arrives, partner) != ("a further description", "after"):  # a second apart: a tie
        assert story.field(here, "description") == paragraphs(expected)


def test_both_sides_descriptions_are_lost_and_a_summary_of_each_arrives(
    story: Story, ending: Ending, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("alice", left, description=paragraphs("Older"))
    story.hold_back(left)
    story.clock.advance(seconds=30)
    story.edit("bob", right, description=paragraphs("Newer"))
    story.hold_back(right)

    story.edit("alice", left, summary="Lamp, mended")
    story.settle()
    story.edit("bob", right, priority={"name": "Low"})
    story.settle()

    assert ending.faults() == []
    assert story.field(left, "description") == paragraphs("Newer")
