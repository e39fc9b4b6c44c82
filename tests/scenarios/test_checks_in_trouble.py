"""Checks that are cut, refused or misled by a clock lose nothing and find nothing twice."""

from datetime import timedelta

import pytest

from backbone_app import gateway, jobs
from backbone_app.jira import read
from backbone_app.jira.read import searching
from backbone_app.models import (
    Delivery,
    Failure,
    Pair,
    PairSide,
    Reconciliation,
    Site,
    Spending,
    Synchronization,
)
from backbone_app.services import troubles
from backbone_app.services.reconciling import check
from jira_sandbox.misfortunes import Misfortune
from tests.scenarios.test_failures import Scene, scene  # noqa: F401
from tests.scenarios.test_reconciling import check_later, crowd, found
from tests.support.scenario import Story
from tests.support.workers import Killed, kill


def shift_clock(story: Story, by: timedelta) -> None:
    """Set the site's clock, and let the app notice."""
    story.jira.site.clock_shift = by
    for _ in range(20):
        read.account(gateway.client(Site.objects.get(), clock=story.clock))


def test_what_was_created_while_the_space_could_not_be_searched_is_found(story: Story) -> None:
    story.clock.advance(hours=1)
    story.check()
    item = story.create("ALPHA", "Made meanwhile")
    story.lose()
    story.clock.advance(minutes=20)
    refusal = Misfortune(match=("POST", "/search/jql"), kind="refuse_before_effect", status=400, times=2)
    story.jira.world.misfortunes.add(refusal)
    story.check_everything()
    story.clock.advance(hours=1)

    story.check_everything()

    assert len(story.twins_of(item)) == 1


def test_a_work_item_is_found_although_another_one_leaves_its_page_meanwhile(story: Story) -> None:
    story.clock.advance(hours=2)
    items = [story.create("ALPHA", f"Item {number}") for number in range(101)]
    story.lose()
    story.clock.advance(minutes=30)

    def meddle(_: object) -> None:
        story.edit("alice", items[0], summary="Moves to the end")
        story.lose()

    story.jira.world.hooks.after("POST", "/search/jql", meddle)
    story.check()

    assert len(story.twins_of(items[100])) == 1


def test_a_check_that_is_cut_after_each_page_gets_on(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)
    items = [story.create("ALPHA", f"Item {number}") for number in range(6)]
    story.lose()
    story.clock.advance(minutes=2)
    jobs.sweep()
    begun = story.clock()

    turns = 0
    while Reconciliation.objects.get(half__side="left").last_at is None:
        turns += 1
        row = Reconciliation.objects.get(half__side="left")
        story.clock.advance(seconds=1)
        try:
            check.run(row, story.clock, story.clock())
        except check.OutOfTime:
            assert turns < 5
    jobs.pair_up()

    assert set(Pair.objects.values_list("origin_item", flat=True)) == set(items)
    point = Reconciliation.objects.get(half__side="left").point
    assert begun < point <= begun + timedelta(seconds=1)


def test_a_check_whose_last_seen_work_item_was_deleted_begins_anew(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)
    items = [story.create("ALPHA", f"Item {number}") for number in range(4)]
    story.lose()
    story.clock.advance(minutes=2)
    jobs.sweep()
    with pytest.raises(check.OutOfTime):
        check.run(Reconciliation.objects.get(half__side="left"), story.clock, story.clock())
    assert story.jira.person("dana").delete(f"/rest/api/3/issue/{items[1]}").status == 204
    story.lose()

    for _ in range(2):
        story.clock.advance(hours=1)
        story.check()

    assert [len(story.twins_of(items[index])) for index in (0, 2, 3)] == [1] * 3


def test_a_lost_creation_is_found_although_the_sites_clock_is_behind(story: Story) -> None:
    shift_clock(story, -timedelta(minutes=10))
    item = story.create("ALPHA", "Just now")
    story.lose()
    story.clock.advance(minutes=3)

    story.check_everything()

    assert len(story.twins_of(item)) == 1


def test_what_was_created_while_stopped_is_no_finding_on_a_site_whose_clock_is_ahead(story: Story) -> None:
    story.stop()
    shift_clock(story, timedelta(minutes=10))
    item = story.create("ALPHA", "While stopped")
    story.lose()
    story.clock.advance(minutes=1)
    story.start()

    for _ in range(2):
        story.clock.advance(minutes=2)
        story.check_everything()

    assert (story.twins_of(item), found()) == ([], 0)


