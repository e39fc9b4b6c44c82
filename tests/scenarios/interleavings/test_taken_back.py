"""A value that somebody changes and then chooses anew, while the other side is edited.

1. Bob changes a field and chooses the old value again; nothing of it has been carried yet.
2. Alice edits the same field on the other side, before or after him; neither has seen the other's edit.

That Bob's field holds what both sides agreed on does not make his choice none: where it is the newer one it
stands on both sides, and hers is kept. Where hers is the newer one she went on from that very value, which
her side had shown all the while: it is no conflict. Where nobody else has edited it, nothing is written.
"""

import itertools
from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.support.ending import Ending
from tests.support.sandbox import as_app
from tests.support.scenario import Story
from tests.support.slices import slice_of
from tests.support.workers import EDIT, publish

VALUES: Final[dict[str, tuple[Any, Any]]] = {
    "summary": ("Between", "From alice"),
    "priority": ({"name": "Highest"}, {"name": "Low"}),
    "duedate": ("2027-01-01", "2027-02-02"),
}
CASES: Final = list(
    itertools.product(
        VALUES, ("bob first", "alice first"), ("in order", "his first", "his lost", "hers lost")
    )
)


@pytest.mark.parametrize(("name", "order", "news"), slice_of(CASES, 3))
def test_who_chose_the_old_value_anew_has_edited_too(
    story: Story, ending: Ending, pair: tuple[str, str], name: str, order: str, news: str
) -> None:
    left, right = pair
    between, hers = VALUES[name]
    old = held(story, right, name)

    def back() -> None:
        story.edit("bob", right, **{name: between})
        story.clock.advance(seconds=1)
        story.edit("bob", right, **{name: old})

    acts: list[Callable[[], object]] = [back, lambda: story.edit("alice", left, **{name: hers})]
    for act in acts if order == "bob first" else reversed(acts):
        story.clock.advance(seconds=20)
        act()
    late = story.hold_back(left) if news in {"his first", "hers lost"} else []
    if news == "his lost":
        story.hold_back(right)
    story.settle()
    for each in late if news == "his first" else []:
        story.jira.deliver(each)

    assert ending.faults() == []
    stands = hers if order == "bob first" else old
    assert [held(story, item, name) for item in pair] == [stands, stands]
    assert story.journal().count(f"conflict {name}") == (0 if order == "bob first" else 1)


def test_who_takes_an_edit_back_where_nobody_else_has_edited_causes_no_write(
    story: Story, ending: Ending, pair: tuple[str, str]
) -> None:
    _, right = pair
    story.edit("bob", right, summary="Between")
    story.edit("bob", right, summary="Broken lamp")
    story.jira.deliver_all()
    story.jira.world.meters.reset()

    story.work()

    assert story.app_calls() == ["GET /rest/api/3/issue/{issueIdOrKey}"]
    assert ending.faults() == []


def test_what_another_synchronization_gave_back_there_is_nobodys_choice(
    story: Story, ending: Ending, pair: tuple[str, str]
) -> None:
    left, right = pair
    app = as_app(story.jira.world, story.jira.site)
    for name in ("Highest", "High"):  # unmarked, as another one's writes are to this one
        story.clock.advance(seconds=20)
        app.call("PUT", f"/rest/api/3/issue/{left}", {"fields": {"priority": {"name": name}}})
    story.edit("bob", right, priority={"name": "Low"})
    story.settle()

    assert [held(story, item, "priority") for item in pair] == [{"name": "Low"}] * 2
    assert story.journal().count("conflict priority") == 0


@pytest.mark.parametrize("name", VALUES)
def test_who_chose_the_old_value_anew_just_before_our_write_has_edited_too(
    story: Story, ending: Ending, pair: tuple[str, str], name: str
) -> None:
    left, right = pair
    between, hers = VALUES[name]
    old = held(story, right, name)
    story.edit("alice", left, **{name: hers})
    story.clock.advance(seconds=20)

    def choose(_: object) -> None:
        for value in (between, old):
            story.edit("bob", right, **{name: value})

    story.jira.world.hooks.before(*EDIT, choose)
    story.settle()

    assert ending.faults() == []
    assert [held(story, item, name) for item in pair] == [old, old]
    assert story.journal().count(f"conflict {name}") == 1


