"""The reference says what the documents say, example by example, whatever the engine makes of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from backbone_app.core.configuration import Configuration, Direction, FieldRow, TypeRow
from backbone_app.core.state import UNDER_WAY, View
from backbone_app.core.values import EMPTY, Edit, FieldKind, Labels, Option, Side, Text, Value
from backbone_app.core.workflow import Edge
from tests.core.reference import Agreed, Fact, Members, Triple, Workflow, expected, refusals

LEFT, RIGHT = Side.LEFT, Side.RIGHT
T0 = datetime(2026, 11, 1, 12, tzinfo=UTC)
OLD, A, B = Text("old"), Text("a"), Text("b")
SUMMARY = FieldRow("summary", "title", FieldKind.TEXT)
LABELS = FieldRow("labels", "tags", FieldKind.LABELS)
STATUS = FieldRow("status", "state", FieldKind.STATUS)
TO_DO, DOING, DONE = Option("To Do"), Option("Doing"), Option("Done")


def labels(names: str) -> Labels:
    return Labels(frozenset(names))


def triple(
    row: FieldRow, was: Agreed | Members | None, left: Value, right: Value, *, apart: float = 60
) -> Triple:
    """One row; the right was edited ``apart`` seconds after the left."""
    alike = tuple((one.name, one.name) for one in (TO_DO, DOING, DONE))
    types = (TypeRow("1", "Task", "2", "Task", fields=(row.key,)),)
    made = Configuration(types, (row,), statuses_to_right=alike, statuses_to_left=alike)
    ann, bob = Edit(T0, "ann"), Edit(T0 + timedelta(seconds=apart), "bob")
    views = (
        View({row.left: left}, b"l", {row.left: ann}, type_id="1"),
        View({row.right: right}, b"r", {row.right: bob}, type_id="2"),
    )
    base: Mapping[str, Agreed | Members] = {} if was is None else {row.key: was}
    return Triple(made, made, base, *views, (b"l", b"r"))


def said(one: Triple, *words: str) -> set[Fact]:
    return {fact for fact in expected(one) if fact[0] in words}


def test_what_agrees_leads_to_nothing() -> None:
    assert expected(triple(SUMMARY, (A, A), A, A)) == frozenset()


def test_an_edit_of_one_side_goes_across() -> None:
    assert said(triple(SUMMARY, (OLD, OLD), A, OLD), "write", "once written", "conflict") == {
        ("write", RIGHT, "summary", "title", A),
        ("once written", RIGHT, "summary", (A, A)),
    }


@pytest.mark.parametrize(
    ("apart", "stands", "tie"),
    [(60, RIGHT, False), (-60, LEFT, False), (4.9, LEFT, True), (-4.9, LEFT, True), (5, RIGHT, False)],
)
def test_of_two_edits_the_newer_stands_and_the_left_one_where_they_are_close(
    apart: float, stands: Side, tie: bool
) -> None:
    ((*_, winner, _, _, tied),) = said(triple(SUMMARY, (OLD, OLD), A, B, apart=apart), "conflict")

    assert (winner, tied) == (stands, tie)


def test_an_edit_on_the_receiving_side_stays_until_the_source_changes_and_is_then_kept_in_the_feed() -> None:
    one_way = replace(SUMMARY, direction=Direction.TO_RIGHT)

    assert expected(triple(one_way, (OLD, OLD), OLD, B)) == frozenset()
    assert said(triple(one_way, (OLD, OLD), A, B), "write", "gives way", "conflict") == {
        ("write", RIGHT, "summary", "title", A),
        ("gives way", RIGHT, "summary", Edit(T0 + timedelta(seconds=60), "bob")),
    }


def test_sides_that_never_agreed_fill_each_other_or_wait_for_an_answer() -> None:
    assert said(triple(SUMMARY, None, EMPTY, B), "write") == {("write", LEFT, "summary", "summary", B)}
    assert expected(triple(SUMMARY, None, A, B)) == {("question", "summary")}
    assert expected(triple(SUMMARY, None, A, A)) == {("agreed", "summary", (A, A))}


def test_sets_merge_by_additions_and_removals() -> None:
    was = frozenset({("a", "a"), ("b", "b"), ("c", "c")})

    assert said(triple(LABELS, was, labels("abx"), labels("bcy")), "joins", "leaves") == {
        ("leaves", LEFT, "labels", "labels", "a"),
        ("joins", LEFT, "labels", "labels", "y"),
        ("leaves", RIGHT, "labels", "tags", "c"),
        ("joins", RIGHT, "labels", "tags", "x"),
    }


def test_a_removed_label_stays_where_another_one_is_called_the_same() -> None:
    was = frozenset({("a", "A"), ("b", "A")})

    assert expected(triple(LABELS, was, labels("b"), labels("A"))) == {
        ("agreed", "labels", frozenset({("b", "A")}))
    }


def test_a_status_takes_the_shortest_way_and_is_under_way_until_it_arrives() -> None:
    offered = (Edge("To Do", "1", "go", "Review"), Edge("To Do", "2", "go", "Doing"))
    known = (Edge("Review", "3", "go", "Doing"), Edge("Doing", "4", "go", "Done"))
    one = replace(
        triple(STATUS, (TO_DO, TO_DO), DONE, TO_DO), workflows=(Workflow(), Workflow(known, offered))
    )

    assert said(one, "step", "once stepped") == {
        ("step", RIGHT, "2", "Doing"),
        ("once stepped", RIGHT, "status", (UNDER_WAY, DOING)),
    }


def test_no_way_leads_over_a_screen_that_asks() -> None:
    asks = Workflow((), (Edge("To Do", "1", "go", "Done", ("resolution",)),))
    one = replace(triple(STATUS, (TO_DO, TO_DO), DONE, TO_DO), workflows=(Workflow(), asks))

    assert said(one, "step", "stays") == {("stays", RIGHT)}


def test_a_twin_without_a_summary_is_refused() -> None:
    untitled = replace(triple(LABELS, None, labels("a"), labels("")), right=None)

    assert said(untitled, "call") == {("call", 0, RIGHT, "create", "2", frozenset({"tags"}))}
    assert refusals(untitled.published, expected(untitled)) == {"empty_summary"}
