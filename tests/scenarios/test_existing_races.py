"""Pairing by hand by two people at once: one twin, nothing doubled."""

from collections.abc import Callable
from threading import Thread

import pytest
from django.db import connection

from backbone_app.errors import InvalidInput
from backbone_app.models import Pair
from jira_sandbox.wire import Request
from tests.support.existing import Matchmaker, in_alpha, in_beta, strangers
from tests.support.scenario import Story
from tests.support.workers import elsewhere


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
