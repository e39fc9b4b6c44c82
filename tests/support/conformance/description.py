"""Atlassian's description of Jira Cloud: its operations, and its schemas as JSON Schema.

Read once, when the first answer is checked. What the description leaves open is added from ``shapes``: rich
text is a document in v3 and wiki text in v2, and the fields of a work item have their kinds. ``self`` is a
link to the same version.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from tests.support.conformance import shapes
from tests.support.conformance.known_errors import OPEN_SCHEMAS
from tests.support.shared import SHARED

DESCRIPTION = SHARED / "specs" / "jira-cloud-v3.swagger-v3.v3.json"
DOCUMENTS = SHARED / "specs" / "adf-schema-57.7.22.full.json"
METHODS = ("get", "put", "post", "delete", "patch")
Api = Literal[2, 3]
Way = Literal["answer", "request"]


def is_here() -> bool:
    """Whether the descriptions are there; without them nothing is checked."""
    return DESCRIPTION.exists() and DOCUMENTS.exists()


@dataclass(frozen=True, slots=True)
class Operation:
    """What the description says of one method on one path; ``key`` is its name for schemas."""

    name: str
    key: str
    told: Mapping[str, Any]
    pattern: re.Pattern[str]

    @property
    def parameters(self) -> list[Mapping[str, Any]]:
        return list(self.told.get("parameters", []))

    @property
    def statuses(self) -> frozenset[int]:
        return frozenset(int(status) for status in self.told["responses"] if status.isdigit())

    def content(self, status: int) -> Mapping[str, Any]:
        """Media types of the answer with this status, and what is said of each."""
        return dict(self.told["responses"].get(str(status), {}).get("content", {}))

    @property
    def sent(self) -> Mapping[str, Any]:
        """Media types of the request's body."""
        return dict(self.told.get("requestBody", {}).get("content", {}))


@cache
def _read() -> Mapping[str, Any]:
    read: Mapping[str, Any] = json.loads(DESCRIPTION.read_text())
    return read


def schema_named(pointer: str) -> Mapping[str, Any]:
    """The schema that ``#/components/schemas/…`` leads to, as the description has it."""
    told: Mapping[str, Any] = _read()["components"]["schemas"][pointer.rpartition("/")[2]]
    return told


@cache
def operations() -> Mapping[str, Operation]:
    """All operations by name: ``GET /rest/api/3/issue/{issueIdOrKey}``."""
    return {each.name: each for each in _operations()}


def _operations() -> Iterator[Operation]:
    for path, told in _read()["paths"].items():
        pattern = re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)))
        for method in METHODS:
            if method in told:
                yield Operation(
                    f"{method.upper()} {path}", told[method]["operationId"], told[method], pattern
                )


def in_version_3(path: str) -> str:
    """The path, or the route's name, of the same operation in v3: the description has no other."""
    return path.replace("/rest/api/2/", "/rest/api/3/", 1)


def version(path: str) -> Api:
    """The version of the API that a path belongs to."""
    return 2 if path.startswith("/rest/api/2/") else 3


@cache
def by_path(method: str, path: str) -> Operation | None:
    """Find the operation a request is for: of those that fit, the one with the fewest variables."""
    path = in_version_3(path)
    alike = _by_length().get((method, path.count("/")), [])
    fitting = [each for each in alike if each.pattern.fullmatch(path)]
    return min(fitting, key=lambda each: each.name.count("{"), default=None)


@cache
def _by_length() -> Mapping[tuple[str, int], list[Operation]]:
    """The operations by method and number of parts: few of them can fit a path."""
    found: dict[tuple[str, int], list[Operation]] = defaultdict(list)
    for each in operations().values():
        found[each.name.split()[0], each.name.count("/")].append(each)
    return found


