"""Comments whose workers die, whose calls are refused, whose news come late, which must not leave."""

import itertools
from typing import Any

import pytest

from backbone_app.models import CommentTwin
from jira_sandbox.misfortunes import Kind, Misfortune
from tests.support.scenario import Story
from tests.support.slices import slice_of
from tests.support.workers import EDIT, Killed, kill

SECRET = {"type": "role", "value": "Administrators"}
RESTRICTIONS: dict[str, dict[str, Any]] = {
    "to a role": {"visibility": SECRET},
    "internal": {"properties": [{"key": "sd.public.comment", "value": {"internal": True}}]},
}
CHANGE = ("PUT", "/comment/")
REMOVE = ("DELETE", "/comment/")


@pytest.fixture
def pair(story: Story) -> tuple[str, str]:
    """A work item of ALPHA and its twin in BETA, at rest, with the counters at zero."""
    left = story.create("ALPHA", "Broken lamp")
    story.settle()
    story.jira.world.meters.reset()
    return left, story.twin_of(left)


def by_alice(*texts: str) -> list[str]:
    """What copies of her comments say."""
    return [f"Alice Archer commented:\n{text}" for text in texts]


def recover(story: Story) -> None:
    """Let every lease end and another worker take over."""
    story.release_leases()
    story.clock.advance(seconds=100)
    story.settle()


def calls(story: Story) -> list[str]:
    """The app's calls since this was asked last."""
    made = story.app_calls()
    story.jira.world.meters.reset()
    return made


# --- workers that die --------------------------------------------------------------------------

LIFE: dict[str, list[str]] = {
    "add": ["One"],
    "edit": ["Two"],
    "restrict": [],
    "publish": ["Three"],
    "delete": [],
}
"""What happens to a comment, and what the partner is to show of it afterwards."""

CALLS = {
    ("add", "publish"): ("GET", "POST"),
    ("edit",): ("GET", "PUT"),
    ("restrict", "delete"): ("GET", "DELETE"),
}
EACH = [f"{act} {method}" for acts, methods in CALLS.items() for act in acts for method in methods]
KILLINGS = itertools.product(EACH, ("delivered", "delivered late"), ("before", "after"))


def live(story: Story, item: str, comment: str, action: str) -> str:
    """Let alice do this to her comment, which may yet have to be written; returns its id."""
    match action:
        case "add":
            return story.comment("alice", item, "One")
        case "edit":
            story.change_comment("alice", item, comment, "Two")
        case "restrict":
            story.change_comment("alice", item, comment, "Secret", visibility=SECRET)
        case "publish":
            story.change_comment("alice", item, comment, "Three", visibility=None)
        case "delete":
            story.delete_comment("alice", item, comment)
    return comment


@pytest.mark.parametrize(("call", "delivery", "moment"), slice_of(KILLINGS, 12))
def test_a_worker_killed_at_any_call_for_a_comment_leaves_nothing_lost_or_doubled(
    story: Story, pair: tuple[str, str], call: str, delivery: str, moment: str
) -> None:
    struck, method = call.split()
    left, right = pair
    written, shown = "", {}

    for action in LIFE:
        written = live(story, left, written, action)
        if action == struck:
            getattr(story.jira.world.hooks, moment)(method, "/comment", kill)
            with pytest.raises(Killed):
                story.settle()
            late = story.hold_back(right) if delivery == "delivered late" else []
            recover(story)
            for each in late:
                story.jira.deliver(each)
        story.settle()
        shown[action] = story.comments(right)

    assert shown == {action: by_alice(*texts) for action, texts in LIFE.items()}
    assert "comment left comment" not in story.journal()


