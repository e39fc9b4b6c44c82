"""Where each check draws its line, and whom it leaves alone."""

from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection
from django_q.models import OrmQ

from backbone_app import queue
from backbone_app.ledger import heartbeats
from backbone_app.models import Delivery, DeliveryUse, ForgeInstallation, Leftover, Pause, Site
from backbone_app.services.doctor import Level, configured, database, lanes, machine, sites
from tests.services.doctor.test_inside import after, told
from tests.support.rows import NOW, make_pair, make_site, make_synchronization

pytestmark = pytest.mark.django_db


@pytest.fixture
def site() -> Site:
    return make_site("acme")


@pytest.mark.parametrize("key", [b"\0" * 32, bytes([1, 2, 3, 4, 5, 6, 7, 7]) * 4, bytes(range(32))])
def test_a_key_without_variety_is_told_by_its_name_wherever_it_stands(
    settings: LazySettings, key: bytes
) -> None:
    settings.BACKBONE_ENCRYPTION_KEYS = {"good": bytes(range(7, 39)), "weak": key}

    (found,) = configured.keys(NOW)

    assert found.level is Level.FAIL
    assert "key weak is" in found.why


def test_older_keys_are_counted(settings: LazySettings) -> None:
    settings.BACKBONE_ENCRYPTION_KEYS = {"b": bytes(range(7, 39)), "a": bytes(range(8, 40))}

    (found,) = configured.keys(NOW)

    assert found.why == "everything new is sealed under b; 1 older only open"


@pytest.mark.parametrize(
    ("host", "denied", "level"),
    [
        ("8.8.4.4", "8.8.4.0/24", Level.OK),
        ("8.8.4.4", "9.0.0.0/8", Level.WARN),
        ("10.0.0.5", "9.0.0.0/8", Level.OK),
        ("", "9.0.0.0/8", Level.OK),
    ],
)
def test_only_a_public_database_that_may_be_called_is_told(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, host: str, denied: str, level: Level
) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", host)
    settings.BACKBONE_DENIED_NETWORKS = (ip_network(denied),)

    assert told(configured.networks(NOW)) == [(level, "egress")]


def test_an_old_postgresql_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("the database is SQLite")
    assert told(database.reachable(NOW)) == [(Level.OK, "database")]

    monkeypatch.setattr(database, "OLDEST_POSTGRESQL", 99)

    assert told(database.reachable(NOW)) == [(Level.FAIL, "database")]


def test_each_lane_is_told_by_itself(settings: LazySettings) -> None:
    settings.BACKBONE_LANES = ("live", "bulk")
    heartbeats.end("live", now=NOW)

    assert [str(lane) for lane in queue.lanes()] == ["live", "bulk"]
    assert told(lanes.alive(NOW)) == [(Level.OK, "lane live"), (Level.FAIL, "lane bulk")]


def test_a_few_wake_ups_and_webhooks_of_a_few_minutes_are_usual(site: Site) -> None:
    OrmQ.objects.bulk_create([OrmQ(key="live", payload="x", lock=NOW) for _ in range(200)])
    Delivery.objects.create(site=site, key="d", event="e", item="1", unpaired=True, received_at=NOW)
    Delivery.objects.create(site=site, key="e", event="e", item="1", received_at=after(-60))  # nobody's

    assert told(lanes.backlog(after(10))) == [(Level.OK, "queue")]


def test_a_webhook_that_a_pair_has_not_used_is_told_too(site: Site) -> None:
    pair = make_pair(make_synchronization(site), site, "1", "2")
    delivery = Delivery.objects.create(site=site, key="d", event="e", item="1", received_at=NOW)
    DeliveryUse.objects.create(delivery=delivery, pair=pair)

    assert told(lanes.backlog(after(11))) == [(Level.WARN, "webhooks")]


@pytest.mark.parametrize("status", ["disabled", "uninstalled"])
def test_a_site_that_is_not_enabled_needs_nobody(site: Site, status: str) -> None:
    Site.objects.filter(pk=site.pk).update(status=status)

    assert told(sites.secrets(NOW)) == [(Level.OK, "secrets")]
    assert [*told(sites.accounts(NOW)), *told(sites.forge(NOW)), *told(sites.waiting_addresses(NOW))] == []
    (known,) = sites.known(NOW)
    assert f"1 {status}" in known.why


@pytest.mark.parametrize(("scope", "until"), [("site:x", timedelta(minutes=61)), ("app", timedelta(hours=9))])
def test_what_is_over_and_what_is_not_a_whole_site_is_not_held_off(
    site: Site, scope: str, until: timedelta
) -> None:
    Pause.objects.create(scope=scope, site=site, reason="unreachable", since=NOW, until=NOW + until)

    assert told(sites.held_off(after(62))) == []


def test_sites_with_and_without_a_forge_app_are_counted(site: Site) -> None:
    ForgeInstallation.objects.create(installation="i", site=site, cloud_id="c", seen_at=NOW)
    ForgeInstallation.objects.create(installation="j", site=site, cloud_id="c", seen_at=NOW)
    assert told(sites.forge(NOW)) == [(Level.OK, "Forge")]
    make_site("other")

    (found,) = sites.forge(NOW)

    assert found.why.startswith("1 enabled sites have no Forge installation, 1 have")


def test_leftovers_are_counted(site: Site) -> None:
    Leftover.objects.create(site=site, item="1", not_before=NOW)
    Leftover.objects.create(site=site, item="2", not_before=after(60 * 24))

    (found,) = sites.leftovers(after(60 * 25))

    assert found.why.startswith("1 properties")


def test_every_place_that_is_written_to_is_looked_at(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings.BACKBONE_ERASURE_LOG = tmp_path / "erased.log"
    monkeypatch.setattr(machine, "LITTLE", 2**60)

    said = " ".join(one.why for one in machine.disks(NOW))

    assert "temporary files" in said
    assert "the erasure log" in said
    assert ("the database" in said) is (connection.vendor == "sqlite")


def test_a_time_of_the_database_is_read_to_the_second() -> None:
    (found,) = database.clock(datetime.now(NOW.tzinfo))

    assert float(found.why.split()[0]) < 2
