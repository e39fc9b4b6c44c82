"""Bugs planted into the real code: the simulated worlds find every one of them."""

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.simulation.planted import BUGS, Bug

pytestmark = pytest.mark.heavy

Ends = list[tuple[Bug, bool]]
"""Each bug that was looked for, and whether it was caught, and harmless before where that is its nature."""


@pytest.fixture(scope="module")
def ends() -> Iterator[Ends]:
    """Gather how each search ends, and print the sum of them last."""
    gathered: Ends = []
    yield gathered
    caught = [bug for bug, is_caught in gathered if is_caught]
    harmless = sum(bug.is_calm for bug in caught)
    print(f"\nplanted: {len(caught)}/{len(gathered)} caught, {harmless} harmless without faults")


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught_within_two_thousand_seeds(bug: Bug, ends: Ends) -> None:
    command = [sys.executable, "-m", "tests.simulation.planted", bug.name]

    seeking = subprocess.run(  # the rig sets the clock of its whole process
        command, env=os.environ | {"PYTHONHASHSEED": "0"}, stdout=subprocess.PIPE, text=True, check=False
    )

    ends.append((bug, seeking.returncode == 0))
    print(f"\nplanted: {seeking.stdout.strip()}")
    assert seeking.returncode == 0, bug.says
