"""A running synchronization of ALPHA and BETA on acme, and people who work in both.

Nothing happens by itself: a test decides which delivery arrives when and how
often, and when the worker looks.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from backbone_app import jobs
from backbone_app.models import JournalEntry, Pair, Site, Synchronization
from backbone_app.services import requests, synchronizations
from backbone_app.services.tenants import Caller
from jira_sandbox.outbox import Delivery
from jira_sandbox.state.values import Issue
from tests.support.app import Jira
from tests.support.sandbox import VirtualClock

SPACES = {"ALPHA": "alice", "BETA": "bob"}


@dataclass(frozen=True, slots=True)
class Story:
    """Two spaces in step, and what a test can do with them."""

    jira: Jira
    clock: VirtualClock
    alice: Caller
    synchronization_id: UUID

    def create(self, space: str, summary: str, **fields: Any) -> str:
        """Let the space's own admin create a task; returns its id."""
        self.clock.advance(seconds=1)
        return self.jira.person(SPACES[space]).create(space, summary, **fields)

    def edit(self, who: str, item: str, **fields: Any) -> None:
        """Let a person set fields of a work item."""
        self.clock.advance(seconds=1)
        self.jira.person(who).edit(item, **fields)

    def stop(self) -> None:
        """Let alice stop the synchronization."""
        synchronizations.stop(
            self.alice, self.jira.space_id("ALPHA"), self.synchronization_id, now=self.clock()
        )

    def start(self) -> None:
        """Let alice start it again."""
        self.clock.advance(seconds=1)
        synchronizations.start(
            self.alice, self.jira.space_id("ALPHA"), self.synchronization_id, now=self.clock()
        )

    def pair_up(self) -> None:
        """Let the worker decide about work items without a pair."""
        jobs.pair_up()

    @property
    def long_ago(self) -> datetime:
        """A moment before anything happened."""
        return self.clock() - timedelta(days=365)

    def work(self) -> None:
        """Let the worker do everything that is due now."""
        jobs.pair_up()
        jobs.sync()

    def settle(self) -> None:
        """Deliver and work until nothing happens any more."""
        for _ in range(20):
            self.clock.advance(seconds=1)
            delivered = self.jira.deliver_all()
            self.work()
            at_work = Pair.objects.filter(due__gt=0, not_before=None, synchronization__state="running")
            if not delivered and not at_work.exists():
                return
        raise AssertionError("It does not come to rest.")

    def deliveries(self, item: str) -> list[Delivery]:
        """What Jira has not yet sent about a work item, oldest first."""
        return self.jira.deliveries(item=item)

    def hold_back(self, item: str) -> list[Delivery]:
        """Take the waiting deliveries about a work item out of the outbox, to deliver them by hand."""
        held = self.deliveries(item)
        for delivery in held:
            self.jira.world.outbox.remove(delivery)
        return held

    def issue(self, item: str) -> Issue:
        """The work item as Jira holds it."""
        return self.jira.site.issues[item]

    def holds(self, item: str) -> dict[str, object]:
        """The synchronized fields as a person sees them."""
        answer = self.jira.person("carol").get(f"/rest/api/3/issue/{item}?fields=summary,priority,labels")
        fields = answer.json()["fields"]
        return {
            "summary": fields["summary"],
            "priority": (fields["priority"] or {}).get("name"),
            "labels": sorted(fields["labels"]),
        }

    def twins_of(self, item: str) -> list[str]:
        """Every work item that says it is the twin of this one."""
        return [
            issue.id
            for issue in self.jira.site.issues.values()
            if (mark := issue.properties.get("backbone-twin")) and mark["originItem"] == item
        ]

    def twin_of(self, item: str) -> str:
        """The one twin."""
        (twin,) = self.twins_of(item)
        return twin

    def pair(self) -> Pair:
        """The only pair there is."""
        return Pair.objects.get()

    def journal(self) -> list[str]:
        """What the activity feed says, oldest first: kind and rows."""
        lines = JournalEntry.objects.order_by("pk")
        return [f"{line.kind} {','.join(line.rows)}".strip() for line in lines]

    def app_calls(self) -> list[str]:
        """The app's calls to the site since the counters were reset: method and route."""
        rows = self.jira.world.meters.snapshot()
        return sorted(
            str(row["route"]) for row in rows if row["caller"] == "app" for _ in range(int(row["calls"]))
        )


@pytest.fixture
def story(jira: Jira, clock: VirtualClock, transactional_db: None) -> Story:
    """ALPHA (alice) and BETA (bob) on acme, in step."""
    site = Site.objects.get()
    alpha, beta = jira.space_id("ALPHA"), jira.space_id("BETA")
    alice = Caller(site.pk, jira.account("alice"), site.base_url)
    bob = Caller(site.pk, jira.account("bob"), site.base_url)
    made = requests.send(alice, alpha, partner_space=beta, name="Alpha and Beta", description="", now=clock())
    requests.accept(bob, beta, made, now=clock())
    synchronizations.start(alice, alpha, made, now=clock())
    clock.advance(seconds=1)
    jira.world.meters.reset()
    assert Synchronization.objects.get(pk=made).state == "running"
    return Story(jira, clock, alice, made)
