"""A call's effect comes thirty seconds after its time-out, which comes fifteen after the call.

1. A worker calls: it creates, edits, moves, comments, changes a copy or takes one back. No answer in time.
2. Other workers look at the pair, and somebody goes on: on the original, on the twin, or nobody does.
3. Thirty seconds after the time-out the call takes effect all the same.
4. What Jira tells of it arrives, or gets lost.

Until the call can take effect no more nothing is done in its place; then it is looked up. It has had its
effect once, and what people did meanwhile stands or was weighed against it.
"""

import itertools
from typing import Final

import pytest

from backbone_app.models import Intent
from jira_sandbox.front import ConnectionLost, Front
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.wire import Request
from tests.support.ending import Ending
from tests.support.scenario import Story
from tests.support.slices import slice_of
from tests.support.workers import CREATE, EDIT

CALLS: Final[dict[str, tuple[str, str]]] = {
    "create": CREATE,
    "edit": EDIT,
    "move": ("POST", "/transitions$"),
    "comment": ("POST", "/comment$"),
    "change": ("PUT", "/comment/"),
    "remove": ("DELETE", "/comment/"),
}
LATE: Final = 15 + 30
MEANWHILE: Final = ("nobody", "original", "twin", "both")
CASES: Final = list(itertools.product(CALLS, MEANWHILE, ("told", "lost"), ("soon", "after the effect")))


@pytest.fixture
def commented(story: Story, pair: tuple[str, str]) -> tuple[str, str]:
    """The pair with a comment of Alice's."""
    story.comment("alice", pair[0], "One")
    story.settle()
    return pair


def begin(story: Story, left: str, call: str) -> str:
    """Let Alice do what makes us call; returns the work item it is about."""
    comment = story.comment_ids(left)[0]
    match call:
        case "create":
            return story.create("ALPHA", "Another lamp")
        case "edit":
            story.edit("alice", left, summary="Lamp, mended")
        case "move":
            story.move("alice", left, "In Progress")
        case "comment":
            story.comment("alice", left, "Two")
        case "change":
            story.change_comment("alice", left, comment, "One, edited")
        case "remove":
            story.delete_comment("alice", left, comment)
    return left


def go_on(story: Story, left: str, who: str) -> None:
    """Let people go on with the same fields."""
    if who in {"original", "both"}:
        story.edit("alice", left, summary="Alice went on")
        story.comment("alice", left, "Alice went on")
    twins = story.twins_of(left)
    if who in {"twin", "both"} and twins:
        story.edit("bob", twins[0], summary="Bob went on", labels=["hall", "bob"])


@pytest.mark.parametrize(("call", "who", "news", "moment"), slice_of(CASES, 4))
def test_an_effect_half_a_minute_after_its_time_out_comes_once(
    story: Story, ending: Ending, commented: tuple[str, str], call: str, who: str, news: str, moment: str
) -> None:
    item = begin(story, commented[0], call)
    late = Misfortune(match=CALLS[call], kind="effect_after_time_out", seconds=LATE)
    story.jira.world.misfortunes.add(late)
    story.jira.deliver_all()
    story.work()
    assert Intent.objects.filter(state="open").count() == 1

    if moment == "soon":
        go_on(story, item, who)
    story.clock.advance(seconds=LATE - 5)
    story.work()
    assert Intent.objects.filter(state="open").count() == 1
    story.clock.advance(seconds=10)
    story.jira.world.catch_up()
    if moment == "after the effect":
        go_on(story, item, who)
    if news == "lost":
        story.lose()

    assert ending.faults() == []
    assert len(story.twins_of(item)) == 1
    assert not Intent.objects.exclude(state__in=("done", "void")).exists()


def test_a_write_that_a_gateway_may_still_finish_is_not_looked_up_before(
    story: Story, ending: Ending, pair: tuple[str, str]
) -> None:
    left, right = pair
    held: list[Request] = []

    def hold(request: Request) -> None:
        held.append(request)
        raise ConnectionLost

    story.jira.world.hooks.before(*EDIT, hold)
    story.edit("alice", left, summary="Late")
    story.settle()
    story.jira.world.meters.reset()
    story.clock.advance(seconds=50)
    story.settle()
    assert story.app_calls() == []
    Front(story.jira.world).handle("acme", held[0])

    assert ending.faults() == []
    assert story.holds(right)["summary"] == "Late"
    assert story.journal().count("edited summary") == 1