def test_what_must_be_taken_back_is_taken_back_before_anything_else_is_tried(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    first, second = (story.comment("alice", left, text) for text in ("One", "Two"))
    story.settle()
    story.change_comment("alice", left, first, "One, edited")
    story.change_comment("alice", left, second, "Two", visibility=SECRET)
    story.comment("alice", left, "Three")

    for method in ("POST", "PUT"):
        story.jira.world.hooks.before(method, "/comment", kill)
    with pytest.raises(Killed):
        story.settle()

    assert story.comments(right) == by_alice("One")


@pytest.mark.parametrize("kind", ["lose_before_effect", "lose_answer_after_effect"])
def test_a_comment_may_return_although_the_answer_to_its_withdrawal_was_lost(
    story: Story, pair: tuple[str, str], kind: Kind
) -> None:
    left, right = pair
    written = story.comment("alice", left, "Hello")
    story.settle()
    story.jira.world.misfortunes.add(Misfortune(match=REMOVE, kind=kind))
    story.change_comment("alice", left, written, "Hello", visibility=SECRET)
    story.settle()
    recover(story)
    assert story.comments(right) == []

    story.change_comment("alice", left, written, "Again", visibility=None)
    story.settle()

    assert story.comments(right) == by_alice("Again")
    assert "comment left comment" not in story.journal()


def test_a_copy_on_a_work_item_that_is_hidden_meanwhile_is_taken_back_once_that_shows_again(
    story: Story, pair: tuple[str, str]
) -> None:
    """Jira answers 404 to the deletion of a comment that is gone, and of one on a hidden work item."""
    left, right = pair
    written = story.comment("alice", left, "Hello")
    story.settle()
    site = story.jira.site
    story.jira.world.hooks.before(
        *REMOVE, lambda _: site.hide_issue(story.issue(right), from_account=site.app.user)
    )

    story.delete_comment("alice", left, written)
    story.settle()
    hidden = story.pair().reason
    site.show_issue(story.issue(right), to_account=site.app.user)
    story.check_everything()

    assert hidden == "remote_missing"
    assert story.comments(right) == []


def test_a_copy_that_somebody_deletes_before_we_do_needs_one_more_look(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    written = story.comment("alice", left, "Hello")
    story.settle()
    (copy,) = story.comment_ids(right)
    story.jira.world.hooks.before(*REMOVE, lambda _: story.delete_comment("dana", right, copy))
    calls(story)

    story.delete_comment("alice", left, written)
    story.settle()

    assert calls(story).count("GET /rest/api/3/issue/{issueIdOrKey}/comment") == 2
    assert story.pair().reason == ""
    assert not CommentTwin.objects.exists()


# --- calls that are refused --------------------------------------------------------------------


@pytest.mark.parametrize(
    "refused", [EDIT, ("POST", "/transitions$"), CHANGE], ids=["a field", "a status", "another comment"]
)
def test_a_refusal_holds_back_no_withdrawal_and_no_other_comment(
    story: Story, pair: tuple[str, str], refused: tuple[str, str]
) -> None:
    left, right = pair
    first, second = (story.comment("alice", left, text) for text in ("One", "Two"))
    story.settle()
    refusal = Misfortune(match=refused, kind="refuse_before_effect", status=400, times=99)
    story.jira.world.misfortunes.add(refusal)

    story.edit("alice", left, summary="Refused there")
    story.move("alice", left, "In Progress")
    story.change_comment("alice", left, first, "One, edited")
    story.change_comment("alice", left, second, "Two", visibility=SECRET)
    story.comment("alice", left, "Three")
    story.settle()

    expected = by_alice("One" if refused == CHANGE else "One, edited", "Three")
    assert story.comments(right) == expected
    codes = {CHANGE: "comment_refused", EDIT: "field_refused"}
    assert story.pair().reason == codes.get(refused, "transition_refused")


# --- what nobody else may read -----------------------------------------------------------------


@pytest.mark.parametrize("order", slice_of(itertools.permutations(range(3)), 3), ids=str)
@pytest.mark.parametrize("restriction", RESTRICTIONS.values(), ids=list(RESTRICTIONS))
def test_a_restricted_comment_does_not_leak_in_any_order_of_its_deliveries(
    story: Story, pair: tuple[str, str], restriction: dict[str, Any], order: tuple[int, ...]
) -> None:
    left, right = pair
    written = story.comment("alice", left, "Secret one")
    story.change_comment("alice", left, written, "Secret two")
    story.change_comment("alice", left, written, "Secret three", **restriction)
    held = story.hold_back(left)

    shown = []
    for number in (*order, *order):
        story.jira.deliver(held[number])
        story.work()
        shown.append(story.comments(right))
    story.settle()

    assert story.comments(right) == []
    assert shown == [[]] * 6


@pytest.mark.parametrize("restriction", RESTRICTIONS.values(), ids=list(RESTRICTIONS))
def test_a_comment_that_is_restricted_while_it_is_being_copied_is_taken_back(
    story: Story, pair: tuple[str, str], restriction: dict[str, Any]
) -> None:
    left, right = pair
    written = story.comment("alice", left, "Wait")

    story.jira.world.hooks.before(
        "POST", "/comment$", lambda _: story.change_comment("alice", left, written, "Secret", **restriction)
    )
    story.settle()

    assert story.comments(right) == []
    assert story.journal()[-2:] == ["commented comment", "comment removed comment"]


def test_a_comment_that_is_hidden_from_us_goes_with_the_next_list_and_returns_when_we_see_it(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    written, other = (story.comment("alice", left, text) for text in ("One", "Two"))
    story.settle()
    story.jira.site.expel(story.jira.site.app.user)
    story.change_comment("alice", left, written, "Secret", visibility=SECRET)
    assert story.deliveries(left) == []

    story.delete_comment("alice", left, other)
    story.settle()
    assert story.comments(right) == []
    story.change_comment("alice", left, written, "Again", visibility=None)
    story.settle()

    assert story.comments(right) == by_alice("Again")


def test_in_a_chain_of_three_spaces_a_comment_goes_one_step_and_comes_back_from_there(story: Story) -> None:
    story.synchronize("BETA", "GAMMA")
    middle = story.create("BETA", "Shared")
    story.settle()
    first, last = sorted(story.twins_of(middle), key=lambda item: story.issue(item).space_id)
    in_first = story.comment("dana", first, "From the end")
    in_middle = story.comment("bob", middle, "From the middle")
    story.settle()

    def seen() -> list[int]:
        story.settle()
        return [len(story.comments(item)) for item in (first, middle, last)]

    assert seen() == [2, 2, 1]
    story.change_comment("dana", first, in_first, "Secret", visibility=SECRET)
    assert seen() == [2, 1, 1]
    story.change_comment("bob", middle, in_middle, "Secret", visibility=SECRET)
    assert seen() == [1, 1, 0]
    story.change_comment("bob", middle, in_middle, "Open", visibility=None)
    story.change_comment("dana", first, in_first, "Open", visibility=None)
    assert seen() == [2, 2, 1]


# --- news that tell nothing new ----------------------------------------------------------------


@pytest.mark.parametrize("what", ["edit", "restrict", "edit the copy", "delete the copy"])
def test_the_echo_of_what_we_did_with_a_comment_costs_nothing(
    story: Story, pair: tuple[str, str], what: str
) -> None:
    left, right = pair
    written = story.comment("alice", left, "One")
    story.settle()
    (copy,) = story.comment_ids(right)
    calls(story)
    match what:
        case "edit":
            story.change_comment("alice", left, written, "Edited")
        case "restrict":
            story.change_comment("alice", left, written, "One", visibility=SECRET)
        case "edit the copy":
            story.change_comment("dana", right, copy, "Edited")
        case "delete the copy":
            story.delete_comment("dana", right, copy)
    story.jira.deliver_all()
    story.work()
    first = calls(story)

    story.settle()

    assert 1 <= len(first) <= 2
    assert calls(story) == []


def test_the_creation_of_a_comment_that_comes_after_its_change_costs_nothing(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    written = story.comment("alice", left, "One")
    late = story.hold_back(left)
    story.change_comment("alice", left, written, "Two")
    story.settle()
    calls(story)

    for delivery in late:
        story.jira.deliver(delivery)
    story.settle()

    assert story.comments(right) == by_alice("Two")
    assert calls(story) == []


def test_the_echo_of_a_creation_that_comes_after_a_change_costs_nothing(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    written = story.comment("alice", left, "One")
    story.jira.deliver_all()
    story.work()
    late = story.hold_back(right)
    story.change_comment("alice", left, written, "Two")
    story.jira.deliver_all()
    story.work()
    calls(story)

    for delivery in late:
        story.jira.deliver(delivery)
    story.settle()

    assert story.comments(right) == by_alice("Two")
    assert calls(story) == []


# --- what is remembered ------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["", "restrict", "edit the copy", "delete the copy"])
def test_of_a_comment_that_was_deleted_nothing_is_remembered(
    story: Story, pair: tuple[str, str], before: str
) -> None:
    left, right = pair
    written = story.comment("alice", left, "One")
    story.settle()
    (copy,) = story.comment_ids(right)
    match before:
        case "restrict":
            story.change_comment("alice", left, written, "One", visibility=SECRET)
        case "edit the copy":
            story.change_comment("dana", right, copy, "Edited")
        case "delete the copy":
            story.delete_comment("dana", right, copy)
    story.settle()
    assert CommentTwin.objects.exists()

    story.delete_comment("alice", left, written)
    story.settle()

    assert story.comments(right) == []
    assert not CommentTwin.objects.exists()
