"""Each delivery is decided by itself and in time; a work item gets one twin, where one is wanted."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from backbone_app import jobs
from backbone_app.models import Delivery, Pair
from backbone_app.queue import Job
from backbone_app.services import pairing
from jira_sandbox.misfortunes import Misfortune
from tests.support.scenario import Story
from tests.support.workers import READ, altered, elsewhere, is_awake, publish, together, wake_ups


def create_unmarked(story: Story, summary: str) -> str:
    """Create a work item whose delivery does not say whether it bears our mark: it has to be read."""
    item = story.create("ALPHA", summary)
    (delivery,) = story.hold_back(item)
    story.jira.deliver(altered(delivery, lambda body: body["issue"].pop("properties")))
    return item


# --- one delivery is not like the others -------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda issue: issue["fields"].pop("created"),
        lambda issue: issue.update(key="K" * 300),
        lambda issue: issue["fields"].update(created="yesterday"),
    ],
    ids=["no birthday", "a long key", "a birthday that is none"],
)
def test_an_odd_delivery_gets_its_twin_and_holds_back_no_other(story: Story, change: Any) -> None:
    odd = story.create("ALPHA", "Odd")
    (delivery,) = story.hold_back(odd)
    story.jira.deliver(altered(delivery, lambda body: change(body["issue"])))
    good = story.create("ALPHA", "Good")

    story.settle()

    assert len(story.twins_of(odd)) == len(story.twins_of(good)) == 1


def test_a_site_that_does_not_answer_is_left_alone_for_a_moment_and_only_the_unlucky_one_for_longer(
    story: Story,
) -> None:
    unlucky = create_unmarked(story, "Unlucky")
    lucky = create_unmarked(story, "Lucky")
    story.jira.world.misfortunes.add(Misfortune(match=READ, kind="lose_before_effect"))
    story.jira.world.meters.reset()

    assert pairing.drain(story.clock) == 0
    assert len(story.app_calls()) == 1
    story.clock.advance(seconds=5 * 1.3)
    assert pairing.drain(story.clock) == 1
    assert Pair.objects.get().sides.filter(item=lucky).exists()
    story.jira.world.meters.reset()
    story.clock.advance(seconds=22)
    assert pairing.drain(story.clock) == 0
    assert story.app_calls() == []
    story.clock.advance(seconds=2)
    story.settle()

    assert len(story.twins_of(unlucky)) == 1


def test_a_bug_at_one_delivery_holds_back_no_other_and_is_tried_again(story: Story) -> None:
    poisoned = create_unmarked(story, "Poisoned")
    healthy = story.create("ALPHA", "Healthy")

    def poison(_: object) -> None:
        raise ZeroDivisionError

    story.jira.world.hooks.before("GET", f"/issue/{poisoned}$", poison)
    story.settle()
    assert story.twins_of(poisoned) == []
    assert len(story.twins_of(healthy)) == 1
    story.clock.advance(minutes=5)
    story.settle()

    assert len(story.twins_of(poisoned)) == 1


def test_a_mark_that_is_not_one_of_ours_settles_nothing(story: Story) -> None:
    left = story.create("ALPHA", "Broken lamp")
    story.settle()
    twin = story.twin_of(left)
    story.issue(twin).properties["backbone-twin"]["nonce"] = "not a nonce"
    Pair.objects.all().delete()
    story.edit("bob", twin, summary="Edited")

    story.settle()

    assert not Pair.objects.exists()
    assert not Delivery.objects.filter(unpaired=True).exists()


# --- time --------------------------------------------------------------------------------------


def test_a_drain_ends_before_its_time_out_and_wakes_the_next_one(story: Story) -> None:
    items = [create_unmarked(story, f"Number {number}") for number in range(6)]

    def answer_slowly(_: object) -> None:
        story.clock.advance(seconds=15)
        story.jira.world.hooks.before(*READ, answer_slowly)

    story.jira.world.hooks.before(*READ, answer_slowly)
    started = story.clock()
    pairing.drain(story.clock)

    assert story.clock() - started < timedelta(seconds=60)
    assert 0 < Pair.objects.count() < len(items)
    assert is_awake(Job.PAIR_UP)


def test_news_that_come_during_a_drain_wake_the_next_one(story: Story) -> None:
    create_unmarked(story, "First")
    before = wake_ups(Job.PAIR_UP)

    def another(_: object) -> None:
        story.create("ALPHA", "Second")
        story.jira.deliver_all()

    story.jira.world.hooks.before(*READ, another)
    jobs.pair_up()

    assert is_awake(Job.PAIR_UP)
    assert wake_ups(Job.PAIR_UP) == before + 1


# --- who gets a twin ---------------------------------------------------------------------------


def test_a_work_item_created_while_running_gets_its_twin_after_a_stop_and_a_start(story: Story) -> None:
    before = story.create("ALPHA", "While running")
    story.jira.deliver_all()
    story.clock.advance(seconds=30)
    story.stop()
    between = story.create("ALPHA", "While stopped")
    story.start()
    after = story.create("ALPHA", "Running again")
    story.edit("alice", between, summary="Edited while running")

    story.settle()

    assert [len(story.twins_of(item)) for item in (before, between, after)] == [1, 0, 1]


def test_a_work_item_deleted_before_it_was_paired_gets_no_twin(story: Story) -> None:
    left = story.create("ALPHA", "Short life")
    story.jira.person("dana").delete(f"/rest/api/3/issue/{left}")

    story.settle()

    assert story.twins_of(left) == []
    assert not Pair.objects.exists()
    assert not any(delivery.body_sealed for delivery in Delivery.objects.all())


def test_a_type_that_goes_one_way_is_not_paired_from_the_other(story: Story) -> None:
    def one_way(document: dict[str, Any]) -> None:
        for row in document["types"]:
            row["direction"] = "to_left"

    publish(story.synchronization_id, one_way)
    left, right = story.create("ALPHA", "Stays"), story.create("BETA", "Travels")

    story.settle()

    assert story.twins_of(left) == []
    assert len(story.twins_of(right)) == 1
    assert Pair.objects.get().origin_item == right


# --- the same moment ---------------------------------------------------------------------------


def test_two_drains_and_edits_that_come_in_meanwhile_make_one_twin_each_and_lose_nothing(
    story: Story,
) -> None:
    items = [story.create("ALPHA", f"Number {number}") for number in range(8)]
    story.jira.deliver_all()
    for number, item in enumerate(items):
        story.edit("alice", item, summary=f"Edited {number}")

    raised = together(jobs.pair_up, jobs.pair_up, story.jira.deliver_all, jobs.sync)
    story.settle()

    assert raised == []
    assert [story.holds(story.twin_of(item)) for item in items] == [story.holds(item) for item in items]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite takes its one writer at BEGIN")
def test_an_edit_delivered_while_its_item_is_being_paired_is_kept(story: Story) -> None:
    left = story.create("ALPHA", "New")
    story.jira.deliver_all()
    story.edit("alice", left, summary="Edited at once")
    paired = threading.Event()

    def pair_up_after_the_first_look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        if not paired.is_set() and sql.startswith("SELECT") and 'FROM "backbone_pairside"' in sql:
            paired.set()
            # Where the look takes a lock the pairing waits for us: it may not be waited for.
            pairing_up.start()
            pairing_up.join(timeout=5)
        return result

    pairing_up = threading.Thread(target=elsewhere, args=(story.pair_up,))
    with connection.execute_wrapper(pair_up_after_the_first_look):
        story.jira.deliver_all()
    pairing_up.join()
    story.settle()

    assert story.holds(story.twin_of(left))["summary"] == "Edited at once"
