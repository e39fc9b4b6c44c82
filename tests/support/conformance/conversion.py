"""A description's schemas as JSON Schema.

What the description leaves open its ``refine`` adds: rich text is a document in v3 and wiki text in v2,
and the fields of a work item have their kinds. ``self`` is a link to the same version.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.support.conformance.description import Api, Description, Operation, Way

_SKIPPED = {"description", "example", "xml", "externalDocs", "title", "default", "nullable", "discriminator"}
_HOLDING = {"items", "additionalProperties", "allOf", "anyOf", "oneOf"}
_LIMITS = {"int32": 2**31 - 1, "int64": 2**63 - 1}
_CLOSED = {"additionalProperties": False}
"""Also where the description says nothing, or ``true`` beside members it names: one misspelt is a mistake."""
_NOT_ASKED = {"answer": "writeOnly", "request": "readOnly"}


@cache
def schemas(description: Description, way: Way, api: Api) -> dict[str, Any]:
    """All schemas for one way, as ``components/schemas/<name>`` and ``operations/<key>/<status or type>``."""
    converted = {name: _converted(told, way, api) for name, told in description.schemas.items()}
    for name in description.known.open_schemas:
        converted[name]["additionalProperties"] = True
    description.refine(converted, api)
    told = {each.key: _of_operation(each, way, api) for each in description.operations.values()}
    return {"components": {"schemas": converted}, "operations": told}


def _of_operation(operation: Operation, way: Way, api: Api) -> dict[str, Any]:
    if way == "request":
        return {name: _converted(told.get("schema", {}), way, api) for name, told in operation.sent.items()}
    contents = {str(status): operation.content(status) for status in operation.statuses}
    found = {
        status: _converted(content["application/json"].get("schema", {}), way, api)
        for status, content in contents.items()
        if "application/json" in content
    }
    how = operation.of.known.several.get(operation.name)
    if how is None:
        return found
    return {status: _SEVERAL[how](each) if status < "3" else each for status, each in found.items()}


def _list_of(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def _page_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Make it a page with several of such objects, which may lead to itself and to the next."""
    numbers = {name: {"type": "integer", "minimum": 0} for name in ("startAt", "maxResults", "total")}
    members = {**numbers, "isLast": {"type": "boolean"}, "values": {"type": "array", "items": schema}}
    links = {name: {"type": "string", "format": "uri"} for name in ("self", "nextPage")}
    return {"type": "object", "properties": members | links, "required": list(members), **_CLOSED}


def _one_or_list(schema: dict[str, Any]) -> dict[str, Any]:
    return {"if": {"type": "array"}, "then": {"items": schema}, "else": schema}


_SEVERAL = {"list": _list_of, "page": _page_of, "either": _one_or_list}


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
