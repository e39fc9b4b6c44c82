"""Bugs planted into the real code: the simulated worlds find every one of them."""

import os
import subprocess
import sys

import pytest

from tests.simulation.planted import BUGS, Bug

pytestmark = pytest.mark.heavy


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
def test_a_planted_bug_is_caught_within_two_thousand_seeds(bug: Bug) -> None:
    command = [sys.executable, "-m", "tests.simulation.planted", bug.name]

    seeking = subprocess.run(  # the rig sets the clock of its whole process
        command, env=os.environ | {"PYTHONHASHSEED": "0"}, stdout=subprocess.PIPE, text=True, check=False
    )

    print(f"\nplanted: {seeking.stdout.strip()}")
    assert seeking.returncode == 0, bug.says
