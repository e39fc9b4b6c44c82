"""What two spaces synchronize: proposed, stored, read back, refused with the place."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone_app.core.configuration import (
    Configuration,
    ConflictPolicy,
    Direction,
    FieldRow,
    SpaceShape,
    TypeRow,
    WorkType,
    from_document,
    propose,
    to_document,
)
from backbone_app.core.values import FieldKind, Side
from backbone_app.errors import InvalidInput

ALL = ("summary", "priority", "labels", "duedate")
NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=5)
FIELD_ROWS = st.lists(
    st.builds(FieldRow, NAMES, NAMES, st.sampled_from(FieldKind), st.sampled_from(Direction)),
    max_size=4,
    unique_by=(lambda row: row.left, lambda row: row.right),
).map(tuple)


@st.composite
def configurations(draw: st.DrawFn) -> Configuration:
    fields = draw(FIELD_ROWS)
    keys = st.sets(st.sampled_from([row.key for row in fields])) if fields else st.just(set())
    types = st.builds(TypeRow, NAMES, NAMES, NAMES, NAMES, st.sampled_from(Direction), keys.map(tuple))
    unique = st.lists(types, max_size=3, unique_by=lambda row: (row.left_id, row.right_id)).map(tuple)
    return Configuration(draw(unique), fields, draw(st.sampled_from(ConflictPolicy)))


@given(configurations())
def test_a_configuration_survives_being_stored_as_json(configuration: Configuration) -> None:
    stored = orjson.dumps(to_document(configuration))

    assert from_document(orjson.loads(stored)) == configuration


def document() -> dict[str, Any]:
    return {
        "format": 1,
        "policy": "left",
        "types": [
            {
                "left_id": "1",
                "left_name": "Task",
                "right_id": "2",
                "right_name": "Bug",
                "direction": "to_right",
                "fields": ["summary"],
            }
        ],
        "fields": [{"left": "summary", "right": "title", "kind": "text", "direction": "both"}],
    }


def test_a_document_is_read_as_it_says() -> None:
    assert from_document(document()) == Configuration(
        types=(TypeRow("1", "Task", "2", "Bug", Direction.TO_RIGHT, ("summary",)),),
        fields=(FieldRow("summary", "title", FieldKind.TEXT, Direction.BOTH),),
        policy=ConflictPolicy.LEFT,
    )


def _set(path: list[Any], value: object) -> dict[str, Any]:
    changed = document()
    inner: Any = changed
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({}, "document"),
        ({**document(), "polcy": "left"}, "document"),
        (_set(["format"], 2), "format"),
        (_set(["policy"], "older"), "policy"),
        (_set(["policy"], ["left"]), "policy"),
        (_set(["types"], {}), "types"),
        (_set(["types", 0], "Task"), "types[0]"),
        (_set(["types", 0, "direction"], "up"), "types[0].direction"),
        (_set(["types", 0, "left_id"], 1), "types[0].left_id"),
        (_set(["types", 0, "right_name"], ""), "types[0].right_name"),
        (_set(["types", 0, "fields"], ["summary", "priority"]), "types[0].fields[1]"),
        (_set(["types", 0, "fields"], ["summary", "summary"]), "types[0].fields[1]"),
        (_set(["types"], document()["types"] * 2), "types[1].right_id"),
        (_set(["fields", 0, "kind"], "date"), "fields[0].kind"),
        (_set(["fields"], document()["fields"] * 2), "fields[1].left"),
        (
            _set(["fields"], [{**document()["fields"][0], "left": key} for key in ("summary", "b")]),
            "fields[1].right",
        ),
    ],
)
def test_a_wrong_document_is_refused_with_the_place(wrong: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        from_document(wrong)

    assert refused.value.field == place


def test_same_named_types_and_fields_are_proposed_both_ways() -> None:
    left = SpaceShape((WorkType("1", "Task", False, ALL), WorkType("2", "Story", False, ALL)))
    right = SpaceShape((WorkType("8", "Bug", False, ALL), WorkType("9", "Task", False, ALL)))

    assert propose(left, right) == Configuration(
        types=(TypeRow("1", "Task", "9", "Task", Direction.BOTH, ("summary", "priority", "labels")),),
        fields=(
            FieldRow("summary", "summary", FieldKind.TEXT),
            FieldRow("priority", "priority", FieldKind.OPTION),
            FieldRow("labels", "labels", FieldKind.LABELS),
        ),
        policy=ConflictPolicy.NEWER,
    )


def test_a_field_that_one_of_the_two_types_lacks_is_not_proposed_for_it() -> None:
    left = SpaceShape((WorkType("1", "Task", False, ALL), WorkType("2", "Bug", False, ALL)))
    right = SpaceShape((WorkType("8", "Task", False, ("summary",)), WorkType("9", "Bug", False, ("labels",))))

    proposed = propose(left, right)

    assert [row.fields for row in proposed.types] == [("summary",), ("labels",)]
    assert [row.key for row in proposed.fields] == ["summary", "labels"]


def test_sub_tasks_and_other_spellings_are_not_proposed() -> None:
    left = SpaceShape((WorkType("1", "Sub-task", True, ALL), WorkType("2", "task", False, ALL)))
    right = SpaceShape((WorkType("8", "Sub-task", True, ALL), WorkType("9", "Task", False, ALL)))

    assert propose(left, right) == Configuration((), ())


def test_of_two_types_of_one_name_the_first_is_taken() -> None:
    left = SpaceShape((WorkType("1", "Task", False, ALL), WorkType("2", "Task", False, ALL)))
    right = SpaceShape((WorkType("8", "Task", False, ALL), WorkType("9", "Task", False, ALL)))

    assert [(row.left_id, row.right_id) for row in propose(left, right).types] == [("1", "8")]


@pytest.mark.parametrize(
    ("direction", "may_be_written"),
    [
        (Direction.BOTH, [Side.LEFT, Side.RIGHT]),
        (Direction.TO_RIGHT, [Side.RIGHT]),
        (Direction.TO_LEFT, [Side.LEFT]),
    ],
)
def test_a_direction_says_which_side_may_be_written(direction: Direction, may_be_written: list[Side]) -> None:
    assert [side for side in Side if direction.writes(side)] == may_be_written


def test_types_and_rows_are_found_by_side_and_in_order() -> None:
    one, two = (FieldRow(key, f"their {key}", FieldKind.TEXT) for key in "ba")
    row = TypeRow("1", "Task", "2", "Bug", fields=("b", "a"))
    configuration = Configuration((row,), (one, two, FieldRow("c", "c", FieldKind.TEXT)))

    assert configuration.type_row(Side.LEFT, "1") is configuration.type_row(Side.RIGHT, "2") is row
    assert configuration.type_row(Side.LEFT, "2") is None
    assert configuration.rows(row) == (two, one)
    assert (one.on(Side.LEFT), one.on(Side.RIGHT)) == ("b", "their b")


def test_fields_of_a_side_are_found_by_the_keys_of_their_rows() -> None:
    rows = (
        FieldRow("summary", "title", FieldKind.TEXT),
        FieldRow("priority", "urgency", FieldKind.OPTION),
    )
    configuration = Configuration((), rows)

    assert configuration.fields_of(Side.LEFT, {"priority", "unknown"}) == {"priority"}
    assert configuration.fields_of(Side.RIGHT, {"priority", "summary"}) == {"title", "urgency"}
