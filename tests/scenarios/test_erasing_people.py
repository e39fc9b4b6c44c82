"""A person acts everywhere and is erased: nothing names them any more, and everything goes on."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import models, transaction

from backbone_app.ledger import journal, tickets
from backbone_app.models import AuditEntry, Delivery, JournalEntry, Pair
from backbone_app.models.sealing import unseal
from backbone_app.services import erasure, rotation, unfinished
from backbone_app.services.unfinished import Way
from tests.services.test_rotation import before_update, die
from tests.support.acts import TICKET, Stage
from tests.support.canaries import tables
from tests.support.scenario import Story, paragraphs
from tests.support.workers import Killed

MENTION = "@Bob of the second space"
SENTENCE = "Shall we ask the one who knows?"


@pytest.fixture
def log(settings: LazySettings, tmp_path: Path) -> Path:
    """An erasure log that is kept."""
    settings.BACKBONE_ERASURE_LOG = tmp_path / "erasures.jsonl"
    return tmp_path / "erasures.jsonl"


@pytest.fixture
def lived(story: Story, log: Path) -> Story:
    """Bob accepted, edited, commented, was mentioned, asked for a download, began a request; news wait."""
    item = story.create("ALPHA", "First")
    story.settle()
    twin = story.twin_of(item)
    story.edit("alice", item, summary="Hers")
    story.edit("bob", twin, summary="His", labels=["his"])
    story.settle()
    story.comment("bob", twin, "I said so")
    story.edit("alice", item, description=mention(story))
    story.settle()
    bob = Stage(story.jira, story.clock).caller("bob")
    tickets.issue(bob, tickets.What.PAIRS, TICKET, now=story.clock())
    beta, begun = story.jira.space_id("BETA"), {"name": "Not sent yet"}
    unfinished.keep(bob, beta, Way.SPACE, entered=begun, done=1, now=story.clock())
    story.edit("bob", twin, summary="News of his")
    story.edit("alice", item, priority={"name": "High"})
    story.jira.deliver_all()
    return story


def mention(story: Story) -> dict[str, Any]:
    """A description that mentions bob."""
    bob = story.jira.account("bob")
    document = paragraphs(SENTENCE)
    document["content"][0]["content"].append({"type": "mention", "attrs": {"id": bob, "text": MENTION}})
    return document


def hits(account: str) -> list[str]:
    """Every place that names the account, in any column of any table, the sealed ones opened."""
    found = [place for place, content in tables._contents() if account in content]
    for column in rotation.columns():
        name, site = column.field.name, column.field.site
        for site_id, sealed in column.kept.values_list(site, name):
            if account.encode() in unseal(sealed, at=column.field.at(site_id)):
                found.append(f"{column} (sealed)")
    return found


def journal_says(text: str) -> bool:
    """Whether a value in the activity feed has the text."""
    lines = JournalEntry.objects.exclude(values_sealed=b"")
    return any(text in str(journal.values(line)) for line in lines)


def copy() -> list[models.Model]:
    """The rows of all our tables, as a backup has them."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("backbone_app.")]
    return [row for model in ours for row in model._default_manager.all()]


def restore(rows: list[models.Model]) -> None:
    """Put the rows of a backup back, over those of today."""
    with transaction.atomic():
        for row in rows:
            row.save()


def run(command: str, *arguments: str) -> str:
    said = StringIO()
    call_command(command, *arguments, stdout=said)
    return said.getvalue()


def test_the_drill_of_erasing_a_person(lived: Story) -> None:
    bob, alice = lived.jira.account("bob"), lived.jira.account("alice")
    backup = copy()
    named = {place.removesuffix(" (sealed)") for place in hits(bob)}
    assert named >= {
        "backbone_auditentry.account",
        "backbone_delivery.body_sealed",
        "backbone_downloadticket.account",
        "backbone_journalentry.cause_author",
        "backbone_journalentry.causes",
        "backbone_journalentry.before_sealed",
        "backbone_synchronizationside.acted_by",
    }
    assert journal_says(MENTION)
    others = len(AuditEntry.objects.filter(account=alice)), len(hits(alice))

    said = run("erase_person", bob)

    assert hits(bob) == []
    assert not journal_says(MENTION)
    assert said.splitlines()[-1].startswith("erased=")
    assert len(AuditEntry.objects.filter(account=alice)) == others[0]
    assert run("erase_person", bob) == "Nothing is held of this person.\n"

    restore(backup)
    assert hits(bob) != []
    repeated = erasure.repeat(lambda _: None, now=lived.clock())

    assert hits(bob) == []
    assert (repeated.sites, repeated.foreign, repeated.torn) == ((), 0, 0)
    assert erasure.repeat(lambda _: None, now=lived.clock()).rows.total() == 0


