"""What an intent keeps of an operation before it is sent: digests, and all that a creation needs."""

from dataclasses import replace

import orjson
from hypothesis import given

from backbone_app.core.expectation import creation_becomes, expect, from_json, to_json
from backbone_app.core.plan import BaseChange, FieldWrite, LabelsWrite, Operation, OperationKind
from backbone_app.core.values import EMPTY, Side, Text
from tests.core.pairs import worlds
from tests.core.world import KEYS, LABELS, PRIORITY, SUMMARY, World, agreed, edit, elements

KEY = KEYS[Side.RIGHT]
TITLE = FieldWrite("summary", "summary", Text("sent"), agreed(SUMMARY, Text("sent")))
TAGS = LabelsWrite(
    "labels",
    "tags",
    ("new",),
    ("gone",),
    BaseChange("labels", add=elements(LABELS, "new"), remove=elements(LABELS, "gone")),
)


def test_a_created_twin_is_all_as_it_was_sent() -> None:
    operation = Operation(
        OperationKind.CREATE, Side.RIGHT, (TITLE, TAGS), "20002", also=(agreed(PRIORITY, EMPTY),)
    )

    becomes = creation_becomes(expect(operation, key=KEY))

    assert becomes == (TITLE.becomes, TAGS.becomes, agreed(PRIORITY, EMPTY))


@given(worlds())
def test_an_expectation_survives_being_stored_and_says_nothing_of_the_work_item(world: World) -> None:
    for operation in world.plan().operations:
        expectation = expect(operation, key=KEYS[operation.side])
        stored = orjson.dumps(to_json(expectation))

        assert from_json(orjson.loads(stored)) == expectation


def test_no_value_is_stored_with_an_expectation() -> None:
    canary = FieldWrite("summary", "summary", Text("canary"), agreed(SUMMARY, Text("canary")), edit("canary"))
    tags = replace(TAGS, add=("canary",), becomes=BaseChange("labels", add=elements(LABELS, "canary")))
    operation = Operation(OperationKind.EDIT, Side.RIGHT, (canary, tags))

    assert b"canary" not in orjson.dumps(to_json(expect(operation, key=KEY)))
