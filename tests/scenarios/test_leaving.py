"""A site removes the app: nothing more is asked of it, its partner is told, in the end it is erased."""

import pytest

from backbone_app import jobs
from backbone_app.errors import Outdated
from backbone_app.models import (
    AuditEntry,
    Leftover,
    Pair,
    Site,
    Synchronization,
    SynchronizationSide,
    Tombstone,
)
from backbone_app.services import leaving, synchronizations
from backbone_app.services.audit_log.words import line
from tests.support.leaving import busy, calls_to_initech, marked, of_alpha, pass_time
from tests.support.pages import parse
from tests.support.two_sites import Across, across, world
from tests.support.workers import EDIT, READ, elsewhere
from tests.web.test_downloads import fetch, ticket_of

__all__ = ["across", "busy", "world"]


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


def test_the_partner_is_told_that_pairs_and_activity_go_as_well_and_can_download_the_pairs(
    busy: Across,
) -> None:
    acme = busy.acme
    admin, page = acme.jira.visitor("alice"), f"/spaces/{acme.jira.space_id('ALPHA')}/synchronizations"
    busy.initech.jira.uninstall()
    pass_time(busy, minutes=1)

    told = of_alpha(busy).notice
    rows = fetch(ticket_of(admin.post(f"{page}/{acme.synchronization_id}/pairs/download")))[1]
    pass_time(busy, days=31)

    assert "its pairs and its activity go with it. You can download the pairs until then." in told
    assert sorted(row[0] for row in rows[1:]) == ["ALPHA-1", "ALPHA-2"]
    noted = [
        line(entry, {}).about
        for entry in AuditEntry.objects.filter(site_id=acme.alice.site_id, actor="backbone").order_by("pk")
    ]
    assert "22 December 2026, and the pairs and the activity with it; the pairs can be" in noted[0]
    assert noted[-1] == "with 2 pairs and the activity"


def test_after_the_erasure_a_new_installation_is_a_site_of_its_own(busy: Across) -> None:
    gone = Site.objects.get(base_url="https://initech.atlassian.net")
    busy.initech.jira.uninstall()
    pass_time(busy, days=31)

    busy.initech.jira.install()
    jobs.follow_departures()

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
    page = acme.jira.visitor("alice").get(f"/spaces/{space}/synchronizations/{acme.synchronization_id}")
    synchronizations.delete(acme.alice, space, acme.synchronization_id, now=acme.clock())

    assert "You can delete it before." in notice
    assert "initech.atlassian.net has removed Backbone Work Sync." in parse(page).text
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
