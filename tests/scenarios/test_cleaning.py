"""After a synchronization is deleted our properties go from both sides' work items and comments."""

import pytest
import structlog

from backbone_app import jobs
from backbone_app.ledger import leftovers
from backbone_app.models import Leftover, PairSide, Spending, Synchronization, WakeUp
from backbone_app.queue import Job
from backbone_app.services import panel, synchronizations, twinning
from backbone_app.services.tenants import Caller
from jira_sandbox.misfortunes import ALWAYS, Misfortune
from tests.support.cleaning import COMMENT, MANY, ONE, clean, delete, marked, removals
from tests.support.scenario import Story, synchronize
from tests.support.workers import Killed, is_awake, kill


def test_a_few_are_removed_one_by_one_on_both_sides(story: Story) -> None:
    left, right = story.create("ALPHA", "From here"), story.create("BETA", "From there")
    story.settle()
    story.comment("alice", left, "Said here")
    story.comment("bob", right, "Said there")
    story.settle()
    story.jira.world.meters.reset()
    assert len(marked(story)) == 4

    delete(story)
    clean(story)

    assert marked(story) == []
    assert not Leftover.objects.exists()
    assert removals(story) == {
        "DELETE /rest/api/3/issue/{issueIdOrKey}/properties/{propertyKey}": 2,
        "DELETE /rest/api/3/comment/{commentId}/properties/{propertyKey}": 2,
    }


def test_many_work_items_cost_two_calls(story: Story) -> None:
    for number in range(7):
        story.create("ALPHA", f"Item {number}")
    story.settle()
    story.jira.world.meters.reset()

    delete(story)
    clean(story)
    clean(story)

    assert marked(story) == []
    assert not Leftover.objects.exists()
    assert removals(story) == {
        "DELETE /rest/api/3/issue/properties/{propertyKey}": 1,
        "GET /rest/api/3/task/{taskId}": 1,
    }


def test_where_jira_refuses_them_together_they_go_singly(story: Story) -> None:
    for number in range(4):
        story.create("ALPHA", f"Item {number}")
    story.settle()
    story.jira.world.misfortunes.add(Misfortune(match=MANY, kind="refuse_before_effect", status=400))

    delete(story)
    clean(story)

    assert marked(story) == []
    assert not Leftover.objects.exists()


def test_a_task_that_jira_forgot_is_no_removal(story: Story) -> None:
    for number in range(4):
        story.create("ALPHA", f"Item {number}")
    story.settle()
    delete(story)
    held = {one.id: dict(one.properties) for one in story.jira.site.issues.values()}
    clean(story)
    for issue in story.jira.site.issues.values():
        issue.properties |= held[issue.id]  # as if the task had done nothing
    story.jira.site.tasks.clear()

    clean(story)

    assert marked(story) == []
    assert not Leftover.objects.exists()


def test_a_property_stays_that_another_synchronization_wrote(story: Story) -> None:
    """The twin in BETA is paired by hand in BETA and GAMMA: it is no twin of theirs."""
    twin = _paired_once_more(story)

    space = story.jira.space_id("BETA")
    dana = Caller(story.alice.site_id, story.jira.account("dana"), story.alice.base_url)
    second = Synchronization.objects.exclude(pk=story.synchronization_id).get()
    synchronizations.delete(dana, space, second.pk, now=story.clock())
    clean(story)

    assert marked(story) == [twin]


def test_its_own_synchronization_takes_it_away_wherever_else_it_is_paired(story: Story) -> None:
    _paired_once_more(story)

    delete(story)
    clean(story)

    assert marked(story) == []
    assert PairSide.objects.count() == 2


def _paired_once_more(story: Story) -> str:
    """Create a twin in BETA, and pair it by hand with an older work item in GAMMA."""
    old = story.person_creates("dana", "GAMMA", "Old lamp")
    item = story.create("ALPHA", "Lamp")
    story.settle()
    twin = story.twin_of(item)
    story.synchronize("BETA", "GAMMA")
    second = Synchronization.objects.exclude(pk=story.synchronization_id).get()
    dana = Caller(story.alice.site_id, story.jira.account("dana"), story.alice.base_url)
    own, partner = (story.issue(one).key for one in (twin, old))
    space = story.jira.space_id("BETA")
    twinning.pair_up(
        dana, space, second.pk, own_key=own, partner_key=partner, choice="own", now=story.clock()
    )
    story.settle()
    return twin


def test_what_is_gone_is_done(story: Story) -> None:
    item = story.create("ALPHA", "Lamp")
    story.settle()
    story.comment("alice", item, "Said")
    story.settle()
    delete(story)
    story.jira.site.remove_silently(story.issue(story.twin_of(item)))

    clean(story)

    assert not Leftover.objects.exists()


