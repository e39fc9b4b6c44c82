"""Two Cloud sites in step: the same story, with ids, people and secrets that differ."""

import pytest

from backbone_app.ledger import journal
from backbone_app.models import JournalEntry
from tests.support.scenario import paragraphs
from tests.support.two_sites import Across, across, world

__all__ = ["across", "world"]


@pytest.fixture
def pair(across: Across) -> tuple[str, str]:
    """A work item of ALPHA and its twin in GOLD, at rest."""
    left = across.acme.create("ALPHA", "Broken lamp", labels=["hall"])
    across.settle()
    return left, across.twin_of(left)


def test_edits_travel_both_ways_between_sites(across: Across, pair: tuple[str, str]) -> None:
    left, right = pair

    across.acme.edit("alice", left, summary="From acme", duedate="2026-12-24")
    across.settle()
    across.initech.edit("gina", right, labels=["hall", "urgent"], priority={"name": "Low"})
    across.settle()

    expected = {"summary": "From acme", "priority": "Low", "labels": ["hall", "urgent"]}
    assert across.acme.holds(left) == across.initech.holds(right) == expected
    assert across.initech.field(right, "duedate") == "2026-12-24"


def test_a_new_work_item_of_either_site_gets_a_twin_on_the_other(across: Across) -> None:
    mine = across.acme.create("ALPHA", "Mine")
    theirs = across.initech.person_creates("gina", "GOLD", "Theirs")

    across.settle()

    assert len(across.initech.twins_of(mine)) == len(across.acme.twins_of(theirs)) == 1


def test_a_status_walks_the_other_sites_workflow(across: Across, pair: tuple[str, str]) -> None:
    left, right = pair

    across.acme.move("alice", left, "In Progress", "Done")
    across.settle()

    assert across.initech.status(right) == "Done"


def test_who_is_known_there_stays_mentioned_and_who_is_not_is_named(
    across: Across, pair: tuple[str, str]
) -> None:
    left, right = pair
    alice, frank = across.acme.jira.account("alice"), across.acme.jira.account("frank")
    mention = [
        {"type": "mention", "attrs": {"id": account, "text": text}}
        for account, text in ((alice, "@Alice Archer"), (frank, "@Frank"))
    ]
    text = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": mention}]}

    across.acme.edit("alice", left, description=text)
    across.settle()

    (paragraph,) = across.initech.field(right, "description")["content"]
    assert [node["type"] for node in paragraph["content"]] == ["mention", "text"]
    assert paragraph["content"][0]["attrs"]["id"] == alice
    assert paragraph["content"][1]["text"] == "@Frank"
    assert across.acme.field(left, "description") == text


def test_comments_cross_and_restricted_ones_do_not(across: Across, pair: tuple[str, str]) -> None:
    left, right = pair

    across.acme.comment("alice", left, "Who can look?")
    across.acme.comment("alice", left, "Among us", visibility={"type": "role", "value": "Administrators"})
    across.settle()
    across.initech.comment("gina", right, "I can")
    across.settle()

    assert across.initech.comments(right)[0] == "Alice Archer commented:\nWho can look?"
    assert len(across.initech.comments(right)) == 2
    assert [text.splitlines()[-1] for text in across.acme.comments(left)] == [
        "Who can look?",
        "Among us",
        "I can",
    ]


def test_a_conflicts_loser_is_kept_in_the_half_of_the_site_it_was_written_on(
    across: Across, pair: tuple[str, str]
) -> None:
    left, right = pair
    across.acme.edit("alice", left, summary="Older, on acme")
    across.acme.clock.advance(seconds=10)
    across.initech.edit("gina", right, summary="Newer, on initech")

    across.settle()

    assert across.acme.holds(left)["summary"] == across.initech.holds(right)["summary"] == "Newer, on initech"
    loser, winner = JournalEntry.objects.filter(kind="conflict").order_by("pk")
    assert (loser.side, loser.site.base_url) == ("left", across.acme.jira.site.base_url)
    assert (winner.side, winner.site.base_url) == ("right", across.initech.jira.site.base_url)
    assert journal.values(loser) == {"summary": "Older, on acme"}
    assert journal.values(winner) == {"summary": "Newer, on initech"}


def test_a_description_the_sites_write_differently_comes_to_rest(
    across: Across, pair: tuple[str, str]
) -> None:
    left, right = pair

    across.initech.edit("gina", right, description=paragraphs("One", "Two"))
    across.settle()
    across.acme.jira.world.meters.reset()
    across.settle()

    assert across.acme.field(left, "description") == paragraphs("One", "Two")
    assert across.acme.jira.world.meters.calls(caller="app") == 0
