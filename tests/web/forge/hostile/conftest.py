"""Two sites for all calls of a file: whoever pretends to be Forge changes nothing about them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from jira_sandbox.world import World
from tests.support.app import INITECH, Jira, forget, within_reach
from tests.support.forge import Deny, event_body
from tests.support.hostile import Attack
from tests.support.sandbox import VirtualClock, standard_world

SITES = {"acme": "https://acme.atlassian.net", "initech": INITECH}


@dataclass(frozen=True, slots=True)
class Ground:
    """Both sites with our app, and their time."""

    world: World
    clock: VirtualClock


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Ground]:
    clock = VirtualClock()
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(timezone, "now", clock)
        with within_reach(standard_world(clock, sites=SITES)) as world, transaction.atomic():
            for site in world.sites.values():
                Jira(world, site).install()
            yield Ground(world, clock)
            transaction.set_rollback(True)


@pytest.fixture
def clock(ground: Ground) -> VirtualClock:
    return ground.clock


@pytest.fixture
def world(ground: Ground) -> World:
    return ground.world


@pytest.fixture
def jira(ground: Ground, db: None) -> Jira:
    """The site acme, a while after whatever came before; the process remembers nothing of it."""
    ground.clock.advance(seconds=10)
    forget()
    return Jira(ground.world, ground.world.sites["acme"])


@pytest.fixture
def other_jira(jira: Jira) -> Jira:
    return Jira(jira.world, jira.world.sites["initech"])


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
