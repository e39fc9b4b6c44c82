"""Pairing existing work items of two sites: each is read on its own site, and no key means another one's."""

from dataclasses import dataclass

import pytest

from backbone_app.errors import InvalidInput, NotFound, RemoteUnreachable
from backbone_app.models import Pair
from backbone_app.services import twinning
from backbone_app.services.tenants import Caller
from jira_sandbox.misfortunes import Misfortune
from tests.support.app import Jira
from tests.support.sandbox import VirtualClock
from tests.support.scenario import paragraphs
from tests.support.two_sites import Across, across, world

__all__ = ["across", "world"]


@dataclass(frozen=True, slots=True)
class Old:
    """Two sites in step, and an old work item on each of them."""

    across: Across
    left: str
    right: str

    def pair(self, choice: str) -> None:
        """Let gina, on the right, pair the two old ones."""
        acme, initech = self.across.acme, self.across.initech
        acme.clock.advance(seconds=60)
        made = twinning.pair_up(
            initech.alice,
            initech.jira.space_id("GOLD"),
            initech.synchronization_id,
            own_key=initech.issue(self.right).key,
            partner_key=acme.issue(self.left).key,
            choice=choice,
            now=acme.clock(),
        )
        assert made.own_key.startswith("GOLD-")


@pytest.fixture
def items(jira: Jira, other_jira: Jira, clock: VirtualClock) -> tuple[str, str]:
    """They are there before the request."""
    clock.advance(seconds=1)
    words = paragraphs("Words of acme")
    left = jira.person("alice").create("ALPHA", "From acme", labels=["hall"], description=words)
    clock.advance(seconds=1)
    right = other_jira.person("gina").create("GOLD", "From initech", duedate="2026-12-24")
    clock.advance(seconds=60)
    return left, right


@pytest.fixture
def old(items: tuple[str, str], across: Across) -> Old:
    """Nothing has happened to them since the start."""
    across.settle()
    return Old(across, *items)


def test_two_items_of_two_sites_become_a_pair(old: Old) -> None:
    old.pair("partner")
    old.across.settle()

    here, there = old.across.acme.holds(old.left), old.across.initech.holds(old.right)
    assert here == there == {"summary": "From acme", "priority": here["priority"], "labels": ["hall"]}
    assert old.across.acme.field(old.left, "duedate") == "2026-12-24"
    assert "Words of acme" in str(old.across.initech.field(old.right, "description"))
    pair = Pair.objects.get()
    assert (pair.reason, pair.origin_side, pair.origin_item) == ("", "left", old.left)


def test_from_then_on_edits_travel_both_ways(old: Old) -> None:
    old.pair("own")
    old.across.settle()

    old.across.acme.edit("alice", old.left, labels=["hall", "urgent"])
    old.across.settle()
    old.across.initech.edit("gina", old.right, summary="Gina's")
    old.across.settle()

    assert old.across.initech.holds(old.right)["labels"] == ["hall", "urgent"]
    assert old.across.acme.holds(old.left)["summary"] == "Gina's"


def test_a_key_that_only_the_other_site_knows_is_not_found_in_the_own_space(old: Old) -> None:
    with pytest.raises(InvalidInput) as refused:
        twinning.preview(
            old.across.initech.alice,
            old.across.initech.jira.space_id("GOLD"),
            old.across.initech.synchronization_id,
            own_key=old.across.acme.issue(old.left).key,
            partner_key=old.across.acme.issue(old.left).key,
            now=old.across.acme.clock(),
        )

    assert refused.value.field == "own_key"


def test_from_the_other_sites_space_there_is_no_such_synchronization(old: Old) -> None:
    iron = old.across.initech.jira.space_id("IRON")
    hank = Caller(
        old.across.initech.alice.site_id,
        old.across.initech.jira.account("hank"),
        old.across.initech.alice.base_url,
    )

    with pytest.raises(NotFound):
        twinning.ready(hank, iron, old.across.initech.synchronization_id, now=old.across.acme.clock())


def test_a_partner_that_cannot_be_reached_is_said_and_nothing_is_paired(old: Old) -> None:
    key = old.across.acme.issue(old.left).key
    down = Misfortune(match=("GET", f"/rest/api/3/issue/{key}$"), kind="refuse_before_effect", status=502)
    old.across.acme.jira.world.misfortunes.add(down)

    with pytest.raises(RemoteUnreachable):
        old.pair("own")

    assert not Pair.objects.exists()
