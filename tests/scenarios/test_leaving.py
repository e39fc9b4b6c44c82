"""A site removes the app: nothing more is asked of it, its partner is told, in the end it is erased."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db.models import ForeignKey

from backbone_app import jobs
from backbone_app.errors import Outdated
from backbone_app.ledger import departures
from backbone_app.models import (
    AuditEntry,
    Failure,
    Intent,
    JournalEntry,
    Leftover,
    Pair,
    PairSide,
    ServiceHold,
    Site,
    Synchronization,
    SynchronizationSide,
    Tombstone,
)
from backbone_app.services import leaving, pairs, synchronizations
from backbone_app.services.leaving.erasing import OWN
from backbone_app.services.leaving.proof import STONES
from tests.support.backups import Backup
from tests.support.scenario import Story
from tests.support.two_sites import Across, across, world
from tests.support.workers import EDIT, READ, elsewhere

__all__ = ["across", "world"]

TICKET = "t" * 43
WITH_PAIRS = (Intent, JournalEntry, PairSide, SynchronizationSide)
"""Tables that name a site and go with the synchronizations that it takes part in."""


@pytest.fixture
def busy(across: Across) -> Across:
    """Both sites in full work: pairs, comments, trouble, feed, audit log, a download that was offered."""
    acme, initech = across.acme, across.initech
    here = acme.create("ALPHA", "From acme", labels=["red"])
    there = initech.person_creates("gina", "GOLD", "From initech")
    across.settle()
    acme.comment("alice", here, "Said on acme")
    initech.comment("gina", there, "Said on initech")
    acme.edit("alice", here, summary="Edited on acme")
    initech.edit("gina", across.twin_of(here), summary="Edited on initech")
    across.settle()
    gold = initech.jira.space_id("GOLD")
    pairs.offer(initech.alice, gold, initech.synchronization_id, ticket=TICKET, now=initech.clock())
    Failure.objects.create(
        synchronization_id=acme.synchronization_id,
        pair=Pair.objects.earliest("pk"),
        side="right",
        code="edit_not_allowed",
        first_at=acme.clock(),
        last_at=acme.clock(),
    )
    return across


def pass_time(across: Across, **duration: float) -> None:
    """Let time pass and the workers do what is due."""
    across.acme.clock.advance(**duration)
    jobs.sweep()
    jobs.part()
    jobs.clean()


def calls_to_initech(across: Across) -> int:
    """How many calls of the app have reached the site's front."""
    rows = across.acme.jira.world.meters.snapshot()
    return sum(int(row["calls"]) for row in rows if (row["site"], row["caller"]) == ("initech", "app"))


def of_alpha(across: Across) -> synchronizations.Row:
    """What alice sees of it in the overview of ALPHA."""
    acme = across.acme
    (row,) = synchronizations.overview(acme.alice, acme.jira.space_id("ALPHA"), now=acme.clock())
    return row


def marked(story: Story) -> list[str]:
    """The work items of a site that bear our property."""
    return [one.id for one in story.jira.site.issues.values() if "backbone-twin" in one.properties]


def test_drill_uninstall_then_erase(busy: Across) -> None:
    acme, initech = busy.acme, busy.initech
    gone = initech.alice.site_id
    acme.synchronize("BETA", "GAMMA")
    acme.person_creates("dana", "BETA", "Nobody else's")
    busy.settle()
    before = {one.pk for one in Pair.objects.exclude(synchronization=acme.synchronization_id)}
    lost = Pair.objects.filter(synchronization=acme.synchronization_id).count()
    bearing = len(marked(acme))

    initech.jira.uninstall()
    busy.acme.jira.world.meters.reset()
    pass_time(busy, minutes=1)
    told = of_alpha(busy)
    pass_time(busy, days=29)
    waiting = leaving.prove(gone)
    pass_time(busy, days=2)
    pass_time(busy, minutes=5)

    assert "initech.atlassian.net has removed Backbone Work Sync." in told.notice
    assert "22 December 2026" in told.notice
    assert (told.status, told.actions) == ("PAUSED", ("stop", "delete"))
    assert waiting.total > 20
    proof = leaving.prove(gone)
    assert {table: rows for table, rows in proof.rows.items() if rows} == {}
    assert calls_to_initech(busy) == 0
    stone = Tombstone.objects.get()
    assert (stone.site, stone.erased_at) == (gone, proof.erased_at)
    assert (proof.lost["Pair"], proof.lost["Site"]) == (lost, 1)
    assert {one.pk for one in Pair.objects.all()} == before
    assert (bearing, len(marked(acme))) == (2, 1)  # the twin within acme keeps its own
    noted = AuditEntry.objects.filter(act="partner_erased").get()
    assert (noted.site_id, noted.detail["pairs"]) == (acme.alice.site_id, lost)


