"""The demo's checker on histories made by hand, most of which must fail."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from jira_sandbox.demo.checker import badly_settled, judge
from jira_sandbox.demo.history import (
    EXISTENCE,
    PRESENT,
    Change,
    Dispute,
    Entry,
    History,
    Item,
    Report,
    label_cell,
)

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


class Tale:
    """Two spaces and what happens in them; entry ids rise with every edit, whoever makes it."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.items: dict[str, dict[str, str]] = {}
        self.made: dict[str, Item] = {}
        self.entries: dict[str, list[Entry]] = {}
        self.idle_edits = 0

    def person_creates(self, item: str, second: float, **values: str) -> Change:
        self._create(item, second, values, by_app=False, origin=None)
        return self._did(Change(item=item, at=at(second), values={EXISTENCE: PRESENT, **values}))

    def app_creates(self, item: str, second: float, origin: str | None, **values: str) -> None:
        self._create(item, second, values, by_app=True, origin=origin)

    def person_edits(self, item: str, second: float, values: Mapping[str, str]) -> Change:
        entry = self._edit(item, second, values, by_app=False)
        return self._did(Change(item=item, at=at(second), values=values, entry=entry))

    def app_edits(
        self, item: str, second: float, values: Mapping[str, str], *, overwrote: tuple[Change, ...] = ()
    ) -> None:
        self._edit(item, second, values, by_app=True, overwrote=overwrote)

    def history(self) -> History:
        return History(
            changes=tuple(self.changes),
            items=tuple(
                Item(
                    id=item.id,
                    key=item.key,
                    by_app=item.by_app,
                    created=item.created,
                    born=item.born,
                    now=self.items[item.id],
                    entries=tuple(self.entries[item.id]),
                    origin=item.origin,
                )
                for item in self.made.values()
            ),
            idle_edits=self.idle_edits,
        )

    def judged(self) -> Report:
        return judge(self.history())

    def _did(self, change: Change) -> Change:
        self.changes.append(change)
        return change

    def _create(
        self, item: str, second: float, values: Mapping[str, str], *, by_app: bool, origin: str | None
    ) -> None:
        born = {EXISTENCE: PRESENT, **values}
        self.made[item] = Item(
            id=item, key=item.upper(), by_app=by_app, created=at(second), born=born, now=born, origin=origin
        )
        self.items[item] = dict(born)
        self.entries[item] = []

    def _edit(
        self,
        item: str,
        second: float,
        values: Mapping[str, str],
        *,
        by_app: bool,
        overwrote: tuple[Change, ...] = (),
    ) -> int:
        number = 1 + sum(map(len, self.entries.values()))
        losers = frozenset(change.entry for change in overwrote if change.entry is not None)
        self.entries[item].append(
            Entry(id=number, at=at(second), by_app=by_app, values=values, overwrote=losers)
        )
        self.items[item].update(values)
        return number


@pytest.fixture
def tale() -> Tale:
    """One work item, created on the left and followed by its twin on the right."""
    tale = Tale()
    tale.person_creates("left", 0, summary="first")
    tale.app_creates("right", 1, "left", summary="first")
    return tale


def numbers(report: Report) -> tuple[int, int, int, int, int]:
    return report.changes, report.arrived, report.lost, report.duplicates, report.echoes


def test_a_change_that_stands_on_both_sides_has_arrived_and_nothing_is_wrong(tale: Tale) -> None:
    tale.person_edits("right", 10, {"summary": "second"})
    tale.app_edits("left", 11, {"summary": "second"})

    report = tale.judged()

    assert report.line() == "demo: changes=2 arrived=2 lost=0 duplicates=0 echoes=0"
    assert report.faults == ()


def test_without_an_app_every_change_is_lost_and_none_arrives() -> None:
    tale = Tale()
    tale.person_creates("left", 0, summary="first")
    tale.person_edits("left", 1, {"priority": "2"})

    assert numbers(tale.judged()) == (2, 0, 2, 0, 0)


def test_an_edit_that_never_reached_the_twin_is_lost(tale: Tale) -> None:
    tale.person_edits("left", 10, {"summary": "second"})

    report = tale.judged()

    assert numbers(report) == (2, 1, 1, 0, 0)
    assert "LEFT summary='second'" in report.faults[0]


