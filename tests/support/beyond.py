"""acme on the Cloud and a Data Center beyond it, in step over a link that the test makes.

What the Data Center has to tell goes to where deliveries are taken in. A test module that imports the
fixtures ``edition``, ``world`` and ``beyond`` (and ``pair``) plays there, once for each version that gives
tokens.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command

from backbone_app import jobs
from backbone_app.ledger.points import QUIET
from backbone_app.models import JournalEntry, Pair
from backbone_app.models import Site as SiteRow
from backbone_app.models.site import Product
from backbone_app.services.tenants import Caller
from jira_sandbox import seed
from jira_sandbox.datacenter import personaltokens
from jira_sandbox.front import Front
from jira_sandbox.outbox import Delivery
from jira_sandbox.state.editions import DATA_CENTER
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support import links
from tests.support.admin_hooks import path, wanted
from tests.support.app import Jira, within_reach
from tests.support.backups import Backup
from tests.support.initech import BASE, CONTEXT, Employee
from tests.support.sandbox import ACME, VirtualClock, as_person
from tests.support.scenario import Story
from tests.support.slices import slice_of

LISTENER = "https://app.example/link"
LINKABLE = [name for name, each in DATA_CENTER.items() if each.has_provider]


@pytest.fixture(params=LINKABLE)
def edition(request: pytest.FixtureRequest) -> str:
    """A version of Data Center that can be linked."""
    return str(request.param)


@pytest.fixture(params=slice_of(LINKABLE, 2))
def some_edition(request: pytest.FixtureRequest) -> str:
    """Some of them, for what takes long and differs little; all with ``WHOLE=1``."""
    return str(request.param)


@pytest.fixture
def world(clock: VirtualClock, edition: str) -> Iterator[World]:
    """acme on the Cloud, initech on a Data Center at a port and under a context path."""
    sites = {"acme": ACME, "initech": BASE}
    made = seed.standard(clock, sites, editions={"initech": DATA_CENTER[edition]})
    made.sites["initech"].takes_passwords = True
    with within_reach(made):
        yield made


@dataclass(frozen=True, slots=True)
class Office:
    """The Data Center as its people see it."""

    world: World
    site: Site
    clock: VirtualClock

    def employee(self, name: str) -> Employee:
        """Somebody who works there: alice, hank, dana."""
        known = as_person(self.world, self.site, name)
        return Employee(Front(self.world), self.site, known.credentials)

    def create(self, who: str, summary: str, **fields: Any) -> str:
        """Let somebody make a task in GOLD; returns its id."""
        self.clock.advance(seconds=1)
        key = self.employee(who).make(summary, **fields)
        return next(issue.id for issue in self.site.issues.values() if issue.key == key)

    def edit(self, who: str, item: str, **fields: Any) -> None:
        """Let somebody set fields of a work item."""
        self.clock.advance(seconds=1)
        answer = self.employee(who).put(f"/issue/{item}", {"fields": fields})
        assert answer.status == 204, answer.body

    def move(self, who: str, item: str, *statuses: str) -> None:
        """Let somebody move a work item through these statuses."""
        for status in statuses:
            self.clock.advance(seconds=1)
            offered = self.employee(who).get(f"/issue/{item}/transitions").json()["transitions"]
            number = next(one["id"] for one in offered if one["to"]["name"] == status)
            answer = self.employee(who).post(f"/issue/{item}/transitions", {"transition": {"id": number}})
            assert answer.status == 204, answer.body

    def comment(self, who: str, item: str, text: str, **more: Any) -> str:
        """Let somebody comment; returns the comment's id."""
        self.clock.advance(seconds=1)
        return str(self.employee(who).made(f"/issue/{item}/comment", {"body": text, **more})["id"])

    def change_comment(self, who: str, item: str, comment: str, text: str, **more: Any) -> None:
        """Let somebody change a comment."""
        self.clock.advance(seconds=1)
        answer = self.employee(who).put(f"/issue/{item}/comment/{comment}", {"body": text, **more})
        assert answer.status == 200, answer.body

    def delete_comment(self, who: str, item: str, comment: str) -> None:
        """Let somebody delete a comment."""
        self.clock.advance(seconds=1)
        answer = self.employee(who).delete(f"/issue/{item}/comment/{comment}")
        assert answer.status == 204, answer.body

    def delete(self, who: str, item: str) -> None:
        """Let somebody delete a work item."""
        self.clock.advance(seconds=1)
        answer = self.employee(who).delete(f"/issue/{item}")
        assert answer.status == 204, answer.body

    def listed(self, item: str) -> list[dict[str, Any]]:
        """The comments as an administrator there reads them, the oldest first."""
        found: list[dict[str, Any]] = self.employee("dana").get(f"/issue/{item}/comment").json()["comments"]
        return found

    def comments(self, item: str) -> list[str]:
        """The texts of the comments."""
        return [str(one["body"]) for one in self.listed(item)]

    def hold_back(self) -> list[Delivery]:
        """Take all that the Data Center has to tell out of the outbox, to be heard by hand."""
        mine = [one for one in self.world.outbox if one.site == self.site.name]
        for one in mine:
            self.world.outbox.remove(one)
        return mine

    def lose(self) -> int:
        """Let all that the Data Center has to tell get lost; returns how much that was."""
        return len(self.hold_back())

    def field(self, item: str, name: str) -> Any:
        """One field as the REST API shows it."""
        return self.employee("dana").get(f"/issue/{item}?fields={name}").json()["fields"][name]

    def holds(self, item: str) -> dict[str, object]:
        """The synchronized plain fields."""
        shown = self.employee("dana").get(f"/issue/{item}?fields=summary,priority,labels").json()["fields"]
        return {
            "summary": shown["summary"],
            "priority": (shown["priority"] or {}).get("name"),
            "labels": sorted(shown["labels"]),
        }

    def status(self, item: str) -> str:
        """The name of a work item's status."""
        return str(self.field(item, "status")["name"])

    def statuses(self, item: str) -> list[str]:
        """The statuses a work item went through, the first one left out."""
        told = self.employee("dana").get(f"/issue/{item}?expand=changelog").json()["changelog"]
        steps = [step for entry in told["histories"] for step in entry["items"]]
        return [step["toString"] for step in steps if step["field"] == "status"]

    def twins_of(self, item: str) -> list[str]:
        """The work items that say they are the twin of this one."""
        return [
            issue.id
            for issue in self.site.issues.values()
            if (mark := issue.properties.get("backbone-twin")) and mark["originItem"] == item
        ]


