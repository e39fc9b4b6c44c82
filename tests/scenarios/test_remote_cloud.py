"""acme on the Cloud, and in step with it a Cloud site without our app, reached with a token (3LO)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.management import call_command

from backbone_app import jobs
from backbone_app.ledger.points import QUIET
from backbone_app.models import Intent, Pair, Reconciliation, ServiceHold, Site, Synchronization
from backbone_app.models.site import Product
from backbone_app.services import intake
from backbone_app.services.tenants import Caller
from jira_sandbox import seed
from jira_sandbox.acts import cloning
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.world import World
from tests.support import links
from tests.support.app import Jira, within_reach
from tests.support.backups import Backup
from tests.support.sandbox import ACME, INITECH, VirtualClock
from tests.support.scenario import Story, paragraphs
from tests.support.threelo import HOOKS, WORK, acting, an_app
from tests.support.workers import altered

LISTENER = "https://oauth.example/hook"


@pytest.fixture
def world(clock: VirtualClock) -> Iterator[World]:
    """Two Cloud sites that differ in everything."""
    with within_reach(seed.standard(clock, {"acme": ACME, "initech": INITECH})) as made:
        yield made


@dataclass(frozen=True, slots=True)
class Remote:
    """ALPHA on acme (alice) and GOLD on initech, where gina let us in."""

    acme: Story
    initech: Story
    link: Site

    def settle(self) -> None:
        """Deliver both sites' news and work until nothing happens any more."""
        clock, world = self.acme.clock, self.acme.jira.world
        for _ in range(20):
            clock.advance(seconds=1)
            heard = links.take_in(world, "initech", self.link, clock=clock)
            delivered = self.acme.jira.deliver_all() + heard
            self.acme.work()
            soon = clock() + timedelta(seconds=10)
            if not delivered and not Pair.objects.filter(due__gt=0, not_before__lte=soon).exists():
                return
        raise AssertionError("It does not come to rest.")


@pytest.fixture
def remote(jira: Jira, world: World, clock: VirtualClock, transactional_db: None) -> Remote:
    """A link with gina's token, webhooks that it registers, and a synchronization that runs."""
    there = Jira(world, world.sites["initech"])
    app = an_app(world, scopes=[*WORK, *HOOKS, "manage:jira-project"])
    scopes = (*WORK, *HOOKS, "manage:jira-project")
    bearer = acting(world, app, there.site, "gina", *scopes)
    hooks = [{"events": list(links.EVENTS), "jqlFilter": "project = GOLD"}]
    answer = bearer.post("/rest/api/3/webhook", {"url": LISTENER, "webhooks": hooks})
    assert answer.status == 200, answer.body
    link = links.linked(INITECH, Product.CLOUD, bearer.credentials, clock=clock, cloud_id=there.site.cloud_id)
    alice = Caller(jira.row.pk, jira.account("alice"), jira.row.base_url)
    made = links.in_step(jira.row, "ALPHA", link, "GOLD", clock=clock)
    clock.advance(seconds=1)
    world.meters.reset()
    return Remote(Story(jira, clock, alice, made), Story(there, clock, alice, made), link)


@pytest.fixture
def pair(remote: Remote) -> tuple[str, str]:
    """A work item of ALPHA and its twin in GOLD, at rest."""
    left = remote.acme.create("ALPHA", "Broken lamp", labels=["hall"])
    remote.settle()
    return left, remote.initech.twin_of(left)


def clone(remote: Remote, item: str) -> str:
    """Let gina, who let us in, clone a work item of GOLD."""
    remote.acme.clock.advance(seconds=1)
    there = remote.initech.jira
    return cloning.clone(there.world, there.site, there.site.user("gina"), there.site.issues[item]).id


def test_a_new_work_item_of_either_site_gets_one_twin_on_the_other(remote: Remote) -> None:
    mine = remote.acme.create("ALPHA", "Mine")
    theirs = remote.initech.person_creates("alice", "GOLD", "Theirs")

    remote.settle()

    assert len(remote.initech.twins_of(mine)) == len(remote.acme.twins_of(theirs)) == 1


def test_edits_statuses_and_comments_travel_both_ways(remote: Remote, pair: tuple[str, str]) -> None:
    left, right = pair

    remote.acme.edit("alice", left, summary="From acme", description=paragraphs("One", "Two"))
    remote.acme.comment("alice", left, "Who can look?")
    remote.settle()
    remote.initech.edit("alice", right, labels=["hall", "urgent"])
    remote.initech.comment("alice", right, "I can")
    remote.initech.move("alice", right, "In Progress")
    remote.settle()

    assert remote.acme.holds(left) == remote.initech.holds(right)
    assert remote.acme.holds(left)["labels"] == ["hall", "urgent"]
    assert remote.initech.field(right, "description") == paragraphs("One", "Two")
    assert remote.acme.status(left) == "In Progress"
    assert [text.splitlines()[-1] for text in remote.acme.comments(left)] == ["Who can look?", "I can"]
    assert [text.splitlines()[-1] for text in remote.initech.comments(right)] == ["Who can look?", "I can"]


