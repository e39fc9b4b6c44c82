"""A Data Center linked by a sign-in, whose tokens run out, are taken away and given anew.

A test module that imports the fixtures ``edition``, ``world`` and ``lasting`` plays there.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from backbone_app import jobs
from backbone_app.models import Link, Synchronization
from backbone_app.queue import Job
from backbone_app.services.tenants import Caller
from jira_sandbox import seed
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.world import World
from tests.support import grants, links
from tests.support.app import Jira, within_reach
from tests.support.beyond import Beyond, Office, listening
from tests.support.initech import BASE
from tests.support.machine import Machine
from tests.support.outside import Outside
from tests.support.pages import Reader
from tests.support.sandbox import ACME, VirtualClock
from tests.support.scenario import Story
from tests.support.workers import is_awake


@pytest.fixture
def edition() -> str:
    """One version is enough: all give tokens alike."""
    return "dc-10.3"


@pytest.fixture
def world(clock: VirtualClock, edition: str) -> Iterator[World]:
    """acme on the Cloud, initech on a Data Center."""
    made = seed.standard(clock, {"acme": ACME, "initech": BASE}, editions={"initech": DATA_CENTER[edition]})
    made.sites["initech"].takes_passwords = True
    with within_reach(made):
        yield made


@dataclass(frozen=True, slots=True)
class Lasting(Beyond):
    """ALPHA on acme (alice) and GOLD on the Data Center, in step over a link that gina has signed in for."""

    @property
    def row(self) -> Link:
        """The link as it is now."""
        return Link.objects.select_related("site").get(pk=self.link.pk)

    @property
    def alice(self) -> Machine:
        """Alice by the API."""
        return Machine(self.acme.jira, "alice", "ALPHA")

    @property
    def page(self) -> Reader:
        """Alice on the overview."""
        return Reader(self.acme.jira.visitor("alice"), self.acme.jira.space_id("ALPHA"))

    def outsider(self, name: str = "gina") -> Outside:
        """Somebody's browser, who works on the Data Center."""
        return Outside(self.office.world, self.office.site, name)

    def withdraw_there(self) -> None:
        """Let the Data Center forget what was allowed."""
        self.office.site.provider.grants.clear()

    def state(self) -> tuple[str, str, str]:
        """How the synchronization stands: its state, the reason of a pause, and whose that is."""
        row = Synchronization.objects.get(pk=self.acme.synchronization_id)
        return row.state, row.pause_reason, row.pause_side

    def break_it(self) -> None:
        """Have a worker come upon the link being broken."""
        self.withdraw_there()
        self.acme.create("ALPHA", "Comes upon it")
        self.tell_and_work()

    def tell_and_work(self) -> None:
        """Deliver and work, a few times."""
        for _ in range(4):
            self.acme.clock.advance(seconds=2)
            self.acme.jira.deliver_all()
            self.deliver()
            self.acme.work()

    def sweep(self) -> None:
        """Let the sweep run, and what it wakes for links."""
        jobs.sweep()
        if is_awake(Job.FOLLOW_LINKS):
            jobs.follow_links()

    def asked(self, *, is_copied: bool = False) -> dict[str, str]:
        """Have alice ask for a sign-in that mends the link: its address, and the attempt."""
        path = f"synchronizations/{self.acme.synchronization_id}/mend"
        said = self.alice.post(path, is_copied=is_copied)
        assert said.status == 201, said
        return {"address": said.said["address"], "attempt": said.said["sign_in"]["id"]}


@pytest.fixture
def lasting(jira: Jira, world: World, clock: VirtualClock, transactional_db: None) -> Lasting:
    """The two spaces in step, at rest."""
    office = Office(world, world.sites["initech"], clock)
    granted = grants.to_a_data_center(world, jira.row, clock=clock)
    listening(office)
    alice = Caller(jira.row.pk, jira.account("alice"), jira.row.base_url)
    made = links.in_step(jira.row, "ALPHA", granted.site, "GOLD", clock=clock)
    clock.advance(seconds=1)
    return Lasting(Story(jira, clock, alice, made), office, granted.site)
