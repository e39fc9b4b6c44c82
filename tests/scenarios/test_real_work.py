"""Status, due dates, rich text and comments between two spaces whose workflows differ."""

import itertools
from typing import Any

import pytest

from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.wire import Request
from tests.support.scenario import Story, paragraphs

READ = "GET /rest/api/3/issue/{issueIdOrKey}"
WRITE = "PUT /rest/api/3/issue/{issueIdOrKey}"
TRANSITIONS = "GET /rest/api/3/issue/{issueIdOrKey}/transitions"
MOVE = "POST /rest/api/3/issue/{issueIdOrKey}/transitions"
READ_COMMENT = "GET /rest/api/3/issue/{issueIdOrKey}/comment/{id}"
LIST_COMMENTS = "GET /rest/api/3/issue/{issueIdOrKey}/comment"
REMOVE_COMMENT = "DELETE /rest/api/3/issue/{issueIdOrKey}/comment/{id}"
ADD_COMMENT = "POST /rest/api/3/issue/{issueIdOrKey}/comment"
CHANGE_COMMENT = "PUT /rest/api/3/issue/{issueIdOrKey}/comment/{id}"


class Killed(BaseException):
    """A worker that is killed: no handler of ours catches this."""


def kill_after_moves(story: Story, number: int) -> None:
    """Let the worker die right after its ``number``-th transition had its effect."""

    def act(_: Request) -> None:
        if number == 1:
            raise Killed
        kill_after_moves(story, number - 1)

    story.jira.world.hooks.after("POST", "/transitions$", act)


@pytest.fixture
def pair(story: Story) -> tuple[str, str]:
    """A work item of ALPHA and its twin in BETA, at rest, with the counters at zero."""
    left = story.create("ALPHA", "Broken lamp")
    story.settle()
    story.jira.world.meters.reset()
    return left, story.twin_of(left)


# --- due date, description ---------------------------------------------------------------------


