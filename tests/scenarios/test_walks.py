"""Ways through a workflow that change under one's feet: dead ends, none at all."""

import pytest

from backbone_app.models import JournalEntry, Pair, WorkflowStep
from tests.support.scenario import Story
from tests.support.ways import lead_through

ASKING = ("GET", "/transitions$")


@pytest.fixture
def pair(story: Story) -> tuple[str, str]:
    """A work item of ALPHA and its twin in BETA, at rest, where they began after a walk all around."""
    left = story.create("ALPHA", "Broken lamp")
    story.settle()
    right = story.twin_of(left)
    for way in (("In Progress", "Done"), ("To Do",)):
        story.move("alice", left, *way)
        story.settle()
    assert (story.status(left), story.status(right)) == ("To Do", "Open")
    return left, right


def lamps(story: Story, number: int) -> tuple[list[str], list[str]]:
    """New work items of ALPHA and their twins, whose workflow nobody has seen yet."""
    items = [story.create("ALPHA", f"Lamp {each}") for each in range(number)]
    story.settle()
    return items, [story.twin_of(item) for item in items]


# --- dead ends ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dead_end", "goal", "first_walk"),
    [("In Review", "Done", ["In Review"]), ("Cancelled", "In Progress", ["Selected", "In Progress"])],
    ids=["one to look into", "one that ends the work"],
)
def test_a_dead_end_is_tried_once_and_only_where_it_does_not_end_the_work(
    story: Story, dead_end: str, goal: str, first_walk: list[str]
) -> None:
    items, twins = lamps(story, 3)
    lead_through(story.jira.site, twins[0], ("Open", dead_end), ("Open", "Selected"), ("Selected", goal))

    for item in items:
        story.move("alice", item, *dict.fromkeys(("In Progress", goal)))
        story.settle()

    assert [story.statuses(twin) for twin in twins] == [first_walk, *[["Selected", goal]] * 2]


def test_a_dead_end_that_was_given_a_way_out_is_left_by_it(story: Story) -> None:
    (item,), (twin,) = lamps(story, 1)
    lead_through(story.jira.site, twin, ("Open", "In Review"))
    story.move("alice", item, "In Progress", "Done")
    story.settle()
    assert (story.status(twin), story.pair().reason) == ("In Review", "no_path")

    lead_through(story.jira.site, twin, ("In Review", "Selected"), ("Selected", "Done"))
    story.edit("alice", item, summary="Any news")
    story.settle()

    assert (story.status(twin), story.pair().reason) == ("Done", "")


# --- what is offered in another status than the one we know of ------------------------------------


def test_nobody_is_moved_on_from_where_a_person_has_just_gone_to(story: Story) -> None:
    (item,), (twin,) = lamps(story, 1)
    story.move("alice", item, "In Progress")

    story.jira.world.hooks.before(*ASKING, lambda _: story.move("bob", twin, "Selected", "In Progress"))
    story.settle()

    assert story.statuses(twin) == ["Selected", "In Progress"]
    assert not WorkflowStep.objects.filter(source="Open", target="In Review").exists()
    assert story.pair().reason == ""


def test_what_is_known_of_a_status_is_not_replaced_by_what_another_one_offers(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    known = set(WorkflowStep.objects.values_list("source", "target"))
    story.move("alice", left, "In Progress")

    story.jira.world.hooks.before(*ASKING, lambda _: story.move("bob", right, "Selected", "In Progress"))
    story.settle()

    assert story.statuses(right)[-2:] == ["Selected", "In Progress"]
    assert set(WorkflowStep.objects.values_list("source", "target")) == known


def test_a_move_that_says_nothing_across_is_in_conflict_with_one_there_whose_news_is_late(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("alice", left, summary="Broken lamp in the hall")
    (told,) = story.hold_back(left)
    story.move("alice", left, "In Progress")
    late = story.hold_back(left)
    story.jira.deliver(told)
    story.move("bob", right, "Selected")
    story.settle()
    for delivery in late:
        story.jira.deliver(delivery)
    story.settle()

    assert [line for line in story.journal() if line.startswith("conflict")] == ["conflict status"]
    assert (story.status(left), story.status(right)) == ("In Progress", "In Progress")


def test_a_move_that_says_nothing_across_is_in_conflict_with_one_made_there_between_our_reads(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    Pair.objects.update(incomplete=True)

    def both_move(_: object) -> None:
        story.move("alice", left, "In Progress")
        story.lose()
        story.move("bob", right, "Selected")

    story.edit("alice", left, summary="Broken lamp in the hall")
    story.jira.world.hooks.before("GET", f"/issue/{right}$", both_move)
    story.settle()
    story.check_everything()

    assert [line for line in story.journal() if line.startswith("conflict")] == ["conflict status"]
    assert (story.status(left), story.status(right)) == ("In Progress", "In Progress")


def test_who_moved_it_away_and_back_again_has_moved_it_too(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.move("bob", right, "Selected", "In Progress")
    story.clock.advance(seconds=20)
    story.move("alice", left, "In Progress", "Done", "To Do")
    story.settle()

    assert (story.status(left), story.status(right)) == ("To Do", "Open")
    assert story.journal().count("conflict status") == 1


# --- no way at all -----------------------------------------------------------------------------


def test_what_stands_in_the_way_is_told_again_when_the_goal_is_another_one(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.forbid_moves(right)
    story.move("alice", left, "In Progress")
    story.settle()

    story.move("alice", left, "Done")
    story.settle()

    assert story.journal().count("stuck status") == 2
    assert set(JournalEntry.objects.filter(kind="stuck").values_list("side", flat=True)) == {"right"}


def test_what_stands_in_the_way_is_told_again_after_it_did_not(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.forbid_moves(right)
    story.move("alice", left, "In Progress")
    story.settle()
    story.move("alice", left, "To Do")
    story.settle()
    assert story.pair().reason == ""

    story.move("alice", left, "In Progress")
    story.settle()

    assert story.pair().reason == "no_path"
    assert story.journal().count("stuck status") == 2


# --- ways that others know a part of --------------------------------------------------------------


def test_what_one_work_item_has_shown_of_the_way_leads_the_next_one_to_where_nobody_has_looked(
    story: Story,
) -> None:
    (first, second), (twin, further) = lamps(story, 2)
    story.move("bob", twin, "Selected")
    story.move("alice", first, "In Progress")
    story.settle()  # it had one step to go: what is offered in In Progress was never looked at
    assert story.status(twin) == "In Progress"

    story.move("alice", second, "In Progress", "Done")
    story.settle()

    assert story.statuses(further) == ["Selected", "In Progress", "In Review", "Done"]
    assert {pair.reason for pair in Pair.objects.all()} == {""}


def test_nobodys_work_is_ended_on_the_way_to_where_nobody_has_looked(story: Story) -> None:
    items, twins = lamps(story, 2)
    lead_through(
        story.jira.site, twins[0], ("Open", "Selected"), ("Selected", "Cancelled"), ("Cancelled", "In Review")
    )
    for item in items:
        story.move("alice", item, "In Progress")
        story.settle()

    assert [story.statuses(twin) for twin in twins] == [["Selected"], []]
