"""Checks that are cut, refused or misled by a clock lose nothing and find nothing twice."""

from datetime import timedelta

import pytest

from backbone_app import gateway, jobs
from backbone_app.jira import read
from backbone_app.jira.read import bulk
from backbone_app.models import Pair, Reconciliation, Site
from backbone_app.services.reconciling import check
from jira_sandbox.misfortunes import Misfortune
from tests.scenarios.test_reconciling import found
from tests.support.scenario import Story


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
    monkeypatch.setattr(bulk, "PAGE", 2)
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
    monkeypatch.setattr(bulk, "PAGE", 2)
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
