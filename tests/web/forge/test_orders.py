"""Calls of Connect and Forge about two sites in any order, some twice: in the end the halves have met."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction

from backbone_app.models import ForgeInstallation, Site
from backbone_app.models.site import SiteStatus
from jira_sandbox.connect import installing
from jira_sandbox.forge import invoking
from jira_sandbox.wire import OutgoingCall
from jira_sandbox.world import World
from tests.support.app import DESCRIPTOR, Jira, fetch, send
from tests.support.forge import forge_app
from tests.support.sandbox import VirtualClock
from tests.support.slices import slice_of

ORDERS = range(200)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def lives(world: World, clock: VirtualClock) -> list[OutgoingCall]:
    """Both sites install, remove and install again, and upgrade; nothing of it has arrived."""
    calls: list[OutgoingCall] = []

    def hold(call: OutgoingCall) -> int:
        calls.append(call)
        return 204

    world.forge = forge_app()
    for step in (installing.install, installing.uninstall, installing.install):
        for name in ("acme", "initech"):
            site = world.sites[name]
            if step is installing.uninstall:
                installing.uninstall(world, site, send=hold)
            else:
                installing.install(world, site, DESCRIPTOR, fetch=fetch, send=hold)
            clock.advance(seconds=1)
    for name in ("acme", "initech"):
        newest = forge_app(version=f"3.0.{len(name)}")
        calls.append(invoking.invocation(world, world.sites[name], newest, "upgraded"))
    return calls


@pytest.mark.django_db
def test_in_whatever_order_they_come_the_newest_halves_are_joined(world: World, clock: VirtualClock) -> None:
    calls = lives(world, clock)
    clock.advance(seconds=1)
    sites = [Jira(world, world.sites[name]) for name in ("acme", "initech")]

    for seed in slice_of(ORDERS, 12):
        chance = random.Random(seed)
        arriving = calls + chance.sample(calls, k=4)
        chance.shuffle(arriving)
        with undone():
            answers = {send(call) for call in arriving}

            assert answers <= {204, 401}, seed
            for jira in sites:
                row = ForgeInstallation.objects.get(pk=jira.app.installation_id)
                joined = ForgeInstallation.objects.filter(site=jira.row)
                assert list(joined) == [row], seed
                assert row.version == f"3.0.{len(jira.site.name)}", seed
                assert row.cloud_id == jira.row.cloud_id == jira.site.cloud_id, seed
            assert Site.objects.filter(status=SiteStatus.ENABLED).count() == 2, seed
