"""The table of planted bugs keeps up with the code that they are planted into."""

from datetime import UTC, datetime

import pytest

from backbone_app.core import merge
from backbone_app.core.settle import judge
from backbone_app.core.stamps import Order, order
from backbone_app.core.values import Stamp
from tests.simulation.planted import BUGS, Bug, Change, Rotten, planted


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_each_bug_fits_the_code_and_leaves_it_as_it_was(bug: Bug) -> None:
    sound = judge.__code__, order.__code__, merge._decide.__code__

    with planted(bug):
        pass

    assert (judge.__code__, order.__code__, merge._decide.__code__) == sound


def test_twelve_bugs_at_least_need_a_fault_to_do_harm() -> None:
    harmless = [bug for bug in BUGS if bug.is_calm]

    assert len(harmless) >= 12
    assert [bug.name for bug in harmless if not bug.faults] == []


def test_no_two_bugs_bear_one_name() -> None:
    names = [bug.name for bug in BUGS]

    assert len(set(names)) == len(names)


def test_who_imported_a_function_by_name_has_the_bug_too() -> None:
    change = Change(
        "backbone_app.core.stamps:order",
        "_by_entry(new.entry, known.entry, _by_time(new, known))",
        "_by_time(new, known)",
    )
    newer = Stamp(2, datetime(2026, 11, 22, 1, 0, tzinfo=UTC))
    older = Stamp(1, datetime(2026, 11, 22, 1, 10, tzinfo=UTC))

    with planted(Bug("newest by the clock", "", (change,), (), (), 0)):
        with_bug = order(newer, older)

    assert (order(newer, older), with_bug) == (Order.UNCLEAR, Order.OLDER)


def test_a_bug_whose_text_is_gone_from_the_code_is_rotten() -> None:
    change = Change("backbone_app.core.stamps:order", "no such text", "")

    with pytest.raises(Rotten, match="0 times"), planted(Bug("rotten", "", (change,), (), (), 0)):
        pass


def test_a_bug_in_a_function_that_is_no_more_is_rotten() -> None:
    change = Change("backbone_app.core.stamps:gone", "", "")

    with pytest.raises(Rotten, match="is no more"), planted(Bug("rotten", "", (change,), (), (), 0)):
        pass
