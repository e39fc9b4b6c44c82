"""A site's clock is set back ten minutes between two edits.

1. Somebody edits a work item.
2. The clock of its site, or of the twin's, is set back ten minutes: what comes now bears an earlier time.
3. The same person edits the same field again, or another one; or somebody on the other side does, who saw
   the first edit or did not.
4. The deliveries arrive in order, the later one first, one of them, or none.

The later edit stands: a site's own history tells the order of its edits, whatever times it writes to them.
Only where two sides meet do times decide, and then the one that gives way is kept.
"""

import itertools
from datetime import timedelta
from typing import Any, Final

import pytest

from jira_sandbox.outbox import Delivery
from tests.support.ending import Ending
from tests.support.scenario import Story, paragraphs
from tests.support.slices import slice_of
from tests.support.two_sites import Across, across

__all__ = ["across"]

BACK: Final = timedelta(minutes=-10)
VALUES: Final[dict[str, tuple[Any, Any]]] = {
    "summary": ("Before the step", "After the step"),
    "labels": (["hall", "before"], ["after"]),
    "duedate": ("2027-01-01", None),
    "description": (paragraphs("Before the step"), paragraphs("After the step")),
}
ORDERS: Final = ("in order", "swapped", "first lost", "second lost", "both lost")
SAME: Final = list(itertools.product(VALUES, VALUES, ("left", "right"), ORDERS, ("at once", "seen")))
ACROSS: Final = list(
    itertools.product(
        ("summary", "labels", "description"), ("left", "right"), ("acme", "initech"), ("at once", "seen")
    )
)


def arrive(story: Story, held: list[Delivery], order: str) -> None:
    """Let what Jira told of the two edits arrive, or some of it."""
    chosen = {
        "in order": held,
        "swapped": held[::-1],
        "first lost": held[1:],
        "second lost": held[:1],
        "both lost": [],
    }[order]
    for delivery in chosen:
        story.jira.deliver(delivery)
        story.work()


@pytest.mark.parametrize(("first", "second", "side", "order", "between"), slice_of(SAME, 2))
def test_of_two_edits_of_one_work_item_the_later_one_stands(
    story: Story,
    ending: Ending,
    pair: tuple[str, str],
    first: str,
    second: str,
    side: str,
    order: str,
    between: str,
) -> None:
    item, who = (pair[0], "alice") if side == "left" else (pair[1], "bob")

    story.edit(who, item, **{first: VALUES[first][0]})
    held = story.hold_back(item)
    if between == "seen":
        arrive(story, held, "first lost" if order == "swapped" else order)
        story.settle()
        held = []
    story.jira.site.clock_shift = BACK
    story.edit(who, item, **{second: VALUES[second][1]})
    arrive(story, [*held, *story.hold_back(item)], order if between == "at once" else "in order")

    assert ending.faults() == []
    for name, value in {first: VALUES[first][0], second: VALUES[second][1]}.items():
        assert [story.field(each, name) for each in pair] == [value, value]


@pytest.mark.parametrize(("name", "first", "shifted", "between"), slice_of(ACROSS, 2))
def test_of_edits_on_both_sides_none_is_lost_whichever_sites_clock_is_set_back(
    ending: Ending, across: Across, name: str, first: str, shifted: str, between: str
) -> None:
    ending.ties = (("ALPHA", "GOLD"),)
    left = across.acme.create("ALPHA", "Lamp", labels=["hall"])
    across.settle()
    edits = [(across.acme, "alice", left), (across.initech, "gina", across.twin_of(left))]
    (here, who, item), (there, other, twin) = edits if first == "left" else edits[::-1]

    here.edit(who, item, **{name: VALUES[name][0]})
    if between == "seen":
        across.settle()
    ending.stage.sites[shifted].clock_shift = BACK
    there.edit(other, twin, **{name: VALUES[name][1]})

    assert ending.faults() == []
    if between == "seen":
        assert here.field(item, name) == there.field(twin, name) == VALUES[name][1]


def test_a_comment_edited_after_the_clock_was_set_back_arrives(
    story: Story, ending: Ending, pair: tuple[str, str]
) -> None:
    left, right = pair
    written = story.comment("alice", left, "Before the step")
    story.settle()

    story.jira.site.clock_shift = BACK
    story.change_comment("alice", left, written, "After the step")
    story.settle()

    assert story.comments(right) == ["Alice Archer commented:\nAfter the step"]
    assert ending.faults() == []
