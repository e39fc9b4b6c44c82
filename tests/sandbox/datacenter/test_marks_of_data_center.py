"""Every operation of Data Center is shown to be answered, and to refuse in one of its own ways."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jira_sandbox.datacenter.table import ROUTES
from tests.support.conformance import descriptions
from tests.support.conformance.descriptions import DATA_CENTER
from tests.support.conformance.marks import Claim, claimed_in

TESTS = Path(__file__).parent
WANTED = 60
OPERATIONS = {each.name for each in ROUTES if not DATA_CENTER.is_silent_about(each.template)}
FILES = {each.name for each in ROUTES if each.template.startswith("/secure/")}
UNREFUSED = {
    "GET /rest/api/2/groups/picker": "whoever may not look is shown no group",
    "GET /rest/api/2/serverInfo": "anybody is told",
    "GET /rest/api/2/jql/autocompletedata/suggestions": "its description has no refusal",
    "GET /rest/api/2/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}": "as the list of types",
}
"""Operations that refuse nobody in a way of their own, with why."""


def marks() -> Iterator[Claim]:
    """What the battery claims, whichever of its tests are run."""
    return claimed_in(TESTS.glob("test_operations_*.py"))


def test_every_operation_is_shown_to_be_answered() -> None:
    answered = {each.route for each in marks() if each.status is None}

    assert sorted((OPERATIONS | FILES) - answered) == []
    assert len(OPERATIONS) >= WANTED


def test_every_operation_is_shown_to_refuse() -> None:
    refused = {each.route for each in marks() if each.status is not None}

    assert sorted((OPERATIONS | FILES) - refused) == sorted(UNREFUSED)


def test_every_mark_is_about_an_operation() -> None:
    assert sorted({each.route for each in marks()} - OPERATIONS - FILES) == []


@pytest.mark.skipif(not descriptions.are_here(), reason="the descriptions of Jira are not in ../shared/specs")
def test_every_operation_is_described() -> None:
    assert sorted(OPERATIONS - DATA_CENTER.operations.keys()) == []
