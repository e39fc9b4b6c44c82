"""Forge tells of installations, versions and hours; each is joined with its site, whoever calls first."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog
from django.conf import LazySettings

from backbone_app.models import AuditEntry, ForgeInstallation, WakeUp
from backbone_app.queue import Job
from jira_sandbox.connect import installing
from jira_sandbox.forge import invoking
from jira_sandbox.state.apps import License
from jira_sandbox.wire import OutgoingCall
from jira_sandbox.world import World
from tests.support.app import DESCRIPTOR, Jira, call_app, fetch, send
from tests.support.forge import app_claims, event_body, fit, forge_app, post_forge, tell
from tests.support.sandbox import VirtualClock


def acts(jira: Jira) -> list[str]:
    noted = AuditEntry.objects.filter(site=jira.row, act__startswith="forge").order_by("pk")
    return [" ".join([each.act, *each.detail.values()]) for each in noted]


def row_of(jira: Jira) -> ForgeInstallation:
    return ForgeInstallation.objects.get(pk=jira.app.installation_id)


def held_back(jira: Jira) -> list[OutgoingCall]:
    """Install the app, and give what Jira and Forge would send: nothing of it has arrived."""
    calls: list[OutgoingCall] = []

    def hold(call: OutgoingCall) -> int:
        calls.append(call)
        return 204

    jira.world.forge = forge_app()
    installing.install(jira.world, jira.site, DESCRIPTOR, fetch=fetch, send=hold)
    return calls


def without(call: OutgoingCall, name: str) -> OutgoingCall:
    """The same call without something in its body, which nobody signs."""
    said = json.loads(call.body)
    del said[name]
    return replace(call, body=json.dumps(said).encode())


def test_an_installation_by_a_manifest_is_joined_with_its_site(world: World, db: None) -> None:
    world.forge = forge_app()
    jira = Jira(world, world.sites["acme"])

    jira.install()

    row = row_of(jira)
    assert (row.site, row.cloud_id, row.version) == (jira.row, jira.site.cloud_id, "2.0.0")
    assert (row.environment, row.installed_at) == ("PRODUCTION", row.seen_at)
    assert acts(jira) == ["forge_joined"]


def test_forge_may_call_before_connect_does(world: World, db: None) -> None:
    jira = Jira(world, world.sites["acme"])
    installed, _enabled, told = held_back(jira)

    assert send(told) == 204
    assert row_of(jira).site is None
    assert send(installed) == 204

    assert row_of(jira).site == jira.row
    assert acts(jira) == ["forge_joined"]


@pytest.mark.parametrize("is_forge_first", [True, False])
def test_where_connect_names_no_installation_the_cloud_id_joins(
    world: World, db: None, is_forge_first: bool
) -> None:
    jira = Jira(world, world.sites["acme"])
    installed, _enabled, told = held_back(jira)
    calls = [without(installed, "installationId"), told]

    for call in reversed(calls) if is_forge_first else calls:
        assert send(call) == 204

    assert jira.row.installation == ""
    assert row_of(jira).site == jira.row


def test_a_removed_and_new_installation_takes_the_place_of_the_old_one(
    world: World, db: None, clock: VirtualClock
) -> None:
    world.forge = forge_app()
    jira = Jira(world, world.sites["acme"])
    jira.install()
    old = row_of(jira)
    clock.advance(seconds=1)
    jira.uninstall()
    clock.advance(seconds=1)

    jira.install()

    assert jira.app.installation_id != old.pk
    assert row_of(jira).site == jira.row
    assert ForgeInstallation.objects.get(pk=old.pk).site is None


def test_a_new_version_is_kept_and_noted_once(jira: Jira, clock: VirtualClock) -> None:
    tell(jira, "installed")
    for version in ("2.0.0", "3.0.0", "3.0.0"):
        clock.advance(seconds=1)
        assert tell(jira, "upgraded", version=version) == 204

    assert (row_of(jira).version, row_of(jira).seen_at) == ("3.0.0", clock().replace(microsecond=0))
    assert acts(jira) == ["forge_joined", "forge_upgraded 3.0.0"]


def test_forges_own_repetitions_keep_the_time_of_the_first_installation(
    jira: Jira, clock: VirtualClock
) -> None:
    first = clock().replace(microsecond=0)
    calls = []
    for _ in range(3):
        calls.append(invoking.invocation(jira.world, jira.site, forge_app(), "installed"))
        clock.advance(seconds=5)

    assert [send(calls[number]) for number in (1, 0, 2)] == [204, 204, 204]

    assert row_of(jira).installed_at == first
    assert row_of(jira).seen_at == first + timedelta(seconds=10)


@pytest.mark.parametrize(
    ("licence", "kept"),
    [
        (License(active=True), "active"),
        (License(active=True, evaluation=True), "evaluation"),
        (License(active=False), "none"),
        (None, ""),
    ],
)
def test_the_licence_that_forge_tells_of_is_the_sites(jira: Jira, licence: License | None, kept: str) -> None:
    jira.site.app.license = licence

    tell(jira, "scheduled")

    assert row_of(jira).licence == kept
    if kept:
        assert jira.row.licence == kept


def test_the_hour_wakes_the_sweep(jira: Jira) -> None:
    WakeUp.objects.filter(job=Job.SWEEP).update(pending=False)

    assert tell(jira, "scheduled") == 204

    assert WakeUp.objects.get(job=Job.SWEEP).pending


def test_an_installation_without_a_site_is_told_of_after_a_while(
    world: World, db: None, clock: VirtualClock
) -> None:
    jira = Jira(world, world.sites["acme"])
    assert send(held_back(jira)[-1]) == 204

    told = []
    for minutes in (9, 2):
        clock.advance(minutes=minutes)
        with structlog.testing.capture_logs() as logs:
            tell(jira, "scheduled")
        told.append([line["event"] for line in logs if line["log_level"] == "warning"])

    assert told == [[], ["forge_installation_without_site"]]


def test_one_installation_may_not_call_without_end(jira: Jira, settings: LazySettings) -> None:
    settings.BACKBONE_SITE_CALLS_PER_MINUTE = 10

    answers = [post_forge("/forge/scheduled", fit(jira), {}).status_code for _ in range(12)]

    assert answers == [204] * 10 + [429] * 2


def test_another_version_is_read_whatever_it_looks_like_so_long_as_it_is_one(jira: Jira) -> None:
    token = fit(jira, app_claims(jira, appVersion="10.2.0-beta.1"))

    assert post_forge("/forge/installed", token, event_body(jira)).status_code == 204

    assert row_of(jira).version == "10.2.0-beta.1"


def test_no_other_method_is_known(jira: Jira) -> None:
    headers = {"Authorization": f"Bearer {fit(jira)}"}

    assert call_app("GET", "/forge/scheduled", headers=headers).status_code == 405
