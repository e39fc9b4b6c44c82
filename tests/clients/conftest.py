"""One world on real sockets for each of the clients; every test makes the work items it needs."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from jira_sandbox import seed
from jira_sandbox.server import serve
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.clients.kinds import CLOUD, Kind, allowed

SIZE = 2_000_000


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run the scenarios of a module that names ``KINDS`` against each of them that allows it."""
    kinds = getattr(metafunc.module, "KINDS", ())
    if kinds:
        module = metafunc.module.__name__.rpartition(".")[2]
        fit = allowed(module, metafunc.function.__name__, kinds)
        metafunc.parametrize("kind", fit, indirect=True, ids=str, scope="module")


@pytest.fixture(scope="module")
def kind(request: pytest.FixtureRequest) -> Kind:
    """What the site is: one of the Cloud, unless the module names others."""
    wanted: Kind = getattr(request, "param", CLOUD)
    return wanted


@pytest.fixture(scope="module")
def world(kind: Kind) -> Iterator[World]:
    made = seed.alike(lambda: datetime.now(UTC), {"acme": kind.address}, editions={"acme": kind.edition})
    with serve(made):
        yield made


@pytest.fixture(scope="module")
def site(world: World) -> Site:
    return world.sites["acme"]


@pytest.fixture(scope="module")
def blob() -> bytes:
    """Bytes that no text encoding would leave as they are."""
    return random.Random(1).randbytes(SIZE)
