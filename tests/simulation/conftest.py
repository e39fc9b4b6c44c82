"""A process of the rig's own: its clock and its database are not those of the suite's."""

from collections.abc import Iterator

import pytest

from tests.simulation.hosts import Host


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    host = Host("sqlite")
    yield host
    host.close()


@pytest.fixture(scope="session")
def short(host: Host) -> int:
    """A seed whose life is short and has a few interventions."""
    seed: int = host.ask("tests.simulation.experiments.first_short")
    return seed
