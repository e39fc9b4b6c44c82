"""The judge of values bites: each history made by hand breaks one law, and a good one breaks none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from jira_sandbox.demo.history import PRESENT, Entry, Item
from tests.simulation.clock import START
from tests.simulation.judging.causality import losers, losses
from tests.simulation.judging.knowledge import Knowledge
from tests.simulation.judging.order import steps_back
from tests.simulation.judging.policy import Clocks, Half
from tests.simulation.judging.versions import follow

LEFT, RIGHT = "10000", "20000"
NOBODY_LIES: dict[tuple[int, str], tuple[int, ...]] = {}
NOTHING_TOLD = Knowledge()
UNSURE = Clocks({}, is_true=False)
Step = tuple[int, str, str, bool]
"""At which moment, in which cell, which value; whether by the app. Its entry has the moment's number."""


def test_what_was_carried_over_and_what_somebody_overwrote_who_had_seen_it_is_not_lost() -> None:
    left = _item(LEFT, [(10, "summary", "second", False), (40, "summary", "third", True)])
    right = _item(RIGHT, [(20, "summary", "second", True), (30, "summary", "third", False)], by_app=True)

    assert _judged(left, right) == []


def test_a_value_that_was_overwritten_unseen_and_is_in_no_feed_is_lost() -> None:
    left = _item(LEFT, [(10, "summary", "mine", False)])
    right = _item(RIGHT, [(11, "summary", "yours", False), (20, "summary", "mine", True)], by_app=True)

    found = _judged(left, right)

    assert found == [
        (
            "I3: lost: summary='yours' on 20000 (entry 11, moment 03.456011, who wrote it saw 'first'); "
            "in the end 10000 holds 'mine', 20000 holds 'mine'"
        )
    ]


def test_the_loser_of_a_true_conflict_that_each_half_tells_once_is_not_lost() -> None:
    left = _item(LEFT, [(10, "summary", "mine", False)])
    right = _item(RIGHT, [(11, "summary", "yours", False), (20, "summary", "mine", True)], by_app=True)

    assert _judged(left, right, feed=_conflict(10, 11, winner="left")) == []


def test_a_value_lost_where_the_app_had_brought_it_is_not_lost_where_it_was_written() -> None:
    far = _item("30000", [(9, "summary", "yours", False), (30, "summary", "mine", True)], by_app=True)
    hub = _item(LEFT, [(10, "summary", "yours", True), (20, "summary", "mine", True)])
    near = _item(RIGHT, [(11, "summary", "mine", False)], by_app=True)

    told = _judged(hub, far, near, feed=_conflict(10, 11, winner="right"))
    silent = _judged(hub, far, near)

    assert told == []
    assert [each.partition(" (")[0] for each in silent] == ["I3: lost: summary='yours' on 30000"]
    beaten = losers((hub, far, near), NOBODY_LIES, _conflict(10, 11, winner="right"), NOTHING_TOLD)
    assert set(beaten) == {(9, "summary")}


def test_who_wrote_the_same_as_a_loser_lost_with_it_where_the_app_had_seen_both_stand() -> None:
    far = _item("30000", [(9, "summary", "yours", False), (30, "summary", "mine", True)], by_app=True)
    hub = _item(LEFT, [(8, "summary", "yours", False), (20, "summary", "mine", True)])
    near = _item(RIGHT, [(11, "summary", "mine", False)], by_app=True)
    family, told = (hub, far, near), _conflict(8, 11, winner="right")

    seen = _judged(*family, feed=told, knowledge=_read("30000", 12, 15))
    heard, unheard = (
        _judged(*family, feed=told, knowledge=Knowledge(news={9: _moment(at)})) for at in (15, 25)
    )
    too_early = _judged(*family, feed=told, knowledge=_read("30000", 7, 15))
    too_late = _judged(*family, feed=told, knowledge=_read("30000", 12, 25))
    untold = _judged(*family, knowledge=_read("30000", 12, 15))

    assert (seen, heard) == ([], [])
    lost = ["I3: lost: summary='yours' on 30000"]
    assert [each.partition(" (")[0] for each in (*too_early, *too_late, *unheard)] == lost * 3
    assert [each.partition(" (")[0] for each in untold] == ["I3: lost: summary='yours' on 10000", *lost]


