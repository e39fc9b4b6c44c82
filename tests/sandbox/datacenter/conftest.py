import pytest

from jira_sandbox.world import World
from tests.support.initech import Employee, employee, with_initech
from tests.support.sandbox import VirtualClock


@pytest.fixture
def edition() -> str:
    """Which Data Center initech runs; tests of several give their own."""
    return "dc-10.3"


@pytest.fixture
def initech(clock: VirtualClock, edition: str) -> World:
    """A world with initech in it."""
    return with_initech(edition, clock)


@pytest.fixture
def gina(initech: World) -> Employee:
    """Administers GOLD."""
    return employee(initech, "gina")


@pytest.fixture
def erin(initech: World) -> Employee:
    """Works in GOLD and IRON and administers nothing."""
    return employee(initech, "erin")


@pytest.fixture
def hank(initech: World) -> Employee:
    """Administers IRON, and may look at GOLD."""
    return employee(initech, "hank")


@pytest.fixture
def admin(initech: World) -> Employee:
    """Administers Jira: dana."""
    return employee(initech, "dana")


@pytest.fixture
def nobody(initech: World) -> Employee:
    """Calls without credentials."""
    return employee(initech, "")


@pytest.fixture
def item(gina: Employee) -> str:
    """A work item that gina reported."""
    return gina.make("Tea", description="h1. Tea\r\n\r\n* green  \r\n- black")