def test_after_the_erasure_a_new_installation_is_a_site_of_its_own(busy: Across) -> None:
    gone = Site.objects.get(base_url="https://initech.atlassian.net")
    busy.initech.jira.uninstall()
    pass_time(busy, days=31)

    busy.initech.jira.install()
    jobs.part()

    fresh = Site.objects.get(base_url="https://initech.atlassian.net")
    assert (fresh.client_key, fresh.status) == (gone.client_key, "enabled")
    assert fresh.pk != gone.pk
    assert bytes(fresh.digest_key_sealed) != bytes(gone.digest_key_sealed)
    assert not SynchronizationSide.objects.filter(site=fresh).exists()


def test_installed_again_within_the_grace_it_goes_on_and_finds_what_it_missed(busy: Across) -> None:
    acme = busy.acme
    item = next(one.id for one in acme.jira.site.issues.values() if one.id not in marked(acme))
    busy.initech.jira.uninstall()
    pass_time(busy, days=29)
    acme.edit("alice", item, summary="While it was away")
    acme.jira.deliver_all()
    acme.work()

    busy.initech.jira.install()
    pass_time(busy, seconds=10)
    jobs.reconcile()
    busy.settle()

    assert Synchronization.objects.get().state == "running"
    assert busy.initech.field(busy.twin_of(item), "summary") == "While it was away"
    acts = list(
        AuditEntry.objects.filter(site=acme.alice.site_id).order_by("pk").values_list("act", flat=True)
    )
    assert acts[-2:] == ["paused", "resumed"]


def test_a_partner_can_neither_start_it_nor_is_told_nothing_and_can_delete(busy: Across) -> None:
    acme = busy.acme
    space = acme.jira.space_id("ALPHA")
    synchronizations.stop(acme.alice, space, acme.synchronization_id, now=acme.clock())
    busy.initech.jira.uninstall()
    pass_time(busy, minutes=1)

    with pytest.raises(Outdated, match="has removed Backbone Work Sync"):
        synchronizations.start(acme.alice, space, acme.synchronization_id, now=acme.clock())
    notice = of_alpha(busy).notice
    synchronizations.delete(acme.alice, space, acme.synchronization_id, now=acme.clock())

    assert "You can delete it before." in notice
    assert not Synchronization.objects.exists()


def test_what_a_site_that_left_bears_waits_until_it_is_back_or_erased(busy: Across) -> None:
    acme, initech = busy.acme, busy.initech
    initech.jira.uninstall()
    space = acme.jira.space_id("ALPHA")
    synchronizations.delete(acme.alice, space, acme.synchronization_id, now=acme.clock())
    pass_time(busy, minutes=5)
    waiting = Leftover.objects.count()

    initech.jira.install()
    pass_time(busy, minutes=5)

    assert waiting > 0
    assert (marked(initech), marked(acme), Leftover.objects.count()) == ([], [], 0)


@pytest.mark.parametrize("call", [READ, EDIT])
def test_a_worker_that_is_in_the_middle_makes_no_further_call(busy: Across, call: tuple[str, str]) -> None:
    """The uninstall is committed while one call of a drain is under way."""
    acme, initech = busy.acme, busy.initech
    for item in [one.id for one in acme.jira.site.issues.values()]:
        acme.edit("alice", item, summary=f"Edited {item}", labels=["blue"])
    acme.jira.deliver_all()
    after: list[int] = []

    def leave(_: object) -> None:
        if not after:
            elsewhere(initech.jira.uninstall)
            after.append(calls_to_initech(busy))

    acme.jira.world.hooks.before(*call, leave)
    acme.jira.world.meters.reset()
    acme.work()
    pass_time(busy, minutes=1)

    assert len(after) == 1
    assert calls_to_initech(busy) - after[0] <= 1  # the one that was under way, if it was one to that site


