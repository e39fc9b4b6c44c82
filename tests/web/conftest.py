"""Fixtures for requests from outside."""

from collections.abc import Iterator
from typing import Any

import pytest

from jira_sandbox.world import World
from tests.support.app import Jira
from tests.support.hostile import LIFECYCLE, Attack, Outgoing, good_claims, install_body


@pytest.fixture
def outgoing(world: World) -> Iterator[Outgoing]:
    """What leaves the app from here on."""
    outgoing = Outgoing()
    # A patch of its own, undone before the world is unmounted: undone later, it would put the mount back.
    with pytest.MonkeyPatch.context() as patch:
        outgoing.watch(patch)
        yield outgoing


@pytest.fixture
def attack(outgoing: Outgoing) -> Attack:
    """Requests that must come to nothing."""
    return Attack(outgoing)


@pytest.fixture(params=LIFECYCLE)
def path(request: pytest.FixtureRequest) -> str:
    """Both callbacks that are Atlassian's to sign."""
    return str(request.param)


@pytest.fixture
def claims(jira: Jira, path: str) -> dict[str, Any]:
    """What a good token would say here."""
    return good_claims(jira, path)


@pytest.fixture
def body(jira: Jira) -> dict[str, Any]:
    """An installation that would hand the site over to the attacker."""
    return install_body(jira, sharedSecret="the-attackers-own-secret")
