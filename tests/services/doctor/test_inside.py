"""Each thing that can be wrong inside, broken for real, is found and says what to do about it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django_q.models import OrmQ

from backbone_app import queue
from backbone_app.env import Mode
from backbone_app.ledger import heartbeats
from backbone_app.models import Delivery, ForgeInstallation, Leftover, Link, Pause, ServiceHold, Site
from backbone_app.models.sealing import seal
from backbone_app.services import doctor
from backbone_app.services.doctor import Finding, Level, configured, database, lanes, machine, sites
from jira_sandbox.world import World
from tests.support.atlassian import Customer
from tests.support.rows import NOW

pytestmark = pytest.mark.django_db


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def told(found: Iterable[Finding]) -> list[tuple[Level, str]]:
    """How bad, and about what; whatever is not well says what to do."""
    listed = list(found)
    assert all(one.why and bool(one.remedy) == (one.level is not Level.OK) for one in listed)
    return [(one.level, one.what) for one in listed]


@pytest.fixture
def site() -> Site:
    """A site in order: a secret that opens, a known account, joined with Forge."""
    made = Site(client_key="k", base_url="https://customer.atlassian.net", status="enabled", installed_at=NOW)
    made.secret_sealed = seal(b"shared", at=Site.secret_sealed.field.at(made.pk))
    made.digest_key_sealed = seal(b"d" * 32, at=Site.digest_key_sealed.field.at(made.pk))
    made.app_account = "account-of-the-app"
    made.save()
    ForgeInstallation.objects.create(installation="i", site=made, cloud_id="c", seen_at=NOW)
    return made


def test_an_installation_in_order_is_told_so(site: Site) -> None:
    for name in (*queue.lanes(), heartbeats.SWEEP):
        heartbeats.end(str(name), now=NOW)
    checks: tuple[doctor.Check, ...] = (
        *(configured.networks, database.reachable, database.migrated, database.old_keys),
        *(lanes.alive, lanes.swept, lanes.backlog, lanes.held, sites.known, sites.secrets),
        *(sites.links, sites.broken_links, sites.waiting_addresses, sites.accounts, sites.forge),
        *(sites.held_off, sites.leftovers),
    )

    found = [one for check in checks for one in check(NOW)]

    assert {level for level, _ in told(found)} == {Level.OK}
    assert len(found) >= 10


def test_what_is_told_names_no_site_no_account_and_no_secret(
    site: Site, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    Site.objects.update(pending_base_url="https://renamed.atlassian.net", secret_sealed=b"rubbish")
    monkeypatch.setattr(doctor, "CHECKS", doctor.CHECKS[:-2])  # those that ask somebody outside

    said = "\n".join(f"{one.why} {one.remedy}" for one in doctor.examine(NOW))

    assert str(site.pk) in said
    for text in ("customer", "renamed.atlassian", "account-of-the-app", "shared ", settings.SECRET_KEY):
        assert text not in said.replace("shared secret", "")


def test_development_is_told(settings: LazySettings) -> None:
    assert told(configured.mode(NOW)) == [(Level.WARN, "mode")]

    settings.MODE = Mode.PRODUCTION

    assert told(configured.mode(NOW)) == [(Level.OK, "mode")]


def test_a_key_that_anybody_can_guess_is_told(settings: LazySettings) -> None:
    settings.BACKBONE_ENCRYPTION_KEYS = {"k1": bytes(range(32))}
    assert told(configured.keys(NOW)) == [(Level.FAIL, "keys")]

    settings.BACKBONE_ENCRYPTION_KEYS = {"k2": bytes(range(7, 39))}
    assert told(configured.keys(NOW)) == [(Level.OK, "keys")]


def test_a_database_with_a_public_address_has_to_be_denied(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", "8.8.4.4")

    assert told(configured.networks(NOW)) == [(Level.WARN, "egress")]


def test_an_erasure_log_is_missed_and_one_that_cannot_be_written_fails(
    settings: LazySettings, tmp_path: Path
) -> None:
    settings.BACKBONE_ERASURE_LOG = None
    assert told(configured.erasure_log(NOW)) == [(Level.WARN, "erasure log")]

    settings.BACKBONE_ERASURE_LOG = tmp_path / "gone" / "erased.log"
    assert told(configured.erasure_log(NOW)) == [(Level.FAIL, "erasure log")]

    settings.BACKBONE_ERASURE_LOG = tmp_path / "erased.log"
    assert told(configured.erasure_log(NOW)) == [(Level.OK, "erasure log")]


def test_a_database_that_is_away_is_told_once_and_the_rest_is_still_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("could not connect to db.internal as user secret")

    quick = (configured.mode, database.reachable, database.migrated, sites.known, machine.disks)
    monkeypatch.setattr(doctor, "CHECKS", quick)

    with connection.execute_wrapper(refuse):
        found = list(doctor.examine(NOW))

    assert [one.what for one in found] == ["mode", "database", "disk"]
    assert found[1].level is Level.FAIL
    assert "internal" not in found[1].why


def test_sqlite_in_production_is_told(settings: LazySettings) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("the database is PostgreSQL")
    settings.MODE = Mode.PRODUCTION

    assert told(database.reachable(NOW)) == [(Level.WARN, "database")]


def test_a_migration_that_was_not_applied_is_told() -> None:
    MigrationRecorder(connection).migration_qs.filter(app="backbone").latest("name").delete()

    assert told(database.migrated(NOW)) == [(Level.FAIL, "migrations")]


@pytest.mark.parametrize(
    ("seconds", "level"), [(0, Level.OK), (5, Level.WARN), (-5, Level.WARN), (60, Level.FAIL)]
)
def test_a_clock_that_is_off_is_told(seconds: int, level: Level) -> None:
    ours = datetime.now(UTC) + timedelta(seconds=seconds)

    assert told(database.clock(ours)) == [(level, "clock")]


def test_a_key_that_is_still_needed_stays_and_one_that_is_not_may_go(
    site: Site, settings: LazySettings
) -> None:
    old = dict(settings.BACKBONE_ENCRYPTION_KEYS)
    settings.BACKBONE_ENCRYPTION_KEYS = {"new": bytes(range(3, 35)), **old}
    (needed,) = database.old_keys(NOW)

    Site.objects.update(secret_sealed=b"", digest_key_sealed=b"")
    (idle,) = database.old_keys(NOW)

    assert "2 are still under the key k1" in needed.why
    assert "can be taken out" in idle.remedy


def test_a_key_that_was_taken_out_too_early_is_told(site: Site, settings: LazySettings) -> None:
    settings.BACKBONE_ENCRYPTION_KEYS = {"new": bytes(range(3, 35))}

    assert told(database.old_keys(NOW)) == [(Level.FAIL, "sealed values")]
    assert told(sites.secrets(NOW)) == [(Level.FAIL, "secrets")]


def test_a_lane_that_never_worked_and_one_that_stopped_are_told() -> None:
    assert {level for level, _ in told(lanes.alive(NOW))} == {Level.FAIL}

    for lane in queue.lanes():
        heartbeats.end(str(lane), now=NOW)

    assert {level for level, _ in told(lanes.alive(after(1)))} == {Level.OK}
    assert {level for level, _ in told(lanes.alive(after(1.1)))} == {Level.FAIL}


def test_a_sweep_that_does_not_come_is_told() -> None:
    heartbeats.end(heartbeats.SWEEP, now=NOW)

    assert told(lanes.swept(after(1))) == [(Level.OK, "sweep")]
    assert told(lanes.swept(after(2))) == [(Level.FAIL, "sweep")]


def test_what_piles_up_is_told(site: Site) -> None:
    OrmQ.objects.bulk_create([OrmQ(key="live", payload="x", lock=NOW) for _ in range(201)])
    Delivery.objects.create(site=site, key="d", event="e", item="1", unpaired=True, received_at=NOW)

    assert told(lanes.backlog(after(11))) == [(Level.WARN, "queue"), (Level.WARN, "webhooks")]
    OrmQ.objects.all().delete()
    assert told(lanes.backlog(after(9))) == [(Level.OK, "queue")]


def test_a_hold_of_the_whole_service_is_told() -> None:
    ServiceHold.objects.create(name="restore", since=NOW, point=NOW)

    assert told(lanes.held(NOW)) == [(Level.WARN, "hold")]


def test_a_site_that_installed_us_without_a_secret_is_told_until_it_removes_us(world: World) -> None:
    customer = Customer(world)
    assert customer.installed(sharedSecret=None).send() == 204

    (found,) = sites.secrets(NOW)

    assert found.level is Level.FAIL
    assert f"no shared secret for site {customer.row.pk}" in found.why
    assert customer.uninstalled().send() == 204
    assert told(sites.secrets(NOW)) == [(Level.OK, "secrets")]


@pytest.mark.parametrize("status", ["enabled", "disabled"])
def test_a_site_whose_secret_is_that_of_another_is_told(site: Site, status: str) -> None:
    sealed = seal(b"shared", at=Site.secret_sealed.field.at(uuid4()))
    Site.objects.filter(pk=site.pk).update(secret_sealed=sealed, status=status)

    (found,) = sites.secrets(NOW)

    assert found.level is Level.FAIL
    assert str(site.pk) in found.why


def linked(site: Site, **more: object) -> Link:
    """A link from ``site`` to itself; its token can be opened."""
    token = seal(b"token", at=Link.access_sealed.field.at(site.pk))
    made = {"access_sealed": token, "expires_at": NOW, "authorized_at": NOW, **more}
    return Link.objects.create(site=site, owner=site, address=site.base_url, **made)


@pytest.mark.parametrize("lost", [True, False])
def test_a_link_whose_token_cannot_be_opened_has_to_be_made_anew(site: Site, lost: bool) -> None:
    linked(site)
    assert told(sites.links(NOW)) == [(Level.OK, "links")]

    sealed = b"" if lost else seal(b"token", at=Link.access_sealed.field.at(uuid4()))
    Link.objects.update(access_sealed=sealed)
    (found,) = sites.links(NOW)

    assert (found.level, str(site.pk) in found.why) == (Level.FAIL, True)
    assert "have the link made anew" in found.remedy


def test_a_broken_link_is_told_and_no_token_is_looked_for_in_it(site: Site) -> None:
    linked(site, status="broken", access_sealed=b"")

    assert told(sites.links(NOW)) == []
    (found,) = sites.broken_links(NOW)

    assert (found.level, str(site.pk) in found.why) == (Level.WARN, True)
    assert "Mend the link" in found.remedy


def test_sites_that_need_somebody_are_told(site: Site) -> None:
    Site.objects.update(pending_base_url="https://new.atlassian.net", app_account="")
    ForgeInstallation.objects.all().delete()
    Pause.objects.create(
        scope=f"site:{site.pk}", site=site, reason="unreachable", since=NOW, until=after(120)
    )
    Leftover.objects.create(site=site, item="1", not_before=NOW)

    assert told(sites.waiting_addresses(NOW)) == [(Level.WARN, "addresses")]
    assert told(sites.accounts(NOW)) == [(Level.WARN, "accounts")]
    assert told(sites.forge(NOW)) == [(Level.WARN, "Forge")]
    assert told(sites.held_off(after(59))) == []
    assert told(sites.held_off(after(61))) == [(Level.WARN, "held off")]
    assert told(sites.leftovers(after(23 * 60))) == []
    assert told(sites.leftovers(after(25 * 60))) == [(Level.WARN, "leftovers")]


def test_no_site_at_all_is_told() -> None:
    assert told(sites.known(NOW)) == [(Level.WARN, "sites")]


def test_many_sites_are_counted_and_a_few_named() -> None:
    rows = [
        Site(client_key=str(n), base_url=f"https://s{n}.x", status="enabled", installed_at=NOW)
        for n in range(9)
    ]
    Site.objects.bulk_create(rows)

    (found,) = sites.secrets(NOW)

    assert "and 4 more" in found.why
    assert sum(str(row.pk) in found.why for row in rows) == 5


def test_metrics_that_are_not_added_up_are_told(settings: LazySettings, tmp_path: Path) -> None:
    settings.BACKBONE_METRICS_DIR = ""
    assert told(machine.metrics_directory(NOW)) == [(Level.WARN, "metrics")]

    settings.BACKBONE_METRICS_DIR = str(tmp_path / "nowhere")
    assert told(machine.metrics_directory(NOW)) == [(Level.FAIL, "metrics")]

    settings.BACKBONE_METRICS_DIR = str(tmp_path)
    assert told(machine.metrics_directory(NOW)) == [(Level.OK, "metrics")]

    (tmp_path / "0.lock").symlink_to(
        tmp_path / "nowhere"
    )  # root may write everything, but nothing that is not
    assert told(machine.metrics_directory(NOW)) == [(Level.FAIL, "metrics")]


def test_a_disk_without_room_is_told(tmp_path: Path) -> None:
    def room(little: int, too_little: int) -> list[tuple[Level, str]]:
        return told(machine.room({"it": tmp_path}, little=little, too_little=too_little))

    assert room(0, 0) == [(Level.OK, "disk")]
    assert room(2**60, 0) == [(Level.WARN, "disk")]
    assert room(2**60, 2**60) == [(Level.FAIL, "disk")]
