"""Fixtures for requests from outside."""

import pytest

from jira_sandbox.world import World
from tests.support.hostile import Attack, Outgoing


@pytest.fixture
def outgoing(world: World, monkeypatch: pytest.MonkeyPatch) -> Outgoing:
    """What leaves the app from here on."""
    outgoing = Outgoing()
    outgoing.watch(monkeypatch)
    return outgoing


@pytest.fixture
def attack(outgoing: Outgoing) -> Attack:
    """Requests that must come to nothing."""
    return Attack(outgoing)
