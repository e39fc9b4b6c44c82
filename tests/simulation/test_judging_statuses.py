"""The judge of statuses bites: a conflict told badly, settled badly, or of two who knew of each other."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from jira_sandbox.demo.families import Families
from jira_sandbox.demo.history import STATUS, Entry, History, Item, Terms
from tests.simulation.clock import START
from tests.simulation.judging.policy import Clocks, Half
from tests.simulation.judging.statuses import of_statuses
from tests.simulation.judging.versions import Sources

LEFT, RIGHT = "10000", "20000"
WAY = (("To Do", "new"), ("Doing", "indeterminate"), ("Done", "done"))
TERMS = Terms(ties=((LEFT, RIGHT),), statuses={LEFT: WAY, RIGHT: WAY})
WALKED: Sources = {(11, STATUS): (10,), (12, STATUS): (10,)}
"""Two steps of the app say that they carry what somebody did on the left one."""
Step = tuple[int, str, bool]
"""At which moment to which status; whether by the app. Its entry has the moment's number."""


def test_a_conflict_of_statuses_is_once_in_each_half_and_the_newer_one_wins() -> None:
    items = _items([(10, "Done", False)], [(11, "Doing", False)])
    by_app = _items([(10, "Done", False)], [(11, "Doing", True)])
    newer, lost = _conflict(10, 11, winner="right"), _conflict(10, 11, winner="left")
    clocks = Clocks({10: START, 11: START + timedelta(seconds=60)})

    assert _judged(items, newer, clocks=clocks) == []
    assert [each[:40] for each in _judged(items, lost, clocks=clocks)] == [
        "I3: the wrong status won in pair 1: left"
    ]
    assert _judged(by_app, lost, clocks=clocks) == []
    assert [each.startswith("I3: the conflict of status") for each in _judged(items, newer[1:])] == [True]


def test_who_moved_a_work_item_on_from_where_the_app_had_brought_it_is_in_no_conflict() -> None:
    items = _items([(10, "Done", False)], [(11, "Doing", True), (12, "Done", True), (20, "To Do", False)])

    found = _judged(items, _conflict(10, 20, winner="right"), sources=WALKED)

    assert found == [
        (
            "I3: no true conflict of pair 1: status='To Do' on 20000 (entry 20) and 'Done' on 10000 "
            "(entry 10) are one in the feed, yet the app had brought it there before (entry 12)"
        )
    ]


def test_who_steps_into_a_walk_or_was_there_before_it_or_where_another_one_went_is_in_a_true_conflict() -> (
    None
):
    amid = _items([(10, "Done", False)], [(11, "Doing", True), (20, "To Do", False)])
    before = _items([(10, "Done", False)], [(9, "To Do", False), (12, "Done", True)])
    other = _items([(10, "Done", False)], [(12, "Done", True), (20, "To Do", False)])

    assert _judged(amid, _conflict(10, 20, winner="right"), sources=WALKED) == []
    assert _judged(before, _conflict(10, 9, winner="left"), sources=WALKED) == []
    assert _judged(other, _conflict(10, 20, winner="right")) == []


def _items(left: Sequence[Step], right: Sequence[Step]) -> tuple[Item, Item]:
    return _item(LEFT, left), replace(_item(RIGHT, right), origin=LEFT)


def _item(number: str, steps: Sequence[Step]) -> Item:
    entries = tuple(
        Entry(id=at, at=START + timedelta(microseconds=at), by_app=app, values={STATUS: status})
        for at, status, app in steps
    )
    born = {STATUS: "To Do"}
    return Item(
        id=number, key=number, space=number, by_app=False, created=START, born=born, now=born, entries=entries
    )


def _conflict(left: int, right: int, *, winner: str) -> list[Half]:
    both = ("left", left, right), ("right", right, left)
    return [Half(1, STATUS, *each, "won" if each[0] == winner else "lost") for each in both]


def _judged(
    items: tuple[Item, ...],
    feed: Sequence[Half],
    *,
    clocks: Clocks | None = None,
    sources: Sources | None = None,
) -> list[str]:
    families = Families(History(terms=TERMS, changes=(), items=items))
    unsure = Clocks({}, is_true=False)
    return list(of_statuses(feed, clocks or unsure, families, sources or {}, name=str))