@dataclass(frozen=True, slots=True)
class Beyond:
    """ALPHA on acme (alice) and GOLD on the Data Center (gina), in step."""

    acme: Story
    office: Office
    link: SiteRow

    def settle(self) -> None:
        """Deliver both sites' news and work until nothing happens any more."""
        for _ in range(20):
            self.acme.clock.advance(seconds=1)
            delivered = self.acme.jira.deliver_all() + self.deliver()
            self.acme.work()
            soon = self.acme.clock() + timedelta(seconds=10)
            at_work = Pair.objects.filter(due__gt=0, not_before__lte=soon, synchronization__state="running")
            if not delivered and not at_work.exists():
                return
        raise AssertionError("It does not come to rest.")

    def deliver(self) -> int:
        """Take in all that the Data Center has to tell; returns how much that was."""
        office = self.office
        return links.take_in(office.world, office.site.name, self.link, clock=office.clock)

    def hear(self, *deliveries: Delivery) -> None:
        """Take in what was held back, in this order."""
        for each in deliveries:
            assert links.hear(self.office.world, each, self.link, clock=self.office.clock)

    def wait(self, **span: float) -> None:
        """Let time pass, let workers look for what is due or was lost, and let it settle."""
        self.acme.clock.advance(**span)
        self.settle()
        self.acme.check()
        self.settle()

    def go_back(self, backup: Backup, taken_at: datetime) -> None:
        """Restore a backup, with no news of what happened since, and let the checks run."""
        backup.restore()
        self.acme.lose()
        self.office.lose()
        call_command("after_restore", taken_at=taken_at)
        self.acme.clock.advance(seconds=QUIET.total_seconds() + 1)
        for _ in range(4):
            jobs.sweep()
            jobs.reconcile()
            jobs.sweep()
            self.settle()
            self.acme.clock.advance(minutes=2)

    def twin_of(self, item: str) -> str:
        """The twin on the Data Center of a work item on acme."""
        (twin,) = self.office.twins_of(item)
        return twin

    def conflicts(self) -> list[str]:
        """The rows of all conflicts in the feed, each once."""
        return [
            row for line in JournalEntry.objects.filter(kind="conflict", side="left") for row in line.rows
        ]


@pytest.fixture
def beyond(jira: Jira, world: World, clock: VirtualClock, transactional_db: None) -> Beyond:
    """A link to the Data Center, with gina's token, and a synchronization of ALPHA and GOLD that runs."""
    office = Office(world, world.sites["initech"], clock)
    token = personaltokens.make(office.site, office.site.user("gina"), name="Backbone").secret
    link = links.linked(BASE, Product.DATA_CENTER, token, clock=clock)
    listening(office)
    alice = Caller(jira.row.pk, jira.account("alice"), jira.row.base_url)
    made = links.in_step(jira.row, "ALPHA", link, "GOLD", clock=clock)
    clock.advance(seconds=1)
    world.meters.reset()
    return Beyond(Story(jira, clock, alice, made), office, link)


@pytest.fixture
def pair(beyond: Beyond) -> tuple[str, str]:
    """A work item of ALPHA and its twin in GOLD, at rest."""
    left = beyond.acme.create("ALPHA", "Broken lamp", labels=["hall"])
    beyond.settle()
    return left, beyond.twin_of(left)


def listening(office: Office) -> None:
    """Have the Data Center tell what happens there, to nobody: a test hears it by hand."""
    body = wanted(office.site, *links.EVENTS, url=LISTENER)
    answer = office.employee("dana").call("POST", f"{CONTEXT}{path(office.site)}", body)
    assert answer.status == 201, answer.body
