"""What no delivery told of is found, brought over the ordinary way, and costs little."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import pytest

from backbone_app import jobs
from backbone_app.ledger import points, standing
from backbone_app.models import (
    AuditEntry,
    CommentTwin,
    Failure,
    Pair,
    PairSide,
    Reconciliation,
    Synchronization,
)
from backbone_app.queue import Job
from jira_sandbox.wire import Request
from tests.support.rows import make_pair
from tests.support.scenario import Story
from tests.support.workers import Killed, elsewhere, is_awake, kill

SEARCH: Final = "POST /rest/api/3/search/jql"
FETCH: Final = "POST /rest/api/3/issue/bulkfetch"
HOUR: Final = 3600.0
STATUSES: Final = {"To Do": "Open", "In Progress": "In Progress"}
SECRET: Final = {"type": "role", "value": "Administrators"}


@pytest.fixture
def pair(story: Story) -> tuple[str, str]:
    """A work item on the left and its twin, in step and checked, a comment on each."""
    left = story.create("ALPHA", "Printer on fire", labels=["hot"])
    story.settle()
    right = story.twin_of(left)
    story.comment("alice", left, "Smoke")
    story.comment("bob", right, "Water")
    story.settle()
    check_later(story)
    return left, right


def check_later(story: Story) -> None:
    """Let time pass until the next check has been done, and forget the calls before it."""
    story.clock.advance(seconds=HOUR)
    story.jira.world.meters.reset()
    story.check()


def found() -> int:
    """How many changes were found that no delivery had told of."""
    return sum(Reconciliation.objects.values_list("found", flat=True))


def writes(story: Story) -> list[str]:
    """The app's calls that change something."""
    reads = ("GET", SEARCH, FETCH, "POST /rest/api/3/permissions/check")
    return [call for call in story.app_calls() if not call.startswith(reads)]


def edit(story: Story, left: str) -> None:
    story.edit("alice", left, summary="Put out", priority={"name": "High"})


def describe(story: Story, left: str) -> None:
    document = {"type": "paragraph", "content": [{"type": "text", "text": "It began at noon"}]}
    story.edit("alice", left, description={"type": "doc", "version": 1, "content": [document]})


def describe_and_edit(story: Story, left: str) -> None:
    describe(story, left)
    story.lose()
    story.edit("alice", left, summary="Told of")
    story.settle()


def move(story: Story, left: str) -> None:
    story.move("alice", left, "In Progress")


def add_comment(story: Story, left: str) -> None:
    story.comment("alice", left, "Fire brigade is here")


def change_comment(story: Story, left: str) -> None:
    story.change_comment("alice", left, story.comment_ids(left)[0], "Much smoke")


def delete_comment(story: Story, left: str) -> None:
    story.delete_comment("alice", left, story.comment_ids(left)[0])


@pytest.mark.parametrize(
    "change", [edit, describe, describe_and_edit, move, add_comment, change_comment, delete_comment]
)
def test_a_change_that_was_lost_is_found_once_and_brought_over(
    story: Story, pair: tuple[str, str], change: Callable[[Story, str], None]
) -> None:
    left, right = pair
    change(story, left)
    story.lose()

    check_later(story)

    assert found() == 1
    assert story.holds(right) == story.holds(left)
    assert story.status(right) == STATUSES[story.status(left)]
    assert len(story.comments(right)) == len(story.comments(left))
    assert (story.field(right, "description") is None) == (story.field(left, "description") is None)
    assert len(writes(story)) == (2 if change is move else 1)  # the other workflow takes two steps
    check_later(story)
    assert (story.app_calls(), found()) == ([SEARCH, SEARCH], 1)


def test_only_the_side_that_changed_is_read_until_it_shows_a_difference(
    story: Story, pair: tuple[str, str]
) -> None:
    left, _ = pair
    story.edit("alice", left, labels=["hot", "fleeting"])
    story.edit("alice", left, labels=["hot"])
    story.lose()

    check_later(story)

    read, listed = "GET /rest/api/3/issue/{issueIdOrKey}", "GET /rest/api/3/issue/{issueIdOrKey}/comment"
    assert story.app_calls() == sorted([SEARCH, SEARCH, read, listed])
    assert not PairSide.objects.filter(stale=True).exists()


