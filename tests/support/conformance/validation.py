"""Checks one request or one answer against the description and gives what is wrong with it."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote

import jsonschema_rs

from jira_sandbox.wire import Request, Response
from tests.support.conformance import known_errors, ours
from tests.support.conformance.conversion import schemas
from tests.support.conformance.description import Api, Description, Operation, Way, version
from tests.support.conformance.descriptions import CLOUD, DOCUMENTS
from tests.support.conformance.known_errors import several

JSON = "application/json"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)")
_ADDRESS = re.compile(r"https?://[^\s/]+(/\S*)?")


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is not as described.

    ``pointer`` leads to it in the body, ``place`` is the schema (or operation) that says otherwise, ``rule``
    what it says: a keyword of JSON Schema with the member it is about, or ``status``, ``body`` and the like.
    """

    operation: str
    pointer: str
    place: str
    rule: str
    words: str

    def __str__(self) -> str:
        return f"{self.operation} at {self.pointer or 'the whole'}: {self.words} [{self.place}, {self.rule}]"


def answer_violations(
    held_to: Description, request: Request, response: Response, route: str | None
) -> list[Violation]:
    """What is wrong with an answer to a route of the sandbox (as described), known errors left out."""
    if route is None or request.method == "HEAD" or held_to.is_silent_about(request.path):
        return []  # no description covers 404 and 405 where there is nothing, nor answers cut off
    operation = held_to.operations.get(route)
    found: Iterable[Violation] = [_unknown(route)]
    if operation is not None:
        found = _answer_violations(operation, version(request.path), response)
    return [each for each in found if not held_to.known.excuses(each)]


def request_violations(held_to: Description, request: Request) -> list[Violation]:
    """What is wrong with a request of our client, known errors left out."""
    if held_to.is_silent_about(request.path):
        return []
    operation = held_to.by_path(request.method, request.path)
    if operation is None:
        return _undescribed(held_to, f"{request.method} {held_to.named(request.path)}")
    found = [each for each in _request_violations(operation, request) if not held_to.known.excuses(each)]
    listed = ours.listed() if held_to is CLOUD else ours.listed_of_data_center()
    if operation.name not in listed:
        found.append(_wrong(operation, "unlisted", f"is not in {ours.TABLE.name}"))
    return found


def _undescribed(held_to: Description, call: str) -> list[Violation]:
    """A call that the description does not know: right if it is in the table and a known error excuses it."""
    listed = [name for name in ours.listed() if _spelt(name).fullmatch(call)]
    return [] if any(held_to.known.excuses(_unknown(name)) for name in listed) else [_unknown(call)]


@cache
def _spelt(name: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(name)))


def _answer_violations(operation: Operation, api: Api, response: Response) -> Iterator[Violation]:
    status = response.status
    if _is_stopped(operation.of, response):
        return
    if _is_foreign(operation.of, response):
        yield from _invalid(operation, _errors(operation, api), response.json())
    elif status in operation.statuses or status in operation.of.known.every_operation:
        yield from _described_violations(operation, api, response)
    else:
        yield _wrong(operation, f"status:{status}", f"the description knows no status {status}")


def _described_violations(operation: Operation, api: Api, response: Response) -> Iterator[Violation]:
    status, content = response.status, operation.content(response.status)
    kind = _header(response.headers, "content-type").split(";")[0].strip()
    if not response.size:
        if _has_body(content):
            yield _wrong(operation, f"body:{status}", f"{status} is described with a body and has none")
    elif status == 204:
        yield _wrong(operation, f"body:{status}", f"{status} has a body")
    elif kind == JSON and response.file is None:
        yield from _body_violations(operation, api, response, content)
    elif content and not {kind, "*/*"} & content.keys():
        yield _wrong(operation, f"content-type:{kind}", f"{status} comes as {kind or 'nothing'}")
    elif not content and status in operation.statuses:
        yield _wrong(operation, f"body:{status}", f"the description shows no {kind or 'body'} here")


def _body_violations(
    operation: Operation, api: Api, response: Response, content: Mapping[str, Any]
) -> Iterator[Violation]:
    try:
        body = response.json()
    except ValueError:
        yield _wrong(operation, f"body:{response.status}", "the body is not JSON")
        return
    if JSON in content and "schema" in content[JSON]:
        yield from _schema_violations(operation, "answer", api, str(response.status), body)
        yield from _several(operation, response.status, body)
    elif response.status >= 400:
        yield from _invalid(operation, _errors(operation, api), body)
    elif not content:
        yield _wrong(operation, f"body:{response.status}", "the description shows no body here")


def _several(operation: Operation, status: int, body: object) -> Iterator[Violation]:
    """Notice several of what is described as one; the known error that has them there excuses it."""
    how = operation.of.known.several.get(operation.name)
    if how and status < 300 and (how == "page" or isinstance(body, list)):
        yield _wrong(operation, several.rule(how), "several are answered where one is described")


def _request_violations(operation: Operation, request: Request) -> Iterator[Violation]:
    names = operation.pattern.fullmatch(operation.of.named(request.path))
    path = names.groupdict() if names else {}
    given = {"path": list(path.items()), "query": request.query}
    for each in operation.parameters:
        if each["in"] in given:
            values = [unquote(value) for name, value in given[each["in"]] if name == each["name"]]
            yield from _parameter_violations(operation, each, values)
    known = {each["name"] for each in operation.parameters if each["in"] == "query"}
    for name in {name for name, _ in request.query} - known:
        yield _wrong(operation, f"parameter:{name}", f"the description knows no parameter {name}")
    yield from _sent_violations(operation, request)


