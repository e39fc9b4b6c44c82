"""An edit between our read and our write.

1. Alice edits; her delivery arrives, and a worker decides to write her value on the other side.
2. Bob edits the same field there, a second or half a minute after her.
3. The worker's write overwrites his edit, which it has never seen.
4. His delivery arrives in order, after everything else, or never; the worker is answered, or not, or dies.

His edit is weighed against hers all the same: the newer one stands on both sides, the other one is kept.
"""

import itertools
from datetime import timedelta
from typing import Any, Final

import pytest

from backbone_app.models import Intent, JournalEntry
from backbone_app.models.intent import JournalKind
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.wire import Request
from tests.support.ending import Ending
from tests.support.scenario import Story, paragraphs
from tests.support.slices import slice_of
from tests.support.workers import EDIT, Killed, kill

VALUES: Final[dict[str, tuple[Any, Any]]] = {
    "summary": ("From the first", "From the second"),
    "priority": ({"name": "Low"}, {"name": "Highest"}),
    "labels": (["hall", "first"], ["hall", "second"]),
    "duedate": ("2027-01-01", "2027-02-02"),
    "description": (paragraphs("From the first"), paragraphs("From the second")),
}
DELIVERIES: Final = ("in order", "late", "lost")
ANSWERS: Final = ("given", "lost", "killed")
CASES: Final = list(itertools.product(VALUES, ("left first", "right first"), (1, 30), DELIVERIES, ANSWERS))


def work(story: Story) -> None:
    """Let a worker work that may die of it."""
    try:
        story.work()
    except Killed:
        story.release_leases()


@pytest.mark.parametrize(("name", "order", "gap", "delivery", "answer"), slice_of(CASES, 2))
def test_an_edit_that_our_write_overwrites_unseen_is_weighed(
    story: Story,
    ending: Ending,
    pair: tuple[str, str],
    name: str,
    order: str,
    gap: int,
    delivery: str,
    answer: str,
) -> None:
    (one, other), (who, another) = pair, ("alice", "bob")
    if order == "right first":
        (one, other), (who, another) = (other, one), (another, who)
    first, second = VALUES[name]

    def cross(_: Request) -> None:
        story.clock.advance(seconds=gap - 1)
        story.edit(another, other, **{name: second})

    story.jira.world.hooks.before(*EDIT, cross)
    if answer == "lost":
        story.jira.world.misfortunes.add(Misfortune(match=EDIT, kind="lose_answer_after_effect"))
    if answer == "killed":
        story.jira.world.hooks.after(*EDIT, kill)
    story.edit(who, one, **{name: first})
    story.jira.deliver_all()
    work(story)
    late = story.hold_back(other) if delivery != "in order" else []
    ending.rest()
    for each in late if delivery == "late" else []:
        story.jira.deliver(each)

    assert ending.faults() == []
    conflicts = 0 if name == "labels" else 1
    assert story.journal().count(f"conflict {name}") == conflicts
    if conflicts:
        newer = "second" if gap > 5 or order == "right first" else "first"
        assert shown(story, one, name) == VALUES[name][newer == "second"]


def shown(story: Story, item: str, name: str) -> object:
    """The field as it is entered."""
    held = story.field(item, name)
    return {"name": held["name"]} if name == "priority" else held


def test_a_text_that_is_put_back_is_carried_across_as_well(
    story: Story, ending: Ending, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("bob", right, description=paragraphs("From the first"))

    def cross(_: Request) -> None:
        story.edit("alice", left, description=paragraphs("From the second"))

    story.jira.world.hooks.before(*EDIT, cross)
    story.settle()

    assert (
        story.field(left, "description") == story.field(right, "description") == paragraphs("From the second")
    )
    assert ending.faults() == []


def test_our_own_write_is_not_taken_for_an_edit_that_follows_the_crossed_one(
    story: Story, ending: Ending, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.jira.world.misfortunes.add(Misfortune(match=EDIT, kind="drop_metadata"))
    story.jira.world.hooks.before(*EDIT, lambda _: story.edit("bob", right, summary="Crossed"))
    story.jira.world.hooks.after(*EDIT, kill)
    story.edit("alice", left, summary="First")
    story.jira.deliver_all()
    work(story)

    ending.rest()

    assert story.journal().count("conflict summary") == 1
    assert ending.faults() == []


@pytest.mark.parametrize("name", ["summary", "description"])
def test_what_we_crossed_is_known_though_the_site_drops_what_we_say_and_its_clock_is_set_just_then(
    story: Story, ending: Ending, pair: tuple[str, str], name: str
) -> None:
    left, right = pair
    first, second = VALUES[name]

    def cross(_: Request) -> None:
        story.edit("bob", right, **{name: second})
        story.jira.site.clock_shift = timedelta(hours=-1)

    story.jira.world.misfortunes.add(Misfortune(match=EDIT, kind="drop_metadata"))
    story.jira.world.hooks.before(*EDIT, cross)
    story.edit("alice", left, **{name: first})
    story.settle()

    assert story.journal().count(f"conflict {name}") == 1
    assert shown(story, left, name) == shown(story, right, name)
    assert ending.faults() == []


@pytest.mark.parametrize("dropped", [1, 2, 3])
@pytest.mark.parametrize(
    "written",
    [1, 2, 3],
    ids=["dies once it has crossed", "dies once it has put back", "dies once it has carried"],
)
def test_what_a_site_forgets_of_our_own_writes_is_nobodys_edit(
    story: Story, ending: Ending, pair: tuple[str, str], written: int, dropped: int
) -> None:
    left, right = pair
    story.jira.world.misfortunes.add(Misfortune(match=EDIT, kind="drop_metadata", times=dropped))
    story.jira.world.hooks.before(*EDIT, lambda _: story.edit("alice", left, summary="Crossed"))
    die_after(story, writes=written)
    story.edit("bob", right, summary="Carried")
    story.jira.deliver_all()
    work(story)

    ending.rest()

    app = story.jira.site.app.user.account_id
    edits = {one.id for item in pair for one in story.issue(item).changelog if one.author != app}
    lines = JournalEntry.objects.filter(kind=JournalKind.CONFLICT)
    assert {one["entry"] for line in lines for one in line.causes["summary"]["edits"]} == edits
    assert ending.faults() == []


def die_after(story: Story, *, writes: int) -> None:
    """Let the worker die between the effect of so many writes and their answer."""

    def count(request: Request) -> None:
        if writes == 1:
            kill(request)
        die_after(story, writes=writes - 1)

    story.jira.world.hooks.after(*EDIT, count)


def test_a_crossed_edit_of_another_field_is_carried_over(
    story: Story, ending: Ending, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("alice", left, summary="Left")
    story.jira.world.hooks.before(*EDIT, lambda _: story.edit("bob", right, priority={"name": "Low"}))

    story.settle()

    assert (
        story.holds(left) == story.holds(right) == {"summary": "Left", "priority": "Low", "labels": ["hall"]}
    )
    assert ending.faults() == []


def test_nothing_is_weighed_against_a_work_item_that_somebody_deleted(
    story: Story, ending: Ending, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.jira.world.hooks.before(*EDIT, lambda _: story.edit("bob", right, summary="Crossed"))
    story.jira.world.hooks.after(*EDIT, kill)
    story.edit("alice", left, summary="First")
    story.jira.deliver_all()
    work(story)
    story.jira.person("dana").delete(f"/rest/api/3/issue/{left}")

    ending.rest()

    assert story.pair().reason == "deleted"
    assert {intent.state for intent in Intent.objects.all()} == {"done"}
