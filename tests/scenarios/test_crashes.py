"""Workers that die half-way, answers that are lost, news that come late or never, many at one moment."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from backbone_app import jobs
from backbone_app.errors import LeaseLost
from backbone_app.ledger import leases
from backbone_app.models import Intent, JournalEntry, Pair, PairSide
from backbone_app.services import synchronizations
from backbone_app.services.syncing.syncing import sync_pair
from jira_sandbox.misfortunes import Kind, Misfortune
from jira_sandbox.wire import Request
from tests.support.scenario import Story
from tests.support.workers import CREATE, EDIT, READ, Killed, kill, publish, together


@pytest.fixture
def pair(story: Story) -> tuple[str, str]:
    """A work item of ALPHA and its twin in BETA, at rest, with the counters at zero."""
    left = story.create("ALPHA", "Broken lamp", labels=["hall"], priority={"name": "High"})
    story.settle()
    story.jira.world.meters.reset()
    return left, story.twin_of(left)


def wait(story: Story, **span: float) -> None:
    """Let time pass and every lease end, then let the sweeper's work be done."""
    story.clock.advance(**span)
    story.release_leases()
    story.settle()


def lose_the_answer(story: Story, call: tuple[str, str]) -> None:
    story.jira.world.misfortunes.add(Misfortune(match=call, kind="lose_answer_after_effect"))


def summaries(story: Story, pair: tuple[str, str]) -> list[object]:
    return [story.holds(item)["summary"] for item in pair]


# --- an answer that nobody got -----------------------------------------------------------------