@pytest.mark.parametrize(("at", "is_kept"), [(15, True), (25, False)], ids=["in time", "too late"])
def test_who_is_given_back_the_same_as_a_loser_is_known_to_have_written_it(at: int, is_kept: bool) -> None:
    steps = [(9, "summary", "yours", False), (10, "summary", "first", True), (at, "summary", "yours", True)]
    far = _item("30000", [*steps, (30, "summary", "mine", True)], by_app=True)
    hub = _item(LEFT, [(8, "summary", "yours", False), (20, "summary", "mine", True)])
    near = _item(RIGHT, [(11, "summary", "mine", False)], by_app=True)

    told = _conflict(8, 11, winner="right")

    found = losses((hub, far, near), {(at, "summary"): (9,)}, told, UNSURE, knowledge=NOTHING_TOLD, name=str)

    assert (list(found) == []) is is_kept


def test_a_conflict_that_is_told_twice_or_in_one_half_only_is_found() -> None:
    left = _item(LEFT, [(10, "summary", "mine", False)])
    right = _item(RIGHT, [(11, "summary", "yours", False), (20, "summary", "mine", True)], by_app=True)
    told = _conflict(10, 11, winner="left")

    twice, halved = _judged(left, right, feed=[*told, *told]), _judged(left, right, feed=told[1:])

    assert len(twice) == 2
    assert "is 2 times on the left and 2 times on the right" in twice[0]
    assert ["is 1 times on the right and 0 times on the left" in each for each in halved] == [True]


def test_a_conflict_of_values_of_which_one_author_had_seen_the_other_is_none() -> None:
    left = _item(LEFT, [(10, "summary", "older", False), (40, "summary", "newer", True)])
    right = _item(RIGHT, [(20, "summary", "older", True), (30, "summary", "newer", False)], by_app=True)

    found = _judged(left, right, feed=_conflict(10, 30, winner="right"))

    assert [each.startswith("I3: no true conflict of pair 1") for each in found] == [True]


def test_the_older_value_may_not_win_where_the_clocks_are_true() -> None:
    left = _item(LEFT, [(10, "summary", "mine", False)])
    right = _item(RIGHT, [(11, "summary", "yours", False), (20, "summary", "mine", True)], by_app=True)
    feed, times = _conflict(10, 11, winner="left"), {10: START, 11: START + timedelta(seconds=60)}

    found = _judged(left, right, feed=feed, clocks=Clocks(times))
    in_doubt = _judged(left, right, feed=feed, clocks=Clocks(times, is_true=False))

    assert [each.startswith("I3: the wrong one won in pair 1") for each in found] == [True]
    assert in_doubt == []


def test_of_two_values_of_about_the_same_time_the_left_one_has_to_win() -> None:
    left = _item(LEFT, [(10, "summary", "mine", False), (20, "summary", "yours", True)])
    right = _item(RIGHT, [(11, "summary", "yours", False)], by_app=True)
    times = {10: START, 11: START + timedelta(seconds=1)}

    found = _judged(left, right, feed=_conflict(10, 11, winner="right"), clocks=Clocks(times))

    assert [each.startswith("I3: the wrong one won in pair 1") for each in found] == [True]


def test_what_the_app_had_carried_is_as_old_as_it_was_where_it_was_written() -> None:
    far = _item("30000", [(9, "summary", "mine", False)], by_app=True)
    hub = _item(LEFT, [(12, "summary", "mine", True)])
    near = _item(RIGHT, [(11, "summary", "yours", False), (20, "summary", "mine", True)], by_app=True)
    clocks = Clocks({at: START + timedelta(seconds=10 * at) for at in (9, 11, 12)})
    family, told = (hub, far, near), _conflict(12, 11, winner="left")

    found = _judged(*family, feed=told, clocks=clocks)

    assert [each.startswith("I3: the wrong one won in pair 1") for each in found] == [True]
    assert _judged(*family, feed=told, clocks=replace(clocks, may_lose_times=True)) == []


def test_what_somebody_had_gone_on_from_wins_whatever_the_clocks_say() -> None:
    left = _item(LEFT, [(10, "summary", "mine", False), (40, "summary", "third", True)])
    steps = [(11, "summary", "yours", False), (20, "summary", "mine", True)]
    crossed = _item(RIGHT, steps, by_app=True)
    followed = _item(RIGHT, [*steps, (30, "summary", "third", False)], by_app=True)
    feed = [replace(half, outcome=f"{half.outcome} followed") for half in _conflict(10, 11, winner="left")]

    assert _judged(left, followed, feed=feed) == []
    assert any("nobody went on from" in one for one in _judged(left, crossed, feed=feed))


