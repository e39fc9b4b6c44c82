"""What committing a base change means; the ledger has to store it just so."""

import pytest

from backbone_app.core.plan import EMPTY_BASE, BaseChange, FieldBase
from backbone_app.core.values import Side
from tests.core.world import LABELS, elements


@pytest.mark.parametrize(
    ("change", "becomes"),
    [
        (BaseChange("summary", "1:new left", "1:new right"), FieldBase("1:new left", "1:new right")),
        (BaseChange("summary", left="1:new left"), FieldBase("1:new left", "1:right")),
        (BaseChange("summary", right="1:new right"), FieldBase("1:left", "1:new right")),
        (BaseChange("summary"), FieldBase("1:left", "1:right")),
    ],
)
def test_a_side_that_a_change_does_not_name_stays_as_it_is(change: BaseChange, becomes: FieldBase) -> None:
    before = EMPTY_BASE.after([BaseChange("summary", "1:left", "1:right")])

    assert before.after([change]).fields == {"summary": becomes}


def test_a_change_of_a_set_marks_it_as_agreed_and_moves_only_what_it_names() -> None:
    before = EMPTY_BASE.after([BaseChange("labels", add=elements(LABELS, "a", "b"))])

    after = before.after(
        [BaseChange("labels", add=elements(LABELS, "c"), remove=elements(LABELS, "a")), BaseChange("tags")]
    )

    assert after.fields == {"labels": FieldBase(), "tags": FieldBase()}
    assert after.elements["labels"] == frozenset(elements(LABELS, "b", "c"))


def test_the_base_before_a_change_is_left_as_it_was() -> None:
    EMPTY_BASE.after([BaseChange("summary", "1:left", "1:right")])

    assert (EMPTY_BASE.fields, EMPTY_BASE.elements) == ({}, {})


@pytest.mark.parametrize("side", Side)
def test_another_digest_for_one_side_leaves_the_other(side: Side) -> None:
    change = BaseChange("summary", "1:same", "1:same").with_digest(side, "1:other")

    assert {one: change.on(one) for one in Side} == {side: "1:other", side.other: "1:same"}
