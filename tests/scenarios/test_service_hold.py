"""After a restore the whole service is held until it was checked; nothing is forgotten meanwhile."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from backbone_app import jobs
from backbone_app.core.values import Side
from backbone_app.errors import LeaseLost
from backbone_app.ledger import leases, restores
from backbone_app.models import (
    Delivery,
    Pair,
    ServiceHold,
)
from backbone_app.services import synchronizations
from tests.support.backups import Backup
from tests.support.restored import Drill, drill, item
from tests.support.two_sites import across, world

__all__ = ["across", "drill", "item", "world"]

LEFT, RIGHT = Side.LEFT, Side.RIGHT


def test_while_it_lasts_nothing_is_written_and_news_are_kept(drill: Drill, item: tuple[Side, str]) -> None:
    call_command("after_restore", taken_at=drill.now())
    drill.across.acme.jira.world.meters.reset()
    known = Delivery.objects.count()
    drill.edit(item, LEFT, summary="While it is held")
    drill.create(RIGHT)

    drill.across.acme.jira.deliver_all()
    drill.across.initech.jira.deliver_all()
    drill.across.acme.work()

    assert drill.across.acme.app_calls() == []
    assert Delivery.objects.count() > known
    drill.later(seconds=400)
    drill.check()
    drill.settle()
    assert drill.faults() == []


def test_people_read_that_it_is_held_and_how_far_the_checks_are(drill: Drill) -> None:
    call_command("after_restore", taken_at=drill.now())
    story = drill.across.acme

    (row,) = synchronizations.overview(story.alice, story.jira.space_id("ALPHA"), now=drill.now())

    assert "being checked after a restore" in row.notice
    assert "(0 % is done); changes wait and are brought over afterwards." in row.notice


def test_no_check_begins_before_search_shows_all_that_we_wrote(drill: Drill) -> None:
    call_command("after_restore", taken_at=drill.now())
    drill.across.acme.jira.world.meters.reset()

    drill.check()

    assert drill.across.acme.app_calls() == []
    assert ServiceHold.objects.exists()


def test_a_hold_that_begins_in_the_middle_stops_the_next_write(drill: Drill, item: tuple[Side, str]) -> None:
    Pair.objects.update(due=1)
    (claim,) = leases.claim_due(now=drill.now(), limit=1)
    ServiceHold.objects.create(name=restores.RESTORE, since=drill.now(), point=drill.now())

    with pytest.raises(LeaseLost):
        leases.begin(claim, span=timedelta(seconds=1))


def test_a_worker_from_before_the_restore_can_commit_nothing(drill: Drill, item: tuple[Side, str]) -> None:
    Pair.objects.update(due=1)
    (claim,) = leases.claim_due(now=drill.now(), limit=1)

    restores.begin(drill.now(), now=drill.now(), overlap=timedelta(0))

    with pytest.raises(LeaseLost):
        leases.renew(claim, span=timedelta(seconds=1))


def test_a_pair_whose_twin_was_on_its_way_at_the_backup_gets_that_twin(drill: Drill) -> None:
    drill.create()
    drill.across.acme.jira.deliver_all()
    jobs.pair_up()
    backup, taken_at = Backup.take(), drill.now()
    drill.across.settle()
    backup.restore()

    drill.recover(taken_at)

    assert Pair.objects.count() == 1
    assert drill.faults() == []


def test_a_copy_from_after_the_backup_is_known_again_though_its_original_was_edited(
    drill: Drill, item: tuple[Side, str]
) -> None:
    backup, taken_at = Backup.take(), drill.now()
    comment = drill.comment(item, LEFT)
    drill.across.settle()
    drill.later(seconds=10)
    drill.across.acme.change_comment("alice", item[1], comment, "Said better")
    drill.lose_the_news()
    backup.restore()

    drill.recover(taken_at)

    twin = drill.on(item, RIGHT)
    assert [text.splitlines()[-1] for text in drill.across.initech.comments(twin)] == ["Said better"]


def test_a_comment_changed_and_carried_after_the_backup_costs_no_write(
    drill: Drill, item: tuple[Side, str]
) -> None:
    comment = drill.comment(item, LEFT)
    drill.across.settle()
    backup, taken_at = Backup.take(), drill.now()
    drill.across.acme.change_comment("alice", item[1], comment, "Said better")
    drill.across.settle()
    backup.restore()
    drill.across.acme.jira.world.meters.reset()

    drill.recover(taken_at)

    assert drill.writes() == 0
    assert drill.faults() == []


def test_a_label_added_and_carried_and_then_taken_away_does_not_come_back(
    drill: Drill, item: tuple[Side, str]
) -> None:
    backup, taken_at = Backup.take(), drill.now()
    drill.edit(item, LEFT, labels=["first", "urgent"])
    drill.across.settle()
    drill.edit(item, LEFT, labels=["first"])
    drill.lose_the_news()
    backup.restore()

    drill.recover(taken_at)

    assert drill.across.initech.field(drill.on(item, RIGHT), "labels") == ["first"]
    assert drill.faults() == []
