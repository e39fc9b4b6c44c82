"""The shape of webhook bodies: which members they have and of which JSON types, real ones against our own.

The rule: a member that every real body of a kind has must be there, one that none has must not, and types
are the same. ``null`` stands for any type on either side. Custom fields differ from site to site and are left
out; so are the inner shapes of lists that are empty on one side. People are told of in many places: what is
found in an object with an ``accountId``, or as on Data Center with an address, is reported once, under
``<user>``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["missing", "extra", "type"]
_PERSONS = frozenset({"accountId", "emailAddress"})


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A difference at a path: ``.issue.fields.status.name``, ``[]`` for the elements of a list."""

    kind: Kind
    path: str


@dataclass(slots=True)
class Shape:
    """What values at one place have in common: their types, members with how often each came, elements."""

    types: set[str] = field(default_factory=set)
    objects: int = 0
    members: dict[str, "Shape"] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    elements: "Shape | None" = None

    def add(self, value: Any) -> None:
        """Let one more value count."""
        self.types.add(_type(value))
        if isinstance(value, dict):
            self.objects += 1
            for name, member in _told(value).items():
                self.members.setdefault(name, Shape()).add(member)
                self.seen[name] = self.seen.get(name, 0) + 1
        elif isinstance(value, list):
            for each in value:
                self.elements = self.elements or Shape()
                self.elements.add(each)

    def differences(self, own: Any, path: str = "") -> Iterator[Found]:
        """Compare a value of ours with the real ones."""
        kind = _type(own)
        if kind == "null" or self.types == {"null"}:
            return
        if kind not in self.types:
            yield Found("type", path)
        elif isinstance(own, dict):
            yield from self._members(_told(own), "<user>" if own.keys() & _PERSONS else path)
        elif isinstance(own, list) and self.elements:
            for each in own:
                yield from self.elements.differences(each, f"{path}[]")

    def _members(self, own: dict[str, Any], path: str) -> Iterator[Found]:
        for name, shape in self.members.items():
            if name in own:
                yield from shape.differences(own[name], f"{path}.{name}")
            elif self.seen[name] == self.objects:
                yield Found("missing", f"{path}.{name}")
        for name in own.keys() - self.members.keys():
            yield Found("extra", f"{path}.{name}")


def _told(value: dict[str, Any]) -> dict[str, Any]:
    return {name: member for name, member in value.items() if not name.startswith("customfield_")}


def _type(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
