"""Pairing by hand at each step of a creation.

A new work item of ALPHA is on its way to a twin in BETA. In steps:

1. *told*: its delivery is there, nobody has decided about it.
2. *decided*: the pair is there, the worker has not begun.
3. *called*: the intent is there, the call is on its way, nothing has happened in Jira.
4. *happened*: the twin is there, its creator waits for the answer.
5. *died*: the creator has died between the answer and what it would have committed.
6. *unanswered*: the twin is there, and nobody was told.
7. *answered*: the twin is known, the worker looks at it for the first time.
8. *settled*: all is done.

At each, somebody on either side tries to pair the original, or the fresh twin, with another work item. Only
at the first can that be: then there is no creation. At all others it is refused with a sentence that says
what it is a twin of, and the creation ends as if nobody had tried.
"""

import itertools
from collections.abc import Callable
from typing import Final

import pytest

from backbone_app.errors import InvalidInput
from backbone_app.models import Failure, Intent, Pair, PairSide
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.wire import Request
from tests.support.ending import Ending
from tests.support.existing import Matchmaker, in_alpha, in_beta, strangers
from tests.support.scenario import Story
from tests.support.slices import slice_of
from tests.support.workers import CREATE, Killed, elsewhere, kill

STEPS: Final = ("decided", "called", "happened", "died", "unanswered", "answered", "settled")
WHAT: Final = ("original", "twin")
CASES: Final = [
    case
    for case in itertools.product(STEPS, WHAT, ("alpha", "beta"))
    if case[:2] not in {("decided", "twin"), ("called", "twin")}
]


@pytest.fixture
def old(ending: Ending, story: Story) -> tuple[str, str]:
    """A work item in each space from before the start."""
    both = strangers(story, {"summary": "Old left"}, {"summary": "Old right"})
    ending.alone = both
    return both


def at_step(story: Story, step: str, act: Callable[[], object]) -> None:
    """Let the creation come to this step, act, and let it go on."""
    prepare(story, step, act)
    story.jira.deliver_all()
    story.pair_up()
    if step == "decided":
        act()
    try:
        story.work()
    except Killed:
        act()
        story.release_leases()
    if step == "unanswered":
        act()
    story.settle()
    if step == "settled":
        act()


def prepare(story: Story, step: str, act: Callable[[], object]) -> None:
    """Have somebody act, or the creator cut off, around the call that creates the twin."""
    hooks = story.jira.world.hooks
    match step:
        case "called":
            hooks.before(*CREATE, lambda _: elsewhere(act))
        case "happened":
            hooks.after(*CREATE, lambda _: elsewhere(act))
        case "died":
            hooks.after(*CREATE, kill)
        case "unanswered":
            story.jira.world.misfortunes.add(Misfortune(match=CREATE, kind="lose_answer_after_effect"))
        case "answered":
            hooks.after(*CREATE, lambda _: look_first(story, act))


def look_first(story: Story, act: Callable[[], object]) -> None:
    """Act when the worker first reads the twin that it has just made."""
    twin = max(story.jira.site.issues, key=int)
    story.jira.world.hooks.before("GET", f"/issue/{twin}$", lambda _: elsewhere(act))


@pytest.mark.parametrize(("step", "what", "where"), slice_of(CASES, 2))
def test_while_a_twin_is_being_created_neither_of_the_two_can_be_paired(
    story: Story, ending: Ending, old: tuple[str, str], step: str, what: str, where: str
) -> None:
    new = story.create("ALPHA", "New left")
    said: list[str] = []

    def attempt() -> None:
        left, right = (new, old[1]) if what == "original" else (old[0], story.twin_of(new))
        matchmaker: Matchmaker = in_alpha(story) if where == "alpha" else in_beta(story)
        with pytest.raises(InvalidInput) as refused:
            matchmaker.pair(*((left, right) if where == "alpha" else (right, left)))
        said.append(str(refused.value))

    at_step(story, step, attempt)

    key = story.issue(new).key
    twin = story.issue(story.twin_of(new)).key
    is_known = step in {"answered", "settled"}
    expected = {
        ("original", False): "A twin of it is being created.",
        ("twin", False): f"It is being created as the twin of {key}.",
        ("original", True): f"It is already the twin of {twin}.",
        ("twin", True): f"It is already the twin of {key}.",
    }
    assert said == [expected[what, is_known]]
    assert ending.faults() == []
    assert len(story.twins_of(new)) == Pair.objects.count() == 1


@pytest.mark.parametrize("where", ["alpha", "beta"])
def test_a_new_work_item_that_is_paired_before_anybody_decided_about_it_gets_no_twin(
    story: Story, ending: Ending, old: tuple[str, str], where: str
) -> None:
    new = story.create("ALPHA", "Old right")

    if where == "alpha":
        in_alpha(story).pair(new, old[1], "own")
    else:
        in_beta(story).pair(old[1], new, "partner")
    story.settle()

    ending.alone = (old[0],)
    ending.stage.joined[old[1]] = new
    assert ending.faults() == []
    assert story.twins_of(new) == []
    assert story.holds(old[1]) == story.holds(new)
    assert Pair.objects.count() == 1


@pytest.mark.parametrize("way", ["answer", "lost answer", "delivery first"])
def test_a_creation_that_finds_its_item_taken_sets_its_pair_aside_and_creates_nothing_again(
    story: Story, old: tuple[str, str], way: str
) -> None:
    left, _ = old
    new = story.create("ALPHA", "New left")

    def take(_: Request) -> None:
        twin = story.twin_of(new)
        del story.issue(twin).properties["backbone-twin"]  # without its mark nobody can tell
        elsewhere(lambda: in_alpha(story).pair(left, twin, "own"))
        if way == "delivery first":
            story.issue(twin).properties["backbone-twin"] = marks[0]
            story.jira.deliver_all()
            elsewhere(story.pair_up)

    marks: list[dict[str, str]] = []
    story.jira.world.hooks.after(*CREATE, lambda _: marks.append(dict(mark(story, new))))
    story.jira.world.hooks.after(*CREATE, take)
    if way == "lost answer":
        story.jira.world.misfortunes.add(Misfortune(match=CREATE, kind="lose_answer_after_effect"))
    before = len(story.jira.site.issues)
    story.settle()
    if way == "lost answer":
        taken = PairSide.objects.get(item=left).pair.sides.get(side="right").item
        story.issue(taken).properties["backbone-twin"] = marks[0]
        story.clock.advance(seconds=80)
        story.settle()

    mine = PairSide.objects.get(item=new).pair
    assert (mine.state, mine.reason, mine.due) == ("set aside", "twin_taken", 0)
    assert [(one.code, one.side) for one in Failure.objects.filter(pair=mine)] == [("twin_taken", "right")]
    assert len(story.jira.site.issues) == before + 1
    assert {intent.state for intent in Intent.objects.filter(pair=mine)} == {"done"}
    story.edit("alice", new, summary="Edited later")
    story.settle()
    assert len(story.jira.site.issues) == before + 1


def mark(story: Story, item: str) -> dict[str, str]:
    """Our mark on the twin of a work item."""
    found = story.issue(story.twin_of(item)).properties["backbone-twin"]
    assert isinstance(found, dict)
    return found