def test_a_due_date_costs_one_read_and_one_write(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair

    story.edit("alice", left, duedate="2026-12-24")
    story.settle()

    assert story.field(right, "duedate") == "2026-12-24"
    assert story.app_calls() == [READ, WRITE]


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_a_description_is_read_at_its_source_and_arrives_as_it_is(
    story: Story, pair: tuple[str, str], who: str
) -> None:
    here, there = pair if who == "alice" else pair[::-1]
    text = paragraphs("The lamp in the hall", "is broken")

    story.edit(who, here, description=text)
    story.settle()

    assert story.field(there, "description") == text
    assert story.app_calls() == [READ, READ, WRITE]


def test_a_description_given_at_creation_arrives_with_the_twin(story: Story) -> None:
    text = paragraphs("Since Monday")
    left = story.create("ALPHA", "Broken lamp", description=text, duedate="2026-12-24")

    story.settle()

    twin = story.twin_of(left)
    assert story.field(twin, "description") == text
    assert story.field(twin, "duedate") == "2026-12-24"


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
def test_a_descriptions_delivery_followed_by_a_summarys_in_any_order(
    story: Story, pair: tuple[str, str], order: tuple[int, ...]
) -> None:
    left, right = pair
    story.edit("alice", left, description=paragraphs("New text"))
    story.edit("alice", left, summary="New summary")
    held = story.hold_back(left)

    for number in order:
        story.jira.deliver(held[number])
        story.work()
    story.settle()

    assert story.field(right, "description") == paragraphs("New text")
    assert story.field(right, "summary") == "New summary"


def test_a_description_seen_changed_on_the_written_side_is_carried_over(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("bob", right, description=paragraphs("From BETA"))
    late = story.hold_back(right)
    story.edit("alice", left, summary="From ALPHA")
    story.settle()

    for delivery in late:
        story.jira.deliver(delivery)
    story.settle()

    assert story.field(left, "description") == story.field(right, "description") == paragraphs("From BETA")
    assert story.field(right, "summary") == "From ALPHA"


# --- status ------------------------------------------------------------------------------------


def test_one_step_of_a_status_costs_four_calls_and_nothing_for_the_echo(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    walk_to_in_progress(story, story.create("ALPHA", "Another lamp"))

    walk_to_in_progress(story, left)

    assert story.status(right) == "In Progress"
    assert story.app_calls() == [READ, READ, TRANSITIONS, MOVE]


def test_the_first_step_from_a_status_that_nobody_has_seen_costs_one_more_look_at_where_it_stands(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair

    walk_to_in_progress(story, left)

    assert story.status(right) == "In Progress"
    assert story.app_calls() == [READ, READ, READ, TRANSITIONS, MOVE]


def walk_to_in_progress(story: Story, item: str) -> None:
    """Let Bob do his part of the way and Alice lead the rest of it; the counters begin between them."""
    story.settle()
    story.move("bob", story.twin_of(item), "Selected")
    story.settle()
    story.jira.world.meters.reset()
    story.move("alice", item, "In Progress")
    story.settle()


def test_the_partner_walks_the_shortest_known_way(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair

    story.move("alice", left, "In Progress", "Done")
    story.settle()

    assert story.status(right) == "Done"
    assert story.pair().reason == ""


def test_a_status_the_partner_has_no_way_to_is_told_and_other_fields_go_on(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.forbid_moves(right)

    story.move("alice", left, "In Progress")
    story.edit("alice", left, summary="Meanwhile")
    story.settle()

    assert story.field(right, "summary") == "Meanwhile"
    assert story.status(right) == "Open"
    assert story.pair().reason == "no_path"
    assert "stuck status" in story.journal()


@pytest.mark.parametrize("delivered", [True, False], ids=["its deliveries come", "its deliveries come later"])
@pytest.mark.parametrize("cut_after", [1, 2, 3])
def test_a_walk_that_is_cut_after_any_step_is_walked_on_and_never_flows_back(
    story: Story, pair: tuple[str, str], cut_after: int, *, delivered: bool
) -> None:
    left, right = pair
    story.move("alice", left, "In Progress", "Done")
    kill_after_moves(story, cut_after)

    with pytest.raises(Killed):
        story.settle()
    late = [] if delivered else story.hold_back(right)
    story.release_leases()
    story.clock.advance(seconds=100)
    story.settle()
    for delivery in late:
        story.jira.deliver(delivery)
    story.settle()

    assert story.status(right) == story.status(left) == "Done"
    assert story.statuses(left) == ["In Progress", "Done"]


def test_two_synchronizations_may_write_one_field_of_one_item(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.synchronize("BETA", "GAMMA")
    own = story.create("BETA", "Shared")
    story.settle()
    in_alpha, in_gamma = sorted(story.twins_of(own), key=lambda item: story.issue(item).space_id)

    story.edit("dana", in_alpha, summary="From ALPHA")
    story.settle()
    story.clock.advance(seconds=10)
    story.edit("dana", in_gamma, summary="From GAMMA")
    story.settle()

    assert {story.field(item, "summary") for item in (own, in_alpha, in_gamma)} == {"From GAMMA"}
    assert len(story.twins_of(own)) == 2
    assert story.field(left, "summary") == story.field(right, "summary")


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
def test_the_newer_of_two_edits_wins_through_two_synchronizations_in_any_order(
    story: Story, pair: tuple[str, str], order: tuple[int, ...]
) -> None:
    story.synchronize("BETA", "GAMMA")
    own = story.create("BETA", "Shared")
    story.settle()
    in_alpha, in_gamma = sorted(story.twins_of(own), key=lambda item: story.issue(item).space_id)
    story.edit("dana", in_alpha, summary="Older, from ALPHA")
    story.clock.advance(seconds=10)
    story.edit("dana", in_gamma, summary="Newer, from GAMMA")
    held = [*story.hold_back(in_alpha), *story.hold_back(in_gamma)]

    for number in order:
        story.jira.deliver(held[number])
        story.work()
    story.settle()

    assert {story.field(item, "summary") for item in (own, in_alpha, in_gamma)} == {"Newer, from GAMMA"}


# --- comments ----------------------------------------------------------------------------------


def test_a_comment_costs_one_read_and_one_write_and_names_its_author(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair

    story.comment("alice", left, "Have you looked?")
    story.settle()

    assert story.comments(right) == ["Alice Archer commented:\nHave you looked?"]
    assert story.app_calls() == [READ_COMMENT, ADD_COMMENT]


def test_an_edited_comment_is_changed_and_a_deleted_one_is_deleted(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    written = story.comment("bob", right, "First thought")
    story.settle()

    story.change_comment("bob", right, written, "Second thought")
    story.settle()
    assert story.comments(left) == ["Bob Baker commented:\nSecond thought"]
    story.delete_comment("bob", right, written)
    story.settle()

    assert story.comments(left) == []


def test_a_restricted_comment_does_not_leave_and_one_that_becomes_so_is_taken_back(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.comment("alice", left, "Only for us", visibility={"type": "role", "value": "Administrators"})
    sent = story.comment("alice", left, "For everybody")
    story.settle()
    assert story.comments(right) == ["Alice Archer commented:\nFor everybody"]

    story.change_comment(
        "alice", left, sent, "Not any more", visibility={"type": "role", "value": "Administrators"}
    )
    story.settle()
    assert story.comments(right) == []
    story.change_comment("alice", left, sent, "Again", visibility=None)
    story.settle()

    assert story.comments(right) == ["Alice Archer commented:\nAgain"]


def test_a_deleted_copy_stays_deleted(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    written = story.comment("alice", left, "Please look")
    story.settle()
    story.delete_comment("dana", right, story.comment_ids(right)[0])
    story.settle()

    story.change_comment("alice", left, written, "Please do look")
    story.settle()

    assert story.comments(right) == []
    assert story.journal().count("comment left comment") == 1


def test_a_comment_in_a_space_with_two_synchronizations_costs_no_further_read(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.synchronize("BETA", "GAMMA")
    story.jira.world.meters.reset()

    story.comment("bob", right, "I have")
    story.settle()

    assert story.comments(left) == ["Bob Baker commented:\nI have"]
    assert story.app_calls() == [READ_COMMENT, ADD_COMMENT]


def test_the_news_of_a_copy_we_deleted_costs_nothing(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    written = story.comment("alice", left, "Have you looked?")
    story.settle()
    story.jira.world.meters.reset()

    story.delete_comment("alice", left, written)
    story.settle()

    assert story.comments(right) == []
    assert story.app_calls() == [REMOVE_COMMENT, LIST_COMMENTS]


def test_a_comment_deleted_before_it_was_copied_costs_nothing(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    written = story.comment("alice", left, "Never mind")

    story.delete_comment("alice", left, written)
    story.settle()

    assert story.comments(right) == []
    assert story.app_calls() == []


EVENTS: dict[str, Any] = {
    "edited while its copy is deleted": ("edit", "delete copy"),
    "edited while it becomes internal": ("edit", "restrict"),
    "restricted while its copy is deleted": ("restrict", "delete copy"),
}


@pytest.mark.parametrize("order", list(itertools.permutations(range(2))))
@pytest.mark.parametrize("events", EVENTS.values(), ids=list(EVENTS))
def test_two_things_that_happen_to_a_comment_end_the_same_in_any_order_of_their_deliveries(
    story: Story, pair: tuple[str, str], events: tuple[str, str], order: tuple[int, ...]
) -> None:
    left, right = pair
    written = story.comment("alice", left, "Original")
    story.settle()
    (copy,) = story.comment_ids(right)
    secret = {"type": "role", "value": "Administrators"}
    for event in events:
        match event:
            case "edit":
                story.change_comment("alice", left, written, "Edited")
            case "restrict":
                story.change_comment("alice", left, written, "Secret", visibility=secret)
            case "delete copy":
                story.delete_comment("dana", right, copy)
    held = [*story.hold_back(left), *story.hold_back(right)]

    for number in order:
        for delivery in held[number::2]:
            story.jira.deliver(delivery)
        story.work()
    story.settle()

    assert story.comments(right) == []


def test_a_comment_whose_answer_is_lost_is_not_written_twice(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.jira.world.misfortunes.add(Misfortune(match=("POST", "/comment$"), kind="lose_answer_after_effect"))

    story.comment("alice", left, "Once")
    story.settle()
    story.clock.advance(seconds=100)
    story.settle()

    assert story.comments(right) == ["Alice Archer commented:\nOnce"]


def test_a_comment_that_comes_before_its_work_items_creation_is_not_lost(story: Story) -> None:
    left = story.create("ALPHA", "Quick")
    story.comment("alice", left, "Right away")
    for delivery in reversed(story.hold_back(left)):
        story.jira.deliver(delivery)
        story.work()

    story.settle()

    assert story.comments(story.twin_of(left)) == ["Alice Archer commented:\nRight away"]
