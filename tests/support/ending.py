"""How a story has to end, whatever happened in it: at rest, both sides equal, nothing lost, doubled or idle.

What people did is taken from what Jira tells of it, and judged by the demo's checker, which does not know
our tables: a change stands on all sides, or was overwritten by somebody who saw it, or is kept as a
conflict's loser.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from backbone_app import jobs
from backbone_app.models import Intent, Pair, PairSide, Site, SynchronizationSide
from backbone_app.services import reconciling
from backbone_app.services.tenants import Caller
from jira_sandbox.demo import record
from jira_sandbox.demo.checker import judge
from jira_sandbox.demo.history import COMMENT, EXISTENCE, STATUS, Change, History, Item, comment_cell
from jira_sandbox.demo.stage import Stage, lines_of
from jira_sandbox.state.site import Site as SandboxSite
from jira_sandbox.state.values import ChangelogEntry, Comment, Issue, User
from tests.support.app import send
from tests.support.losers import with_losers
from tests.support.sandbox import VirtualClock

WRITES = ("PUT ", "DELETE ")
CREATIONS = ("/rest/api/3/issue", "/comment", "/transitions")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
PATIENCE = 12
"""So many times a minute or two: longer than any call may take effect late or a search lag behind."""


@dataclass(slots=True)
class Ending:
    """A world on a clock that a test moves; ``ties`` are the spaces in step.

    ``alone`` are work items that are to have no twin: from before the start, and nobody paired them.
    ``at`` and ``born`` are the true times of entries and of work items, whatever their sites' clocks say.
    """

    stage: Stage
    clock: VirtualClock
    ties: tuple[tuple[str, str], ...] = (("ALPHA", "BETA"),)
    alone: tuple[str, ...] = ()
    at: dict[int, datetime] = field(default_factory=dict)
    born: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stage.listeners.append(self._heard)

    def faults(self, *, besides: Collection[str] = ()) -> list[str]:
        """Let all come to rest, have everything checked, and say what is wrong then.

        What is to become of ``besides``, of ``status`` or ``comment``, the test itself says.
        """
        self.rest()
        self.check_everything()
        self.rest()
        self.stage.meters.reset()
        self.check_everything()
        self.rest()
        return [
            *(f"a further check: {call}" for call in self._writes()),
            *(f"an open intent: {one.kind}" for one in _unsettled()),
            *(said for pair in Pair.objects.filter(state="active") for said in self._unequal(pair, besides)),
            *judge(self.history(besides=besides)).faults,
        ]

    def rest(self) -> None:
        """Deliver, work, and let time pass until nothing is open or due any more."""
        for _ in range(PATIENCE):
            Pair.objects.exclude(lease_until=None).update(lease_until=LONG_AGO)
            self._settle()
            if not _unsettled() and not Pair.objects.filter(due__gt=0, state="active").exists():
                return
            self.clock.advance(seconds=100)
        raise AssertionError(f"It does not come to rest: {list(_unsettled())}")

    def check_everything(self) -> None:
        """Let dana have every side of every synchronization checked, and the workers do it."""
        self.clock.advance(seconds=60)
        for half in SynchronizationSide.objects.select_related("site"):
            reconciling.check_now(
                _dana(self.stage, half.site), half.space, half.synchronization_id, now=self.clock()
            )
        jobs.sweep()
        jobs.reconcile()

    def history(self, *, besides: Collection[str] = ()) -> History:
        """Write down what people did, but to what is judged ``besides``, and what all sites hold."""
        told = record.everything(self.stage, (), ())
        items = [self._truly_timed(item) for item in told.items if item.id not in self.alone]
        if STATUS in besides:
            items = [_without_steps(item) for item in items]
        if COMMENT in besides:
            items = [replace(item, copies=()) for item in items]
        items = with_losers(items)
        changes = [change for item in items for change in _changes(item)]
        said = self._said() if COMMENT not in besides else ()
        return replace(
            told, terms=replace(told.terms, ties=self.ties), changes=(*changes, *said), items=tuple(items)
        )

    def _heard(self, _site: SandboxSite, issue: Issue, _actor: User, entry: ChangelogEntry | None) -> None:
        self.born.setdefault(issue.id, self.clock())
        if entry is not None:
            self.at[entry.id] = self.clock()

    def _truly_timed(self, item: Item) -> Item:
        entries = tuple(replace(entry, at=self.at[entry.id]) for entry in item.entries)
        return replace(item, created=self.born[item.id], entries=entries)

    def _said(self) -> Iterator[Change]:
        apps = {site.installation.user.account_id for site in self.stage.sites.values() if site.installation}
        for one in self.stage.news:
            if one.author not in apps:
                yield Change(item=one.item, at=one.at, values={comment_cell(one.comment): one.text})

    def _settle(self) -> None:
        """Let what is on its way arrive and what is due be done, until there is none of it."""
        for _ in range(20):
            self.clock.advance(seconds=1)
            self.stage.catch_up()
            delivered = [self.stage.send_one(delivery, send) for delivery in list(self.stage.outbox)]
            jobs.pair_up()
            jobs.sync()
            jobs.sync_bulk()
            if not delivered and not Pair.objects.filter(due__gt=0, not_before__lte=self.clock()).exists():
                return
        raise AssertionError("It does not come to rest.")

    def _writes(self) -> list[str]:
        rows = self.stage.meters.snapshot()
        routes = [str(row["route"]) for row in rows if row["caller"] == "app"]
        return [
            route
            for route in routes
            if route.startswith(WRITES) or (route.startswith("POST ") and route.endswith(CREATIONS))
        ]

    def _unequal(self, pair: Pair, besides: Collection[str]) -> Iterator[str]:
        left, right = (
            self.stage.issue(half.item) for half in PairSide.objects.filter(pair=pair).order_by("side")
        )
        here, there = self._shown(left), self._shown(right)
        for name in here:
            if here[name] != there[name]:
                yield f"{name}: {left.key} holds {here[name]}, {right.key} holds {there[name]}"
        if COMMENT not in besides:
            yield from self._unsaid(left, right)
            yield from self._unsaid(right, left)

    def _shown(self, issue: Issue) -> dict[str, str]:
        """What both sides have to show alike; of a status what it means."""
        site = self.stage.home_of(issue.id)
        return {
            "summary": str(issue.fields["summary"]),
            "priority": site.priority(issue.fields["priority"]).name if issue.fields["priority"] else "",
            "labels": " ".join(sorted(issue.fields["labels"])),
            "duedate": str(issue.fields["duedate"] or ""),
            "description": json.dumps(lines_of(issue.fields["description"])),
            "status": site.status(issue.status_id).category,
        }

    def _unsaid(self, here: Issue, there: Issue) -> Iterator[str]:
        """Say where people's comments here are not copied there, once each and as they are now."""
        originals = sorted(lines_of(one.body) for one in self._by(here, by_app=False))
        copies = sorted(
            lines_of(one.body).partition("\n")[2]
            for one in self._by(there, by_app=True)
            if _original_item(one) in {"", here.id}
        )
        if originals != copies:
            yield f"comments: people said {originals} on {here.key}, the copies on {there.key} say {copies}"

    def _by(self, issue: Issue, *, by_app: bool) -> Sequence[Comment]:
        account = self.stage.home_of(issue.id).app.user.account_id
        open_ones = [one for one in issue.comments if one.is_public and one.visibility is None]
        return [one for one in open_ones if (one.author == account) is by_app]


