"""A crossed move is put back in several steps, and the worker is killed on the way.

1. Alice moves her work item to Done, which is Cancelled on the other side: one transition.
2. Some seconds later, and unseen by our write of it, Bob has moved the twin to In Progress.
3. His move is the newer one. The way back to it takes three transitions; the worker dies after one of them.

No step of ours on the way back is taken for somebody who went on from Alice's status.
"""

import itertools
from dataclasses import replace
from typing import Final

import pytest

from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.state.workflow import Transition
from jira_sandbox.wire import Request
from tests.scenarios.interleavings.test_crossed_edits import work
from tests.support.ending import Ending
from tests.support.scenario import Story
from tests.support.slices import slice_of
from tests.support.workers import kill, publish

MOVES: Final = ("POST", "/transitions$")
CASES: Final = list(itertools.product((1, 2), (0, 4)))
"""After how many steps back the worker dies, and of how many of our moves the site drops what they say."""


@pytest.fixture
def cancelled(story: Story, pair: tuple[str, str]) -> tuple[str, str]:
    """The pair after a walk all around, where Done is Cancelled in BETA; nothing leads back from there."""
    left, right = pair
    for way in (("In Progress", "Done"), ("To Do",)):
        story.move("alice", left, *way)
        story.settle()
    there = [["To Do", "Open"], ["In Progress", "In Progress"], ["Done", "Cancelled"]]
    publish(story.synchronization_id, lambda document: document.update(statuses_to_right=there))
    return left, right


def let_out(story: Story, right: str) -> None:
    """Let a way lead from Cancelled back to Open."""
    space, kind = story.jira.site.space_of(story.issue(right)), story.issue(right).type_id
    ids = {status.name: status.id for status in story.jira.site.statuses}
    out = Transition(id="99", name="Revive", to=ids["Open"], sources=frozenset({ids["Cancelled"]}))
    flow = space.workflows[kind]
    space.workflows[kind] = replace(flow, transitions=(*flow.transitions, out))


def cross(story: Story, right: str) -> None:
    """Let Bob move the twin just before we do."""
    story.clock.advance(seconds=6)
    story.move("bob", right, "Selected", "In Progress")


def die_after(story: Story, steps: int) -> None:
    """Let the worker die between the effect of so many further moves and their answer."""

    def count(request: Request) -> None:
        if steps == 1:
            kill(request)
        die_after(story, steps - 1)

    story.jira.world.hooks.after(*MOVES, count)


@pytest.mark.parametrize(("steps", "dropped"), slice_of(CASES, 2))
def test_a_move_that_is_put_back_in_steps_stands_although_the_worker_dies_on_the_way(
    story: Story, ending: Ending, cancelled: tuple[str, str], steps: int, dropped: int
) -> None:
    left, right = cancelled
    let_out(story, right)

    def cross_and_die(_: Request) -> None:
        cross(story, right)
        story.jira.world.hooks.after(*MOVES, lambda _: die_after(story, steps))

    story.move("alice", left, "In Progress", "Done")
    story.jira.world.hooks.before(*MOVES, cross_and_die)
    if dropped:
        story.jira.world.misfortunes.add(Misfortune(match=MOVES, kind="drop_metadata", times=dropped))
    story.jira.deliver_all()
    work(story)

    assert ending.faults(besides=("status",)) == []
    assert (story.status(left), story.status(right)) == ("In Progress", "In Progress")
    assert story.journal().count("conflict status") == 1


def test_a_crossed_move_that_no_way_leads_back_to_is_carried_across_all_the_same(
    story: Story, cancelled: tuple[str, str]
) -> None:
    left, right = cancelled
    story.move("alice", left, "In Progress", "Done")
    story.jira.world.hooks.before(*MOVES, lambda _: cross(story, right))

    story.settle()

    assert (story.status(left), story.status(right)) == ("In Progress", "Cancelled")
    assert story.journal().count("conflict status") == 1
    assert story.pair().reason == "no_path"
