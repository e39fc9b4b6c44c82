"""When which side is checked, for whom, and what trouble with one of them means."""

from datetime import timedelta
from typing import Final

import pytest

from backbone_app import jobs
from backbone_app.errors import NotAllowed, NotFound, Outdated
from backbone_app.ledger import points
from backbone_app.models import Pause, Reconciliation, Site, Synchronization, SynchronizationSide
from backbone_app.queue import Job
from backbone_app.services import reconciling, tenants
from jira_sandbox.connect import lifecycle
from jira_sandbox.misfortunes import Misfortune
from tests.support.app import send
from tests.support.machine import Machine
from tests.support.moving import NEW
from tests.support.rows import NOW, make_site, make_synchronization, uuid
from tests.support.scenario import Story
from tests.support.workers import is_awake

SEARCH: Final = ("POST", "/search/jql$")
MINUTE: Final = timedelta(minutes=1)


def make_due(half: SynchronizationSide, minutes: int) -> int:
    """A row of this side that has been due for so many minutes; returns its id."""
    since = NOW - minutes * MINUTE
    return Reconciliation.objects.create(half=half, point=since, due_at=since, whole_at=NOW).pk


def halves(site: Site, *spaces: str) -> list[SynchronizationSide]:
    return list(make_synchronization(site, spaces=(spaces[0], spaces[1])).sides.order_by("pk"))


def checked(story: Story) -> None:
    """Have the checks done that are due."""
    jobs.sweep()
    jobs.reconcile()


def rows() -> list[Reconciliation]:
    return list(Reconciliation.objects.order_by("half__side"))


def test_the_first_side_of_each_site_comes_before_anybodys_second(db: None) -> None:
    busy, other = make_site("busy"), make_site("other")
    first, second = (make_due(half, 60 - number) for number, half in enumerate(halves(busy, "1", "2")))
    lone = make_due(halves(other, "3", "4")[0], 5)

    assert points.due(NOW) == (first, lone, second)


@pytest.mark.parametrize("change", [{"state": "stopped"}, {"state": "paused"}])
def test_only_running_synchronizations_are_checked(db: None, change: dict[str, str]) -> None:
    make_due(halves(make_site("acme"), "1", "2")[0], 5)
    Synchronization.objects.update(**change)

    assert points.due(NOW) == ()
    assert not points.is_due(NOW)


def test_a_site_that_is_off_is_not_checked_and_all_of_its_and_its_partners_sides_are_when_it_is_on_again(
    story: Story,
) -> None:
    checked(story)
    story.jira.disable()
    story.clock.advance(hours=3)
    off = points.due(story.clock())

    story.jira.enable()

    assert off == ()
    assert [row.whole for row in rows()] == [True, True]
    assert len(points.due(story.clock())) == 2
    assert is_awake(Job.RECONCILE)


def test_one_worker_has_a_row_until_its_claim_ends(db: None) -> None:
    pk = make_due(halves(make_site("acme"), "1", "2")[0], 5)

    claims = [points.claim(pk, now=NOW + after) for after in (0 * MINUTE, 5 * MINUTE, 6 * MINUTE)]

    assert [claim is not None for claim in claims] == [True, False, True]


