"""acme on the Cloud with a synchronization over a link, whose Data Center delivers to where the app listens.

A test module that imports the fixtures ``edition``, ``world`` and ``line`` plays there. Nothing is heard by
hand: what the Data Center has to tell goes to our own address, over the wire.
"""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from backbone_app import jobs
from backbone_app.ledger import hooks
from backbone_app.models import Link, LinkHook
from backbone_app.models import Site as SiteRow
from jira_sandbox import seed
from jira_sandbox.outbox import Delivery
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.state.hooks import AdminHook
from jira_sandbox.wire import OutgoingCall
from jira_sandbox.world import World
from tests.support import grants
from tests.support.app import Headers, Jira, call_app, send, within_reach
from tests.support.beyond import LINKABLE, Office
from tests.support.environment import APP
from tests.support.initech import BASE
from tests.support.machine import Answer, Machine
from tests.support.sandbox import ACME, VirtualClock
from tests.support.scenario import Story

JSON = {"Content-Type": "application/json; charset=UTF-8"}


@pytest.fixture(params=LINKABLE)
def edition(request: pytest.FixtureRequest) -> str:
    """A version of Data Center that can be linked."""
    return str(request.param)


@pytest.fixture
def world(clock: VirtualClock, edition: str) -> Iterator[World]:
    """acme on the Cloud, initech on a Data Center at a port and under a context path."""
    made = seed.standard(clock, {"acme": ACME, "initech": BASE}, editions={"initech": DATA_CENTER[edition]})
    made.sites["initech"].takes_passwords = True
    with within_reach(made):
        yield made


@dataclass(frozen=True, slots=True)
class Line:
    """ALPHA on acme (alice) and GOLD on the Data Center, over a link that somebody has let us in by."""

    alice: Machine
    story: Story
    office: Office
    link: SiteRow

    @property
    def row(self) -> LinkHook:
        """What we know of the webhook now."""
        return LinkHook.objects.get()

    @property
    def there(self) -> list[AdminHook]:
        """The webhooks that the Data Center has."""
        return self.office.site.admin_hooks

    @property
    def target(self) -> str:
        """The path that its webhook delivers to."""
        return hooks.address(self.row).removeprefix(APP)

    @property
    def path(self) -> str:
        """Where the API tells of the webhook."""
        return f"synchronizations/{self.story.synchronization_id}/webhook"

    def shown(self) -> Answer:
        """What alice is told of it."""
        return self.alice.get(self.path)

    def settle(self) -> None:
        """Deliver both sites' news and work until nothing happens any more."""
        for _ in range(20):
            self.story.clock.advance(seconds=11)
            delivered = self.story.jira.deliver_all() + self.deliver()
            self.story.work()
            jobs.sweep()
            if not delivered:
                return
        raise AssertionError("It does not come to rest.")

    def waiting(self) -> list[Delivery]:
        """What the Data Center has to tell."""
        mine = [each for each in self.office.world.outbox if each.site == self.office.site.name]
        return sorted(mine, key=lambda each: each.due)

    def deliver(self) -> int:
        """Have it tell all of that to the app; returns how much was accepted."""
        return sum(self.office.world.send_one(each, send) for each in self.waiting())

    def follow(self, **later: float) -> None:
        """Let time pass, and the worker look after webhooks."""
        self.story.clock.advance(seconds=1)
        self.story.clock.advance(**later)
        jobs.follow_hooks()

    def upgrade(self, edition: str) -> None:
        """Have the Data Center run another version from now on."""
        self.office.site.edition = DATA_CENTER[edition]

    def post(self, body: bytes, **headers: str) -> int:
        """Deliver something to the address, without a signature unless one is given."""
        return call_app("POST", self.target, headers={**JSON, **headers}, body=body).status_code

    def signed(self, body: bytes, *, secret: str | None = None) -> Headers:
        """How Jira signs a body from 10 on."""
        key = (hooks.secret(self.row) if secret is None else secret).encode()
        return JSON | {"X-Hub-Signature": f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"}

    def captured(self) -> OutgoingCall:
        """What the Data Center is about to send first, which then gets lost."""
        calls: list[OutgoingCall] = []

        def caught(call: OutgoingCall) -> int:
            calls.append(call)
            return 200

        self.office.world.send_one(self.waiting()[0], caught)
        return calls[0]


def linked(jira: Jira, world: World, clock: VirtualClock, *, who: str) -> Line:
    """Have ``who`` let us in, and alice create a synchronization over that and start it."""
    site = grants.to_a_data_center(world, jira.row, clock=clock, who=who).site
    office = Office(world, world.sites["initech"], clock)
    alice = Machine(jira, "alice", "ALPHA")
    gold = office.site.space("GOLD").id
    made = alice.post(f"links/{site.pk}/create", partner_space=gold, name="n")
    assert made.status == 201, made
    number = UUID(made.said["id"])
    assert alice.post(f"synchronizations/{number}/start").status == 204
    clock.advance(seconds=1)
    story = Story(jira, clock, None, number)  # type: ignore[arg-type]  # nobody acts by it
    return Line(alice, story, office, Link.objects.get().site)


@pytest.fixture
def line(jira: Jira, world: World, clock: VirtualClock, transactional_db: None) -> Line:
    """One over a link by which dana has let us in, who administers that Jira; the webhook is made."""
    found = linked(jira, world, clock, who="dana")
    found.follow()
    return found


@pytest.fixture
def poor(jira: Jira, world: World, clock: VirtualClock, transactional_db: None) -> Line:
    """One over a link by which gina has let us in, who does not."""
    found = linked(jira, world, clock, who="gina")
    found.follow()
    return found


def without(call: OutgoingCall, header: str) -> OutgoingCall:
    """The same call, but for one header."""
    kept = {name: value for name, value in call.headers.items() if name != header}
    return replace(call, headers=kept)
