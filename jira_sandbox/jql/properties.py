"""Entity properties that an app's descriptor lets JQL search: ``issue.property[key].path``, or an alias.

What no installed app extracts cannot be searched, as in Jira.
https://developer.atlassian.com/cloud/jira/platform/modules/entity-property/
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from jira_sandbox.jql import reading
from jira_sandbox.jql.kinds import (
    COMPARES,
    EMPTINESS,
    EQUALS,
    LAST,
    LISTS,
    MATCHES,
    Asking,
    Key,
    Test,
    asks_emptiness,
    items,
)
from jira_sandbox.jql.people import found_user
from jira_sandbox.jql.texts import Text
from jira_sandbox.jql.times import midnight, moment
from jira_sandbox.jql.tree import Clause, Field, Operand, Value
from jira_sandbox.state.descriptor import ENTITIES, indexed
from jira_sandbox.state.values import Issue, Json
from jira_sandbox.wire import Refusal

_OPERATORS = {
    "number": EQUALS | LISTS | EMPTINESS | COMPARES,
    "date": EQUALS | LISTS | EMPTINESS | COMPARES,
    "string": EQUALS | LISTS | EMPTINESS,
    "user": EQUALS | LISTS | EMPTINESS,
    "text": MATCHES | EMPTINESS,
}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": eq,
    "in": eq,
    "!=": ne,
    "not in": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """A value that an app wants to be found by; ``type`` is number, text, string, user or date."""

    entity: str
    key: str
    path: str
    type: str
    alias: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """A value in a property, as a field of JQL."""

    extraction: Extraction

    @property
    def name(self) -> str:
        """The alias, or the way the value is written without one."""
        wanted = self.extraction
        return wanted.alias or Field(f"{wanted.entity}.property", wanted.key, wanted.path).text

    @property
    def aliases(self) -> tuple[str, ...]:
        """There are no others."""
        return ()

    @property
    def operators(self) -> frozenset[str]:
        """What the type of the extraction allows."""
        return _OPERATORS[self.extraction.type]

    @property
    def types(self) -> tuple[str, ...]:
        """All are texts to Jira's editor, but numbers."""
        return ("java.lang.Number",) if self.extraction.type == "number" else ("java.lang.String",)

    def test(self, asking: Asking, clause: Clause) -> Test:
        """Compare the values extracted with those of the operand."""
        if clause.operator in MATCHES:
            words = Text(name=self.name, read=lambda _asking, issue: map(str, self._values(asking, issue)))
            return words.test(asking, clause)
        wants_empty = asks_emptiness(clause)
        if wants_empty is not None:
            return lambda issue: (not self._values(asking, issue)) == wants_empty
        limits = [self._limit(asking, each, clause) for each in items(clause.operand)]
        holds = _COMPARISONS[clause.operator]
        combine = all if clause.operator in {"!=", "not in"} else any

        def fits(issue: Issue) -> bool:
            held = self._values(asking, issue)
            return bool(held) and combine(holds(each, limit) for each in held for limit in limits)

        return fits

    def key(self, asking: Asking) -> Key:
        """Order by the first value."""

        def key(issue: Issue) -> tuple[Any, ...]:
            held = self._values(asking, issue)
            return (0, held[0]) if held else LAST

        return key

    def _values(self, asking: Asking, issue: Issue) -> list[Any]:
        wanted = self.extraction
        space = asking.site.spaces[issue.space_id]
        properties = space.properties if wanted.entity == "project" else issue.properties
        found = reading.property_values(properties, wanted.key, wanted.path)
        return [each for each in (self._read(asking, value) for value in found) if each is not None]

    def _read(self, asking: Asking, value: Json) -> Any:
        match self.extraction.type:
            case "number":
                return float(value) if isinstance(value, int | float) else None
            case "date":
                return _moment_of(asking, value)
            case _:
                return value if isinstance(value, str) else str(value).lower()

    def _limit(self, asking: Asking, operand: Operand, clause: Clause) -> Any:
        match self.extraction.type:
            case "date":
                return moment(asking, operand, clause)
            case "user":
                return found_user(asking, operand, clause)
        text = operand.text if isinstance(operand, Value) else ""
        if self.extraction.type != "number":
            return text
        try:
            return float(text)
        except ValueError:
            raise Refusal(
                400, f"The value '{text}' is not a valid number for the field '{clause.field.text}'."
            ) from None


def found(asking: Asking, field: Field) -> Extracted | None:
    """Find the extraction a query names, by its property or its alias."""
    for each in declared(asking):
        is_named = (
            field.key == each.key
            and field.path.lower() == each.path.lower()
            and field.name == f"{each.entity}.property"
        )
        if is_named or (each.alias and not field.key and field.name.lower() == each.alias.lower()):
            return Extracted(extraction=each)
    return None


def declared(asking: Asking) -> Iterator[Extraction]:
    """List what the installed app wants to be found by."""
    for entity in ENTITIES:
        for each in indexed(asking.site.installation, entity):
            yield Extraction(
                entity=entity, key=each.property_key, path=each.path, type=each.kind, alias=each.alias
            )


def _moment_of(asking: Asking, value: Json) -> datetime | None:
    try:
        read = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    if not isinstance(read, datetime):
        return midnight(asking, read)
    return read if read.tzinfo else read.replace(tzinfo=asking.zone)
