"""Simulated worlds on PostgreSQL; ``make simulate`` lives many more of them on SQLite.

``START`` says which (the seeds from there on), ``SEEDS`` how many.
"""

import os

import pytest

from tests.simulation.faults import FAULTS
from tests.simulation.hosts import Host
from tests.simulation.runner import Runner, Tally, orders

pytestmark = pytest.mark.heavy
START = int(os.environ.get("START", "0"))
SEEDS = int(os.environ.get("SEEDS", "100"))
ENOUGH = 50
"""So many lives meet every fault of calls, deliveries and processes."""
DISASTERS = {"F11", "F12", "F13", "F14", "F15", "F19"}
"""What happens to sites is part of the script, and not counted as it strikes."""


def struck(tally: Tally) -> str:
    """Say how often each kind of fault struck."""
    return " ".join(f"{name.replace(' ', '_')}={count}" for name, count in sorted(tally.struck.items()))


def test_a_hundred_worlds_on_postgresql_keep_everybodys_work() -> None:
    told: list[str] = []
    runner = Runner(lambda: Host("postgres"), max(os.cpu_count() or 1, 2), told.append)

    try:
        for _ in runner.run(orders(range(START, START + SEEDS), None, are_all_repeated=False)):
            pass
    finally:
        runner.close()

    tally = runner.tally
    print(f"\nsimulation: store=postgres start={START} {tally.line()} repeated={tally.repeated}", end=" ")
    print(f"changes={tally.changes} calls={tally.calls}\nsimulation: {struck(tally)}")
    assert tally.violations == 0, "\n".join(told)
    assert tally.seeds == SEEDS
    assert SEEDS < ENOUGH or set(FAULTS) - DISASTERS <= set(tally.struck)
