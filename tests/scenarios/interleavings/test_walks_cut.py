"""A status walk is cut after each step.

1. Alice moves her work item to Done; the twin's workflow has several steps on the way there.
2. The worker is cut after one of them: it dies, or the answer is lost, or Jira is busy then.
3. What Jira tells of the steps arrives before the next worker comes, after it has been there, or never.
4. Meanwhile nobody does anything, or Alice goes back, or Bob moves the twin by hand.

The next worker goes on from where the twin stands, towards where the original has gone by then; no step on
the way is taken for Bob's wish.
"""

import itertools
from typing import Final

import pytest

from backbone_app.models import Failure
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.wire import Request
from tests.support.ending import Ending
from tests.support.scenario import Story
from tests.support.slices import slice_of
from tests.support.workers import Killed

MOVES: Final = ("POST", "/transitions$")
STEPS: Final = ["Selected", "In Progress", "In Review", "Done"]
CUTS: Final = ("killed before", "killed after", "answer lost", "busy")
MEANWHILE: Final = ("nothing", "back to In Progress", "back to To Do", "bob moves")
CASES: Final = list(itertools.product((1, 2, 3, 4), CUTS, ("before", "after", "never"), MEANWHILE))


@pytest.fixture
def explored(story: Story, pair: tuple[str, str]) -> tuple[str, str]:
    """The pair after a walk all around: its workflows are known, both are where they began."""
    left, right = pair
    for way in (("In Progress", "Done"), ("To Do",)):
        story.move("alice", left, *way)
        story.settle()
    assert (story.status(left), story.status(right)) == ("To Do", "Open")
    return left, right


def at_move(story: Story, number: int, cut: str) -> None:
    """Let the walk be cut around its ``number``-th transition."""

    def kill(_: Request) -> None:
        raise Killed

    def count(_: Request) -> None:
        at_move(story, number - 1, cut)

    hooks, misfortunes = story.jira.world.hooks, story.jira.world.misfortunes
    if number > 1:
        hooks.after(*MOVES, count)
    elif cut == "killed before":
        hooks.before(*MOVES, kill)
    elif cut == "killed after":
        hooks.after(*MOVES, kill)
    elif cut == "answer lost":
        misfortunes.add(Misfortune(match=MOVES, kind="lose_answer_after_effect"))
    else:
        misfortunes.add(Misfortune(match=MOVES, kind="busy", headers={"Retry-After": "30"}))


def meanwhile(story: Story, left: str, right: str, what: str) -> None:
    """Let people go on while nobody works."""
    match what:
        case "back to In Progress" | "back to To Do":
            story.move("alice", left, what.removeprefix("back to "))
        case "bob moves":
            offered = story.jira.person("bob").get(f"/rest/api/3/issue/{right}/transitions").json()
            story.move("bob", right, min(one["to"]["name"] for one in offered["transitions"]))


@pytest.mark.parametrize(("number", "cut", "news", "what"), slice_of(CASES, 2))
def test_a_walk_that_is_cut_is_walked_on_from_where_it_stands_to_where_it_leads_by_then(
    story: Story, ending: Ending, explored: tuple[str, str], number: int, cut: str, news: str, what: str
) -> None:
    left, right = explored
    story.move("alice", left, "In Progress", "Done")
    at_move(story, number, cut)
    story.jira.deliver_all()
    try:
        story.work()
    except Killed:
        story.release_leases()

    late = story.hold_back(right)
    meanwhile(story, left, right, what)
    for delivery in late if news == "before" else []:
        story.jira.deliver(delivery)
    ending.rest()
    for delivery in late if news == "after" else []:
        story.jira.deliver(delivery)

    assert ending.faults(besides=("status",)) == []
    assert story.pair().reason == ""
    if what == "nothing":
        assert story.statuses(right)[-4:] == STEPS
    if what.startswith("back"):
        assert story.status(left) == what.removeprefix("back to ")
        assert story.status(right) == {"To Do": "Open"}.get(story.status(left), story.status(left))


@pytest.mark.parametrize("during", slice_of([1, 2, 3], 1))
def test_a_goal_that_is_taken_back_during_the_walk_is_walked_back_from(
    story: Story, ending: Ending, explored: tuple[str, str], during: int
) -> None:
    left, right = explored
    story.move("alice", left, "In Progress", "Done")

    def go_back_after(number: int) -> None:
        def act(_: Request) -> None:
            if number == 1:
                story.move("alice", left, "To Do")
            else:
                go_back_after(number - 1)

        story.jira.world.hooks.after(*MOVES, act)

    go_back_after(during)
    story.settle()

    assert story.status(left) == "To Do"
    assert story.status(right) == "Open"
    assert ending.faults(besides=("status",)) == []


def test_the_way_back_to_where_both_had_agreed_is_walked_although_nothing_seems_changed(
    story: Story, ending: Ending, explored: tuple[str, str]
) -> None:
    left, right = explored
    story.move("alice", left, "In Progress", "Done")
    story.settle()
    story.move("alice", left, "In Progress")
    at_move(story, 1, "killed after")
    with pytest.raises(Killed):
        story.settle()
    assert story.status(right) == "Open"

    story.move("alice", left, "Done")

    assert ending.faults(besides=("status",)) == []
    assert story.status(left) == story.status(right) == "Done"


@pytest.mark.parametrize("call", [("GET", "/transitions$"), MOVES], ids=["asking", "moving"])
def test_a_transition_that_is_offered_no_more_since_somebody_moved_the_item_is_no_failure(
    story: Story, ending: Ending, explored: tuple[str, str], call: tuple[str, str]
) -> None:
    left, right = explored
    story.move("alice", left, "In Progress", "Done")

    story.jira.world.hooks.before(*call, lambda _: story.move("bob", right, "Selected", "In Progress"))
    ending.rest()

    assert not Failure.objects.exists()
    assert not {"failed status", "stuck status"} & set(story.journal())
    assert ending.faults(besides=("status",)) == []