@cache
def schemas(way: Way, api: Api) -> dict[str, Any]:
    """All schemas for one way, as ``components/schemas/<name>`` and ``operations/<key>/<status or type>``."""
    components = _read()["components"]["schemas"]
    converted = {name: _converted(told, way, api) for name, told in components.items()}
    for name in OPEN_SCHEMAS:
        converted[name]["additionalProperties"] = True
    for name, more in shapes.refinements(api).items():
        converted[name]["properties"] |= more
    for name, fields in (("IssueBean", shapes.fields(api)), ("IssueUpdateDetails", shapes.sent_fields(api))):
        converted[name]["properties"]["fields"] |= {
            "properties": fields,
            "additionalProperties": shapes.any_field(api),
        }
    verbs = converted["IssueUpdateDetails"]["properties"]["update"]
    verbs["allOf"] = [{"properties": shapes.sent_verbs(api)}]
    return {
        "components": {"schemas": converted},
        "operations": {each.key: _of_operation(each, way, api) for each in operations().values()},
    }


def _of_operation(operation: Operation, way: Way, api: Api) -> dict[str, Any]:
    if way == "request":
        return {name: _converted(told.get("schema", {}), way, api) for name, told in operation.sent.items()}
    contents = {str(status): operation.content(status) for status in operation.statuses}
    return {
        status: _converted(content["application/json"].get("schema", {}), way, api)
        for status, content in contents.items()
        if "application/json" in content
    }


_SKIPPED = {"description", "example", "xml", "externalDocs", "title", "default", "nullable", "discriminator"}
_HOLDING = {"items", "additionalProperties", "allOf", "anyOf", "oneOf"}
_LIMITS = {"int32": 2**31 - 1, "int64": 2**63 - 1}
_CLOSED = {"additionalProperties": False}
"""Also where the description says nothing, or ``true`` beside members it names: one misspelt is a mistake."""
_NOT_ASKED = {"answer": "writeOnly", "request": "readOnly"}


def _converted(told: Mapping[str, Any], way: Way, api: Api) -> dict[str, Any]:
    """Turn OpenAPI 3.0 into JSON Schema; what the other way has only is not required this way."""
    if "$ref" in told:
        return {"$ref": told["$ref"]}
    schema = {
        name: _parts(value, way, api) if name in _HOLDING else value
        for name, value in told.items()
        if name not in _SKIPPED
    }
    if "properties" in schema:
        schema = _object(schema, way, api)
    if schema.get("format") in _LIMITS:
        limit = _LIMITS[schema["format"]]
        schema = {"minimum": -limit - 1, "maximum": limit} | schema
    if "oneOf" in schema or "anyOf" in schema:
        schema = _choice(schema, told.get("discriminator", {}))
    return {"anyOf": [{"type": "null"}, schema]} if told.get("nullable") else schema


def _parts(told: Any, way: Way, api: Api) -> Any:
    if isinstance(told, list):
        return [_converted(each, way, api) for each in told]
    return _converted(told, way, api) if isinstance(told, dict) else told


def _object(schema: dict[str, Any], way: Way, api: Api) -> dict[str, Any]:
    properties = schema["properties"]
    asked = [name for name in schema.get("required", []) if _NOT_ASKED[way] not in properties.get(name, {})]
    converted = {name: _converted(each, way, api) for name, each in properties.items()}
    link = converted.get("self")
    if link and link.get("type") == "string" and way == "answer":
        converted["self"] = link | {"format": f"link-{api}"}
    closed = schema if schema.get("additionalProperties") not in (None, True) else _CLOSED
    return schema | closed | {"properties": converted, "required": asked}


def _choice(schema: dict[str, Any], discriminator: Mapping[str, Any]) -> dict[str, Any]:
    """One of several: told apart by a property where the description names it.

    Its ``additionalProperties: false`` beside the choice would forbid what each brings (known_errors.ALIKE).
    """
    schema = {name: value for name, value in schema.items() if name != "additionalProperties"}
    if not discriminator.get("mapping"):
        return schema
    name, mapping = discriminator["propertyName"], discriminator["mapping"]
    chosen = [
        {"if": {"properties": {name: {"const": value}}}, "then": {"$ref": pointer}}
        for value, pointer in mapping.items()
    ]
    return {
        "type": "object",
        "required": [name],
        "properties": {name: {"enum": list(mapping)}},
        "allOf": chosen,
    }
