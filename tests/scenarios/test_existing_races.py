"""Pairing by hand at each moment of a creation, and by two people at once: one twin, nothing doubled."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection

from backbone_app.errors import InvalidInput
from backbone_app.models import Failure, Intent, Pair, PairSide
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.wire import Request
from tests.support.existing import Matchmaker, in_alpha, in_beta, strangers
from tests.support.scenario import Story
from tests.support.workers import elsewhere

CREATE = ("POST", r"/rest/api/3/issue$")


@pytest.fixture
def old(story: Story) -> tuple[str, str]:
    """A work item in each space from before the start."""
    return strangers(story, {"summary": "Old left"}, {"summary": "Old right"})


def refusal(act: Callable[[], object]) -> tuple[str, str]:
    """Where the objection stands and what it says."""
    with pytest.raises(InvalidInput) as refused:
        act()
    return refused.value.field, str(refused.value)


def key(story: Story, item: str) -> str:
    return story.issue(item).key


# --- the steps of a creation -------------------------------------------------------------------


def test_a_new_item_paired_before_its_delivery_is_decided_gets_no_second_twin(
    story: Story, old: tuple[str, str]
) -> None:
    new = story.create("ALPHA", "New left")

    in_alpha(story).pair(new, old[1], "own")
    story.settle()

    assert story.twins_of(new) == []
    assert story.holds(old[1])["summary"] == "New left"
    assert Pair.objects.count() == 1


def test_a_new_item_that_has_a_pair_but_no_twin_yet_is_refused(story: Story, old: tuple[str, str]) -> None:
    new = story.create("ALPHA", "New left")
    story.jira.deliver_all()
    story.pair_up()

    said = refusal(lambda: in_alpha(story).pair(new, old[1]))

    assert said == ("own_key", "A twin of it is being created.")
    story.settle()
    assert len(story.twins_of(new)) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_while_the_creation_is_under_way_neither_of_its_two_can_be_paired(
    story: Story, old: tuple[str, str], moment: str
) -> None:
    left, right = old
    new = story.create("ALPHA", "New left")
    said: list[tuple[str, str]] = []

    def try_both(_: Request) -> None:
        elsewhere(lambda: said.append(refusal(lambda: in_alpha(story).pair(new, right))))
        if moment == "after":
            twin = story.twin_of(new)
            elsewhere(lambda: said.append(refusal(lambda: in_alpha(story).pair(left, twin))))

    getattr(story.jira.world.hooks, moment)(*CREATE, try_both)
    story.settle()

    expected = [("own_key", "A twin of it is being created.")]
    if moment == "after":
        expected.append(("partner_key", f"It is being created as the twin of {key(story, new)}."))
    assert said == expected
    assert len(story.twins_of(new)) == 1
    assert Pair.objects.count() == 1


def test_an_item_whose_creations_answer_was_lost_is_still_being_created(
    story: Story, old: tuple[str, str]
) -> None:
    left, _ = old
    new = story.create("ALPHA", "New left")
    story.jira.world.misfortunes.add(Misfortune(match=CREATE, kind="lose_answer_after_effect"))
    story.jira.deliver_all()
    story.work()
    twin = story.twin_of(new)

    said = refusal(lambda: in_beta(story).pair(twin, left))

    assert said == ("own_key", f"It is being created as the twin of {key(story, new)}.")
    story.clock.advance(seconds=80)
    story.settle()
    assert story.twins_of(new) == [twin]
    assert refusal(lambda: in_beta(story).pair(twin, left)) == (
        "own_key",
        f"It is already the twin of {key(story, new)}.",
    )


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


# --- people ------------------------------------------------------------------------------------


def test_two_admins_who_pair_the_same_two_at_once_make_one_pair(story: Story, old: tuple[str, str]) -> None:
    left, right = old
    said: list[tuple[str, str]] = []

    def overtake(_: Request) -> None:
        elsewhere(lambda: in_beta(story).pair(right, left, "own"))

    story.jira.world.hooks.after("GET", f"/issue/{key(story, right)}$", overtake)
    said.append(refusal(lambda: in_alpha(story).pair(left, right, "own")))
    story.settle()

    assert said == [("own_key", "These two are a pair already.")]
    assert Pair.objects.count() == 1
    assert story.holds(left)["summary"] == story.holds(right)["summary"] == "Old right"


def test_one_item_offered_to_two_others_at_once_gets_one_twin(story: Story, old: tuple[str, str]) -> None:
    left, right = old
    (_, other) = strangers(story, {"summary": "A"}, {"summary": "Another right"})

    def overtake(_: Request) -> None:
        elsewhere(lambda: in_beta(story).pair(other, left))

    story.jira.world.hooks.after("GET", f"/issue/{key(story, right)}$", overtake)
    said = refusal(lambda: in_alpha(story).pair(left, right))

    assert said == ("own_key", f"It is already the twin of {key(story, other)}.")
    assert Pair.objects.count() == 1


def test_two_threads_at_the_same_moment_make_one_pair(story: Story, old: tuple[str, str]) -> None:
    left, right = old
    now = story.clock()
    outcomes: list[str] = []

    def attempt(who: Matchmaker, own: str, partner: str) -> None:
        try:
            who.pair_at(now, own, partner)
            outcomes.append("paired")
        except InvalidInput as refused:
            outcomes.append(str(refused))
        finally:
            connection.close()

    threads = [
        Thread(target=attempt, args=(in_alpha(story), left, right)),
        Thread(target=attempt, args=(in_beta(story), right, left)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["These two are a pair already.", "paired"]
    assert Pair.objects.count() == 1


def test_a_decision_while_the_worker_looks_is_not_lost(story: Story, old: tuple[str, str]) -> None:
    left, right = old
    made = in_alpha(story).pair(left, right)
    decided: list[bool] = []

    def decide(_: Request) -> None:
        elsewhere(lambda: in_alpha(story).decide(made.id, "own"))
        decided.append(True)

    story.jira.world.hooks.after("GET", f"/issue/{right}$", decide)
    story.settle()

    assert decided
    assert story.holds(left)["summary"] == story.holds(right)["summary"] == "Old left"