def test_an_erasure_that_is_killed_goes_on_where_it_was(busy: Across) -> None:
    gone = busy.initech.alice.site_id
    busy.initech.jira.uninstall()
    turns = iter([True, False])

    finished = leaving.erase(gone, busy.acme.clock, lambda: next(turns))
    half_done = leaving.prove(gone).total
    shell = Site.objects.get(pk=gone)
    pass_time(busy, minutes=1)

    assert not finished
    assert half_done > 0
    assert shell.client_key == f"erased:{gone}"
    assert not bytes(shell.digest_key_sealed)
    assert leaving.prove(gone).total == 0
    assert AuditEntry.objects.filter(act="partner_erased").count() == 1


def test_one_that_comes_back_while_it_is_erased_is_a_new_site(busy: Across) -> None:
    gone = busy.initech.alice.site_id
    busy.initech.jira.uninstall()
    leaving.erase(gone, busy.acme.clock, lambda: False)

    busy.initech.jira.install()
    pass_time(busy, minutes=1)

    assert not Site.objects.filter(pk=gone).exists()
    assert Site.objects.get(base_url="https://initech.atlassian.net").status == "enabled"


def test_while_the_whole_service_is_held_nothing_is_erased(busy: Across) -> None:
    """After a restore a site that is installed again by now may look as if it had left long ago."""
    busy.initech.jira.uninstall()
    now = busy.acme.clock()
    ServiceHold.objects.create(name="restore", since=now, point=now)
    held = departures.due(now + timedelta(days=60)).count()
    ServiceHold.objects.all().delete()

    assert (held, departures.due(now + timedelta(days=60)).count()) == (0, 1)


def test_an_installed_site_is_not_erased(busy: Across) -> None:
    here = busy.acme.alice.site_id

    assert not leaving.erase(here, busy.acme.clock)
    with pytest.raises(CommandError, match="The app is installed on this site"):
        call_command("erase_site", str(here), "--now")
    assert Pair.objects.exists()


def command(*words: str) -> list[str]:
    """The lines that ``erase_site`` prints."""
    out = io.StringIO()
    call_command("erase_site", *words, stdout=out)
    return out.getvalue().splitlines()


def test_the_command_waits_for_the_grace_unless_told_not_to_and_prints_the_proof(busy: Across) -> None:
    gone = busy.initech.alice.site_id
    busy.initech.jira.uninstall()
    looked = command("https://initech.atlassian.net", "--look")
    with pytest.raises(CommandError, match="until 22 December 2026"):
        command("https://initech.atlassian.net")

    lines = command("https://initech.atlassian.net", "--now")

    assert "backbone_site rows=1" in looked
    assert all(line.endswith(" rows=0") for line in lines[:-1])
    assert lines[-1].startswith(f"site={gone} rows=0 lost=")
    assert command(str(gone), "--look") == lines


def test_what_a_restored_backup_brings_back_is_erased_again(
    busy: Across, tmp_path: Path, settings: LazySettings
) -> None:
    settings.BACKBONE_ERASURE_LOG = tmp_path / "erasures"
    backup = Backup.take()
    gone = busy.initech.alice.site_id
    busy.initech.jira.uninstall()
    command(str(gone), "--now")
    backup.restore()
    restored = leaving.prove(gone).total

    lines = command("--again")

    assert restored > 20
    assert lines[-1].startswith(f"site={gone} rows=0 ")
    assert command("--again") == []


def test_a_name_that_no_site_has_is_refused(db: None) -> None:
    with pytest.raises(CommandError, match="No site has this address"):
        command("https://hooli.atlassian.net")


def test_every_table_that_names_a_site_is_known_to_the_erasure() -> None:
    naming = {
        model
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is Site
    }

    assert naming == {*OWN, *WITH_PAIRS}
    assert {model.__name__ for model in STONES} == {"Tombstone"}
