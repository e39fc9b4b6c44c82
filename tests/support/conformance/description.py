"""Atlassian's description of a product: its operations, and how a call or an answer finds its own there."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from tests.support.conformance.known_errors import Known

METHODS = ("get", "put", "post", "delete", "patch")
Api = Literal[2, 3]
Way = Literal["answer", "request"]
Refine = Callable[[dict[str, Any], Api], None]
"""Adds to converted schemas what the description leaves open."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What the description ``of`` a product says of one method on one path; ``key`` names it for schemas."""

    of: "Description"
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


@dataclass(frozen=True, eq=False)
class Description:
    """What Atlassian says of a ``product``; read once, when the first answer is checked.

    ``prefix`` begins the paths that are called and is left out in the description.
    """

    product: str
    file: Path
    known: Known
    refine: Refine
    prefix: str = ""
    _found: dict[tuple[str, str], Operation | None] = field(default_factory=dict, repr=False)

    @property
    def is_here(self) -> bool:
        """Whether the file is there; without it nothing is checked."""
        return self.file.exists()

    @cached_property
    def schemas(self) -> Mapping[str, Any]:
        """The schemas by name, as the description has them."""
        told: Mapping[str, Any] = self._read["components"]["schemas"]
        return told

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """All operations by name: ``GET /rest/api/3/issue/{issueIdOrKey}``."""
        return {each.name: each for each in self._operations()}

    def named(self, path: str) -> str:
        """The path, or the route's name, as it is described: of v2 and v3 of the Cloud only the latter is."""
        return path if self.prefix else in_version_3(path)

    def by_path(self, method: str, path: str) -> Operation | None:
        """Find the operation a request is for: of those that fit, the one with the fewest variables."""
        key = (method, self.named(path))
        if key not in self._found:
            alike = self._by_length.get((method, path.count("/")), [])
            fitting = [each for each in alike if each.pattern.fullmatch(key[1])]
            self._found[key] = min(fitting, key=lambda each: each.name.count("{"), default=None)
        return self._found[key]

    def is_silent_about(self, path: str) -> bool:
        """Whether nothing is said of this part of the product, so that nothing can be checked there."""
        return path.startswith(tuple(self.known.undescribed))

    @cached_property
    def _read(self) -> Mapping[str, Any]:
        read: Mapping[str, Any] = json.loads(self.file.read_text())
        return read

    def _operations(self) -> Iterator[Operation]:
        for short, told in self._read["paths"].items():
            path = f"{self.prefix}{short}"
            pattern = re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path)))
            for method in METHODS:
                if method in told:
                    key = told[method]["operationId"]
                    yield Operation(self, f"{method.upper()} {path}", key, told[method], pattern)

    @cached_property
    def _by_length(self) -> Mapping[tuple[str, int], list[Operation]]:
        """The operations by method and number of parts: few of them can fit a path."""
        found: dict[tuple[str, int], list[Operation]] = defaultdict(list)
        for each in self.operations.values():
            found[each.name.split()[0], each.name.count("/")].append(each)
        return found


def in_version_3(path: str) -> str:
    """The path, or the route's name, of the same operation of the Cloud in v3."""
    return path.replace("/rest/api/2/", "/rest/api/3/", 1)


def version(path: str) -> Api:
    """The version of the API that a path belongs to."""
    return 2 if path.startswith("/rest/api/2/") else 3
