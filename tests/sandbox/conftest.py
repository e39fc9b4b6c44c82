import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.world import World
from tests.support.sandbox import ListeningApp, Person, VirtualClock, as_person, install, standard_world


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
