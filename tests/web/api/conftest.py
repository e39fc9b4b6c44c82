"""Callers of the API: alice of ALPHA and bob of BETA on acme; their counterparts on initech come with it."""

import pytest

from tests.support.app import Jira
from tests.support.machine import Machine


@pytest.fixture
def alice(jira: Jira) -> Machine:
    """The admin of ALPHA."""
    return Machine(jira, "alice", "ALPHA")


@pytest.fixture
def bob(jira: Jira) -> Machine:
    """The admin of BETA."""
    return Machine(jira, "bob", "BETA")


@pytest.fixture
def sent(alice: Machine, jira: Jira) -> str:
    """The id of a request from ALPHA to BETA."""
    answer = alice.post("requests", partner_space=jira.space_id("BETA"), name="Alpha and Beta")
    assert answer.status == 201, answer.said
    return str(answer.said["id"])


@pytest.fixture
def accepted(bob: Machine, sent: str) -> str:
    """The same, accepted."""
    assert bob.post(f"requests/{sent}/accept").status == 204
    return sent