def _parameter_violations(
    operation: Operation, told: Mapping[str, Any], values: list[str]
) -> Iterator[Violation]:
    schema = told.get("schema", {})
    if told.get("required") and not values:
        yield _wrong(operation, f"parameter:{told['name']}", f"{told['name']} is missing")
    if schema.get("type") == "array":
        values = [part for value in values for part in value.split(",")]
        schema = schema.get("items", {})
    elif len(values) > 1:
        yield _wrong(operation, f"parameter:{told['name']}", f"{told['name']} is given several times")
    for value in values:
        if not _fits(schema, value):
            yield _wrong(operation, f"parameter:{told['name']}", f"{told['name']} cannot be {value!r}")


def _fits(schema: Mapping[str, Any], value: str) -> bool:
    kind = schema.get("type")
    if kind == "integer":
        return re.fullmatch(r"-?\d+", value) is not None and int(value) <= schema.get("maximum", int(value))
    if kind == "boolean":
        return value in {"true", "false"}
    return value in schema.get("enum", [value]) and len(value) <= schema.get("maxLength", len(value))


def _sent_violations(operation: Operation, request: Request) -> Iterator[Violation]:
    kind = _header(request.headers, "content-type").split(";")[0].strip()
    if not request.body:
        if operation.told.get("requestBody", {}).get("required"):
            yield _wrong(operation, "body:request", "a body is required")
    elif kind not in operation.sent:
        yield _wrong(operation, f"content-type:{kind}", f"a body of {kind or 'no type'} is not described")
    elif kind == JSON:
        try:
            body = json.loads(request.body)
        except ValueError:
            yield _wrong(operation, "body:request", "the body is not JSON")
            return
        yield from _schema_violations(operation, "request", version(request.path), JSON, body)


def _schema_violations(
    operation: Operation, way: Way, api: Api, name: str, body: object
) -> Iterator[Violation]:
    pointer = f"operations/{operation.key}/{name.replace('/', '~1')}"
    yield from _invalid(operation, _validator(operation.of, way, api, pointer), body)


def _invalid(
    operation: Operation, validator: jsonschema_rs.Draft7Validator, body: object
) -> Iterator[Violation]:
    if validator.is_valid(body):
        return
    for error in validator.iter_errors(body):
        place = _place(operation, error.schema_path)
        pointer = "".join(f"/{part}" for part in error.instance_path)
        for member in _members(error.kind):
            rule = f"{error.kind.name}:{member}" if member else error.kind.name
            yield Violation(operation.name, pointer, place, rule, error.message[:300])


def _place(operation: Operation, path: list[str | int]) -> str:
    """Name the schema an error arose in: a component with the way to the member, or the operation itself."""
    if path[:2] == ["components", "schemas"]:
        return "/".join(str(part) for part in path[2:-1] if part != "properties")
    return operation.name if path[:1] == ["operations"] else "document"


def _members(kind: jsonschema_rs.ValidationErrorKind) -> list[str]:
    told = kind.as_dict()
    if kind.name == "additionalProperties":
        return [str(name) for name in told["unexpected"]]
    return [str(told["property"] if kind.name == "required" else told.get("format", ""))]


def _errors(operation: Operation, api: Api) -> jsonschema_rs.Draft7Validator:
    return _validator(operation.of, "answer", api, "components/schemas/ErrorCollection")


@cache
def _validator(description: Description, way: Way, api: Api, pointer: str) -> jsonschema_rs.Draft7Validator:
    formats = {
        "date-time": lambda text: _TIME.fullmatch(text) is not None,
        "uri": lambda text: _ADDRESS.fullmatch(text) is not None,
        "link-2": lambda text: _ADDRESS.fullmatch(text) is not None and "/rest/api/3/" not in text,
        "link-3": lambda text: _ADDRESS.fullmatch(text) is not None and "/rest/api/2/" not in text,
    }
    return jsonschema_rs.Draft7Validator(
        {"$ref": f"urn:{way}:{api}#/{pointer}"},
        registry=_registry(description, way, api),
        formats=formats,
        validate_formats=True,
    )


@cache
def _registry(description: Description, way: Way, api: Api) -> jsonschema_rs.Registry:
    documents = json.loads(DOCUMENTS.read_text())
    told = [(f"urn:{way}:{api}", schemas(description, way, api)), ("urn:documents", documents)]
    return jsonschema_rs.Registry(told, draft=jsonschema_rs.Draft7)


def _is_foreign(held_to: Description, response: Response) -> bool:
    """Whether somebody else refused, before the operation was looked at."""
    if response.status < 300 or not response.body.startswith(b'{"errorMessages":["'):
        return False
    told = response.json()
    message, *others = told["errorMessages"]
    return not (others or told.get("errors")) and (
        message == known_errors.SCRIPTED or _comes_before(held_to, response.status, message)
    )


def _is_stopped(held_to: Description, response: Response) -> bool:
    """Whether a filter in front of the product refused, which tells one ``message`` in a form of its own."""
    if response.status < 300 or not response.body.startswith(b'{"message":"'):
        return False
    told = response.json()
    return told.keys() == {"message"} and _comes_before(held_to, response.status, told["message"])


def _comes_before(held_to: Description, status: int, message: str) -> bool:
    known = held_to.known.before_any_operation
    return any(status == each and re.fullmatch(words, message) for each, words in known)


def _has_body(content: Mapping[str, Any]) -> bool:
    """Whether a body is described; an empty schema only allows one (known_errors.ALIKE)."""
    return any(told.get("schema") for told in content.values())


def _unknown(name: str) -> Violation:
    return Violation(name, "", name, "operation", "is no operation of the description")


def _wrong(operation: Operation, rule: str, words: str) -> Violation:
    return Violation(operation.name, "", operation.name, rule, words)


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name), "")
