"""A crossed edit that is followed by another one, of a field that travels one way only.

1. Alice edits; our write of her value crosses Bob's edit on the receiving side.
2. Carol edits the field again there, before anybody has weighed his edit.

What is edited on the receiving side stays there, and is in no conflict with anything.
"""

from typing import Any

import pytest

from backbone_app.models import Intent
from tests.scenarios.interleavings.test_crossed_edits import work
from tests.support.ending import Ending
from tests.support.scenario import Story
from tests.support.workers import EDIT, kill, publish


def only_to_right(document: dict[str, Any]) -> None:
    for row in document["fields"]:
        if row["left"] == "summary":
            row["direction"] = "to_right"


@pytest.mark.parametrize("is_followed", [False, True])
def test_what_was_edited_on_the_receiving_side_is_no_conflicts_loser(
    story: Story, ending: Ending, pair: tuple[str, str], is_followed: bool
) -> None:
    left, right = pair
    publish(story.synchronization_id, only_to_right)
    hooks = story.jira.world.hooks
    hooks.before(*EDIT, lambda _: story.edit("bob", right, summary="Crossed"))
    hooks.after(*EDIT, kill)
    story.edit("alice", left, summary="Carried")
    story.jira.deliver_all()
    work(story)

    if is_followed:
        story.edit("carol", right, summary="Followed")
    ending.rest()

    assert story.field(left, "summary") == "Carried"
    assert story.field(right, "summary") == ("Followed" if is_followed else "Carried")
    assert "conflict summary" not in story.journal()
    assert not Intent.objects.filter(state__in=("open", "crossed"))