@pytest.mark.parametrize("space", ["ALPHA", "BETA"])
def test_a_work_item_whose_creation_was_lost_gets_its_twin_with_all_its_comments(
    story: Story, space: str
) -> None:
    check_later(story)
    item = story.create(space, "Unheard")
    story.comment("dana", item, "Nobody listens")
    story.lose()

    check_later(story)

    assert story.holds(story.twin_of(item)) == story.holds(item)
    assert len(story.comments(story.twin_of(item))) == 1
    assert found() == 1


def test_a_work_item_whose_creation_was_lost_and_that_was_archived_meanwhile_gets_its_twin_by_a_whole_check(
    story: Story,
) -> None:
    check_later(story)
    site = story.jira.site
    item = story.create("ALPHA", "Unheard")
    story.lose()
    site.archive(site.issue(item))
    for _ in range(12):
        check_later(story)
    site.unarchive(site.issue(item))
    check_later(story)
    without = story.twins_of(item)

    story.check_everything()

    assert without == []
    assert story.holds(story.twin_of(item)) == story.holds(item)


def test_what_changed_while_it_was_stopped_is_brought_over_at_the_start_and_what_is_new_stays(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.stop()
    story.edit("alice", left, summary="Changed meanwhile")
    story.comment("bob", right, "Said meanwhile")
    new = story.create("ALPHA", "Made meanwhile")
    story.lose()
    story.clock.advance(seconds=48 * HOUR)

    story.start()
    story.check()

    assert story.holds(right)["summary"] == "Changed meanwhile"
    assert len(story.comments(left)) == 3
    assert story.twins_of(new) == []


def test_what_was_created_while_it_was_paused_gets_its_twin_when_it_goes_on(story: Story) -> None:
    check_later(story)
    standing.pause(story.synchronization_id, reason="app_not_authorized", side=None, now=story.clock())
    new = story.create("ALPHA", "Made meanwhile")
    story.lose()
    story.clock.advance(seconds=5 * HOUR)

    story.start()
    story.check()

    assert story.holds(story.twin_of(new)) == story.holds(new)


def test_what_was_told_while_it_was_paused_is_found_although_its_sites_clock_was_set_back(
    story: Story,
) -> None:
    standing.pause(story.synchronization_id, reason="app_not_authorized", side=None, now=story.clock())
    new = story.create("ALPHA", "Made meanwhile")
    story.jira.site.clock_shift = timedelta(hours=-1)
    story.edit("alice", new, summary="Changed by a clock that was set back")
    story.jira.site.clock_shift = timedelta()
    story.settle()
    assert story.twins_of(new) == []

    story.start()
    story.check()

    assert story.holds(story.twin_of(new)) == story.holds(new)


def test_a_check_that_ends_after_a_pause_reached_back_leaves_the_point_there(story: Story) -> None:
    row = Reconciliation.objects.get(half__space_key="ALPHA")
    before = row.point
    standing.pause(story.synchronization_id, reason="app_not_authorized", side=None, now=story.clock())
    told = before - timedelta(hours=1)
    points.reach_back(row.half.site_id, row.half.space, told, now=story.clock())

    points.done(
        row,
        point=story.clock(),
        began=story.clock(),
        interval=timedelta(minutes=15),
        whole=False,
        now=story.clock(),
    )

    row.refresh_from_db()
    assert row.point == told


def test_news_that_are_days_late_make_no_check_begin_days_ago(story: Story) -> None:
    row = Reconciliation.objects.get(half__space_key="ALPHA")
    standing.pause(story.synchronization_id, reason="app_not_authorized", side=None, now=story.clock())

    points.reach_back(row.half.site_id, row.half.space, story.clock() - timedelta(days=2), now=story.clock())

    assert Reconciliation.objects.get(pk=row.pk).point == row.point


def test_in_a_system_whose_deliveries_come_nothing_is_found_and_nothing_is_read(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    for number in range(4):
        story.edit("alice", left, summary=f"Summary {number}")
        story.move("alice", left, *(("In Progress", "Done") if number % 2 == 0 else ("To Do",)))
        one = story.comment("alice", left, f"Left {number}")
        other = story.comment("bob", right, f"Right {number}")
        story.settle()
        describe(story, left)
        story.change_comment("alice", left, one, f"Changed {number}")
        story.change_comment("dana", right, story.comment_ids(right)[-1], "A copy that somebody edits")
        story.change_comment("bob", right, other, f"Right {number}", visibility=SECRET)
        story.edit("bob", right, labels=[f"l{number}"])
        story.create("BETA", f"Another {number}")
        story.settle()
    story.delete_comment("alice", left, story.comment_ids(left)[0])
    story.settle()

    check_later(story)

    assert (found(), story.app_calls()) == (0, [SEARCH, SEARCH])


def test_a_change_so_young_that_its_delivery_may_still_come_is_left_to_it(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.clock.advance(seconds=HOUR)
    story.edit("alice", left, summary="Just now")
    jobs.sweep()

    jobs.reconcile()
    jobs.sync_bulk()

    assert story.holds(right)["summary"] == "Printer on fire"
    story.settle()
    assert (story.holds(right)["summary"], found()) == ("Just now", 0)


def test_who_edits_while_a_check_has_the_pair_in_work_need_not_wait_for_the_sweep(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    story.edit("alice", left, summary="Never told")
    story.lose()
    story.clock.advance(seconds=HOUR)
    jobs.sweep()
    jobs.reconcile()

    def edited_meanwhile(_: Request) -> None:
        story.edit("alice", left, summary="Told amid the check")
        story.jira.deliver_all()
        elsewhere(jobs.sync)

    story.jira.world.hooks.before("PUT", right, edited_meanwhile)
    jobs.sync_bulk()

    assert is_awake(Job.SYNC)
    jobs.sync()
    assert story.holds(right)["summary"] == "Told amid the check"


def rows_for(story: Story, items: list[str]) -> None:
    """Pairs of work items whose twins do not exist yet, known as they are."""
    row, site = Synchronization.objects.get(), story.jira.row
    for item in items:
        pair = make_pair(row, site, item, "")
        pair.sides.filter(side="left").update(stamp_updated=story.issue(item).updated)
    PairSide.objects.filter(item="").update(stamp_updated=story.clock())


def crowd(story: Story, count: int) -> list[str]:
    """That many work items on the left, a minute apart, which nobody has told us of, with rows."""
    items = []
    for number in range(count):
        story.clock.advance(seconds=59)
        items.append(story.create("ALPHA", f"Item {number}"))
    story.lose()
    rows_for(story, items)
    return items


def test_two_hundred_and_fifty_changed_items_cost_three_calls_and_as_many_for_a_whole_check(
    story: Story,
) -> None:
    crowd(story, 250)
    story.clock.advance(minutes=2)
    story.jira.world.meters.reset()
    jobs.sweep()

    jobs.reconcile()

    assert story.app_calls() == [FETCH] * 3 + [SEARCH] * 4
    assert found() == 0
    check_later(story)
    assert story.app_calls() == [SEARCH, SEARCH]


def test_a_check_that_is_killed_goes_on_where_it_was(story: Story) -> None:
    crowd(story, 250)
    story.clock.advance(minutes=2)
    jobs.sweep()
    hooks = story.jira.world.hooks

    def die_at_the_third(_: object) -> None:
        hooks.before("POST", "/search/jql", kill)

    hooks.before("POST", "/search/jql", lambda _: hooks.before("POST", "/search/jql", die_at_the_third))
    with pytest.raises(Killed):
        jobs.reconcile()
    story.clock.advance(minutes=7)
    story.jira.world.meters.reset()
    jobs.reconcile()

    assert story.app_calls() == [FETCH] * 3 + [SEARCH] * 2
    assert not Reconciliation.objects.filter(due_at__lte=story.clock()).exists()


def test_a_whole_check_that_is_killed_goes_on_where_it_was(story: Story) -> None:
    crowd(story, 250)
    story.clock.advance(minutes=2)
    jobs.sweep()
    hooks = story.jira.world.hooks

    hooks.before("POST", "/bulkfetch", lambda _: hooks.before("POST", "/bulkfetch", kill))
    with pytest.raises(Killed):
        jobs.reconcile()
    story.clock.advance(minutes=7)
    story.jira.world.meters.reset()
    jobs.reconcile()

    assert story.app_calls().count(FETCH) == 2


def test_eleven_of_a_hundred_that_cannot_be_seen_pause_the_synchronization_and_a_start_goes_on(
    story: Story,
) -> None:
    items = crowd(story, 100)
    for item in items[:11]:
        story.jira.site.hide_issue(story.issue(item), from_account=story.jira.site.app.user)

    check_later(story)

    row = Synchronization.objects.get()
    assert (row.state, row.pause_reason) == ("paused", "many_missing")
    told = AuditEntry.objects.get(act="paused").detail
    assert (told["reason"], told["reason_lies"]) == ("many_missing", "own")
    assert Pair.objects.filter(reason="remote_missing").count() == 11
    assert Failure.objects.filter(code="remote_missing", side="left").count() == 11
    story.start()
    jobs.reconcile()
    assert Synchronization.objects.get().state == "running"
    assert Pair.objects.filter(reason="remote_missing", due__gt=0, lane="bulk").count() == 11


def test_ten_of_a_hundred_do_not_pause_it(story: Story) -> None:
    items = crowd(story, 100)
    for item in items[:10]:
        story.jira.site.hide_issue(story.issue(item), from_account=story.jira.site.app.user)
    story.clock.advance(seconds=HOUR)
    jobs.sweep()

    jobs.reconcile()

    assert Synchronization.objects.get().state == "running"


def test_a_few_that_cannot_be_seen_say_so_each_and_are_in_step_again_when_they_can(story: Story) -> None:
    items = [story.create("ALPHA", f"Item {number}") for number in range(3)]
    story.settle()
    for item in items:
        story.jira.site.hide_issue(story.issue(item), from_account=story.jira.site.app.user)
        story.edit("alice", item, summary="Changed unseen")
    story.lose()

    story.check_everything()

    assert [pair.reason for pair in Pair.objects.all()] == ["remote_missing"] * 3
    assert Synchronization.objects.get().state == "running"
    for item in items:
        story.jira.site.show_issue(story.issue(item), to_account=story.jira.site.app.user)
    story.clock.advance(seconds=25 * HOUR)
    story.check()
    assert [pair.reason for pair in Pair.objects.all()] == [""] * 3
    assert {story.holds(story.twin_of(item))["summary"] for item in items} == {"Changed unseen"}


def test_a_space_that_search_does_not_know_any_more_is_asked_for_item_by_item(
    story: Story, pair: tuple[str, str]
) -> None:
    site = story.jira.site
    site.deny(site.app.user, "BROWSE_PROJECTS", space=site.space("ALPHA"))

    check_later(story)

    assert story.pair().reason == "remote_missing"
    site.allow(site.app.user, "BROWSE_PROJECTS", space=site.space("ALPHA"))
    story.check_everything()
    assert story.pair().reason == ""


@pytest.mark.parametrize("meanwhile", ["nothing", "edited", "edited and told"])
def test_a_comment_whose_row_was_lost_finds_its_copy_again(
    story: Story, pair: tuple[str, str], meanwhile: str
) -> None:
    left, right = pair
    CommentTwin.objects.all().delete()
    if meanwhile != "nothing":
        story.change_comment("alice", left, story.comment_ids(left)[0], "Changed")
    if meanwhile == "edited":
        story.lose()

    story.settle()
    story.check_everything()

    text = "Smoke" if meanwhile == "nothing" else "Changed"
    assert sorted(story.comments(right)) == [f"Alice Archer commented:\n{text}", "Water"]
    assert len(story.comments(left)) == 2
    assert CommentTwin.objects.count() == 2
    assert len(writes(story)) == (0 if meanwhile == "nothing" else 1)
    story.change_comment("alice", left, story.comment_ids(left)[0], "Once more")
    story.settle()
    assert sorted(story.comments(right)) == ["Alice Archer commented:\nOnce more", "Water"]


@pytest.mark.parametrize("is_lost", [False, True])
def test_both_edits_arrive_although_the_clock_of_the_site_was_set_back_between_them(
    story: Story, pair: tuple[str, str], is_lost: bool
) -> None:
    left, right = pair
    story.edit("alice", left, summary="First")
    story.settle()
    story.check_everything()
    story.jira.site.clock_shift = timedelta(minutes=-10)
    story.edit("alice", left, priority={"name": "High"})
    if is_lost:
        story.lose()

    story.settle()
    check_later(story)

    assert story.holds(right) == story.holds(left)
    assert (story.holds(right)["summary"], story.holds(right)["priority"]) == ("First", "High")


def test_a_comment_that_is_hidden_without_a_word_goes_with_the_next_check_and_returns_likewise(
    story: Story, pair: tuple[str, str]
) -> None:
    left, right = pair
    hidden = story.comment_ids(left)[0]
    story.jira.site.expel(story.jira.site.app.user)
    story.change_comment("alice", left, hidden, "Secret", visibility=SECRET)

    check_later(story)
    gone = story.comments(right)
    story.change_comment("alice", left, hidden, "Open", visibility=None)
    story.lose()
    check_later(story)

    assert gone == ["Water"]
    assert sorted(story.comments(right)) == ["Alice Archer commented:\nOpen", "Water"]
