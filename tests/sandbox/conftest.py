from collections.abc import Iterator

import pytest

from jira_sandbox import front
from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.conformance.marks import Record, claims
from tests.support.sandbox import ListeningApp, Person, VirtualClock, as_person, install, standard_world


@pytest.fixture(autouse=True)
def as_marked(request: pytest.FixtureRequest) -> Iterator[None]:
    """What the marks of the test say was answered or refused indeed was, over the wire."""
    claimed = claims(request.node)
    record = Record()
    if claimed:
        front.witnesses.append(record.witness)
    yield
    if claimed:
        front.witnesses.remove(record.witness)
    missing = [str(each) for each in claimed if not each.holds(record.seen)]
    if missing:
        pytest.fail("\n".join(missing), pytrace=False)


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def world(clock: VirtualClock) -> World:
    return standard_world(clock)


@pytest.fixture
def site(world: World) -> Site:
    return world.sites["acme"]


@pytest.fixture
def alice(world: World, site: Site) -> Person:
    """Administers ALPHA and sees nothing else."""
    return as_person(world, site, "alice")


@pytest.fixture
def bob(world: World, site: Site) -> Person:
    """Administers BETA and sees nothing else."""
    return as_person(world, site, "bob")


@pytest.fixture
def carol(world: World, site: Site) -> Person:
    """Works in ALPHA and BETA and administers nothing."""
    return as_person(world, site, "carol")


@pytest.fixture
def dana(world: World, site: Site) -> Person:
    """Administers Jira."""
    return as_person(world, site, "dana")


@pytest.fixture
def app(world: World, site: Site) -> ListeningApp:
    """An installed app; the calls of its installation are already taken off."""
    listening = ListeningApp()
    install(world, site, listening)
    listening.calls.clear()
    return listening