def test_a_further_whole_check_of_what_is_in_step_reads_many_at_once_and_nothing_else(
    remote: Remote, pair: tuple[str, str]
) -> None:
    left, right = pair
    remote.initech.person_creates("gina", "GOLD", "Made by herself")
    remote.acme.edit("alice", left, description=paragraphs("From acme"))
    remote.acme.comment("alice", left, "Who can look?")
    remote.settle()
    remote.initech.comment("gina", right, "I can")
    remote.initech.move("alice", right, "In Progress")
    remote.settle()

    def check() -> None:
        remote.acme.clock.advance(minutes=6)
        remote.acme.check()
        remote.settle()

    check()
    calls = links.calls_of_a_whole_check(remote.acme.jira.world, check, clock=remote.acme.clock)

    assert calls == links.MANY_AT_ONCE - {"POST /rest/api/2/search"}


def test_another_pairs_copies_are_read_once_and_are_no_news_at_each_whole_check(remote: Remote) -> None:
    acme, clock = remote.acme, remote.acme.clock
    links.in_step(acme.jira.row, "BETA", remote.link, "GOLD", clock=clock)
    clock.advance(seconds=60)
    shared = remote.initech.person_creates("alice", "GOLD", "Shared with both")
    remote.settle()
    first = min(acme.twins_of(shared))
    who = "alice" if acme.issue(first).key.startswith("ALPHA") else "bob"
    acme.comment(who, first, "For all to see")
    remote.settle()

    def check() -> None:
        clock.advance(minutes=6)
        acme.check()
        remote.settle()

    check()
    found = list(Reconciliation.objects.order_by("pk").values_list("found", flat=True))
    calls = links.calls_of_a_whole_check(acme.jira.world, check, clock=clock)

    assert len(remote.initech.comments(shared)) == 1
    assert calls == links.MANY_AT_ONCE - {"POST /rest/api/2/search"}
    assert list(Reconciliation.objects.order_by("pk").values_list("found", flat=True)) == found


def test_a_clone_that_whoever_let_us_in_makes_of_a_twin_gets_a_twin_of_its_own(
    remote: Remote, pair: tuple[str, str]
) -> None:
    left, right = pair

    copy = clone(remote, right)
    remote.settle()

    assert len(remote.acme.twins_of(copy)) == 1
    assert remote.initech.twins_of(left) == [right]


def test_a_mark_that_news_tell_of_does_not_make_a_clone_the_twin(remote: Remote) -> None:
    creation = ("POST", "/rest/api/3/issue$")
    lost = Misfortune(match=creation, kind="time_out_after_effect", site="initech", caller="anyone")
    remote.acme.jira.world.misfortunes.add(lost)
    left = remote.acme.create("ALPHA", "Once")
    remote.acme.jira.deliver_all()
    remote.acme.work()
    (right,) = remote.initech.twins_of(left)
    copy = clone(remote, right)
    mark = dict(remote.initech.issue(copy).properties)
    told = remote.initech.hold_back(copy)[0]
    with_mark = altered(told, lambda body: body["issue"].update(properties=mark))
    intake.take_in(site_id=remote.link.pk, body=with_mark.body, identifier=None, now=remote.acme.clock())

    assert Intent.objects.get().state == "open"
    remote.settle()
    remote.acme.clock.advance(minutes=2)
    remote.settle()

    assert Intent.objects.get(item=right).state == "done"
    assert remote.initech.twins_of(left) == [right]
    assert len(remote.acme.twins_of(copy)) == 1


def test_a_mark_that_is_gone_on_a_linked_site_tells_of_no_deletion_after_the_backup(
    remote: Remote, pair: tuple[str, str]
) -> None:
    _, right = pair
    backup, taken_at = Backup.take(), remote.acme.clock()
    remote.initech.issue(right).properties.clear()
    backup.restore()

    call_command("after_restore", taken_at=taken_at)
    remote.acme.clock.advance(seconds=QUIET.total_seconds() + 1)
    for _ in range(3):
        jobs.sweep()
        jobs.reconcile()
        jobs.sweep()
        remote.settle()

    assert not ServiceHold.objects.exists()
    assert Synchronization.objects.get().state == "running"
