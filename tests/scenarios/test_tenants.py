"""Two sites in step whose ids are all alike: only the site tells their spaces, items and people apart."""

from dataclasses import dataclass
from typing import Any

import pytest

from backbone_app.ledger import journal
from backbone_app.models import Intent, JournalEntry, Site
from backbone_app.services import requests, synchronizations
from backbone_app.services.tenants import Caller
from jira_sandbox.misfortunes import Misfortune
from tests.support.app import INITECH, Jira
from tests.support.sandbox import VirtualClock
from tests.support.scenario import Story, paragraphs
from tests.support.workers import EDIT


@dataclass(frozen=True, slots=True)
class Neighbours:
    """ALPHA on acme and BETA on initech in step; alice works here, bob there."""

    here: Story
    there: Story

    def settle(self) -> None:
        """Deliver and work on both sites until nothing happens any more."""
        for _ in range(20):
            self.here.settle()
            self.there.settle()
            if not (self.here.jira.deliveries() or self.there.jira.deliveries()):
                return
        raise AssertionError("It does not come to rest.")

    def paired(self, summary: str = "Broken lamp", **fields: Any) -> tuple[str, str]:
        """Create a work item on acme; returns its id there and its twin's on initech."""
        left = self.here.create("ALPHA", summary, **fields)
        self.settle()
        return left, self.there.twin_of(left)


@pytest.fixture
def sites(jira: Jira, other_jira: Jira, clock: VirtualClock, transactional_db: None) -> Neighbours:
    """acme and initech, one synchronization between them."""
    alice, bob = (
        Caller(one.row.pk, one.account(name), one.row.base_url)
        for one, name in ((jira, "alice"), (other_jira, "bob"))
    )
    made = requests.send_across(
        alice,
        jira.space_id("ALPHA"),
        base_url=INITECH,
        space_key="BETA",
        mode="immediate",
        name="Neighbours",
        description="",
        now=clock(),
    )
    requests.accept(bob, other_jira.space_id("BETA"), made, now=clock())
    synchronizations.start(alice, jira.space_id("ALPHA"), made, now=clock())
    clock.advance(seconds=1)
    jira.world.meters.reset()
    return Neighbours(Story(jira, clock, alice, made), Story(other_jira, clock, bob, made))


