"""Simulated worlds on PostgreSQL; ``make simulate`` lives many more of them on SQLite.

``START`` says which (the seeds from there on), ``SEEDS`` how many.
"""

import os
from functools import partial

import pytest

from tests.simulation.faults import FAULTS
from tests.simulation.hosts import Host
from tests.simulation.runner import EVERY, Runner, Tally, command, orders

pytestmark = pytest.mark.heavy
START = int(os.environ.get("START", "0"))
SEEDS = int(os.environ.get("SEEDS", "100"))
ENOUGH = 50
"""So many lives meet every fault."""


def struck(tally: Tally) -> str:
    """Say how often each kind of fault struck."""
    return " ".join(f"{name.replace(' ', '_')}={count}" for name, count in sorted(tally.struck.items()))


def test_a_hundred_worlds_on_postgresql_keep_everybodys_work() -> None:
    told: list[str] = []
    again = partial(command, store="postgres")
    runner = Runner(partial(Host, "postgres"), max(os.cpu_count() or 1, 2), told.append, again=again)

    try:
        for _ in runner.run(orders(range(START, START + SEEDS), None, None, are_all_repeated=False)):
            pass
    finally:
        runner.close()

    tally = runner.tally
    print(f"\nsimulation: store=postgres start={START} {tally.line()} repeated={tally.repeated}", end=" ")
    print(f"changes={tally.changes} calls={tally.calls} fenced={tally.fenced}\nsimulation: {struck(tally)}")
    assert tally.violations == 0, "\n".join(told)
    assert tally.seeds == SEEDS
    assert tally.repeated == sum(seed % EVERY == 0 for seed in range(START, START + SEEDS))
    assert SEEDS < ENOUGH or [name for name in FAULTS if not tally.struck[name]] == []
    assert SEEDS < ENOUGH or tally.fenced > 0
