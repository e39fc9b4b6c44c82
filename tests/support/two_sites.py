"""Two Cloud sites in step that differ in everything: ids, spaces, people, workflows.

A test module that imports the fixtures ``world`` and ``across`` plays there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest

from backbone_app.models import Pair, Site
from backbone_app.services import requests, synchronizations
from backbone_app.services.tenants import Caller
from jira_sandbox import seed
from jira_sandbox.world import World
from tests.support.app import Jira, within_reach
from tests.support.beginnings import begun
from tests.support.sandbox import VirtualClock
from tests.support.scenario import Story


@pytest.fixture
def world(clock: VirtualClock) -> Iterator[World]:
    """Two sites that differ in everything: ids, spaces, people, workflows."""
    sites = {"acme": "https://acme.atlassian.net", "initech": "https://initech.atlassian.net"}
    with within_reach(seed.standard(clock, sites)) as made:
        yield made


@dataclass(frozen=True, slots=True)
class Across:
    """ALPHA on acme (alice) and GOLD on initech (gina), in step."""

    acme: Story
    initech: Story

    def settle(self) -> None:
        """Deliver both sites' news and work until nothing happens any more."""
        for _ in range(20):
            self.acme.clock.advance(seconds=1)
            delivered = self.acme.jira.deliver_all() + self.initech.jira.deliver_all()
            self.acme.work()
            if not delivered and not Pair.objects.filter(due__gt=0).exists():
                return
        raise AssertionError("It does not come to rest.")

    def twin_of(self, item: str) -> str:
        """The twin on initech of a work item on acme."""
        (twin,) = self.initech.twins_of(item)
        return twin


@pytest.fixture
def across(jira: Jira, other_jira: Jira, clock: VirtualClock, transactional_db: None) -> Across:
    """A request sent from ALPHA to GOLD on the other site, accepted there and started."""
    key = ("ALPHA and GOLD", *jira.known_by, *other_jira.known_by, clock())
    made, alice, gina = begun(key, lambda: _in_step(jira, other_jira, clock()))
    clock.advance(seconds=1)
    jira.world.meters.reset()
    return Across(Story(jira, clock, alice, made), Story(other_jira, clock, gina, made))


def _in_step(jira: Jira, other_jira: Jira, now: datetime) -> tuple[UUID, Caller, Caller]:
    here = Site.objects.get(base_url=jira.site.base_url)
    there = Site.objects.get(base_url=other_jira.site.base_url)
    alice = Caller(here.pk, jira.account("alice"), here.base_url)
    gina = Caller(there.pk, other_jira.account("gina"), there.base_url)
    alpha, gold = jira.space_id("ALPHA"), other_jira.space_id("GOLD")
    made = requests.send_across(
        alice,
        alpha,
        base_url=there.base_url,
        space_key="GOLD",
        mode="immediate",
        name="Alpha and Gold",
        description="",
        now=now,
    )
    requests.accept(gina, gold, made, now=now)
    synchronizations.start(gina, gold, made, now=now)
    return made, alice, gina
