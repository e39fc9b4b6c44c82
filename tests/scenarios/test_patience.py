"""What does not get better is tried more and more rarely, and at once again when it has."""

from backbone_app import jobs
from backbone_app.models import AuditEntry, Delivery, DeliveryUse, Pair, Pause, Synchronization
from jira_sandbox.misfortunes import Misfortune
from tests.support.scenario import Story

EDIT = ("PUT", r"/issue/[0-9]+$")
FOR_EVER = 100_000


def calls(story: Story) -> int:
    """How many calls of anybody arrived since the meters were reset."""
    return sum(int(row["calls"]) for row in story.jira.world.meters.snapshot())


def undecided(story: Story) -> str:
    """A work item whose only news is a comment: whether it deserves a twin cannot be told without a call."""
    item = story.create("ALPHA", "Lamp")
    story.comment("alice", item, "Hello")
    story.jira.deliver(story.hold_back(item)[-1])
    assert Delivery.objects.filter(unpaired=True).exists()
    story.jira.world.meters.reset()
    return item


def test_a_site_that_only_answers_502_is_left_alone_more_and_more(story: Story) -> None:
    items = [story.create("ALPHA", f"Item {number}") for number in range(5)]
    story.settle()
    for item in items:
        story.edit("alice", item, summary=f"Changed {item}")
    story.jira.deliver_all()
    story.jira.world.misfortunes.add(
        Misfortune(match=("", ""), kind="refuse_before_effect", status=502, times=FOR_EVER)
    )
    story.jira.world.meters.reset()

    for _ in range(120):
        story.clock.advance(seconds=31)
        jobs.sync()

    assert calls(story) < 30
    assert Pause.objects.get().reason == "unreachable"


def test_what_waits_for_a_pair_that_is_refused_does_not_pile_up_and_arrives_in_the_end(story: Story) -> None:
    left = story.create("ALPHA", "Lamp")
    story.settle()
    denied = Misfortune(match=EDIT, kind="refuse_before_effect", status=403, times=FOR_EVER)
    story.jira.world.misfortunes.add(denied)
    for number in range(5):
        story.edit("alice", left, summary=f"Lamp {number}")
        story.settle()
    story.comment("alice", left, "Hello")
    story.settle()

    story.clock.advance(days=30)
    jobs.tidy()
    assert not DeliveryUse.objects.exists()
    story.jira.world.misfortunes.waiting.clear()
    story.edit("alice", left, priority={"name": "Low"})
    story.settle()

    right = story.twin_of(left)
    assert (story.holds(right)["summary"], story.holds(right)["priority"]) == ("Lamp 4", "Low")
    assert len(story.issue(right).comments) == 1


def test_a_409_that_does_not_end_is_tried_more_and_more_rarely(story: Story) -> None:
    left = story.create("ALPHA", "Lamp")
    story.settle()
    story.edit("alice", left, summary="Changed")
    story.jira.deliver_all()
    conflict = Misfortune(match=EDIT, kind="refuse_before_effect", status=409, times=FOR_EVER)
    story.jira.world.misfortunes.add(conflict)
    story.jira.world.meters.reset()

    for _ in range(300):
        story.clock.advance(seconds=6)
        jobs.sync()
    assert calls(story) < 40
    assert Pair.objects.get().attempts > 5
    story.jira.world.misfortunes.waiting.clear()
    story.clock.advance(minutes=15)
    story.settle()

    assert story.holds(story.twin_of(left))["summary"] == "Changed"
    assert Pair.objects.get().attempts == 0


def test_a_site_that_refuses_us_pauses_what_its_space_takes_part_in(story: Story) -> None:
    undecided(story)
    story.jira.site.forget_secret()

    for _ in range(120):
        story.clock.advance(seconds=31)
        jobs.sweep()
        jobs.pair_up()

    assert 0 < calls(story) < 20
    paused = Synchronization.objects.get()
    assert (paused.state, paused.pause_reason, paused.pause_side) == ("paused", "app_not_authorized", "left")
    told = AuditEntry.objects.get(act="paused").detail
    assert (told["reason"], told["reason_lies"]) == ("app_not_authorized", "own")


def test_a_site_without_us_is_not_called_and_its_news_wait(story: Story) -> None:
    item = undecided(story)
    story.jira.disable()
    story.jira.world.meters.reset()

    for _ in range(5):
        story.clock.advance(minutes=1)
        jobs.pair_up()
    assert calls(story) == 0
    story.jira.enable()
    story.clock.advance(minutes=1)
    story.settle()

    assert len(story.twins_of(item)) == 1


def test_an_item_whose_site_does_not_answer_is_asked_for_more_and_more_rarely(story: Story) -> None:
    item = undecided(story)
    read = Misfortune(
        match=("GET", r"/issue/[0-9]+$"), kind="refuse_before_effect", status=408, times=FOR_EVER
    )
    story.jira.world.misfortunes.add(read)

    for _ in range(120):
        story.clock.advance(seconds=31)
        jobs.pair_up()
    assert 4 <= calls(story) <= 12
    story.jira.world.misfortunes.waiting.clear()
    story.clock.advance(minutes=15)
    story.settle()

    assert len(story.twins_of(item)) == 1
