"""Every operation is shown by a test to be answered, and to refuse what its description says it refuses."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from jira_sandbox.rest.table import ROUTES
from tests.support.conformance import description, ours
from tests.support.conformance.marks import Claim

TESTS = Path(__file__).parent
WANTED = 90
OPERATIONS = {each.name for each in ROUTES if not each.template.startswith("/rest/api/2/")}
EVERYWHERE = {401, 403, 408, 429}
"""Refusals that any operation has: test_refusals.py and test_limits.py show them."""
NOTHING_WRONG = {"GET /rest/api/3/project/recent"}
"""Described with a 400 although nothing in a call of it can be wrong: it takes words only, in any number."""


def marks() -> Iterator[Claim]:
    """What all tests of this folder claim, whichever of them are run."""
    for path in TESTS.rglob("test_*.py"):
        name = ".".join(path.relative_to(ours.ROOT).with_suffix("").parts)
        for test in vars(importlib.import_module(name)).values():
            for mark in getattr(test, "pytestmark", []) if inspect.isfunction(test) else []:
                yield from claimed(mark)


def claimed(mark: pytest.Mark) -> Iterator[Claim]:
    """What a mark claims, itself or on one of the parameters it gives."""
    if mark.name in {"answers", "refuses"}:
        yield Claim(*mark.args)
    for parameters in mark.args[1] if mark.name == "parametrize" else ():
        for each in getattr(parameters, "marks", ()):
            yield from claimed(each)


def test_every_operation_is_shown_to_be_answered() -> None:
    answered = {each.route for each in marks() if each.status is None}

    assert sorted(OPERATIONS - answered) == []
    assert len(OPERATIONS) >= WANTED


def test_every_mark_is_about_an_operation() -> None:
    assert sorted({each.route for each in marks()} - OPERATIONS) == []


@pytest.mark.skipif(
    not description.is_here(), reason="the descriptions of Jira Cloud are not in ../shared/specs"
)
def test_every_operation_is_shown_to_refuse_in_its_own_way() -> None:
    """Beyond what all refuse alike: with one of the statuses its description has."""
    refused = {(each.route, each.status) for each in marks()}
    own = {
        name: {status for status in description.operations()[name].statuses if 400 <= status < 500}
        - EVERYWHERE
        for name in (OPERATIONS & description.operations().keys()) - NOTHING_WRONG
    }

    assert (
        sorted(
            name
            for name, statuses in own.items()
            if statuses and not any((name, each) in refused for each in statuses)
        )
        == []
    )
