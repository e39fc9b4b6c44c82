"""The fixture that every scenario starts from, and what holds for all of them."""

from collections.abc import Iterator

import pytest

from tests.support.canaries import birds_of, in_tables, net_over
from tests.support.scenario import story

__all__ = ["story"]


@pytest.fixture(autouse=True)
def nothing_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a story is about, its secrets, people and texts stay where they belong."""
    if not {"world", "jira"} & set(request.fixturenames):
        yield
        return
    world = request.getfixturevalue("world")
    request.getfixturevalue("db")
    with net_over() as net:
        yield
    birds = birds_of(world)
    assert net.found(birds) == []
    assert in_tables(birds) == []
