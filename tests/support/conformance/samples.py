"""Calls made out of the description: a body of the right shape, and the same with one thing wrong in it."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from tests.support.conformance.description import Operation

DEEPEST = 4
MOST_WITHIN = 60
_WRONG: tuple[Any, ...] = (
    None,
    5,
    -1,
    "",
    "x",
    True,
    [],
    [None],
    ["x"],
    [[]],
    [{}],
    {},
    {"id": {}},
    {"id": []},
)
_WRONG_TEXTS = ("", "x", "-1", "0", "²", "[", "null", "a,b", "9" * 20)
_PLAIN: dict[str, Any] = {"integer": 1, "number": 1.5, "boolean": True, "string": "x"}


def bodies(operation: Operation) -> list[Any]:
    """What the operation takes: made of its schema, and the description's own example if there is one."""
    told = operation.sent.get("application/json")
    if told is None:
        return []
    examples = [told["example"]] if "example" in told else []
    read = [json.loads(each) if isinstance(each, str) else each for each in examples]
    return [_sample(told.get("schema", {}), DEEPEST, operation.of.schemas), *read]


def spoilt(body: Any) -> Iterator[Any]:
    """The body with each of its members in turn missing or of every wrong kind, and wrong as a whole."""
    yield from _spoilt_within(body, DEEPEST)
    yield from _WRONG


def texts(operation: Operation) -> Iterator[tuple[str, str]]:
    """The parameters of a query, each with values that are right for some and wrong for others."""
    for told in operation.parameters:
        if told["in"] == "query":
            schema = told.get("schema", {})
            known = [*schema.get("enum", ()), *schema.get("items", {}).get("enum", ())]
            yield from ((told["name"], value) for value in (*_WRONG_TEXTS, *known))


def _spoilt_within(body: Any, depth: int) -> Iterator[Any]:
    if depth == 0:
        return
    if isinstance(body, dict):
        for name, value in body.items():
            yield {other: held for other, held in body.items() if other != name}
            inner = islice(_spoilt_within(value, depth - 1), MOST_WITHIN)
            yield from ({**body, name: each} for each in (*_WRONG, *inner))
    if isinstance(body, list) and body:
        inner = islice(_spoilt_within(body[0], depth - 1), MOST_WITHIN)
        yield from ([each, *body[1:]] for each in (*_WRONG, *inner))


def _sample(schema: Mapping[str, Any], depth: int, schemas: Mapping[str, Any]) -> Any:
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        return schema["enum"][0]
    choices = [*schema.get("oneOf", ()), *schema.get("anyOf", ())]
    if choices:
        return _sample(choices[0], depth, schemas)
    kind = schema.get("type", "object")
    if kind == "array":
        return [_sample(schema["items"], depth - 1, schemas)] if depth else []
    if kind in _PLAIN:
        return _PLAIN[kind]
    parts = (schema, *schema.get("allOf", ()))
    members = {name: told for part in parts for name, told in part.get("properties", {}).items()}
    return {
        name: _sample(told, depth - 1, schemas)
        for name, told in members.items()
        if depth and not told.get("readOnly")
    }
