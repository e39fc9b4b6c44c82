"""The activity feed keeps values sealed, and takes back what did not happen."""

import pytest

from backbone_app.core.values import EMPTY, Edit, Labels, Option, Side, Text, Value
from backbone_app.errors import SecretUnreadable
from backbone_app.ledger import journal
from backbone_app.models import Intent, JournalEntry, Pair, Site
from backbone_app.models.intent import JournalKind
from tests.support.rows import NOW, make_site

VALUES: dict[str, Value] = {
    "summary": Text("Geheim"),
    "labels": Labels(frozenset({"b", "a"})),
    "priority": Option("High"),
    "due": EMPTY,
}


@pytest.fixture
def place(pair: Pair, site: Site) -> journal.Place:
    """The left half of the pair."""
    return journal.Place(pair.synchronization_id, pair.pk, site.pk, Side.LEFT)


def test_a_line_tells_what_and_whose_edit_and_keeps_the_values_sealed(place: journal.Place) -> None:
    journal.note(place, JournalKind.EDITED, VALUES, now=NOW, edit=Edit(NOW, "alice-account", 7))

    line = JournalEntry.objects.get()
    assert (line.kind, line.side, line.rows) == ("edited", "left", ["due", "labels", "priority", "summary"])
    assert (line.cause_author, line.cause_at) == ("alice-account", NOW)
    assert journal.values(line) == {
        "summary": "Geheim",
        "labels": ["a", "b"],
        "priority": "High",
        "due": None,
    }
    assert b"Geheim" not in bytes(line.values_sealed)


def test_another_sites_half_cannot_open_the_values(place: journal.Place) -> None:
    journal.note(place, JournalKind.CONFLICT, VALUES, now=NOW)
    line = JournalEntry.objects.get()

    line.site = make_site("initech")

    with pytest.raises(SecretUnreadable):
        journal.values(line)


def test_lines_of_a_write_that_did_not_happen_go_and_others_stay(place: journal.Place, site: Site) -> None:
    intent = Intent.objects.create(
        pair_id=place.pair_id, side="left", site=site, kind="edit", epoch=1, started_at=NOW, deadline=NOW
    )
    journal.note(place, JournalKind.EDITED, VALUES, now=NOW, intent=intent)
    journal.note(place, JournalKind.CONFLICT, VALUES, now=NOW, intent=intent)
    journal.note(place, JournalKind.CONFLICT, VALUES, now=NOW)

    journal.withdraw(intent)

    assert [line.intent for line in JournalEntry.objects.all()] == [None]
