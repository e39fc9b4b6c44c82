"""Pairing existing work items of two sites: each is read on its own site, and no key means another one's."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from backbone_app.errors import InvalidInput, NotFound, RemoteUnreachable
from backbone_app.models import Pair, Site
from backbone_app.services import requests, synchronizations, twinning
from backbone_app.services.tenants import Caller
from jira_sandbox import seed, transport
from jira_sandbox.misfortunes import Misfortune
from jira_sandbox.world import World
from tests.support.app import Jira, forget
from tests.support.sandbox import VirtualClock
from tests.support.scenario import Story, paragraphs


@pytest.fixture
def world(clock: VirtualClock) -> Iterator[World]:
    """Two sites that differ in everything: ids, spaces, people, workflows."""
    sites = {"acme": "https://acme.atlassian.net", "initech": "https://initech.atlassian.net"}
    made = seed.standard(clock, sites)
    forget()
    with transport.mounted(made):
        yield made
    forget()


@dataclass(frozen=True, slots=True)
class Across:
    """ALPHA on acme (alice) and GOLD on initech (gina), in step; an old work item in each."""

    acme: Story
    initech: Story
    left: str
    right: str

    def settle(self) -> None:
        """Deliver both sites' news and work until nothing happens any more."""
        for _ in range(20):
            self.acme.clock.advance(seconds=1)
            delivered = self.acme.jira.deliver_all() + self.initech.jira.deliver_all()
            self.acme.work()
            if not delivered and not Pair.objects.filter(due__gt=0).exists():
                return
        raise AssertionError("It does not come to rest.")

    def pair(self, choice: str) -> None:
        """Let gina, on the right, pair the two old ones."""
        self.acme.clock.advance(seconds=60)
        made = twinning.pair_up(
            self.initech.alice,
            self.initech.jira.space_id("GOLD"),
            self.initech.synchronization_id,
            own_key=self.initech.issue(self.right).key,
            partner_key=self.acme.issue(self.left).key,
            choice=choice,
            now=self.acme.clock(),
        )
        assert made.own_key.startswith("GOLD-")


@pytest.fixture
def across(jira: Jira, other_jira: Jira, clock: VirtualClock, transactional_db: None) -> Across:
    """The two old ones were there before the request."""
    clock.advance(seconds=1)
    words = paragraphs("Words of acme")
    left = jira.person("alice").create("ALPHA", "From acme", labels=["hall"], description=words)
    clock.advance(seconds=1)
    right = other_jira.person("gina").create("GOLD", "From initech", duedate="2026-12-24")
    clock.advance(seconds=60)
    here, there = (Site.objects.get(base_url=each.site.base_url) for each in (jira, other_jira))
    alice = Caller(here.pk, jira.account("alice"), here.base_url)
    gina = Caller(there.pk, other_jira.account("gina"), there.base_url)
    made = requests.send_across(
        alice,
        jira.space_id("ALPHA"),
        base_url=there.base_url,
        space_key="GOLD",
        mode="immediate",
        name="Alpha and Gold",
        description="",
        now=clock(),
    )
    requests.accept(gina, other_jira.space_id("GOLD"), made, now=clock())
    synchronizations.start(gina, other_jira.space_id("GOLD"), made, now=clock())
    built = Across(Story(jira, clock, alice, made), Story(other_jira, clock, gina, made), left, right)
    built.settle()
    return built


def test_two_items_of_two_sites_become_a_pair(across: Across) -> None:
    across.pair("partner")
    across.settle()

    here, there = across.acme.holds(across.left), across.initech.holds(across.right)
    assert here == there == {"summary": "From acme", "priority": here["priority"], "labels": ["hall"]}
    assert across.acme.field(across.left, "duedate") == "2026-12-24"
    assert "Words of acme" in str(across.initech.field(across.right, "description"))
    pair = Pair.objects.get()
    assert (pair.reason, pair.origin_side, pair.origin_item) == ("", "left", across.left)


def test_from_then_on_edits_travel_both_ways(across: Across) -> None:
    across.pair("own")
    across.settle()

    across.acme.edit("alice", across.left, labels=["hall", "urgent"])
    across.settle()
    across.initech.edit("gina", across.right, summary="Gina's")
    across.settle()

    assert across.initech.holds(across.right)["labels"] == ["hall", "urgent"]
    assert across.acme.holds(across.left)["summary"] == "Gina's"


def test_a_key_that_only_the_other_site_knows_is_not_found_in_the_own_space(across: Across) -> None:
    with pytest.raises(InvalidInput) as refused:
        twinning.preview(
            across.initech.alice,
            across.initech.jira.space_id("GOLD"),
            across.initech.synchronization_id,
            own_key=across.acme.issue(across.left).key,
            partner_key=across.acme.issue(across.left).key,
            now=across.acme.clock(),
        )

    assert refused.value.field == "own_key"


def test_from_the_other_sites_space_there_is_no_such_synchronization(across: Across) -> None:
    iron = across.initech.jira.space_id("IRON")
    hank = Caller(
        across.initech.alice.site_id,
        across.initech.jira.account("hank"),
        across.initech.alice.base_url,
    )

    with pytest.raises(NotFound):
        twinning.ready(hank, iron, across.initech.synchronization_id, now=across.acme.clock())


def test_a_partner_that_cannot_be_reached_is_said_and_nothing_is_paired(across: Across) -> None:
    key = across.acme.issue(across.left).key
    down = Misfortune(match=("GET", f"/rest/api/3/issue/{key}$"), kind="refuse_before_effect", status=502)
    across.acme.jira.world.misfortunes.add(down)

    with pytest.raises(RemoteUnreachable):
        across.pair("own")

    assert not Pair.objects.exists()
