import pytest

from jira_sandbox.state.site import Site
from jira_sandbox.state.threelo import OAuthApp
from jira_sandbox.world import World
from tests.support.sandbox import VirtualClock, two_sites
from tests.support.threelo import an_app


@pytest.fixture
def world(clock: VirtualClock) -> World:
    return two_sites(clock)


@pytest.fixture
def initech(world: World) -> Site:
    return world.sites["initech"]


@pytest.fixture
def oauth(world: World) -> OAuthApp:
    """An app that is on no site until somebody consents."""
    return an_app(world)