def test_after_the_erasure_what_waited_still_arrives_and_every_page_answers(lived: Story) -> None:
    item = JournalEntry.objects.order_by("pk").first()
    assert item is not None
    left = item.pair.sides.get(side="left").item

    run("erase_person", lived.jira.account("bob"))
    lived.settle()

    twin = lived.twin_of(left)
    assert lived.holds(left) == lived.holds(twin)
    assert lived.holds(left)["summary"] == "News of his"
    visitor, space = lived.jira.visitor("alice"), lived.jira.space_id("ALPHA")
    page = f"/spaces/{space}/synchronizations/{lived.synchronization_id}"
    answers = [visitor.get(path) for path in (page, f"{page}/activity", f"/panel/{left}")]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert "Former user" in answers[1].content.decode()


def test_a_pair_whose_news_were_erased_reads_both_its_sides_and_other_news_stay(lived: Story) -> None:
    other = lived.create("ALPHA", "Hers alone")
    lived.jira.deliver_all()
    assert not Pair.objects.get().incomplete

    run("erase_person", lived.jira.account("bob"))

    kept = Delivery.objects.exclude(body_sealed=b"")
    assert Pair.objects.get().incomplete
    assert list(kept.values_list("item", flat=True).distinct()) == [other]


@pytest.mark.parametrize("number", [1, 2, 3, 5, 7])
def test_an_erasure_that_was_stopped_anywhere_is_done_by_starting_it_again(lived: Story, number: int) -> None:
    bob = lived.jira.account("bob")
    with before_update(number, die), pytest.raises(Killed):
        run("erase_person", bob)
    assert hits(bob) != []

    run("erase_person", bob)

    assert hits(bob) == []


def test_looking_counts_by_column_and_changes_nothing(lived: Story) -> None:
    bob = lived.jira.account("bob")
    before = sorted(hits(bob))

    said = run("erase_person", bob, "--dry-run")

    assert sorted(hits(bob)) == before
    assert "backbone_downloadticket.account: 1" in said.splitlines()


def test_the_export_has_every_place_the_tables_name_the_person_in(lived: Story) -> None:
    bob, alice = lived.jira.account("bob"), lived.jira.account("alice")

    told = json.loads(run("export_person", bob, "--site", lived.jira.site.base_url))

    (site,) = told["sites"]
    columns = {one["column"] for one in site["held"]}
    assert (told["account"], site["site"]) == (bob, lived.jira.site.base_url)
    assert columns == {place.removesuffix(" (sealed)") for place in hits(bob)}
    assert any(SENTENCE in str(one["what"].get("text")) for one in site["held"])
    assert alice not in str([one for one in site["held"] if "edits" in one["what"]])


def test_an_account_id_can_come_from_standard_input(lived: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", StringIO(f"{lived.jira.account('bob')}\n"))

    run("erase_person", "-")

    assert hits(lived.jira.account("bob")) == []


@pytest.mark.parametrize("command", ["erase_person", "export_person"])
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["former user"], "no account id"),
        (["x" * 129], "no account id"),
        ([""], "no account id"),
        (["someone", "--site", "https://nowhere.atlassian.net"], "No site has this address"),
    ],
)
def test_what_cannot_be_meant_is_said(db: None, command: str, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        run(command, *arguments)


def test_where_the_erasure_cannot_be_noted_nothing_is_erased(
    lived: Story, settings: LazySettings, tmp_path: Path
) -> None:
    settings.BACKBONE_ERASURE_LOG = tmp_path
    before = sorted(hits(lived.jira.account("bob")))

    with pytest.raises(CommandError, match="BACKBONE_ERASURE_LOG"):
        run("erase_person", lived.jira.account("bob"))

    assert sorted(hits(lived.jira.account("bob"))) == before