def test_somebody_may_go_on_from_it_wherever_another_pair_had_brought_what_lost() -> None:
    won = _item(LEFT, [(10, "summary", "mine", False), (40, "summary", "third", True)])
    lost = replace(_item("30000", [(9, "summary", "yours", False)]), origin=RIGHT)
    steps = [(11, "summary", "yours", True), (20, "summary", "mine", True), (30, "summary", "third", False)]
    hub = _item(RIGHT, steps, by_app=True)
    feed = [replace(half, outcome=f"{half.outcome} followed") for half in _conflict(10, 9, winner="left")]

    assert not any("nobody went on from" in one for one in _judged(won, hub, lost, feed=feed))


def test_nobody_has_gone_on_from_what_won_who_does_so_after_it_was_told() -> None:
    left = _item(LEFT, [(10, "summary", "mine", False), (40, "summary", "third", True)])
    steps = [(11, "summary", "yours", False), (20, "summary", "mine", True), (30, "summary", "third", False)]
    right = _item(RIGHT, steps, by_app=True)
    told = [replace(half, outcome=f"{half.outcome} followed") for half in _conflict(10, 11, winner="left")]
    early, late = ([replace(half, at=START + timedelta(seconds=at)) for half in told] for at in (2, 4))
    clocks = Clocks({30: START + timedelta(seconds=3)})

    assert _judged(left, right, feed=late, clocks=clocks) == []
    assert any("nobody went on from" in one for one in _judged(left, right, feed=early, clocks=clocks))


def test_an_older_value_that_comes_back_over_its_successor_is_found_though_both_sides_agree() -> None:
    left = _item(LEFT, [(10, "summary", "older", False)])
    steps = [(20, "summary", "older", True), (30, "summary", "newer", False), (40, "summary", "older", True)]
    right = _item(RIGHT, steps, by_app=True)

    found = _judged(left, right)
    back = list(steps_back(follow([left, right], "summary", NOBODY_LIES, NOTHING_TOLD), late=(), name=str))

    assert [each.partition(" (")[0] for each in found] == [
        "I3: 10000 ends with summary='older', which had been replaced: summary='newer' on 20000",
        "I3: 20000 ends with summary='older', which had been replaced: summary='newer' on 20000",
        "I3: lost: summary='newer' on 20000",
    ]
    assert back == [
        "I8: the app put summary='older' back over 'newer' on 20000 (entry 40), whose author had seen it"
    ]


def test_what_another_pair_brought_over_what_won_counts_as_going_on_from_it() -> None:
    left = _item(LEFT, [(10, "summary", "mine", False), (40, "summary", "third", True)])
    steps = [(11, "summary", "yours", False), (20, "summary", "mine", True), (30, "summary", "third", True)]
    hub = _item(RIGHT, steps, by_app=True)
    third = replace(_item("30000", [(25, "summary", "third", False)], by_app=True), origin=LEFT)
    feed = [replace(half, outcome=f"{half.outcome} followed") for half in _conflict(10, 11, winner="left")]
    feed += [replace(half, pair=2) for half in _conflict(10, 25, winner="right")]

    assert _judged(left, hub, third, feed=feed) == []


def test_of_two_equal_values_the_app_may_have_brought_the_one_that_came_first() -> None:
    left = _item(LEFT, [(20, "summary", "second", False), (30, "summary", "first", False)])
    right = _item(RIGHT, [(40, "summary", "second", True)], by_app=True)
    track = follow(
        [left, replace(right, created=START + timedelta(microseconds=35))],
        "summary",
        NOBODY_LIES,
        NOTHING_TOLD,
    )

    assert list(steps_back(track, late=(), name=str)) == []


def test_a_late_effect_may_step_back_since_nobody_can_help_it() -> None:
    left = _item(LEFT, [(10, "summary", "older", False)])
    steps = [(20, "summary", "older", True), (30, "summary", "newer", False), (40, "summary", "older", True)]
    track = follow([left, _item(RIGHT, steps, by_app=True)], "summary", NOBODY_LIES, NOTHING_TOLD)

    assert list(steps_back(track, late={40}, name=str)) == []


def test_what_the_app_wrote_and_nobody_else_had_is_found() -> None:
    left = _item(LEFT, [])
    right = _item(RIGHT, [(20, "summary", "made up", True)], by_app=True)

    found = _judged(left, right)

    assert found[0] == "I3: the app wrote summary='made up' to 20000: nobody had"


def test_two_who_write_the_same_have_both_been_seen_by_who_saw_one() -> None:
    left = _item(LEFT, [(10, "priority", "High", False), (20, "priority", "Low", False)])
    right = _item(RIGHT, [(11, "priority", "High", False), (30, "priority", "Low", True)], by_app=True)

    assert _judged(left, right) == []


