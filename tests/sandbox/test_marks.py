"""Every operation is shown by a test to be answered, and to refuse what its description says it refuses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jira_sandbox.rest.table import ROUTES
from tests.sandbox.unplayed import NOTHING_WRONG, UNPLAYED
from tests.support.conformance import descriptions
from tests.support.conformance.marks import Claim, claimed_in

TESTS = Path(__file__).parent
WANTED = 90
OPERATIONS = {each.name for each in ROUTES if not each.template.startswith("/rest/api/2/")}
EVERYWHERE = {401, 403, 408, 429}
"""Refusals that any operation has: test_refusals.py and test_limits.py show them."""
REFUSALS = {400, 403, 404, 409, 412, 413, 422, 423}
"""Those that say what is wrong with a call of this very operation."""
described = pytest.mark.skipif(
    not descriptions.are_here(), reason="the descriptions of Jira are not in ../shared/specs"
)


def marks() -> Iterator[Claim]:
    """What all tests of this folder claim about the Cloud; Data Center's have a folder of their own."""
    return claimed_in(path for path in TESTS.rglob("test_*.py") if "datacenter" not in path.parts)


def statuses(name: str) -> set[int]:
    """The refusals the description lists for an operation."""
    return {each for each in descriptions.CLOUD.operations[name].statuses if 400 <= each < 500}


def test_every_operation_is_shown_to_be_answered() -> None:
    answered = {each.route for each in marks() if each.status is None}

    assert sorted(OPERATIONS - answered) == []
    assert len(OPERATIONS) >= WANTED


def test_every_mark_is_about_an_operation() -> None:
    assert sorted({each.route for each in marks()} - OPERATIONS) == []


@described
def test_every_operation_is_shown_to_refuse_in_its_own_way() -> None:
    """Beyond what all refuse alike: with one of the statuses its description has."""
    refused = {(each.route, each.status) for each in marks()}
    own = {
        name: {each for each in statuses(name) - EVERYWHERE if UNPLAYED.get((name, each)) != NOTHING_WRONG}
        for name in OPERATIONS & descriptions.CLOUD.operations.keys()
    }

    assert (
        sorted(
            name for name, held in own.items() if held and not any((name, each) in refused for each in held)
        )
        == []
    )


@described
def test_every_refusal_is_shown_or_said_not_to_be_played() -> None:
    refused = {(each.route, each.status) for each in marks()}
    listed = {
        (name, each)
        for name in OPERATIONS & descriptions.CLOUD.operations.keys()
        for each in statuses(name) & REFUSALS
    }

    assert sorted(listed - refused - UNPLAYED.keys()) == []
    assert sorted(UNPLAYED.keys() - listed) == []


def test_nothing_is_said_not_to_be_played_that_a_test_shows() -> None:
    refused = {(each.route, each.status) for each in marks()}

    assert sorted(refused & UNPLAYED.keys()) == []
