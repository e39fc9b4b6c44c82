"""Who reads our pages: alice in ALPHA, bob in BETA."""

import pytest

from tests.support.app import Jira
from tests.support.pages import Reader


@pytest.fixture
def alice(jira: Jira) -> Reader:
    """The admin of ALPHA on its overview."""
    return Reader(jira.visitor("alice"), jira.space_id("ALPHA"))


@pytest.fixture
def bob(jira: Jira) -> Reader:
    """The admin of BETA on its overview."""
    return Reader(jira.visitor("bob"), jira.space_id("BETA"))


@pytest.fixture
def requested(alice: Reader, bob: Reader, jira: Jira) -> None:
    """Alice has sent a request to BETA; both are on their overviews."""
    alice.press("New Synchronization")
    alice.press("Synchronize with another space on this instance")
    alice.press("Next", partner=jira.space_id("BETA"))
    alice.press("Next")
    alice.press("Send Request")
    bob.reload()


@pytest.fixture
def accepted(bob: Reader, alice: Reader, requested: None) -> None:
    """Bob has accepted it."""
    bob.press("View Request")
    bob.press("Accept Request")
    alice.reload()


@pytest.fixture
def gold(other_jira: Jira) -> Reader:
    """The admin of a space on the other site whose name nobody may learn before acceptance."""
    space = other_jira.site.space("BETA")
    space.name, space.key = "Undisclosed", "GOLD"
    return Reader(other_jira.visitor("bob"), space.id)