def test_a_lost_change_of_a_comment_arrives_although_the_clock_was_set_back(story: Story) -> None:
    left = story.create("ALPHA", "Lamp")
    comment = story.comment("alice", left, "One")
    story.settle()
    story.change_comment("alice", left, comment, "Two")
    story.settle()
    story.jira.site.clock_shift = -timedelta(minutes=10)
    story.change_comment("alice", left, comment, "Three")
    story.lose()
    story.clock.advance(minutes=2)

    story.check_everything()

    assert "Three" in story.comments(story.twin_of(left))[0]


def test_missing_items_that_are_ignored_do_not_pause_it_every_day(story: Story) -> None:
    items = crowd(story, 20)
    for item in items[:11]:
        story.jira.site.hide_issue(story.issue(item), from_account=story.jira.site.app.user)
    check_later(story)
    assert Synchronization.objects.get().pause_reason == "many_missing"
    story.start()
    story.check()
    told = list(Failure.objects.filter(code="remote_missing"))
    space, row = story.jira.space_id("ALPHA"), story.synchronization_id
    for failure in told:
        troubles.ignore(story.alice, space, row, failure.pk, now=story.clock())

    story.clock.advance(hours=25)
    story.check()

    assert (len(told), Synchronization.objects.get().state) == (11, "running")


def test_what_was_created_in_an_earlier_stop_stays_alone_after_a_second_one(story: Story) -> None:
    story.stop()
    story.clock.advance(minutes=1)
    item = story.create("ALPHA", "Made while stopped")
    story.settle()
    for step in (story.start, story.stop, story.start):
        story.clock.advance(minutes=1)
        step()
    story.clock.advance(minutes=2)

    story.check()

    assert story.twins_of(item) == []


def test_what_a_check_suspects_is_decided_after_what_people_just_did(story: Story) -> None:
    for number in range(30):
        story.create("ALPHA", f"Item {number}")
    story.lose()
    story.clock.advance(minutes=3)
    jobs.sweep()
    jobs.reconcile()
    assert Delivery.objects.filter(event="check", unpaired=True).count() == 30
    new = story.create("ALPHA", "Just now")
    story.jira.deliver_all()
    hooks = story.jira.world.hooks

    def be_slow(_: object) -> None:
        story.clock.advance(seconds=2)
        hooks.before("GET", r"/issue/[0-9]+$", be_slow)

    hooks.before("GET", r"/issue/[0-9]+$", be_slow)
    jobs.pair_up()

    assert PairSide.objects.filter(item=new).exists()
    assert Delivery.objects.filter(event="check", unpaired=True).exists()


def test_reading_what_a_check_suspects_is_paid_as_bulk(story: Story) -> None:
    story.clock.advance(hours=3)
    for number in range(5):
        story.create("ALPHA", f"Item {number}")
    story.lose()
    story.clock.advance(minutes=3)
    jobs.sweep()
    jobs.reconcile()
    Spending.objects.all().delete()

    jobs.pair_up()

    assert set(Spending.objects.values_list("lane", flat=True)) == {"bulk"}


@pytest.mark.parametrize("is_lost", [False, True])
def test_a_change_of_a_pair_with_a_refused_field_is_a_finding_only_if_it_was_lost(
    scene: Scene,  # noqa: F811
    is_lost: bool,
) -> None:
    story = scene.story
    scene.site.take_off_screen(scene.beta, "priority")
    scene.change(priority={"name": "High"})
    check_later(story)
    before = found()
    story.edit("alice", scene.left, summary="Another")
    if is_lost:
        story.lose()
    story.settle()

    check_later(story)

    assert (story.holds(scene.right)["summary"], found() - before) == ("Another", int(is_lost))


def test_a_check_that_somebody_asks_for_searches_anew_where_one_was_cut(story: Story) -> None:
    """What the cut one had come upon was hidden when it was decided on, and shows again by now."""
    story.create("ALPHA", "A pair")
    story.settle()
    left = story.create("ALPHA", "Nobody told of it")
    story.lose()
    site, hooks = story.jira.site, story.jira.world.hooks
    story.clock.advance(minutes=2)
    jobs.sweep()
    hooks.before("POST", "/bulkfetch", kill)
    with pytest.raises(Killed):
        jobs.reconcile()
    site.hide_issue(story.issue(left), from_account=site.app.user)
    story.pair_up()
    story.stop()
    site.show_issue(story.issue(left), to_account=site.app.user)
    story.clock.advance(hours=1)

    story.start()
    story.check()

    assert len(story.twins_of(left)) == 1
