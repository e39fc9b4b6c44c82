"""Fixtures for requests from outside."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from jira_sandbox.world import World
from tests.support.app import Jira, forget, within_reach
from tests.support.hostile import LIFECYCLE, Attack, Outgoing, good_claims, install_body
from tests.support.mail import NOWHERE
from tests.support.matrix.scene import Scene, furnished, furnished_world
from tests.support.sandbox import VirtualClock


@pytest.fixture
def jira(jira: Jira, clock: VirtualClock) -> Jira:
    """The site acme, a second after it installed the app: what is signed from here on is news."""
    clock.advance(seconds=1)
    return jira


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
    return install_body(jira, sharedSecret="the-attackers-own-secret, which is long enough")


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """Three sites with something behind every address, made once for all tests of a file."""
    clock = VirtualClock()
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        patch.setattr(timezone, "now", clock)
        patch.setattr(settings, "BACKBONE_MAIL", NOWHERE)
        with within_reach(furnished_world(clock)) as world, transaction.atomic():
            yield furnished(world, clock)
            transaction.set_rollback(True)


@pytest.fixture
def scene(stage: Scene, db: None) -> Scene:
    """The three sites as they were made: what a test before has changed in the app is taken back."""
    stage.clock.advance(seconds=10)
    forget()
    return stage
