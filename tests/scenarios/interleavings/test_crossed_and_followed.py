"""A crossed edit that somebody follows with another one before it is weighed.

1. Alice edits; our write of her value crosses Bob's edit of the same field on the other side.
2. Carol, who has Alice's value before her eyes there and nothing of Bob's, edits the field again: before
   anybody has weighed his edit, or just before it is put back, or the putting back comes late.

Carol went on from Alice's value, so Bob's has lost to it, whatever the clocks say; hers stands on both sides,
and it is no conflict: she knew what she replaced.
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import pytest

from backbone_app.models import Intent, JournalEntry
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.weather.sites import RightLost
from tests.scenarios.interleavings.test_crossed_edits import VALUES, shown, work
from tests.support.ending import Ending
from tests.support.scenario import Story, paragraphs
from tests.support.slices import slice_of
from tests.support.workers import EDIT, kill

THIRD: Final = {
    "summary": "From the third",
    "priority": {"name": "Lowest"},
    "duedate": "2027-03-03",
    "description": paragraphs("From the third"),
}
BETWEEN: Final = {
    "summary": "From the one between",
    "priority": {"name": "High"},
    "duedate": "2027-04-04",
    "description": paragraphs("From the one between"),
}
CASES: Final = list(itertools.product(THIRD, ("left first", "right first"), (1, 30)))
PUT_BACK: Final = [case for case in CASES if case[1:] != ("left first", 1)]
"""In a tie the left one wins: then nothing is put back."""


@dataclass(slots=True)
class Scene:
    """A field of two twins: who edits ``one`` first, and ``gap`` seconds later who edits the ``other``."""

    story: Story
    name: str
    one: str
    other: str
    people: tuple[str, str]
    gap: int

    def cross(self, _: object = None) -> None:
        self.story.clock.advance(seconds=self.gap - 1)
        self.story.edit(self.people[1], self.other, **{self.name: VALUES[self.name][1]})

    def follow(self, _: object = None) -> None:
        self.story.clock.advance(seconds=1)
        self.story.edit("carol", self.other, **{self.name: THIRD[self.name]})

    def say_it_again(self, _: object = None) -> None:
        self.story.clock.advance(seconds=1)
        self.story.edit("carol", self.other, **{self.name: VALUES[self.name][1]})

    def come_between(self, _: object = None) -> None:
        self.story.clock.advance(seconds=1)
        self.story.edit("dana", self.other, **{self.name: BETWEEN[self.name]})

    def begin(self) -> None:
        """Have the first edit carried across, the second one crossed by it."""
        self.story.jira.world.hooks.before(*EDIT, self.cross)
        self.story.edit(self.people[0], self.one, **{self.name: VALUES[self.name][0]})
        self.story.jira.deliver_all()
        work(self.story)

    def must_end_well(
        self, ending: Ending, *, lost: int = 1, stands: Mapping[str, Any] = THIRD, idle: Sequence[str] = ()
    ) -> None:
        lines = JournalEntry.objects.filter(kind="conflict").order_by("pk")
        assert ending.faults() == list(idle)
        held = [shown(self.story, item, self.name) for item in (self.one, self.other)]
        assert held == [stands[self.name]] * 2
        assert [line.causes[self.name]["outcome"] for line in lines] == [
            "lost followed",
            "won followed",
        ] * lost
        assert not Intent.objects.filter(state__in=("open", "crossed"))


def scene_of(story: Story, pair: tuple[str, str], name: str, order: str, gap: int) -> Scene:
    if order == "left first":
        return Scene(story, name, *pair, ("alice", "bob"), gap)
    left, right = pair
    return Scene(story, name, right, left, ("bob", "alice"), gap)


@pytest.mark.parametrize(("name", "order", "gap"), slice_of(CASES, 2))
def test_an_edit_that_follows_before_the_crossed_one_is_weighed_stands(
    story: Story, ending: Ending, pair: tuple[str, str], name: str, order: str, gap: int
) -> None:
    scene = scene_of(story, pair, name, order, gap)
    story.jira.world.hooks.after(*EDIT, kill)

    scene.begin()
    scene.follow()

    scene.must_end_well(ending)


@pytest.mark.parametrize(("name", "order", "gap"), slice_of(PUT_BACK, 2))
def test_an_edit_that_follows_just_before_the_crossed_one_is_put_back_stands(
    story: Story, ending: Ending, pair: tuple[str, str], name: str, order: str, gap: int
) -> None:
    scene, hooks = scene_of(story, pair, name, order, gap), story.jira.world.hooks
    hooks.after(*EDIT, lambda _: hooks.before(*EDIT, scene.follow))

    scene.begin()

    scene.must_end_well(ending)


@pytest.mark.parametrize(("name", "order", "gap"), slice_of(PUT_BACK, 2))
def test_who_goes_on_to_the_very_value_of_the_crossed_edit_is_in_no_conflict(
    story: Story, ending: Ending, pair: tuple[str, str], name: str, order: str, gap: int
) -> None:
    scene, hooks = scene_of(story, pair, name, order, gap), story.jira.world.hooks
    hooks.after(*EDIT, lambda _: hooks.before(*EDIT, scene.say_it_again))

    scene.begin()

    in_vain = "echo: the app sent an edit that changed nothing (1)"  # she was faster, and said the same
    scene.must_end_well(ending, stands={name: VALUES[name][1]}, idle=[in_vain])


def test_of_two_fields_that_are_put_back_the_one_somebody_goes_on_to_meanwhile_is_in_no_conflict(
    story: Story, ending: Ending, pair: tuple[str, str]
) -> None:
    left, right = pair
    bobs = {name: VALUES[name][1] for name in ("summary", "duedate")}
    hooks = story.jira.world.hooks

    def cross(_: object) -> None:
        story.clock.advance(seconds=29)
        story.edit("bob", right, **bobs)

    def say_it_again(_: object) -> None:
        story.clock.advance(seconds=1)
        story.edit("carol", right, summary=bobs["summary"])

    hooks.before(*EDIT, cross)
    hooks.after(*EDIT, lambda _: hooks.before(*EDIT, say_it_again))
    story.edit("alice", left, **{name: VALUES[name][0] for name in bobs})
    story.jira.deliver_all()
    work(story)

    assert ending.faults() == []
    assert {name: [shown(story, item, name) for item in pair] for name in bobs} == {
        name: [value] * 2 for name, value in bobs.items()
    }
    told = [line.causes for line in JournalEntry.objects.filter(kind="conflict").order_by("pk")]
    outcomes = {name: [line[name]["outcome"] for line in told if name in line] for name in bobs}
    assert outcomes == {"summary": ["lost followed", "won followed"], "duedate": ["lost", "won"]}
    assert not Intent.objects.filter(state__in=("open", "crossed"))


@pytest.mark.parametrize(("name", "order", "gap"), slice_of(PUT_BACK, 2))
def test_an_edit_that_follows_before_the_crossed_one_is_put_back_late_stands(
    story: Story, ending: Ending, pair: tuple[str, str], name: str, order: str, gap: int
) -> None:
    scene, misfortunes = scene_of(story, pair, name, order, gap), story.jira.world.misfortunes
    late = Misfortune(match=EDIT, kind="effect_after_time_out", seconds=40)
    story.jira.world.hooks.after(*EDIT, lambda _: misfortunes.add(late))

    scene.begin()
    scene.follow()

    scene.must_end_well(ending)


@pytest.mark.parametrize(("name", "order", "gap"), slice_of(PUT_BACK, 2))
def test_where_each_putting_back_crosses_a_further_edit_the_last_one_stands_and_all_others_are_told(
    story: Story, ending: Ending, pair: tuple[str, str], name: str, order: str, gap: int
) -> None:
    scene, hooks = scene_of(story, pair, name, order, gap), story.jira.world.hooks

    def follow_twice(_: object) -> None:
        scene.come_between()
        hooks.after(*EDIT, lambda _: hooks.before(*EDIT, scene.follow))

    hooks.after(*EDIT, lambda _: hooks.before(*EDIT, follow_twice))

    scene.begin()

    scene.must_end_well(ending, lost=2)


def test_who_went_on_from_our_write_is_in_no_conflict_with_it_where_it_had_crossed_an_old_value_chosen_anew(
    story: Story, ending: Ending, pair: tuple[str, str]
) -> None:
    left, right = pair
    old, hooks = story.field(left, "summary"), story.jira.world.hooks

    def take_back(_: object) -> None:
        story.clock.advance(seconds=29)
        story.edit("bob", right, summary="A slip")
        story.edit("bob", right, summary=old)

    def follow(_: object) -> None:
        story.edit("carol", right, summary="From the third")

    hooks.before(*EDIT, take_back)
    hooks.after(*EDIT, lambda _: hooks.before(*EDIT, follow))
    story.edit("alice", left, summary="From the first")
    story.jira.deliver_all()
    work(story)

    assert ending.faults() == []
    assert [story.field(item, "summary") for item in pair] == ["From the third"] * 2
    told = JournalEntry.objects.filter(kind="conflict").order_by("pk")
    assert [line.causes["summary"]["outcome"] for line in told] == ["lost followed", "won followed"]


def test_a_crossed_edit_that_won_elsewhere_is_not_told_to_have_lost_where_it_could_not_be_put_back(
    story: Story, ending: Ending, pair: tuple[str, str]
) -> None:
    left, right = pair
    hooks, weather = story.jira.world.hooks, story.jira.world.weather
    ours = story.jira.site.app.user.account_id
    lost = RightLost(site="acme", space="ALPHA", permissions=("EDIT_ISSUES",), account=ours)

    def cross(_: object) -> None:
        story.clock.advance(seconds=29)
        story.edit("alice", left, summary="From the second")

    def take_the_right_away(_: object) -> None:
        weather.script(lost, lasting=timedelta(hours=1), name="F13")

    hooks.before(*EDIT, cross)
    hooks.after(*EDIT, take_the_right_away)
    story.edit("bob", right, summary="From the first")
    story.jira.deliver_all()
    for _ in range(3):
        work(story)
        story.clock.advance(seconds=10)
    before = [story.field(item, "summary") for item in pair]
    weather.clear()
    story.edit("carol", left, summary="From the third")
    story.clock.advance(seconds=30)
    story.edit("bob", right, summary="From the fourth")
    story.jira.deliver_all()
    work(story)

    assert before == ["From the first", "From the second"]
    assert [story.field(item, "summary") for item in pair] == ["From the fourth"] * 2
    assert ending.faults() == []
    told = JournalEntry.objects.filter(kind="conflict").order_by("pk")
    assert [line.causes["summary"]["outcome"] for line in told] == ["lost", "won"] * 2
    assert not Intent.objects.filter(state__in=("open", "crossed"))
