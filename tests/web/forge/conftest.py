"""Fixtures for calls of Forge's."""

import json

import pytest

from tests.support.app import Jira
from tests.support.forge import Deny, event_body
from tests.support.hostile import Attack


@pytest.fixture
def route() -> str:
    """One of the addresses; that all state the same is held by test_routes.py and test_matrix.py."""
    return "/forge/installed"


@pytest.fixture
def deny(attack: Attack, jira: Jira, route: str) -> Deny:
    """Hold that a call with this token comes to nothing; ``fetches`` is how often the keys are asked for."""

    def denied(token: str, *, fetches: int = 0, body: object = None) -> None:
        sent = json.dumps(event_body(jira) if body is None else body).encode()
        headers = {"Authorization": f"Bearer {token}"}
        attack.refused("POST", route, headers=headers, body=sent, fetches=fetches)

    return denied
