"""The neighbours' fixtures, in a world that remembers what happened in it and can be judged in the end."""

from collections.abc import Iterator

import pytest

from jira_sandbox.demo.stage import Stage
from tests.support.app import INITECH, within_reach
from tests.support.ending import Ending
from tests.support.sandbox import ACME, VirtualClock
from tests.support.scenario import Story


@pytest.fixture
def world(clock: VirtualClock) -> Iterator[Stage]:
    """Two sites that differ in everything: ids, spaces, people, workflows."""
    with within_reach(Stage(0, clock=clock, addresses={"acme": ACME, "initech": INITECH})) as made:
        assert isinstance(made, Stage)
        yield made


@pytest.fixture
def ending(world: Stage, clock: VirtualClock) -> Ending:
    """How the story ends."""
    return Ending(world, clock)


@pytest.fixture
def pair(ending: Ending, story: Story) -> tuple[str, str]:
    """A work item of ALPHA and its twin in BETA, at rest."""
    left = story.create("ALPHA", "Broken lamp", labels=["hall"], priority={"name": "High"})
    story.settle()
    return left, story.twin_of(left)
