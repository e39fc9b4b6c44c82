"""Descriptions whose news come late, in any order, or after plain fields were settled."""

import itertools

import pytest

from tests.support.scenario import Story, paragraphs
from tests.support.slices import slice_of
from tests.support.workers import EDIT

FROM_ALPHA, FROM_BETA = paragraphs("From ALPHA"), paragraphs("From BETA")


@pytest.fixture
def pair(story: Story) -> tuple[str, str]:
    """A work item of ALPHA and its twin in BETA, at rest."""
    left = story.create("ALPHA", "Broken lamp")
    story.settle()
    return left, story.twin_of(left)


@pytest.mark.parametrize("newer", ["alice", "bob"])
def test_the_newer_description_wins_although_plain_fields_were_settled_since_and_its_news_are_late(
    story: Story, pair: tuple[str, str], newer: str
) -> None:
    left, right = pair
    edits = [("alice", left, FROM_ALPHA), ("bob", right, FROM_BETA)]
    (who, here, first), (other, there, last) = edits if newer == "bob" else edits[::-1]
    story.edit(who, here, description=first)
    late = story.hold_back(here)
    story.edit(who, here, summary="Settled meanwhile")
    story.settle()
    story.clock.advance(seconds=30)

    story.edit(other, there, description=last)
    story.settle()
    for delivery in late:
        story.jira.deliver(delivery)
    story.settle()

    assert story.field(left, "description") == story.field(right, "description") == last
    assert story.field(left, "summary") == story.field(right, "summary") == "Settled meanwhile"


@pytest.mark.parametrize("order", slice_of(itertools.permutations(range(3)), 3), ids=str)
@pytest.mark.parametrize("last", [None, FROM_ALPHA], ids=["emptied", "written again"])
def test_a_description_that_is_emptied_ends_as_it_is_at_its_source_in_any_order_of_its_deliveries(
    story: Story, pair: tuple[str, str], last: dict[str, object] | None, order: tuple[int, ...]
) -> None:
    left, right = pair
    for text in (paragraphs("Draft"), None if last else paragraphs("Second draft"), last):
        story.edit("alice", left, description=text)
    held = story.hold_back(left)

    for number in order:
        story.jira.deliver(held[number])
        story.work()
    story.settle()

    assert story.field(left, "description") == story.field(right, "description") == last


def test_a_description_that_both_sides_get_at_once_is_written_beside_other_fields_and_no_more(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    agreed = paragraphs("As agreed on the phone")
    story.edit("bob", right, summary="From BETA", description=agreed)
    story.jira.world.hooks.before(*EDIT, lambda _: story.edit("alice", left, description=agreed))
    story.jira.world.meters.reset()

    story.settle()

    assert story.field(left, "description") == story.field(right, "description") == agreed
    assert story.field(left, "summary") == "From BETA"
    assert [call for call in story.app_calls() if call.startswith("PUT")] == [
        "PUT /rest/api/3/issue/{issueIdOrKey}"
    ]
