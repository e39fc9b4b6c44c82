"""A comment is edited, its copy is deleted, it is made internal: all at once.

1. A comment of Alice's has its copy in the other space.
2. Alice edits it; somebody deletes the copy; Alice keeps it to the administrators, or makes it internal.
   Two of these or all three, in any order, before we have heard of any.
3. What Jira tells of them arrives in order, the last first, one by one with a look after each, or not at
   all; or the first has been told, and the others happen while the worker is carrying it over.

What is internal leaves no trace there, and a copy that was deleted stays deleted; all other comments stay as
they are, and nothing is copied twice.
"""

import itertools
from typing import Any, Final

import pytest

from jira_sandbox.wire import Request
from tests.support.ending import Ending
from tests.support.scenario import Story
from tests.support.slices import slice_of

RESTRICTIONS: Final[dict[str, dict[str, Any]]] = {
    "to a role": {"visibility": {"type": "role", "value": "Administrators"}},
    "internal": {"properties": [{"key": "sd.public.comment", "value": {"internal": True}}]},
}
ACTS: Final = ("edit", "delete the copy", "restrict")
ORDERS: Final = [order for number in (1, 2, 3) for order in itertools.permutations(ACTS, number)]
MOMENTS: Final = {"while reading": ("GET",), "while writing": ("PUT", "DELETE")}
"""The calls that the other acts come between; where none is made they come afterwards."""
NEWS: Final = ("in order", "last first", "one by one", "lost", *MOMENTS)
CASES: Final = list(itertools.product(ORDERS, RESTRICTIONS, NEWS))


@pytest.fixture
def said(story: Story, pair: tuple[str, str]) -> str:
    """Alice's comment, whose copy stands; another one of hers and one of Bob's that nobody touches."""
    left, right = pair
    written = story.comment("alice", left, "One")
    story.comment("alice", left, "Stays")
    story.settle()
    story.comment("bob", right, "Stays too")
    story.settle()
    return written


def do(story: Story, pair: tuple[str, str], comment: str, act: str, restriction: str) -> None:
    """Let somebody do this; an edit of what is restricted already stays so."""
    left, right = pair
    match act:
        case "edit":
            story.change_comment("alice", left, comment, "Edited")
        case "delete the copy":
            story.delete_comment("dana", right, story.comment_ids(right)[0])
        case "restrict":
            story.change_comment("alice", left, comment, "Secret", **RESTRICTIONS[restriction])


def arrive(story: Story, news: str) -> None:
    """Let what Jira has to tell arrive."""
    if news == "lost":
        story.lose()
    waiting = story.jira.deliveries()
    for delivery in reversed(waiting) if news == "last first" else waiting:
        story.jira.deliver(delivery)
        if news == "one by one":
            story.work()


@pytest.mark.parametrize(("order", "restriction", "news"), slice_of(CASES, 2), ids=str)
def test_whatever_happens_to_a_comment_and_its_copy_at_once_nothing_leaks_or_returns(
    story: Story,
    ending: Ending,
    pair: tuple[str, str],
    said: str,
    order: tuple[str, ...],
    restriction: str,
    news: str,
) -> None:
    left, right = pair

    to_do = list(order)

    def do_the_others(_: Request | None = None) -> None:
        while to_do:
            do(story, pair, said, to_do.pop(0), restriction)

    if news in MOMENTS:
        do(story, pair, said, to_do.pop(0), restriction)
        for method in MOMENTS[news]:
            story.jira.world.hooks.before(method, "/comment", do_the_others)
        story.jira.deliver_all()
        story.work()
        do_the_others()
    else:
        do_the_others()
        arrive(story, news)

    assert ending.faults(besides=("comment",)) == []
    assert not any("Secret" in text for text in story.comments(right))
    gone = set(order) & {"delete the copy", "restrict"}
    shown = [text.splitlines()[-1] for text in story.comments(right)]
    assert shown == [*([] if gone else ["Edited"]), "Stays", "Stays too"]
    assert len(story.comments(left)) == 3
