"""What may come in the wrong order, twice, at the same moment, or never."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import override_settings

from backbone_app.ledger import leases
from backbone_app.models import Intent, Pair
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.wire import Request
from tests.support.scenario import Story

ISSUE = r"/issue/[0-9]+$"
CREATE = ("POST", r"/rest/api/3/issue$")
EDIT = ("PUT", ISSUE)


@pytest.fixture
def pair(story: Story) -> tuple[str, str]:
    """A work item of ALPHA and its twin in BETA, at rest."""
    left = story.create("ALPHA", "Broken lamp", labels=["hall"], priority={"name": "High"})
    story.settle()
    story.jira.world.meters.reset()
    return left, story.twin_of(left)


def wait(story: Story, **span: float) -> None:
    """Let time pass, then let the sweeper's work be done."""
    story.clock.advance(**span)
    story.settle()


class Worker(BaseException):
    """A worker that is killed: no handler of ours catches this."""


def kill(_: Request) -> None:
    raise Worker


# --- the creation ------------------------------------------------------------------------------


@pytest.mark.parametrize("delivered", [True, False], ids=["delivery arrives", "delivery lost"])
def test_a_lost_answer_to_a_creation_makes_no_second_twin(story: Story, *, delivered: bool) -> None:
    left = story.create("ALPHA", "Lost answer", labels=["hall"])
    story.jira.world.misfortunes.add(Misfortune(match=CREATE, kind="lose_answer_after_effect"))

    story.jira.deliver_all()
    story.work()
    twin = story.twin_of(left)
    if not delivered:
        story.hold_back(twin)
    wait(story, seconds=80)
    story.edit("alice", left, summary="Lost answer, edited")
    wait(story, seconds=400)

    assert story.twins_of(left) == [twin]
    assert story.holds(twin) == story.holds(left)
    assert {intent.state for intent in Intent.objects.all()} == {"done"}


def test_a_creation_that_never_reached_jira_is_done_again(story: Story) -> None:
    left = story.create("ALPHA", "Unlucky")
    story.jira.world.misfortunes.add(Misfortune(match=CREATE, kind="refuse_before_effect", status=502))

    story.settle()
    assert story.twins_of(left) == []
    wait(story, seconds=80)
    assert story.twins_of(left) == [], "search may lag behind: too early to create it again"
    wait(story, seconds=400)

    assert len(story.twins_of(left)) == 1


# --- edits and lost answers --------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["lose_answer_after_effect", "lose_before_effect"])
def test_an_edit_without_an_answer_is_looked_up_and_ends_the_same(
    story: Story, pair: tuple[str, str], kind: str
) -> None:
    left, right = pair
    story.jira.world.misfortunes.add(Misfortune(match=EDIT, kind=kind))  # type: ignore[arg-type]

    story.edit("alice", left, summary="Once", labels=["hall", "new"])
    story.settle()
    wait(story, seconds=100)

    assert (
        story.holds(right)
        == story.holds(left)
        == {"summary": "Once", "priority": "High", "labels": ["hall", "new"]}
    )
    ours = [entry for entry in story.issue(right).changelog if entry.history_metadata]
    assert len(ours) == 1


def test_an_edit_made_meanwhile_on_the_written_side_survives_a_lost_answer(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.jira.world.misfortunes.add(Misfortune(match=EDIT, kind="lose_answer_after_effect"))

    story.edit("alice", left, summary="From alice")
    story.settle()
    story.clock.advance(seconds=10)
    story.edit("bob", right, summary="From bob, who saw it")
    wait(story, seconds=100)

    assert story.holds(left)["summary"] == story.holds(right)["summary"] == "From bob, who saw it"
    assert "conflict summary" not in story.journal()


def test_a_busy_site_is_asked_again_when_it_said(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.jira.world.misfortunes.add(Misfortune(match=EDIT, kind="busy", headers={"Retry-After": "40"}))

    story.edit("alice", left, summary="Patience")
    story.settle()
    story.jira.world.meters.reset()
    wait(story, seconds=20)
    assert story.app_calls() == []
    wait(story, seconds=40)

    assert story.holds(right)["summary"] == "Patience"


# --- workers -----------------------------------------------------------------------------------


def test_two_workers_never_hold_the_same_pair(story: Story, pair: tuple[str, str]) -> None:
    left, _ = pair
    story.edit("alice", left, summary="Contended")
    story.jira.deliver_all()

    first = leases.claim_due(now=story.clock(), limit=10)
    second = leases.claim_due(now=story.clock(), limit=10)

    assert len(first) == 1
    assert second == ()


@override_settings(BACKBONE_WORKER_THREADS=1)  # nobody else may take the pair over first
def test_a_worker_whose_lease_ran_out_commits_nothing(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.edit("alice", left, summary="Contended")
    taken: list[leases.Claim] = []

    def overtake(_: Request) -> None:
        def expire_and_claim() -> None:
            release(story)
            taken.extend(leases.claim_due(now=story.clock(), limit=1))

        on_another_connection(expire_and_claim)

    story.jira.world.hooks.after(*EDIT, overtake)
    story.jira.deliver_all()
    story.work()

    assert len(taken) == 1
    assert Intent.objects.filter(kind="edit").get().state == "open"
    release(story)
    wait(story, seconds=100)
    assert story.holds(right)["summary"] == story.holds(left)["summary"] == "Contended"
    assert len([entry for entry in story.issue(right).changelog if entry.history_metadata]) == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_killed_around_its_write_leaves_nothing_lost_or_doubled(
    story: Story, pair: tuple[str, str], moment: str
) -> None:
    left, right = pair
    story.edit("alice", left, summary="Survivor", labels=["hall", "brave"])
    getattr(story.jira.world.hooks, moment)(*EDIT, kill)

    with pytest.raises(Worker):
        story.settle()
    release(story)
    wait(story, seconds=100)

    assert story.holds(right) == story.holds(left)
    assert len([entry for entry in story.issue(right).changelog if entry.history_metadata]) == 1


# --- fields that are not shown -----------------------------------------------------------------


def test_a_field_that_is_hidden_from_us_takes_no_part_and_is_not_emptied(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.jira.site.hide_field("labels", from_account=story.jira.app.user)

    story.edit("alice", left, summary="Without labels")
    story.settle()

    assert story.holds(right) == {"summary": "Without labels", "priority": "High", "labels": ["hall"]}
    assert story.holds(left) == story.holds(right)


def test_one_poisoned_pair_does_not_hold_back_the_others(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    other = story.create("ALPHA", "Healthy")
    story.settle()
    story.jira.world.hooks.before("PUT", f"/issue/{right}$", _poison)

    story.edit("alice", left, summary="Poisoned")
    story.edit("alice", other, summary="Still healthy")
    story.settle()

    assert story.holds(story.twin_of(other))["summary"] == "Still healthy"
    assert Pair.objects.get(reason="internal_error").sides.filter(item=left).exists()


def _poison(_: Request) -> None:
    raise ZeroDivisionError


# --- helpers -----------------------------------------------------------------------------------


def release(story: Story) -> None:
    """Let the database's clock pass the end of every lease."""
    Pair.objects.exclude(lease_until=None).update(lease_until=story.long_ago)


def on_another_connection(act: Callable[[], object]) -> None:
    """Act as another process would: the worker's thread has its own connection, and so has this."""
    try:
        act()
    finally:
        connection.close()