@pytest.mark.parametrize("is_lost", [False, True], ids=["all news", "last news"])
@pytest.mark.parametrize("is_newer", [True, False], ids=["newer", "older"])
def test_what_somebody_chose_anew_in_a_third_space_stands_against_an_older_edit(
    story: Story, is_newer: bool, is_lost: bool
) -> None:
    story.synchronize("ALPHA", "GAMMA")
    left = story.create("ALPHA", "Broken lamp")
    story.settle()
    right, third = story.twins_of(left)  # in GAMMA and in BETA
    if is_newer:
        story.edit("dana", right, summary="From GAMMA")
        late = story.hold_back(right)
    told = []
    for words in ("Between", "Broken lamp"):
        story.clock.advance(seconds=20)
        story.edit("dana", third, summary=words)
        story.jira.deliver_all()
        story.work()
        told += story.hold_back(left)
    if not is_newer:
        story.clock.advance(seconds=20)
        story.edit("dana", right, summary="From GAMMA")
        late = story.hold_back(right)

    for delivery in (*told[is_lost:], *late):
        story.jira.deliver(delivery)
    story.work()
    story.settle()

    stands = "Broken lamp" if is_newer else "From GAMMA"
    assert [story.field(item, "summary") for item in (left, right, third)] == [stands] * 3
    assert story.journal().count("conflict summary") == int(is_newer)


@pytest.mark.parametrize("who_is_first", ["bob", "alice"])
def test_who_goes_on_from_it_is_in_no_conflict_though_something_else_holds_up_the_pair(
    story: Story, pair: tuple[str, str], who_is_first: str
) -> None:
    left, right = pair
    story.forbid_moves(right)
    story.move("alice", left, "In Progress")
    story.settle()
    assert story.pair().reason == "no_path"

    edit_both(story, pair, who_is_first, old="Broken lamp")
    conflicts = 1 if who_is_first == "bob" else 0
    assert story.journal().count("conflict summary") == conflicts

    for summary in ("Broken lamp", "Later"):
        story.edit("bob", right, summary=summary)
        story.settle()

    assert [held(story, item, "summary") for item in pair] == ["Later", "Later"]
    assert story.journal().count("conflict summary") == conflicts


@pytest.mark.parametrize("policy", ["newer", "left", "right"])
@pytest.mark.parametrize(
    "is_both", [False, True], ids=["came back alone", "with the same choice on the other side"]
)
def test_what_came_back_long_ago_stands_in_the_way_of_no_later_edit(
    story: Story, pair: tuple[str, str], policy: str, is_both: bool
) -> None:
    left, right = pair
    publish(story.synchronization_id, lambda document: document.update(policy=policy))
    story.forbid_moves(right)
    story.move("alice", left, "In Progress")
    story.edit("alice", left, summary="Agreed")
    story.settle()
    for summary in ("Between", "Agreed"):
        story.edit("alice", left, summary=summary)
    if is_both:
        story.edit("bob", right, summary="Between")
        story.edit("bob", right, summary="Agreed")
    story.settle()
    told = story.journal().count("conflict summary")

    story.clock.advance(hours=2)
    story.edit("bob", right, summary="Later")
    story.settle()

    assert [held(story, item, "summary") for item in pair] == ["Later", "Later"]
    assert story.journal().count("conflict summary") == told


@pytest.mark.parametrize("who_is_first", ["bob", "alice"])
def test_what_was_agreed_on_while_something_else_holds_up_the_pair_can_be_chosen_anew_too(
    story: Story, pair: tuple[str, str], who_is_first: str
) -> None:
    left, right = pair
    story.forbid_moves(right)
    story.move("alice", left, "In Progress")
    story.settle()
    story.edit("alice", left, summary="Agreed")
    story.settle()
    assert held(story, right, "summary") == "Agreed"

    edit_both(story, pair, who_is_first, old="Agreed")

    stands = "Agreed" if who_is_first == "bob" else "From bob"
    assert [held(story, item, "summary") for item in pair] == [stands, stands]
    assert story.journal().count("conflict summary") == (1 if who_is_first == "bob" else 0)


def test_who_edits_a_new_twin_at_once_is_in_no_conflict_with_what_its_original_had_come_back_to(
    story: Story,
) -> None:
    left = story.create("ALPHA", "Broken lamp")
    story.edit("alice", left, summary="Between")
    story.edit("alice", left, summary="Broken lamp")
    story.jira.world.hooks.after(
        "POST", "/rest/api/3/issue$", lambda _: story.edit("bob", story.twin_of(left), summary="From bob")
    )
    story.settle()

    assert [held(story, item, "summary") for item in (left, story.twin_of(left))] == ["From bob"] * 2
    assert story.journal().count("conflict summary") == 0


def edit_both(story: Story, pair: tuple[str, str], who_is_first: str, *, old: str) -> None:
    """Have bob edit the right side, and alice the left one, which she gives its ``old`` summary again."""
    left, right = pair

    def and_back() -> None:
        story.edit("alice", left, summary="Between")
        story.edit("alice", left, summary=old)

    acts: list[Callable[[], object]] = [lambda: story.edit("bob", right, summary="From bob"), and_back]
    for act in acts if who_is_first == "bob" else reversed(acts):
        story.clock.advance(seconds=20)
        act()
    story.settle()


def held(story: Story, item: str, name: str) -> object:
    value = story.field(item, name)
    return {"name": value["name"]} if name == "priority" else value
