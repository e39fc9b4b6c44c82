"""What a restore must not bring about: a hold without end, a false pair, old values on ordinary days."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from backbone_app import jobs
from backbone_app.core.values import Side
from backbone_app.ledger import leases, restores
from backbone_app.models import (
    Failure,
    Intent,
    Pair,
    PairSide,
    Reconciliation,
    ServiceHold,
    SynchronizationSide,
)
from backbone_app.models.pair import PairLane
from backbone_app.services import synchronizations, troubles, twinning
from backbone_app.services.doctor import lanes
from jira_sandbox.misfortunes import Misfortune
from tests.support.backups import Backup
from tests.support.restored import WHO, Drill, drill, item
from tests.support.two_sites import across, world

__all__ = ["across", "drill", "item", "world"]

LEFT, RIGHT = Side.LEFT, Side.RIGHT
Queries = Callable[[int], AbstractContextManager[Any]]


def test_nothing_is_claimed_while_it_stands_though_every_side_was_checked(
    drill: Drill, item: tuple[Side, str]
) -> None:
    ServiceHold.objects.create(name=restores.RESTORE, since=drill.now(), point=drill.now())
    Pair.objects.update(due=1, not_before=None)
    drill.create()
    drill.across.acme.jira.deliver_all()

    held = leases.claim_due(now=drill.now(), limit=1)
    jobs.pair_up()

    assert held == ()
    assert Pair.objects.count() == 1
    assert not Reconciliation.objects.filter(whole_at=None).exists()
    restores.end()
    jobs.pair_up()
    assert Pair.objects.count() == 2
    assert len(leases.claim_due(now=drill.now(), limit=1)) == 1


def test_a_check_that_breaks_holds_up_nobody_else_and_people_read_what_waits(
    drill: Drill, item: tuple[Side, str]
) -> None:
    half = SynchronizationSide.objects.get(side=LEFT)
    space = half.space
    SynchronizationSide.objects.filter(pk=half.pk).update(space="not an id")

    drill.after_restore(drill.now())
    drill.check()

    assert not ServiceHold.objects.exists()
    Pair.objects.update(due=1, not_before=None, lane=PairLane.LIVE)
    assert leases.claim_due(now=drill.now(), limit=1) == ()
    drill.create(RIGHT)
    drill.across.initech.jira.deliver_all()
    jobs.pair_up()
    assert Pair.objects.count() == 1
    SynchronizationSide.objects.filter(pk=half.pk).update(space=space)
    assert _notices(drill) == [
        "Both spaces are checked first after a restore. Changes wait and are brought over afterwards."
    ]
    assert [one.what for one in lanes.held(drill.now())] == ["checks"]
    drill.later(minutes=6)
    drill.check()
    drill.settle()
    assert _notices(drill) == []
    assert list(lanes.held(drill.now())) == []
    assert drill.faults() == []


def _notices(drill: Drill) -> list[str]:
    story = drill.across.acme
    space = story.jira.space_id("ALPHA")
    shown = troubles.listed(story.alice, space, story.synchronization_id, page=1, now=drill.now())
    return list(shown.health.holds)


def test_a_site_that_is_busy_again_and_again_does_not_hold_up_the_others(
    drill: Drill, item: tuple[Side, str]
) -> None:
    search = ("POST", "/rest/api/3/search/jql")
    busy = Misfortune(match=search, kind="busy", times=99, headers={"Retry-After": "600"})
    drill.across.initech.jira.world.misfortunes.add(busy)

    drill.after_restore(drill.now())
    drill.check()

    assert not ServiceHold.objects.exists()
    assert Reconciliation.objects.filter(whole_at=None).exists()


def test_where_nothing_is_synchronized_the_hold_ends_and_only_then_is_cleaned_up(
    drill: Drill, item: tuple[Side, str]
) -> None:
    story = drill.across.acme
    synchronizations.delete(
        story.alice, story.jira.space_id("ALPHA"), story.synchronization_id, now=drill.now()
    )

    call_command("after_restore", taken_at=drill.now())
    jobs.sweep()
    early = ServiceHold.objects.exists()
    drill.later(minutes=30)
    story.jira.world.meters.reset()
    jobs.remove_properties()
    held = story.app_calls()
    jobs.sweep()
    jobs.remove_properties()

    assert early
    assert held == []
    assert not ServiceHold.objects.exists()
    assert drill.writes() > 0


@pytest.mark.django_db
def test_empty_tables_do_not_tell_of_when_they_are() -> None:
    with pytest.raises(CommandError, match="Name it with --taken-at"):
        call_command("after_restore")

    assert not ServiceHold.objects.exists()


def test_a_forged_mark_that_names_a_twin_of_others_makes_no_pair(drill: Drill) -> None:
    """What a third space shows in ours by its twins would travel on to whoever forged the mark."""
    story, other = drill.across.acme, drill.across.initech
    story.synchronize("BETA", "ALPHA")
    shown = story.create("BETA", "Shown to ALPHA only")
    drill.across.settle()
    (private,) = story.twins_of(shown)
    backup, taken_at = Backup.take(), drill.now()
    made = drill.create()
    drill.across.settle()
    twin = drill.on(made, RIGHT)
    path = f"/rest/api/3/issue/{twin}/properties/backbone-twin"
    mark = {**other.issue(twin).properties["backbone-twin"], "originItem": private}
    assert other.jira.person("gina").put(path, mark).status in {200, 201}
    backup.restore()

    drill.recover(taken_at)

    assert not PairSide.objects.filter(item=twin).exists()
    assert other.field(twin, "summary") == drill.wanted[made]["summary"]


@pytest.mark.parametrize("nonsense", ["\0", "../myself", "x" * 9000])
def test_a_mark_full_of_nonsense_is_asked_about_nowhere(drill: Drill, nonsense: str) -> None:
    other = drill.across.initech
    backup, taken_at = Backup.take(), drill.now()
    twin = drill.on(_settled(drill), RIGHT)
    path = f"/rest/api/3/issue/{twin}/properties/backbone-twin"
    mark = {**other.issue(twin).properties["backbone-twin"], "originItem": nonsense}
    assert other.jira.person("gina").put(path, mark).status in {200, 201}
    backup.restore()
    drill.across.acme.jira.world.meters.reset()

    drill.after_restore(taken_at)
    drill.check()

    assert not ServiceHold.objects.exists()
    assert not Reconciliation.objects.filter(whole_at=None).exists()
    assert drill.across.acme.app_calls() == ["POST /rest/api/3/search/jql"] * 2


def _settled(drill: Drill) -> tuple[Side, str]:
    made = drill.create()
    drill.across.settle()
    return made


@pytest.mark.parametrize("gone", list(Side))
def test_a_twin_made_anew_after_the_backup_takes_the_place_of_the_one_that_was_deleted(
    drill: Drill, item: tuple[Side, str], gone: Side
) -> None:
    drill.later(seconds=60)
    backup, taken_at = Backup.take(), drill.now()
    left, deleted = drill.on(item, gone.other), drill.on(item, gone)
    assert drill.story(gone).jira.person(WHO[gone][0]).delete(f"/rest/api/3/issue/{deleted}").status == 204
    drill.across.settle()
    drill.story(gone.other).edit(WHO[gone.other][0], left, summary="Alone")
    drill.across.settle()
    story, failure = drill.across.acme, Failure.objects.get()
    space = story.jira.space_id("ALPHA")
    troubles.create_twin(story.alice, space, story.synchronization_id, failure.pk, now=drill.now())
    drill.across.settle()
    (made,) = drill.story(gone).twins_of(item[1])
    drill.lose_the_news()
    backup.restore()

    drill.recover(taken_at)

    assert PairSide.objects.get(side=gone).item == made
    assert drill.story(gone).twins_of(item[1]) == [made]
    drill.story(gone).edit(WHO[gone][0], made, summary="Together again")
    drill.across.settle()
    assert drill.story(gone.other).field(left, "summary") == "Together again"


def test_on_ordinary_days_a_label_that_was_taken_away_stays_away(
    drill: Drill, item: tuple[Side, str]
) -> None:
    """The rows of old writes are dropped one day; nothing has to be learnt from histories for that."""
    drill.edit(item, LEFT, labels=["first", "old"])
    drill.across.settle()
    Intent.objects.all().delete()
    drill.edit(item, LEFT, labels=["first", "old", "new"])
    drill.across.settle()
    drill.edit(item, RIGHT, labels=["first", "old"])
    Pair.objects.update(incomplete=True)

    drill.across.settle()

    assert drill.across.acme.field(item[1], "labels") == ["first", "old"]
    assert drill.faults() == []


def test_whose_values_stand_is_not_decided_by_how_two_work_items_were_once_paired(
    drill: Drill, item: tuple[Side, str]
) -> None:
    story, other = drill.across.acme, drill.across.initech
    twin = drill.on(item, RIGHT)
    drill.edit(item, LEFT, summary="Carried over")
    drill.across.settle()
    Pair.objects.all().delete()
    drill.lose_the_news()
    story.edit("alice", item[1], priority={"name": "High"})
    other.edit("gina", twin, summary="Later, and of no account")
    drill.lose_the_news()

    twinning.pair_up(
        story.alice,
        story.jira.space_id("ALPHA"),
        story.synchronization_id,
        own_key=story.issue(item[1]).key,
        partner_key=other.issue(twin).key,
        choice="own",
        now=drill.now(),
    )
    drill.across.settle()

    assert other.field(twin, "summary") == "Carried over"
    assert story.field(item[1], "summary") == "Carried over"


def test_ordinary_days_cost_one_look_into_an_empty_table(
    drill: Drill, item: tuple[Side, str], django_assert_num_queries: Queries
) -> None:
    Pair.objects.update(due=1, not_before=None)
    (claim,) = leases.claim_due(now=drill.now(), limit=1)

    with django_assert_num_queries(1):
        assert restores.lasting(drill.now()) is None
    with django_assert_num_queries(1):
        assert not restores.end_when_checked(drill.now(), quiet=leases.LEASE)
    with django_assert_num_queries(2):  # whether anything is due, and what of it can be done now
        assert leases.claim_due(now=drill.now(), limit=1) == ()
    with django_assert_num_queries(1):
        leases.begin(claim, span=leases.LEASE)
