"""Two work items that exist already become a pair: what is filled, asked, chosen, kept."""

from collections.abc import Callable

import pytest

from backbone_app.ledger import journal
from backbone_app.models import JournalEntry, Pair
from tests.support.existing import Matchmaker, in_alpha, in_beta, strangers
from tests.support.scenario import Story, paragraphs

LEFT = {"summary": "Left words", "labels": ["hall"], "priority": {"name": "High"}}
RIGHT = {"summary": "Right words", "labels": ["roof"], "priority": {"name": "High"}}


@pytest.fixture
def items(story: Story) -> tuple[str, str]:
    """Two work items of different summary and labels and the same priority."""
    return strangers(story, LEFT, RIGHT)


def test_what_is_equal_is_adopted_what_is_empty_is_filled_and_what_differs_is_asked(story: Story) -> None:
    left, right = strangers(story, {**LEFT, "duedate": "2026-12-24"}, {**RIGHT, "labels": []})

    made = in_alpha(story).pair(left, right)
    story.settle()

    assert story.holds(left) == {"summary": "Left words", "priority": "High", "labels": ["hall"]}
    assert story.holds(right) == {"summary": "Right words", "priority": "High", "labels": ["hall"]}
    assert story.field(right, "duedate") == "2026-12-24"
    assert story.pair().reason == "needs_decision"
    assert [field.name for field in in_alpha(story).questions(made.id).fields] == ["Summary"]


@pytest.mark.parametrize(
    ("matchmaker", "choice", "stands"),
    [
        (in_alpha, "own", "left"),
        (in_alpha, "partner", "right"),
        (in_beta, "own", "right"),
        (in_beta, "partner", "left"),
    ],
)
def test_the_chosen_sides_values_stand_on_both_and_the_losers_are_kept(
    story: Story, items: tuple[str, str], matchmaker: Callable[[Story], Matchmaker], choice: str, stands: str
) -> None:
    left, right = items
    mine = items if matchmaker is in_alpha else (right, left)

    matchmaker(story).pair(*mine, choice)
    story.settle()

    expected = {"left": LEFT, "right": RIGHT}[stands]
    for item in items:
        assert story.holds(item)["summary"] == expected["summary"]
        assert story.holds(item)["labels"] == expected["labels"]
    lost = {"left": RIGHT, "right": LEFT}[stands]
    lines = JournalEntry.objects.filter(kind="conflict").exclude(side=stands)
    kept = {row: value for line in lines for row, value in journal.values(line).items()}
    assert kept["summary"] == lost["summary"]
    assert kept["labels"] == lost["labels"]
    assert story.pair().reason == story.pair().choice == ""


def test_the_newer_edit_of_each_field_stands(story: Story, items: tuple[str, str]) -> None:
    left, right = items
    story.edit("bob", right, summary="Right, newer")
    story.clock.advance(seconds=60)
    story.edit("alice", left, labels=["newest"])
    story.settle()

    in_alpha(story).pair(left, right, "newer")
    story.settle()

    both = {"summary": "Right, newer", "priority": "High", "labels": ["newest"]}
    assert story.holds(left) == story.holds(right) == both


def test_a_status_is_walked_to_where_the_chosen_side_is(story: Story, items: tuple[str, str]) -> None:
    left, right = items
    story.move("alice", left, "In Progress", "Done")
    story.settle()

    in_beta(story).pair(right, left, "partner")
    story.settle()

    assert story.status(left) == story.status(right) == "Done"


def test_a_difference_in_status_is_asked_like_any_other(story: Story, items: tuple[str, str]) -> None:
    left, right = items
    story.move("alice", left, "In Progress")
    story.settle()

    made = in_beta(story).pair(right, left)
    story.settle()

    assert (story.status(left), story.status(right)) == ("In Progress", "Open")
    asked = in_beta(story).questions(made.id)
    assert [field.name for field in asked.fields] == ["Labels", "Status", "Summary"]
    in_beta(story).decide(made.id, "partner")
    story.settle()
    assert story.status(right) == "In Progress"
    assert in_beta(story).questions(made.id).fields == ()


def test_once_decided_the_choice_has_done_its_work(story: Story, items: tuple[str, str]) -> None:
    left, right = items
    in_alpha(story).pair(left, right, "own")
    story.settle()

    story.edit("alice", left, summary="Older")
    story.clock.advance(seconds=60)
    story.edit("bob", right, summary="Newer")
    story.settle()

    assert story.holds(left)["summary"] == story.holds(right)["summary"] == "Newer"


def test_a_pair_of_existing_items_comes_to_rest_and_bears_no_mark(
    story: Story, items: tuple[str, str]
) -> None:
    in_alpha(story).pair(*items, "own")
    story.settle()
    story.jira.world.meters.reset()

    story.clock.advance(seconds=600)
    story.settle()

    assert story.app_calls() == []
    assert [story.issue(item).properties.get("backbone-twin") for item in items] == [None, None]
    assert (story.pair().due, story.pair().incomplete) == (0, False)


def test_comments_that_were_there_stay_where_they_are_and_new_ones_are_copied(
    story: Story, items: tuple[str, str]
) -> None:
    left, right = items
    old = story.comment("alice", left, "Old words")
    story.settle()

    in_alpha(story).pair(left, right, "own")
    story.settle()
    story.change_comment("alice", left, old, "Old words, changed")
    story.comment("bob", right, "New words")
    story.settle()

    assert story.comments(left) == ["Old words, changed", "Bob Baker commented:\nNew words"]
    assert story.comments(right) == ["New words"]


def test_a_description_that_differs_is_asked_and_then_carried(story: Story) -> None:
    left, right = strangers(
        story,
        {"summary": "Same", "description": paragraphs("From the left")},
        {"summary": "Same", "description": paragraphs("From the right")},
    )
    made = in_alpha(story).pair(left, right)
    story.settle()

    in_alpha(story).decide(made.id, "partner")
    story.settle()

    assert story.field(left, "description") == story.field(right, "description")
    assert "From the right" in str(story.field(left, "description"))


def test_a_pair_made_while_stopped_begins_with_the_start(story: Story, items: tuple[str, str]) -> None:
    left, right = items
    story.stop()

    in_alpha(story).pair(left, right, "own")
    story.settle()
    assert story.holds(right)["summary"] == "Right words"
    story.start()
    story.settle()

    assert story.holds(right)["summary"] == "Left words"


def test_the_older_item_is_where_the_content_came_from(story: Story) -> None:
    story.stop()
    right = story.create("BETA", "Older")
    left = story.create("ALPHA", "Younger")
    story.jira.deliver_all()
    story.start()

    in_alpha(story).pair(left, right)

    pair = Pair.objects.get()
    assert (pair.origin_side, pair.origin_item) == ("right", right)