def mentioning(*people: tuple[str, str]) -> dict[str, Any]:
    """A paragraph that mentions people by account id and name."""
    nodes = [{"type": "mention", "attrs": {"id": account, "text": f"@{name}"}} for account, name in people]
    return {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": nodes}]}


def mentioned(document: dict[str, Any]) -> list[str]:
    """The account ids that a document mentions."""
    nodes = [node for block in document["content"] for node in block.get("content", [])]
    return [node["attrs"]["id"] for node in nodes if node["type"] == "mention"]


# --- ids ---------------------------------------------------------------------------------------


def test_the_ids_are_alike_and_nothing_is_mistaken(sites: Neighbours) -> None:
    left, right = sites.paired(labels=["hall"], priority={"name": "High"})
    stranger = sites.there.create("ALPHA", "Nobody synchronizes this")
    own = sites.here.create("BETA", "Nor this")
    sites.settle()

    assert left == right
    assert sites.there.holds(right) == sites.here.holds(left)
    assert len(sites.here.jira.site.issues) == len(sites.there.jira.site.issues) == 2
    assert sites.here.twins_of(stranger) == sites.there.twins_of(own) == []


@pytest.mark.parametrize("who", ["here", "there"])
def test_an_edit_of_either_site_arrives_on_the_other_and_stays(sites: Neighbours, who: str) -> None:
    left, right = sites.paired()
    if who == "here":
        sites.here.edit("alice", left, summary="Edited", labels=["new"], description=paragraphs("Why"))
    else:
        sites.there.edit("bob", right, summary="Edited", labels=["new"], description=paragraphs("Why"))

    sites.settle()

    assert sites.here.holds(left) == sites.there.holds(right)
    assert sites.here.field(left, "description") == sites.there.field(right, "description")
    assert len(sites.here.issue(left).changelog) == len(sites.there.issue(right).changelog) == 1


def test_a_deletion_on_one_site_is_not_the_other_sites_item_of_that_id(sites: Neighbours) -> None:
    left, right = sites.paired()

    sites.there.jira.person("dana").delete(f"/rest/api/3/issue/{right}")
    sites.settle()

    assert left in sites.here.jira.site.issues
    assert sites.here.pair().reason == "deleted"


# --- digests -----------------------------------------------------------------------------------


def test_a_lost_answer_is_recognized_by_the_written_sites_digests(sites: Neighbours) -> None:
    left, right = sites.paired()
    sites.here.jira.world.misfortunes.add(
        Misfortune(match=EDIT, kind="lose_answer_after_effect", site="initech")
    )
    sites.here.edit("alice", left, summary="Once")
    sites.settle()

    sites.here.clock.advance(seconds=100)
    sites.settle()

    assert sites.there.holds(right)["summary"] == "Once"
    assert len(sites.there.issue(right).changelog) == 1
    assert not Intent.objects.exclude(state="done").exists()


def test_a_status_walks_several_steps_on_the_other_site_and_never_flows_back(sites: Neighbours) -> None:
    left, right = sites.paired()

    sites.here.move("alice", left, "In Progress", "Done")
    sites.settle()

    assert sites.there.status(right) == "Done"
    assert sites.here.statuses(left) == ["In Progress", "Done"]
    assert not [line for line in sites.here.journal() if line.startswith(("conflict", "stuck"))]


@pytest.mark.parametrize("direction", ["to there", "to here"])
def test_a_comments_copy_is_known_when_it_is_read_again(sites: Neighbours, direction: str) -> None:
    left, right = sites.paired()
    author, item, reader, copied = (
        (sites.here, left, sites.there, right)
        if direction == "to there"
        else (sites.there, right, sites.here, left)
    )
    person = "alice" if author is sites.here else "bob"
    author.comment(person, item, "Kept")
    gone = author.comment(person, item, "Taken back")
    sites.settle()
    assert len(reader.comments(copied)) == 2

    author.delete_comment(person, item, gone)
    sites.settle()
    local = reader.comment("dana", copied, "Local")
    reader.delete_comment("dana", copied, local)
    sites.settle()

    assert len(reader.comments(copied)) == 1
    assert [line for line in sites.here.journal() if line.startswith("comment left")] == []


def test_a_comment_whose_answer_is_lost_on_the_other_site_is_known_for_ours(sites: Neighbours) -> None:
    left, right = sites.paired()
    written = sites.here.comment("alice", left, "First")
    sites.settle()
    match = ("PUT", r"/comment/[0-9]+$")
    sites.here.jira.world.misfortunes.add(
        Misfortune(match=match, kind="lose_answer_after_effect", site="initech")
    )

    sites.here.change_comment("alice", left, written, "Second")
    sites.settle()
    sites.here.clock.advance(seconds=100)
    sites.settle()

    assert sites.there.comments(right) == ["Alice Archer commented:\nSecond"]
    assert sites.here.journal().count("comment changed comment") == 1
    assert sites.here.journal().count("comment left comment") == 0


# --- people ------------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", ["to there", "to here"])
@pytest.mark.parametrize("what", ["description", "comment", "creation"])
def test_who_is_unknown_where_a_text_arrives_is_named_and_not_mentioned(
    sites: Neighbours, what: str, direction: str
) -> None:
    left, right = sites.paired()
    source, item, target, arrives = (
        (sites.here, left, sites.there, right)
        if direction == "to there"
        else (sites.there, right, sites.here, left)
    )
    person, space = ("alice", "ALPHA") if source is sites.here else ("bob", "BETA")
    known, unknown = (source.jira.account(name) for name in ("carol", "frank"))
    del target.jira.site.users[unknown]
    text = mentioning((known, "Carol"), (unknown, "Frank"))

    if what == "description":
        source.edit(person, item, description=text)
    elif what == "creation":
        item = source.create(space, "With a text", description=text)
    else:
        answer = source.jira.person(person).post(f"/rest/api/3/issue/{item}/comment", {"body": text})
        assert answer.status == 201
    sites.settle()

    if what == "comment":
        path = f"/rest/api/3/issue/{arrives}/comment"
        arrived = target.jira.person("dana").get(path).json()["comments"][0]["body"]
    else:
        arrived = target.field(arrives if what == "description" else target.twin_of(item), "description")
    assert mentioned(arrived) == [known]
    assert "Frank" in str(arrived)


# --- the feed ----------------------------------------------------------------------------------


@pytest.mark.parametrize("winner", ["here", "there"])
def test_the_loser_of_a_conflict_is_kept_in_the_half_of_the_site_it_was_written_on(
    sites: Neighbours, winner: str
) -> None:
    left, right = sites.paired()
    edits = [(sites.here, "alice", left, "Here"), (sites.there, "bob", right, "There")]
    for story, who, item, summary in edits if winner == "there" else edits[::-1]:
        story.edit(who, item, summary=summary)
        sites.here.clock.advance(seconds=30)

    sites.settle()

    line = JournalEntry.objects.filter(kind="conflict").earliest("pk")
    loser = sites.there if winner == "here" else sites.here
    assert line.site == loser.jira.row
    assert line.side == ("right" if winner == "here" else "left")
    assert journal.values(line) == {"summary": "There" if winner == "here" else "Here"}


def test_a_write_is_told_in_the_half_of_the_site_it_was_written_to(sites: Neighbours) -> None:
    left, right = sites.paired()

    sites.here.edit("alice", left, summary="Edited")
    sites.here.comment("alice", left, "Said")
    sites.settle()

    assert {line.site for line in JournalEntry.objects.all()} == {sites.there.jira.row}
    assert {intent.site for intent in Intent.objects.all()} == {sites.there.jira.row}
    assert Site.objects.count() == 2
    assert sites.there.comments(right) == ["Alice Archer commented:\nSaid"]
