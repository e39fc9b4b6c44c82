"""Two work items side by side: the verdict for each row, and how its values read."""

from dataclasses import replace

import pytest

from backbone_app.core.comparison import Verdict, compare, words
from backbone_app.core.configuration import Direction
from backbone_app.core.plan import EMPTY_BASE
from backbone_app.core.values import EMPTY, Day, Labels, Option, Side, Text, Value, Wiki
from tests.core.world import DUE, LABELS, SUMMARY, base_of, configured, doc, labels, view

A, B = Text("a"), Text("b")


def verdict(left: Value, right: Value, direction: Direction = Direction.BOTH) -> Verdict:
    """What is said of two summaries."""
    configuration = configured(replace(SUMMARY, direction=direction))
    views = view(Side.LEFT, {"summary": left}), view(Side.RIGHT, {"summary": right})
    (one,) = compare(configuration, EMPTY_BASE, *views)
    assert (one.on(Side.LEFT), one.on(Side.RIGHT)) == (left, right)
    return one.verdict


@pytest.mark.parametrize(
    ("left", "right", "direction", "expected"),
    [
        (A, A, Direction.BOTH, Verdict.EQUAL),
        (EMPTY, EMPTY, Direction.BOTH, Verdict.EQUAL),
        (A, B, Direction.BOTH, Verdict.DIFFERENT),
        (A, B, Direction.TO_LEFT, Verdict.DIFFERENT),
        (A, EMPTY, Direction.BOTH, Verdict.FILL_RIGHT),
        (EMPTY, B, Direction.BOTH, Verdict.FILL_LEFT),
        (EMPTY, B, Direction.TO_RIGHT, Verdict.APART),
        (labels("a"), B, Direction.BOTH, Verdict.APART),
    ],
)
def test_each_row_has_one_verdict(left: Value, right: Value, direction: Direction, expected: Verdict) -> None:
    assert verdict(left, right, direction) is expected


def test_an_empty_set_is_empty_like_any_other_value() -> None:
    configuration = configured(replace(LABELS, direction=Direction.TO_RIGHT))
    views = view(Side.LEFT, {"labels": labels()}), view(Side.RIGHT, {"tags": labels("a")})

    (one,) = compare(configuration, EMPTY_BASE, *views)

    assert one.verdict is Verdict.APART


def test_what_a_side_does_not_show_and_what_is_not_mapped_is_not_compared() -> None:
    configuration = configured(SUMMARY, DUE)
    views = view(Side.LEFT, {"summary": A, "duedate": EMPTY}), view(Side.RIGHT, {"summary": A, "other": B})

    assert [one.row.key for one in compare(configuration, EMPTY_BASE, *views)] == ["summary"]


def test_two_work_types_that_do_not_belong_together_have_nothing_to_compare() -> None:
    left = replace(view(Side.LEFT, {"summary": A}), type_id="elsewhere")

    assert compare(configured(SUMMARY), EMPTY_BASE, left, view(Side.RIGHT, {"summary": A})) == ()


def test_what_has_agreed_is_no_question_whatever_it_holds_now() -> None:
    views = view(Side.LEFT, {"summary": A}), view(Side.RIGHT, {"summary": B})

    (one,) = compare(configured(SUMMARY), base_of((SUMMARY, Text("old"))), *views)

    assert one.verdict is not Verdict.DIFFERENT


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (A, "a"),
        (Option("High"), "High"),
        (Day("2026-11-01"), "2026-11-01"),
        (Wiki("*bold*"), "bold"),
        (Labels(frozenset({"b", "a"})), "a, b"),
        (doc("one line"), "one line"),
        (EMPTY, ""),
    ],
)
def test_a_value_reads_as_plain_text(value: Value, said: str) -> None:
    assert words(value) == said
