"""Two synchronizations write one field of one work item.

1. A work item has a twin in each of two other spaces, by a synchronization each.
2. Somebody edits the one twin and somebody else the same field of the other one: at the same moment, half a
   minute later, having seen the first edit, or while the first one is being written to the original.
3. Both carry their edit to the original, and what the other one brought there on to their own twin.
4. What Jira tells of the original arrives, or gets lost.

Each takes the other's write for what it is, the edit of a person elsewhere, and a status that the other one
only passes through for nobody's: all three end equal, an edit that was overwritten unseen lost a conflict
and is kept, and none is carried round in circles.
"""

import itertools
from typing import Any, Final

import pytest

from jira_sandbox.wire import Request
from tests.support.ending import Ending
from tests.support.scenario import Story, paragraphs
from tests.support.slices import slice_of
from tests.support.workers import elsewhere

VALUES: Final[dict[str, tuple[Any, ...]]] = {
    "summary": ("From one twin", "From the other twin", "From the original"),
    "labels": (["hall", "one"], ["other"], ["hall", "original"]),
    "description": tuple(paragraphs(f"From {who}") for who in ("one twin", "the other twin", "the original")),
}
MOMENTS: Final = ("before", "after")
"""Just before, or just after, the first edit is written to the original."""
MOVES: Final = ("POST", "/transitions$")
TIMINGS: Final = ("same moment", "later", "seen", *MOMENTS)
CASES: Final = list(
    itertools.product(VALUES, ("ALPHA", "BETA"), TIMINGS, ("two edit", "three edit"), ("told", "lost"))
)


@pytest.mark.parametrize(("name", "hub", "timing", "how_many", "news"), slice_of(CASES, 2))
def test_one_field_of_one_work_item_is_written_by_two_synchronizations(
    story: Story, ending: Ending, name: str, hub: str, timing: str, how_many: str, news: str
) -> None:
    story.synchronize(hub, "GAMMA")
    ending.ties = (("ALPHA", "BETA"), (hub, "GAMMA"))
    original = story.person_creates("dana", hub, "Shared", labels=["hall"])
    story.settle()
    one, other = sorted(story.twins_of(original), key=lambda item: story.issue(item).space_id)
    first, second, third = VALUES[name]

    def follow(_: Request) -> None:
        story.edit("dana", other, **{name: second})
        elsewhere(lambda: deliver_and_work(story))

    story.edit("dana", one, **{name: first})
    if timing == "later":
        story.clock.advance(seconds=30)
    if timing == "seen":
        story.settle()
    if timing in MOMENTS:
        getattr(story.jira.world.hooks, timing)("PUT", f"/issue/{original}$", follow)
    else:
        story.edit("dana", other, **{name: second})
    if how_many == "three edit":
        story.edit("dana", original, **{name: third})
    if news == "lost":
        deliver_and_work(story)
        story.hold_back(original)

    assert ending.faults() == []


def deliver_and_work(story: Story) -> None:
    """Let everything arrive and be done once."""
    story.jira.deliver_all()
    story.work()


@pytest.mark.parametrize("timing", ["same moment", "in turn"])
def test_two_statuses_of_twins_meet_on_their_original(story: Story, ending: Ending, timing: str) -> None:
    one, other = two_twins(story, ending)

    story.move("dana", one, "In Progress", "Done")
    if timing == "in turn":
        story.settle()
    story.move("dana", other, "In Progress")

    assert ending.faults(besides=("status",)) == []


@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_status_that_is_walked_through_is_nobodys_wish_to_another_synchronization(
    story: Story, ending: Ending, moment: str, step: int
) -> None:
    one, other = two_twins(story, ending)
    hook = getattr(story.jira.world.hooks, moment)

    def count(number: int) -> None:
        hook(*MOVES, lambda _: meanwhile() if number == 1 else count(number - 1))

    def meanwhile() -> None:
        story.move("dana", other, "In Progress")
        elsewhere(lambda: deliver_and_work(story))

    story.move("dana", one, "In Progress", "Done")
    count(step)

    assert ending.faults() == []


def two_twins(story: Story, ending: Ending) -> tuple[str, str]:
    """Give the two twins of a work item whose workflow has several steps where theirs have one."""
    story.synchronize("BETA", "GAMMA")
    ending.ties = (("ALPHA", "BETA"), ("BETA", "GAMMA"))
    original = story.create("BETA", "Shared")
    story.settle()
    one, other = sorted(story.twins_of(original), key=lambda item: story.issue(item).space_id)
    return one, other


def test_of_several_fields_that_are_carried_at_once_each_is_as_old_as_its_own_edit(
    story: Story, ending: Ending
) -> None:
    story.synchronize("ALPHA", "GAMMA")
    ending.ties = (("ALPHA", "BETA"), ("ALPHA", "GAMMA"))
    original = story.person_creates("dana", "ALPHA", "Shared", priority={"name": "High"})
    story.settle()
    one, other = sorted(story.twins_of(original), key=lambda item: story.issue(item).space_id)

    story.edit("dana", one, priority={"name": "Low"})
    story.clock.advance(seconds=30)
    story.edit("dana", other, priority={"name": "Highest"})
    late = story.hold_back(other)
    story.clock.advance(seconds=30)
    story.edit("dana", one, summary="Much later")
    deliver_and_work(story)
    story.jira.world.outbox.extend(late)
    story.settle()

    held = [story.field(item, "priority")["name"] for item in (one, original, other)]
    assert held == ["Highest"] * 3
    assert ending.faults() == []
