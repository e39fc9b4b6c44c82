"""Codecs: absent is not empty, both ways are one, history is read as Jira writes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone_app.core import richtext
from backbone_app.core.values import EMPTY, Day, FieldStep, Labels, Option, Rich, Text, Value, Wiki
from backbone_app.jira import fields

WORDS = st.text(st.characters(exclude_categories=["Cs", "Z", "C"]), min_size=1, max_size=8)


def adf(words: str) -> dict[str, object]:
    content = [{"type": "paragraph", "content": [{"type": "text", "text": words}]}]
    return {"type": "doc", "version": 1, "content": content}


def paragraph(words: str) -> Rich:
    rich = richtext.canonical(adf(words))
    assert isinstance(rich, Rich)
    return rich


VALUES = {
    "summary": st.one_of(st.just(EMPTY), st.builds(Text, WORDS)),
    "priority": st.one_of(st.just(EMPTY), st.builds(Option, WORDS)),
    "labels": st.builds(Labels, st.frozensets(WORDS, max_size=4)),
    "duedate": st.one_of(st.just(EMPTY), st.builds(Day, st.dates().map(str))),
    "description": st.one_of(st.just(EMPTY), st.builds(paragraph, WORDS)),
}


@given(st.fixed_dictionaries(VALUES))
def test_what_is_written_reads_back_the_same(values: dict[str, Value]) -> None:
    sent = {name: fields.write(name, value) for name, value in values.items()}

    assert fields.read(sent) == values


def test_a_field_that_is_not_shown_is_absent_and_a_null_one_is_empty() -> None:
    assert fields.read({}) == {}
    assert fields.read(dict.fromkeys(fields.CODECS)) == {
        "summary": EMPTY,
        "priority": EMPTY,
        "labels": Labels(frozenset()),
        "duedate": EMPTY,
        "status": EMPTY,
        "description": EMPTY,
    }


def test_a_form_we_do_not_know_counts_as_not_shown() -> None:
    strange = {
        "summary": 7,
        "priority": "High",
        "labels": ["a", 7],
        "duedate": "22/Nov/26",
        "status": {"id": "3"},
        "description": "h1. wiki",
        "environment": "never heard of",
    }

    assert fields.read(strange) == {}


@pytest.mark.parametrize("empty", [None, "", {"type": "doc", "version": 1, "content": []}])
def test_a_description_without_text_is_empty_in_every_form(empty: object) -> None:
    assert fields.read({"description": empty}) == {"description": EMPTY}


def test_a_status_is_read_by_name_and_never_written() -> None:
    assert fields.read({"status": {"id": "3", "name": "Done"}}) == {"status": Option("Done")}
    with pytest.raises(TypeError):
        fields.write("status", Option("Done"))


def test_a_description_is_written_as_a_document_and_its_wiki_form_as_the_text_it_is() -> None:
    assert fields.write("description", paragraph("hello")) == adf("hello")
    assert fields.write("description", Wiki("h1. hello")) == "h1. hello"
    assert fields.write("description", EMPTY) is None


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
        {
            "field": "Status",
            "fieldId": "status",
            "from": "3",
            "fromString": "Open",
            "to": "5",
            "toString": "Done",
        },
        {"field": "description", "fieldId": "description", "fromString": None, "toString": "*new*"},
        {"field": "duedate", "from": None, "fromString": None, "to": "2026-11-22", "toString": "22/Nov/26"},
        {"field": "duedate", "from": "22/Nov/26", "fromString": "2026-11-22", "to": "", "toString": ""},
        {"field": "duedate", "from": "2026-11-22", "to": "soon"},
        {"fieldId": None, "field": None},
        "no item",
    ]

    assert fields.steps(told) == (
        FieldStep("summary", Text("old"), Text("new")),
        FieldStep("priority", Option("Medium"), EMPTY),
        FieldStep("labels", Labels(frozenset()), Labels(frozenset({"a", "b"}))),
        FieldStep("status", Option("Open"), Option("Done")),
        FieldStep("description", EMPTY, Wiki("*new*")),
        FieldStep("duedate", EMPTY, Day("2026-11-22")),
    )