def test_the_time_between_checks_doubles_up_to_an_hour_and_falls_back_when_something_is_found(
    story: Story,
) -> None:
    intervals = []
    for _ in range(5):
        checked(story)
        intervals.append(rows()[0].interval_s // 60)
        story.clock.advance(minutes=61)
    story.create("ALPHA", "Unheard")
    story.lose()
    story.clock.advance(minutes=61)
    checked(story)

    assert intervals == [15, 30, 60, 60, 60]
    assert [row.interval_s // 60 for row in rows()] == [15, 60]
    assert [row.found for row in rows()] == [1, 0]


def test_every_pair_is_checked_once_a_day(story: Story) -> None:
    story.create("ALPHA", "Paired")
    story.settle()
    story.check()
    story.clock.advance(hours=23)
    story.jira.world.meters.reset()

    story.check()
    calls_before = story.app_calls()
    story.clock.advance(hours=2)
    story.check()

    assert len(calls_before) == 2
    assert story.app_calls().count("POST /rest/api/3/issue/bulkfetch") == 2


def test_a_busy_site_is_asked_again_when_it_said_and_the_check_is_not_lost(story: Story) -> None:
    story.jira.world.misfortunes.add(Misfortune(match=SEARCH, kind="busy", headers={"Retry-After": "600"}))

    checked(story)

    assert min(row.due_at for row in rows()) >= story.clock() + timedelta(seconds=599)
    assert {row.last_at for row in rows()} == {None}
    story.clock.advance(minutes=15)
    checked(story)
    assert {row.last_at for row in rows()} == {story.clock()}


def test_a_refused_app_pauses_the_synchronization_with_the_reason(story: Story) -> None:
    checked(story)
    story.clock.advance(hours=2)
    story.jira.site.forget_secret()

    checked(story)

    row = Synchronization.objects.get()
    assert (row.state, row.pause_reason) == ("paused", "app_not_authorized")


def test_an_answer_that_breaks_us_puts_off_one_side_and_no_other(story: Story) -> None:
    left = SynchronizationSide.objects.get(side="left")
    SynchronizationSide.objects.filter(pk=left.pk).update(space="not an id")

    checked(story)

    assert [row.last_at for row in rows()] == [None, story.clock()]
    assert rows()[0].due_at == story.clock() + 5 * MINUTE


def test_what_is_asked_for_during_a_check_is_done_after_it(db: None) -> None:
    pk = make_due(halves(make_site("acme"), "1", "2")[0], 5)
    row = points.claim(pk, now=NOW)
    assert row is not None

    points.want(row.half.synchronization_id, now=NOW + MINUTE)
    points.done(row, point=NOW, began=NOW, interval=15 * MINUTE, whole=False, now=NOW + 2 * MINUTE)

    row.refresh_from_db()
    assert (row.due_at, row.whole, row.point) == (NOW + MINUTE, True, NOW)


def test_after_an_absence_of_ours_everything_is_checked_at_once(story: Story) -> None:
    checked(story)
    story.clock.advance(minutes=4)
    jobs.sweep()
    soon = points.due(story.clock())

    story.clock.advance(minutes=6)
    jobs.sweep()

    assert soon == ()
    assert len(points.due(story.clock())) == 2


@pytest.mark.parametrize(("minutes", "expected"), [(4, 0), (5, 2)])
def test_a_site_that_could_not_be_reached_for_long_is_checked_as_soon_as_it_answers(
    story: Story, minutes: int, expected: int
) -> None:
    checked(story)
    story.clock.advance(minutes=6)
    jobs.sweep()
    Reconciliation.objects.update(due_at=story.clock() + 30 * MINUTE)
    since = story.clock() - minutes * MINUTE
    Pause.objects.create(
        scope=f"site:{story.jira.row.pk}",
        site=story.jira.row,
        reason="unreachable",
        until=story.clock() + MINUTE,
        since=since,
    )

    jobs.sweep()

    assert len(points.due(story.clock())) == expected


def test_a_site_whose_new_address_was_confirmed_in_passing_is_checked(story: Story) -> None:
    """What happened there meanwhile could not be told: its webhooks carried a secret that waited."""
    checked(story)
    story.clock.advance(seconds=1)
    story.jira.world.rename(story.jira.site, NEW)
    call = lifecycle.lifecycle_call(story.jira.world, story.jira.site, story.jira.app, "installed")
    assert call is not None
    assert send(call) == 204
    Reconciliation.objects.update(due_at=story.clock() + 30 * MINUTE)
    story.clock.advance(minutes=1)

    jobs.maintain_sites()

    assert Site.objects.filter(base_url=NEW).exists()
    assert len(points.due(story.clock())) == 2
    assert is_awake(Job.RECONCILE)


def test_a_site_that_enables_us_again_is_checked(story: Story) -> None:
    checked(story)
    story.jira.disable()
    Reconciliation.objects.update(due_at=story.clock() + 30 * MINUTE)

    story.jira.enable()

    assert len(points.due(story.clock())) == 2


def test_a_running_side_without_a_row_is_checked_from_its_start(db: None) -> None:
    row = make_synchronization(make_site("acme"))

    points.complete(NOW + timedelta(days=3))

    assert [one.point for one in rows()] == [row.started_at] * 2


def test_whoever_administers_the_space_may_have_it_checked_now(story: Story) -> None:
    checked(story)
    space = story.jira.space_id("ALPHA")

    reconciling.check_now(story.alice, space, story.synchronization_id, now=story.clock())

    assert [row.whole for row in rows()] == [True, True]
    assert is_awake(Job.RECONCILE)


def test_nobody_else_may_and_what_does_not_run_is_not_checked(story: Story) -> None:
    carol = tenants.Caller(story.alice.site_id, story.jira.account("carol"), story.alice.base_url)
    space = story.jira.space_id("ALPHA")

    with pytest.raises(NotAllowed):
        reconciling.check_now(carol, space, story.synchronization_id, now=story.clock())
    with pytest.raises(NotFound):
        reconciling.check_now(story.alice, space, uuid(1), now=story.clock())
    story.stop()
    with pytest.raises(Outdated):
        reconciling.check_now(story.alice, space, story.synchronization_id, now=story.clock())


def test_the_page_and_the_api_have_it_checked(story: Story) -> None:
    checked(story)
    space, sync = story.jira.space_id("ALPHA"), story.synchronization_id

    page = story.jira.visitor("alice").post(f"/spaces/{space}/synchronizations/{sync}/check")
    first = {row.due_at for row in rows()}
    story.clock.advance(minutes=1)
    api = Machine(story.jira, "alice", "ALPHA").post(f"synchronizations/{sync}/check")

    assert (page.status_code, first) == (200, {story.clock() - MINUTE})
    assert (api.status, {row.due_at for row in rows()}) == (204, {story.clock()})
