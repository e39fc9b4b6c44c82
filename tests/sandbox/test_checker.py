"""The demo's checker on histories made by hand, most of which must fail."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jira_sandbox.demo.checker import badly_settled, has_arrived, judge
from jira_sandbox.demo.history import (
    EXISTENCE,
    PRESENT,
    STATUS,
    Change,
    Copy,
    Dispute,
    Entry,
    History,
    Item,
    Report,
    Terms,
    comment_cell,
    label_cell,
)

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TO_THE_RIGHT = (("LEFT", "RIGHT"),)
TO_BOTH = (("LEFT", "RIGHT"), ("LEFT", "FAR"))
STATUSES = {
    "LEFT": (("To Do", "new"), ("In Progress", "indeterminate"), ("Done", "done")),
    "RIGHT": (
        ("Open", "new"),
        ("Selected", "new"),
        ("In Progress", "indeterminate"),
        ("In Review", "indeterminate"),
        ("Done", "done"),
    ),
    "FAR": (("Idea", "new"), ("In Progress", "indeterminate"), ("Done", "done")),
}


def at(second: float) -> datetime:
    return START + timedelta(seconds=second)


class Tale:
    """Spaces in step and what happens in them; entry ids rise with every edit, whoever makes it.

    A work item is in the space it is named for, unless told otherwise.
    """

    def __init__(self, ties: tuple[tuple[str, str], ...] = TO_THE_RIGHT) -> None:
        self.terms = Terms(ties=ties, statuses=STATUSES)
        self.secrets: list[str] = []
        self.copies: dict[str, list[Copy]] = {}
        self.changes: list[Change] = []
        self.items: dict[str, dict[str, str]] = {}
        self.made: dict[str, Item] = {}
        self.entries: dict[str, list[Entry]] = {}
        self.idle_edits = 0

    def person_creates(self, item: str, second: float, **values: str) -> Change:
        self._create(item, second, values, by_app=False, origin=None)
        return self._did(Change(item=item, at=at(second), values={EXISTENCE: PRESENT, **values}))

    def was_there(self, item: str, second: float, *, origin: str | None = None, **values: str) -> None:
        """Let an item be from before; with ``origin`` a person made it that one's twin."""
        self._create(item, second, values, by_app=False, origin=origin)

    def person_chooses(self, item: str, second: float, values: Mapping[str, str]) -> Change:
        """Let a person say that what the item holds already shall stand on both sides."""
        return self._did(Change(item=item, at=at(second), values=values))

    def app_creates(
        self, item: str, second: float, origin: str | None, *, space: str = "", **values: str
    ) -> None:
        self._create(item, second, values, by_app=True, origin=origin, space=space)

    def person_says(self, item: str, number: str, second: float, text: str) -> Change:
        """Write, rewrite or (with no text) delete the comment ``number``."""
        cell = comment_cell(number)
        self.items[item][cell] = text
        return self._did(Change(item=item, at=at(second), values={cell: text}))

    def app_copies(self, item: str, number: str, *said: tuple[float, str]) -> None:
        texts = tuple((at(second), text and f"Ann commented:\n{text}") for second, text in said)
        self.copies.setdefault(item, []).append(Copy(id=number, texts=texts))

    def person_edits(self, item: str, second: float, values: Mapping[str, str]) -> Change:
        entry = self._edit(item, second, values, by_app=False)
        return self._did(Change(item=item, at=at(second), values=values, entry=entry))

    def app_edits(
        self, item: str, second: float, values: Mapping[str, str], *, overwrote: tuple[Change, ...] = ()
    ) -> None:
        self._edit(item, second, values, by_app=True, overwrote=overwrote)

    def history(self) -> History:
        return History(
            terms=self.terms,
            secrets=tuple(self.secrets),
            changes=tuple(self.changes),
            items=tuple(
                Item(
                    id=item.id,
                    key=item.key,
                    space=item.space,
                    by_app=item.by_app,
                    created=item.created,
                    born=item.born,
                    now=self.items[item.id],
                    entries=tuple(self.entries[item.id]),
                    origin=item.origin,
                    copies=tuple(self.copies.get(item.id, ())),
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
        self,
        item: str,
        second: float,
        values: Mapping[str, str],
        *,
        by_app: bool,
        origin: str | None,
        space: str = "",
    ) -> None:
        space = space or item.upper()
        first = {STATUS: STATUSES[space][0][0]} if space in STATUSES else {}
        born = {EXISTENCE: PRESENT, **first, **values}
        self.made[item] = Item(
            id=item,
            key=item.upper(),
            space=space,
            by_app=by_app,
            created=at(second),
            born=born,
            now=born,
            origin=origin,
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
def wide() -> Tale:
    """A work item of two synchronizations, with a twin on the right and one far away."""
    tale = Tale(TO_BOTH)
    tale.person_creates("left", 0, summary="first")
    tale.app_creates("right", 1, "left", summary="first")
    tale.app_creates("far", 1, "left", summary="first")
    return tale


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


def test_an_edit_that_the_app_undid_where_it_was_made_is_lost(tale: Tale) -> None:
    tale.person_edits("left", 10, {"summary": "second"})
    tale.app_edits("right", 11, {"summary": "second"})
    tale.app_edits("left", 12, {"summary": "first"})

    assert tale.judged().lost == 1


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


def test_a_loser_of_the_feed_is_kept_in_the_field_in_which_it_lost(tale: Tale) -> None:
    loser = tale.person_edits("right", 10, {"summary": "yours", "priority": "1"})
    tale.app_edits("right", 11, {"summary": "first", "priority": ""})
    assert loser.entry is not None
    half, whole = {(loser.entry, "summary")}, {(loser.entry, "summary"), (loser.entry, "priority")}

    assert judge(replace(tale.history(), kept=frozenset(half))).lost == 1
    assert judge(replace(tale.history(), kept=frozenset(whole))).lost == 0


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
    tale.app_creates("again", 2, "left", space="RIGHT", summary="first")

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


def test_what_the_app_had_overwritten_may_be_given_back_once(tale: Tale) -> None:
    tale.person_edits("left", 10, {"summary": "mine"})
    tale.person_edits("right", 10.1, {"summary": "yours"})
    tale.app_edits("right", 11, {"summary": "mine"})
    tale.app_edits("right", 12, {"summary": "yours"})
    tale.app_edits("left", 13, {"summary": "yours"})

    once = tale.judged()
    tale.app_edits("right", 14, {"summary": "mine"})
    tale.app_edits("right", 15, {"summary": "yours"})
    twice = tale.judged()

    assert (once.echoes, twice.echoes) == (0, 2)


def test_what_another_synchronization_had_brought_may_be_given_back_once_as_well(
    wide: Tale, tale: Tale
) -> None:
    for each in (wide, tale):
        each.person_edits("right", 10, {"summary": "yours"})
        each.app_edits("left", 11, {"summary": "yours"})
        each.app_edits("left", 12, {"summary": "other"})
        each.app_edits("left", 13, {"summary": "yours"})
    wide.person_edits("far", 10, {"summary": "other"})
    once = wide.judged()
    wide.app_edits("left", 14, {"summary": "other"})
    wide.app_edits("left", 15, {"summary": "yours"})

    assert (once.echoes, wide.judged().echoes) == (0, 1)
    assert tale.judged().echoes == 2, "one synchronization overwrites nothing of its own unseen"


def test_an_edit_taken_back_at_once_is_not_lost_though_the_same_was_passed_on_before(tale: Tale) -> None:
    tale.person_edits("left", 10, {"priority": "1"})
    tale.app_edits("right", 11, {"priority": "1"})
    tale.person_edits("left", 12, {"priority": "2"})
    tale.app_edits("right", 13, {"priority": "2"})
    tale.person_edits("left", 14, {"priority": "1"})
    tale.person_edits("left", 15, {"priority": "2"})
    tale.person_edits("right", 15.1, {"priority": "3"})
    tale.app_edits("left", 16, {"priority": "3"})

    assert tale.judged().lost == 0


def test_an_edit_taken_back_at_once_is_not_lost_though_somebody_elsewhere_chose_what_came_between(
    tale: Tale,
) -> None:
    tale.person_edits("right", 10, {"priority": "2"})
    tale.app_edits("left", 11, {"priority": "2"})
    tale.person_edits("left", 12, {"priority": "3"})
    tale.person_edits("left", 13, {"priority": "2"})
    tale.person_edits("right", 13.1, {"priority": "3"})
    tale.app_edits("left", 14, {"priority": "3"})

    assert tale.judged().lost == 0


def test_an_edit_that_came_after_what_it_takes_back_was_passed_on_is_lost(tale: Tale) -> None:
    tale.person_edits("left", 12, {"priority": "3"})
    tale.app_edits("right", 12.5, {"priority": "3"})
    tale.person_edits("left", 13, {"priority": ""})
    tale.app_edits("left", 14, {"priority": "3"})

    assert tale.judged().lost == 1


def test_what_a_person_says_of_a_conflict_excuses_no_echo(tale: Tale) -> None:
    tale.person_edits("left", 10, {"summary": "mine"})
    tale.app_edits("right", 11, {"summary": "late"})
    tale.app_edits("right", 12, {"summary": "mine"})
    claim = Entry(id=99, at=at(13), by_app=False, values={"summary": "mine"}, overwrote=frozenset({1}))
    tale.entries["left"].append(claim)

    assert tale.judged().echoes == 1


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
        "left should stand on all sides",
        "the loser should be kept",
    ]


def test_a_dispute_about_two_fields_must_leave_both_standing(tale: Tale) -> None:
    left = tale.person_edits("left", 10, {"summary": "mine"})
    right = tale.person_edits("right", 10.1, {"priority": "1"})
    tale.app_edits("right", 11, {"summary": "mine"})

    before = badly_settled(tale.history(), (Dispute(left=left, right=right),))
    tale.app_edits("left", 12, {"priority": "1"})
    after = badly_settled(tale.history(), (Dispute(left=left, right=right),))

    assert [fault.partition(":")[0] for fault in before] == ["right should stand on all sides"]
    assert after == ()


# --- two work items from before, paired by hand --------------------------------------------------


@pytest.fixture
def paired() -> Tale:
    """Two work items that were there: left's summary was chosen, and right's due date, which left had not."""
    tale = Tale()
    tale.was_there("left", 0, summary="mine")
    tale.was_there("right", 0, origin="left", summary="yours", duedate="2027-01-01")
    tale.person_chooses("left", 0, {"summary": "mine"})
    tale.person_chooses("right", 0, {"duedate": "2027-01-01"})
    return tale


def in_step(tale: Tale) -> None:
    tale.app_edits("right", 5, {"summary": "mine"})
    tale.app_edits("left", 6, {"duedate": "2027-01-01"})


def test_what_was_chosen_for_two_items_from_before_is_lost_until_both_hold_it(paired: Tale) -> None:
    before = numbers(paired.judged())
    in_step(paired)

    assert before == (2, 0, 2, 0, 0)
    assert numbers(paired.judged()) == (2, 2, 0, 0, 0)


def test_what_was_chosen_may_be_overwritten_where_it_always_stood(paired: Tale) -> None:
    in_step(paired)
    paired.person_edits("left", 10, {"summary": "better"})
    paired.app_edits("right", 11, {"summary": "better"})

    assert numbers(paired.judged()) == (3, 3, 0, 0, 0)


def test_a_field_that_nobody_chose_is_an_echo_when_the_app_writes_it(paired: Tale) -> None:
    in_step(paired)
    paired.app_edits("right", 7, {"priority": "High"})

    assert paired.judged().echoes == 1


def test_a_second_twin_of_an_item_from_before_is_a_duplicate(paired: Tale) -> None:
    in_step(paired)
    paired.app_creates("again", 8, "left", space="RIGHT", summary="mine")

    assert paired.judged().duplicates == 1


# --- two synchronizations ------------------------------------------------------------------------


def test_a_work_item_of_two_synchronizations_has_one_twin_in_each_partner_space(wide: Tale) -> None:
    assert numbers(wide.judged()) == (1, 1, 0, 0, 0)


def test_a_second_twin_in_one_of_the_spaces_is_a_duplicate(wide: Tale) -> None:
    wide.app_creates("again", 2, "left", space="FAR", summary="first")

    assert wide.judged().duplicates == 1


def test_a_creation_that_reached_one_partner_space_of_two_is_lost() -> None:
    tale = Tale(TO_BOTH)
    tale.person_creates("left", 0, summary="first")
    tale.app_creates("right", 1, "left", summary="first")

    assert numbers(tale.judged()) == (1, 0, 1, 0, 0)


def test_an_edit_of_a_twin_has_arrived_once_the_other_twin_holds_it_too(wide: Tale) -> None:
    change = wide.person_edits("right", 10, {"summary": "second"})
    wide.app_edits("left", 11, {"summary": "second"})
    before = has_arrived(wide.history(), change)
    lost_before = wide.judged().lost
    wide.app_edits("far", 12, {"summary": "second"})

    assert (before, lost_before) == (False, 1)
    assert has_arrived(wide.history(), change)
    assert numbers(wide.judged()) == (2, 2, 0, 0, 0)


def test_what_is_passed_on_to_the_other_twin_twice_is_an_echo(wide: Tale) -> None:
    wide.person_edits("right", 10, {"summary": "second"})
    wide.app_edits("left", 11, {"summary": "second"})
    wide.app_edits("far", 12, {"summary": "first!"})
    wide.app_edits("far", 13, {"summary": "second"})

    assert wide.judged().echoes == 1


# --- status --------------------------------------------------------------------------------------


def test_a_status_without_a_namesake_has_arrived_at_the_first_one_of_its_category(tale: Tale) -> None:
    tale.person_edits("right", 10, {STATUS: "In Review"})
    tale.app_edits("left", 11, {STATUS: "In Progress"})

    assert numbers(tale.judged()) == (2, 2, 0, 0, 0)


def test_a_status_that_already_is_what_the_other_side_calls_it_needs_no_write(tale: Tale) -> None:
    tale.person_edits("right", 10, {STATUS: "Selected"})

    assert numbers(tale.judged()) == (2, 2, 0, 0, 0)


def test_steps_on_the_way_to_a_status_are_no_echoes(tale: Tale) -> None:
    tale.person_edits("left", 10, {STATUS: "In Progress"})
    for second, status in enumerate(("Selected", "In Progress"), start=11):
        tale.app_edits("right", second, {STATUS: status})
    tale.person_edits("left", 20, {STATUS: "Done"})
    for second, status in enumerate(("In Review", "Done"), start=21):
        tale.app_edits("right", second, {STATUS: status})

    assert numbers(tale.judged()) == (3, 3, 0, 0, 0)


def test_a_walk_that_ends_short_of_the_status_has_not_arrived_and_led_nowhere(tale: Tale) -> None:
    tale.person_edits("left", 10, {STATUS: "In Progress"})
    tale.app_edits("right", 11, {STATUS: "Selected"})

    assert numbers(tale.judged()) == (2, 1, 1, 0, 1)


def test_a_walk_that_goes_on_past_the_status_is_an_echo_and_loses_it(tale: Tale) -> None:
    tale.person_edits("left", 10, {STATUS: "In Progress"})
    for second, status in enumerate(("Selected", "In Progress", "In Review"), start=11):
        tale.app_edits("right", second, {STATUS: status})

    assert numbers(tale.judged()) == (2, 2, 1, 0, 1)


def test_a_finer_status_that_was_no_news_is_overwritten_by_who_saw_what_it_means(tale: Tale) -> None:
    tale.person_edits("right", 10, {STATUS: "Selected"})
    tale.person_edits("left", 20, {STATUS: "In Progress"})
    tale.app_edits("right", 21, {STATUS: "In Progress"})

    assert numbers(tale.judged()) == (3, 3, 0, 0, 0)


def test_a_finer_status_chosen_after_the_other_side_moved_on_is_lost_if_only_the_app_overwrites_it(
    tale: Tale,
) -> None:
    tale.person_edits("left", 10, {STATUS: "In Progress"})
    tale.person_edits("right", 20, {STATUS: "Selected"})
    tale.app_edits("right", 21, {STATUS: "In Progress"})

    assert tale.judged().lost == 1


@pytest.mark.parametrize(("by", "lost"), [("far", 0), ("left", 1)])
def test_a_finer_status_that_was_no_news_may_be_overtaken_from_a_third_space_alone(
    wide: Tale, by: str, lost: int
) -> None:
    wide.person_edits(by, 10, {STATUS: "In Progress"})
    wide.person_edits("right", 11, {STATUS: "Selected"})
    wide.app_edits("left" if by == "far" else "far", 12, {STATUS: "In Progress"})
    wide.app_edits("right", 13, {STATUS: "In Progress"})

    assert wide.judged().lost == lost


def test_a_finer_status_that_a_person_chose_may_stay(tale: Tale) -> None:
    tale.person_edits("left", 10, {STATUS: "In Progress"})
    for second, status in enumerate(("Selected", "In Progress"), start=11):
        tale.app_edits("right", second, {STATUS: status})
    tale.person_edits("right", 20, {STATUS: "In Review"})

    assert numbers(tale.judged()) == (3, 3, 0, 0, 0)


def test_a_status_that_says_what_a_finer_one_of_the_original_says_is_there_already() -> None:
    """The twin is the one whose workflow is coarser."""
    tale = Tale((("RIGHT", "LEFT"),))
    tale.was_there("right", -60, summary="Lamp", status="Open")
    tale.app_creates("left", -59, "right", summary="Lamp", status="To Do")
    for second, status in enumerate(("In Progress", "Done"), start=10):
        tale.person_edits("left", second, {STATUS: status})
    tale.person_edits("right", 20, {STATUS: "In Review"})

    tale.person_edits("left", 30, {STATUS: "In Progress"})

    assert tale.judged().lost == 0


def test_who_goes_on_from_a_finer_status_overwrites_it_knowingly_though_the_other_side_said_it_too(
    tale: Tale,
) -> None:
    tale.person_edits("right", 10, {STATUS: "In Review"})
    tale.person_edits("left", 11, {STATUS: "In Progress"})
    tale.person_edits("right", 20, {STATUS: "Done"})
    tale.app_edits("left", 21, {STATUS: "Done"})

    assert tale.judged().lost == 0


def test_a_status_that_is_walked_to_and_fro_for_one_change_is_an_echo(tale: Tale) -> None:
    tale.person_edits("left", 10, {STATUS: "Done"})
    for second, status in enumerate(("Done", "In Review", "Done"), start=11):
        tale.app_edits("right", second, {STATUS: status})

    assert tale.judged().echoes == 2, "away, where nobody wanted it, and back without a further reason"


def test_a_walk_whose_goal_somebody_changed_before_it_was_reached_turns_back(tale: Tale) -> None:
    tale.person_edits("left", 10, {STATUS: "In Progress"})
    tale.app_edits("right", 11, {STATUS: "In Progress"})
    tale.person_edits("left", 20, {STATUS: "Done"})
    tale.app_edits("right", 21, {STATUS: "In Review"})
    tale.person_edits("left", 30, {STATUS: "In Progress"})
    tale.app_edits("right", 31, {STATUS: "In Progress"})

    assert tale.judged().echoes == 0


@pytest.mark.parametrize("changed", [5, 40], ids=["before it set out", "after it had turned"])
def test_a_walk_that_turns_back_although_nobody_changed_its_goal_meanwhile_is_an_echo(
    tale: Tale, changed: int
) -> None:
    tale.person_edits("left", 1, {STATUS: "Done"})
    tale.person_edits("left", changed, {STATUS: "In Progress"})
    for second, status in enumerate(("In Progress", "In Review", "In Progress"), start=11):
        tale.app_edits("right", second, {STATUS: status})

    assert tale.judged().faults == ("echo: the app moved RIGHT where nobody wanted it",)


def test_a_walk_that_flows_back_is_an_echo(tale: Tale) -> None:
    tale.person_edits("left", 10, {STATUS: "Done"})
    tale.app_edits("right", 11, {STATUS: "In Progress"})
    tale.app_edits("left", 12, {STATUS: "In Progress"})
    tale.app_edits("right", 13, {STATUS: "Done"})
    tale.app_edits("left", 14, {STATUS: "Done"})

    assert tale.judged().echoes == 2, "one walk without a reason, and one that nobody wanted there"


def test_a_walk_that_a_person_cut_short_needs_no_end(tale: Tale) -> None:
    tale.person_edits("left", 10, {STATUS: "Done"})
    tale.app_edits("right", 11, {STATUS: "Selected"})
    tale.person_edits("right", 12, {STATUS: "In Progress"})
    for second, status in enumerate(("In Review", "Done"), start=13):
        tale.app_edits("right", second, {STATUS: status})

    assert "wanted" not in " ".join(tale.judged().faults)


# --- comments ------------------------------------------------------------------------------------


def test_a_comment_has_arrived_with_its_text_below_a_line_that_names_its_author(tale: Tale) -> None:
    tale.person_says("left", "c", 10, "Why?\nI wonder.")
    tale.app_copies("right", "d", (11, "Why?\nI wonder."))

    assert numbers(tale.judged()) == (2, 2, 0, 0, 0)


def test_a_copy_that_does_not_name_the_author_is_none(tale: Tale) -> None:
    tale.person_says("left", "c", 10, "Why?")
    tale.copies["right"] = [Copy(id="d", texts=((at(11), "Why?"),))]

    assert numbers(tale.judged()) == (2, 1, 1, 0, 1)


def test_a_comment_that_was_rewritten_and_then_deleted_took_its_copy_along(tale: Tale) -> None:
    tale.person_says("left", "c", 10, "Why?")
    tale.person_says("left", "c", 12, "Why not?")
    tale.person_says("left", "c", 14, "")
    tale.app_copies("right", "d", (11, "Why?"), (13, "Why not?"), (15, ""))

    assert numbers(tale.judged()) == (4, 4, 0, 0, 0)


def test_a_copy_that_outlives_its_original_loses_the_deletion(tale: Tale) -> None:
    tale.person_says("left", "c", 10, "Why?")
    tale.person_says("left", "c", 12, "")
    tale.app_copies("right", "d", (11, "Why?"))

    assert numbers(tale.judged()) == (3, 2, 1, 0, 0)


def test_a_copy_that_keeps_the_old_text_loses_the_new_one(tale: Tale) -> None:
    tale.person_says("left", "c", 10, "Why?")
    tale.person_says("left", "c", 12, "Why not?")
    tale.app_copies("right", "d", (11, "Why?"))

    assert numbers(tale.judged()) == (3, 2, 1, 0, 0)


def test_a_comment_taken_back_before_it_could_be_copied_is_not_lost(tale: Tale) -> None:
    tale.person_says("left", "c", 10, "Why?")
    tale.person_says("left", "c", 10.1, "")

    assert numbers(tale.judged()) == (3, 2, 0, 0, 0)


def test_two_copies_of_one_comment_are_a_duplicate(tale: Tale) -> None:
    tale.person_says("left", "c", 10, "Why?")
    tale.app_copies("right", "d", (11, "Why?"))
    tale.app_copies("right", "e", (12, "Why?"))

    assert numbers(tale.judged()) == (2, 2, 0, 1, 0)


def test_a_second_copy_made_before_the_first_was_deleted_is_a_duplicate(tale: Tale) -> None:
    tale.person_says("left", "c", 10, "Why?")
    tale.app_copies("right", "d", (11, "Why?"), (13, ""))
    tale.app_copies("right", "e", (12, "Why?"))

    assert tale.judged().duplicates == 1


def test_a_copy_that_comes_back_after_it_was_withdrawn_is_no_duplicate(tale: Tale) -> None:
    tale.person_says("left", "c", 10, "Why?")
    tale.person_says("left", "c", 12, "")
    tale.person_says("left", "c", 14, "Why now?")
    tale.app_copies("right", "d", (11, "Why?"), (13, ""))
    tale.app_copies("right", "e", (15, "Why now?"))

    assert numbers(tale.judged()) == (4, 4, 0, 0, 0)


def test_a_copy_written_twice_for_one_change_is_an_echo(tale: Tale) -> None:
    tale.person_says("left", "c", 10, "Why?")
    tale.app_copies("right", "d", (11, "Why?"), (12, "Why?"))

    assert tale.judged().echoes == 1


def test_another_comment_is_no_reason_to_write_a_copy_again(tale: Tale) -> None:
    tale.person_says("left", "c", 10, "Why?")
    tale.person_says("left", "e", 10, "And when?")
    tale.app_copies("right", "d", (11, "Why?"), (12, "Why?"))

    assert (tale.judged().lost, tale.judged().echoes) == (1, 1)


def test_a_copy_of_a_copy_is_an_echo(tale: Tale) -> None:
    tale.person_says("left", "c", 10, "Why?")
    tale.app_copies("right", "d", (11, "Why?"))
    tale.app_copies("left", "e", (12, "Ann commented:\nWhy?"))

    assert tale.judged().echoes == 1


def test_a_twin_s_comment_goes_to_its_origin_and_no_further(wide: Tale) -> None:
    wide.person_says("right", "c", 10, "Why?")
    wide.app_copies("left", "d", (11, "Why?"))

    assert numbers(wide.judged()) == (2, 2, 0, 0, 0)


def test_an_origin_s_comment_goes_to_each_of_its_twins(wide: Tale) -> None:
    wide.person_says("left", "c", 10, "Why?")
    wide.app_copies("right", "d", (11, "Why?"))

    assert numbers(wide.judged()) == (2, 1, 1, 0, 0)


@pytest.mark.parametrize("deleted", [(), ((12.0, ""),)], ids=["and stays there", "for a moment"])
def test_a_restricted_comment_that_shows_on_the_other_side_is_a_leak(
    tale: Tale, deleted: tuple[tuple[float, str], ...]
) -> None:
    tale.secrets.append("Among us")
    assert "leaks" not in tale.judged().line()
    tale.app_copies("right", "d", (11, "Among us"), *deleted)

    report = tale.judged()

    assert report.line() == "demo: changes=1 arrived=1 lost=0 duplicates=0 echoes=0 leaks=1"
    assert report.faults == ("leak: RIGHT shows 'Ann commented:\\nAmong us'",)


def test_what_two_people_wrote_alike_is_known_to_who_saw_one_of_them(tale: Tale) -> None:
    tale.person_edits("left", 10, {"summary": "second"})
    tale.person_edits("right", 10.5, {"summary": "second"})
    tale.person_edits("left", 20, {"summary": "third"})
    tale.app_edits("right", 21, {"summary": "third"})

    assert tale.judged().lost == 0


def test_an_edit_like_an_older_one_is_not_known_to_who_saw_that_one(tale: Tale) -> None:
    tale.person_edits("left", 10, {"summary": "second"})
    tale.app_edits("right", 11, {"summary": "second"})
    tale.person_edits("left", 20, {"summary": "third"})
    tale.app_edits("right", 21, {"summary": "third"})
    tale.person_edits("right", 30, {"summary": "second"})
    tale.app_edits("right", 31, {"summary": "third"})

    assert tale.judged().lost == 1


def test_who_takes_an_edit_back_before_it_was_passed_on_has_changed_nothing(tale: Tale) -> None:
    tale.person_edits("right", 10, {"summary": "second"})
    tale.person_edits("right", 11, {"summary": "first"})
    tale.person_edits("left", 12, {"summary": "third"})
    tale.app_edits("right", 13, {"summary": "third"})

    assert tale.judged().lost == 0


def test_who_takes_an_edit_back_after_it_was_passed_on_has_changed_something(tale: Tale) -> None:
    tale.person_edits("right", 10, {"summary": "second"})
    tale.app_edits("left", 11, {"summary": "second"})
    tale.person_edits("right", 12, {"summary": "first"})
    tale.app_edits("right", 13, {"summary": "second"})

    assert tale.judged().lost == 1


def test_what_was_put_back_is_known_to_who_sees_the_same_where_nothing_had_to_be_written(wide: Tale) -> None:
    wide.person_edits("right", 10, {"summary": "second"})
    wide.app_edits("left", 11, {"summary": "second"})
    wide.person_edits("right", 12, {"summary": "first"})
    wide.app_edits("left", 13, {"summary": "first"})
    wide.person_edits("far", 14, {"summary": "third"})
    wide.app_edits("left", 15, {"summary": "third"})
    wide.app_edits("right", 16, {"summary": "third"})

    assert wide.judged().lost == 0


def test_what_was_put_back_is_not_known_to_who_saw_the_same_before_it_had_come_everywhere(wide: Tale) -> None:
    wide.person_edits("right", 10, {"summary": "second"})
    wide.app_edits("left", 11, {"summary": "second"})
    wide.person_edits("right", 12, {"summary": "first"})
    wide.person_edits("far", 13, {"summary": "third"})
    wide.app_edits("left", 14, {"summary": "third"})
    wide.app_edits("right", 15, {"summary": "third"})

    assert wide.judged().lost == 1


def test_a_label_that_one_took_off_while_another_put_it_on_stays(tale: Tale) -> None:
    label = label_cell("note")
    tale.person_edits("left", 10, {label: PRESENT})
    tale.person_edits("right", 10.5, {label: PRESENT})
    tale.person_edits("left", 11, {label: ""})
    tale.app_edits("left", 12, {label: PRESENT})

    assert tale.judged().lost == 0
