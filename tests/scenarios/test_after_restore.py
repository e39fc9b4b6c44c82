"""What is done about what happened between the backup and the restore, and what the command says."""

import io
from datetime import timedelta
from functools import partial

import pytest
from django.core.management import CommandError, call_command

from backbone_app import jobs
from backbone_app.core.values import Side
from backbone_app.ledger import leases
from backbone_app.models import (
    Delivery,
    Intent,
    Pair,
    PairSide,
    Pause,
    Reconciliation,
    ServiceHold,
    Site,
    Synchronization,
)
from backbone_app.services import synchronizations, twinning
from tests.support.backups import Backup
from tests.support.restored import Drill, drill, item
from tests.support.two_sites import across, world

__all__ = ["across", "drill", "item", "world"]

LEFT, RIGHT = Side.LEFT, Side.RIGHT


def said_by(*arguments: str) -> str:
    said = io.StringIO()
    call_command("after_restore", *arguments, stdout=said)
    return said.getvalue()


def test_a_synchronization_deleted_after_the_backup_pauses_and_writes_nothing(
    drill: Drill, item: tuple[Side, str]
) -> None:
    story = drill.across.acme
    backup, taken_at = Backup.take(), drill.now()
    synchronizations.delete(
        story.alice, story.jira.space_id("ALPHA"), story.synchronization_id, now=drill.now()
    )
    drill.later(minutes=30)
    jobs.remove_properties()
    backup.restore()
    drill.across.acme.jira.world.meters.reset()

    drill.after_restore(taken_at)
    drill.create()
    drill.check()
    drill.across.acme.work()

    row = Synchronization.objects.get()
    assert (row.state, row.pause_reason) == ("paused", "deleted_after_backup")
    assert drill.writes() == 0
    assert not ServiceHold.objects.exists()


def test_a_site_with_a_newer_secret_holds_up_nobody_and_an_installation_mends_it(
    drill: Drill, item: tuple[Side, str]
) -> None:
    backup, taken_at = Backup.take(), drill.now()
    drill.across.acme.jira.install()
    drill.edit(item, RIGHT, summary="Edited after the backup")
    drill.lose_the_news()
    backup.restore()

    drill.after_restore(taken_at)
    drill.check()

    assert Synchronization.objects.get().pause_reason == "app_not_authorized"
    assert not ServiceHold.objects.exists()
    drill.across.acme.jira.install()
    drill.across.acme.start()
    drill.check()
    drill.settle()
    assert drill.faults() == []


def test_a_pair_made_by_hand_after_the_backup_is_two_work_items_again(drill: Drill) -> None:
    story, other = drill.across.acme, drill.across.initech
    story.stop()
    mine = story.create("ALPHA", "Mine")
    theirs = other.person_creates("gina", "GOLD", "Theirs")
    story.start()
    drill.across.settle()
    drill.later(seconds=60)
    backup, taken_at = Backup.take(), drill.now()
    pair = partial(
        twinning.pair_up,
        *(story.alice, story.jira.space_id("ALPHA"), story.synchronization_id),
        own_key=story.issue(mine).key,
        partner_key=other.issue(theirs).key,
        choice="own",
    )
    pair(now=drill.now())
    drill.across.settle()
    backup.restore()

    drill.recover(taken_at)

    assert not Pair.objects.exists()
    assert (story.twins_of(mine), other.twins_of(mine)) == ([], [])
    pair(now=drill.now())
    drill.across.settle()
    assert other.field(theirs, "summary") == "Mine"


def test_a_site_that_does_not_answer_holds_up_nobody_else_but_waits_itself(
    drill: Drill, item: tuple[Side, str]
) -> None:
    call_command("after_restore", taken_at=drill.now())
    drill.later(seconds=400)
    away = {"scope": "site:x", "reason": "unreachable", "since": drill.now()}
    site = Site.objects.get(base_url=drill.across.initech.jira.site.base_url)
    Pause.objects.create(site=site, until=drill.now() + timedelta(hours=1), **away)

    jobs.sweep()

    assert not ServiceHold.objects.exists()
    Pair.objects.update(due=1, not_before=None)
    assert leases.claim_due(now=drill.now(), limit=1) == ()
    Pause.objects.all().delete()
    jobs.reconcile()
    assert len(leases.claim_due(now=drill.now(), limit=1)) == 1


def test_the_time_of_the_backup_is_told_by_the_newest_row(drill: Drill, item: tuple[Side, str]) -> None:
    newest = max(intent.started_at for intent in Intent.objects.all())
    later = max(one.received_at for one in Delivery.objects.all())

    said = said_by()

    assert "sides checked=0 waiting=2 out_of_reach=0" in said
    assert ServiceHold.objects.get().point == max(newest, later)
    assert all(row.point <= newest for row in Reconciliation.objects.all())


def test_a_look_says_how_far_it_is_and_a_release_ends_it(drill: Drill) -> None:
    assert said_by("--status") == "There is no hold.\n"
    assert said_by("--release") == "There was no hold.\n"
    said_by("--taken-at", "2026-11-20T03:00Z")

    assert said_by("--status").startswith("sides checked=0 waiting=2 out_of_reach=0 since=")
    assert said_by("--release") == "The hold is over.\n"
    assert not ServiceHold.objects.exists()


@pytest.mark.parametrize("taken_at", ["2030-01-01T00:00Z", "2026-12-24"])
def test_a_backup_of_the_future_is_refused(drill: Drill, taken_at: str) -> None:
    with pytest.raises(CommandError, match="future"):
        said_by("--taken-at", taken_at)

    assert not ServiceHold.objects.exists()


def test_a_mark_that_somebody_forged_makes_no_pair_with_what_gets_no_twin(drill: Drill) -> None:
    """Whoever may edit a twin may write into its properties, and would like to see other work items."""
    story, other = drill.across.acme, drill.across.initech
    story.stop()
    private = story.create("ALPHA", "From while it was stopped")
    drill.later(seconds=1)
    story.start()
    drill.across.settle()
    backup, taken_at = Backup.take(), drill.now()
    made = drill.create()
    drill.across.settle()
    twin = drill.on(made, RIGHT)
    path = f"/rest/api/3/issue/{twin}/properties/backbone-twin"
    mark = {**other.issue(twin).properties["backbone-twin"], "originItem": private}
    assert other.jira.person("gina").put(path, mark).status in {200, 201}
    backup.restore()

    drill.recover(taken_at)

    assert not PairSide.objects.filter(item__in=[private, twin]).exists()
    assert other.field(twin, "summary") == drill.wanted[made]["summary"]