def test_a_site_that_is_down_is_asked_again_later(story: Story) -> None:
    story.create("ALPHA", "Lamp")
    story.settle()
    delete(story)
    story.jira.world.misfortunes.add(Misfortune(match=ONE, kind="lose_before_effect", times=2))

    clean(story)
    during = len(marked(story))
    clean(story, minutes=20)
    clean(story, minutes=20)

    assert (during, marked(story)) == (1, [])
    assert not Leftover.objects.exists()


def test_what_jira_refuses_again_and_again_is_given_up_with_a_line_in_the_log(story: Story) -> None:
    item = story.create("ALPHA", "Lamp")
    story.settle()
    story.comment("alice", item, "Said")
    story.settle()
    delete(story)
    refused = Misfortune(match=COMMENT, kind="refuse_before_effect", status=403, times=ALWAYS)
    story.jira.world.misfortunes.add(refused)

    with structlog.testing.capture_logs() as lines:
        for _ in range(leftovers.MOST_TRIES):
            clean(story, minutes=6 * 60 + 1)

    given_up = [line for line in lines if line["event"] == "leftover_given_up"]
    assert [line["tenant"] for line in given_up] == [str(story.alice.site_id)]
    assert not Leftover.objects.exists()
    assert len(marked(story)) == 1


@pytest.mark.parametrize("many", [1, 4])
def test_a_site_that_takes_no_signature_says_nothing_about_a_work_item(story: Story, many: int) -> None:
    for number in range(many):
        story.create("ALPHA", f"Item {number}")
    story.settle()
    delete(story)
    refused = Misfortune(match=("DELETE", "."), kind="refuse_before_effect", status=401, times=ALWAYS)
    story.jira.world.misfortunes.add(refused)

    for _ in range(leftovers.MOST_TRIES + 1):
        clean(story, minutes=6 * 60 + 1)

    assert list(Leftover.objects.values_list("attempts", "task")) == [(0, "")] * many


def test_removals_are_paid_from_what_nobody_waits_for(story: Story) -> None:
    story.create("ALPHA", "Lamp")
    story.settle()
    delete(story)
    Spending.objects.all().delete()

    clean(story)

    assert list(Spending.objects.values_list("lane", flat=True)) == ["bulk"]


def test_a_removal_that_was_cut_goes_on(story: Story) -> None:
    for number in range(2):
        story.create("ALPHA", f"Item {number}")
    story.settle()
    delete(story)
    story.jira.world.hooks.before(*ONE, kill)

    with pytest.raises(Killed):
        clean(story)
    clean(story)

    assert marked(story) == []


def test_the_sweep_wakes_what_is_to_be_removed(story: Story) -> None:
    story.create("ALPHA", "Lamp")
    story.settle()
    delete(story)
    WakeUp.objects.all().delete()
    jobs.sweep()
    woken = is_awake(Job.REMOVE_PROPERTIES)
    clean(story)
    WakeUp.objects.all().delete()

    jobs.sweep()

    assert (woken, is_awake(Job.REMOVE_PROPERTIES)) == (True, False)


def test_afterwards_the_panel_is_empty_and_a_new_synchronization_takes_nothing_for_its_own(
    story: Story,
) -> None:
    item = story.create("ALPHA", "Lamp")
    story.settle()
    twin = story.twin_of(item)
    delete(story)
    shown = [panel.show(story.alice, one, now=story.clock()).rows for one in (item, twin)]

    story.clock.advance(minutes=2)
    bob = Caller(story.alice.site_id, story.jira.account("bob"), story.alice.base_url)
    synchronize(story.jira, story.alice, "ALPHA", bob, "BETA", now=story.clock())
    story.edit("alice", item, summary="Brighter lamp")
    story.edit("bob", twin, summary="Other lamp")
    new = story.create("ALPHA", "New lamp")
    story.settle()

    assert shown == [(), ()]
    assert [(row.state, row.explanation) for one in (item, twin) for row in rows(story, one)] == [
        ("not synchronized", "It was created before the synchronization was started.")
    ] * 2
    assert [row.state for row in rows(story, new)] == ["in step"]
    assert PairSide.objects.exclude(item="").count() == 2


def rows(story: Story, item: str) -> tuple[panel.PanelRow, ...]:
    """What the panel of a work item says."""
    story.clock.advance(minutes=2)
    return panel.show(story.alice, item, now=story.clock()).rows


def test_a_former_twin_gets_no_twin_in_a_synchronization_that_runs_on(story: Story) -> None:
    story.synchronize("BETA", "GAMMA")
    item = story.create("ALPHA", "Lamp")
    story.settle()
    twin = story.twin_of(item)

    delete(story)
    clean(story)
    story.edit("bob", twin, summary="Brighter lamp")
    story.settle()
    story.clock.advance(minutes=30)
    jobs.sweep()
    jobs.reconcile()
    story.settle()

    assert not PairSide.objects.exists()
    (row,) = rows(story, twin)
    assert (
        row.explanation
        == "Backbone created it as the twin of another work item, and twins get no further ones."
    )