def test_whoever_looks_up_a_lost_answer_sees_what_else_happened_there(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    lose_the_answer(story, EDIT)
    story.edit("alice", left, summary="From alice")
    story.settle()

    story.edit("bob", right, priority={"name": "Low"})
    story.comment("bob", right, "Look")
    story.hold_back(right)
    wait(story, seconds=100)

    assert story.holds(left) == {"summary": "From alice", "priority": "Low", "labels": ["hall"]}
    assert story.comments(left) == ["Bob Baker commented:\nLook"]


def test_a_lost_answer_is_found_behind_more_history_than_jira_embeds(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    lose_the_answer(story, EDIT)
    story.edit("alice", left, summary="From alice")
    story.settle()

    for number in range(45):
        story.edit("bob", right, summary=f"Seen, and changed {number}")
    wait(story, seconds=100)

    assert summaries(story, pair) == ["Seen, and changed 44"] * 2
    assert "conflict summary" not in story.journal()
    assert story.journal().count("edited summary") == 2


def test_a_creation_that_never_happened_is_not_settled_with_another_pairs_twin(story: Story) -> None:
    unlucky = story.create("ALPHA", "Unlucky")
    story.jira.world.misfortunes.add(Misfortune(match=CREATE, kind="lose_before_effect"))
    story.settle()
    lucky = story.create("ALPHA", "Lucky")
    story.settle()

    for _ in range(3):
        wait(story, seconds=200)

    assert len(story.twins_of(lucky)) == len(story.twins_of(unlucky)) == 1
    assert story.holds(story.twin_of(unlucky))["summary"] == "Unlucky"
    assert len(story.jira.site.issues) == 4


def test_an_answer_to_taking_a_mark_off_that_is_lost_keeps_its_line(
    story: Story, pair: tuple[str, str]
) -> None:
    _, right = pair
    clone = story.create("BETA", "Clone")
    story.issue(clone).properties |= story.issue(right).properties
    story.hold_back(clone)
    lose_the_answer(story, ("DELETE", "/properties/"))
    story.edit("bob", clone, summary="Clone of the lamp")
    story.settle()

    wait(story, seconds=100)

    assert "backbone-twin" not in story.issue(clone).properties
    assert len(story.twins_of(clone)) == 1
    assert [line for line in story.journal() if line.startswith("unmarked")] == ["unmarked"]


def test_a_mark_that_is_still_on_after_a_lost_call_is_taken_off_again(
    story: Story, pair: tuple[str, str]
) -> None:
    _, right = pair
    clone = story.create("BETA", "Clone")
    story.issue(clone).properties |= story.issue(right).properties
    story.hold_back(clone)
    story.edit("bob", clone, summary="Clone of the lamp")
    story.jira.world.hooks.before("DELETE", "/properties/", kill)
    with pytest.raises(Killed):
        story.settle()

    wait(story, seconds=100)

    assert "backbone-twin" not in story.issue(clone).properties
    assert len(story.twins_of(clone)) == 1
    assert [line for line in story.journal() if line.startswith("unmarked")] == ["unmarked"]


@pytest.mark.parametrize("kind", ["lose_before_effect", "refuse_before_effect"])
def test_a_comment_that_was_never_written_is_written_later(
    story: Story, pair: tuple[str, str], kind: Kind
) -> None:
    left, right = pair
    story.comment("alice", left, "Before")
    story.settle()
    story.jira.world.misfortunes.add(Misfortune(match=("POST", "/comment$"), kind=kind, status=403))
    story.comment("alice", left, "First")
    story.settle()
    assert story.comments(right) == ["Alice Archer commented:\nBefore"]

    wait(story, seconds=100)
    story.comment("alice", left, "Second")
    story.settle()

    texts = ("Before", "First", "Second")
    assert story.comments(right) == [f"Alice Archer commented:\n{text}" for text in texts]
    assert story.journal().count("commented comment") == 3


@pytest.mark.parametrize("kind", ["lose_before_effect", "lose_answer_after_effect"])
def test_a_copy_goes_even_if_the_answer_to_its_removal_is_lost(
    story: Story, pair: tuple[str, str], kind: Kind
) -> None:
    left, right = pair
    written = story.comment("alice", left, "Taken back")
    story.settle()
    story.jira.world.misfortunes.add(Misfortune(match=("DELETE", "/comment/"), kind=kind))

    story.delete_comment("alice", left, written)
    story.settle()
    wait(story, seconds=100)

    assert story.comments(right) == []
    assert story.journal().count("comment left comment") == 0


def test_an_edit_crossed_by_ours_survives_that_its_look_is_refused(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("alice", left, summary="Left")

    def cross(request: Request) -> None:
        request.query[:] = [(name, value) for name, value in request.query if name != "returnIssue"]
        story.clock.advance(seconds=30)
        story.edit("bob", right, summary="Right")
        story.jira.world.misfortunes.add(Misfortune(match=READ, kind="refuse_before_effect", status=403))

    story.jira.world.hooks.before(*EDIT, cross)
    story.jira.deliver_all()
    story.work()
    story.hold_back(right)
    wait(story, seconds=200)
    story.edit("alice", left, priority={"name": "Low"})
    story.settle()

    assert summaries(story, pair) == ["Right", "Right"]
    assert "edited summary" in story.journal()
    assert story.journal().count("conflict summary") == 1


@pytest.mark.parametrize("how", ["killed", "busy"])
def test_a_delivery_from_before_our_write_does_not_undo_it_when_the_writer_was_stopped(
    story: Story, pair: tuple[str, str], how: str
) -> None:
    left, right = pair
    story.edit("bob", right, priority={"name": "Low"})
    story.edit("alice", left, labels=["hall", "red"])
    story.comment("alice", left, "Look")
    say = ("POST", "/comment$")
    if how == "killed":
        story.jira.world.hooks.before(*say, kill)
    else:
        story.jira.world.misfortunes.add(Misfortune(match=say, kind="busy", headers={"Retry-After": "30"}))

    story.jira.deliver_all()
    try:
        story.work()
    except Killed:
        Intent.objects.filter(state="open").delete()  # it had not begun to write: died a moment earlier
    assert len(story.hold_back(right)) > 0
    wait(story, seconds=100)

    assert story.holds(left) == story.holds(right)
    assert story.holds(left)["labels"] == ["hall", "red"]
    assert story.holds(left)["priority"] == "Low"


# --- crossed edits -----------------------------------------------------------------------------


def test_of_two_crossed_edits_only_the_one_still_to_be_weighed_is_taken_up_after_a_crash(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("alice", left, summary="Left", priority={"name": "Low"})

    def cross(_: Request) -> None:
        story.edit("bob", right, summary="Loses a tie")
        story.clock.advance(seconds=30)
        story.edit("bob", right, priority={"name": "Highest"})
        story.jira.world.hooks.before(*EDIT, kill)

    story.jira.world.hooks.before(*EDIT, cross)
    with pytest.raises(Killed):
        story.settle()
    story.hold_back(right)
    wait(story, seconds=200)

    expected = {"summary": "Left", "priority": "Highest", "labels": ["hall"]}
    assert story.holds(left) == story.holds(right) == expected
    assert not Intent.objects.filter(state="crossed").exists()


def test_an_edit_that_was_crossed_and_lost_does_not_come_back_with_later_news(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    publish(story.synchronization_id, lambda document: document.update(policy="right"))

    def cross_on_the_right(_: Request) -> None:
        story.edit("bob", right, summary="Right")
        story.jira.world.hooks.before(*EDIT, lambda _: story.edit("alice", left, summary="Loses"))

    story.jira.world.hooks.before(*EDIT, cross_on_the_right)
    story.edit("alice", left, summary="Left")
    story.settle()
    assert summaries(story, pair) == ["Right", "Right"]
    story.edit("alice", left, priority={"name": "Low"})
    story.settle()

    assert summaries(story, pair) == ["Right", "Right"]
    assert not Intent.objects.filter(state="crossed").exists()


def test_a_value_that_we_put_back_is_as_old_as_the_edit_it_came_from(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("bob", right, summary="First, right")

    def cross_on_the_left(_: Request) -> None:
        story.clock.advance(seconds=30)
        story.edit("alice", left, summary="Second, left")
        story.jira.world.hooks.before(*EDIT, cross_on_the_right)

    def cross_on_the_right(_: Request) -> None:
        story.clock.advance(seconds=8)
        story.edit("bob", right, summary="Third, right")
        story.clock.advance(seconds=30)

    story.jira.world.hooks.before(*EDIT, cross_on_the_left)
    story.settle()

    assert summaries(story, pair) == ["Third, right", "Third, right"]


def test_a_value_that_we_put_back_is_told_as_the_edit_of_the_person_it_came_from(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair

    def cross(_: Request) -> None:
        story.clock.advance(seconds=8)
        story.edit("alice", left, summary="From alice")

    story.jira.world.hooks.before(*EDIT, cross)
    story.edit("bob", right, summary="From bob")
    story.settle()

    carried = JournalEntry.objects.filter(kind="edited", side="right").get()
    assert summaries(story, pair) == ["From alice", "From alice"]
    assert carried.cause_author == story.jira.account("alice")
    written = story.issue(right).changelog[-1].history_metadata
    assert written is not None
    assert written["actor"]["id"] == story.jira.account("alice")


# --- whose edit is newer -----------------------------------------------------------------------


@pytest.mark.parametrize("delivered", [True, False], ids=["late", "never"])
def test_the_newer_edit_wins_although_its_delivery_comes(
    story: Story, pair: tuple[str, str], *, delivered: bool
) -> None:
    left, right = pair
    story.edit("alice", left, summary="Older, left")
    story.clock.advance(seconds=60)
    story.edit("bob", right, summary="Newer, right")
    late = story.hold_back(right)
    story.edit("bob", right, priority={"name": "Low"})
    story.settle()
    for delivery in late if delivered else []:
        story.jira.deliver(delivery)

    story.settle()

    assert summaries(story, pair) == ["Newer, right", "Newer, right"]


def test_an_edit_that_was_weighed_long_ago_does_not_date_a_newer_one(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("bob", right, summary="Long ago, right")
    old = story.hold_back(right)
    story.edit("alice", left, priority={"name": "Low"})
    story.settle()
    assert summaries(story, pair) == ["Long ago, right"] * 2
    story.clock.advance(seconds=60)

    story.edit("alice", left, summary="Older, left")
    story.clock.advance(seconds=60)
    story.edit("bob", right, summary="Newer, right")
    story.hold_back(right)
    story.edit("bob", right, priority={"name": "High"})
    story.jira.deliver(old[0])
    story.settle()

    assert summaries(story, pair) == ["Newer, right", "Newer, right"]


def test_the_newer_edit_wins_although_more_history_followed_than_jira_embeds(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("alice", left, summary="Older, left")
    story.clock.advance(seconds=60)
    story.edit("bob", right, summary="Newer, right")
    for number in range(45):
        story.edit("bob", right, priority={"name": ["Low", "High"][number % 2]})
    story.hold_back(right)

    story.settle()

    assert summaries(story, pair) == ["Newer, right", "Newer, right"]


def test_an_edit_of_a_copied_value_is_no_conflict(story: Story, pair: tuple[str, str]) -> None:
    left, right = pair
    story.edit("alice", left, summary="First")
    story.settle()
    story.clock.advance(seconds=30)

    story.edit("bob", right, summary="Second")
    story.settle()

    assert summaries(story, pair) == ["Second", "Second"]
    assert "conflict summary" not in story.journal()


# --- while somebody deletes it -----------------------------------------------------------------


def test_a_pair_that_goes_between_its_claim_and_its_work_is_a_lease_lost(
    story: Story, pair: tuple[str, str]
) -> None:
    left, _ = pair
    story.edit("alice", left, summary="Too late")
    story.jira.deliver_all()
    (claim,) = leases.claim_due(now=story.clock(), limit=1)
    Pair.objects.all().delete()

    with pytest.raises(LeaseLost):
        sync_pair(claim, story.clock)

    assert story.app_calls() == []


def test_a_synchronization_deleted_during_a_write_leaves_nothing_behind(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("alice", left, summary="Written, then forgotten")

    def delete(_: Request) -> None:
        assert together(lambda: delete_it(story)) == []

    story.jira.world.hooks.before(*EDIT, delete)
    story.settle()

    assert story.holds(right)["summary"] == "Written, then forgotten"
    assert not Pair.objects.exists()
    assert not Intent.objects.exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer")
def test_a_synchronization_deleted_while_a_worker_commits_goes_after_it(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("alice", left, summary="Contended")
    story.jira.deliver_all()
    (claim,) = leases.claim_due(now=story.clock(), limit=1)
    half = PairSide.objects.get(item=right)
    is_inside, may_commit = threading.Event(), threading.Event()

    def commit() -> None:
        with transaction.atomic():
            leases.renew(claim, span=timedelta(seconds=30))
            Intent.objects.create(
                pair_id=claim.pair_id,
                side="right",
                site_id=half.site_id,
                kind="edit",
                epoch=claim.epoch,
                started_at=story.clock(),
                deadline=story.clock(),
            )
            is_inside.set()
            may_commit.wait(10)

    def delete_meanwhile() -> None:
        is_inside.wait(10)
        threading.Timer(1.0, may_commit.set).start()
        delete_it(story)

    raised = together(commit, delete_meanwhile)

    assert raised == []
    assert not Pair.objects.exists()
    assert not Intent.objects.exists()


def delete_it(story: Story) -> None:
    synchronizations.delete(
        story.alice, story.jira.space_id("ALPHA"), story.synchronization_id, now=story.clock()
    )


# --- many at one moment ------------------------------------------------------------------------


def test_several_drains_at_one_moment_read_and_write_each_pair_once(story: Story) -> None:
    items = [story.create("ALPHA", f"Number {number}") for number in range(10)]
    story.settle()
    for number, item in enumerate(items):
        story.edit("alice", item, summary=f"Edited {number}")
    story.jira.deliver_all()
    story.jira.world.meters.reset()

    raised = together(jobs.sync, jobs.sync, jobs.sync)
    story.settle()

    assert raised == []
    assert [story.holds(story.twin_of(item)) for item in items] == [story.holds(item) for item in items]
    assert [call.split()[0] for call in story.app_calls()] == ["GET"] * 10 + ["PUT"] * 10
