"""Codecs: absent is not empty, both ways are one, history is read as Jira writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone_app.core.values import EMPTY, FieldStep, Labels, Option, Text, Value
from backbone_app.jira import fields

WORDS = st.text(st.characters(exclude_categories=["Cs", "Z", "C"]), min_size=1, max_size=8)
VALUES = {
    "summary": st.one_of(st.just(EMPTY), st.builds(Text, WORDS)),
    "priority": st.one_of(st.just(EMPTY), st.builds(Option, WORDS)),
    "labels": st.builds(Labels, st.frozensets(WORDS, max_size=4)),
}


@given(st.fixed_dictionaries(VALUES))
def test_what_is_written_reads_back_the_same(values: dict[str, Value]) -> None:
    sent = {name: fields.write(name, value) for name, value in values.items()}

    assert fields.read(sent) == values


def test_a_field_that_is_not_shown_is_absent_and_a_null_one_is_empty() -> None:
    assert fields.read({}) == {}
    assert fields.read({"summary": None, "priority": None, "labels": None}) == {
        "summary": EMPTY,
        "priority": EMPTY,
        "labels": Labels(frozenset()),
    }


def test_a_form_we_do_not_know_counts_as_not_shown() -> None:
    strange = {"summary": 7, "priority": "High", "labels": ["a", 7], "duedate": "2026-11-22"}

    assert fields.read(strange) == {}


def test_blanks_of_a_summary_stay_as_jira_has_them() -> None:
    assert fields.read({"summary": " two  blanks "}) == {"summary": Text(" two  blanks ")}


def test_labels_are_sent_sorted_and_a_priority_by_name() -> None:
    assert fields.write("labels", Labels(frozenset({"b", "a"}))) == ["a", "b"]
    assert fields.write("priority", Option("High")) == {"name": "High"}
    assert fields.write("priority", EMPTY) is None


def test_a_value_of_another_kind_is_a_bug_and_says_so() -> None:
    with pytest.raises(TypeError):
        fields.write("summary", Option("High"))


def test_changelog_items_become_steps_in_canonical_form() -> None:
    told = [
        {"fieldId": "summary", "field": "Zusammenfassung", "fromString": "old", "toString": "new"},
        {"field": "Priority", "from": "3", "fromString": "Medium", "to": None, "toString": None},
        {"field": "labels", "fieldId": "labels", "fromString": "", "toString": "b a"},
        {"field": "Статус", "fromString": "Offen", "toString": "Fertig"},
        {"fieldId": None, "field": None},
        "no item",
    ]

    assert fields.steps(told) == (
        FieldStep("summary", Text("old"), Text("new")),
        FieldStep("priority", Option("Medium"), EMPTY),
        FieldStep("labels", Labels(frozenset()), Labels(frozenset({"a", "b"}))),
    )
