"""What two spaces synchronize: proposed, stored, read back, refused with the place."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone_app.core.configuration import (
    SUPPORTED,
    Comments,
    Configuration,
    ConflictPolicy,
    Direction,
    FieldRow,
    SpaceShape,
    StatusShape,
    TypeRow,
    WorkType,
    field_name,
    from_document,
    propose,
    to_document,
)
from backbone_app.core.values import FieldKind, Side
from backbone_app.errors import InvalidInput

ALL = ("summary", "priority", "labels", "duedate", "description", "environment")
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
    statuses = st.lists(st.tuples(NAMES, NAMES), max_size=3, unique_by=lambda pair: pair[0]).map(tuple)
    comments = st.builds(Comments, st.booleans(), st.booleans(), NAMES)
    policy = draw(st.sampled_from(ConflictPolicy))
    return Configuration(draw(unique), fields, policy, draw(statuses), draw(statuses), draw(comments))


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
        "statuses_to_right": [["To Do", "Open"], ["Doing", "Open"]],
        "statuses_to_left": [["Open", "To Do"]],
        "comments": {"to_right": True, "to_left": False, "author_line": "{author} said:"},
    }


def test_a_document_is_read_as_it_says() -> None:
    assert from_document(document()) == Configuration(
        types=(TypeRow("1", "Task", "2", "Bug", Direction.TO_RIGHT, ("summary",)),),
        fields=(FieldRow("summary", "title", FieldKind.TEXT, Direction.BOTH),),
        policy=ConflictPolicy.LEFT,
        statuses_to_right=(("To Do", "Open"), ("Doing", "Open")),
        statuses_to_left=(("Open", "To Do"),),
        comments=Comments(to_right=True, to_left=False, author_line="{author} said:"),
    )


def test_a_document_from_before_statuses_and_comments_travelled_lets_none_travel() -> None:
    old = {key: document()[key] for key in ("format", "policy", "types", "fields")}

    configuration = from_document(old)

    assert (configuration.statuses_to_right, configuration.statuses_to_left) == ((), ())
    assert [configuration.comments.travel(side) for side in Side] == [False, False]


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
        (_set(["fields", 0, "kind"], "moment"), "fields[0].kind"),
        (_set(["fields"], document()["fields"] * 2), "fields[1].left"),
        (
            _set(["fields"], [{**document()["fields"][0], "left": key} for key in ("summary", "b")]),
            "fields[1].right",
        ),
        (_set(["statuses_to_right"], {"To Do": "Open"}), "statuses_to_right"),
        (_set(["statuses_to_right", 1], ["Doing"]), "statuses_to_right[1]"),
        (_set(["statuses_to_right", 1], ["To Do", "Done"]), "statuses_to_right[1]"),
        (_set(["statuses_to_left", 0, 1], ""), "statuses_to_left[0][1]"),
        (_set(["comments"], True), "comments"),
        (_set(["comments", "to_right"], 1), "comments.to_right"),
        (_set(["comments", "to_left"], None), "comments.to_left"),
        (_set(["comments", "author_line"], ""), "comments.author_line"),
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
        types=(TypeRow("1", "Task", "9", "Task", Direction.BOTH, tuple(SUPPORTED)),),
        fields=(
            FieldRow("summary", "summary", FieldKind.TEXT),
            FieldRow("priority", "priority", FieldKind.OPTION),
            FieldRow("labels", "labels", FieldKind.LABELS),
            FieldRow("duedate", "duedate", FieldKind.DATE),
            FieldRow("description", "description", FieldKind.RICH),
            FieldRow("status", "status", FieldKind.STATUS),
        ),
        policy=ConflictPolicy.NEWER,
    )


def test_a_field_that_one_of_the_two_types_lacks_is_not_proposed_for_it() -> None:
    left = SpaceShape((WorkType("1", "Task", False, ALL), WorkType("2", "Bug", False, ALL)))
    right = SpaceShape((WorkType("8", "Task", False, ("summary",)), WorkType("9", "Bug", False, ("labels",))))

    proposed = propose(left, right)

    assert [row.fields for row in proposed.types] == [("summary", "status"), ("labels", "status")]
    assert [row.key for row in proposed.fields] == ["summary", "labels", "status"]


def statuses(*shapes: tuple[str, str]) -> SpaceShape:
    return SpaceShape((), tuple(StatusShape(name, category) for name, category in shapes))


def test_a_status_goes_to_its_namesake_else_to_the_first_of_its_category_else_nowhere() -> None:
    left = statuses(("To Do", "new"), ("Doing", "indeterminate"), ("Done", "done"), ("Odd", "undefined"))
    right = statuses(
        ("Open", "new"),
        ("Later", "new"),
        ("Review", "indeterminate"),
        ("Doing", "indeterminate"),
        ("Closed", "done"),
    )

    proposed = propose(left, right)

    assert proposed.statuses_to_right == (("To Do", "Open"), ("Doing", "Doing"), ("Done", "Closed"))
    assert proposed.statuses_to_left == (
        ("Open", "To Do"),
        ("Later", "To Do"),
        ("Review", "Doing"),
        ("Doing", "Doing"),
        ("Closed", "Done"),
    )


def test_a_status_is_named_on_the_other_side_or_has_no_counterpart_there() -> None:
    configuration = Configuration(
        (), (), statuses_to_right=(("Done", "Closed"),), statuses_to_left=(("Closed", "Gone"),)
    )

    assert configuration.status_across("Done", to=Side.RIGHT) == "Closed"
    assert configuration.status_across("Closed", to=Side.LEFT) == "Gone"
    assert configuration.status_across("Done", to=Side.LEFT) is None


def test_comments_travel_the_ways_that_are_on_and_name_their_author() -> None:
    comments = Comments(to_right=True, to_left=False, author_line="From {author}:")

    assert [side for side in Side if comments.travel(side)] == [Side.RIGHT]
    assert comments.line("{author} Ann") == "From {author} Ann:"


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


def test_fields_go_by_jiras_names_and_unknown_ones_by_their_id() -> None:
    assert field_name("duedate") == "Due date"
    assert field_name("customfield_10016") == "customfield_10016"
