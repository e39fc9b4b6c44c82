"""The marks ``answers`` and ``refuses``: what operation a test says it is about, against what happened."""

import importlib
import inspect
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jira_sandbox.routing import Route
from jira_sandbox.state.site import Site
from jira_sandbox.wire import Request, Response
from tests.support.conformance import descriptions, ours


@dataclass(frozen=True, slots=True)
class Claim:
    """That an operation, named as described, was answered (no ``status``) or refused with ``status``."""

    route: str
    status: int | None = None

    def holds(self, seen: set[tuple[str, int]]) -> bool:
        """Whether one of the answers ``seen`` (route and status) is of this kind."""
        if self.status is None:
            return any(route == self.route and status < 400 for route, status in seen)
        return (self.route, self.status) in seen

    def __str__(self) -> str:
        return f"{self.route} was not {f'refused with {self.status}' if self.status else 'answered'}"


class Record:
    """The routes that were answered while a test ran, with the statuses; v2 of the Cloud counts as v3."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.seen: set[tuple[str, int]] = set()

    def witness(self, site: Site, _request: Request, response: Response | None, route: Route | None) -> None:
        """Note what was answered."""
        if route is not None and response is not None:
            with self._lock:
                self.seen.add((descriptions.of(site).named(route.name), response.status))


def claims(node: pytest.Item) -> list[Claim]:
    """What the marks of a test claim."""
    answered = [Claim(*mark.args) for mark in node.iter_markers("answers")]
    return answered + [Claim(*mark.args) for mark in node.iter_markers("refuses")]


def claimed_in(files: Iterable[Path]) -> Iterator[Claim]:
    """What all tests of these files claim, whichever of them are run."""
    for path in files:
        name = ".".join(path.relative_to(ours.ROOT).with_suffix("").parts)
        for test in vars(importlib.import_module(name)).values():
            for mark in getattr(test, "pytestmark", []) if inspect.isfunction(test) else []:
                yield from _claimed(mark)


def _claimed(mark: pytest.Mark) -> Iterator[Claim]:
    """What a mark claims, itself or on one of the parameters it gives."""
    if mark.name in {"answers", "refuses"}:
        yield Claim(*mark.args)
    for parameters in mark.args[1] if mark.name == "parametrize" else ():
        for each in getattr(parameters, "marks", ()):
            yield from _claimed(each)
