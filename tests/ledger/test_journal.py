"""The activity feed keeps values sealed and for a time, and takes back what did not happen."""

from datetime import timedelta

import pytest

from backbone_app.core.values import EMPTY, Edit, Labels, Option, Side, Text, Value
from backbone_app.errors import SecretUnreadable
from backbone_app.ledger import journal
from backbone_app.ledger.journal import WHOLE, Outcome, Why
from backbone_app.models import Intent, JournalEntry, Pair, Site
from backbone_app.models.intent import JournalKind
from tests.support.rows import NOW, make_site

VALUES: dict[str, Value] = {
    "summary": Text("Geheim"),
    "labels": Labels(frozenset({"b", "a"})),
    "priority": Option("High"),
    "due": EMPTY,
}
ALICE, CAROL = Edit(NOW, "alice-account", 7), Edit(NOW - timedelta(minutes=1), "carol-account", 6)


@pytest.fixture
def place(pair: Pair, site: Site) -> journal.Place:
    """The left half of the pair, under the third version of the configuration."""
    return journal.Place(pair.synchronization_id, pair.pk, site.pk, Side.LEFT, 3)


def note_at(place: journal.Place, days_ago: float) -> None:
    """A line of that age."""
    journal.note(place, JournalKind.EDITED, VALUES, now=NOW - timedelta(days=days_ago))


def test_a_line_tells_what_and_whose_edit_and_keeps_the_values_sealed(place: journal.Place) -> None:
    why = {"summary": Why((ALICE,), Side.RIGHT), "labels": Why((CAROL,), Side.RIGHT)}

    journal.note(place, JournalKind.EDITED, VALUES, now=NOW, why=why)

    line = JournalEntry.objects.get()
    assert (line.kind, line.side, line.rows) == ("edited", "left", ["due", "labels", "priority", "summary"])
    assert (line.cause_author, line.cause_at, line.version) == ("alice-account", NOW, 3)
    assert journal.values(line) == {
        "summary": "Geheim",
        "labels": ["a", "b"],
        "priority": "High",
        "due": None,
    }
    assert b"Geheim" not in bytes(line.values_sealed)


def test_each_row_can_be_read_again_with_its_own_causes(place: journal.Place) -> None:
    why = {
        WHOLE: Why((CAROL,), Side.RIGHT, about="10003"),
        "labels": Why((CAROL, ALICE), Side.RIGHT, before=Labels(frozenset({"z"})), gave_way=ALICE),
        "summary": Why((ALICE,), Side.LEFT, outcome=Outcome.LOST_TIE, way=("A", "B"), code="c"),
    }

    journal.note(place, JournalKind.EDITED, VALUES, now=NOW, why=why)

    told = {one.row: one for one in journal.told(JournalEntry.objects.get())}
    assert told[WHOLE].why == why[WHOLE]
    assert told["summary"].why == why["summary"]
    assert (told["labels"].value, told["labels"].before) == (["a", "b"], ["z"])
    assert told["labels"].why.edits == (CAROL, ALICE)
    assert [row for row, one in told.items() if one.knows_before] == ["labels"]
    assert told["due"].why == Why()


def test_another_sites_half_cannot_open_the_values(place: journal.Place) -> None:
    journal.note(place, JournalKind.CONFLICT, VALUES, now=NOW)
    line = JournalEntry.objects.get()

    line.site = make_site("initech")

    with pytest.raises(SecretUnreadable):
        journal.values(line)


def test_values_are_not_stored_for_a_site_that_keeps_none(place: journal.Place, site: Site) -> None:
    Site.objects.filter(pk=site.pk).update(retention_days=0)

    journal.note(
        place, JournalKind.EDITED, VALUES, now=NOW, why={"summary": Why((ALICE,), before=Text("Old"))}
    )

    line = JournalEntry.objects.get()
    (summary,) = (one for one in journal.told(line) if one.row == "summary")
    assert (bytes(line.values_sealed), bytes(line.before_sealed)) == (b"", b"")
    assert (summary.is_kept, summary.value, summary.why.edits) == (False, None, (ALICE,))
    assert "Geheim" not in str(line.causes)
    assert line.causes["summary"]["digest"].startswith("1:")


@pytest.mark.parametrize("retention", [0, 30])
def test_what_was_said_last_is_known_with_or_without_the_value(
    place: journal.Place, site: Site, retention: int
) -> None:
    Site.objects.filter(pk=site.pk).update(retention_days=retention)
    journal.note(place, JournalKind.STUCK, {"status": Text("Old")}, now=NOW)
    journal.note(place, JournalKind.STUCK, {"status": Text("No way")}, now=NOW)

    said = [journal.is_said(place, JournalKind.STUCK, "status", Text(text)) for text in ("No way", "Old")]

    assert said == [True, False]
    assert not journal.is_said(place, JournalKind.FAILED, "status", Text("No way"))
    assert journal.said_last(place, JournalKind.STUCK, "status") == ("No way" if retention else "")


def test_lines_of_a_write_that_did_not_happen_go_and_others_stay(place: journal.Place, site: Site) -> None:
    intent = Intent.objects.create(
        pair_id=place.pair_id, side="left", site=site, kind="edit", epoch=1, started_at=NOW, deadline=NOW
    )
    journal.note(place, JournalKind.EDITED, VALUES, now=NOW, intent=intent)
    journal.note(place, JournalKind.CONFLICT, VALUES, now=NOW, intent=intent)
    journal.note(place, JournalKind.CONFLICT, VALUES, now=NOW)

    journal.withdraw(intent)

    assert [line.intent for line in JournalEntry.objects.all()] == [None]


def test_values_are_forgotten_by_each_sites_own_retention(place: journal.Place, site: Site) -> None:
    hasty = make_site("initech")
    Site.objects.filter(pk=hasty.pk).update(retention_days=7)
    theirs = journal.Place(place.synchronization_id, place.pair_id, hasty.pk, Side.RIGHT)
    for days_ago in (31, 29):
        note_at(place, days_ago)
    for days_ago in (8, 6):
        note_at(theirs, days_ago)

    forgotten = journal.forget_values(NOW, 100)

    kept = [bool(line.values_sealed) for line in JournalEntry.objects.order_by("pk")]
    assert (forgotten, kept) == (2, [False, True, False, True])
    assert [one.is_kept for one in journal.told(JournalEntry.objects.earliest("pk"))] == [False] * 4
    assert journal.forget_values(NOW, 100) == 0


def test_forgetting_and_pruning_go_in_bounded_steps_the_oldest_first(place: journal.Place) -> None:
    for days_ago in (401, 402, 403, 399):
        note_at(place, days_ago)

    assert (journal.forget_values(NOW, 3), journal.forget_values(NOW, 3)) == (3, 1)
    assert (journal.prune(NOW, 2), journal.prune(NOW, 2), journal.prune(NOW, 2)) == (2, 1, 0)
    assert [line.at for line in JournalEntry.objects.all()] == [NOW - timedelta(days=399)]