def test_a_twin_made_without_what_its_origin_held_loses_the_creation() -> None:
    tale = Tale()
    tale.person_creates("left", 0, summary="first", priority="1")
    tale.app_creates("right", 1, "left", summary="first")

    assert numbers(tale.judged()) == (1, 0, 1, 0, 0)


def test_a_work_item_that_is_no_longer_there_is_lost(tale: Tale) -> None:
    del tale.made["left"]

    assert tale.judged().lost == 1


def test_an_edit_overwritten_on_its_own_side_by_someone_who_saw_it_is_not_lost(tale: Tale) -> None:
    tale.person_edits("left", 10, {"summary": "second"})
    tale.person_edits("left", 10.1, {"summary": "third"})
    tale.app_edits("right", 11, {"summary": "third"})

    assert numbers(tale.judged()) == (3, 2, 0, 0, 0)


def test_an_edit_overwritten_on_the_other_side_after_it_was_passed_on_is_not_lost(tale: Tale) -> None:
    tale.person_edits("left", 10, {"summary": "second"})
    tale.app_edits("right", 11, {"summary": "second"})
    tale.person_edits("right", 12, {"summary": "third"})
    tale.app_edits("left", 13, {"summary": "third"})

    assert numbers(tale.judged()) == (3, 3, 0, 0, 0)


def test_an_edit_overwritten_on_the_other_side_before_it_was_passed_on_is_lost(tale: Tale) -> None:
    tale.person_edits("left", 10, {"summary": "second"})
    tale.person_edits("right", 10.1, {"summary": "third"})
    tale.app_edits("left", 11, {"summary": "third"})

    assert tale.judged().lost == 1


def test_convergence_does_not_excuse_an_edit_that_only_the_app_overwrote(tale: Tale) -> None:
    tale.person_edits("left", 10, {"summary": "second"})
    tale.app_edits("left", 11, {"summary": "first"})
    tale.person_edits("left", 12, {"summary": "third"})
    tale.app_edits("right", 13, {"summary": "third"})

    assert tale.judged().lost == 1, "the author of 'third' saw 'first'; nobody saw 'second' go"


def test_what_was_passed_on_brings_along_what_its_author_had_seen(tale: Tale) -> None:
    tale.person_edits("left", 10, {"summary": "second"})
    tale.person_edits("left", 10.1, {"summary": "third"})
    tale.app_edits("right", 11, {"summary": "third"})
    tale.person_edits("right", 12, {"summary": "fourth"})
    tale.app_edits("left", 13, {"summary": "fourth"})

    assert tale.judged().lost == 0


def test_a_loser_whose_overwriting_names_it_is_kept(tale: Tale) -> None:
    tale.person_edits("left", 10, {"summary": "mine"})
    loser = tale.person_edits("right", 10.1, {"summary": "yours"})
    tale.app_edits("right", 11, {"summary": "mine"}, overwrote=(loser,))

    assert numbers(tale.judged()) == (3, 2, 0, 0, 0)


def test_one_write_can_keep_several_losers(tale: Tale) -> None:
    title = tale.person_edits("right", 10, {"summary": "yours"})
    rank = tale.person_edits("right", 10.1, {"priority": "5"})
    tale.person_edits("left", 10.2, {"summary": "mine", "priority": "1"})
    tale.app_edits("right", 11, {"summary": "mine", "priority": "1"}, overwrote=(title, rank))

    assert tale.judged().lost == 0


def test_a_loser_is_not_kept_by_a_write_of_another_field(tale: Tale) -> None:
    loser = tale.person_edits("right", 10, {"summary": "yours"})
    tale.app_edits("right", 11, {"summary": "first"})
    tale.app_edits("right", 12, {"priority": "1"}, overwrote=(loser,))

    assert tale.judged().lost == 1


def test_a_person_cannot_claim_that_a_loser_was_kept(tale: Tale) -> None:
    loser = tale.person_edits("right", 10, {"summary": "yours"})
    tale.person_edits("left", 10.1, {"summary": "mine"})
    assert loser.entry is not None
    claim = frozenset({loser.entry})
    entry = Entry(id=99, at=at(11), by_app=False, values={"summary": "mine"}, overwrote=claim)
    tale.entries["right"].append(entry)
    tale.items["right"]["summary"] = "mine"

    assert tale.judged().lost == 1


