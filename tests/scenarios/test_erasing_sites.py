"""The erasure of a site that left: cut and begun again, by command, with its proof."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db.models import ForeignKey

from backbone_app.ledger import departures, erasures
from backbone_app.models import (
    AuditEntry,
    ForgeInstallation,
    Intent,
    JournalEntry,
    Link,
    Pair,
    PairSide,
    ServiceHold,
    Site,
    SynchronizationSide,
)
from backbone_app.services import leaving
from backbone_app.services.leaving.erasing import OWN
from backbone_app.services.leaving.proof import STONES
from tests.services.test_rotation import before_update, die
from tests.support.backups import Backup
from tests.support.leaving import busy, pass_time
from tests.support.two_sites import Across, across, world
from tests.support.workers import Killed

__all__ = ["across", "busy", "world"]


WITH_SITES = (Link,)
"""Tables that name a site and go with another one: a link goes with the site it leads to."""
WITH_PAIRS = (Intent, JournalEntry, PairSide, SynchronizationSide)
"""Tables that name a site and go with the synchronizations that it takes part in."""


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


def test_a_site_whose_erasure_could_not_begin_may_come_back_and_is_not_noted(
    busy: Across, tmp_path: Path, settings: LazySettings
) -> None:
    settings.BACKBONE_ERASURE_LOG = tmp_path / "erasures"
    busy.initech.jira.uninstall()

    with before_update(1, die), pytest.raises(Killed):
        leaving.erase(busy.initech.alice.site_id, busy.acme.clock)

    assert erasures.read().sites == {}


def test_what_forge_told_of_it_goes_too_but_not_what_came_after_it_left(busy: Across) -> None:
    Site.objects.filter(pk=busy.initech.alice.site_id).update(cloud_id="cloud-1")
    told = {"seen_at": busy.acme.clock()}
    for installation, cloud in (("old", "cloud-1"), ("other", "cloud-2"), ("nameless", "")):
        ForgeInstallation.objects.create(installation=installation, cloud_id=cloud, **told)
    busy.initech.jira.uninstall()
    later = busy.acme.clock() + timedelta(days=1)
    ForgeInstallation.objects.create(installation="new", cloud_id="cloud-1", seen_at=later)

    pass_time(busy, days=31)

    left = ForgeInstallation.objects.values_list("installation", flat=True)
    assert sorted(left) == ["nameless", "new", "other"]


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
    looked = command("https://initech.atlassian.net", "--dry-run")
    with pytest.raises(CommandError, match="until 22 December 2026"):
        command("https://initech.atlassian.net")

    lines = command("https://initech.atlassian.net", "--now")

    assert "backbone_site rows=1" in looked
    assert all(line.endswith(" rows=0") for line in lines[:-1])
    assert lines[-1].startswith(f"site={gone} rows=0 lost=")
    assert command(str(gone), "--dry-run") == lines


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
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is Site
    }

    assert naming == {*OWN, *WITH_PAIRS, *WITH_SITES}
    assert {model.__name__ for model in STONES} == {"Tombstone"}
