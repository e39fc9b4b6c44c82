"""One world on real sockets for each of the clients; every test makes the work items it needs."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from jira_sandbox import seed
from jira_sandbox.server import serve
from jira_sandbox.state.site import Site
from jira_sandbox.world import World

SIZE = 2_000_000


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    made = seed.alike(lambda: datetime.now(UTC), {"acme": "http://later"})
    with serve(made):
        yield made


@pytest.fixture(scope="module")
def site(world: World) -> Site:
    return world.sites["acme"]


@pytest.fixture(scope="module")
def blob() -> bytes:
    """Bytes that no text encoding would leave as they are."""
    return random.Random(1).randbytes(SIZE)
