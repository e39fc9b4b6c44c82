"""A running synchronization of ALPHA and BETA on acme, and people who work in both.

Nothing happens by itself: a test decides which delivery arrives when and how
often, and when the worker looks.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from backbone_app import jobs
from backbone_app.models import JournalEntry, Pair, Site, Synchronization
from backbone_app.services import reconciling, requests, synchronizations
from backbone_app.services.tenants import Caller
from jira_sandbox.outbox import Delivery
from jira_sandbox.state.values import Issue
from tests.support.app import Jira
from tests.support.beginnings import begun
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
        return self.person_creates(SPACES[space], space, summary, **fields)

    def person_creates(self, who: str, space: str, summary: str, **fields: Any) -> str:
        """Let somebody create a task; returns its id."""
        self.clock.advance(seconds=1)
        return self.jira.person(who).create(space, summary, **fields)

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
        jobs.sync_bulk()

    def check(self) -> None:
        """Let the worker look for what no delivery told of, as often as that is due."""
        jobs.sweep()
        jobs.reconcile()
        self.settle()

    def check_everything(self) -> None:
        """Let alice have both sides checked at once, and the worker do it."""
        self.clock.advance(seconds=1)
        space = self.jira.space_id("ALPHA")
        reconciling.check_now(self.alice, space, self.synchronization_id, now=self.clock())
        self.check()

    def lose(self) -> int:
        """Let everything Jira has to tell get lost; returns how many deliveries that were."""
        lost = len(self.jira.world.outbox)
        self.jira.world.outbox.clear()
        return lost

    def settle(self) -> None:
        """Deliver and work until nothing happens any more."""
        for _ in range(20):
            self.clock.advance(seconds=1)
            delivered = self.jira.deliver_all()
            self.work()
            soon = self.clock() + timedelta(seconds=10)
            at_work = Pair.objects.filter(due__gt=0, not_before__lte=soon, synchronization__state="running")
            if not delivered and not at_work.exists():
                return
        raise AssertionError("It does not come to rest.")

    def move(self, who: str, item: str, *statuses: str) -> None:
        """Let a person move a work item through these statuses, by the transitions it is offered."""
        person = self.jira.person(who)
        for status in statuses:
            self.clock.advance(seconds=1)
            offered = person.get(f"/rest/api/3/issue/{item}/transitions").json()["transitions"]
            transition = next(one["id"] for one in offered if one["to"]["name"] == status)
            answer = person.post(f"/rest/api/3/issue/{item}/transitions", {"transition": {"id": transition}})
            assert answer.status == 204, answer.body

    def comment(self, who: str, item: str, text: str, **more: Any) -> str:
        """Let a person comment; returns the comment's id."""
        self.clock.advance(seconds=1)
        body = {"body": paragraphs(text), **more}
        answer = self.jira.person(who).post(f"/rest/api/3/issue/{item}/comment", body)
        assert answer.status == 201, answer.body
        return str(answer.json()["id"])

    def change_comment(self, who: str, item: str, comment: str, text: str, **more: Any) -> None:
        """Let a person change a comment."""
        self.clock.advance(seconds=1)
        body = {"body": paragraphs(text), **more}
        answer = self.jira.person(who).put(f"/rest/api/3/issue/{item}/comment/{comment}", body)
        assert answer.status == 200, answer.body

    def delete_comment(self, who: str, item: str, comment: str) -> None:
        """Let a person delete a comment."""
        self.clock.advance(seconds=1)
        answer = self.jira.person(who).delete(f"/rest/api/3/issue/{item}/comment/{comment}")
        assert answer.status == 204, answer.body

    def comments(self, item: str) -> list[str]:
        """The comments' texts as the space's admin sees them, a line a paragraph."""
        return ["\n".join(_lines(one["body"])) for one in self._comments(item)]

    def comment_ids(self, item: str) -> list[str]:
        """The ids of the comments, oldest first."""
        return [one["id"] for one in self._comments(item)]

    def _comments(self, item: str) -> list[dict[str, Any]]:
        answer = self.jira.person("dana").get(f"/rest/api/3/issue/{item}/comment")
        comments: list[dict[str, Any]] = answer.json()["comments"]
        return comments

    def field(self, item: str, name: str) -> Any:
        """One field as the REST API shows it to a person."""
        return self.jira.person("dana").get(f"/rest/api/3/issue/{item}?fields={name}").json()["fields"][name]

    def status(self, item: str) -> str:
        """The name of the work item's status."""
        return str(self.field(item, "status")["name"])

    def statuses(self, item: str) -> list[str]:
        """The statuses a work item went through, the first one left out."""
        return [
            step.after_text or ""
            for entry in self.issue(item).changelog
            for step in entry.items
            if step.field_id == "status"
        ]

    def forbid_moves(self, item: str) -> None:
        """Take every transition out of the work item's workflow."""
        space, kind = self.jira.site.space_of(self.issue(item)), self.issue(item).type_id
        space.workflows[kind] = replace(space.workflows[kind], transitions=())

    def synchronize(self, left: str, right: str) -> None:
        """Let dana, who administers everything, bring two more spaces in step."""
        dana = replace(self.alice, account=self.jira.account("dana"))
        synchronize(self.jira, dana, left, dana, right, now=self.clock())
        self.clock.advance(seconds=1)

    def release_leases(self) -> None:
        """Let the database's clock pass the end of every lease."""
        Pair.objects.exclude(lease_until=None).update(lease_until=self.long_ago)

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
        answer = self.jira.person("dana").get(f"/rest/api/3/issue/{item}?fields=summary,priority,labels")
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
        """What the activity feed says, oldest first: kind and rows; a conflict in the loser's half only."""
        lines = [
            line
            for line in JournalEntry.objects.order_by("pk")
            if not any(one.get("outcome", "").startswith("won") for one in line.causes.values())
        ]
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
    made, alice = begun(("ALPHA and BETA", *jira.known_by, clock()), lambda: _in_step(jira, clock()))
    clock.advance(seconds=1)
    jira.world.meters.reset()
    return Story(jira, clock, alice, made)


def _in_step(jira: Jira, now: datetime) -> tuple[UUID, Caller]:
    site = Site.objects.get()
    alice = Caller(site.pk, jira.account("alice"), site.base_url)
    bob = Caller(site.pk, jira.account("bob"), site.base_url)
    return synchronize(jira, alice, "ALPHA", bob, "BETA", now=now), alice


def synchronize(jira: Jira, asks: Caller, left: str, accepts: Caller, right: str, *, now: datetime) -> UUID:
    """Send, accept and start a synchronization of two spaces of one site."""
    here, there = jira.space_id(left), jira.space_id(right)
    name = f"{left} and {right}"
    made = requests.send(asks, here, partner_space=there, name=name, description="", now=now)
    requests.accept(accepts, there, made, now=now)
    synchronizations.start(asks, here, made, now=now)
    assert Synchronization.objects.get(pk=made).state == "running"
    return made


def paragraphs(*texts: str) -> dict[str, Any]:
    """A document of plain paragraphs."""
    content = [{"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in texts]
    return {"type": "doc", "version": 1, "content": content}


def _lines(body: dict[str, Any]) -> list[str]:
    return ["".join(node.get("text", "") for node in block.get("content", [])) for block in body["content"]]