def test_of_equal_values_the_app_says_which_one_it_carries() -> None:
    steps = [(10, "priority", "High", False), (20, "priority", "Low", False), (30, "priority", "High", False)]
    right = _item(RIGHT, [(40, "priority", "High", True)], by_app=True)

    track = follow([_item(LEFT, steps), right], "priority", {(40, "priority"): (10,)}, NOTHING_TOLD)

    assert track.held[RIGHT].entry == 10
    assert follow([_item(LEFT, steps), right], "priority", {}, NOTHING_TOLD).held[RIGHT].entry == 30


@pytest.mark.parametrize(
    ("news", "reads", "carried"),
    [
        ({10: 15, 20: 50}, [], 10),
        ({10: 15, 30: 35}, [], 30),
        ({15: 25}, [], 10),
        ({}, [(12, 14)], 10),
        ({}, [(12, 14), (31, 34)], 30),
        ({}, [(12, 14), (31, 44)], 10),
    ],
)
def test_what_the_app_had_not_heard_of_it_cannot_have_carried(
    news: Mapping[int, int], reads: Sequence[tuple[int, int]], carried: int
) -> None:
    told = Knowledge(
        {LEFT: [(_moment(asked), _moment(answered)) for asked, answered in reads]},
        {entry: _moment(at) for entry, at in news.items()},
    )
    steps = [(10, "priority", "High", False), (20, "priority", "Low", False), (30, "priority", "High", False)]
    left = _item(LEFT, [*steps[:1], (15, "summary", "other", False), *steps[1:]])
    right = _item(RIGHT, [(40, "priority", "High", True)], by_app=True)

    twin = replace(_item(RIGHT, [], by_app=True), created=_moment(40), born={"priority": "High"})

    assert follow([left, right], "priority", {}, told).held[RIGHT].entry == carried
    assert follow([left, twin], "priority", {}, told).held[RIGHT].entry == carried


def test_a_label_that_somebody_added_and_nobody_took_away_has_to_stand() -> None:
    left = _item(LEFT, [(10, "labels:red", PRESENT, False)])
    right = _item(RIGHT, [(20, "labels:red", PRESENT, True)], by_app=True)
    bare = _item(RIGHT, [], by_app=True)

    assert _judged(left, right) == []
    assert [each.partition(" (")[0] for each in _judged(left, bare)] == [
        "I3: 20000 ends with labels:red='', which had been replaced: labels:red='present' on 10000",
        "I3: lost: labels:red='present' on 10000",
    ]


def test_what_was_put_back_is_told_to_who_sees_the_same_once_it_has_come_everywhere_else() -> None:
    near = [(10, "summary", "second", False), (12, "summary", "first", False), (30, "summary", "third", True)]
    hub = [(11, "summary", "second", True), (20, "summary", "third", True)]
    back = [hub[0], (13, "summary", "first", True), hub[1]]
    far = _item("30000", [(14, "summary", "third", False)], by_app=True)

    told = _judged(_item(LEFT, back), _item(RIGHT, near, by_app=True), far)
    untold = _judged(_item(LEFT, hub), _item(RIGHT, near, by_app=True), far)

    assert told == []
    assert [each.partition(" (")[0] for each in untold] == ["I3: lost: summary='first' on 20000"]


def _item(number: str, steps: Iterable[Step], *, by_app: bool = False) -> Item:
    entries = tuple(
        Entry(id=at, at=START + timedelta(microseconds=at), by_app=app, values={cell: value})
        for at, cell, value, app in steps
    )
    now = {cell: value for entry in entries for cell, value in entry.values.items()}
    return Item(
        id=number,
        key=number,
        space=number,
        by_app=by_app,
        created=START + timedelta(microseconds=1 if by_app else 0),
        born={"summary": "first"},
        now={"summary": "first", **now},
        entries=entries,
        origin=LEFT if by_app else None,
    )


def _conflict(left: int, right: int, *, winner: str) -> list[Half]:
    both = ("left", left, right), ("right", right, left)
    return [Half(1, "summary", *each, "won" if each[0] == winner else "lost") for each in both]


def _read(item: str, asked: int, answered: int) -> Knowledge:
    return Knowledge({item: [(_moment(asked), _moment(answered))]})


def _moment(number: int) -> datetime:
    return START + timedelta(microseconds=number)


def _judged(
    *family: Item,
    feed: Iterable[Half] = (),
    clocks: Clocks | None = None,
    knowledge: Knowledge = NOTHING_TOLD,
) -> list[str]:
    return list(losses(family, NOBODY_LIES, list(feed), clocks or UNSURE, knowledge=knowledge, name=str))