def _unsettled() -> list[Intent]:
    return list(Intent.objects.filter(state__in=("open", "crossed")))


def _without_steps(item: Item) -> Item:
    """Leave out what happened to the status."""
    entries = (
        replace(one, values={cell: value for cell, value in one.values.items() if cell != STATUS})
        for one in item.entries
    )
    return replace(item, entries=tuple(one for one in entries if one.values))


def _changes(item: Item) -> Iterator[Change]:
    """What people did to the fields of a work item, its creation included."""
    if not item.by_app:
        born = {cell: value for cell, value in item.born.items() if cell != STATUS}
        yield Change(item=item.id, at=item.created, values={**born, EXISTENCE: "present"})
    for entry in item.entries:
        if not entry.by_app:
            yield Change(item=item.id, at=entry.at, values=entry.values, entry=entry.id)


def _original_item(comment: Comment) -> str:
    """The work item that a copy's mark names; empty where it bears none."""
    for value in comment.properties.values():
        if isinstance(value, dict) and "originItem" in value:
            return str(value["originItem"])
    return ""


def _dana(stage: Stage, site: Site) -> Caller:
    sandbox = next(one for one in stage.sites.values() if one.base_url == site.base_url)
    return Caller(site.pk, sandbox.user("dana").account_id, site.base_url)