def test_each_label_is_a_change_of_its_own(tale: Tale) -> None:
    red, blue = label_cell("red"), label_cell("blue")
    tale.person_edits("left", 10, {red: PRESENT})
    tale.person_edits("right", 10.1, {blue: PRESENT})
    tale.app_edits("right", 11, {red: PRESENT})

    report = tale.judged()

    assert numbers(report) == (3, 2, 1, 0, 0)
    assert "labels:blue" in report.faults[0]


def test_a_removed_label_that_the_other_side_still_bears_is_lost(tale: Tale) -> None:
    red = label_cell("red")
    tale.person_edits("left", 10, {red: PRESENT})
    tale.app_edits("right", 11, {red: PRESENT})
    tale.person_edits("left", 12, {red: ""})

    assert numbers(tale.judged()) == (3, 2, 1, 0, 0)


def test_a_second_twin_is_a_duplicate(tale: Tale) -> None:
    tale.app_creates("again", 2, "left", summary="first")

    report = tale.judged()

    assert (report.duplicates, report.echoes) == (1, 0)
    assert report.faults == ("duplicate: AGAIN is a further twin of LEFT",)


def test_a_twin_of_a_twin_is_a_duplicate_and_a_creation_nobody_explains(tale: Tale) -> None:
    tale.app_creates("grandchild", 2, "right", summary="first")

    report = tale.judged()

    assert (report.duplicates, report.echoes) == (1, 1)


def test_a_creation_by_the_app_without_an_origin_is_an_echo(tale: Tale) -> None:
    tale.app_creates("stray", 2, None, summary="first")

    assert tale.judged().echoes == 1


def test_a_write_that_comes_back_is_an_echo(tale: Tale) -> None:
    tale.person_edits("left", 10, {"summary": "second"})
    tale.app_edits("right", 11, {"summary": "second"})
    tale.app_edits("left", 12, {"summary": "second!"})

    report = tale.judged()

    assert report.echoes == 1
    assert "the app wrote summary of LEFT" in report.faults[-1]


def test_a_field_written_twice_for_one_change_is_an_echo(tale: Tale) -> None:
    tale.person_edits("left", 10, {"priority": "1"})
    tale.app_edits("right", 11, {"priority": "2"})
    tale.app_edits("right", 12, {"priority": "1"})

    assert tale.judged().echoes == 1


def test_a_conflict_allows_for_one_more_write(tale: Tale) -> None:
    tale.person_edits("left", 10, {"summary": "mine"})
    loser = tale.person_edits("right", 10.1, {"summary": "yours"})
    tale.app_edits("right", 11, {"summary": "late"})
    tale.app_edits("right", 12, {"summary": "mine"}, overwrote=(loser,))

    assert tale.judged().echoes == 0


def test_an_edit_that_changed_nothing_is_an_echo(tale: Tale) -> None:
    tale.idle_edits = 2

    assert tale.judged().echoes == 2


def test_a_dispute_about_one_field_is_left_s_and_keeps_the_loser(tale: Tale) -> None:
    left = tale.person_edits("left", 10, {"summary": "mine"})
    right = tale.person_edits("right", 10.1, {"summary": "yours"})
    tale.app_edits("right", 11, {"summary": "mine"}, overwrote=(right,))

    assert badly_settled(tale.history(), (Dispute(left=left, right=right),)) == ()


def test_a_dispute_that_right_won_is_badly_settled_although_nothing_is_lost(tale: Tale) -> None:
    left = tale.person_edits("left", 10, {"summary": "mine"})
    right = tale.person_edits("right", 10.1, {"summary": "yours"})
    tale.app_edits("left", 11, {"summary": "yours"}, overwrote=(left,))

    faults = badly_settled(tale.history(), (Dispute(left=left, right=right),))

    assert tale.judged().lost == 0
    assert [fault.partition(":")[0] for fault in faults] == [
        "left should stand on both sides",
        "the loser should be kept",
    ]


def test_a_dispute_about_two_fields_must_leave_both_standing(tale: Tale) -> None:
    left = tale.person_edits("left", 10, {"summary": "mine"})
    right = tale.person_edits("right", 10.1, {"priority": "1"})
    tale.app_edits("right", 11, {"summary": "mine"})

    before = badly_settled(tale.history(), (Dispute(left=left, right=right),))
    tale.app_edits("left", 12, {"priority": "1"})
    after = badly_settled(tale.history(), (Dispute(left=left, right=right),))

    assert [fault.partition(":")[0] for fault in before] == ["right should stand on both sides"]
    assert after == ()
